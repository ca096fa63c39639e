// SPDX-License-Identifier: Apache-2.0
#include "model/model_changes.h"

#include <fmt/format.h>

#include <dtl/dtl.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/text.h"
#include "model/errors.h"

namespace city::model {
namespace fs = std::filesystem;
namespace {
constexpr size_t kMaxDiff = 200'000;
constexpr const char* kHeld = "model-held";        // number of the version that starts keep to
constexpr const char* kRefused = "model-refused";  // digest of the folder that they pass over

int64_t DigestOf(const json::object& files) {
  crypto::Digest hash = crypto::Sm3(ToText(files));
  uint64_t out = 0;
  for (size_t i = 0; i < 8; ++i) out = out << 8 | hash[i];
  return static_cast<int64_t>(out >> 1);
}

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> out;
  for (std::string_view line : Split(text, '\n')) out.emplace_back(line);
  return out;
}

/// When a change of this file takes effect after it was put in force.
const char* EffectOf(std::string_view name) {
  if (name.starts_with("elements/")) return "now";
  if (name.find("/decisions/") != std::string_view::npos ||
      name.find("/flows/") != std::string_view::npos)
    return "own_versions";
  for (std::string_view shelf : {"/records/", "/forms/", "/pages/"})
    if (name.find(shelf) != std::string_view::npos) return "now";
  return name.ends_with("/system.yaml") ? "now" : "next_start";
}

std::string TextOf(const json::object& files, std::string_view name) {
  return std::string(TextAt(files, name));
}

json::array Compare(const json::object& before, const json::object& after) {
  std::set<std::string> names;
  for (const auto& [name, text] : before) names.emplace(name);
  for (const auto& [name, text] : after) names.emplace(name);
  json::array out;
  for (const std::string& name : names) {
    bool was = before.contains(name), is = after.contains(name);
    std::string old_text = TextOf(before, name), new_text = TextOf(after, name);
    if (was && is && old_text == new_text) continue;
    out.push_back(json::object{{"name", name},
                               {"change", !was  ? "added"
                                          : !is ? "removed"
                                                : "changed"},
                               {"effect", EffectOf(name)},
                               {"diff", LineDiff(old_text, new_text)}});
  }
  return out;
}

json::array SchemaRows(const std::vector<ledger::SchemaChange>& changes) {
  json::array out;
  for (const ledger::SchemaChange& each : changes)
    out.push_back(
        json::object{{"type", each.type}, {"what", each.what}, {"additive", each.additive}});
  return out;
}

bool Installable(const std::vector<ledger::SchemaChange>& changes) {
  return std::all_of(changes.begin(), changes.end(), [](const ledger::SchemaChange& each) {
    return each.additive || each.what.find("no longer declared") != std::string::npos;
  });
}

/// Writes the files of a version under the data folder and answers where.
Result<std::string> Unfold(const CityOptions& options, int64_t number, const json::object& files) {
  fs::path folder = fs::path(options.data_folder) / "model" / std::to_string(number);
  std::error_code code;
  fs::remove_all(folder, code);
  for (fs::recursive_directory_iterator it(options.model_folder, code), end; !code && it != end;
       it.increment(code)) {
    fs::path name = fs::relative(it->path(), options.model_folder);
    if (!it->is_regular_file() || !StandsBeside(name.generic_string())) continue;
    std::error_code ignored;
    fs::create_directories((folder / name).parent_path(), ignored);
    fs::copy_file(it->path(), folder / name, fs::copy_options::overwrite_existing, ignored);
  }
  for (const auto& [name, text] : files) {
    fs::path path = (folder / std::string(name)).lexically_normal();
    if (path.generic_string().rfind(folder.lexically_normal().generic_string(), 0) != 0) continue;
    fs::create_directories(path.parent_path(), code);
    std::ofstream out(path, std::ios::binary);
    const json::string& bytes = text.get_string();
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) return error::kDataFolder({{"folder", options.data_folder}});
  }
  return folder.generic_string();
}

Result<void> Remember(store::Store& store, const char* name, std::optional<int64_t> value) {
  return store.Command("", [&](store::Tx& tx) -> Result<void> {
    TRY_VOID(tx.Enqueue("delete from counter where name = $1", {std::string(name)}));
    if (value)
      TRY_VOID(tx.Enqueue("insert into counter (name, value) values ($1, $2)",
                          {std::string(name), *value}));
    return {};
  });
}

Result<std::optional<int64_t>> Recall(store::Reader& reader, const char* name) {
  TRY(store::Rows rows,
      reader.Query("select value from counter where name = $1", {std::string(name)}));
  std::optional<int64_t> out;
  if (rows.Next()) out = rows.Int(0);
  TRY_VOID(rows.status());
  return out;
}
}  // namespace

