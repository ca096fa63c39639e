// SPDX-License-Identifier: Apache-2.0
// Bytes of an instance (format 1) and of its log lines.
// State: version byte 1; numbers are base-128; text is length + UTF-8; variables are JSON text.
#include "engines/flow/errors.h"
#include "engines/flow/internal/bytes.h"
#include "engines/flow/state.h"

namespace city::flow {
namespace {

constexpr std::uint8_t kFormat = 1;

void WriteList(ByteWriter& w, const std::vector<std::string>& list) {
  w.Number(list.size());
  for (const auto& s : list) w.Text(s);
}

std::vector<std::string> ReadList(ByteReader& r) {
  std::vector<std::string> out(r.Count());
  for (auto& s : out) s = std::string(r.Text());
  return out;
}

void WriteSeat(ByteWriter& w, const Seat& s) {
  w.Number(s.id);
  w.Number(static_cast<std::uint64_t>(s.state));
  w.Number(static_cast<std::uint64_t>(s.origin));
  w.Number((s.assigned ? 1U : 0U) | (s.touched ? 2U : 0U));
  w.Number(s.turn);
  w.Number(s.host);
  w.Text(s.person);
  w.Text(s.owner);
  WriteList(w, s.users);
  WriteList(w, s.groups);
  w.Text(s.draft);
  w.Text(s.remark);
}

Seat ReadSeat(ByteReader& r) {
  Seat s;
  s.id = static_cast<std::uint32_t>(r.Number());
  s.state = static_cast<SeatState>(r.Number() % 6);
  s.origin = static_cast<SeatOrigin>(r.Number() % 5);
  auto flags = r.Number();
  s.assigned = (flags & 1) != 0;
  s.touched = (flags & 2) != 0;
  s.turn = static_cast<std::uint32_t>(r.Number());
  s.host = static_cast<std::uint32_t>(r.Number());
  s.person = std::string(r.Text());
  s.owner = std::string(r.Text());
  s.users = ReadList(r);
  s.groups = ReadList(r);
  s.draft = std::string(r.Text());
  s.remark = std::string(r.Text());
  return s;
}

void WriteJson(ByteWriter& w, const json::value& value) {
  w.Text(value.is_null() ? std::string() : ToText(value));
}

bool ReadJson(ByteReader& r, json::value& out) {
  auto text = r.Text();
  out = nullptr;
  if (text.empty()) return true;
  auto value = ParseJson(text, {.max_bytes = 64U << 20, .max_depth = 200});
  if (!value) return false;
  out = std::move(*value);
  return true;
}

}  // namespace

std::string Instance::Encode() const {
  ByteWriter w;
  w.out.push_back(static_cast<char>(kFormat));
  w.Signed(process);
  w.Number(static_cast<std::uint64_t>(state));
  w.Number(version);
  w.Number(last_key);
  w.Number(last_completion);
  w.Text(business_key);
  w.Text(starter);
  w.Signed(started);
  w.Number(lives.size());
  for (const auto& l : lives) {
    w.Number(l.key);
    w.Number(l.parent);
    w.Signed(l.node);
    w.Number(static_cast<std::uint64_t>(l.state) | (l.has_scope ? 8U : 0U) |
             (l.isolated ? 16U : 0U) | (l.body ? 32U : 0U) | (l.extra ? 64U : 0U) |
             (l.loop != 0 || l.total != 0 || l.created != 0 || l.completed != 0 ? 128U : 0U));
    if (l.loop != 0 || l.total != 0 || l.created != 0 || l.completed != 0) {
      w.Signed(l.loop);
      w.Number(l.total);
      w.Number(l.created);
      w.Number(l.completed);
    }
    w.Number(l.active);
    if (!l.extra) continue;
    const Extra& x = *l.extra;
    std::uint64_t has =
        (x.variables.empty() ? 0U : 1U) | (x.items.empty() ? 0U : 2U) |
        (x.results.empty() ? 0U : 4U) | (x.seats.empty() ? 0U : 8U) |
        (x.due == 0 && x.priority == 50 ? 0U : 16U) |
        (x.pending.empty() && x.compensates == 0 ? 0U : 32U) |
        (x.text.empty() && x.code.empty() && x.retries == 0 && x.phase == 0 ? 0U : 64U);
    w.Number(has);
    if ((has & 1) != 0) WriteJson(w, x.variables);
    if ((has & 2) != 0) WriteJson(w, x.items);
    if ((has & 4) != 0) WriteJson(w, x.results);
    if ((has & 8) != 0) {
      w.Number(x.seats.size());
      for (const auto& s : x.seats) WriteSeat(w, s);
    }
    if ((has & 16) != 0) {
      w.Signed(x.due);
      w.Signed(x.priority);
    }
    if ((has & 32) != 0) {
      w.Number(x.pending.size());
      for (auto id : x.pending) w.Number(id);
      w.Number(x.compensates);
    }
    if ((has & 64) != 0) {
      w.Text(x.text);
      w.Text(x.code);
      w.Signed(x.retries);
      w.Number(x.phase);
    }
  }
  w.Number(arrivals.size());
  for (const auto& a : arrivals) {
    w.Number(a.scope);
    w.Signed(a.flow);
    w.Number(a.count);
  }
  w.Number(waits.size());
  for (const auto& x : waits) {
    w.Number(x.owner);
    w.Signed(x.node);
    w.Number(x.spec);
    w.Number(static_cast<std::uint64_t>(x.kind));
    w.Number(x.seen ? 1 : 0);
    w.Signed(x.due);
    w.Signed(x.left);
    w.Text(x.name);
    w.Text(x.key);
  }
  w.Number(completions.size());
  for (const auto& c : completions) {
    w.Number(c.id);
    w.Number(c.scope);
    w.Number(c.inside);
    w.Signed(c.node);
    w.Text(c.variables);
  }
  w.Number(trail.size());
  for (const auto& s : trail) {
    w.Signed(s.node);
    w.Number(s.scope);
    w.Number(s.key);
    w.Text(s.person);
  }
  return std::move(w.out);
}

Result<Instance> Instance::Decode(std::string_view bytes) {
  auto bad = [](const char* why) { return error::kBadState({{"reason", why}}); };
  if (bytes.empty() || static_cast<std::uint8_t>(bytes.front()) != kFormat) return bad("format");
  ByteReader r(bytes.substr(1));
  Instance out;
  bool json_ok = true;
  out.process = static_cast<Index>(r.Signed());
  out.state = static_cast<InstanceState>(r.Number() % 4);
  out.version = static_cast<std::uint32_t>(r.Number());
  out.last_key = static_cast<Key>(r.Number());
  out.last_completion = static_cast<std::uint32_t>(r.Number());
  out.business_key = std::string(r.Text());
  out.starter = std::string(r.Text());
  out.started = r.Signed();
  out.lives.resize(r.Count());
  for (auto& l : out.lives) {
    l.key = static_cast<Key>(r.Number());
    l.parent = static_cast<Key>(r.Number());
    l.node = static_cast<Index>(r.Signed());
    auto flags = r.Number();
    l.state = static_cast<LiveState>(flags & 3);
    l.has_scope = (flags & 8) != 0;
    l.isolated = (flags & 16) != 0;
    l.body = (flags & 32) != 0;
    if ((flags & 128) != 0) {
      l.loop = static_cast<std::int32_t>(r.Signed());
      l.total = static_cast<std::uint32_t>(r.Number());
      l.created = static_cast<std::uint32_t>(r.Number());
      l.completed = static_cast<std::uint32_t>(r.Number());
    }
    l.active = static_cast<std::uint32_t>(r.Number());
    if ((flags & 64) == 0) continue;
    Extra& x = l.more();
    auto has = r.Number();
    json::value value;
    if ((has & 1) != 0) {
      json_ok &= ReadJson(r, value) && value.is_object();
      if (value.is_object()) x.variables = std::move(value.get_object());
    }
    if ((has & 2) != 0) {
      json_ok &= ReadJson(r, value) && value.is_array();
      if (value.is_array()) x.items = std::move(value.get_array());
    }
    if ((has & 4) != 0) {
      json_ok &= ReadJson(r, value) && value.is_array();
      if (value.is_array()) x.results = std::move(value.get_array());
    }
    if ((has & 8) != 0) {
      x.seats.resize(r.Count());
      for (auto& s : x.seats) s = ReadSeat(r);
    }
    if ((has & 16) != 0) {
      x.due = r.Signed();
      x.priority = static_cast<std::int32_t>(r.Signed());
    }
    if ((has & 32) != 0) {
      x.pending.resize(r.Count());
      for (auto& id : x.pending) id = static_cast<std::uint32_t>(r.Number());
      x.compensates = static_cast<std::uint32_t>(r.Number());
    }
    if ((has & 64) != 0) {
      x.text = std::string(r.Text());
      x.code = std::string(r.Text());
      x.retries = static_cast<std::int32_t>(r.Signed());
      x.phase = static_cast<std::uint8_t>(r.Number());
    }
  }
  out.arrivals.resize(r.Count());
  for (auto& a : out.arrivals) {
    a.scope = static_cast<Key>(r.Number());
    a.flow = static_cast<Index>(r.Signed());
    a.count = static_cast<std::uint32_t>(r.Number());
  }
  out.waits.resize(r.Count());
  for (auto& x : out.waits) {
    x.owner = static_cast<Key>(r.Number());
    x.node = static_cast<Index>(r.Signed());
    x.spec = static_cast<std::uint32_t>(r.Number());
    x.kind = static_cast<EventKind>(r.Number() % 10);
    x.seen = r.Number() != 0;
    x.due = r.Signed();
    x.left = r.Signed();
    x.name = std::string(r.Text());
    x.key = std::string(r.Text());
  }
  out.completions.resize(r.Count());
  for (auto& c : out.completions) {
    c.id = static_cast<std::uint32_t>(r.Number());
    c.scope = static_cast<Key>(r.Number());
    c.inside = static_cast<std::uint32_t>(r.Number());
    c.node = static_cast<Index>(r.Signed());
    c.variables = std::string(r.Text());
  }
  out.trail.resize(r.Count());
  for (auto& s : out.trail) {
    s.node = static_cast<Index>(r.Signed());
    s.scope = static_cast<Key>(r.Number());
    s.key = static_cast<Key>(r.Number());
    s.person = std::string(r.Text());
  }
  if (!r.ok || !r.empty() || !json_ok) return bad("bytes");
  for (std::size_t i = 1; i < out.lives.size(); ++i) {
    if (out.lives[i - 1].key >= out.lives[i].key) return bad("order");
  }
  return out;
}

std::string EncodeLog(const std::vector<LogLine>& lines) {
  ByteWriter w;
  w.Number(lines.size());
  for (const auto& l : lines) {
    w.Number(static_cast<std::uint64_t>(l.kind));
    std::uint64_t has =
        (l.key != 0 ? 1U : 0U) | (l.parent != 0 ? 2U : 0U) | (l.node != kNone ? 4U : 0U) |
        (l.a != 0 || l.b != 0 || l.c != 0 || l.d != 0 ? 8U : 0U) | (l.name.empty() ? 0U : 16U) |
        (l.text.empty() ? 0U : 32U) | (l.value.is_null() ? 0U : 64U) | (l.seat ? 128U : 0U);
    w.Number(has);
    if ((has & 1) != 0) w.Number(l.key);
    if ((has & 2) != 0) w.Number(l.parent);
    if ((has & 4) != 0) w.Signed(l.node);
    if ((has & 8) != 0) {
      w.Signed(l.a);
      w.Signed(l.b);
      w.Signed(l.c);
      w.Signed(l.d);
    }
    if ((has & 16) != 0) w.Text(l.name);
    if ((has & 32) != 0) w.Text(l.text);
    if ((has & 64) != 0) WriteJson(w, l.value);
    if ((has & 128) != 0) WriteSeat(w, *l.seat);
  }
  return std::move(w.out);
}

Result<std::vector<LogLine>> DecodeLog(std::string_view bytes) {
  ByteReader r(bytes);
  std::vector<LogLine> out(r.Count());
  bool json_ok = true;
  for (auto& l : out) {
    l.kind = static_cast<LogKind>(r.Number());
    auto has = r.Number();
    if ((has & 1) != 0) l.key = static_cast<Key>(r.Number());
    if ((has & 2) != 0) l.parent = static_cast<Key>(r.Number());
    if ((has & 4) != 0) l.node = static_cast<Index>(r.Signed());
    if ((has & 8) != 0) {
      l.a = r.Signed();
      l.b = r.Signed();
      l.c = r.Signed();
      l.d = r.Signed();
    }
    if ((has & 16) != 0) l.name = std::string(r.Text());
    if ((has & 32) != 0) l.text = std::string(r.Text());
    if ((has & 64) != 0) json_ok &= ReadJson(r, l.value);
    if ((has & 128) != 0) l.seat = std::make_shared<const Seat>(ReadSeat(r));
  }
  if (!r.ok || !r.empty() || !json_ok) return error::kBadState({{"reason", "log"}});
  return out;
}

}  // namespace city::flow
