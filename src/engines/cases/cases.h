// SPDX-License-Identifier: Apache-2.0
// The door of cases: submit, act, look at, list, review. One engine for every kind of matter.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/work_days.h"
#include "engines/cases/case_clock.h"
#include "engines/cases/case_flow.h"
#include "ledger/ledger.h"

namespace city::cases {

/// What is decided about before a case exists.
struct Application {
  const json::object& item;
  const json::object& applicant;  ///< account, name, kind, id_number
  const json::object& answers;
  std::string region;
  std::string channel;
};

/// A decision that a case rests on: the record that explains it for ever.
struct KeptDecision {
  json::object record;     ///< values of a case_decision, but for the case
  std::string department;  ///< of a routing: key of the organisation; empty: the item's own
};

/// What cases need of forms and decisions; the model supplies it.
class CaseRules {
 public:
  virtual ~CaseRules() = default;
  /// The answers without those of hidden fields. Errors: cases.form_wrong with one detail for each
  /// fault.
  virtual Result<json::object> CheckForm(const std::string& form, const json::object& answers) = 0;
  /// Schema, pages and words of a form.
  virtual Result<json::object> Form(const std::string& form) = 0;
  /// Materials that this applicant hands in: those of the item, or what its guide yields for the
  /// `situation` given (answers by question). Errors: cases.situation_open when questions are left.
  virtual Result<json::array> Materials(const json::object& item,
                                        const json::object& situation) = 0;
  /// Whether the applicant may apply, by the rules in force for the item as `reader` sees them.
  /// Answers the decision to keep with the case; none when the item has no decision model.
  /// Errors: cases.not_eligible with the reason.
  virtual Result<std::optional<KeptDecision>> CheckEligible(store::Reader& reader,
                                                            const Application& application) = 0;
  /// Which organisation handles the application; none when the item is not routed by a model.
  virtual Result<std::optional<KeptDecision>> Route(store::Reader& reader,
                                                    const Application& application) = 0;
  /// Accounts for which this one acts today, and whether an account is an official who can act.
  virtual Result<std::vector<std::string>> StandsInFor(store::Reader& reader,
                                                       const std::string& account) = 0;
  virtual Result<bool> IsOfficial(store::Reader& reader, const std::string& account) = 0;
  /// A certificate of the applicant's own handed in for a material: {note, authorisation}. The use
  /// is recorded for its holder in the same command. Errors: cases.certificate_not_usable.
  virtual Result<json::object> UseCertificate(ledger::Writer& writer,
                                              const ledger::Subject& applicant,
                                              const json::object& item,
                                              const std::string& certificate);
  /// What a bundle asks of one applicant: questions, and then parts, form, materials, days.
  virtual Result<json::object> PlanBundle(const json::object& bundle,
                                          const json::object& answers) = 0;
  /// The answers of the one form that belong to one part of a plan.
  virtual json::object PartAnswers(const json::object& part, const json::object& data) = 0;
  /// Like CheckForm, for a form given as {schema, ui}.
  virtual Result<json::object> CheckAnswers(const json::object& form,
                                            const json::object& answers) = 0;
};

struct Settings {
  LightRules lights;
  int check_days = 1;       ///< working days in which a bad review is checked
  int correct_days = 15;    ///< working days in which it is corrected
  int extension_most = 10;  ///< working days; Licensing Law Art. 42
};

/// Threads: any.
class Cases {
 public:
  Cases(ledger::Ledger& ledger, const WorkDays& calendar, CaseFlow& flow, CaseRules& rules,
        Settings settings = {})
      : ledger_(ledger), calendar_(calendar), flow_(flow), rules_(rules), settings_(settings) {}

  /// Submits an application: {item, data, materials:[{material, attachments[]}], draft?,
  /// applicant?, channel?}. A clerk may name `applicant` {name, id_number, phone}. Answers the case
  /// as `View` does. Errors: cases.item_not_open, cases.form_wrong, cases.not_eligible,
  /// cases.material_missing.
  Result<std::string> Submit(const ledger::CommandInfo& info, const json::object& body);
  /// Submits inside a command that is under way (imports, generated cities). Answers the key of the
  /// case.
  Result<std::string> SubmitIn(ledger::Writer& writer, const json::object& body);

  /// Goes along one edge: {reason?, note?, data?, materials?, days?, kind?}.
  /// Errors: cases.act_not_possible, cases.act_not_yours, cases.reason_missing,
  /// cases.corrected_once …
  Result<std::string> Act(const ledger::CommandInfo& info, const std::string& id,
                          const std::string& act, const json::object& body);
  Result<void> ActIn(ledger::Writer& writer, const std::string& id, const std::string& act,
                     const json::object& body);
  /// The same for a part of a bundle, whose receipt and delivery are the bundle's.
  Result<void> ActForBundle(ledger::Writer& writer, const std::string& id, const std::string& act,
                            const json::object& body);
  /// Called in the command that decides a part of a bundle. Set before serving.
  using Decided = std::function<Result<void>(ledger::Writer&, const std::string& id, bool granted)>;
  void OnDecided(Decided decided) { decided_ = std::move(decided); }

