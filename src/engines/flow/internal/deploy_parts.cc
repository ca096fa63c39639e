// SPDX-License-Identifier: Apache-2.0
// Details of a deployment: events, timers, loops, tasks, data, called elements.
#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/text.h"
#include "engines/flow/internal/deployer.h"

namespace city::flow {
namespace {

/// Texts of zeebe and camunda attributes are expressions only with their marker.
bool IsMarked(std::string_view text) {
  return !text.empty() && (text.front() == '=' || text.starts_with("${") || text.starts_with("#{"));
}

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

/// A comma-separated list of names as a FEEL list, or the marked expression itself.
std::string ListText(std::string_view text) {
  if (IsMarked(text)) return std::string(text);
  std::string out = "[";
  for (auto part : Split(text, ',')) {
    part = Trim(part);
    if (part.empty()) continue;
    if (out.size() > 1) out += ", ";
    out += Quoted(part);
  }
  return out + "]";
}

std::string ValueText(std::string_view text) {
  return IsMarked(text) ? std::string(text) : Quoted(text);
}

int Int(std::string_view text, int fallback) {
  int value = fallback;
  auto s = Trim(text);
  std::from_chars(s.data(), s.data() + s.size(), value);
  return value;
}

}  // namespace

std::string Deployer::MessageName(const Element& holder, const Element& at) {
  const auto* message = graph_->Follow(holder, holder.Attr("messageRef"));
  if (message == nullptr) {
    if (const auto* ref = holder.Child("messageRef")) message = graph_->Follow(*ref, ref->Text());
  }
  if (message != nullptr) {
    auto name = message->Attr("name");
    return std::string(name.empty() ? message->id : name);
  }
  // Without a message of its own the event speaks over its message flow.
  for (const auto& e : document_->elements()) {
    if (!e.Is("messageFlow")) continue;
    const auto* source = graph_->Follow(e, e.Attr("sourceRef"));
    const auto* target = graph_->Follow(e, e.Attr("targetRef"));
    if (source != &at && target != &at) continue;
    if (const auto* m = graph_->Follow(e, e.Attr("messageRef"))) {
      return std::string(m->Attr("name").empty() ? m->id : m->Attr("name"));
    }
    const auto* other = source == &at ? target : source;
    if (other != nullptr) {
      const Element* other_holder = other;
      for (const auto& t : graph_->Triggers(*other)) {
        if (t.kind == "message") other_holder = t.definition;
      }
      const auto* m = graph_->Follow(*other_holder, other_holder->Attr("messageRef"));
      if (m != nullptr) return std::string(m->Attr("name").empty() ? m->id : m->Attr("name"));
    }
    return "flow:" + e.Label();
  }
  return at.Label();
}

void Deployer::FillTimer(const Element& definition, EventSpec& spec, const Element& at) {
  const Element* given = nullptr;
  for (const auto* c : definition.children) {
    if (c->Is("timeDate")) spec.timer = TimerKind::kDate;
    if (c->Is("timeDuration")) spec.timer = TimerKind::kPeriod;
    if (c->Is("timeCycle")) spec.timer = TimerKind::kCycle;
    if (c->Is("timeDate") || c->Is("timeDuration") || c->Is("timeCycle")) given = c;
  }
  if (const auto* deadline = definition.Extension(Ns::kCity, "deadline")) {
    // A legal deadline counts working days by a named calendar.
    spec.timer = TimerKind::kPeriod;
    spec.working_days = true;
    spec.calendar = std::string(deadline->Attr("calendar"));
    auto days = deadline->Attr("days");
    if (IsMarked(days)) {
      spec.expression = Compile(days, at);
    } else {
      spec.time = std::string(days);
    }
    if (days.empty()) Complain(rule::kDeployTime, at);
    return;
  }
  auto text = given == nullptr ? std::string() : given->Text();
  if (text.empty()) {
    Complain(rule::kDeployTime, at);
    return;
  }
  if (IsMarked(text)) {
    spec.expression = Compile(text, at);
    return;
  }
  bool good = spec.timer == TimerKind::kDate     ? ParseMoment(text).has_value()
              : spec.timer == TimerKind::kPeriod ? ParsePeriod(text).has_value()
                                                 : ParseCycle(text).has_value();
  if (!good) Complain(rule::kDeployTime, at, text);
  spec.time = text;
}

EventSpec Deployer::MakeEvent(const Element& d, const Element& at) {
  EventSpec spec;
  if (d.Is("messageEventDefinition")) {
    spec.kind = EventKind::kMessage;
    spec.name = MessageName(d, at);
    if (const auto* m = graph_->Follow(d, d.Attr("messageRef"))) {
      if (const auto* s = m->Extension(Ns::kZeebe, "subscription")) {
        if (s->Has("correlationKey")) spec.key = Compile(s->Attr("correlationKey"), at);
      }
    }
    if (const auto* c = at.Extension(Ns::kCity, "message")) {
      if (c->Has("correlationKey")) spec.key = Compile(c->Attr("correlationKey"), at);
      spec.variable = std::string(c->Attr("variable"));
    }
  } else if (d.Is("timerEventDefinition")) {
    spec.kind = EventKind::kTimer;
    FillTimer(d, spec, at);
  } else if (d.Is("signalEventDefinition")) {
    spec.kind = EventKind::kSignal;
    const auto* s = graph_->Follow(d, d.Attr("signalRef"));
    spec.name =
        s == nullptr ? at.Label() : std::string(s->Attr("name").empty() ? s->id : s->Attr("name"));
    if (IsMarked(spec.name)) spec.expression = Compile(spec.name, at);
  } else if (d.Is("errorEventDefinition")) {
    spec.kind = EventKind::kError;
    if (const auto* e = graph_->Follow(d, d.Attr("errorRef"))) {
      spec.code = std::string(e->Attr("errorCode").empty() ? e->id : e->Attr("errorCode"));
    }
    spec.variable = std::string(d.AttrOf(Ns::kCamunda, "errorCodeVariable"));
  } else if (d.Is("escalationEventDefinition")) {
    spec.kind = EventKind::kEscalation;
    if (const auto* e = graph_->Follow(d, d.Attr("escalationRef"))) {
      spec.code =
          std::string(e->Attr("escalationCode").empty() ? e->id : e->Attr("escalationCode"));
    }
  } else if (d.Is("conditionalEventDefinition")) {
    spec.kind = EventKind::kConditional;
    const auto* c = d.Child("condition");
    if (c == nullptr || c->Text().empty()) {
      Complain(rule::kDeployExpression, at, "condition");
    } else {
      spec.expression = Compile(c->Text(), at);
    }
  } else if (d.Is("linkEventDefinition")) {
    spec.kind = EventKind::kLink;
    spec.name = std::string(d.Attr("name"));
    if (spec.name.empty()) {
      // Ends that point at each other instead of sharing a name.
      const auto* other = d.Child("target") != nullptr ? d.Child("target") : d.Child("source");
      bool throws = at.Is("intermediateThrowEvent");
      if (throws) {
        spec.name = other == nullptr ? std::string() : "link:" + other->Text();
      } else {
        spec.name = "link:" + std::string(d.id);
      }
    }
  } else if (d.Is("terminateEventDefinition")) {
    spec.kind = EventKind::kTerminate;
  } else if (d.Is("compensateEventDefinition")) {
    spec.kind = EventKind::kCompensate;
    if (const auto* a = graph_->Follow(d, d.Attr("activityRef"))) {
      auto it = index_.find(a);
      if (it != index_.end()) spec.activity = it->second;
    }
  } else if (d.Is("cancelEventDefinition")) {
    spec.kind = EventKind::kCancel;
  } else {
    Complain(rule::kDeployUnsupported, at, std::string(d.name));
  }
  return spec;
}

void Deployer::FillMappings(const Element& e, Node& node) {
  for (const auto* x : e.children) {
    if (!x->Is("extensionElements")) continue;
    for (const auto* io : x->children) {
      bool zeebe = io->ns == Ns::kZeebe && io->name == "ioMapping";
      bool camunda = io->ns == Ns::kCamunda && io->name == "inputOutput";
      if (!zeebe && !camunda) continue;
      for (const auto* m : io->children) {
        Mapping mapping;
        if (zeebe) {
          mapping.source = Compile(ValueText(m->Attr("source")), e);
          mapping.target = std::string(m->Attr("target"));
        } else {
          mapping.source = Compile(ValueText(m->Text()), e);
          mapping.target = std::string(m->Attr("name"));
        }
        bool input = m->name == "input" || m->name == "inputParameter";
        (input ? node.inputs : node.outputs).push_back(std::move(mapping));
      }
    }
  }
}

std::string Deployer::DataName(const Element& at, const std::string& ref) const {
  const auto* data = graph_->Follow(at, ref);
  if (data == nullptr) return {};
  if (data->Is("dataObjectReference")) {
    const auto* object = graph_->Follow(*data, data->Attr("dataObjectRef"));
    if (object != nullptr) data = object;
  }
  return std::string(data->Attr("name").empty() ? data->id : data->Attr("name"));
}

void Deployer::FillData(const Element& e, Node& node) {
  for (const auto* a : e.children) {
    bool input = a->Is("dataInputAssociation");
    if (!input && !a->Is("dataOutputAssociation")) continue;
    const auto* source = a->Child("sourceRef");
    const auto* target = a->Child("targetRef");
    if (source == nullptr || target == nullptr) continue;
    auto from = DataName(*a, source->Text());
    auto to = DataName(*a, target->Text());
    if (from.empty() || to.empty()) continue;
    if (const auto* t = a->Child("transformation"); t != nullptr && !t->Text().empty()) {
      Mapping mapping{Compile(t->Text(), e), to};
      (input ? node.inputs : node.outputs).push_back(std::move(mapping));
      continue;
    }
    (input ? node.data_inputs : node.data_outputs).emplace_back(from, to);
  }
}

bool Deployer::FillJob(const Element& e, Node& node) {
  const auto* task = e.Extension(Ns::kZeebe, "taskDefinition");
  auto topic = e.AttrOf(Ns::kCamunda, "topic");
  auto delegate = e.AttrOf(Ns::kCamunda, "class");
  if (delegate.empty()) delegate = e.AttrOf(Ns::kCamunda, "delegateExpression");
  if (delegate.empty()) delegate = e.AttrOf(Ns::kCamunda, "expression");
  if (task == nullptr && topic.empty() && delegate.empty()) return false;
  node.job = std::make_unique<JobSpec>();
  if (task != nullptr) {
    auto type = task->Attr("type");
    if (IsMarked(type)) {
      node.job->type = Compile(type, e);
    } else {
      node.job->type_text = std::string(type);
    }
    node.job->retries = Int(task->Attr("retries"), 3);
  } else {
    node.job->type_text = std::string(topic.empty() ? delegate : topic);
  }
  if (const auto* headers = e.Extension(Ns::kZeebe, "taskHeaders")) {
    for (const auto* h : headers->children) {
      node.job->headers.emplace_back(h->Attr("key"), h->Attr("value"));
    }
  }
  return true;
}

std::string Deployer::LaneOf(const Element& e) const {
  const auto* process = ProcessOf(e);
  if (process == nullptr || e.id.empty()) return {};
  for (const auto& x : document_->elements()) {
    if (!x.Is("lane") || ProcessOf(x) != process) continue;
    for (const auto* c : x.children) {
      if (c->Is("flowNodeRef") && c->Text() == e.id) {
        return std::string(x.Attr("name").empty() ? x.id : x.Attr("name"));
      }
    }
  }
  return {};
}

void Deployer::FillUser(const Element& e, Node& node) {
  node.user = std::make_unique<UserTaskSpec>();
  auto& user = *node.user;
  auto one = [&](std::string_view text) {
    return text.empty() ? kNone : Compile(ValueText(text), e);
  };
  auto many = [&](std::string_view text) {
    return text.empty() ? kNone : Compile(ListText(text), e);
  };
  if (const auto* a = e.Extension(Ns::kZeebe, "assignmentDefinition")) {
    user.assignee = one(a->Attr("assignee"));
    user.users = many(a->Attr("candidateUsers"));
    user.groups = many(a->Attr("candidateGroups"));
  }
  auto camunda = [&](const char* key) { return e.AttrOf(Ns::kCamunda, key); };
  if (user.assignee == kNone) user.assignee = one(camunda("assignee"));
  if (user.users == kNone) user.users = many(camunda("candidateUsers"));
  if (user.groups == kNone) user.groups = many(camunda("candidateGroups"));
  for (const auto* c : e.children) {
    bool owner = c->Is("potentialOwner");
    if (!owner && !c->Is("humanPerformer") && !c->Is("performer")) continue;
    std::string text;
    if (const auto* r = c->Child("resourceAssignmentExpression")) text = r->Text();
    if (const auto* r = c->Child("resourceRef"); r != nullptr && text.empty()) {
      const auto* resource = graph_->Follow(*r, r->Text());
      text = resource == nullptr ? r->Text() : std::string(resource->Attr("name"));
    }
    if (text.empty()) continue;
    if (owner && user.groups == kNone) user.groups = many(text);
    if (!owner && user.assignee == kNone) user.assignee = one(text);
  }
  if (user.assignee == kNone && user.users == kNone && user.groups == kNone) {
    user.lane = LaneOf(e);
  }
  if (const auto* f = e.Extension(Ns::kZeebe, "formDefinition")) {
    for (const char* key : {"formId", "formKey", "externalReference"}) {
      if (user.form.empty()) user.form = std::string(f->Attr(key));
    }
  }
  if (user.form.empty()) user.form = std::string(camunda("formKey"));
  if (!user.form.empty() && options_.form_exists && !options_.form_exists(user.form)) {
    Complain(rule::kDeployForm, e, user.form);
  }
  if (const auto* s = e.Extension(Ns::kZeebe, "taskSchedule")) user.due = one(s->Attr("dueDate"));
  if (user.due == kNone) user.due = one(camunda("dueDate"));
  if (const auto* p = e.Extension(Ns::kZeebe, "priorityDefinition")) {
    auto text = p->Attr("priority");
    if (!text.empty()) user.priority = Compile(text, e);
  }
  if (e.Extension(Ns::kCity, "applicant") != nullptr) user.applicant = true;
  if (const auto* d = e.Extension(Ns::kCity, "deadline")) {
    user.deadline_working_days = Int(d->Attr("days"), 0);
    user.calendar = std::string(d->Attr("calendar"));
  }
  if (const auto* s = e.Extension(Ns::kCity, "signing")) {
    auto mode = s->Attr("mode");
    if (mode == "any") user.signing.mode = SignMode::kAny;
    if (mode == "count") user.signing.mode = SignMode::kCount;
    if (mode == "percent") user.signing.mode = SignMode::kPercent;
    user.signing.number = Int(s->Attr(mode == "percent" ? "percent" : "count"), 0);
    user.signing.veto = s->Flag("veto", false);
    user.signing.sequential = s->Flag("sequential", false);
    user.signing.signers = many(s->Attr("signers"));
    user.outcome_variable = std::string(s->Attr("outcome"));
  }
  if (const auto* r = e.Extension(Ns::kCity, "return")) {
    auto to = r->Attr("to");
    auto has = [&](std::string_view word) { return to.empty() || to.find(word) != to.npos; };
    user.returns.applicant = has("applicant");
    user.returns.previous = has("previous");
    user.returns.named = has("named");
    for (auto step : Split(r->Attr("steps"), ',')) {
      if (!Trim(step).empty()) user.returns.steps.emplace_back(Trim(step));
    }
  }
}

void Deployer::FillLoop(const Element& e, Node& node) {
  auto& loop = node.loop;
  if (const auto* s = e.Child("standardLoopCharacteristics")) {
    loop.kind = LoopKind::kStandard;
    loop.test_before = s->Flag("testBefore", false);
    if (s->Has("loopMaximum")) loop.maximum = Int(s->Attr("loopMaximum"), -1);
    if (const auto* c = s->Child("loopCondition"); c != nullptr && !c->Text().empty()) {
      loop.condition = Compile(c->Text(), e);
    }
    if (loop.condition == kNone && loop.maximum < 0) {
      Complain(rule::kDeployUnsupported, e,
               "standardLoopCharacteristics: no condition, no maximum");
    }
  }
  const auto* m = e.Child("multiInstanceLoopCharacteristics");
  if (m == nullptr) return;
  loop.kind = LoopKind::kMulti;
  loop.sequential = m->Flag("isSequential", false);
  if (const auto* c = m->Child("loopCardinality"); c != nullptr && !c->Text().empty()) {
    loop.cardinality = Compile(c->Text(), e);
  }
  if (const auto* c = m->Child("completionCondition"); c != nullptr && !c->Text().empty()) {
    loop.completion = Compile(c->Text(), e);
  }
  if (const auto* z = m->Extension(Ns::kZeebe, "loopCharacteristics")) {
    loop.collection = Compile(z->Attr("inputCollection"), e);
    loop.input_element = std::string(z->Attr("inputElement"));
    loop.output_collection = std::string(z->Attr("outputCollection"));
    if (z->Has("outputElement")) loop.output_element = Compile(z->Attr("outputElement"), e);
  }
  auto collection = m->AttrOf(Ns::kCamunda, "collection");
  if (!collection.empty()) {
    loop.collection = Compile(collection, e);
    loop.input_element = std::string(m->AttrOf(Ns::kCamunda, "elementVariable"));
  }
  if (const auto* r = m->Child("loopDataInputRef")) {
    auto name = DataName(*r, r->Text());
    for (const auto& [from, to] : node.data_inputs) {
      if (to == name) name = from;  // the input is filled from this variable
    }
    if (!name.empty()) loop.collection = Compile("=" + name, e);
    if (const auto* i = m->Child("inputDataItem")) {
      loop.input_element = std::string(i->Attr("name").empty() ? i->id : i->Attr("name"));
    }
  }
  if (const auto* r = m->Child("loopDataOutputRef")) {
    auto name = DataName(*r, r->Text());
    for (const auto& [from, to] : node.data_outputs) {
      if (from == name) name = to;
    }
    loop.output_collection = name;
    if (const auto* o = m->Child("outputDataItem")) {
      auto item = std::string(o->Attr("name").empty() ? o->id : o->Attr("name"));
      if (!item.empty()) loop.output_element = Compile("=" + item, e);
    }
  }
  if (loop.cardinality == kNone && loop.collection == kNone) {
    Complain(rule::kDeployUnsupported, e, "multiInstanceLoopCharacteristics: no cardinality");
  }
  auto behaviour = m->Attr("behavior");
  if (behaviour == "None" || behaviour == "One") {
    loop.behaviour = behaviour == "None" ? Behaviour::kNone : Behaviour::kOne;
    const auto* d = graph_->Follow(
        *m, m->Attr(behaviour == "None" ? "noneBehaviorEventRef" : "oneBehaviorEventRef"));
    if (d != nullptr && IsEventDefinition(*d)) loop.event = MakeEvent(*d, e);
  }
  if (behaviour == "Complex") {
    loop.behaviour = Behaviour::kComplex;
    for (const auto* c : m->children) {
      if (!c->Is("complexBehaviorDefinition")) continue;
      ComplexBehaviour b;
      if (const auto* x = c->Child("condition")) b.condition = Compile(x->Text(), e);
      if (const auto* x = c->Child("event")) {
        for (const auto* d : x->children) {
          if (IsEventDefinition(*d)) b.event = MakeEvent(*d, e);
        }
      }
      loop.complex.push_back(std::move(b));
    }
  }
}

void Deployer::FillTask(const Element& e, Node& node) {
  switch (node.kind) {
    case NodeKind::kUser:
      FillUser(e, node);
      break;
    case NodeKind::kService:
    case NodeKind::kSend:
    case NodeKind::kBusinessRule: {
      if (const auto* d = e.Extension(Ns::kZeebe, "calledDecision")) {
        node.decision = std::string(d->Attr("decisionId"));
        node.result_variable = std::string(d->Attr("resultVariable"));
      } else if (auto ref = e.AttrOf(Ns::kCamunda, "decisionRef"); !ref.empty()) {
        node.decision = std::string(ref);
        node.result_variable = std::string(e.AttrOf(Ns::kCamunda, "resultVariable"));
      }
      if (!node.decision.empty()) {
        if (options_.decision_exists && !IsMarked(node.decision) &&
            !options_.decision_exists(node.decision)) {
          Complain(rule::kDeployDecision, e, node.decision);
        }
        break;
      }
      if (FillJob(e, node)) break;
      if (node.kind == NodeKind::kSend) {
        EventSpec message;
        message.kind = EventKind::kMessage;
        message.name = MessageName(e, e);
        if (const auto* c = e.Extension(Ns::kCity, "message")) {
          if (c->Has("correlationKey")) message.key = Compile(c->Attr("correlationKey"), e);
        }
        node.events.push_back(std::move(message));
        break;
      }
      node.job = std::make_unique<JobSpec>();
      const auto* operation = graph_->Follow(e, e.Attr("operationRef"));
      if (operation != nullptr) node.job->type_text = std::string(operation->Attr("name"));
      if (node.job->type_text.empty()) node.job->type_text = node.id;
      break;
    }
    case NodeKind::kReceive: {
      EventSpec message;
      message.kind = EventKind::kMessage;
      message.name = MessageName(e, e);
      if (const auto* m = graph_->Follow(e, e.Attr("messageRef"))) {
        if (const auto* s = m->Extension(Ns::kZeebe, "subscription")) {
          if (s->Has("correlationKey")) message.key = Compile(s->Attr("correlationKey"), e);
        }
      }
      node.instantiate = e.Flag("instantiate", false);
      node.events.push_back(std::move(message));
      break;
    }
    case NodeKind::kScript: {
      if (const auto* s = e.Extension(Ns::kZeebe, "script")) {
        node.script_expression = Compile(s->Attr("expression"), e);
        node.result_variable = std::string(s->Attr("resultVariable"));
        break;
      }
      if (FillJob(e, node)) break;
      node.script_format = std::string(e.Attr("scriptFormat"));
      node.result_variable = std::string(e.AttrOf(Ns::kCamunda, "resultVariable"));
      if (const auto* s = e.Child("script")) node.script = s->Text();
      auto format = LowerAscii(node.script_format);
      if (format == "feel" || format == "application/feel" || format == "text/feel") {
        node.script_expression = Compile("=" + node.script, e);
      } else if (node.script.empty()) {
        Complain(rule::kDeployScript, e);
      }
      break;
    }
    default:
      break;
  }
}

void Deployer::FillCall(const Element& e, Index index) {
  auto& node = out_->nodes[static_cast<std::size_t>(index)];
  std::string id;
  if (const auto* c = e.Extension(Ns::kZeebe, "calledElement")) {
    id = std::string(c->Attr("processId"));
    node.pass_all_in = c->Flag("propagateAllParentVariables", true);
    node.pass_all_out = c->Flag("propagateAllChildVariables", node.outputs.empty());
  } else {
    id = std::string(e.Attr("calledElement"));
  }
  if (IsMarked(id)) {
    Complain(rule::kDeployUnsupported, e, "calledElement is an expression: " + id);
    return;
  }
  auto known = called_.find(id);
  if (known != called_.end()) {
    node.called = known->second;
    return;
  }
  const Element* target = graph_->Follow(e, id);
  if (target != nullptr && (target->Is("process") || IsGlobalTask(*target))) {
    auto at = index_.find(target);
    Index found = at != index_.end()      ? at->second
                  : target->Is("process") ? AddProcess(*target)
                                          : AddGlobalTask(*target);
    called_.emplace(id, found);
    out_->nodes[static_cast<std::size_t>(index)].called = found;
    return;
  }
  if (document_ != &own_) {
    // A called file may call back the one that is being deployed.
    for (const auto* own : own_.ById(id)) {
      auto at = index_.find(own);
      if (at == index_.end() || !own->Is("process")) continue;
      called_.emplace(id, at->second);
      out_->nodes[static_cast<std::size_t>(index)].called = at->second;
      return;
    }
  }
  if (!options_.called) {
    // Nobody to ask: the file may be deployed, the call will stand as an incident.
    Finding warning;
    warning.rule = &rule::kDeployCalled;
    warning.element = e.Label();
    warning.element_kind = std::string(e.name);
    warning.line = e.line;
    warning.detail = id;
    out_->warnings.push_back(std::move(warning));
    return;
  }
  const Document* other = options_.called(id);
  if (other == nullptr) {
    Complain(rule::kDeployCalled, e, id);
    return;
  }
  auto ids = other->ById(id);
  if (ids.empty() || !ids.front()->Is("process")) {
    Complain(rule::kDeployCalled, e, id);
    return;
  }
  for (const auto& finding : Lint(*other)) {
    if (finding.is_error()) {
      Complain(rule::kDeployCalled, e, id + ": " + finding.element + " " + finding.rule->id);
      return;
    }
  }
  auto* own_document = document_;
  auto own_graph = std::move(graph_);
  document_ = other;
  graph_ = std::make_unique<FlowGraph>(*other);
  auto known_process = index_.find(ids.front());
  Index found = known_process != index_.end() ? known_process->second : AddProcess(*ids.front());
  // What that file calls is resolved while its names are at hand.
  called_.emplace(id, found);
  out_->nodes[static_cast<std::size_t>(index)].called = found;
  std::vector<std::pair<const Element*, Index>> inner;
  std::swap(inner, calls_);
  std::vector<std::pair<const Element*, Index>> outer;
  for (auto& call : inner) {
    const Element* root = call.first;
    while (root->parent != nullptr) root = root->parent;
    (root == &other->root() ? calls_ : outer).push_back(call);
  }
  auto theirs = calls_;
  calls_ = outer;
  for (auto& [element, i] : theirs) {
    if (out_->nodes[static_cast<std::size_t>(i)].called == kNone) FillCall(*element, i);
  }
  document_ = own_document;
  graph_ = std::move(own_graph);
}

void Deployer::FillNode(const Element& e, Node& node) {
  node.start_quantity = Int(e.Attr("startQuantity"), 1);
  node.completion_quantity = Int(e.Attr("completionQuantity"), 1);
  node.for_compensation = e.Flag("isForCompensation", false) && !IsEventSubProcess(e);
  FillMappings(e, node);
  FillData(e, node);
  if (IsActivity(e)) FillLoop(e, node);
  for (const auto& t : graph_->Triggers(e)) node.events.push_back(MakeEvent(*t.definition, e));
  node.parallel_multiple = e.Flag("parallelMultiple", false) && node.events.size() > 1;
  switch (node.kind) {
    case NodeKind::kStart:
      node.interrupting = e.Flag("isInterrupting", true);
      break;
    case NodeKind::kBoundary: {
      node.interrupting = e.Flag("cancelActivity", true);
      const auto* host = graph_->Follow(e, e.Attr("attachedToRef"));
      auto it = host == nullptr ? index_.end() : index_.find(host);
      if (it != index_.end()) node.attached_to = it->second;
      const auto* handler = graph_->CompensationHandler(e);
      auto h = handler == nullptr ? index_.end() : index_.find(handler);
      if (h != index_.end()) node.handler = h->second;
      break;
    }
    case NodeKind::kThrow:
    case NodeKind::kEnd:
      // A zeebe job on a message event sends the message.
      if (!node.events.empty()) FillJob(e, node);
      break;
    case NodeKind::kEventGateway:
      node.instantiate = e.Flag("instantiate", false);
      break;
    case NodeKind::kComplex:
      if (const auto* a = e.Child("activationCondition"); a != nullptr && !a->Text().empty()) {
        node.activation = Compile(a->Text(), e);
      }
      break;
    case NodeKind::kAdHoc:
      node.ordered = e.Attr("ordering") == "Sequential";
      node.cancel_remaining = e.Flag("cancelRemainingInstances", true);
      if (const auto* c = e.Child("completionCondition"); c != nullptr && !c->Text().empty()) {
        node.completion = Compile(c->Text(), e);
      }
      if (const auto* a = e.Extension(Ns::kZeebe, "adHoc")) {
        if (a->Has("activeElementsCollection")) {
          node.active_elements = Compile(a->Attr("activeElementsCollection"), e);
        }
      }
      break;
    case NodeKind::kCall:
      node.pass_all_out = node.outputs.empty();
      calls_.emplace_back(&e, index_.at(&e));
      break;
    case NodeKind::kProcess:
      for (const auto* x : e.children) {
        if (!x->Is("extensionElements")) continue;
        for (const auto* v : x->children) {
          if (v->ns == Ns::kCity && v->name == "variable") {
            out_->variables.emplace_back(v->Attr("name"));
          }
        }
      }
      break;
    default:
      FillTask(e, node);
      break;
  }
}

}  // namespace city::flow
