// SPDX-License-Identifier: Apache-2.0
// Why: see the header. The socket is non-blocking, so a long pipeline cannot lock itself up: while
// waiting, what is left to send goes out and what arrives comes in.
#include "parts/store/internal/pg_connection.h"

#include <endian.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "parts/store/errors.h"
#include "parts/store/internal/utf8.h"

namespace city::store::internal {
namespace {

enum TypeOid : uint32_t { kUnknown = 0, kBytea = 17, kInt8 = 20, kText = 25, kFloat8 = 701 };

// More than this in flight is settled, which bounds memory on both sides.
constexpr size_t kMostInFlight = 4096;
// Beyond this all prepared statements are let go; texts should be few.
constexpr size_t kMostStatements = 512;

uint32_t TypeOf(const Value& value) {
  constexpr uint32_t kTypes[] = {kUnknown, kInt8, kFloat8, kText, kBytea};
  return kTypes[value.index()];
}

bool StartsWithWord(std::string_view sql, std::string_view word) {
  size_t start = sql.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || sql.size() - start < word.size()) return false;
  return std::equal(word.begin(), word.end(), sql.begin() + static_cast<ptrdiff_t>(start),
                    [](char w, char s) { return w == (s | 32); });
}

// The largest n of the $n in `sql`, outside literals, quoted names and comments.
size_t PlaceholdersOf(std::string_view sql) {
  size_t most = 0;
  for (size_t i = 0; i < sql.size(); ++i) {
    const char c = sql[i];
    if (c == '\'' || c == '"') {
      i = std::min(sql.find(c, i + 1), sql.size());
    } else if (c == '-' && sql.substr(i, 2) == "--") {
      i = std::min(sql.find('\n', i), sql.size());
    } else if (c == '/' && sql.substr(i, 2) == "/*") {
      i = std::min(sql.find("*/", i), sql.size());
    } else if (c == '$') {
      size_t number = 0;
      std::from_chars(sql.data() + i + 1, sql.data() + sql.size(), number);
      most = std::max(most, number);
    }
  }
  return most;
}

tl::unexpected<Error> FailureOf(std::string_view state, const std::string& detail) {
  if (state == "23505") return error::kUnique({{"detail", detail}});
  if (state == "23503") return error::kForeignKey({{"detail", detail}});
  if (state == "23502") return error::kNotNull({{"detail", detail}});
  if (state.starts_with("23")) return error::kCheck({{"detail", detail}});
  if (state == "22021" || state == "22P05") return error::kText({{"detail", detail}});
  if (state == "25006") return error::kReadOnly({{"detail", detail}});
  if (state == "54000") return error::kTooLarge({{"detail", detail}});
  if (state.starts_with("40") || state == "26000")
    return error::kSerialization({{"detail", detail}});
  if (state.starts_with("53100")) return error::kDisk({{"detail", detail}});
  if (state.starts_with("55")) return error::kBusy({{"detail", detail}});
  if (state == "08P01") return error::kStatement({{"detail", detail}});
  if (state.starts_with("57") || state.starts_with("08") || state.starts_with("53")) {
    return error::kConnection({{"detail", detail}});
  }
  return error::kStatement({{"detail", detail}});
}

// A clash with another writer, a server that is going down or coming up, a plan that a change of
// the schema made stale.
bool PassesByItself(std::string_view state) {
  return state.starts_with("40") || state.starts_with("57P") ||
         (state.starts_with("08") && state != "08P01") || state == "53300" || state == "26000";
}

}  // namespace

Result<std::unique_ptr<PgConnection>> PgConnection::Open(const std::string& conninfo) {
  std::unique_ptr<PgConnection> out(new PgConnection);
  out->connection_ = PQconnectdb(conninfo.c_str());
  PGconn* connection = out->connection_;
  if (PQstatus(connection) != CONNECTION_OK) {
    return error::kCannotOpen({{"detail", PQerrorMessage(connection)}});
  }
  PQsetNoticeProcessor(
      connection, [](void*, const char*) {}, nullptr);
  PgResult setup(
      PQexec(connection,
             "set client_encoding = 'UTF8'; set timezone = 'UTC'; set bytea_output = 'hex'; "
             "set standard_conforming_strings = on; "
             "select set_config('synchronous_commit', 'on', false) "
             "where current_setting('synchronous_commit') = 'off'; "
             "select pg_encoding_to_char(encoding), datcollate from pg_database "
             "where datname = current_database()"));
  if (PQresultStatus(setup.get()) != PGRES_TUPLES_OK || PQntuples(setup.get()) != 1) {
    return error::kCannotOpen({{"detail", PQerrorMessage(connection)}});
  }
  std::string encoding = PQgetvalue(setup.get(), 0, 0);
  std::string collation = PQgetvalue(setup.get(), 0, 1);
  const bool in_code_point_order =
      collation == "C" || collation == "POSIX" || collation == "C.UTF-8" || collation == "C.utf8";
  if (encoding != "UTF8" || !in_code_point_order) {
    return error::kWrongLocale({{"encoding", encoding}, {"collation", collation}});
  }
  if (PQsetnonblocking(connection, 1) != 0 || PQenterPipelineMode(connection) != 1) {
    return error::kCannotOpen({{"detail", PQerrorMessage(connection)}});
  }
  return out;
}

