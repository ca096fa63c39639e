// SPDX-License-Identifier: Apache-2.0
#include "ledger/vault.h"

#include "base/text.h"

namespace city::ledger {
namespace {
constexpr std::string_view kMark = "~1~";

std::string ContextOf(std::string_view type, std::string_view field, std::string_view row) {
  std::string out(type);
  out += '.';
  out += field;
  out += '|';
  out += row;
  return out;
}
std::string WrapContext(std::string_view type, int64_t number) {
  return "field-key|" + std::string(type) + "|" + std::to_string(number);
}
}  // namespace

Result<std::shared_ptr<const Vault>> Vault::Open(store::Tx& tx, crypto::KeyDevice& keys,
                                                 const std::vector<std::string>& types, Time now) {
  auto made = std::make_shared<Vault>();
  struct Row {
    std::string type, wrapped;
    int64_t number;
  };
  std::vector<Row> rows;
  {
    TRY(store::Rows found, tx.Query("select type, number, wrapped from field_key order by number"));
    while (found.Next())
      rows.push_back({std::string(found.Text(0)), std::string(found.Text(2)), found.Int(1)});
    TRY_VOID(found.status());
  }
  auto take = [&](const std::string& type, int64_t number, std::string_view key) {
    TypeKeys& of_type = made->types_[type];
    auto version = static_cast<uint32_t>(number);
    of_type.sealers.emplace(version, crypto::Sealer(key, version));
    of_type.present = std::max(of_type.present, version);
  };
  for (const Row& row : rows) {
    TRY(std::string wrapped, crypto::FromBase64(row.wrapped));
    TRY(std::string key, keys.Open(kFieldKey, wrapped, WrapContext(row.type, row.number)));
    take(row.type, row.number, key);
    crypto::Wipe(key);
  }
  for (const std::string& type : types) {
    if (!made->types_.contains(type)) {
      std::string key = crypto::RandomBytes(32);
      TRY(std::string wrapped, keys.Seal(kFieldKey, key, WrapContext(type, 1)));
      TRY_VOID(
          tx.Enqueue("insert into field_key (type, number, wrapped, at) values ($1, 1, $2, $3)",
                     {type, crypto::ToBase64(wrapped), ToMicros(now)}));
      take(type, 1, key);
      crypto::Wipe(key);
    }
    TRY(crypto::Digest index, keys.Index(kFieldIndexKey, "type|" + type));
    made->types_[type].index = std::make_unique<crypto::HmacSm3Key>(crypto::View(index));
  }
  return std::shared_ptr<const Vault>(std::move(made));
}

const Vault::TypeKeys* Vault::Find(std::string_view type) const {
  auto found = types_.find(type);
  return found == types_.end() ? nullptr : &found->second;
}

std::string Vault::Seal(std::string_view type, std::string_view field, std::string_view row,
                        std::string_view plain) const {
  const TypeKeys* keys = Find(type);
  CHECK(keys != nullptr);  // the catalogue in force asked for all its types
  std::string out(kMark);
  out += crypto::ToBase64(
      keys->sealers.find(keys->present)->second.Seal(plain, ContextOf(type, field, row)));
  return out;
}

Result<std::string> Vault::Open(std::string_view type, std::string_view field, std::string_view row,
                                std::string_view stored) const {
  if (!IsSealed(stored)) return std::string(stored);
  const TypeKeys* keys = Find(type);
  CHECK(keys != nullptr);
  TRY(std::string bytes, crypto::FromBase64(stored.substr(kMark.size())));
  TRY(uint32_t number, crypto::Sealer::KeyNumberOf(bytes));
  auto sealer = keys->sealers.find(number);
  if (sealer == keys->sealers.end()) sealer = keys->sealers.find(keys->present);
  return sealer->second.Open(bytes, ContextOf(type, field, row));
}

std::string Vault::Hash(std::string_view type, std::string_view field,
                        std::string_view plain) const {
  const TypeKeys* keys = Find(type);
  CHECK(keys != nullptr && keys->index);
  return crypto::ToHex(keys->index->Of({"value|", field, "|", plain})).substr(0, 32);
}

std::string Vault::Word(std::string_view type, std::string_view word) const {
  const TypeKeys* keys = Find(type);
  CHECK(keys != nullptr && keys->index);
  return "k" + crypto::ToHex(keys->index->Of({"word|", word})).substr(0, 20);
}
}  // namespace city::ledger