std::string LineDiff(std::string_view before, std::string_view after) {
  std::vector<std::string> a = Lines(before), b = Lines(after);
  dtl::Diff<std::string, std::vector<std::string>> diff(a, b);
  diff.onHuge();
  diff.compose();
  diff.composeUnifiedHunks();
  std::ostringstream out;
  diff.printUnifiedFormat(out);
  std::string text = std::move(out).str();
  if (text.size() > kMaxDiff) text = text.substr(0, text.rfind('\n', kMaxDiff)) + "\n…\n";
  return text;
}

Result<Model> ReadHeldOr(store::Store& store, const CityOptions& options) {
  TRY(Model read, Load(options.model_folder, options.place));
  TRY(auto snapshot, store.Read());
  TRY(std::optional<int64_t> held, Recall(*snapshot, kHeld));
  TRY(std::optional<int64_t> refused, Recall(*snapshot, kRefused));
  if (!held || !refused || DigestOf(read.files) != *refused) return read;
  std::string folder =
      (fs::path(options.data_folder) / "model" / std::to_string(*held)).generic_string();
  return Load(folder, options.place);
}

Result<json::object> ModelChanges::FilesOf(int64_t number, json::object* about) {
  TRY(auto snapshot, city_.store().Read());
  TRY(store::Rows rows,
      snapshot->Query("select number, at, by_whom, summary, files from model_version where number "
                      "= $1",
                      {number}));
  if (!rows.Next()) {
    TRY_VOID(rows.status());
    return error::kNoSuchVersion({{"number", std::to_string(number)}});
  }
  if (about != nullptr)
    *about = json::object{{"number", rows.Int(0)},
                          {"at", IsoChina(FromMicros(rows.Int(1)))},
                          {"by", rows.Text(2)},
                          {"summary", rows.Text(3)}};
  TRY(json::value files, ParseJson(rows.Text(4), {.max_bytes = 64u << 20}));
  return std::move(files.get_object());
}

Result<json::object> ModelChanges::Plan() {
  TRY(Model read, Load(city_.options().model_folder, city_.options().place));
  TRY_VOID(CaseWorld::CheckForms(read));
  TRY(std::vector<ledger::SchemaChange> changes, city_.ledger().Plan(*read.catalogue));
  return json::object{{"files", Compare(city_.model().files, read.files)},
                      {"schema", SchemaRows(changes)},
                      {"installable", Installable(changes)}};
}

Result<json::object> ModelChanges::Version(int64_t number) {
  json::object out;
  TRY(json::object files, FilesOf(number, &out));
  json::object before;
  if (number > 1) {
    TRY(before, FilesOf(number - 1, nullptr));
  }
  out["files"] = Compare(before, files);
  return out;
}

Result<json::object> ModelChanges::Install(const ledger::Subject& who, const std::string& reason) {
  if (Trim(reason).empty()) return error::kReasonNeeded;
  TRY(Model read, Load(city_.options().model_folder, city_.options().place));
  if (ToText(read.files) == ToText(city_.model().files)) return error::kNothingChanged;
  json::array files = Compare(city_.model().files, read.files);
  TRY(std::vector<ledger::SchemaChange> changes, city_.PutModel(std::move(read), who, reason));
  TRY_VOID(Remember(city_.store(), kHeld, {}));
  TRY_VOID(Remember(city_.store(), kRefused, {}));
  return json::object{{"files", std::move(files)}, {"schema", SchemaRows(changes)}};
}

Result<json::object> ModelChanges::TakeBack(const ledger::Subject& who, int64_t number,
                                            const std::string& reason) {
  if (Trim(reason).empty()) return error::kReasonNeeded;
  TRY(json::object texts, FilesOf(number, nullptr));
  if (ToText(texts) == ToText(city_.model().files)) return error::kNothingChanged;
  TRY(std::string folder, Unfold(city_.options(), number, texts));
  TRY(Model read, Load(folder, city_.options().place));
  json::array files = Compare(city_.model().files, read.files);
  // The folder's files of this moment are those that the next start passes over.
  auto on_disk = Load(city_.options().model_folder, city_.options().place);
  TRY(std::vector<ledger::SchemaChange> changes,
      city_.PutModel(std::move(read), who, fmt::format("{} ({})", reason, number)));
  if (on_disk) {
    TRY_VOID(Remember(city_.store(), kHeld, number));
    TRY_VOID(Remember(city_.store(), kRefused, DigestOf(on_disk->files)));
  }
  return json::object{{"files", std::move(files)}, {"schema", SchemaRows(changes)}};
}
}  // namespace city::model
