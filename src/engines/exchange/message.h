// SPDX-License-Identifier: Apache-2.0
// Why: what travels between two installations is one signed text, so that whoever receives it knows
// who said it, to whom, when, and that not a sign was altered. Format: docs/formats/exchange.md.
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/time.h"
#include "parts/crypto/crypto.h"

namespace city::exchange {

/// One message. The body lies sealed for the receiver alone.
struct Message {
  std::string from, to;   ///< division codes of the two cities
  std::string id;         ///< UUID; the same however often it is sent
  int64_t sequence = 0;   ///< from 1 without gaps, for each receiver
  std::string kind;       ///< what it is about: "case", "file", "state" …
  std::string about;      ///< key of the matter on both sides; may be empty
  Time issued_at{};       ///< of this sending
  std::string nonce;      ///< 32 hex signs, new at each sending
  std::string key;        ///< the body's key, encrypted with SM2 for the receiver; Base64
  std::string data;       ///< the body, sealed with that key; Base64
  std::string signature;  ///< SM2 over all else; Base64 of the DER
};

/// The answer to a message that was taken in, or that will never be.
struct Receipt {
  std::string from, to;
  std::string of;        ///< id of the message
  int64_t sequence = 0;  ///< of the message; for "expected" the number that is waited for
  std::string state;     ///< "applied", "refused" or "expected" (something before it is missing)
  std::string code;      ///< of a refusal: the error's code
  std::string zh, en;    ///< of a refusal: its words
  std::string result;    ///< what came of it, a JSON object
  Time at{};
  std::string signature;
};

/// JSON without blanks and with members in the order of their names (RFC 8785 for texts and whole
/// numbers): the same value gives the same bytes everywhere.
std::string CanonicalJson(const json::value& value);

/// Reads one strictly: these members and no others, each of its shape and size.
/// Errors: exchange.unreadable with what is wrong.
Result<Message> ReadMessage(std::string_view text);
Result<Receipt> ReadReceipt(std::string_view text);
using city::ToText;
std::string ToText(const Message& message);
std::string ToText(const Receipt& receipt);

/// Puts a signature over everything else. Errors: those of `sign`.
Result<void> Sign(Message& message, const crypto::SignMessage& sign);
Result<void> Sign(Receipt& receipt, const crypto::SignMessage& sign);
/// Whether the holder of the key signed exactly this.
bool IsSignedBy(const Message& message, const crypto::Sm2PublicKey& key);
bool IsSignedBy(const Receipt& receipt, const crypto::Sm2PublicKey& key);

/// Seals the body for the receiver: a fresh SM4 key under their SM2 key. Bound to sender, receiver,
/// id and kind, so that it fits no other message. Errors: crypto.failed.
Result<void> SealBody(Message& message, std::string_view body, const crypto::Sm2PublicKey& key);
/// Errors: crypto.altered.
Result<std::string> OpenBody(const Message& message, crypto::KeyDevice& keys,
                             std::string_view key_name);
}  // namespace city::exchange
