// SPDX-License-Identifier: Apache-2.0
#include "parts/pinyin/pinyin.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <mutex>
#include <unordered_map>

namespace city::pinyin {

std::vector<std::string> Signs(std::string_view text) {
  std::vector<std::string> out;
  for (size_t at = 0; at < text.size();) {
    auto lead = static_cast<unsigned char>(text[at]);
    size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    out.emplace_back(text.substr(at, length));
    at += length;
  }
  return out;
}

struct Sounds::Known {
  std::unique_ptr<icu::Transliterator> latin;
  std::mutex mutex;
  std::unordered_map<std::string, std::string> sounds;
};

Sounds::Sounds() : known_(std::make_unique<Known>()) {
  UErrorCode status = U_ZERO_ERROR;
  known_->latin.reset(
      icu::Transliterator::createInstance("Han-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, status));
}
Sounds::~Sounds() = default;

std::vector<std::string> Sounds::Syllables(std::string_view text) const {
  std::vector<std::string> out;
  std::lock_guard lock(known_->mutex);
  for (std::string& sign : Signs(text)) {
    auto found = known_->sounds.find(sign);
    if (found == known_->sounds.end()) {
      icu::UnicodeString one = icu::UnicodeString::fromUTF8(sign);
      if (known_->latin) known_->latin->transliterate(one);
      std::string said;
      one.toUTF8String(said);
      // Strangers' texts must not fill the memory.
      if (known_->sounds.size() > 60'000) known_->sounds.clear();
      found = known_->sounds.emplace(std::move(sign), std::move(said)).first;
    }
    out.push_back(found->second);
  }
  return out;
}
}  // namespace city::pinyin
