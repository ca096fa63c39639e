// SPDX-License-Identifier: Apache-2.0
// Seals as people see them: a person's own signature, an enterprise's seals, what an official may
// ask for, and one seal with its history.
#include <algorithm>

#include "base/text.h"
#include "engines/certificates/errors.h"
#include "engines/certificates/seals.h"
#include "ledger/errors.h"
#include "ledger/row_text.h"
#include "parts/documents/png.h"

namespace city::certificates {
using ledger::OrNull;
using ledger::Quoted;
using ledger::Text;
using ledger::Writer;
namespace {
constexpr size_t kMostPicture = 200u << 10;
constexpr int kMostPixels = 1200;

bool Holds(const ledger::Subject& who, const std::string& holder) {
  return !holder.empty() &&
         std::find(who.holders.begin(), who.holders.end(), holder) != who.holders.end();
}

/// The picture as it is kept; empty when none was given.
Result<std::string> PictureFrom(const json::object& body) {
  std::string given = Text(body, "picture");
  if (size_t comma = given.find(','); given.starts_with("data:") && comma != std::string::npos)
    given.erase(0, comma + 1);
  if (given.empty()) return std::string();
  auto png = crypto::FromBase64(given);
  int width = 0, height = 0;
  if (!png || png->size() > kMostPicture || !documents::PngSize(*png, width, height) || width < 8 ||
      height < 8 || width > kMostPixels || height > kMostPixels)
    return error::kPictureWrong;
  return crypto::ToBase64(*png);
}

/// What a list shows of a seal.
json::object Brief(const json::object& row) {
  json::object out;
  for (const char* key : {"id", "version", "name", "purpose", "kind", "state", "reason", "holder",
                          "holder_kind", "holder_name", "organisation", "valid_from", "valid_until",
                          "use_limit", "uses", "custodian_name"})
    if (const json::value* value = row.if_contains(key)) out[key] = *value;
  return out;
}

/// The picture in the seal's data, as an address that a page can show.
json::value PictureOf(const json::object& row) {
  auto esl = crypto::FromBase64(TextAt(row, "esl"));
  auto seal = esl ? crypto::ReadSeal(*esl) : Fail(esl.error());
  if (seal && seal->facts.picture_format == "PNG")
    return json::value("data:image/png;base64," + crypto::ToBase64(seal->facts.picture));
  if (Text(row, "picture").empty()) return {};
  return json::value("data:image/png;base64," + Text(row, "picture"));
}
}  // namespace

Result<bool> Seals::SpeaksFor(store::Reader& reader, const ledger::Subject& who,
                              const std::string& holder, bool member) {
  if (!Holds(who, holder)) return false;
  auto catalogue = ledger_.catalogue();
  if (who.kind == "enterprise" || !ledger::ReadRow(reader, *catalogue, "enterprise", holder))
    return true;
  TRY(json::array rows, ledger::FindRows(reader, *catalogue, "space_member",
                                         "enterprise = " + Quoted(holder) + " and account = " +
                                             Quoted(who.account) + " and state = \"active\""));
  return std::any_of(rows.begin(), rows.end(), [&](const json::value& each) {
    std::string_view role = TextAt(each.get_object(), "role");
    return role == "legal_person" || (member && role == "authoriser");
  });
}

Result<std::string> Seals::ApplyOwn(const ledger::CommandInfo& info, const json::object& body) {
  TRY(std::string picture, PictureFrom(body));
  auto made = ledger_.Command(info, [&](Writer& writer) -> Result<std::string> {
    const ledger::Subject who = writer.who();
    std::string holder = Text(body, "holder"), name, region = writer.shard();
    auto account = ledger::ReadRow(writer.tx(), writer.catalogue(), "account", who.account);
    if (!account) return ledger::error::kForbidden({{"type", "电子印章"}, {"verb", "apply"}});
    std::string person = Text(*account, "person");
    if (holder.empty()) holder = person.empty() ? who.account : person;
    auto enterprise = ledger::ReadRow(writer.tx(), writer.catalogue(), "enterprise", holder);
    TRY(bool speaks, SpeaksFor(writer.tx(), who, holder));
    if (!speaks) return ledger::error::kForbidden({{"type", "电子印章"}, {"verb", "apply"}});
    std::string kind = Text(body, "kind");
    json::object row{{"holder", holder},
                     {"purpose", OrNull(Text(body, "purpose"))},
                     {"picture", OrNull(picture)},
                     {"applied_by", who.account},
                     {"state", "applied"}};
    if (enterprise) {
      if (kind.empty() || kind == "person") kind = "official";
      region = Text(*enterprise, "region");
      row["holder_kind"] = "enterprise";
      row["name"] = enterprise->at("name");
      row["holder_name"] = enterprise->at("name");
    } else {
      // A person signs with one picture at a time; the account says who the person is.
      kind = "person";
      if (picture.empty()) return error::kPictureWrong;
      TRY(json::array others,
          ledger::FindRows(
              writer.tx(), writer.catalogue(), "seal",
              "holder = " + Quoted(holder) + " and (state = \"active\" or state = \"suspended\")",
              1));
      if (!others.empty()) return error::kHoldsOneAlready({{"type", "个人签名 / signature"}});
      row["holder_kind"] = "person";
      row["name"] = "个人签名";
      row["holder_name"] = who.name;
    }
    row["kind"] = kind;
    writer.ActAsEngine();
    TRY(ledger::Written written, writer.Create("seal", row, region));
    row["id"] = written.id;
    row["region"] = region;
    row["state"] = nullptr;
    TRY_VOID(NoteEvent(writer, row, "apply", "applied", Text(body, "reason"), who.name));
    if (!enterprise) {
      row["state"] = "applied";
      TRY_VOID(MakeNow(writer, row));
      TRY_VOID(NoteEvent(writer, row, "make", "active", "", who.name));
    }
    return written.id;
  });
  Forget();
  return made;
}

Result<std::string> Seals::View(const ledger::Subject& who, const std::string& id) {
  TRY(ledger::One one, ledger_.Read(who, "seal", id));
  TRY(json::value parsed, ParseJson(one.row));
  json::object out = parsed.get_object();
  for (const char* key : {"esl", "certificate", "key_name", "picture"}) out.erase(key);
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::object row, ledger::ReadRow(*snapshot, *catalogue, "seal", id));
  out["picture"] = PictureOf(row);
  TRY(json::array events,
      ledger::FindRows(*snapshot, *catalogue, "seal_event", "seal = " + Quoted(id), 200, "-at"));
  json::array told;
  for (const json::value& each : events) {
    json::object event;
    for (const char* key : {"id", "act", "from_state", "to_state", "reason", "at", "by_name"})
      event[key] = each.get_object().at(key);
    told.push_back(std::move(event));
  }
  out["events"] = std::move(told);
  std::string path;
  if (std::string body = Text(row, "organisation"); !body.empty())
    if (auto found = ledger::ReadRow(*snapshot, *catalogue, "organisation", body)) {
      path = Text(*found, "path");
      out["organisation_name"] = found->at("name");
    }
  bool keeps = who.HasRole("seal_keeper") && (path.empty() ? Text(row, "holder_kind") != "person"
                                                           : Serves(who, "seal_keeper", path));
  out["keeps"] = keeps;
  json::array keepers;
  if (keeps && !path.empty()) {
    TRY(json::array posts,
        ledger::FindRows(*snapshot, *catalogue, "post", "role = \"seal_keeper\""));
    for (const json::value& post : posts) {
      auto account =
          ledger::ReadRow(*snapshot, *catalogue, "account", TextAt(post.get_object(), "account"));
      auto body = ledger::ReadRow(*snapshot, *catalogue, "organisation",
                                  TextAt(post.get_object(), "organisation"));
      if (account && body && path.starts_with(TextAt(*body, "path")))
        keepers.push_back(json::object{{"account", account->at("id")},
                                       {"name", account->at("name")},
                                       {"organisation", body->at("name")}});
    }
  }
  out["keepers"] = std::move(keepers);
  return ToText(out);
}

