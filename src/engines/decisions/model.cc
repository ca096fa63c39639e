// SPDX-License-Identifier: Apache-2.0
// Loading models from text and from files.
#include "engines/decisions/model.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/errors.h"
#include "engines/decisions/internal/loader.h"

namespace city::decisions {
namespace {

Result<std::string> ReadFile(const std::string& path) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed))
    return error::kFileUnreadable({{"file", path}, {"reason", "not a file"}});
  std::ifstream file(path, std::ios::binary);
  if (!file) return error::kFileUnreadable({{"file", path}, {"reason", "cannot open"}});
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

}  // namespace

Result<std::shared_ptr<const Model>> Model::Load(const Source& main,
                                                 std::span<const Source> imports) {
  Loader loader;
  TRY(auto model, loader.Load(main, imports));
  return std::shared_ptr<const Model>(std::move(model));
}

Result<std::shared_ptr<const Model>> Model::LoadFile(const std::string& path) {
  namespace fs = std::filesystem;
  TRY(std::string text, ReadFile(path));
  std::vector<Source> imports;
  if (text.find("import") != std::string::npos) {
    std::error_code failed;
    fs::path own(path);
    for (const auto& entry :
         fs::directory_iterator(own.parent_path().empty() ? "." : own.parent_path(), failed)) {
      if (entry.path().extension() != ".dmn" || entry.path().filename() == own.filename()) continue;
      if (auto other = ReadFile(entry.path().string()))
        imports.push_back({entry.path().filename().string(), std::move(*other)});
    }
    std::sort(imports.begin(), imports.end(),
              [](const Source& a, const Source& b) { return a.name < b.name; });
  }
  return Load(Source{path, std::move(text)}, imports);
}

}  // namespace city::decisions
