// SPDX-License-Identifier: Apache-2.0
// Who people are: sign-in, sessions, tokens, and the subject whose rights the ledger applies.
//
// Accounts, organisations and posts are records (declared in the model); what is secret lies in
// tables of its own.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/time.h"
#include "ledger/ledger.h"

namespace city::accounts {

struct Settings {
  int tries_before_lock = 5;
  std::chrono::minutes lock_time{15};
  std::chrono::minutes idle_end{60};    ///< a session unused for so long ends
  std::chrono::hours longest{12};       ///< a session ends after so long in any case
  std::chrono::seconds cache_time{10};  ///< how long rights of a session are remembered
  size_t least_password = 10;           ///< code points
};

/// What signing in gives.
struct SignedIn {
  std::string token;  ///< for the cookie; stored only as a hash
  ledger::Subject who;
  std::string account_json;  ///< what GET /api/session answers
};

/// Who a token stands for.
struct Known {
  ledger::Subject who;
  std::string account_json;
  bool program = false;   ///< an API token
  bool may_write = true;  ///< false for a token of scope read
};

/// Threads: any.
class Accounts {
 public:
  static Result<std::unique_ptr<Accounts>> Open(ledger::Ledger& ledger, Settings settings = {});

  /// Errors: accounts.wrong_name_or_password (the same for an unknown name, in the same time),
  /// accounts.locked, accounts.totp_needed, accounts.totp_wrong,
  /// accounts.suspended.
  Result<SignedIn> SignIn(const std::string& username, const std::string& password,
                          const std::string& code, const std::string& address,
                          const std::string& agent);
  /// The subject of a session or API token; nullopt when it has ended.
  std::optional<Known> Find(const std::string& token, const std::string& address);
  Result<void> SignOut(const std::string& token);
  /// A JSON list of the account's sessions; the one of `token` is marked.
  Result<std::string> Sessions(const std::string& account, const std::string& token);
  Result<void> EndSession(const std::string& account, const std::string& id);

  /// Changes the own password and ends all other sessions. Errors: accounts.weak_password,
  /// accounts.wrong_name_or_password.
  Result<void> ChangePassword(const ledger::Subject& who, const std::string& token,
                              const std::string& old_password, const std::string& new_password);
  /// Gives a new random password that must be changed; ends all sessions. The caller has checked
  /// the right.
  Result<std::string> ResetPassword(const ledger::Subject& who, const std::string& account);
  /// Stores a password inside a command (new accounts, demo data).
  static Result<void> SetPassword(store::Tx& tx, const std::string& account,
                                  const std::string& hash, Time now, bool must_change);
  /// Why a password will not do; nothing when it will.
  Result<void> CheckPassword(const std::string& username, const std::string& password) const;

  /// Starts a second factor: answers its secret (Base32). It is in force once confirmed.
  Result<std::string> BeginSecondFactor(const std::string& account);
  Result<void> ConfirmSecondFactor(const ledger::Subject& who, const std::string& code);
  Result<void> DropSecondFactor(const ledger::Subject& who, const std::string& password);

  /// A token for a program, shown once. `scope`: "read" or "write". `days`: validity.
  Result<std::string> CreateToken(const ledger::Subject& who, const std::string& name,
                                  const std::string& scope, int days);
  Result<std::string> Tokens(const std::string& account);
  Result<void> RevokeToken(const ledger::Subject& who, const std::string& id);

  /// The subject of an account as its posts stand now (stand-ins included). Errors:
  /// ledger.not_found.
  Result<Known> Load(const std::string& account);
  /// Forgets what is remembered of an account, after its posts or state changed.
  void Forget(const std::string& account);

 private:
  Accounts(ledger::Ledger& ledger, Settings settings) : ledger_(ledger), settings_(settings) {}
  Result<void> CountFailure(const std::string& username, const std::string& address);
  std::string HashOfToken(const std::string& token) const;

  struct Cached {
    Known known;
    std::string account;
    Time until;
    Time session_end;
  };
  ledger::Ledger& ledger_;
  Settings settings_;
  std::string unknown_hash_;  ///< verified against for unknown names, so that time tells nothing
  std::mutex mutex_;
  std::unordered_map<std::string, Cached> cache_;
};
}  // namespace city::accounts
