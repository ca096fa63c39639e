// SPDX-License-Identifier: Apache-2.0
// Why: reading outside a row is answered once here, so no engine has to defend itself.
#include "parts/store/value.h"

namespace city::store {

Rows::Rows(std::unique_ptr<Cursor> cursor) : cursor_(std::move(cursor)) {}

bool Rows::Next() {
  on_row_ = false;
  if (!cursor_ || !status_) return false;
  Result<bool> moved = cursor_->Next();
  if (!moved) {
    status_ = tl::unexpected(moved.error());
    return false;
  }
  on_row_ = *moved;
  return on_row_;
}

bool Rows::Readable(int column) const { return on_row_ && column >= 0 && column < Columns(); }

int Rows::Columns() const { return cursor_ ? cursor_->Columns() : 0; }

std::string_view Rows::Name(int column) const {
  return column >= 0 && column < Columns() ? cursor_->Name(column) : std::string_view();
}

bool Rows::IsNull(int column) const { return !Readable(column) || cursor_->IsNull(column); }

int64_t Rows::Int(int column) const { return Readable(column) ? cursor_->Int(column) : 0; }

double Rows::Number(int column) const { return Readable(column) ? cursor_->Number(column) : 0; }

std::string_view Rows::Text(int column) {
  return Readable(column) ? cursor_->Text(column) : std::string_view();
}

std::string_view Rows::Blob(int column) {
  return Readable(column) ? cursor_->Blob(column) : std::string_view();
}

Value Rows::At(int column) { return Readable(column) ? cursor_->At(column) : Value(); }

}  // namespace city::store