PgConnection::~PgConnection() { PQfinish(connection_); }

bool PgConnection::in_transaction() const {
  return PQtransactionStatus(connection_) != PQTRANS_IDLE;
}

void PgConnection::Forget() {
  failure_ = {};
  passing_ = false;
  if (stale_plans_ && in_flight_.empty() && !in_transaction()) ForgetStatements();
}

void PgConnection::Broke() {
  broken_ = true;
  in_flight_.clear();
  if (failure_) failure_ = error::kConnection({{"detail", PQerrorMessage(connection_)}});
  passing_ = true;
}

void PgConnection::Note(const PgResult& result) {
  const char* field = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
  std::string state = field ? field : "08006";
  std::string detail = PQresultErrorMessage(result.get());
  // Plans follow the schema only up to the columns of a result.
  if (state == "0A000" && detail.find("cached plan") != std::string::npos) {
    state = "26000";
  }
  if (state == "26000") stale_plans_ = true;
  if (!failure_) return;
  failure_ = FailureOf(state, detail);
  passing_ = PassesByItself(state);
}

void PgConnection::ForgetStatements() {
  stale_plans_ = false;
  statements_.clear();
  if (broken_ || !in_flight_.empty()) return;
  PQexitPipelineMode(connection_);
  PgResult gone(PQexec(connection_, "deallocate all"));
  PQenterPipelineMode(connection_);
}

Result<PgConnection::Statement*> PgConnection::Prepare(std::string_view sql,
                                                       std::span<const Value> params) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    found = statements_.emplace(std::string(sql), std::vector<std::unique_ptr<Statement>>()).first;
  }
  for (const std::unique_ptr<Statement>& statement : found->second) {
    bool fits = statement->types.size() == params.size();
    for (size_t i = 0; fits && i < params.size(); ++i) {
      uint32_t type = TypeOf(params[i]);
      fits = type == kUnknown || type == statement->types[i];
    }
    if (fits) return statement.get();
  }
  if (size_t wanted = PlaceholdersOf(sql); wanted != params.size()) {
    return error::kStatement(
        {{"detail", "the statement has " + std::to_string(wanted) + " placeholders, " +
                        std::to_string(params.size()) + " values were given: " + found->first}});
  }
  auto statement = std::make_unique<Statement>();
  statement->name = "s" + std::to_string(++named_);
  for (const Value& param : params) statement->types.push_back(TypeOf(param));
  for (const std::unique_ptr<Statement>& other : found->second) {
    for (size_t i = 0; i < std::min(params.size(), other->types.size()); ++i) {
      if (statement->types[i] == kUnknown) statement->types[i] = other->types[i];
    }
  }
  if (PQsendPrepare(connection_, statement->name.c_str(), found->first.c_str(),
                    static_cast<int>(params.size()), statement->types.data()) != 1) {
    Broke();
    return Fail(failure_.error());
  }
  in_flight_.push_back({Step::kPrepare, Tx::kAnyRows, statement.get()});
  found->second.push_back(std::move(statement));
  return found->second.back().get();
}

