// SPDX-License-Identifier: Apache-2.0
#include "engines/exchange/message.h"

#include <algorithm>
#include <vector>

#include "base/ids.h"
#include "engines/exchange/errors.h"
#include "ledger/identity_codes.h"

namespace city::exchange {
namespace {
constexpr std::string_view kMessageForm = "yiwang-exchange-1";
constexpr std::string_view kReceiptForm = "yiwang-exchange-receipt-1";
/// A file of 20 MiB twice in Base64, and what stands around it.
constexpr size_t kMostMessage = 48u << 20, kMostReceipt = 1u << 20;

tl::unexpected<Error> Unreadable(const std::string& what) {
  return error::kUnreadable({{"what", what}});
}

/// "2026-03-02T01:00:00.123456Z": always UTC, always six digits.
std::string Utc(Time time) {
  std::string china = IsoChina(time - kChinaOffset, true);
  std::string out = china.substr(0, 19);
  int64_t micros = ToMicros(time) % 1'000'000;
  if (micros < 0) micros += 1'000'000;
  std::string fraction = std::to_string(micros);
  return out + "." + std::string(6 - fraction.size(), '0') + fraction + "Z";
}

/// Takes members out of an object; whatever is left at the end does not belong.
class Members {
 public:
  explicit Members(const json::object& object) : object_(object) {}
  std::string Text(std::string_view name, size_t most, bool may_be_empty = false) {
    ++taken_;
    const json::value* value = object_.if_contains(name);
    if (value == nullptr || !value->is_string()) return Wrong(name);
    std::string_view text = value->get_string();
    if (text.size() > most || (text.empty() && !may_be_empty)) return Wrong(name);
    return std::string(text);
  }
  int64_t Number(std::string_view name) {
    ++taken_;
    const json::value* value = object_.if_contains(name);
    if (value == nullptr || !value->is_int64() || value->get_int64() < 1) {
      Wrong(name);
      return 0;
    }
    return value->get_int64();
  }
  Time Moment(std::string_view name) {
    std::string text = Text(name, 27);
    auto time = ParseTime(text);
    // One moment, one spelling: otherwise an altered text could bear the same signature.
    if (!time || Utc(*time) != text) {
      Wrong(name);
      return {};
    }
    return *time;
  }
  void Is(std::string_view name, bool good) {
    if (!good) Wrong(name);
  }
  /// Empty when all was as it should be.
  std::string Fault() const {
    return fault_.empty() && taken_ != object_.size() ? "members" : fault_;
  }

