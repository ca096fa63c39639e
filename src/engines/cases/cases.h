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
  /// What a bundle asks of one applicant: questions, and then parts, form, materials, days. What
  /// `who` holds as a certificate in force is not asked for as a file.
  virtual Result<json::object> PlanBundle(const json::object& bundle, const json::object& answers,
                                          const ledger::Subject& who) = 0;
  /// The answers of the one form that belong to one part of a plan.
  virtual json::object PartAnswers(const json::object& part, const json::object& data) = 0;
  /// Like CheckForm, for a form given as {schema, ui}.
  virtual Result<json::object> CheckAnswers(const json::object& form,
                                            const json::object& answers) = 0;
  /// A paper as the city words it, filled from `facts`: {title: {zh, en}, paragraphs}. Errors:
  /// cases.no_such_paper.
  virtual Result<json::object> WritePaper(const std::string& name, const json::object& facts);
};

struct Settings {
  LightRules lights;
  int check_days = 1;           ///< working days in which a bad review is checked
  int correct_days = 15;        ///< working days in which it is corrected
  int extension_most = 10;      ///< working days; Licensing Law Art. 42
  int remind_days = 2;          ///< working days before a duty is due
  int supply_days = 10;         ///< working days for what may follow, where the item says nothing
  int promise_days = 20;        ///< working days for the check of a promise, likewise
  int revoke_days = 10;         ///< working days to decide what follows from a broken duty
  int hearing_ask_days = 5;     ///< working days to ask for a hearing; Art. 47
  int hearing_hold_days = 20;   ///< working days to hold it; Art. 47
  int hearing_notice_days = 7;  ///< days between its notice and its day; Art. 48
};

/// What a paper of a case says, with who signed it.
struct CasePaper {
  std::string kind, title_zh, title_en;
  std::vector<std::string> paragraphs;
  std::string signed_by;  ///< name; empty: nobody signs it
  std::string material;   ///< that it stands for; may be empty
  std::string due;        ///< day named in it; may be empty
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

  /// What time does by itself: reminds of duties, ends what was not kept, lets the right to a
  /// hearing lapse. Answers {reminded, broken, lapsed}; doing it twice changes nothing.
  Result<std::string> Sweep(const std::string& shard);
  /// One paper of a case that this subject may see: {number, item_name, title, paragraphs,
  /// signed_by, signed_at, digest}. Errors: ledger.not_found.
  Result<std::string> Paper(const ledger::Subject& who, const std::string& id,
                            const std::string& paper);

  /// A line among the events of a case that another engine adds (a code of the list case-told), in
  /// the name of the writer's subject; its right was checked before. Errors:
  /// cases.act_not_possible.
  Result<void> Tell(ledger::Writer& writer, const std::string& id, std::string_view act,
                    const std::string& note);
  /// A file that came by another way than an act, as a material of the case.
  Result<void> AddMaterial(ledger::Writer& writer, const std::string& id, const std::string& name,
                           const std::string& attachment, const std::string& note);

  const WorkDays& calendar() const { return calendar_; }
  /// The subject with what a step of the case lends to those it was put to; else as it is.
  Result<ledger::Subject> Lend(store::Reader& reader, const ledger::Subject& who,
                               const std::string& id);

 private:
  friend class Bundles;
  friend class Supervision;
  friend class Archive;
  struct Loaded {
    json::object row;
    std::string id, state, region, department, department_path, flow, flow_state;
    std::vector<std::string> stands_in_for;  ///< of whoever asks
  };
  Result<void> DoAct(ledger::Writer& writer, const std::string& id, const std::string& act,
                     const json::object& body, bool for_bundle);
  /// One act under way: what was asked, and what it changes of the case.
  struct Acting {
    ledger::Writer& writer;
    Loaded& loaded;
    const struct ActInfo& act;
    const json::object& body;
    ledger::Subject caller;
    json::object task;  ///< the step that it is done at; empty: none
    std::string reason;
    json::object changes;
    std::string to;  ///< state afterwards; empty: as before
    bool in_bundle;
    Date today;
  };
  Result<void> Correct(Acting& acting);
  Result<void> Accept(Acting& acting);
  Result<void> ActInFlow(Acting& acting);
  Result<void> OpenPause(Acting& acting, const std::string& kind);
  Result<void> ClosePause(Acting& acting);
  Result<void> Extend(Acting& acting);

  // Papers.
  Result<std::string> KeepPaper(ledger::Writer& writer, const std::string& id,
                                const std::string& region, const CasePaper& paper);
  /// Words, fills and keeps the paper named; its key.
  Result<std::string> WriteAndKeep(ledger::Writer& writer, const Loaded& loaded,
                                   const std::string& name, json::object facts,
                                   const std::string& signed_by, const std::string& due = {});
  Result<json::array> PapersOf(store::Reader& reader, const std::string& id);

  // What may follow, promises, and what is owed after them (missing.cc).
  struct Owed {
    std::string name;
    int days;
  };
  /// Materials that are required, may follow, and did not come.
  static std::vector<Owed> MayFollow(const json::array& asked, const json::array* given,
                                     const std::vector<std::string>& promised, int fallback);
  /// Checks what is promised instead of handed in. Errors: cases.no_promise_here,
  /// cases.promise_barred.
  Result<std::vector<std::string>> CheckPromised(store::Reader& reader, const json::object& item,
                                                 const json::array& asked, const json::object& body,
                                                 const std::string& applicant);
  Result<void> KeepPromises(ledger::Writer& writer, const Loaded& loaded, const json::object& item,
                            const std::vector<std::string>& promised,
                            const std::vector<Owed>& owed);
  Result<void> OpenSupplyDuties(ledger::Writer& writer, const Loaded& loaded, Date today);
  /// Called when a case is granted; whether something is still to follow.
  Result<bool> OpenPromiseDuties(ledger::Writer& writer, const Loaded& loaded);
  Result<void> VoidDuties(ledger::Writer& writer, const std::string& id);
  Result<void> Supplement(Acting& acting);
  Result<void> CheckPromise(Acting& acting);
  Result<void> KeepDecision(Acting& acting);
  Result<void> DutyBroken(ledger::Writer& writer, Loaded& loaded, const json::object& duty,
                          const std::string& why);
  Result<json::array> DutiesOf(store::Reader& reader, const std::string& id);

  // Hearings (hearing.cc).
  Result<json::object> HearingOf(store::Reader& reader, const std::string& id);
  Result<void> HearingAct(Acting& acting);
  /// Errors: cases.hearing_first where the law asks for the right to be heard.
  Result<void> HeardBeforeRefusal(const Acting& acting);
  /// What the form of an act asks beside words, as fields of a record.
  static json::array FieldsOf(std::string_view act);
  /// Whether an act that is possible by its state fits what the case owes and has heard.
  bool Fits(std::string_view act, const json::object& row, const json::array& duties,
            const json::object& hearing, const std::string& account) const;
  Result<Loaded> Load(store::Reader& reader, const std::string& id, const ledger::Subject& who);
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
                             const ledger::Subject& applicant, const json::object& item,
                             bool agreed_before);
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
