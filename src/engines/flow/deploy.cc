// SPDX-License-Identifier: Apache-2.0
// Structure of a deployment: levels, nodes, flows, called processes, reachability.
#include <algorithm>
#include <deque>

#include "base/text.h"
#include "engines/flow/errors.h"
#include "engines/flow/internal/deployer.h"

namespace city::flow {
namespace {

std::optional<NodeKind> KindOf(const Element& e) {
  static const std::unordered_map<std::string_view, NodeKind> kinds = {
      {"process", NodeKind::kProcess},
      {"subProcess", NodeKind::kSubProcess},
      {"transaction", NodeKind::kTransaction},
      {"adHocSubProcess", NodeKind::kAdHoc},
      {"task", NodeKind::kTask},
      {"manualTask", NodeKind::kManual},
      {"userTask", NodeKind::kUser},
      {"serviceTask", NodeKind::kService},
      {"sendTask", NodeKind::kSend},
      {"receiveTask", NodeKind::kReceive},
      {"scriptTask", NodeKind::kScript},
      {"businessRuleTask", NodeKind::kBusinessRule},
      {"callActivity", NodeKind::kCall},
      {"exclusiveGateway", NodeKind::kExclusive},
      {"inclusiveGateway", NodeKind::kInclusive},
      {"parallelGateway", NodeKind::kParallel},
      {"complexGateway", NodeKind::kComplex},
      {"eventBasedGateway", NodeKind::kEventGateway},
      {"startEvent", NodeKind::kStart},
      {"endEvent", NodeKind::kEnd},
      {"intermediateCatchEvent", NodeKind::kCatch},
      {"intermediateThrowEvent", NodeKind::kThrow},
      {"boundaryEvent", NodeKind::kBoundary},
  };
  if (e.ns != Ns::kBpmn) return std::nullopt;
  auto it = kinds.find(e.name);
  if (it == kinds.end()) return std::nullopt;
  if (IsEventSubProcess(e)) return NodeKind::kEventSubProcess;
  return it->second;
}

}  // namespace

Deployer::Deployer(const Document& document, const DeployOptions& options)
    : document_(&document),
      own_(document),
      options_(options),
      graph_(std::make_unique<FlowGraph>(document)),
      out_(std::make_shared<Definition>()) {
  if (options_.language == nullptr) options_.language = &Feel();
}

void Deployer::Complain(const Rule& rule, const Element& e, std::string detail) {
  Finding f;
  f.rule = &rule;
  f.element = e.Label();
  f.element_kind = std::string(e.name);
  f.line = e.line;
  f.detail = std::move(detail);
  findings_.push_back(std::move(f));
}

Index Deployer::Compile(std::string_view text, const Element& at) {
  auto source = ToFeel(text);
  auto known = text_index_.find(source);
  if (known != text_index_.end()) return known->second;
  auto compiled = options_.language->Compile(source);
  if (!compiled) {
    Complain(rule::kDeployExpression, at, source + ": " + compiled.error().SaysEn());
    findings_.back().detail_zh = source + "：" + compiled.error().SaysZh();
    return kNone;
  }
  auto index = static_cast<Index>(out_->expressions.size());
  out_->expressions.push_back(std::move(*compiled));
  out_->expression_texts.push_back(source);
  text_index_.emplace(std::move(source), index);
  return index;
}

Index Deployer::AddNode(const Element& e, NodeKind kind, Index scope) {
  auto index = static_cast<Index>(out_->nodes.size());
  Node& node = out_->nodes.emplace_back();
  node.kind = kind;
  node.id = e.Label();
  node.name = std::string(e.Attr("name"));
  node.scope = scope;
  index_.emplace(&e, index);
  if (document_ == &own_) out_->by_id.emplace(node.id, index);
  if (scope != kNone) out_->nodes[static_cast<std::size_t>(scope)].children.push_back(index);
  return index;
}

void Deployer::AddLevel(const Element& container, Index scope) {
  for (const auto* c : container.children) {
    auto kind = KindOf(*c);
    if (!kind || *kind == NodeKind::kProcess) continue;
    Index index = AddNode(*c, *kind, scope);
    if (IsSubProcess(*c)) AddLevel(*c, index);
  }
}

Index Deployer::AddProcess(const Element& e) {
  Index index = AddNode(e, NodeKind::kProcess, kNone);
  out_->nodes.back().executable = e.Flag("isExecutable", false);
  AddLevel(e, index);
  Connect(e, index);
  auto last = static_cast<Index>(out_->nodes.size());
  // Filling may look at any node of the process, so all of them exist by now.
  for (const auto& [element, i] : std::unordered_map<const Element*, Index>(index_)) {
    if (i >= index && i < last) FillNode(*element, out_->nodes[static_cast<std::size_t>(i)]);
  }
  return index;
}

Index Deployer::AddGlobalTask(const Element& e) {
  Index process = AddNode(e, NodeKind::kProcess, kNone);
  out_->nodes.back().executable = true;
  NodeKind kind = NodeKind::kTask;
  if (e.Is("globalUserTask")) kind = NodeKind::kUser;
  if (e.Is("globalScriptTask")) kind = NodeKind::kScript;
  if (e.Is("globalManualTask")) kind = NodeKind::kManual;
  if (e.Is("globalBusinessRuleTask")) kind = NodeKind::kBusinessRule;
  auto index = static_cast<Index>(out_->nodes.size());
  Node& node = out_->nodes.emplace_back();
  node.kind = kind;
  node.id = e.Label() + "/task";
  node.name = std::string(e.Attr("name"));
  node.scope = process;
  if (document_ == &own_) out_->by_id.emplace(node.id, index);
  out_->nodes[static_cast<std::size_t>(process)].children.push_back(index);
  out_->nodes[static_cast<std::size_t>(process)].starts.push_back(index);
  FillTask(e, out_->nodes[static_cast<std::size_t>(index)]);
  return process;
}

void Deployer::Connect(const Element& container, Index scope) {
  for (const auto* c : container.children) {
    if (IsSubProcess(*c)) Connect(*c, index_.at(c));
    if (!c->Is("sequenceFlow")) continue;
    const auto* source = graph_->Source(*c);
    const auto* target = graph_->Target(*c);
    auto s = source == nullptr ? index_.end() : index_.find(source);
    auto t = target == nullptr ? index_.end() : index_.find(target);
    if (s == index_.end() || t == index_.end()) continue;
    auto index = static_cast<Index>(out_->flows.size());
    Flow& flow = out_->flows.emplace_back();
    flow.id = c->Label();
    flow.source = s->second;
    flow.target = t->second;
    flow_index_.emplace(c, index);
    Node& from = out_->nodes[static_cast<std::size_t>(s->second)];
    const auto* condition = c->Child("conditionExpression");
    bool evaluates = from.kind != NodeKind::kParallel && from.kind != NodeKind::kStart;
    if (condition != nullptr && evaluates && !condition->Text().empty()) {
      Index expression = Compile(condition->Text(), *c);
      out_->flows[static_cast<std::size_t>(index)].condition = expression;
    }
    from.out.push_back(index);
    out_->nodes[static_cast<std::size_t>(t->second)].in.push_back(index);
    if (graph_->Follow(*source, source->Attr("default")) == c) from.fallback = index;
  }
  (void)scope;
}

void Deployer::LinkLevels() {
  for (std::size_t i = 0; i < out_->nodes.size(); ++i) {
    Node& level = out_->nodes[i];
    auto self = static_cast<Index>(i);
    if (level.children.empty()) continue;
    std::unordered_map<std::string, Index> link_targets;
    std::vector<Index> none_starts;
    std::vector<Index> loose;
    bool any_start = false;
    for (Index c : level.children) {
      Node& node = out_->nodes[static_cast<std::size_t>(c)];
      if (node.kind == NodeKind::kEventSubProcess) {
        level.event_subs.push_back(c);
        continue;
      }
      if (node.kind == NodeKind::kBoundary) {
        if (node.attached_to != kNone) {
          out_->nodes[static_cast<std::size_t>(node.attached_to)].boundary.push_back(c);
          for (const auto& event : node.events) {
            if (event.kind == EventKind::kCompensate) level.compensable = true;
          }
        }
        continue;
      }
      if (node.kind == NodeKind::kStart) {
        any_start = true;
        if (node.events.empty()) none_starts.push_back(c);
      } else if (node.in.empty() && !node.for_compensation && !node.instantiate &&
                 !(node.kind == NodeKind::kCatch && !node.events.empty() &&
                   node.events.front().kind == EventKind::kLink)) {
        loose.push_back(c);
      }
      if (node.kind == NodeKind::kCatch) {
        for (const auto& event : node.events) {
          if (event.kind == EventKind::kLink) link_targets.emplace(event.name, c);
        }
      }
    }
    if (level.starts.empty()) level.starts = any_start ? none_starts : loose;
    if (level.kind == NodeKind::kAdHoc) level.starts = loose;
    for (Index c : level.children) {
      Node& node = out_->nodes[static_cast<std::size_t>(c)];
      if (node.kind != NodeKind::kThrow) continue;
      for (const auto& event : node.events) {
        if (event.kind != EventKind::kLink) continue;
        auto it = link_targets.find(event.name);
        if (it != link_targets.end()) node.link_target = it->second;
      }
    }
    (void)self;
  }
}

void Deployer::Analyse() {
  // Backwards from each incoming flow of a join, over flows, links and boundary events, not
  // through the join itself.
  std::vector<std::vector<Index>> before(out_->nodes.size());
  for (const auto& f : out_->flows) {
    before[static_cast<std::size_t>(f.target)].push_back(f.source);
  }
  for (std::size_t i = 0; i < out_->nodes.size(); ++i) {
    const Node& node = out_->nodes[i];
    if (node.link_target != kNone) {
      before[static_cast<std::size_t>(node.link_target)].push_back(static_cast<Index>(i));
    }
    if (node.kind == NodeKind::kBoundary && node.attached_to != kNone) {
      before[i].push_back(node.attached_to);
    }
  }
  for (std::size_t i = 0; i < out_->nodes.size(); ++i) {
    const Node& join = out_->nodes[i];
    bool counts = join.kind == NodeKind::kInclusive || join.kind == NodeKind::kComplex;
    if (!counts || join.in.size() < 2) continue;
    for (Index f : join.in) {
      std::vector<bool> seen(out_->nodes.size(), false);
      std::deque<Index> queue;
      Index first = out_->flow(f).source;
      if (first != static_cast<Index>(i)) {
        seen[static_cast<std::size_t>(first)] = true;
        queue.push_back(first);
      }
      while (!queue.empty()) {
        Index at = queue.front();
        queue.pop_front();
        for (Index b : before[static_cast<std::size_t>(at)]) {
          if (b == static_cast<Index>(i) || seen[static_cast<std::size_t>(b)]) continue;
          seen[static_cast<std::size_t>(b)] = true;
          queue.push_back(b);
        }
      }
      out_->upstream.emplace(f, std::move(seen));
    }
  }
}

Result<std::shared_ptr<const Definition>> Deployer::Run() {
  for (auto& finding : Lint(own_)) {
    if (finding.is_error()) {
      findings_.push_back(std::move(finding));
    } else {
      out_->warnings.push_back(std::move(finding));
    }
  }
  bool broken = !findings_.empty();
  bool any = false;
  for (const auto* e : own_.root().children) {
    if (!e->Is("process")) continue;
    if (!options_.include_all && !e->Flag("isExecutable", false)) continue;
    any = true;
    if (!broken) out_->processes.push_back(AddProcess(*e));
  }
  if (!any) {
    Finding nothing;
    nothing.rule = &rule::kDeployNothing;
    nothing.element = own_.root().Label();
    nothing.element_kind = std::string(own_.root().name);
    out_->warnings.push_back(std::move(nothing));
  }
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    auto [element, node] = calls_[i];
    FillCall(*element, node);
  }
  if (!findings_.empty()) {
    auto refusal = error::kNotDeployable(
        {{"count", std::to_string(findings_.size())},
         {"first", findings_.front().element + " " + findings_.front().rule->id}});
    for (const auto& f : findings_) {
      ErrorDetail detail;
      detail.pointer = f.element;
      detail.keyword = f.rule->id;
      detail.says_zh = std::string(f.rule->says_zh) + "；" + f.rule->then_zh;
      detail.says_en = std::string(f.rule->says_en) + "; " + f.rule->then_en;
      if (!f.detail.empty()) {
        detail.says_zh += "（" + (f.detail_zh.empty() ? f.detail : f.detail_zh) + "）";
        detail.says_en += " (" + f.detail + ")";
      }
      refusal.value().details.push_back(std::move(detail));
    }
    return refusal;
  }
  LinkLevels();
  for (const auto& node : out_->nodes) {
    for (const auto& event : node.events) {
      if (node.kind == NodeKind::kThrow && event.kind == EventKind::kLink &&
          node.link_target == kNone) {
        return error::kNotDeployable({{"count", "1"}, {"first", node.id + " deploy.link"}});
      }
    }
  }
  Analyse();
  return std::shared_ptr<const Definition>(out_);
}

