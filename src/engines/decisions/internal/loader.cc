// SPDX-License-Identifier: Apache-2.0
// Documents, elements and requirements.
#include "engines/decisions/internal/loader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "engines/decisions/errors.h"

namespace city::decisions {
namespace {

constexpr size_t kMaxDocuments = 64;

std::string NameOf(pugi::xml_node node) {
  // The variable's name is what expressions use; tools sometimes give only one of the two.
  std::string name = node.attribute("name").as_string();
  if (name.empty()) name = ChildOf(node, "variable").attribute("name").as_string();
  return feel::NormalizedName(name);
}

/// FNV-1a over the text: an identity for people to compare, not a proof.
uint64_t Identity(std::string_view text) {
  uint64_t hash = 14695981039346656037ULL;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

}  // namespace

bool IsNamed(pugi::xml_node node, std::string_view local) {
  return node.type() == pugi::node_element && LocalName(node.name()) == local;
}

pugi::xml_node ChildOf(pugi::xml_node node, std::string_view local) {
  for (pugi::xml_node child : node.children())
    if (IsNamed(child, local)) return child;
  return {};
}

std::vector<pugi::xml_node> ChildrenOf(pugi::xml_node node, std::string_view local) {
  std::vector<pugi::xml_node> out;
  for (pugi::xml_node child : node.children())
    if (IsNamed(child, local)) out.push_back(child);
  return out;
}

std::string TextOf(pugi::xml_node node) {
  pugi::xml_node holder = ChildOf(node, "text");
  if (!holder) holder = node;
  std::string out;
  for (pugi::xml_node child : holder.children())
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) out += child.value();
  return out;
}

int Loader::LineAt(int document, pugi::xml_node node) const {
  return LineOf(documents_[static_cast<size_t>(document)]->text, node.offset_debug());
}

void Loader::Complain(const Place& place, pugi::xml_node node, const ErrorRow& row,
                      ErrorParams params) {
  if (problems_.size() >= 500) return;
  int line = LineAt(place.document, node);
  params.emplace_back("line", std::to_string(line));
  params.emplace_back("element", place.element);
  problems_.push_back({place.element, line, Error{&row, std::move(params), {}}});
}

Result<int> Loader::Open(const Source& source) {
  auto document = std::make_unique<Document>();
  document->file = source.name;
  document->text = source.xml;
  TRY(document->xml, ParseXml(source.xml));
  for (pugi::xml_node child : document->xml->children())
    if (IsNamed(child, "definitions")) document->root = child;
  if (!document->root) return error::kNotDmn({{"file", source.name}});
  document->name_space = document->root.attribute("namespace").as_string();
  documents_.push_back(std::move(document));
  return static_cast<int>(documents_.size()) - 1;
}

Result<void> Loader::ResolveImports(int index, std::span<const Source> imports) {
  for (pugi::xml_node node : ChildrenOf(documents_[static_cast<size_t>(index)]->root, "import")) {
    std::string name_space = node.attribute("namespace").as_string();
    std::string type = node.attribute("importType").as_string();
    if (type.find("PMML") != std::string::npos || type.find("XMLSchema") != std::string::npos)
      continue;
    int found = -1;
    for (size_t i = 0; i < documents_.size(); ++i)
      if (documents_[i]->name_space == name_space && static_cast<int>(i) != index)
        found = static_cast<int>(i);
    if (found < 0) {
      for (const Source& source : imports) {
        if (source.xml.find(name_space) == std::string::npos) continue;
        auto opened = Open(source);
        if (!opened) continue;
        if (documents_.back()->name_space != name_space) {
          documents_.pop_back();
          continue;
        }
        if (documents_.size() > kMaxDocuments) return error::kNoImport({{"namespace", name_space}});
        found = *opened;
        TRY_VOID(ResolveImports(found, imports));
        break;
      }
    }
    if (found < 0) return error::kNoImport({{"namespace", name_space}});
    documents_[static_cast<size_t>(index)]->imports.push_back(
        {node.attribute("name").as_string(), found});
  }
  return {};
}

namespace {
/// The texts of the expressions under a node, one a line.
void AppendTexts(pugi::xml_node node, std::string& out) {
  if (IsNamed(node, "decisionTable")) return;
  if (IsNamed(node, "text")) {
    if (!out.empty()) out += '\n';
    out += Trim(TextOf(node));
  }
  for (pugi::xml_node child : node.children()) AppendTexts(child, out);
}
}  // namespace

void Loader::CollectElements(int index) {
  Document& document = *documents_[static_cast<size_t>(index)];
  for (pugi::xml_node node : document.root.children()) {
    Element element;
    if (IsNamed(node, "inputData")) {
      element.kind = ElementKind::kInput;
    } else if (IsNamed(node, "decision")) {
      element.kind = ElementKind::kDecision;
    } else if (IsNamed(node, "businessKnowledgeModel")) {
      element.kind = ElementKind::kKnowledge;
    } else if (IsNamed(node, "decisionService")) {
      element.kind = ElementKind::kService;
    } else {
      continue;
    }
    element.id = node.attribute("id").as_string();
    element.name = NameOf(node);
    element.model = index;
    element.line = LineAt(index, node);
    element.question = std::string(Trim(TextOf(ChildOf(node, "question"))));
    element.description = std::string(Trim(TextOf(ChildOf(node, "description"))));
    for (pugi::xml_node child : node.children())
      if (!IsNamed(child, "variable") && !IsNamed(child, "description") &&
          !IsNamed(child, "question") && !IsNamed(child, "decisionTable"))
        AppendTexts(child, element.logic_text);
    if (!element.id.empty()) document.by_id[element.id] = static_cast<int>(elements_.size());
    elements_.push_back(std::move(element));
    nodes_.push_back(node);
  }
}

int Loader::FindReference(int index, std::string_view href) const {
  size_t hash = href.find('#');
  std::string_view name_space = hash == std::string_view::npos ? "" : href.substr(0, hash);
  std::string_view id = hash == std::string_view::npos ? href : href.substr(hash + 1);
  auto look = [&](const Document& document) {
    auto found = document.by_id.find(id);
    return found == document.by_id.end() ? -1 : found->second;
  };
  const Document& own = *documents_[static_cast<size_t>(index)];
  if (name_space.empty() || name_space == own.name_space)
    if (int found = look(own); found >= 0) return found;
  for (const auto& document : documents_)
    if (!name_space.empty() && document->name_space == name_space)
      if (int found = look(*document); found >= 0) return found;
  return -1;
}

/// Makes `target` visible to an element: by its name, or as a member of its model's import name.
void Loader::See(Element& element, int target) {
  const Element& seen = elements_[static_cast<size_t>(target)];
  std::string alias;
  if (seen.model != element.model) {
    // The import may be indirect: models import models.
    for (const Import& import : documents_[static_cast<size_t>(element.model)]->imports)
      if (import.model == seen.model) alias = import.name;
  }
  if (alias.empty()) {
    auto same = std::find_if(element.visible.begin(), element.visible.end(),
                             [&](const Visible& v) { return v.element == target; });
    if (same == element.visible.end()) element.visible.push_back({seen.name, target, {}});
    return;
  }
  auto group = std::find_if(element.visible.begin(), element.visible.end(),
                            [&](const Visible& v) { return v.element < 0 && v.name == alias; });
  if (group == element.visible.end())
    group = element.visible.insert(element.visible.end(), Visible{alias, -1, {}});
  auto member = std::find_if(group->members.begin(), group->members.end(),
                             [&](const auto& m) { return m.first == seen.name; });
  if (member == group->members.end()) group->members.emplace_back(seen.name, target);
}

void Loader::Require(Element& element, pugi::xml_node node) {
  Place place{element.model, element.name};
  auto add = [&](pugi::xml_node reference) {
    if (!reference) return;
    std::string href = reference.attribute("href").as_string();
    int target = FindReference(element.model, href);
    if (target < 0) {
      Complain(place, reference, error::kBadReference, {{"href", href}});
      return;
    }
    See(element, target);
  };
  for (pugi::xml_node child : node.children()) {
    if (IsNamed(child, "informationRequirement")) {
      add(ChildOf(child, "requiredInput"));
      add(ChildOf(child, "requiredDecision"));
    } else if (IsNamed(child, "knowledgeRequirement")) {
      add(ChildOf(child, "requiredKnowledge"));
    }
  }
}

Result<void> Loader::CheckCycles() const {
  enum : uint8_t { kNew, kOpen, kDone };
  std::vector<uint8_t> states(elements_.size(), kNew);
  for (size_t start = 0; start < elements_.size(); ++start) {
    if (states[start] != kNew) continue;
    std::vector<std::pair<int, bool>> stack{{static_cast<int>(start), false}};
    while (!stack.empty()) {
      auto [index, leaving] = stack.back();
      stack.pop_back();
      auto i = static_cast<size_t>(index);
      if (leaving) {
        states[i] = kDone;
        continue;
      }
      if (states[i] != kNew) continue;
      states[i] = kOpen;
      stack.emplace_back(index, true);
      const Element& element = elements_[i];
      if (element.kind != ElementKind::kDecision) continue;
      auto visit = [&](int next) {
        const Element& other = elements_[static_cast<size_t>(next)];
        if (other.kind != ElementKind::kDecision) return true;
        if (states[static_cast<size_t>(next)] == kOpen) return false;
        stack.emplace_back(next, false);
        return true;
      };
      for (const Visible& v : element.visible) {
        if (v.element >= 0 && !visit(v.element)) return error::kCycle({{"name", element.name}});
        for (const auto& member : v.members)
          if (!visit(member.second)) return error::kCycle({{"name", element.name}});
      }
    }
  }
  return {};
}

Result<std::shared_ptr<LoadedModel>> Loader::Load(const Source& main,
                                                  std::span<const Source> imports) {
  TRY(int root, Open(main));
  TRY_VOID(ResolveImports(root, imports));
  auto count = static_cast<int>(documents_.size());
  // Imported types must exist before the types and expressions that use them.
  for (int d = count - 1; d >= 0; --d)
    for (pugi::xml_node node :
         ChildrenOf(documents_[static_cast<size_t>(d)]->root, "itemDefinition"))
      documents_[static_cast<size_t>(d)]->items[node.attribute("name").as_string()].node = node;
  for (int d = count - 1; d >= 0; --d) BuildTypes(d);
  for (int d = 0; d < count; ++d) CollectElements(d);
  for (size_t i = 0; i < elements_.size(); ++i) {
    Element& element = elements_[i];
    pugi::xml_node variable = ChildOf(nodes_[i], "variable");
    if (variable) element.type = TypeAt({element.model, element.name}, variable);
    Require(element, nodes_[i]);
  }
  TRY_VOID(CheckCycles());
  auto model = std::make_shared<LoadedModel>();
  MakeFunctions(*model);
  for (size_t i = 0; i < elements_.size(); ++i) {
    Element& element = elements_[i];
    Place place{element.model, element.name};
    if (element.kind == ElementKind::kDecision) {
      element.logic = ReadAny(place, nodes_[i], ScopeOf(element));
    } else if (element.kind == ElementKind::kKnowledge) {
      pugi::xml_node body = ChildOf(nodes_[i], "encapsulatedLogic");
      // What a knowledge model does is read once; its parameters come after what it sees.
      feel::Scope scope = ScopeOf(element);
      for (pugi::xml_node parameter : ChildrenOf(body, "formalParameter"))
        scope.Declare(parameter.attribute("name").as_string(), TypeAt(place, parameter));
      std::string kind = body.attribute("kind").as_string();
      if (kind == "Java" || kind == "PMML") {
        LogicPtr declared = ReadFunction(place, body, ScopeOf(element));
        if (declared != nullptr) {
          // The body is the call of the declared function with the parameters.
          feel::Settings settings;
          feel::CallFrame frame(settings, nullptr);
          Env env{frame, nullptr, {}};
          feel::Value function = declared->Evaluate(env);
          auto parameters = element.function.function().parameters;
          auto made = std::make_unique<feel::Function>();
          made->name = element.name;
          made->parameters = parameters;
          made->native = [function](std::span<const feel::Value> arguments, feel::CallFrame& f) {
            return f.Call(function, arguments);
          };
          element.function = feel::Value::OfFunction(std::move(made));
        }
      } else {
        element.logic = ReadAny(place, body, scope);
      }
    }
  }
  model->name_ = documents_[0]->root.attribute("name").as_string();
  model->namespace_ = documents_[0]->name_space;
  std::string all;
  for (const auto& document : documents_) all += document->text;
  model->version_ = fmt::format("{:016x}", Identity(all));
  model->problems_ = std::move(problems_);
  model->tables_ = std::move(tables_);
  model->elements_ = std::move(elements_);
  model->Bind();
  return model;
}

void Loader::MakeFunctions(LoadedModel& model) {
  std::weak_ptr<const LoadedModel> weak = model.weak_from_this();
  for (size_t i = 0; i < elements_.size(); ++i) {
    Element& element = elements_[i];
    int index = static_cast<int>(i);
    Place place{element.model, element.name};
    auto function = std::make_unique<feel::Function>();
    function->name = element.name;
    feel::TypePtr declared = element.type;
    bool signature = declared != nullptr && declared->form == feel::Type::Form::kFunction;
    function->result_type = signature ? declared->result : declared;
    if (element.kind == ElementKind::kKnowledge) {
      pugi::xml_node body = ChildOf(nodes_[i], "encapsulatedLogic");
      for (pugi::xml_node parameter : ChildrenOf(body, "formalParameter")) {
        function->parameters.push_back(
            feel::NormalizedName(parameter.attribute("name").as_string()));
        function->parameter_types.push_back(TypeAt(place, parameter));
      }
      // Knowledge may call itself.
      See(element, index);
      function->native = [weak, index](std::span<const feel::Value> arguments,
                                       feel::CallFrame& frame) {
        auto alive = weak.lock();
        return alive != nullptr ? alive->RunKnowledge(index, arguments, frame) : feel::Value();
      };
    } else if (element.kind == ElementKind::kService) {
      auto add = [&](const char* local, std::vector<int>& out) {
        for (pugi::xml_node child : ChildrenOf(nodes_[i], local)) {
          int target = FindReference(element.model, child.attribute("href").as_string());
          if (target < 0) {
            Complain(place, child, error::kBadReference,
                     {{"href", child.attribute("href").as_string()}});
          } else {
            out.push_back(target);
          }
        }
      };
      add("outputDecision", element.outputs);
      add("inputData", element.input_data);
      add("inputDecision", element.input_decisions);
      element.output_type = function->result_type;
      for (const auto* list : {&element.input_data, &element.input_decisions}) {
        for (int target : *list) {
          const Element& input = elements_[static_cast<size_t>(target)];
          function->parameters.push_back(feel::NormalizedName(input.name));
          function->parameter_types.push_back(input.type);
        }
      }
      function->native = [weak, index](std::span<const feel::Value> arguments,
                                       feel::CallFrame& frame) {
        auto alive = weak.lock();
        return alive != nullptr ? alive->RunService(index, arguments, frame) : feel::Value();
      };
    } else {
      continue;
    }
    element.function = feel::Value::OfFunction(std::move(function));
  }
}

}  // namespace city::decisions
