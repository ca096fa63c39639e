// SPDX-License-Identifier: Apache-2.0
// Years of past cases, copied from a generated city. A copy has its own key, number, moments and
// seals (a sealed value opens in its own row alone), so its page is read, checked and decrypted
// like that of any case. Rows go straight into the tables, in the order of time, as they would have
// come.
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include "base/ids.h"
#include "base/random.h"
#include "ledger/errors.h"
#include "ledger/search_scope.h"
#include "ledger/search_words.h"
#include "prepare.h"

namespace city::bench {
namespace {
constexpr int64_t kDay = 86'400'000'000;  ///< in microseconds
constexpr int64_t kOfOneCommit = 20'000;
constexpr int kCasesOfAPerson = 20;  ///< that a person of bench-people.json has had, on average
constexpr size_t kSample = 4000;

struct Failed {
  std::string why;
};

/// A statement of the store's library, without the city's store around it: journals and group
/// commits are what a measurement of ten million rows need not wait for.
class Statement {
 public:
  Statement(sqlite3* db, const std::string& sql) : db_(db) {
    if (sqlite3_prepare_v2(db, sql.c_str(), -1, &statement_, nullptr) != SQLITE_OK) Fail(sql);
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  bool Step() {
    int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) Fail("step");
    return code == SQLITE_ROW;
  }
  void Reset() { sqlite3_reset(statement_); }
  sqlite3_stmt* raw() { return statement_; }
  [[noreturn]] void Fail(const std::string& what) const {
    throw Failed{fmt::format("{}: {}", what, sqlite3_errmsg(db_))};
  }

 private:
  sqlite3* db_;
  sqlite3_stmt* statement_ = nullptr;
};

struct Cell {
  int type = SQLITE_NULL;
  int64_t number = 0;
  double real = 0;
  std::string text;  ///< opened, where the column is sealed
};
using Row = std::vector<Cell>;

/// What becomes of a column in a copy.
enum class Fate { kSame, kKey, kCase, kMoment, kDay, kNumber, kApplicant, kSealed };

struct Table {
  std::string type;
  const ledger::KnownType* known = nullptr;
  std::vector<std::string> columns;
  std::vector<Fate> fates;
  std::map<std::string, std::vector<Row>> of_case;  ///< rows by the key of their case
  std::unique_ptr<Statement> insert;
  int64_t next_row = 0;  ///< of the next copy
  int Column(std::string_view name) const {
    auto at = std::find(columns.begin(), columns.end(), name);
    return at == columns.end() ? -1 : static_cast<int>(at - columns.begin());
  }
};

Cell Take(sqlite3_stmt* from, int column) {
  Cell cell;
  cell.type = sqlite3_column_type(from, column);
  if (cell.type == SQLITE_INTEGER) cell.number = sqlite3_column_int64(from, column);
  if (cell.type == SQLITE_FLOAT) cell.real = sqlite3_column_double(from, column);
  if (cell.type == SQLITE_TEXT)
    cell.text.assign(reinterpret_cast<const char*>(sqlite3_column_text(from, column)),
                     static_cast<size_t>(sqlite3_column_bytes(from, column)));
  return cell;
}

void Give(sqlite3_stmt* to, int at, const Cell& cell) {
  switch (cell.type) {
    case SQLITE_INTEGER:
      sqlite3_bind_int64(to, at, cell.number);
      break;
    case SQLITE_FLOAT:
      sqlite3_bind_double(to, at, cell.real);
      break;
    case SQLITE_TEXT:
      sqlite3_bind_text(to, at, cell.text.data(), static_cast<int>(cell.text.size()),
                        SQLITE_TRANSIENT);
      break;
    default:
      sqlite3_bind_null(to, at);
  }
}

Fate FateOf(const Table& table, const std::string& column) {
  if (column == "id") return Fate::kKey;
  if (column == "case_id") return Fate::kCase;
  if (column == "number") return Fate::kNumber;
  if (column == "created_at" || column == "updated_at") return Fate::kMoment;
  if (column == "applicant") return Fate::kApplicant;
  const ledger::Field* field = table.known->type.Find(column);
  if (field == nullptr) return Fate::kSame;
  if (field->sealed) return Fate::kSealed;
  if (field->meaning == ledger::Meaning::kTime) return Fate::kMoment;
  if (field->meaning == ledger::Meaning::kDate) return Fate::kDay;
  return Fate::kSame;
}

class Past {
 public:
  Past(sqlite3* db, const ledger::Catalogue& catalogue, const std::string& folder,
       const PastWish& wish, Time now)
      : db_(db), catalogue_(catalogue), folder_(folder), wish_(wish), now_(now) {}

