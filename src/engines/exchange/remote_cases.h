// SPDX-License-Identifier: Apache-2.0
// Why: somebody applies at a window far from the office that decides. The window checks person and
// papers, the office decides, and both see how it stands: across counties of one installation, and
// across cities of two.
//
// Records (declared in the model): remote_case, courier_item; changed as well: exchange_partner
// (its offer). Own tables: exchange_file.
// Messages (docs/formats/exchange.md): ask-offer, offer, file, case, state, act, courier.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engines/exchange/exchange.h"

namespace city::exchange {

/// A file on its way: {name, bytes}.
struct FileBytes {
  std::string name, bytes;
};

/// Kind, name, number and phone of whoever applies, and nothing else: no window of another city may
/// name an account here.
json::object CleanApplicant(const json::object& given);

/// What remote receipt asks of cases, files and items; the model supplies it. Inside `writer` the
/// rights of an engine hold; rights of the caller were checked before.
class Offices {
 public:
  virtual ~Offices() = default;
  /// Items that other cities may receive applications for: {code, basic_code, name,
  /// department_name, legal_days, promised_days, conditions, materials, form: {schema, ui}}.
  virtual Result<json::array> Offer() = 0;
  /// The published item with this implementation code: a row with `department_name`.
  virtual Result<json::object> ItemOf(store::Reader& reader, const std::string& code) = 0;
  /// Errors: cases.form_wrong with one detail for each fault.
  virtual Result<json::object> CheckAnswers(const json::object& form,
                                            const json::object& answers) = 0;
  /// Submits {item, applicant, data, materials}; the key of the case.
  virtual Result<std::string> Submit(ledger::Writer& writer, const json::object& application) = 0;
  virtual Result<void> Act(ledger::Writer& writer, const std::string& case_id,
                           const std::string& act, const json::object& body) = 0;
  /// How a case stands, as its applicant may know it: {number, state, state_zh, state_en, step,
  /// promised_due, legal_due, accepted_at, decided_at, delivered_at, reason, correction, timeline,
  /// results: [{ref, name}], stamp}; `stamp` never falls while the case goes on.
  virtual Result<json::object> Face(const std::string& case_id) = 0;
  /// The bytes of an attachment ("attachment") or of a sealed certificate ("certificate"). The
  /// reading is recorded for `who`.
  virtual Result<FileBytes> ReadFile(const ledger::Subject& who, const std::string& kind,
                                     const std::string& id) = 0;
  /// Bytes to disk, outside any command; what `KeepFile` needs.
  virtual Result<json::object> StoreFile(const FileBytes& file) = 0;
  /// The record of a stored file; its key.
  virtual Result<std::string> KeepFile(ledger::Writer& writer, const json::object& stored) = 0;
};

/// Threads: any.
class RemoteCases {
 public:
  /// Tells `exchange` what its messages mean.
  static Result<std::unique_ptr<RemoteCases>> Open(ledger::Ledger& ledger, Exchange& exchange,
                                                   Offices& offices);

  /// Reviews a partner; once trusted it is asked what it offers. Answers nothing.
  /// Errors: as Partners::Act.
  Result<void> ActOnPartner(const ledger::CommandInfo& info, const std::string& id,
                            const std::string& act, const std::string& reason);
  /// Asks a partner anew what may be received for it.
  Result<void> AskOffer(const ledger::CommandInfo& info, const std::string& partner);
  /// Items of trusted partners that match `q`, without forms: {rows, partners: [{code, name, at}]}.
  Result<std::string> Offers(const std::string& partner, const std::string& q);
  /// One of them in full. Errors: exchange.item_not_offered.
  Result<json::object> OfferOf(store::Reader& reader, const std::string& partner,
                               const std::string& code);

  /// A window receives an application for elsewhere: {partner (empty: this installation), item
  /// (implementation code), applicant: {kind, name, id_number, phone}, data, materials: [{material,
  /// attachments, paper}], organisation?, region?}. Answers the key of the remote case.
  /// Errors: exchange.item_not_offered, applicant_missing, material_missing, own_region,
  /// cases.form_wrong and what the owner says of a case of this installation.
  Result<std::string> Receive(const ledger::CommandInfo& info, const json::object& body);
  /// correct, withdraw, deliver: {data?, materials?, reason?, note?}, done by the receiving window.
  Result<void> Act(const ledger::CommandInfo& info, const std::string& id, const std::string& act,
                   const json::object& body);
  /// Papers leave by courier: {what, carrier?, number}. Either side. Errors: courier_wrong.
  Result<std::string> SendPapers(const ledger::CommandInfo& info, const std::string& id,
                                 const json::object& body);
  /// Papers have come.
  Result<void> PapersCame(const ledger::CommandInfo& info, const std::string& courier);
  /// The row as this subject may see it, with `couriers`, `acts`.
  Result<std::string> View(const ledger::Subject& who, const std::string& id);
  /// What the page of a case shows of the other side; "{}" when there is none.
  Result<std::string> OfCase(const std::string& case_id);
  /// A result file of a remote case for its window.
  Result<FileBytes> ReadResult(const ledger::Subject& who, const std::string& id,
                               const std::string& ref);
  /// Tells the other side when the case stands otherwise than it was told. Doing it twice changes
  /// nothing.
  Result<void> FollowCase(const std::string& case_id);

 private:
  RemoteCases(ledger::Ledger& ledger, Exchange& exchange, Offices& offices)
      : ledger_(ledger), exchange_(exchange), offices_(offices) {}
  void KnowKinds();
  Result<json::object> Out(store::Reader& reader, const std::string& partner,
                           const std::string& key, std::string_view mode);
  Result<void> SendFiles(ledger::Writer& writer, const std::string& partner,
                         const std::string& about, const json::array& materials);
  Result<json::array> MaterialsHere(store::Reader& reader, const std::string& partner,
                                    const std::string& about, const json::array& materials);
  Result<json::object> TakeFile(ledger::Writer& writer, const Incoming& in,
                                const json::object& prepared);
  Result<json::object> TakeCase(ledger::Writer& writer, const Incoming& in);
  Result<json::object> TakeState(ledger::Writer& writer, const Incoming& in);
  Result<json::object> TakeAct(ledger::Writer& writer, const Incoming& in);
  Result<json::object> TakeCourier(ledger::Writer& writer, const Incoming& in);
  Result<void> Answer(ledger::Writer& writer, const Answered& answered);

  ledger::Ledger& ledger_;
  Exchange& exchange_;
  Offices& offices_;
};
}  // namespace city::exchange