Result<std::string> Seals::Usable(const ledger::Subject& who) {
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  TRY(json::array rows,
      ledger::FindRows(*snapshot, *catalogue, "seal", "state = \"active\" and organisation != null",
                       500, "name"));
  std::map<std::string, std::string> paths;
  json::array out;
  for (const json::value& each : rows) {
    const json::object& row = each.get_object();
    std::string body = Text(row, "organisation");
    auto known = paths.find(body);
    if (known == paths.end()) {
      auto found = ledger::ReadRow(*snapshot, *catalogue, "organisation", body);
      known = paths.emplace(body, found ? Text(*found, "path") : std::string()).first;
    }
    if (!known->second.empty() && Serves(who, "", known->second)) out.push_back(Brief(row));
  }
  return ToText(json::object{{"rows", std::move(out)}, {"next", nullptr}});
}

Result<std::string> Seals::Mine(const ledger::Subject& who) {
  std::string filter;
  for (const std::string& holder : who.holders)
    filter += (filter.empty() ? "holder = " : " or holder = ") + Quoted(holder);
  json::array out, enterprises;
  TRY(auto snapshot, ledger_.store().Read());
  auto catalogue = ledger_.catalogue();
  if (!filter.empty()) {
    TRY(json::array rows,
        ledger::FindRows(*snapshot, *catalogue, "seal", filter, 200, "-created_at"));
    for (const json::value& each : rows) {
      json::object one = Brief(each.get_object());
      TRY(bool decides, SpeaksFor(*snapshot, who, Text(each.get_object(), "holder")));
      TRY(bool asks, SpeaksFor(*snapshot, who, Text(each.get_object(), "holder"), true));
      one["decides"] = decides;
      one["asks"] = asks;
      one["picture"] = PictureOf(each.get_object());
      out.push_back(std::move(one));
    }
  }
  for (const std::string& holder : who.holders)
    if (auto row = ledger::ReadRow(*snapshot, *catalogue, "enterprise", holder)) {
      TRY(bool decides, SpeaksFor(*snapshot, who, holder));
      if (decides) enterprises.push_back(json::object{{"id", holder}, {"name", row->at("name")}});
    }
  return ToText(json::object{
      {"rows", std::move(out)}, {"enterprises", std::move(enterprises)}, {"next", nullptr}});
}
}  // namespace city::certificates
