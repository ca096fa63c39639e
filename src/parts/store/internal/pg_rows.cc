// SPDX-License-Identifier: Apache-2.0
// Why: results come as text, which reads every type of the server with the same few lines.
#include <libpq-fe.h>

#include <charconv>
#include <cstdlib>
#include <optional>
#include <utility>

#include "parts/store/internal/pg_connection.h"

namespace city::store::internal {
namespace {

enum Oid : uint32_t {
  kBool = 16,
  kBytea = 17,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kOid = 26,
  kFloat4 = 700,
  kFloat8 = 701,
  kNumeric = 1700,
};

int HexDigit(char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; }

std::string Unhex(std::string_view text) {
  std::string out;
  if (!text.starts_with("\\x")) return out;
  text.remove_prefix(2);
  out.reserve(text.size() / 2);
  for (size_t i = 0; i + 1 < text.size(); i += 2) {
    out += static_cast<char>(HexDigit(text[i]) << 4 | HexDigit(text[i + 1]));
  }
  return out;
}

class PgCursor : public Cursor {
 public:
  explicit PgCursor(PgResult result)
      : result_(std::move(result)), rows_(PQntuples(result_.get())) {}

  Result<bool> Next() override {
    blobs_.clear();
    return ++row_ < rows_;
  }
  int Columns() const override { return PQnfields(result_.get()); }
  std::string_view Name(int column) const override { return PQfname(result_.get(), column); }
  bool IsNull(int column) const override { return PQgetisnull(result_.get(), row_, column) != 0; }

  int64_t Int(int column) const override {
    std::string_view text = Raw(column);
    if (PQftype(result_.get(), column) == kBool) return text == "t" ? 1 : 0;
    int64_t out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
  }

  double Number(int column) const override {
    if (PQftype(result_.get(), column) == kBool) return static_cast<double>(Int(column));
    return std::strtod(PQgetvalue(result_.get(), row_, column), nullptr);
  }

  std::string_view Text(int column) override {
    if (PQftype(result_.get(), column) == kBytea) return Blob(column);
    return Raw(column);
  }

  std::string_view Blob(int column) override {
    if (PQftype(result_.get(), column) != kBytea) return Raw(column);
    blobs_.resize(static_cast<size_t>(Columns()));
    std::optional<std::string>& blob = blobs_[static_cast<size_t>(column)];
    if (!blob) blob = Unhex(Raw(column));
    return *blob;
  }

  Value At(int column) override {
    if (IsNull(column)) return std::monostate();
    switch (PQftype(result_.get(), column)) {
      case kBool:
      case kInt8:
      case kInt2:
      case kInt4:
      case kOid:
        return Int(column);
      case kNumeric:  // what sum() of whole numbers answers
        if (Raw(column).find_first_not_of("-0123456789") == std::string_view::npos) {
          return Int(column);
        }
        return Number(column);
      case kFloat4:
      case kFloat8:
        return Number(column);
      case kBytea:
        return Bytes{std::string(Blob(column))};
      default:
        return std::string(Raw(column));
    }
  }

 private:
  std::string_view Raw(int column) const {
    return {PQgetvalue(result_.get(), row_, column),
            static_cast<size_t>(PQgetlength(result_.get(), row_, column))};
  }

  PgResult result_;
  const int rows_;
  int row_ = -1;
  std::vector<std::optional<std::string>> blobs_;
};

}  // namespace

void PgClear::operator()(pg_result* result) const { PQclear(result); }

Rows RowsOf(PgResult result) { return Rows(std::make_unique<PgCursor>(std::move(result))); }

int64_t ChangedBy(const PgResult& result) {
  if (!result || std::string_view(PQcmdStatus(result.get())).starts_with("SELECT")) return 0;
  return std::atoll(PQcmdTuples(result.get()));
}

}  // namespace city::store::internal