 private:
  std::string Wrong(std::string_view name) {
    if (fault_.empty()) fault_ = name;
    return {};
  }
  const json::object& object_;
  size_t taken_ = 0;
  std::string fault_;
};

bool IsHex(std::string_view text, size_t length) {
  return text.size() == length && text.find_first_not_of("0123456789abcdef") == text.npos;
}
bool IsName(std::string_view text) {
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == text.npos;
}

json::object ObjectOf(const Message& m) {
  return {{"form", kMessageForm},
          {"from", m.from},
          {"to", m.to},
          {"id", m.id},
          {"sequence", m.sequence},
          {"kind", m.kind},
          {"about", m.about},
          {"issued_at", Utc(m.issued_at)},
          {"nonce", m.nonce},
          {"key", m.key},
          {"data", m.data}};
}
json::object ObjectOf(const Receipt& r) {
  return {{"form", kReceiptForm},
          {"from", r.from},
          {"to", r.to},
          {"of", r.of},
          {"sequence", r.sequence},
          {"state", r.state},
          {"code", r.code},
          {"zh", r.zh},
          {"en", r.en},
          {"result", r.result},
          {"at", Utc(r.at)}};
}

template <class T>
std::string WithSignature(const T& what) {
  json::object object = ObjectOf(what);
  object["signature"] = what.signature;
  return CanonicalJson(object);
}
template <class T>
Result<void> SignIt(T& what, const crypto::SignMessage& sign) {
  TRY(std::string der, sign(CanonicalJson(ObjectOf(what))));
  what.signature = crypto::ToBase64(der);
  return {};
}
template <class T>
bool Holds(const T& what, const crypto::Sm2PublicKey& key) {
  auto der = crypto::FromBase64(what.signature);
  return der && key.Verify(CanonicalJson(ObjectOf(what)), *der);
}

std::string ContextOf(const Message& m) { return m.from + "|" + m.to + "|" + m.id + "|" + m.kind; }

Result<json::object> Parse(std::string_view text, size_t most) {
  auto value = ParseJson(text, {.max_bytes = most, .max_depth = 2});
  if (!value) return Unreadable("JSON");
  if (!value->is_object()) return Unreadable("object");
  return std::move(value->get_object());
}
}  // namespace

std::string CanonicalJson(const json::value& value) {
  if (const json::array* array = value.if_array()) {
    std::string out = "[";
    for (const json::value& each : *array) out += (out.size() > 1 ? "," : "") + CanonicalJson(each);
    return out + "]";
  }
  const json::object* object = value.if_object();
  if (object == nullptr) return city::ToText(value);
  std::vector<std::string_view> names;
  for (const auto& [name, each] : *object) names.emplace_back(name);
  std::sort(names.begin(), names.end());
  std::string out = "{";
  for (std::string_view name : names) {
    if (out.size() > 1) out += ',';
    AppendJsonString(out, name);
    out += ':';
    out += CanonicalJson(object->at(name));
  }
  return out + "}";
}

Result<Message> ReadMessage(std::string_view text) {
  TRY(json::object object, Parse(text, kMostMessage));
  Members members(object);
  Message out;
  members.Is("form", members.Text("form", 40) == kMessageForm);
  out.from = members.Text("from", 12);
  out.to = members.Text("to", 12);
  out.id = members.Text("id", 36);
  out.sequence = members.Number("sequence");
  out.kind = members.Text("kind", 40);
  out.about = members.Text("about", 64, true);
  out.issued_at = members.Moment("issued_at");
  out.nonce = members.Text("nonce", 32);
  out.key = members.Text("key", 1000);
  out.data = members.Text("data", kMostMessage);
  out.signature = members.Text("signature", 200);
  members.Is("from", ledger::IsDivisionCode(out.from));
  members.Is("to", ledger::IsDivisionCode(out.to));
  members.Is("id", IsUuid(out.id));
  members.Is("kind", IsName(out.kind));
  members.Is("nonce", IsHex(out.nonce, 32));
  if (std::string fault = members.Fault(); !fault.empty()) return Unreadable(fault);
  return out;
}

Result<Receipt> ReadReceipt(std::string_view text) {
  TRY(json::object object, Parse(text, kMostReceipt));
  Members members(object);
  Receipt out;
  members.Is("form", members.Text("form", 40) == kReceiptForm);
  out.from = members.Text("from", 12);
  out.to = members.Text("to", 12);
  out.of = members.Text("of", 36);
  out.sequence = members.Number("sequence");
  out.state = members.Text("state", 10);
  out.code = members.Text("code", 100, true);
  out.zh = members.Text("zh", 4000, true);
  out.en = members.Text("en", 4000, true);
  out.result = members.Text("result", kMostReceipt, true);
  out.at = members.Moment("at");
  out.signature = members.Text("signature", 200);
  members.Is("state", out.state == "applied" || out.state == "refused" || out.state == "expected");
  if (std::string fault = members.Fault(); !fault.empty()) return Unreadable(fault);
  return out;
}

std::string ToText(const Message& message) { return WithSignature(message); }
std::string ToText(const Receipt& receipt) { return WithSignature(receipt); }
Result<void> Sign(Message& message, const crypto::SignMessage& sign) {
  return SignIt(message, sign);
}
Result<void> Sign(Receipt& receipt, const crypto::SignMessage& sign) {
  return SignIt(receipt, sign);
}
bool IsSignedBy(const Message& message, const crypto::Sm2PublicKey& key) {
  return Holds(message, key);
}
bool IsSignedBy(const Receipt& receipt, const crypto::Sm2PublicKey& key) {
  return Holds(receipt, key);
}

Result<void> SealBody(Message& message, std::string_view body, const crypto::Sm2PublicKey& key) {
  crypto::Secret secret(crypto::RandomBytes(32));
  TRY(std::string wrapped, key.Encrypt(secret.view()));
  message.key = crypto::ToBase64(wrapped);
  message.data = crypto::ToBase64(crypto::Sealer(secret.view()).Seal(body, ContextOf(message)));
  return {};
}

Result<std::string> OpenBody(const Message& message, crypto::KeyDevice& keys,
                             std::string_view key_name) {
  TRY(std::string wrapped, crypto::FromBase64(message.key));
  TRY(crypto::Secret secret, keys.Unwrap(key_name, wrapped));
  if (secret.size() != 32) return error::kCannotOpen;
  TRY(std::string data, crypto::FromBase64(message.data));
  return crypto::Sealer(secret.view()).Open(data, ContextOf(message));
}
}  // namespace city::exchange
