// SPDX-License-Identifier: Apache-2.0
// Why: an official and an applicant who cannot meet talk by video about one case, look at the same
// screen, and sign what has to be signed. Two people, a limited time, nothing recorded; what was
// done there stands in the events of the case.
//
// Records (declared in the model): video_room, video_visit, video_document. Own tables: room_media
// (how the media server knows the room), room_ticket (which page is in it).
#pragma once
#include <memory>
#include <string>

#include "engines/rooms/media.h"
#include "ledger/ledger.h"

namespace city::rooms {

struct Settings {
  int minutes = 30;  ///< after which a room ends by itself
  json::array ice;   ///< addresses for browsers behind other networks: [{urls: …}]
};

/// The case that a room is for, as far as its caller may see it.
struct CaseFacts {
  std::string id, region, number, item_name;
  std::string guest, guest_name;  ///< account of whoever applies, or of the window that stands in
  bool at_window = false;         ///< the guest is a clerk with whom the applicant sits
  bool closed = false;
  bool helps = false;  ///< the caller sees it only for a step that was put to them
};

/// What rooms ask of cases, files and signatures; the model supplies it.
class Desk {
 public:
  virtual ~Desk() = default;
  /// By the key of a case or of a case received for elsewhere. Errors: ledger.not_found.
  virtual Result<CaseFacts> Look(const ledger::Subject& who, const std::string& case_id,
                                 const std::string& remote_case) = 0;
  /// Whether an official may work on the case.
  virtual bool Works(const ledger::Subject& who, const std::string& case_id) = 0;
  /// A PDF of `paper` {title, number, paragraphs, digest} signed with the caller's own signature,
  /// kept on disk: {name, type, digest, size, sm3}. `picture`: a signature written by hand (PNG in
  /// Base64) for whoever has none yet. Errors: rooms.signature_missing and those of seals.
  virtual Result<json::object> Sign(const ledger::CommandInfo& info, const json::object& paper,
                                    const std::string& picture) = 0;
  /// The signed file as a material of the case; key of the attachment.
  virtual Result<std::string> KeepSigned(ledger::Writer& writer, const std::string& case_id,
                                         const std::string& title, const json::object& file) = 0;
  /// A line among the events of the case, in the name of the writer's subject.
  virtual Result<void> Tell(ledger::Writer& writer, const std::string& case_id,
                            const std::string& act, const std::string& note) = 0;
};

/// Threads: any.
class Rooms {
 public:
  /// `media` null: video is not set up, and no room is opened.
  static Result<std::unique_ptr<Rooms>> Open(ledger::Ledger& ledger, Desk& desk,
                                             std::shared_ptr<Media> media, Settings settings);
  bool ready() const { return media_ != nullptr; }

  /// Opens one: {case} or {remote_case}. Answers as View. Errors: rooms.not_set_up,
  /// rooms.no_applicant, rooms.case_closed, rooms.open_already, ledger.not_found.
  Result<std::string> Begin(const ledger::CommandInfo& info, const json::object& body);
  /// Rooms of a case that this subject may look at: {ready, rows}.
  Result<std::string> OfCase(const ledger::Subject& who, const std::string& case_id,
                             const std::string& remote_case);
  /// For the two of it, and for officials of the case while the official's seat is free.
  /// Errors: ledger.not_found for everybody else.
  Result<std::string> View(const ledger::Subject& who, const std::string& id);
  /// Takes the own seat: {consent: true}. Answers {ticket, room}. Who was in on another page is
  /// out. Errors: rooms.consent_missing, rooms.ended, rooms.media_failed.
  Result<std::string> Join(const ledger::CommandInfo& info, const std::string& id,
                           const json::object& body);
  /// A signal of a page (signal.h) with its `ticket`. Errors: rooms.ticket_over,
  /// rooms.signal_wrong, rooms.seat_gone, rooms.media_failed, rooms.ended.
  Result<std::string> Say(const ledger::CommandInfo& info, const std::string& id,
                          const json::object& body);
  /// Tells `listener` what happens at the seat of this ticket.
  Result<void> Listen(const ledger::Subject& who, const std::string& id, const std::string& ticket,
                      Listener listener);
  /// The official shows a text to be signed: {title, text}. Errors: rooms.document_wrong.
  Result<std::string> Show(const ledger::CommandInfo& info, const std::string& id,
                           const json::object& body);
  /// One of them in full; the reading is noted.
  Result<std::string> ReadDocument(const ledger::CommandInfo& info, const std::string& id,
                                   const std::string& document);
  /// "sign" {agree: true, sm3 (of what was shown), picture?} or "decline" {reason?}, by the
  /// applicant while in the room. Errors: rooms.document_settled, rooms.document_changed,
  /// rooms.not_in_room, rooms.signature_missing, rooms.signed_on_paper.
  Result<std::string> Settle(const ledger::CommandInfo& info, const std::string& id,
                             const std::string& document, const std::string& act,
                             const json::object& body);
  /// Either of the two ends it.
  Result<std::string> End(const ledger::CommandInfo& info, const std::string& id);
  /// Ends rooms whose time is over. Answers how many.
  Result<int> Sweep(const std::string& shard);

 private:
  Rooms(ledger::Ledger& ledger, Desk& desk, std::shared_ptr<Media> media, Settings settings)
      : ledger_(ledger), desk_(desk), media_(std::move(media)), settings_(std::move(settings)) {}
  struct Found {
    json::object row;
    std::optional<Side> side;  ///< none: an official who may take the free seat
    std::string region, case_id;
    bool open = false;
  };
  struct Ticket {
    std::string digest;
    int64_t until = 0;  ///< seconds since 1970
    MediaSeat seat;
    std::string shows;  ///< JSON: what the page says that it sends
  };
  Result<Found> Find(store::Reader& reader, const ledger::Subject& who, const std::string& id);
  Result<Found> FindOpen(const ledger::Subject& who, const std::string& id);
  Result<MediaRoom> MediaOf(store::Reader& reader, const std::string& id);
  Result<std::optional<Ticket>> TicketOf(store::Reader& reader, const std::string& id, Side side);
  /// The ticket that this page holds. Errors: rooms.ticket_over.
  Result<Ticket> Checked(store::Reader& reader, const Found& found, const std::string& ticket);
  Result<void> KeepTicket(const std::string& id, const Found& found, const Ticket& ticket);
  Result<void> Close(const ledger::CommandInfo& info, const json::object& row,
                     const std::string& reason);
  Result<json::object> Told(store::Reader& reader, const Found& found);
  int64_t Seconds() const;

  ledger::Ledger& ledger_;
  Desk& desk_;
  std::shared_ptr<Media> media_;
  Settings settings_;
};
}  // namespace city::rooms
