// SPDX-License-Identifier: Apache-2.0
#include "engines/flow/process_models.h"

#include "base/ids.h"
#include "engines/flow/document.h"
#include "engines/flow/errors.h"

namespace city::flow {
namespace {

ProcessModel FromRow(store::Rows& rows) {
  ProcessModel out;
  out.id = std::string(rows.Text(0));
  out.name = std::string(rows.Text(1));
  out.process = std::string(rows.Text(2));
  out.version = rows.Int(3);
  out.changed_at = rows.Int(4);
  out.changed_by = std::string(rows.Text(5));
  out.published = std::string(rows.Text(6));
  return out;
}

}  // namespace

Result<std::vector<ProcessModel>> ListModels(store::Reader& reader) {
  TRY(auto rows, reader.Query("select id, name, process, version, changed_at, changed_by,"
                              " published from flow_model order by name, id"));
  std::vector<ProcessModel> out;
  while (rows.Next()) out.push_back(FromRow(rows));
  TRY_VOID(rows.status());
  return out;
}

Result<ProcessModel> ReadModel(store::Reader& reader, std::string_view id) {
  TRY(auto rows, reader.Query("select id, name, process, version, changed_at, changed_by,"
                              " published, file from flow_model where id = $1",
                              {std::string(id)}));
  if (!rows.Next()) return error::kNoSuchModel;
  ProcessModel out = FromRow(rows);
  out.file = std::string(rows.Text(7));
  return out;
}

Result<ProcessModel> SaveModel(store::Tx& tx, ProcessModel model, Time now) {
  TRY(auto document, Document::Load(model.file));
  model.process.clear();
  for (const Element& element : document->elements()) {
    if (!element.Is("process")) continue;
    if (model.process.empty()) model.process = std::string(element.id);
    if (model.name.empty()) model.name = std::string(element.Attr("name"));
  }
  if (model.name.empty()) model.name = model.process;
  model.changed_at = ToMicros(now);
  if (model.id.empty()) {
    model.id = NewId(now);
    model.version = 1;
    TRY_VOID(
        tx.Execute("insert into flow_model (id, name, process, file, version, changed_at,"
                   " changed_by, published) values ($1, $2, $3, $4, $5, $6, $7, '')",
                   {model.id, model.name, model.process, model.file, model.version,
                    model.changed_at, model.changed_by}));
    return model;
  }
  TRY(auto before, ReadModel(tx, model.id));
  if (before.version != model.version) return error::kModelChanged;
  model.published = before.published;
  ++model.version;
  TRY_VOID(
      tx.Execute("update flow_model set name = $1, process = $2, file = $3, version = $4,"
                 " changed_at = $5, changed_by = $6 where id = $7",
                 {model.name, model.process, model.file, model.version, model.changed_at,
                  model.changed_by, model.id}));
  return model;
}

Result<void> MarkPublished(store::Tx& tx, std::string_view id, std::string_view definition) {
  TRY(int64_t changed, tx.Execute("update flow_model set published = $1 where id = $2",
                                  {std::string(definition), std::string(id)}));
  if (changed == 0) return error::kNoSuchModel;
  return {};
}

}  // namespace city::flow