Result<void> PgConnection::Send(std::string_view sql, std::span<const Value> params,
                                int64_t expected_rows) {
  if (broken_) return error::kConnection({{"detail", PQerrorMessage(connection_)}});
  if (in_flight_.size() >= kMostInFlight) TRY_VOID(Settle());
  if (statements_.size() >= kMostStatements) {
    TRY_VOID(Settle());
    ForgetStatements();
  }
  const size_t count = params.size();
  std::vector<const char*> values(count);
  std::vector<int> lengths(count), formats(count, 1);
  std::vector<uint64_t> numbers(count);
  for (size_t i = 0; i < count; ++i) {
    if (const auto* text = std::get_if<std::string>(&params[i])) {
      if (!IsStorableText(*text)) return error::kText;
      values[i] = text->data();
      lengths[i] = static_cast<int>(text->size());
    } else if (const auto* bytes = std::get_if<Bytes>(&params[i])) {
      values[i] = bytes->data.data();
      lengths[i] = static_cast<int>(bytes->data.size());
    } else if (!std::holds_alternative<std::monostate>(params[i])) {
      const auto* number = std::get_if<int64_t>(&params[i]);
      numbers[i] = htobe64(number ? static_cast<uint64_t>(*number)
                                  : std::bit_cast<uint64_t>(std::get<double>(params[i])));
      values[i] = reinterpret_cast<const char*>(&numbers[i]);
      lengths[i] = 8;
    }
  }
  int sent = 0;
  if (StartsWithWord(sql, "create") || StartsWithWord(sql, "alter") ||
      StartsWithWord(sql, "drop")) {  // run once, so not worth keeping
    std::string text(sql);
    sent = PQsendQueryParams(connection_, text.c_str(), static_cast<int>(count), nullptr,
                             values.data(), lengths.data(), formats.data(), 0);
  } else {
    TRY(Statement * statement, Prepare(sql, params));
    sent = PQsendQueryPrepared(connection_, statement->name.c_str(), static_cast<int>(count),
                               values.data(), lengths.data(), formats.data(), 0);
  }
  if (sent != 1) {
    Broke();
    return Fail(failure_.error());
  }
  in_flight_.push_back({Step::kStatement, expected_rows, nullptr});
  if (expected_rows != Tx::kAnyRows) expects_ = true;
  return {};
}

void PgConnection::Flush() {
  if (broken_) return;
  if (PQsendFlushRequest(connection_) != 1 || PQflush(connection_) < 0) Broke();
}

void PgConnection::SettleLater() {
  if (broken_) return;
  if (PQpipelineSync(connection_) != 1) {
    Broke();
    return;
  }
  in_flight_.push_back({Step::kSync});
}

bool PgConnection::WaitForInput() {
  while (PQisBusy(connection_)) {
    int left = PQflush(connection_);
    if (left < 0) return false;
    pollfd waited{PQsocket(connection_), static_cast<short>(left ? POLLIN | POLLOUT : POLLIN), 0};
    if (::poll(&waited, 1, -1) < 0 && errno != EINTR) return false;
    if ((waited.revents & ~POLLOUT) && PQconsumeInput(connection_) != 1) return false;
  }
  return true;
}

// The next result in order; null at the end of one statement's results and when the connection
// broke.
PgResult PgConnection::Next() {
  if (!WaitForInput()) return nullptr;
  return PgResult(PQgetResult(connection_));
}

Result<PgResult> PgConnection::Settle() {
  SettleLater();
  PgResult last;
  while (!broken_ && !in_flight_.empty()) {
    PgResult result = Next();
    if (!result || PQstatus(connection_) == CONNECTION_BAD) {
      if (result && PQresultStatus(result.get()) == PGRES_FATAL_ERROR) Note(result);
      Broke();
      break;
    }
    InFlight step = in_flight_.front();
    in_flight_.pop_front();
    const ExecStatusType status = PQresultStatus(result.get());
    if (step.step == Step::kSync) continue;
    if (step.step == Step::kPrepare && status == PGRES_COMMAND_OK) step.statement->known = true;
    if (status == PGRES_FATAL_ERROR) Note(result);
    if (step.step == Step::kStatement) {
      if (step.expected_rows != Tx::kAnyRows && failure_ &&
          ChangedBy(result) != step.expected_rows) {
        failure_ = error::kRowsChangedMeanwhile;
      }
      last = std::move(result);
    }
    while (PgResult more = Next()) {  // ends with null
    }
  }
  expects_ = false;
  if (!failure_) {
    for (auto& [text, kinds] : statements_) {
      std::erase_if(kinds, [](const auto& statement) { return !statement->known; });
    }
    return Fail(failure_.error());
  }
  return last;
}

Result<void> PgConnection::Script(std::string_view sql) {
  TRY_VOID(Settle());
  PQexitPipelineMode(connection_);
  std::string text(sql);
  PgResult result(PQexec(connection_, text.c_str()));
  ExecStatusType status = PQresultStatus(result.get());
  if (PQstatus(connection_) == CONNECTION_BAD) {
    Broke();
  } else if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK &&
             status != PGRES_EMPTY_QUERY) {
    Note(result);
  }
  if (!broken_) PQenterPipelineMode(connection_);
  return failure_;
}

}  // namespace city::store::internal
