// SPDX-License-Identifier: Apache-2.0
// A running city: store, ledger, engines and model, opened together.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engines/accounts/accounts.h"
#include "engines/attachments/attachments.h"
#include "engines/cases/archive.h"
#include "engines/cases/bundles.h"
#include "engines/cases/cases.h"
#include "engines/cases/supervision.h"
#include "engines/certificates/certificates.h"
#include "engines/certificates/seal_uses.h"
#include "engines/decisions/rulebook.h"
#include "engines/fleet/fleet.h"
#include "engines/halls/halls.h"
#include "engines/one_card/cards.h"
#include "engines/one_card/codes.h"
#include "engines/registration/registration.h"
#include "engines/reviews/reviews.h"
#include "engines/rooms/rooms.h"
#include "engines/space/space.h"
#include "ledger/ledger.h"
#include "ledger/outbox.h"
#include "model/case_world.h"
#include "model/certificate_world.h"
#include "model/exchange_world.h"
#include "model/item_finder.h"
#include "model/model.h"
#include "model/places.h"
#include "model/process_world.h"
#include "model/room_world.h"
#include "parts/crypto/crypto.h"

namespace city::model {

struct CityOptions {
  std::string model_folder = "city";
  std::string place;        ///< empty: the innermost one
  std::string store_url;    ///< "sqlite:/path" or "postgresql://…"
  std::string data_folder;  ///< attachments and key store
  std::string master_key;   ///< opens the key store; empty: a key file is made in the data folder
  std::string public_address;  ///< of the site, in codes on prints and phones; empty: the place's
  std::string scanner;         ///< program that looks for viruses in files handed in; empty: none
  bool demo = false;           ///< fill an empty city with generated people and cases
  uint64_t demo_seed = 20231;
  int demo_cases = 20'000;
  int demo_persons = 20'000;
  int demo_enterprises = 3'000;
  std::string janus;         ///< address of the media server for video rooms; empty: no video
  std::string janus_secret;  ///< its api_secret; empty: none
  std::shared_ptr<rooms::Media> media;  ///< instead of Janus (stories and tests bring their own)
  exchange::Post
      post;  ///< how messages reach other cities; null: over HTTP (stories bring their own)
};

/// Threads: any, once open.
class City {
 public:
  /// Errors: those of reading the model, the store and the key store.
  static Result<std::unique_ptr<City>> Open(const CityOptions& options, const Clock& clock);
  ~City();

  const CityOptions& options() const { return options_; }
  /// The model in force. What was in force before stays readable for those who hold it.
  const Model& model() const { return *model_now_.load(); }
  /// Puts another reading of the city's files in force while the city runs: record types, code
  /// lists, forms and the list of systems. Places, flows, certificate types and word lists follow
  /// at the next start; decisions and processes have versions of their own. Answers what changed in
  /// the store. Errors: ledger.needs_reviewed_step, model.faults; nothing has changed then.
  Result<std::vector<ledger::SchemaChange>> PutModel(Model model, const ledger::Subject& who,
                                                     const std::string& summary);
  const Place& place() const { return place_; }
  /// Where people reach the site, without a slash at the end: in codes on prints and phones.
  const std::string& address() const { return address_; }
  const Clock& clock() const { return clock_; }
  store::Store& store() { return *store_; }
  ledger::Ledger& ledger() { return *ledger_; }
  ledger::Relay& relay() { return *relay_; }
  /// The lane of what leaves for other cities.
  ledger::Relay& exchange_lane() { return *exchange_lane_; }
  exchange::Exchange& exchange() { return *exchange_; }
  exchange::RemoteCases& remote_cases() { return *remote_cases_; }
  rooms::Rooms& rooms() { return *rooms_; }
  crypto::KeyDevice& keys() { return *keys_; }
  accounts::Accounts& accounts() { return *accounts_; }
  attachments::Attachments& attachments() { return *attachments_; }
  CaseWorld& case_world() { return *case_world_; }
  cases::Cases& cases() { return *cases_; }
  registration::Registration& registration() { return *registration_; }
  ItemFinder& item_finder() { return *item_finder_; }
  fleet::Fleet& fleet() { return *fleet_; }
  one_card::Cards& cards() { return *cards_; }
  one_card::Codes& codes() { return *codes_; }
  decisions::Rulebook& rulebook() { return *rulebook_; }
  ProcessWorld& processes() { return *processes_; }
  certificates::Certificates& certificates() { return *certificates_; }
  certificates::Seals& seals() { return *seals_; }
  certificates::TrustedRoots& trusted_roots() { return *trusted_roots_; }
  certificates::SealUses& seal_uses() { return *seal_uses_; }
  const certificates::Authority& authority() const { return *authority_; }
  space::Space& space() { return *space_; }

