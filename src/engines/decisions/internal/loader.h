// SPDX-License-Identifier: Apache-2.0
// From DMN XML to a loaded model: elements by local name, so that every version is read alike.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/xml.h"
#include "engines/decisions/internal/loaded_model.h"

namespace city::decisions {

class Loader {
 public:
  Result<std::shared_ptr<LoadedModel>> Load(const Source& main, std::span<const Source> imports);

 private:
  struct ItemDefinition {
    pugi::xml_node node;
    feel::TypePtr type;
    bool building = false;
    bool built = false;
  };
  struct Import {
    std::string name;
    int model;
  };
  struct Document {
    std::string file;
    std::string_view text;
    std::unique_ptr<pugi::xml_document> xml;
    pugi::xml_node root;
    std::string name_space;
    std::vector<Import> imports;
    std::map<std::string, ItemDefinition, std::less<>> items;
    std::map<std::string, int, std::less<>> by_id;
    std::map<std::string, feel::TypePtr, std::less<>> types;  // as expressions see them
  };
  struct Place {
    int document;
    std::string element;
  };

  // loader.cc
  Result<int> Open(const Source& source);
  Result<void> ResolveImports(int document, std::span<const Source> imports);
  void CollectElements(int document);
  void Require(Element& element, pugi::xml_node node);
  int FindReference(int document, std::string_view href) const;
  void See(Element& element, int target);
  Result<void> CheckCycles() const;
  void MakeFunctions(LoadedModel& model);
  void Complain(const Place& place, pugi::xml_node node, const ErrorRow& row, ErrorParams params);
  int LineAt(int document, pugi::xml_node node) const;

  // loader_types.cc
  void BuildTypes(int document);
  feel::TypePtr BuildItem(int document, pugi::xml_node node, int depth);
  feel::TypePtr TypeOf(int document, std::string_view reference, const std::string& element,
                       pugi::xml_node node, int depth = 0);
  feel::TypePtr TypeAt(const Place& place, pugi::xml_node node);
  feel::TypePtr Constrained(int document, feel::TypePtr base, pugi::xml_node rule, bool each);

  // loader_logic.cc
  feel::Scope ScopeOf(const Element& element);
  LogicPtr ReadLogic(const Place& place, pugi::xml_node node, const feel::Scope& scope);
  LogicPtr ReadAny(const Place& place, pugi::xml_node parent, const feel::Scope& scope);
  LogicPtr Literal(const Place& place, pugi::xml_node node, std::string_view text,
                   const feel::Scope& scope);
  LogicPtr Compiled(const Place& place, pugi::xml_node node, const std::string& text,
                    const feel::Scope& scope);
  LogicPtr ReadContext(const Place& place, pugi::xml_node node, const feel::Scope& scope);
  LogicPtr ReadRelation(const Place& place, pugi::xml_node node, const feel::Scope& scope);
  LogicPtr ReadFunction(const Place& place, pugi::xml_node node, const feel::Scope& scope,
                        const std::string& own_name = {});
  LogicPtr ReadInvocation(const Place& place, pugi::xml_node node, const feel::Scope& scope);
  LogicPtr ReadIterator(const Place& place, pugi::xml_node node, const feel::Scope& scope);
  LogicPtr ReadFilter(const Place& place, pugi::xml_node node, const feel::Scope& scope);
  LogicPtr ReadTable(const Place& place, pugi::xml_node node, const feel::Scope& scope);
  void ReadRules(const Place& place, pugi::xml_node node, const feel::Scope& scope,
                 TableLogic& table);

  std::vector<std::unique_ptr<Document>> documents_;
  std::vector<Element> elements_;
  std::vector<pugi::xml_node> nodes_;  // of the elements
  std::vector<Problem> problems_;
  std::vector<TableView> tables_;
};

/// The first child element of a local name; an empty node when there is none.
pugi::xml_node ChildOf(pugi::xml_node node, std::string_view local);
std::vector<pugi::xml_node> ChildrenOf(pugi::xml_node node, std::string_view local);
bool IsNamed(pugi::xml_node node, std::string_view local);
/// All text inside <text> of a node, or of the node itself.
std::string TextOf(pugi::xml_node node);

}  // namespace city::decisions