Index Definition::Find(std::string_view id) const {
  auto it = by_id.find(std::string(id));
  return it == by_id.end() ? kNone : it->second;
}

std::vector<Index> Definition::StartEvents(Index process) const {
  std::vector<Index> out;
  for (Index c : node(process).children) {
    const Node& n = node(c);
    if (n.kind == NodeKind::kStart && !n.events.empty()) out.push_back(c);
    if (n.kind == NodeKind::kReceive && n.instantiate) out.push_back(c);
    if (n.kind != NodeKind::kEventGateway || !n.instantiate) continue;
    for (Index f : n.out) out.push_back(flow(f).target);
  }
  return out;
}

bool Definition::Reaches(Index from, Index to, Index without) const {
  if (from == to) return true;
  std::vector<bool> seen(nodes.size(), false);
  std::deque<Index> queue{from};
  seen[static_cast<std::size_t>(from)] = true;
  auto visit = [&](Index n) {
    if (n == kNone || n == without || seen[static_cast<std::size_t>(n)]) return;
    seen[static_cast<std::size_t>(n)] = true;
    queue.push_back(n);
  };
  while (!queue.empty()) {
    Index at = queue.front();
    queue.pop_front();
    if (at == to) return true;
    const Node& n = node(at);
    for (Index f : n.out) visit(flow(f).target);
    for (Index b : n.boundary) visit(b);
    visit(n.link_target);
  }
  return seen[static_cast<std::size_t>(to)];
}

bool Definition::ReachesFlow(Index from, Index flow_index) const {
  auto it = upstream.find(flow_index);
  return it != upstream.end() && it->second[static_cast<std::size_t>(from)];
}

Result<std::shared_ptr<const Definition>> Deploy(const Document& document,
                                                 const DeployOptions& options) {
  return Deployer(document, options).Run();
}

}  // namespace city::flow
