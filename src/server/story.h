// SPDX-License-Identifier: Apache-2.0
// Stories: scenarios in the words of the duty, run through the public API of a fresh city with a
// clock that they move.
//
//   story: A taken name is refused
//   source: plan item 7
//   at: 2026-03-02T09:00:00            # where the clock begins (default: a Monday morning)
//   steps:
//     - { as: citizen, call: GET /api/records/item?q=食品, keep: { item: /rows/0/id } }
//     - as: citizen                    # a demo account; nobody: a visitor
//       call: POST /api/cases
//       body: { item: '{item}', data: { … } }
//       answers: 201                   # default: any 2xx
//       shows: { /state: submitted, /rows: { count: 2 }, /number: { starts: '440' } }
//       refused: cases.item_not_open   # instead of shows: the code of the problem
//     - { as: item-editor, call: GET /api/items.xlsx, keep-body: book }   # the whole answer as
//     bytes
//     - { as: item-editor, call: POST /api/items/import, raw-from: book } # … sent as they came
//     - { as: clerk, call: …, body: { bytes: '{base64 of book}' } }       # … or in Base64
//     - { in: another city, as: citizen, call: … }   # a second fresh city under the same clock
//     - { in: other, place: example-neighbour, … }   # … of another place; http://other reaches it
//     - wait: 3 work days              # or: 15 minutes, 2 hours, 5 days
#pragma once
#include <string>
#include <vector>

#include "base/result.h"

namespace city::server {

struct StoryOutcome {
  std::string path, title;
  bool passed = false;
  std::string trouble;  ///< which step failed and how
  int steps = 0;
  double seconds = 0;
};

/// Runs one story on a fresh city of `city_folder`. Errors are told in the outcome.
StoryOutcome RunStory(const std::string& path, const std::string& city_folder);
/// All stories under a file, a system's folder or the whole city.
std::vector<std::string> StoriesUnder(const std::string& path);
}  // namespace city::server
