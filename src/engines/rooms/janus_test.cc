// SPDX-License-Identifier: Apache-2.0
// A real Janus as a process of its own, with a configuration that lives as long as the test.
#include "engines/rooms/janus.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/ids.h"
#include "base/time.h"
#include "engines/rooms/errors.h"

namespace city::rooms {
namespace {
namespace fs = std::filesystem;

uint16_t FreePort() {
  boost::asio::io_context loop;
  boost::asio::ip::tcp::acceptor probe(loop, {boost::asio::ip::address_v4::loopback(), 0});
  return probe.local_endpoint().port();
}

class JanusProcess {
 public:
  JanusProcess() : port_(FreePort()) {
    folder_ = fs::temp_directory_path() / ("janus-test-" + NewId(SystemClock().Now()));
    fs::create_directories(folder_);
    std::ofstream(folder_ / "janus.jcfg")
        << "general: { debug_level = 2\n api_secret = \"abc123\"\n admin_secret = \"none456\" }\n"
           "plugins: { disable = \"libjanus_audiobridge.so,libjanus_echotest.so,libjanus_nosip.so,"
           "libjanus_recordplay.so,libjanus_sip.so,libjanus_streaming.so,libjanus_textroom.so,"
           "libjanus_videocall.so,libjanus_voicemail.so,libjanus_lua.so,libjanus_duktape.so\" }\n"
           "transports: { disable = \"libjanus_websockets.so,libjanus_rabbitmq.so,"
           "libjanus_pfunix.so,libjanus_mqtt.so,libjanus_nanomsg.so\" }\n";
    std::ofstream(folder_ / "janus.transport.http.jcfg")
        << "general: { json = \"compact\"\n base_path = \"/janus\"\n http = true\n port = " << port_
        << "\n ip = \"127.0.0.1\"\n https = false }\nadmin: { admin_http = false }\n";
    std::ofstream(folder_ / "janus.plugin.videoroom.jcfg") << "general: { }\n";
    std::string config = "--configs-folder=" + folder_.string();
    std::string log = "--log-file=" + (folder_ / "log").string();
    process_ = fork();
    if (process_ == 0) {
      execlp("janus", "janus", config.c_str(), "--disable-stdout", log.c_str(),
             static_cast<char*>(nullptr));
      _exit(127);
    }
    boost::asio::io_context loop;
    for (int round = 0; round < 200; ++round) {
      boost::asio::ip::tcp::socket socket(loop);
      boost::system::error_code code;
      socket.connect({boost::asio::ip::address_v4::loopback(), port_}, code);
      if (!code) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ADD_FAILURE() << "janus did not start";
  }
  ~JanusProcess() {
    kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  std::string address() const { return "http://127.0.0.1:" + std::to_string(port_) + "/janus"; }

 private:
  uint16_t port_;
  fs::path folder_;
  pid_t process_ = 0;
};

/// Hears until something of this kind comes.
class Hearing {
 public:
  Listener listener() {
    return [this](const json::object& said) {
      std::lock_guard lock(mutex_);
      heard_.push_back(std::string(TextAt(said, "kind")));
      return true;
    };
  }
  bool Waits(std::string_view kind) {
    for (int round = 0; round < 1000; ++round) {
      if (Heard(kind)) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }
  bool Heard(std::string_view kind) {
    std::lock_guard lock(mutex_);
    return std::find(heard_.begin(), heard_.end(), kind) != heard_.end();
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> heard_;
};

const MediaRoom kRoom{123456789012, "roomsecret", "hosttoken", "guesttoken"};

TEST(Janus, SeatsTwoAndTellsEachWhatHappens) {
  JanusProcess process;
  Hearing host_hears, guest_hears;
  Janus janus({process.address(), "abc123"});
  auto host = janus.Enter(kRoom, Side::kHost, {});
  ASSERT_TRUE(host) << host.error().ToLine();
  janus.Listen(*host, Side::kHost, host_hears.listener());
  EXPECT_TRUE(host_hears.Waits("entered"));
  auto guest = janus.Enter(kRoom, Side::kGuest, {});
  ASSERT_TRUE(guest) << guest.error().ToLine();
  janus.Listen(*guest, Side::kGuest, guest_hears.listener());
  EXPECT_TRUE(guest_hears.Waits("entered"));
  EXPECT_TRUE(janus.Say(kRoom, Side::kHost, *host, {{"kind", "beat"}}));
  // Whoever comes again gives the seat of before up.
  auto again = janus.Enter(kRoom, Side::kGuest, *guest);
  ASSERT_TRUE(again) << again.error().ToLine();
  EXPECT_NE(again->session, guest->session);
  auto late = janus.Say(kRoom, Side::kGuest, *guest, {{"kind", "beat"}});
  EXPECT_TRUE(!late && late.error().Is(error::kSeatGone));
  janus.Close(kRoom);
  EXPECT_TRUE(host_hears.Waits("closed"));
}
TEST(Janus, LetsNobodyInWithoutTheTokenOfASeat) {
  JanusProcess process;
  Hearing hears;
  Janus janus({process.address(), "abc123"});
  ASSERT_TRUE(janus.Enter(kRoom, Side::kHost, {}));
  MediaRoom guessed = kRoom;
  guessed.guest_token = "guessed";
  auto stranger = janus.Enter(guessed, Side::kGuest, {});
  ASSERT_TRUE(stranger);
  janus.Listen(*stranger, Side::kGuest, hears.listener());
  EXPECT_TRUE(hears.Waits("gone"));
  EXPECT_FALSE(hears.Heard("entered"));
}
TEST(Janus, GivesASeatAgainToWhoeverComesBackAtOnce) {
  JanusProcess process;
  Janus janus({process.address(), "abc123"});
  MediaSeat seat;
  for (int time = 0; time < 100; ++time) {
    Hearing hears;
    auto again = janus.Enter(kRoom, Side::kGuest, seat);
    ASSERT_TRUE(again) << again.error().ToLine();
    janus.Listen(*again, Side::kGuest, hears.listener());
    ASSERT_TRUE(hears.Waits("entered")) << "time " << time;
    EXPECT_FALSE(hears.Heard("gone")) << "time " << time;
    janus.Listen(*again, Side::kGuest, [](const json::object&) { return false; });
    seat = *again;
  }
}
TEST(Janus, SaysThatTheSecretIsWrongOrNobodyThere) {
  JanusProcess process;
  Janus wrong({process.address(), "other"});
  auto refused = wrong.Enter(kRoom, Side::kHost, {});
  EXPECT_TRUE(!refused && refused.error().Is(error::kMediaFailed));
  Janus nobody({"http://127.0.0.1:1/janus", ""});
  auto silent = nobody.Enter(kRoom, Side::kHost, {});
  EXPECT_TRUE(!silent && silent.error().Is(error::kMediaFailed));
}
TEST(Janus, TakesNoSettingThatBreaksOutOfAnAddress) {
  EXPECT_TRUE(Janus::Make({"http://127.0.0.1:8088/janus", "abc123"}));
  for (const JanusSettings& bad :
       {JanusSettings{"https://127.0.0.1/janus", ""}, JanusSettings{"127.0.0.1", ""},
        JanusSettings{"http://127.0.0.1/janus", "a&b"}}) {
    auto made = Janus::Make(bad);
    EXPECT_TRUE(!made && made.error().Is(error::kSettingWrong));
  }
}

TEST(JanusEvent, TellsAPageWhatConcernsItsSeat) {
  auto told = [](std::string_view text) {
    return ToText(TellEvent(ParseJson(text)->as_object(), {"1", "10", "11"}, Side::kGuest));
  };
  EXPECT_EQ(
      told(
          R"({"janus":"event","sender":10,"plugindata":{"data":{"videoroom":"joined","publishers":[{"id":1}]}}})"),
      R"([{"kind":"entered","other":true}])");
  EXPECT_EQ(
      told(
          R"({"janus":"event","sender":10,"plugindata":{"data":{"videoroom":"event","leaving":1}}})"),
      R"([{"kind":"other-gone"}])");
  EXPECT_EQ(
      told(
          R"({"janus":"event","sender":11,"plugindata":{"data":{"videoroom":"attached"}},"jsep":{"type":"offer","sdp":"v=0","x":1}})"),
      R"([{"kind":"jsep","on":"in","jsep":{"type":"offer","sdp":"v=0"}}])");
  EXPECT_EQ(told(R"({"janus":"webrtcup","sender":11})"), R"([{"kind":"up","on":"in"}])");
  EXPECT_EQ(told(R"({"janus":"timeout","session_id":1})"), R"([{"kind":"gone"}])");
  // A seat that was not given is asked for again; a picture that is not there comes by itself.
  EXPECT_EQ(
      told(
          R"({"janus":"event","sender":10,"plugindata":{"data":{"videoroom":"event","error_code":436}}})"),
      R"([{"kind":"gone"}])");
  EXPECT_EQ(
      told(
          R"({"janus":"event","sender":11,"plugindata":{"data":{"videoroom":"event","error_code":428}}})"),
      R"([{"kind":"trouble","code":428}])");
  // Of a handle that is no more of this seat.
  EXPECT_EQ(told(R"({"janus":"hangup","sender":99})"), "[]");
  EXPECT_EQ(told(R"({"janus":"event","sender":"x"})"), "[]");
}
}  // namespace
}  // namespace city::rooms