  void Run() {
    Run("pragma journal_mode=delete");
    Run("pragma journal_mode=off");
    Run("pragma synchronous=off");
    Run("pragma locking_mode=exclusive");
    Run("pragma cache_size=-2000000");
    int64_t have = Number("select count(*) from r_service_case");
    if (have >= wish_.rows) return Close();
    missing_ = wish_.rows - have;
    for (const char* type : {"service_case", "case_task", "case_event", "case_material",
                             "case_decision", "case_review"})
      Load(type);
    Choose();
    People();
    // The search index keeps more words in memory before it writes them out.
    Run("insert into s_service_case (s_service_case, rank) values ('hashsize', 67108864)");
    words_.emplace(db_, "insert into s_service_case (rowid, words) values (?1, ?2)");
    Copy(missing_);
    words_.reset();
    for (auto& table : tables_) table->insert.reset();
    Run("insert into s_service_case (s_service_case, rank) values ('hashsize', 1048576)");
    std::ofstream(std::filesystem::path(folder_) / "bench-past.json") << ToText(sample_);
    Close();
  }

 private:
  void Run(const std::string& sql) {
    Statement statement(db_, sql);
    while (statement.Step()) {
    }
  }
  int64_t Number(const std::string& sql) {
    Statement statement(db_, sql);
    return statement.Step() ? sqlite3_column_int64(statement.raw(), 0) : 0;
  }
  void Close() { Run("pragma journal_mode=wal"); }

  void Load(const std::string& type) {
    auto known = catalogue_.Find(type);
    if (!known) throw Failed{known.error().ToLine()};
    auto table = std::make_unique<Table>();
    table->type = type;
    table->known = *known;
    std::string name = table->known->type.Table();
    {
      Statement columns(db_, fmt::format("select name from pragma_table_info('{}')", name));
      while (columns.Step()) {
        table->columns.push_back(Take(columns.raw(), 0).text);
        table->fates.push_back(FateOf(*table, table->columns.back()));
      }
    }
    std::string list, marks;
    for (size_t i = 0; i < table->columns.size(); ++i) {
      list += (i == 0 ? "" : ", ") + table->columns[i];
      marks += fmt::format(", ?{}", i + 2);
    }
    table->insert = std::make_unique<Statement>(
        db_, fmt::format("insert into {} (rowid, {}) values (?1{})", name, list, marks));
    // What came earlier stands earlier, as if it had come then: the copies end where the cases
    // begin.
    table->next_row = std::min<int64_t>(1, Number(fmt::format("select min(rowid) from {}", name))) -
                      (type == "service_case" ? missing_ : 100'000'000);
    int key = table->Column("id"), of = type == "service_case" ? key : table->Column("case_id");
    Statement rows(db_, fmt::format("select {} from {} where ended_at is null order by id limit "
                                    "200000",
                                    list, name));
    while (rows.Step()) {
      Row row;
      for (size_t i = 0; i < table->columns.size(); ++i) {
        Cell cell = Take(rows.raw(), static_cast<int>(i));
        if (table->fates[i] == Fate::kSealed && cell.type == SQLITE_TEXT) {
          std::string id = row[static_cast<size_t>(key)].text;
          auto plain = table->known->vault->Open(type, table->columns[i], id, cell.text);
          if (!plain) throw Failed{plain.error().ToLine()};
          cell.text = *plain;
        }
        row.push_back(std::move(cell));
      }
      std::string owner = row[static_cast<size_t>(of)].text;
      table->of_case[owner].push_back(std::move(row));
    }
    tables_.push_back(std::move(table));
  }

