// SPDX-License-Identifier: Apache-2.0
// The digital space of a person or an enterprise: who may use which of its data, for what, how long
// and how often; every use is a line that the holder reads; what was given can be withdrawn.
//
// Records (declared in the model): authorisation, authorisation_use, space_member; read as well:
// person, enterprise. Facts of PIPL Art. 13, 14, 23, 29, 55.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "parts/crypto/crypto.h"

namespace city::space {

/// Name of the key that signs what was agreed.
inline constexpr const char* kConsentKey = "consent";

/// One thing that may be used: a certificate type or the base data about a person or enterprise.
struct Thing {
  std::string kind;  ///< "certificate" or "data"
  std::string type;  ///< certificate type, or "person" / "enterprise"
  std::vector<std::string> fields;
};

/// What the space asks of certificates; the model supplies it.
class Holdings {
 public:
  virtual ~Holdings() = default;
  /// Words of a thing and its fields in both languages: {label, fields: [{name, label}]}; an error
  /// when there is no such thing.
  virtual Result<json::object> Describe(const Thing& thing) = 0;
  /// The fields and answers that the owner's certificate in force gives: rows of name, label,
  /// value. Errors: space.not_authorised when the owner has none in force.
  virtual Result<json::array> Reveal(const std::string& owner, const Thing& thing) = 0;
};

/// Threads: any.
class Space {
 public:
  Space(ledger::Ledger& ledger, crypto::KeyDevice& keys, Holdings& holdings)
      : ledger_(ledger), keys_(keys), holdings_(holdings) {}

  /// A body asks: {owner_code, owner_name, owner_kind, purpose, basis, basis_text?, things, days,
  /// most_uses}. Whether there is such a person is not told. Answers the request as its asker sees
  /// it.
  Result<std::string> Ask(const ledger::CommandInfo& info, const json::object& body);
  /// agree: {things? (fewer fields)}, refuse, withdraw: by the holder, for an enterprise by a
  /// member who may. Errors: space.act_not_possible, space.not_yours_to_decide.
  Result<std::string> Decide(const ledger::CommandInfo& info, const std::string& id,
                             const std::string& act, const json::object& body);
  /// The body reads what was agreed, and nothing else; the reading is a line for the holder before
  /// the answer leaves. Errors: space.not_authorised (also a line).
  Result<std::string> Use(const ledger::CommandInfo& info, const std::string& id);
  /// A case uses a certificate of its applicant instead of an upload: agreed by applying, once.
  /// Answers the authorisation's key.
  Result<std::string> UseInCase(ledger::Writer& writer, const std::string& owner,
                                const std::string& owner_kind, const std::string& owner_name,
                                const std::string& body_name, const std::string& purpose,
                                const Thing& thing);

  /// Authorisations of my data, newest first, with words for fields.
  Result<std::string> Mine(const ledger::Subject& who);
  /// Lines of use of my data, newest first.
  Result<std::string> Uses(const ledger::Subject& who);
  /// What this body asked for.
  Result<std::string> Asked(const ledger::Subject& who);
  /// All record types that hold rows about me: who holds them, from where, and the rows.
  Result<std::string> DataAboutMe(const ledger::Subject& who);

  /// Members of the enterprises that this account may look into.
  Result<std::string> Members(const ledger::Subject& who);
  /// A legal representative lets somebody in, or out: {enterprise, username, role} / {member}.
  Result<std::string> AddMember(const ledger::CommandInfo& info, const json::object& body);
  Result<void> RemoveMember(const ledger::CommandInfo& info, const std::string& id);

  /// Enterprises that this account belongs to or is invited into: role, authority, state, name.
  Result<std::string> Enterprises(const ledger::Subject& who);
  /// accept, decline (by who was invited), leave (by the member). Errors: space.act_not_possible.
  Result<std::string> AnswerInvitation(const ledger::CommandInfo& info, const std::string& id,
                                       const std::string& act);
  /// Changes a member's authority: {may: [...], until?}, by who may manage staff.
  Result<std::string> ChangeMember(const ledger::CommandInfo& info, const std::string& id,
                                   const json::object& body);
  /// Relatives whom this account lets act, and for whom it acts.
  Result<std::string> Family(const ledger::Subject& who);
  /// Lets a relative act for oneself: {username, relation, may: [...], until?}.
  Result<std::string> InviteRelative(const ledger::CommandInfo& info, const json::object& body);
  /// accept, decline (by the relative), end (by either).
  Result<std::string> AnswerRelative(const ledger::CommandInfo& info, const std::string& id,
                                     const std::string& act);
  /// The account in whose name `who` may do things of authority `need` ("": look, "look": look at
  /// certificates) for an
  /// enterprise or a relative (by key of the enterprise, or of the relative's account). The
  /// account of an enterprise is made when it is first needed. Errors: space.not_a_member,
  /// space.authority_missing.
  Result<std::string> AccountToActFor(const ledger::Subject& who, const std::string& whom,
                                      std::string_view need);

 private:
  Result<bool> MayDecide(store::Reader& reader, const ledger::Subject& who,
                         const std::string& owner, const std::string& owner_kind,
                         bool as_legal_person);
  /// Whether this account manages the staff of an enterprise.
  Result<bool> MayManage(store::Reader& reader, const std::string& account,
                         const std::string& enterprise);
  std::string StateNow(const json::object& row) const;
  Result<json::object> ForPeople(const json::object& row);
  Result<void> NoteUse(const ledger::CommandInfo& info, const json::object& row,
                       const json::array& given, const std::string& outcome,
                       const std::string& reason, const std::string& digest, bool counts);

  ledger::Ledger& ledger_;
  crypto::KeyDevice& keys_;
  Holdings& holdings_;
};
}  // namespace city::space