  /// Five grades, once a case: {grade, tags[], text}.
  Result<std::string> Review(const ledger::CommandInfo& info, const std::string& id,
                             const json::object& body);
  /// `about` replaces number, item_name and department where a bundle is reviewed.
  Result<void> ReviewIn(ledger::Writer& writer, const std::string& id, const json::object& body,
                        const json::object& about = {});

  /// The row of a case as this subject may see it, also where a step of it was put to them.
  /// Errors: ledger.not_found.
  Result<ledger::One> Read(const ledger::Subject& who, const std::string& id);
  /// The case as its page shows it to this subject.
  Result<std::string> View(const ledger::Subject& who, const std::string& id);
  /// Rows of cases with clock and words. `view`: mine, done, all.
  Result<std::string> List(const ledger::Subject& who, const std::string& view,
                           const std::string& state, const std::string& q,
                           const std::string& filter, const std::string& after, int limit);
  /// Steps that wait for this subject, the most urgent first. `view`: open or copies.
  Result<std::string> Todo(const ledger::Subject& who, const std::string& view,
                           const std::string& after, int limit, const std::string& light);
  Result<std::string> TodoCount(const ledger::Subject& who);

  /// Counts the due days of open cases again after the calendar was amended, one command for up to
  /// 500 cases; decided cases keep theirs. Answers how many due days moved.
  Result<int> RecountOpen(const std::string& shard);

  const WorkDays& calendar() const { return calendar_; }

 private:
  friend class Bundles;
  struct Loaded {
    json::object row;
    std::string id, state, region, department, department_path, flow, flow_state;
    std::vector<std::string> stands_in_for;  ///< of whoever asks
  };
  Result<void> DoAct(ledger::Writer& writer, const std::string& id, const std::string& act,
                     const json::object& body, bool for_bundle);
  Result<Loaded> Load(store::Reader& reader, const std::string& id, const ledger::Subject& who);
  /// The subject with what a step of the case lends to those it was put to; else as it is.
  Result<ledger::Subject> Lend(store::Reader& reader, const ledger::Subject& who,
                               const std::string& id);
  /// The subject for its list of steps: with those of whoever it stands in for.
  Result<ledger::Subject> WithAbsent(ledger::Subject who);
  Error NotPossible(const Loaded& loaded) const;
  /// Open steps of the case, each with `path` of its organisation.
  Result<json::array> OpenTasks(store::Reader& reader, const Loaded& loaded);
  bool HoldsTask(const Loaded& loaded, const ledger::Subject& who, const json::object& task) const;
  /// The open step that this subject acts at. Errors: cases.act_not_yours.
  Result<json::object> TaskFor(store::Reader& reader, const Loaded& loaded,
                               const ledger::Subject& who, const std::string& wanted);
  StepAct StepOf(const Loaded& loaded, const ledger::Subject& who, const std::string& key,
                 std::string_view verb) const;
  /// Whether the subject leads the step's department and may hand on what others have.
  bool Manages(const Loaded& loaded, const ledger::Subject& who) const;
  Result<void> ActOnStep(ledger::Writer& writer, const std::string& id, const struct StepWay& way,
                         const json::object& body);
  Result<std::vector<std::string>> PeopleOf(store::Reader& reader, const struct StepWay& way,
                                            const json::object& body);
  /// Adds `ways` and `seats` and the acts of open steps.
  Result<void> AddWays(store::Reader& reader, const Loaded& loaded, const ledger::Subject& who,
                       json::object& out, json::array& acts);
  Result<void> MayAct(const Loaded& loaded, const ledger::Subject& who, const struct ActInfo& act,
                      const json::object* task) const;
  Result<json::object> NamesOf(store::Reader& reader, const std::vector<std::string>& accounts);
  Result<void> OpenTask(ledger::Writer& writer, const json::object& item, const std::string& id,
                        const std::string& region, const OpenStep& step, const std::string& due);
  Result<void> CloseTasks(ledger::Writer& writer, const std::string& id,
                          const std::string& only_key = {});
  Result<void> NoteEvent(ledger::Writer& writer, const std::string& id, std::string_view act,
                         const std::string& note, std::string_view from, std::string_view to,
                         const std::string& step, const std::string& region,
                         const std::vector<std::string>& people = {});
  Result<void> ApplyStanding(ledger::Writer& writer, Loaded& loaded, const FlowStanding& standing,
                             json::object& changes);
  Result<void> KeepMaterials(ledger::Writer& writer, const std::string& id,
                             const std::string& region, const json::array& given,
                             const ledger::Subject& applicant, const json::object& item);
  ClockState ClockOf(const json::object& row, Date today) const;
  void AddClock(json::object& out, const json::object& row, Date today) const;
  Result<void> Keep(ledger::Writer& writer, const std::string& id, const std::string& region,
                    const std::optional<KeptDecision>& decision);
  /// The decisions of a case as its page tells them; in full for officials.
  Result<json::array> DecisionsOf(store::Reader& reader, const std::string& id, bool in_full);
  Result<std::string> Number(ledger::Writer& writer, const std::string& region,
                             const std::string& type);

  ledger::Ledger& ledger_;
  const WorkDays& calendar_;
  CaseFlow& flow_;
  CaseRules& rules_;
  Settings settings_;
  Decided decided_;
};
}  // namespace city::cases
