// SPDX-License-Identifier: Apache-2.0
// Why: browsers say little of the media server's language, and that little is checked before it
// goes on.
//
//   {kind: publish, jsep: {type: offer, sdp}}       what I send
//   {kind: watch}                                   let me see the other
//   {kind: answer, jsep: {type: answer, sdp}}       how I take what the other sends
//   {kind: candidate, on: out|in, candidate: {candidate, sdpMid, sdpMLineIndex} or null at the end}
//   {kind: shows, screen, camera, sound: true|false}   what I send just now
//   {kind: beat}                                    I am still here
//   {kind: leave}
#pragma once
#include "base/json.h"
#include "base/result.h"

namespace city::rooms {

/// The signal with its known members alone. Errors: rooms.signal_wrong.
Result<json::object> ReadSignal(const json::object& said);
}  // namespace city::rooms