  /// What follows from a case: its certificate once it was decided, and what other windows and
  /// cities are told. Called after each act and by the relay; doing it twice changes nothing.
  Result<void> FollowCase(const std::string& case_id);
  /// The same for a registration: its licence issued, changed or cancelled.
  Result<void> FollowRegistration(const std::string& id);
  reviews::Reviews& reviews() { return *reviews_; }
  halls::Halls& halls() { return *halls_; }
  cases::Bundles& bundles() { return *bundles_; }
  cases::Supervision& supervision() { return *supervision_; }
  cases::Archive& archive() { return *archive_; }
  /// What time brings by itself to cases: duties, hearings, supervision, the end of video rooms.
  /// Answers {duties, supervision, rooms}.
  Result<std::string> LookAfterCases();

  /// Signs the heads of the audit chains. Answers how many.
  Result<int> SealAudit();
  /// Checks the whole audit log with the city's public key.
  Result<ledger::AuditReport> VerifyAudit();
  /// Whether any account exists.
  Result<bool> HasAccounts();
  /// An account with a post, made by the program (first administrator, demo people).
  Result<std::string> AddAccount(ledger::Writer& writer, const json::object& account,
                                 const std::string& password_hash, const std::string& role,
                                 const std::string& organisation, const std::string& region,
                                 bool must_change);

 private:
  City(const CityOptions& options, const Clock& clock) : options_(options), clock_(clock) {}
  /// Notes an amended calendar and counts open cases again.
  Result<void> KeepCalendar();
  Result<void> OpenRegistration();
  Result<void> OpenSearch();
  Result<void> OpenExchange();
  Result<void> OpenRooms();
  Result<void> OpenSupervision();
  /// The published item of a basic code, with its body's name.
  Result<json::object> ItemOf(const std::string& basic_code);
  CityOptions options_;
  const Clock& clock_;
  std::mutex model_mutex_;
  std::vector<std::unique_ptr<const Model>> models_;
  std::atomic<const Model*> model_now_{nullptr};
  Place place_;
  std::string address_;
  std::unique_ptr<crypto::KeyDevice> keys_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<ledger::Relay> relay_, exchange_lane_;
  std::unique_ptr<accounts::Accounts> accounts_;
  std::unique_ptr<attachments::Attachments> attachments_;
  std::unique_ptr<decisions::Rulebook> rulebook_;
  std::unique_ptr<CaseWorld> case_world_;
  std::unique_ptr<cases::Cases> cases_;
  std::unique_ptr<ProcessWorld> processes_;
  std::unique_ptr<certificates::Authority> authority_;
  std::unique_ptr<certificates::SealedFiles> certificate_files_;
  std::unique_ptr<certificates::Seals> seals_;
  std::unique_ptr<certificates::SealUses> seal_uses_;
  std::unique_ptr<certificates::TrustedRoots> trusted_roots_;
  std::unique_ptr<certificates::Certificates> certificates_;
  std::unique_ptr<SpaceHoldings> holdings_;
  std::unique_ptr<space::Space> space_;
  std::unique_ptr<cases::Bundles> bundles_;
  std::unique_ptr<cases::Supervision> supervision_;
  std::unique_ptr<cases::Archive> archive_;
  std::unique_ptr<halls::Halls> halls_;
  std::unique_ptr<reviews::Reviews> reviews_;
  std::unique_ptr<registration::Registration> registration_;
  std::unique_ptr<ItemFinder> item_finder_;
  std::unique_ptr<fleet::Fleet> fleet_;
  std::unique_ptr<one_card::Cards> cards_;
  std::unique_ptr<one_card::Codes> codes_;
  std::unique_ptr<exchange::Exchange> exchange_;
  std::unique_ptr<ExchangeWorld> exchange_world_;
  std::unique_ptr<exchange::RemoteCases> remote_cases_;
  std::unique_ptr<RoomWorld> room_world_;
  std::unique_ptr<rooms::Rooms> rooms_;
};

/// Name of the key that signs the audit log.
inline constexpr const char* kAuditKey = "audit";
}  // namespace city::model
