// SPDX-License-Identifier: Apache-2.0
#include "engines/accounts/accounts.h"

#include <fmt/format.h>

#include <array>

#include "base/ids.h"
#include "base/text.h"
#include "engines/accounts/errors.h"
#include "ledger/audit.h"
#include "ledger/errors.h"
#include "parts/crypto/crypto.h"

namespace city::accounts {
using ledger::Subject;
using store::Value;

namespace {
constexpr const char* kSchema =
    "create table credential (account text primary key, password text not null, changed_at {0} not "
    "null, "
    "must_change {0} not null, second_secret text, second_on {0} not null, second_step {0} not "
    "null){1};\n"
    "create table session (token_hash text primary key, id text not null, account text not null, "
    "created_at {0} not null, "
    "seen_at {0} not null, ended_at {0}, address text not null, agent text not null){1};\n"
    "create index i_session_account on session (account, created_at);\n"
    "create unique index u_session_id on session (id);\n"
    "create table signin_failure (name text primary key, count {0} not null, locked_until {0} not "
    "null){1};\n"
    "create table api_token (token_hash text primary key, id text not null, account text not null, "
    "name text not null, "
    "scope text not null, created_at {0} not null, expires_at {0} not null, revoked_at {0}){1};\n"
    "create index i_api_token_account on api_token (account, created_at);\n";

/// Words that are tried first by everyone who guesses.
constexpr std::array<std::string_view, 12> kCommon = {
    "password",    "1234567890", "qwertyuiop", "1q2w3e4r5t", "administrator", "iloveyou",
    "shehuizhuyi", "woaini1314", "0123456789", "abcdefghij", "passw0rd",      "abc1234567"};
}  // namespace

Result<std::unique_ptr<Accounts>> Accounts::Open(ledger::Ledger& ledger, Settings settings) {
  store::Migration first{"accounts", 1, "credentials, sessions and tokens have tables",
                         fmt::format(kSchema, "integer", " strict"),
                         fmt::format(kSchema, "bigint", "")};
  TRY_VOID(ledger.store().Migrate(std::span(&first, 1)));
  auto made = std::unique_ptr<Accounts>(new Accounts(ledger, settings));
  TRY(std::string hash, crypto::HashPassword(crypto::ToHex(crypto::RandomBytes(16))));
  made->unknown_hash_ = std::move(hash);
  return made;
}

std::string Accounts::HashOfToken(const std::string& token) const {
  return crypto::ToHex(crypto::Sm3(token));
}

Result<void> Accounts::CountFailure(const std::string& username, const std::string& address) {
  return ledger_.store().Command("", [&](store::Tx& tx) -> Result<void> {
    Time now = ledger_.clock().Now();
    int64_t count = 0;
    {
      TRY(store::Rows rows,
          tx.Query("select count from signin_failure where name = $1", {username}));
      if (rows.Next()) count = rows.Int(0);
    }
    ++count;
    int64_t until = 0;
    if (count >= settings_.tries_before_lock) {
      until = ToMicros(now + settings_.lock_time);
      count = 0;
    }
    TRY_VOID(
        tx.Enqueue("insert into signin_failure (name, count, locked_until) values ($1, $2, $3) on "
                   "conflict (name) do update set "
                   "count = excluded.count, locked_until = excluded.locked_until",
                   {username, count, until}));
    Subject who = ledger::Visitor(address);
    return ledger::AppendAudit(
        tx, ledger::ChainOf(""), who, now,
        {{"sign-in-failed", "account", "", "", ToText(json::object{{"username", username}})}});
  });
}

Result<SignedIn> Accounts::SignIn(const std::string& username, const std::string& password,
                                  const std::string& code, const std::string& address,
                                  const std::string& agent) {
  Time now = ledger_.clock().Now();
  std::string account, state, hash, secret;
  bool second = false, must_change = false;
  int64_t second_step = 0;
  {
    TRY(auto snapshot, ledger_.store().Read());
    {
      TRY(store::Rows rows,
          snapshot->Query("select locked_until from signin_failure where name = $1", {username}));
      if (rows.Next() && rows.Int(0) > ToMicros(now)) {
        int64_t left = (rows.Int(0) - ToMicros(now)) / 1'000'000 + 1;
        return error::kLocked({{"seconds", std::to_string(left)}});
      }
    }
    TRY(store::Rows rows, snapshot->Query("select a.id, a.state, c.password, c.second_secret, "
                                          "c.second_on, c.must_change, c.second_step "
                                          "from r_account a join credential c on c.account = a.id "
                                          "where a.username = $1 and a.ended_at is null",
                                          {username}));
    if (rows.Next()) {
      account = rows.Text(0);
      state = rows.Text(1);
      hash = rows.Text(2);
      secret = rows.Text(3);
      second = rows.Int(4) != 0;
      must_change = rows.Int(5) != 0;
      second_step = rows.Int(6);
    }
    TRY_VOID(rows.status());
  }
  bool good =
      crypto::VerifyPassword(account.empty() ? unknown_hash_ : hash, password) && !account.empty();
  if (!good) {
    TRY_VOID(CountFailure(username, address));
    return error::kWrongNameOrPassword;
  }
  if (state != "active") return error::kSuspended;
  if (second) {
    if (code.empty()) return error::kTotpNeeded;
    TRY(std::string bytes, crypto::FromBase32(secret));
    std::optional<int64_t> step = crypto::CheckTotp(bytes, code, now);
    if (!step || *step <= second_step) {
      TRY_VOID(CountFailure(username, address));
      return error::kTotpWrong;
    }
    second_step = *step;
  }
  SignedIn out;
  out.token = crypto::ToBase64Url(crypto::RandomBytes(32));
  std::string token_hash = HashOfToken(out.token), id = NewId(now);
  TRY(Known known, Load(account));
  known.who.address = address;
  TRY_VOID(ledger_.store().Command("", [&](store::Tx& tx) -> Result<void> {
    TRY_VOID(tx.Enqueue("delete from signin_failure where name = $1", {username}));
    TRY_VOID(tx.Enqueue("update credential set second_step = $2 where account = $1",
                        {account, second_step}));
    TRY_VOID(
        tx.Enqueue("insert into session (token_hash, id, account, created_at, seen_at, address, "
                   "agent) values ($1, $2, $3, $4, $4, $5, $6)",
                   {token_hash, id, account, ToMicros(now), address, agent.substr(0, 200)}));
    return ledger::AppendAudit(tx, ledger::ChainOf(""), known.who, now,
                               {{"sign-in", "account", account, "", "{}"}});
  }));
  out.who = std::move(known.who);
  out.account_json = std::move(known.account_json);
  if (must_change)
    out.account_json.insert(out.account_json.size() - 1, ",\"must_change_password\":true");
  return out;
}

Result<Known> Accounts::Load(const std::string& account) {
  Time now = ledger_.clock().Now();
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  Known out;
  Subject& who = out.who;
  std::string username, region, organisation, organisation_name, state, person;
  {
    TRY(store::Rows rows,
        snapshot->Query("select a.name, a.kind, a.username, a.region, a.organisation, o.name, "
                        "a.state, a.person, o.path, a.enterprise "
                        "from r_account a left join r_organisation o on o.id = a.organisation "
                        "where a.id = $1 and a.ended_at is null",
                        {account}));
    if (!rows.Next()) return ledger::error::kNotFound;
    who.account = account;
    who.name = rows.Text(0);
    if (const ledger::Vault* vault = catalogue->vault()) {
      TRY(who.name, vault->Open("account", "name", account, who.name));
    }
    who.kind = rows.Text(1);
    username = rows.Text(2);
    region = rows.Text(3);
    organisation = rows.Text(4);
    organisation_name = rows.Text(5);
    state = rows.Text(6);
    who.holders.push_back(account);
    person = rows.Text(7);
    if (!person.empty()) who.holders.push_back(person);
    if (!rows.IsNull(9)) who.holders.emplace_back(rows.Text(9));
    // Everybody may what visitors may, and what their kind of account may.
    who.posts.push_back({"visitor", "", "", ""});
    who.posts.push_back({who.kind, organisation, std::string(rows.Text(8)), region});
  }
  if (state != "active") return error::kSuspended;
  // Enterprises into whose space this account was let.
  if (catalogue->types().contains("space_member")) {
    TRY(store::Rows rows,
        snapshot->Query("select enterprise from r_space_member where account = $1 "
                        "and state = 'active' and (until is null or until >= $2) and ended_at is "
                        "null order by id",
                        {account, IsoDate(ChinaDate(now))}));
    while (rows.Next()) who.holders.emplace_back(rows.Text(0));
    TRY_VOID(rows.status());
  }
  json::array posts;
  {
    std::string today = IsoDate(ChinaDate(now));
    TRY(store::Rows rows, snapshot->Query("select p.role, p.organisation, o.path, p.region, "
                                          "p.stands_in_for, o.name, p.name from r_post p "
                                          "left join r_organisation o on o.id = p.organisation "
                                          "where p.account = $1 and p.ended_at is null "
                                          "and (p.from_day is null or p.from_day <= $2) and "
                                          "(p.until_day is null or p.until_day >= $2) "
                                          "order by p.id",
                                          {account, today}));
    while (rows.Next()) {
      who.posts.push_back({std::string(rows.Text(0)), std::string(rows.Text(1)),
                           std::string(rows.Text(2)), std::string(rows.Text(3))});
      json::object post{{"role", rows.Text(0)},
                        {"organisation", rows.Text(1)},
                        {"organisation_name", rows.Text(5)},
                        {"region", rows.Text(3)},
                        {"name", rows.Text(6)}};
      if (!rows.IsNull(4)) post["stands_in_for"] = rows.Text(4);
      posts.push_back(std::move(post));
    }
    TRY_VOID(rows.status());
  }
  json::array roles;
  for (const ledger::Post& post : who.posts)
    if (std::find(roles.begin(), roles.end(), json::value(post.role)) == roles.end())
      roles.push_back(json::string(post.role));
  json::object body{
      {"account",
       json::object{
           {"id", account},
           {"name", who.name},
           {"username", username},
           {"kind", who.kind},
           {"region", region},
           {"organisation", organisation.empty() ? json::value() : json::value(organisation)},
           {"organisation_name",
            organisation_name.empty() ? json::value() : json::value(organisation_name)},
           {"roles", std::move(roles)},
           {"posts", std::move(posts)}}}};
  if (who.kind == "citizen" && !person.empty()) {
    // The person's own data, so that forms need not ask for it again.
    if (auto row = ledger::ReadRow(*snapshot, *catalogue, "person", person)) {
      json::object& account_object = body["account"].get_object();
      account_object["id_number"] = row->at("citizen_id");
      account_object["mobile"] = row->at("mobile");
      account_object["address"] = row->at("address");
    }
  }
  out.account_json = ToText(body);
  return out;
}

std::optional<Known> Accounts::Find(const std::string& token, const std::string& address) {
  if (token.size() < 20 || token.size() > 100) return std::nullopt;
  Time now = ledger_.clock().Now();
  {
    std::lock_guard lock(mutex_);
    auto found = cache_.find(token);
    if (found != cache_.end() && found->second.until > now && found->second.session_end > now) {
      Known known = found->second.known;
      known.who.address = address;
      return known;
    }
  }
  std::string hash = HashOfToken(token), account;
  bool program = token.starts_with("yw_"), may_write = true;
  Time end = now;
  bool touch = false;
  {
    auto snapshot = ledger_.store().Read();
    if (!snapshot) return std::nullopt;
    if (program) {
      auto rows = (*snapshot)->Query(
          "select account, scope, expires_at from api_token where token_hash = $1 and revoked_at "
          "is null",
          {hash});
      if (!rows || !rows->Next()) return std::nullopt;
      account = rows->Text(0);
      may_write = rows->Text(1) == "write";
      end = FromMicros(rows->Int(2));
    } else {
      auto rows = (*snapshot)->Query(
          "select account, created_at, seen_at from session where token_hash = $1 and ended_at is "
          "null",
          {hash});
      if (!rows || !rows->Next()) return std::nullopt;
      account = rows->Text(0);
      Time seen = FromMicros(rows->Int(2));
      end = std::min(FromMicros(rows->Int(1)) + settings_.longest, seen + settings_.idle_end);
      touch = now - seen > std::chrono::minutes(1);
    }
  }
  if (end <= now) return std::nullopt;
  if (touch) {
    // When it was last used need not wait for the disk.
    ledger_.store().Submit(
        "",
        [hash, now](store::Tx& tx) -> Result<void> {
          return tx.Enqueue("update session set seen_at = $2 where token_hash = $1",
                            {hash, ToMicros(now)});
        },
        [](Result<void>) {});
    end = std::max(end, now + settings_.cache_time);
  }
  Result<Known> known = Load(account);
  if (!known) return std::nullopt;
  known->program = program;
  known->may_write = may_write;
  if (program) known->who.kind = "program";
  known->who.address = address;
  std::lock_guard lock(mutex_);
  if (cache_.size() > 20'000) cache_.clear();
  cache_[token] = {*known, account, now + settings_.cache_time, end};
  return *known;
}

void Accounts::Forget(const std::string& account) {
  std::lock_guard lock(mutex_);
  std::erase_if(cache_, [&](const auto& each) { return each.second.account == account; });
}

Result<void> Accounts::SignOut(const std::string& token) {
  std::string hash = HashOfToken(token);
  {
    std::lock_guard lock(mutex_);
    cache_.erase(token);
  }
  return ledger_.store().Command("", [&](store::Tx& tx) -> Result<void> {
    return tx.Enqueue("update session set ended_at = $2 where token_hash = $1 and ended_at is null",
                      {hash, ToMicros(ledger_.clock().Now())});
  });
}

Result<std::string> Accounts::Sessions(const std::string& account, const std::string& token) {
  Time now = ledger_.clock().Now();
  std::string own = HashOfToken(token);
  TRY(auto snapshot, ledger_.store().Read());
  TRY(store::Rows rows,
      snapshot->Query(
          "select id, created_at, seen_at, address, agent, token_hash from session where account = "
          "$1 and ended_at is null "
          "and created_at > $2 and seen_at > $3 order by created_at desc limit 100",
          {account, ToMicros(now - settings_.longest), ToMicros(now - settings_.idle_end)}));
  json::array list;
  while (rows.Next())
    list.push_back(json::object{{"id", rows.Text(0)},
                                {"created_at", IsoChina(FromMicros(rows.Int(1)))},
                                {"last_seen_at", IsoChina(FromMicros(rows.Int(2)))},
                                {"address", rows.Text(3)},
                                {"device", rows.Text(4)},
                                {"current", rows.Text(5) == own}});
  TRY_VOID(rows.status());
  return ToText(list);
}

Result<void> Accounts::EndSession(const std::string& account, const std::string& id) {
  int64_t changed = 0;
  TRY_VOID(ledger_.store().Command("", [&](store::Tx& tx) -> Result<void> {
    TRY(int64_t rows,
        tx.Execute(
            "update session set ended_at = $3 where id = $1 and account = $2 and ended_at is null",
            {id, account, ToMicros(ledger_.clock().Now())}));
    changed = rows;
    return {};
  }));
  Forget(account);
  if (changed == 0) return error::kNoSuchSession;
  return {};
}

Result<void> Accounts::CheckPassword(const std::string& username,
                                     const std::string& password) const {
  auto weak = [](const char* zh, const char* en) {
    return error::kWeakPassword({{"reason_zh", zh}, {"reason_en", en}});
  };
  if (!IsValidUtf8(password) || password.size() > 400)
    return weak("含有不允许的字符或过长", "it is too long or holds signs that are not allowed");
  if (LengthOf(password) < settings_.least_password)
    return weak("少于 10 位", "it has fewer than 10 signs");
  std::string lower = LowerAscii(password);
  if (!username.empty() && lower.find(LowerAscii(username)) != std::string::npos)
    return weak("包含用户名", "it holds the user name");
  for (std::string_view common : kCommon)
    if (lower.find(common) != std::string::npos && lower.size() < common.size() + 4)
      return weak("过于常见", "it is commonly used");
  std::string signs;
  for (char c : lower)
    if (signs.find(c) == std::string::npos) signs += c;
  if (signs.size() < 5) return weak("重复的字符过多", "it repeats the same signs");
  return {};
}

Result<void> Accounts::SetPassword(store::Tx& tx, const std::string& account,
                                   const std::string& hash, Time now, bool must_change) {
  return tx.Enqueue(
      "insert into credential (account, password, changed_at, must_change, second_on, second_step) "
      "values ($1, $2, $3, $4, 0, 0) "
      "on conflict (account) do update set password = excluded.password, changed_at = "
      "excluded.changed_at, must_change = excluded.must_change",
      {account, hash, ToMicros(now), int64_t{must_change ? 1 : 0}});
}

Result<void> Accounts::ChangePassword(const Subject& who, const std::string& token,
                                      const std::string& old_password,
                                      const std::string& new_password) {
  std::string hash, username;
  {
    TRY(auto snapshot, ledger_.store().Read());
    TRY(store::Rows rows, snapshot->Query("select c.password, a.username from credential c join "
                                          "r_account a on a.id = c.account where c.account = $1",
                                          {who.account}));
    if (!rows.Next()) return error::kWrongNameOrPassword;
    hash = rows.Text(0);
    username = rows.Text(1);
  }
  if (!crypto::VerifyPassword(hash, old_password)) {
    TRY_VOID(CountFailure(username, who.address));
    return error::kWrongNameOrPassword;
  }
  TRY_VOID(CheckPassword(username, new_password));
  TRY(std::string fresh, crypto::HashPassword(new_password));
  std::string own = HashOfToken(token);
  Time now = ledger_.clock().Now();
  TRY_VOID(ledger_.store().Command("", [&](store::Tx& tx) -> Result<void> {
    TRY_VOID(SetPassword(tx, who.account, fresh, now, false));
    TRY_VOID(
        tx.Enqueue("update session set ended_at = $3 where account = $1 and token_hash <> $2 and "
                   "ended_at is null",
                   {who.account, own, ToMicros(now)}));
    return ledger::AppendAudit(tx, ledger::ChainOf(""), who, now,
                               {{"change-password", "account", who.account, "", "{}"}});
  }));
  Forget(who.account);
  return {};
}

Result<std::string> Accounts::ResetPassword(const Subject& who, const std::string& account) {
  std::string password = crypto::ToBase32(crypto::RandomBytes(10)).substr(0, 14);
  TRY(std::string hash, crypto::HashPassword(password));
  Time now = ledger_.clock().Now();
  TRY_VOID(ledger_.store().Command("", [&](store::Tx& tx) -> Result<void> {
    TRY_VOID(SetPassword(tx, account, hash, now, true));
    TRY_VOID(tx.Enqueue("update session set ended_at = $2 where account = $1 and ended_at is null",
                        {account, ToMicros(now)}));
    return ledger::AppendAudit(tx, ledger::ChainOf(""), who, now,
                               {{"reset-password", "account", account, "", "{}"}});
  }));
  Forget(account);
  return password;
}

Result<std::string> Accounts::BeginSecondFactor(const std::string& account) {
  std::string secret = crypto::ToBase32(crypto::RandomBytes(20));
  TRY_VOID(ledger_.store().Command("", [&](store::Tx& tx) -> Result<void> {
    // A factor in force is replaced only after it was dropped with the password.
    TRY(int64_t changed,
        tx.Execute("update credential set second_secret = $2 where account = $1 and second_on = 0",
                   {account, secret}));
    if (changed == 0) return error::kTotpWrong;
    return {};
  }));
  return secret;
}

Result<void> Accounts::ConfirmSecondFactor(const Subject& who, const std::string& code) {
  Time now = ledger_.clock().Now();
  return ledger_.store().Command("", [&](store::Tx& tx) -> Result<void> {
    std::string secret;
    {
      TRY(store::Rows rows,
          tx.Query("select second_secret from credential where account = $1 and second_on = 0",
                   {who.account}));
      if (!rows.Next() || rows.IsNull(0)) return error::kTotpWrong;
      secret = rows.Text(0);
    }
    TRY(std::string bytes, crypto::FromBase32(secret));
    std::optional<int64_t> step = crypto::CheckTotp(bytes, code, now);
    if (!step) return error::kTotpWrong;
    TRY_VOID(tx.Enqueue("update credential set second_on = 1, second_step = $2 where account = $1",
                        {who.account, *step}));
    return ledger::AppendAudit(tx, ledger::ChainOf(""), who, now,
                               {{"second-factor-on", "account", who.account, "", "{}"}});
  });
}

Result<void> Accounts::DropSecondFactor(const Subject& who, const std::string& password) {
  std::string hash;
  {
    TRY(auto snapshot, ledger_.store().Read());
    TRY(store::Rows rows,
        snapshot->Query("select password from credential where account = $1", {who.account}));
    if (rows.Next()) hash = rows.Text(0);
  }
  if (!crypto::VerifyPassword(hash, password)) return error::kWrongNameOrPassword;
  return ledger_.store().Command("", [&](store::Tx& tx) -> Result<void> {
    TRY_VOID(
        tx.Enqueue("update credential set second_on = 0, second_secret = null where account = $1",
                   {who.account}));
    return ledger::AppendAudit(tx, ledger::ChainOf(""), who, ledger_.clock().Now(),
                               {{"second-factor-off", "account", who.account, "", "{}"}});
  });
}

Result<std::string> Accounts::CreateToken(const Subject& who, const std::string& name,
                                          const std::string& scope, int days) {
  if (scope != "read" && scope != "write")
    return error::kScopeUnknown({{"scope", scope.substr(0, 40)}});
  Time now = ledger_.clock().Now();
  std::string token = "yw_" + crypto::ToBase64Url(crypto::RandomBytes(32));
  std::string id = NewId(now), hash = HashOfToken(token);
  int64_t end = ToMicros(now + std::chrono::hours(24) * std::clamp(days, 1, 366));
  TRY_VOID(ledger_.store().Command("", [&](store::Tx& tx) -> Result<void> {
    TRY_VOID(
        tx.Enqueue("insert into api_token (token_hash, id, account, name, scope, created_at, "
                   "expires_at) values ($1, $2, $3, $4, $5, $6, $7)",
                   {hash, id, who.account, name.substr(0, 100), scope, ToMicros(now), end}));
    return ledger::AppendAudit(
        tx, ledger::ChainOf(""), who, now,
        {{"create-token", "api_token", id, "", ToText(json::object{{"scope", scope}})}});
  }));
  return ToText(
      json::object{{"id", id}, {"token", token}, {"expires_at", IsoChina(FromMicros(end))}});
}

Result<std::string> Accounts::Tokens(const std::string& account) {
  TRY(auto snapshot, ledger_.store().Read());
  TRY(store::Rows rows,
      snapshot->Query("select id, name, scope, created_at, expires_at from api_token where account "
                      "= $1 and revoked_at is null order by created_at desc limit 200",
                      {account}));
  json::array list;
  while (rows.Next())
    list.push_back(json::object{{"id", rows.Text(0)},
                                {"name", rows.Text(1)},
                                {"scope", rows.Text(2)},
                                {"created_at", IsoChina(FromMicros(rows.Int(3)))},
                                {"expires_at", IsoChina(FromMicros(rows.Int(4)))}});
  TRY_VOID(rows.status());
  return ToText(json::object{{"rows", std::move(list)}, {"next", nullptr}});
}

Result<void> Accounts::RevokeToken(const Subject& who, const std::string& id) {
  int64_t changed = 0;
  TRY_VOID(ledger_.store().Command("", [&](store::Tx& tx) -> Result<void> {
    TRY(int64_t rows, tx.Execute("update api_token set revoked_at = $3 where id = $1 and account = "
                                 "$2 and revoked_at is null",
                                 {id, who.account, ToMicros(ledger_.clock().Now())}));
    changed = rows;
    return ledger::AppendAudit(tx, ledger::ChainOf(""), who, ledger_.clock().Now(),
                               {{"revoke-token", "api_token", id, "", "{}"}});
  }));
  Forget(who.account);
  if (changed == 0) return error::kNoSuchSession;
  return {};
}
}  // namespace city::accounts
