// SPDX-License-Identifier: Apache-2.0
// Whatever form and data arrive: no crash, no hang, and what was cleaned once is clean.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engines/forms/forms.h"
#include "engines/forms/internal/schema.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace city;
  // A line break parts the form from the data.
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const size_t cut = text.find('\n');
  if (cut == std::string_view::npos) return 0;
  const auto form_json = ParseJson(text.substr(0, cut));
  const auto data = ParseJson(text.substr(cut + 1));
  if (!form_json || !data) return 0;
  const auto form = forms::Load(*form_json);
  if (!form) return 0;
  const forms::Outcome first = forms::Check(*form, *data);
  const forms::Outcome second = forms::Check(*form, first.data);
  if (forms::Canonical(first.data) != forms::Canonical(second.data)) std::abort();
  return 0;
}