  /// Cases that ended are copied anywhere, open ones into the last weeks alone.
  void Choose() {
    const Table& cases = *tables_[0];
    auto state = static_cast<size_t>(cases.Column("state"));
    for (const auto& [id, rows] : cases.of_case) {
      const std::string& now = rows[0][state].text;
      bool open = now == "submitted" || now == "correction" || now == "handling" ||
                  now == "paused" || now == "granted";
      all_.push_back(id);
      if (!open) ended_.push_back(id);
      // The words that the applicant's name and the item give stay; only the number changes.
      std::string rest;
      for (const std::string& field : cases.known->type.search) {
        if (field == "number") continue;
        const Cell& cell = rows[0][static_cast<size_t>(cases.Column(field))];
        const ledger::Field* declared = cases.known->type.Find(field);
        ledger::KeyedWord keyed;
        if (declared->sealed)
          keyed = [&](std::string_view word) { return cases.known->vault->Word(cases.type, word); };
        rest += " " + ledger::SearchDocument(cell.text, store::Dialect::kSqlite, keyed);
      }
      rest_of_words_[id] = std::move(rest);
    }
    if (ended_.empty()) throw Failed{"the city has no cases to copy"};
  }
  void People() {
    Statement rows(db_, "select id from r_account where username like 'bench-_____' order by id");
    while (rows.Step()) accounts_.push_back(Take(rows.raw(), 0).text);
  }

  std::string Key(int64_t micros) {
    uint64_t high = random_.Next(), low = random_.Next();
    int64_t ms = micros / 1000;
    return fmt::format("{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}", ms >> 16, ms & 0xffff, high & 0xfff,
                       0x8000 | ((high >> 12) & 0x3fff), low & 0xffffffffffff);
  }

  struct CopyOf {
    std::string id, number, applicant;
    int64_t back = 0;  ///< microseconds, whole days
  };

  std::string Insert(Table& table, const Row& row, const CopyOf& copy) {
    sqlite3_stmt* to = table.insert->raw();
    auto created = static_cast<size_t>(table.Column("created_at"));
    std::string key = table.type == "service_case" ? copy.id : Key(row[created].number - copy.back);
    for (size_t i = 0; i < row.size(); ++i) {
      Cell cell = row[i];
      bool there = cell.type != SQLITE_NULL;
      switch (table.fates[i]) {
        case Fate::kSame:
          break;
        case Fate::kKey:
          cell.text = key;
          break;
        case Fate::kCase:
          if (there) cell.text = copy.id;
          break;
        case Fate::kNumber:
          if (there) cell.text = copy.number;
          break;
        case Fate::kMoment:
          cell.number -= copy.back;
          break;
        case Fate::kDay:
          if (there)
            if (auto day = ParseDate(cell.text))
              cell.text = IsoDate(*day - std::chrono::days(copy.back / kDay));
          break;
        case Fate::kApplicant:
          if (!copy.applicant.empty()) {
            cell.type = SQLITE_TEXT;
            cell.text = copy.applicant;
          }
          break;
        case Fate::kSealed:
          if (there)
            cell.text = table.known->vault->Seal(table.type, table.columns[i], key, cell.text);
          break;
      }
      Give(to, static_cast<int>(i) + 2, cell);
    }
    sqlite3_bind_int64(to, 1, table.next_row++);
    table.insert->Step();
    table.insert->Reset();
    return key;
  }

