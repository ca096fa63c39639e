// SPDX-License-Identifier: Apache-2.0
// The tree is built from parser events, so that depth and size are bounded while reading.
#include "base/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <unordered_set>

#include "base/errors.h"
#include "base/text.h"

namespace city::yaml {
Node::Node() = default;
Node::Node(const Node&) = default;
Node::Node(Node&&) noexcept = default;
Node& Node::operator=(const Node&) = default;
Node& Node::operator=(Node&&) noexcept = default;
Node::~Node() = default;

namespace {
constexpr size_t kMaxBytes = 4u << 20;
constexpr size_t kMaxDepth = 64;
constexpr size_t kMaxNodes = 200'000;

struct Stop {
  int line;
  int column;
  std::string reason;
};

class Builder : public YAML::EventHandler {
 public:
  explicit Builder(std::string file) : file_(std::move(file)) {}
  Node Take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Put(Make(mark, Node::Type::kNull), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      throw Stop{mark.line + 1, mark.column + 1, "alias of an unfinished value"};
    nodes_ += found->second.second;
    if (nodes_ > kMaxNodes) throw Stop{mark.line + 1, mark.column + 1, "more values than allowed"};
    Node copy = found->second.first;
    Put(std::move(copy), 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    // The parser behind turns \N and \_ into single bytes above 0x7f.
    if (!IsValidUtf8(value)) throw Stop{mark.line + 1, mark.column + 1, "text is not UTF-8"};
    Node node = Make(mark, Node::Type::kScalar);
    node.text = value;
    node.quoted = tag == "!";
    if (!node.quoted && (value == "~" || value == "null")) node.type = Node::Type::kNull;
    Put(std::move(node), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Push(Make(mark, Node::Type::kList), anchor);
  }
  void OnSequenceEnd() override { Pop(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Push(Make(mark, Node::Type::kMap), anchor);
  }
  void OnMapEnd() override { Pop(); }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor;
    size_t nodes_before;
    bool has_key = false;
    std::string key;
    std::unordered_set<std::string> keys;
  };

  Node Make(const YAML::Mark& mark, Node::Type type) {
    if (++nodes_ > kMaxNodes)
      throw Stop{mark.line + 1, mark.column + 1, "more values than allowed"};
    Node node;
    node.type = type;
    node.file = file_;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    return node;
  }
  void Push(Node node, YAML::anchor_t anchor) {
    if (stack_.size() >= kMaxDepth) throw Stop{node.line, node.column, "nested too deeply"};
    stack_.push_back({std::move(node), anchor, nodes_, false, {}, {}});
  }
  void Pop() {
    Open done = std::move(stack_.back());
    stack_.pop_back();
    if (done.anchor != 0) anchors_[done.anchor] = {done.node, nodes_ - done.nodes_before + 1};
    Put(std::move(done.node), 0);
  }
  void Put(Node node, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = {node, 1};
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& open = stack_.back();
    if (open.node.IsList()) {
      open.node.items.push_back(std::move(node));
    } else if (!open.has_key) {
      if (node.IsList() || node.IsMap())
        throw Stop{node.line, node.column, "a key must be plain text"};
      if (!open.keys.insert(node.text).second)
        throw Stop{node.line, node.column, "key \"" + node.text + "\" stands twice"};
      open.key = std::move(node.text);
      open.has_key = true;
    } else {
      open.node.entries.emplace_back(std::move(open.key), std::move(node));
      open.has_key = false;
    }
  }

  std::string file_;
  Node root_;
  std::vector<Open> stack_;
  std::map<YAML::anchor_t, std::pair<Node, size_t>> anchors_;
  size_t nodes_ = 0;
};
}  // namespace

const Node* Node::Find(std::string_view key) const {
  for (const auto& [name, value] : entries)
    if (name == key) return &value;
  return nullptr;
}

std::string Node::Text(std::string_view key, std::string_view fallback) const {
  const Node* found = Find(key);
  return found != nullptr && found->IsScalar() ? found->text : std::string(fallback);
}

bool Node::Bool(std::string_view key, bool fallback) const {
  const Node* found = Find(key);
  if (found == nullptr || !found->IsScalar()) return fallback;
  return found->text == "true" || found->text == "yes";
}

int64_t Node::Int(std::string_view key, int64_t fallback) const {
  const Node* found = Find(key);
  if (found == nullptr || !found->IsScalar()) return fallback;
  int64_t number = 0;
  const char* end = found->text.data() + found->text.size();
  auto [stop, code] = std::from_chars(found->text.data(), end, number);
  return code == std::errc() && stop == end ? number : fallback;
}

std::string Node::Place() const { return file + ":" + std::to_string(line); }

json::value Node::ToJson() const {
  switch (type) {
    case Type::kNull:
      return nullptr;
    case Type::kList: {
      json::array list;
      for (const Node& item : items) list.push_back(item.ToJson());
      return list;
    }
    case Type::kMap: {
      json::object object;
      for (const auto& [key, value] : entries) object[key] = value.ToJson();
      return object;
    }
    case Type::kScalar:
      break;
  }
  if (!quoted) {
    if (text == "true") return true;
    if (text == "false") return false;
    const char* end = text.data() + text.size();
    bool plain =
        !text.empty() && (text == "0" || text[0] != '0' || (text.size() > 1 && text[1] == '.'));
    int64_t whole = 0;
    auto [stop, code] = std::from_chars(text.data(), end, whole);
    if (plain && code == std::errc() && stop == end) return whole;
    double number = 0;
    auto [stop2, code2] = std::from_chars(text.data(), end, number);
    if (plain && code2 == std::errc() && stop2 == end &&
        text.find_first_not_of("0123456789.-eE+") == std::string::npos)
      return number;
  }
  return json::string(text);
}

Result<Node> Parse(std::string_view text, std::string_view file_name) {
  auto bad = [&](int line, int column, const std::string& reason) {
    return error::kBadYaml({{"file", std::string(file_name)},
                            {"line", std::to_string(line)},
                            {"column", std::to_string(column)},
                            {"reason", reason}});
  };
  if (text.size() > kMaxBytes) return bad(1, 1, "file larger than 4 MiB");
  // The parser behind guesses UTF-16 and UTF-32 from zero bytes and passes on what is no text.
  if (text.find('\0') != std::string_view::npos || !IsValidUtf8(text))
    return bad(1, 1, "text is not UTF-8");
  // The parser behind recurses once a level; a run of opening marks is refused before it starts.
  int open = 0;
  for (char c : text) {
    if (c == '[' || c == '{') ++open;
    if (c == ']' || c == '}') open = open > 0 ? open - 1 : 0;
    if (open > 1000) return bad(1, 1, "nested too deeply");
  }
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    Builder builder{std::string(file_name)};
    parser.HandleNextDocument(builder);
    return builder.Take();
  } catch (const Stop& stop) {
    return bad(stop.line, stop.column, stop.reason);
  } catch (const YAML::Exception& e) {
    return bad(e.mark.line + 1, e.mark.column + 1, e.msg);
  } catch (const std::exception& e) {
    return bad(1, 1, e.what());
  }
}

Result<Node> Load(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return error::kFileUnreadable({{"file", path}, {"reason", std::strerror(errno)}});
  std::ostringstream text;
  text << in.rdbuf();
  return Parse(text.str(), path);
}
}  // namespace city::yaml
