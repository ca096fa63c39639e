// SPDX-License-Identifier: Apache-2.0
// Turns the rows of errors.yaml into C++ constants (`cc`) or into JSON for the web app (`json`).
//
//   error_rows cc LIBRARY errors.yaml OUT.h OUT.cc
//   error_rows json OUT.json errors.yaml...
#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <cctype>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <vector>

namespace {
struct Row {
  std::string code, kind, says_zh, says_en, then_zh, then_en;
};

const std::set<std::string> kKinds = {
    "invalid_input", "not_found",   "conflict", "forbidden", "unauthenticated", "too_large",
    "too_many",      "unavailable", "timeout",  "internal",  "precondition",    "unsupported"};

std::string Camel(const std::string& text) {
  std::string out = "k";
  bool up = true;
  for (char c : text) {
    if (c == '_' || c == '.' || c == '-') {
      up = true;
      continue;
    }
    out += up ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    up = false;
  }
  return out;
}

std::string Quote(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    out += c;
  }
  return out + "\"";
}

[[noreturn]] void Refuse(const std::string& file, int line, const std::string& why) {
  std::cerr << file << ":" << line + 1 << ": " << why << "\n";
  std::exit(1);
}

std::vector<Row> Read(const std::string& file) {
  std::vector<Row> rows;
  YAML::Node root = YAML::LoadFile(file);
  for (const auto& node : root) {
    auto text = [&](const char* a, const char* b) {
      YAML::Node inner = node[a];
      if (b != nullptr && inner) inner.reset(node[a][b]);
      if (!inner || !inner.IsScalar())
        Refuse(file, node.Mark().line,
               fmt::format("row lacks {}{}{}", a, b ? "." : "", b ? b : ""));
      return inner.as<std::string>();
    };
    Row row{text("code", nullptr), text("kind", nullptr), text("says", "zh"),
            text("says", "en"),    text("then", "zh"),    text("then", "en")};
    if (!kKinds.contains(row.kind)) Refuse(file, node.Mark().line, "unknown kind " + row.kind);
    for (const Row& other : rows)
      if (other.code == row.code) Refuse(file, node.Mark().line, "code twice: " + row.code);
    rows.push_back(row);
  }
  return rows;
}

int WriteCc(const std::string& library, const std::string& file, const std::string& header,
            const std::string& source) {
  std::vector<Row> rows = Read(file);
  std::string space = "city";
  if (library != "base") {
    std::string last =
        library.substr(library.rfind('/') == std::string::npos ? 0 : library.rfind('/') + 1);
    for (char& c : last)
      if (c == '-') c = '_';
    space += "::" + last;
  }
  std::string h = fmt::format(
      "// SPDX-License-Identifier: Apache-2.0\n// Made from src/{}/errors.yaml; edit that file.\n"
      "#pragma once\n#include \"base/result.h\"\nnamespace {}::error {{\n",
      library, space);
  std::string c = fmt::format(
      "// Made from src/{}/errors.yaml; edit that file.\n#include \"{}/errors.h\"\n"
      "#include \"base/error_rows.h\"\nnamespace {}::error {{\n",
      library, library, space);
  std::string entry;
  for (const Row& row : rows) {
    size_t dot = row.code.find('.');
    std::string name = Camel(dot == std::string::npos ? row.code : row.code.substr(dot + 1));
    h += fmt::format("/// {}\nextern const ErrorRow {};\n", row.says_en, name);
    c += fmt::format("const ErrorRow {}{{{}, Kind::{}, {}, {}, {}, {}}};\n", name, Quote(row.code),
                     Camel(row.kind), Quote(row.says_zh), Quote(row.says_en), Quote(row.then_zh),
                     Quote(row.then_en));
    entry += (entry.empty() ? "&" : ", &") + name;
  }
  c += fmt::format("const ::city::internal::ErrorRowEntry kEntry{{{}}};\n", entry);
  h += fmt::format("}}  // namespace {}::error\n", space);
  c += fmt::format("}}  // namespace {}::error\n", space);
  std::ofstream(header) << h;
  std::ofstream(source) << c;
  return 0;
}

int WriteJson(const std::string& out, const std::vector<std::string>& files) {
  std::string text = "[\n";
  bool first = true;
  for (const std::string& file : files) {
    for (const Row& row : Read(file)) {
      text += fmt::format(
          "{}  {{\"code\": {}, \"kind\": {}, \"says\": {{\"zh\": {}, \"en\": {}}}, "
          "\"then\": {{\"zh\": {}, \"en\": {}}}}}",
          first ? "" : ",\n", Quote(row.code), Quote(row.kind), Quote(row.says_zh),
          Quote(row.says_en), Quote(row.then_zh), Quote(row.then_en));
      first = false;
    }
  }
  std::ofstream(out) << text << "\n]\n";
  return 0;
}
}  // namespace

int main(int argc, char** argv) try {
  std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() == 5 && args[0] == "cc") return WriteCc(args[1], args[2], args[3], args[4]);
  if (args.size() >= 3 && args[0] == "json")
    return WriteJson(args[1], {args.begin() + 2, args.end()});
  std::cerr
      << "usage: error_rows cc LIBRARY errors.yaml OUT.h OUT.cc | json OUT.json errors.yaml...\n";
  return 2;
} catch (const std::exception& e) {
  std::cerr << "error_rows: " << e.what() << "\n";
  return 1;
}
