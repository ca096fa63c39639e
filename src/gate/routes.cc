// SPDX-License-Identifier: Apache-2.0
#include "gate/routes.h"

#include <charconv>

#include "base/text.h"
#include "gate/errors.h"
#include "parts/crypto/crypto.h"

namespace city::gate {

namespace {
constexpr size_t kEventsKept = 200;  // fewer than a listener may be behind
}  // namespace

std::string Listeners::IdOf(int64_t number) const { return start_ + "-" + std::to_string(number); }

void Listeners::Add(const std::string& account, std::shared_ptr<Stream> stream,
                    std::string_view last) {
  std::lock_guard lock(mutex_);
  if (!last.empty()) {
    int64_t heard = -1;
    if (last.size() > start_.size() + 1 && last.starts_with(start_)) {
      std::string_view number = last.substr(start_.size() + 1);
      std::from_chars(number.data(), number.data() + number.size(), heard);
    }
    int64_t first = told_ - static_cast<int64_t>(recent_.size());
    if (heard < first || heard > told_) {
      stream->Push("missed", "{}", IdOf(told_));
    } else {
      for (const Event& each : recent_)
        if (each.number > heard) stream->Push(each.event, each.data, IdOf(each.number));
    }
  }
  streams_.emplace_back(account, std::move(stream));
}

void Listeners::Tell(std::string_view event, std::string_view data) {
  std::lock_guard lock(mutex_);
  recent_.push_back({++told_, std::string(event), std::string(data)});
  if (recent_.size() > kEventsKept) recent_.pop_front();
  std::string id = IdOf(told_);
  std::erase_if(streams_, [&](auto& each) { return !each.second->Push(event, data, id); });
}

size_t Listeners::count() {
  std::lock_guard lock(mutex_);
  return streams_.size();
}

void OfferFile(Response& response, std::string_view name, bool inline_shown) {
  static const char* kHex = "0123456789ABCDEF";
  std::string value = inline_shown ? "inline" : "attachment";
  value += "; filename*=UTF-8''";
  for (unsigned char c : name) {
    bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                 c == '.' || c == '-';
    if (plain) {
      value += static_cast<char>(c);
    } else {
      value += '%';
      value += kHex[c >> 4];
      value += kHex[c & 15];
    }
  }
  response.Set("Content-Disposition", std::move(value));
}

Result<json::object> BodyOf(const Call& call, size_t max_bytes) {
  if (call.request.body.empty()) return json::object{};
  TRY(json::value value, ParseJson(call.request.body, {.max_bytes = max_bytes}));
  if (!value.is_object()) return error::kBadRequest;
  return std::move(value.get_object());
}

ledger::CommandInfo InfoOf(const Call& call, std::string shard) {
  ledger::CommandInfo info;
  info.who = call.who;
  info.shard = std::move(shard);
  info.idempotency_key = std::string(call.request.Header("idempotency-key").substr(0, 100));
  if (!info.idempotency_key.empty())
    info.request = crypto::ToHex(
        crypto::Sm3(call.request.method + " " + call.request.path + "\n" + call.request.body));
  return info;
}

Result<int> NumberOf(const Call& call, std::string_view name, int fallback, int least, int most) {
  std::string_view text = call.request.Query(name);
  if (text.empty()) return fallback;
  int number = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size() || number < least || number > most)
    return error::kParameterWrong(
        {{"name", std::string(name)},
         {"hint_zh", "应为 " + std::to_string(least) + " 至 " + std::to_string(most) + " 的整数。"},
         {"hint_en", "It must be a whole number from " + std::to_string(least) + " to " +
                         std::to_string(most) + "."}});
  return number;
}

Response FileResponse(std::string_view name, std::string_view type, std::string bytes) {
  Response response;
  response.type = type == "application/pdf" ? std::string(type) : "application/octet-stream";
  response.body = std::move(bytes);
  OfferFile(response, name);
  response.Set("Cache-Control", "no-store");
  return response;
}

std::string ShardOf(const Surroundings& surroundings, const Call& call) {
  for (const ledger::Post& post : call.who.posts)
    if (!post.region.empty()) return post.region;
  return surroundings.city.place().code;
}

Result<std::optional<int64_t>> ExpectedVersion(const Call& call) {
  std::string_view text = call.request.Header("if-match");
  if (text.empty() || text == "*") return std::optional<int64_t>();
  if (text.size() > 2 && text.front() == '"' && text.back() == '"')
    text = text.substr(1, text.size() - 2);
  int64_t number = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size()) return error::kPreconditionWrong;
  return std::optional<int64_t>(number);
}
}  // namespace city::gate