  void Copy(int64_t count) {
    Table& cases = *tables_[0];
    auto submitted = static_cast<size_t>(cases.Column("submitted_at"));
    auto region = static_cast<size_t>(cases.Column("region"));
    auto kind = static_cast<size_t>(cases.Column("applicant_kind"));
    auto department = static_cast<size_t>(cases.Column("department"));
    auto applicant = static_cast<size_t>(cases.Column("applicant"));
    int64_t end = ToMicros(now_) - 14 * kDay, span = wish_.days * kDay;
    double owned = accounts_.empty() ? 0
                                     : std::min(1.0, 1.4 * kCasesOfAPerson *
                                                         static_cast<double>(accounts_.size()) /
                                                         static_cast<double>(count));
    auto begun = std::chrono::steady_clock::now();
    Run("begin");
    for (int64_t k = 0; k < count; ++k) {
      int64_t at = end - span +
                   static_cast<int64_t>(static_cast<double>(span) *
                                        (static_cast<double>(k) / static_cast<double>(count)));
      bool late = end - at < 20 * kDay;
      const auto& from = late ? all_ : ended_;
      const std::string& original = from[random_.Below(from.size())];
      const Row& row = cases.of_case.at(original)[0];
      CopyOf copy;
      copy.back = (row[submitted].number - at) / kDay * kDay;
      int64_t moment = row[submitted].number - copy.back;
      copy.id = Key(moment);
      std::string day = IsoDate(ChinaDate(FromMicros(moment)));
      copy.number = fmt::format("{}{}{}{}99{:08}", row[region].text.substr(0, 6), day.substr(0, 4),
                                day.substr(5, 2), day.substr(8, 2), k);
      if (row[kind].text == "citizen" && random_.Unit() < owned)
        copy.applicant = accounts_[random_.Below(accounts_.size())];
      Insert(cases, row, copy);
      int64_t rowid = cases.next_row - 1;
      const std::string& holder = copy.applicant.empty() ? row[applicant].text : copy.applicant;
      std::string words = ledger::SearchDocument(copy.number, store::Dialect::kSqlite) +
                          rest_of_words_.at(original) +
                          ledger::ScopeWords(row[department].text, holder, row[region].text);
      sqlite3_bind_int64(words_->raw(), 1, rowid);
      sqlite3_bind_text(words_->raw(), 2, words.data(), static_cast<int>(words.size()),
                        SQLITE_TRANSIENT);
      words_->Step();
      words_->Reset();
      bool whole = random_.Unit() < wish_.whole;
      Rest(original, copy, whole);
      if (whole) Sample(copy, row[department].text, row[region].text);
      if ((k + 1) % kOfOneCommit == 0) {
        Run("commit");
        Run("begin");
        double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
        fmt::print("\r  {} of {} past cases, {:.0f}/s   ", k + 1, count,
                   static_cast<double>(k + 1) / seconds);
        std::fflush(stdout);
      }
    }
    Run("commit");
    fmt::print("\n");
  }

  /// The other tables: all rows of a whole copy; else the steps that wait, or one that was done.
  void Rest(const std::string& original, const CopyOf& copy, bool whole) {
    for (size_t t = 1; t < tables_.size(); ++t) {
      Table& table = *tables_[t];
      bool tasks = table.type == "case_task";
      if (!whole && !tasks) continue;
      auto found = table.of_case.find(original);
      if (found == table.of_case.end()) continue;
      int state = tasks ? table.Column("state") : -1;
      bool one_done = false;
      for (const Row& row : found->second) {
        if (!whole && row[static_cast<size_t>(state)].text != "open") {
          if (one_done) continue;
          one_done = true;
        }
        Insert(table, row, copy);
      }
    }
  }

  /// Any whole copy is as likely to be in the sample as any other.
  void Sample(const CopyOf& copy, const std::string& department, const std::string& region) {
    json::object one{{"id", copy.id},
                     {"number", copy.number},
                     {"department", department},
                     {"region", region},
                     {"applicant", copy.applicant}};
    ++seen_;
    if (sample_.size() < kSample) {
      sample_.push_back(std::move(one));
    } else if (size_t at = random_.Below(seen_); at < kSample) {
      sample_[at] = std::move(one);
    }
  }

  sqlite3* db_;
  const ledger::Catalogue& catalogue_;
  std::string folder_;
  PastWish wish_;
  int64_t missing_ = 0;  ///< copies to be made
  Time now_;
  SeededRandom random_{62};
  std::vector<std::unique_ptr<Table>> tables_;
  std::vector<std::string> all_, ended_, accounts_;
  std::map<std::string, std::string> rest_of_words_;
  std::optional<Statement> words_;
  json::array sample_;
  uint64_t seen_ = 0;
};
}  // namespace

Result<void> MakePast(const std::string& folder, const PastWish& wish) {
  SystemClock clock;
  std::shared_ptr<const ledger::Catalogue> catalogue;
  {
    TRY(auto city, OpenCity(folder, clock));
    catalogue = city->ledger().catalogue();
  }
  sqlite3* db = nullptr;
  std::string path = (std::filesystem::path(folder) / "city.db").string();
  std::string why;
  if (sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) {
    why = sqlite3_errmsg(db);
  } else {
    try {
      Past(db, *catalogue, folder, wish, clock.Now()).Run();
    } catch (const Failed& failed) {
      why = failed.why;
    }
  }
  sqlite3_close(db);
  if (why.empty()) return {};
  fmt::print(stderr, "{}\n", why);
  return ledger::error::kNotFound;
}
}  // namespace city::bench
