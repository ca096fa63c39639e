// SPDX-License-Identifier: Apache-2.0
#include "model/city.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/log.h"
#include "engines/certificates/errors.h"
#include "engines/items/changes.h"
#include "model/decision_files.h"
#include "model/errors.h"
#include "model/model_changes.h"

namespace city::model {
namespace fs = std::filesystem;
namespace {
/// The master key of the key store: given by the operator, or kept in a file that only the owner
/// can read.
Result<crypto::Secret> MasterKey(const CityOptions& options) {
  if (!options.master_key.empty()) return crypto::ReadMasterKey(options.master_key);
  fs::path path = fs::path(options.data_folder) / "master.key";
  std::ifstream in(path);
  std::string text;
  if (in >> text) return crypto::ReadMasterKey(text);
  text = crypto::ToHex(crypto::RandomBytes(32));
  int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  bool good = file >= 0 &&
              write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
              fsync(file) == 0;
  if (file >= 0) close(file);
  if (!good) return error::kDataFolder({{"folder", options.data_folder}});
  return crypto::ReadMasterKey(text);
}
}  // namespace

Result<std::unique_ptr<City>> City::Open(const CityOptions& options, const Clock& clock) {
  auto city = std::unique_ptr<City>(new City(options, clock));
  {
    // Wrong files are refused before anything is made on disk.
    TRY(Model checked, Load(options.model_folder, options.place));
    TRY_VOID(ReadPlace(checked));
  }
  std::error_code code;
  fs::create_directories(fs::path(options.data_folder) / "attachments", code);
  if (code) return error::kDataFolder({{"folder", options.data_folder}});
  TRY(crypto::Secret master, MasterKey(options));
  TRY(auto keys,
      crypto::OpenKeyStore((fs::path(options.data_folder) / "keys.yks").string(), master));
  city->keys_ = std::move(keys);
  Time now = clock.Now();
  TRY_VOID(city->keys_->Ensure(kAuditKey, crypto::Purpose::kSign, now));
  // Whoever checks the log needs this key alone, not the key store.
  TRY(crypto::Sm2PublicKey audit_key, city->keys_->PublicKey(kAuditKey));
  std::ofstream(fs::path(options.data_folder) / "audit-public.pem") << audit_key.ToPem();
  TRY_VOID(city->keys_->Ensure("attachments", crypto::Purpose::kSeal, now));
  TRY_VOID(city->keys_->Ensure("attachment-names", crypto::Purpose::kIndex, now));
  TRY_VOID(city->keys_->Ensure(certificates::kCredentialKey, crypto::Purpose::kSign, now));
  TRY_VOID(city->keys_->Ensure(certificates::kHolderKey, crypto::Purpose::kIndex, now));
  TRY_VOID(city->keys_->Ensure(certificates::kFileKey, crypto::Purpose::kSeal, now));
  TRY_VOID(city->keys_->Ensure(space::kConsentKey, crypto::Purpose::kSign, now));
  TRY_VOID(city->keys_->Ensure(cases::kArchiveKey, crypto::Purpose::kSign, now));

  TRY(auto store, store::Open(options.store_url));
  city->store_ = std::move(store);
  TRY(auto ledger, ledger::Ledger::Open(*city->store_, clock, city->keys_.get()));
  city->ledger_ = std::move(ledger);
  TRY(Model read, ReadHeldOr(*city->store_, options));
  city->models_.push_back(std::make_unique<const Model>(std::move(read)));
  city->model_now_ = city->models_.back().get();
  TRY(Place place, ReadPlace(city->model()));
  city->place_ = std::move(place);
  TRY(auto case_world, CaseWorld::Make(city->model(), city->place_.calendar, clock));
  city->case_world_ = std::move(case_world);
  TRY_VOID(city->ledger_->Install(city->model().catalogue, ledger::System("model"),
                                  "files of " + options.model_folder, ToText(city->model().files)));
  TRY(auto accounts, accounts::Accounts::Open(*city->ledger_));
  city->accounts_ = std::move(accounts);
  TRY_VOID(KeepPlace(*city->ledger_, city->place_));
  city->rulebook_ = std::make_unique<decisions::Rulebook>(*city->ledger_);
  TRY(auto decision_files, ReadDecisionFiles(city->model(), now));
  TRY_VOID(city->rulebook_->Keep(decision_files, city->place_.code));
  city->case_world_->Use(*city->rulebook_);
  city->attachments_ = std::make_unique<attachments::Attachments>(
      *city->ledger_, *city->keys_,
      attachments::Settings{(fs::path(options.data_folder) / "attachments").string(), 20u << 20,
                            options.scanner});
  city->cases_ = std::make_unique<cases::Cases>(*city->ledger_, city->place_.calendar,
                                                *city->case_world_, *city->case_world_);
  TRY(auto processes, ProcessWorld::Open(*city->ledger_, city->model(), city->place_,
                                         *city->case_world_, *city->rulebook_));
  city->processes_ = std::move(processes);
  city->ledger_->Watch("item",
                       [](ledger::Writer& writer, const json::object& before,
                          const json::object& after) -> Result<void> {
                         TRY_VOID(items::TellAffected(writer, before, after));
                         return {};
                       });
  TRY_VOID(city->OpenRegistration());
  TRY_VOID(city->OpenSearch());
  TRY_VOID(city->OpenSupervision());
  TRY_VOID(city->KeepCalendar());
  TRY(auto authority,
      certificates::Authority::Open((fs::path(options.data_folder) / "authority").string(),
                                    *city->keys_, city->place_.name.zh, now));
  city->authority_ = std::move(authority);
  city->certificate_files_ = std::make_unique<certificates::SealedFiles>(
      (fs::path(options.data_folder) / "certificates").string(), *city->keys_,
      certificates::kFileKey);
  city->seals_ = std::make_unique<certificates::Seals>(
      *city->ledger_, *city->keys_, *city->authority_, *city->certificate_files_);
  city->seal_uses_ = std::make_unique<certificates::SealUses>(*city->ledger_, *city->seals_,
                                                              *city->certificate_files_);
  city->trusted_roots_ =
      std::make_unique<certificates::TrustedRoots>(*city->ledger_, city->authority_->root());
  TRY(certificates::CertificateTypes types, ReadCertificateTypes(city->model()));
  certificates::Settings certificate_settings;
  city->address_ = options.public_address;
  if (city->address_.empty()) city->address_ = std::string(TextAt(city->place_.about, "web"));
  certificate_settings.address = city->address_;
  city->certificates_ = std::make_unique<certificates::Certificates>(
      *city->ledger_, *city->keys_, *city->authority_, *city->seals_, *city->certificate_files_,
      std::move(types), certificate_settings);
  city->holdings_ = std::make_unique<SpaceHoldings>(*city->ledger_, *city->certificates_);
  city->space_ = std::make_unique<space::Space>(*city->ledger_, *city->keys_, *city->holdings_);
  city->case_world_->Join(city->certificates_.get(), city->space_.get());
  city->bundles_ = std::make_unique<cases::Bundles>(*city->cases_, *city->ledger_,
                                                    *city->case_world_, city->place_.calendar);
  city->reviews_ = std::make_unique<reviews::Reviews>(*city->ledger_);
  TRY(auto fleet, fleet::Fleet::Open(*city->ledger_));
  city->fleet_ = std::move(fleet);
  city->cards_ = std::make_unique<one_card::Cards>(*city->ledger_);
  city->codes_ = std::make_unique<one_card::Codes>(*city->ledger_);
  city->halls_ = std::make_unique<halls::Halls>(*city->ledger_, city->place_.calendar);
  city->case_world_->SetItems(
      [&city = *city](const std::string& basic_code) { return city.ItemOf(basic_code); });
  city->relay_ = std::make_unique<ledger::Relay>(*city->store_, clock);
  TRY_VOID(city->OpenExchange());
  TRY_VOID(city->OpenRooms());
  return city;
}

Result<std::vector<ledger::SchemaChange>> City::PutModel(Model model, const ledger::Subject& who,
                                                         const std::string& summary) {
  std::lock_guard lock(model_mutex_);
  auto next = std::make_unique<const Model>(std::move(model));
  // Forms are read first: they can be refused, and until then nothing has changed.
  TRY_VOID(CaseWorld::CheckForms(*next));
  TRY(std::vector<ledger::SchemaChange> changes,
      ledger_->Install(next->catalogue, who, summary, ToText(next->files)));
  TRY_VOID(case_world_->UseForms(*next));
  models_.push_back(std::move(next));
  model_now_.store(models_.back().get());
  return changes;
}

Result<json::object> City::ItemOf(const std::string& basic_code) {
  TRY(auto snapshot, store_->Read());
  std::string id;
  {
    // The city's own before a county's.
    TRY(store::Rows rows, snapshot->Query("select id from r_item where basic_code = $1 and state = "
                                          "'published' and ended_at is null order by level limit 1",
                                          {basic_code}));
    if (rows.Next()) id = rows.Text(0);
  }
  auto catalogue = ledger_->catalogue();
  TRY(json::object item, ledger::ReadRow(*snapshot, *catalogue, "item", id));
  TRY(json::object body, ledger::ReadRow(*snapshot, *catalogue, "organisation",
                                         std::string(TextAt(item, "department"))));
  item["department_name"] = body.at("name");
  return item;
}

Result<void> City::OpenSearch() {
  std::vector<std::vector<std::string>> synonyms;
  if (auto shelf = model().shelves.find("words"); shelf != model().shelves.end())
    for (const ShelfFile& file : shelf->second) {
      if (file.name != "search-synonyms") continue;
      TRY(yaml::Node node, yaml::Load(file.path));
      if (const yaml::Node* groups = node.Find("synonyms"))
        for (const yaml::Node& group : groups->items) {
          synonyms.emplace_back();
          for (const yaml::Node& word : group.items) synonyms.back().push_back(word.text);
        }
    }
  item_finder_ = std::make_unique<ItemFinder>(*ledger_, std::move(synonyms));
  ledger_->Watch("item",
                 [this](ledger::Writer&, const json::object&, const json::object&) -> Result<void> {
                   item_finder_->Forget();
                   return {};
                 });
  return {};
}

Result<void> City::OpenExchange() {
  TRY(exchange::Pair own,
      exchange::OwnPair((fs::path(options_.data_folder) / "exchange").string(), *keys_,
                        authority_->issuing(), authority_->SignerOf("issuing"), place_.code,
                        place_.name.zh, clock_.Now()));
  TRY(auto exchange,
      exchange::Exchange::Open(*ledger_, *keys_, std::move(own),
                               options_.post ? options_.post : exchange::Post(PostToPartner),
                               {place_.code, place_.name.zh, std::chrono::minutes(5)}));
  exchange_ = std::move(exchange);
  exchange_world_ = std::make_unique<ExchangeWorld>(*ledger_, *case_world_, *cases_, *attachments_,
                                                    *certificates_);
  TRY(auto remote_cases, exchange::RemoteCases::Open(*ledger_, *exchange_, *exchange_world_));
  remote_cases_ = std::move(remote_cases);
  // A partner that cannot be reached keeps nobody else waiting.
  relay_->LeaveTo(exchange::kTopic);
  exchange_lane_ =
      std::make_unique<ledger::Relay>(*store_, clock_, exchange::kTopic, std::chrono::minutes(1));
  exchange_lane_->Hear(exchange::kTopic, [this](const ledger::Outgoing& out) {
    return exchange_->Drain(out.subject);
  });
  return {};
}

Result<void> City::KeepCalendar() {
  const WorkDays& calendar = place_.calendar;
  if (calendar.years().empty()) return {};
  std::string text;
  for (int year : calendar.years()) text += std::to_string(year) + " ";
  for (Date day : calendar.off()) text += "-" + IsoDate(day);
  for (Date day : calendar.on()) text += "+" + IsoDate(day);
  std::string digest = crypto::ToHex(crypto::Sm3(text));
  {
    TRY(auto snapshot, store_->Read());
    TRY(store::Rows rows,
        snapshot->Query("select digest from r_work_calendar order by created_at desc limit 1"));
    if (rows.Next() && rows.Text(0) == digest) return {};
  }
  TRY(int recounted, cases_->RecountOpen(place_.code));
  ledger::CommandInfo info{ledger::System("calendar"), place_.code, {}, {}};
  TRY_VOID(ledger_->Command(info, [&](ledger::Writer& writer) -> Result<std::string> {
    TRY(ledger::Written made,
        writer.Create("work_calendar", {{"digest", digest},
                                        {"first_year", *calendar.years().begin()},
                                        {"last_year", *calendar.years().rbegin()},
                                        {"recounted", recounted}}));
    return made.id;
  }));
  return {};
}

City::~City() {
  if (processes_) processes_->Stop();
  if (relay_) relay_->Stop();
  if (exchange_lane_) exchange_lane_->Stop();
  if (store_) store_->Close();
}

Result<void> City::FollowCase(const std::string& case_id) {
  auto done = certificates_->FollowCase(case_id);
  // A body without a seal keeps its case; what is missing is told in the log, and the certificate
  // can be issued later.
  if (!done && !done.error().Is(certificates::error::kNoSeal) &&
      !done.error().Is(certificates::error::kHoldsOneAlready) &&
      !done.error().Is(certificates::error::kFaceWrong))
    return Fail(std::move(done).error());
  if (done && *done) {
    // Whoever was let into the space of an enterprise founded by it sees it at once.
    TRY(auto snapshot, store_->Read());
    TRY(store::Rows members,
        snapshot->Query("select m.account from r_space_member m join r_certificate c on c.holder = "
                        "m.enterprise where c.id = $1 and m.ended_at is null",
                        {**done}));
    while (members.Next()) accounts_->Forget(std::string(members.Text(0)));
    TRY_VOID(members.status());
  }
  if (!done)
    LogWarning("no certificate for a case", {{"case", case_id}, {"why", done.error().ToLine()}});
  TRY_VOID(remote_cases_->FollowCase(case_id));
  exchange_lane_->Wake();
  return {};
}

Result<int> City::SealAudit() {
  int sealed = 0;
  TRY_VOID(store_->Command("", [&](store::Tx& tx) -> Result<void> {
    TRY(int count, ledger::SealAudit(tx, clock_.Now(), kAuditKey,
                                     [&](std::string_view bytes) -> Result<std::string> {
                                       TRY(std::string signature, keys_->Sign(kAuditKey, bytes));
                                       return crypto::ToHex(signature);
                                     }));
    sealed = count;
    return {};
  }));
  return sealed;
}

Result<ledger::AuditReport> City::VerifyAudit() {
  TRY(crypto::Sm2PublicKey key, keys_->PublicKey(kAuditKey));
  TRY(auto snapshot, store_->Read());
  return ledger::VerifyAudit(*snapshot, [&](std::string_view bytes, std::string_view signature) {
    auto raw = crypto::FromHex(signature);
    return raw && key.Verify(bytes, *raw);
  });
}

Result<bool> City::HasAccounts() {
  TRY(auto snapshot, store_->Read());
  TRY(store::Rows rows, snapshot->Query("select 1 from r_account limit 1"));
  return rows.Next();
}

Result<std::string> City::AddAccount(ledger::Writer& writer, const json::object& account,
                                     const std::string& password_hash, const std::string& role,
                                     const std::string& organisation, const std::string& region,
                                     bool must_change) {
  TRY(ledger::Written made, writer.Create("account", account, region));
  TRY_VOID(accounts::Accounts::SetPassword(writer.tx(), made.id, password_hash, writer.now(),
                                           must_change));
  if (!role.empty())
    TRY_VOID(writer.Create("post",
                           {{"account", made.id},
                            {"role", role},
                            {"organisation", organisation},
                            {"name", account.at("name")}},
                           region));
  return made.id;
}
}  // namespace city::model
