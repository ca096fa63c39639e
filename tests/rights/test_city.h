// SPDX-License-Identifier: Apache-2.0
// A whole city in a temporary folder, asked through its gate without the network.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "base/ids.h"
#include "engines/rooms/still_media.h"
#include "gate/gate.h"
#include "model/demo.h"

namespace city::testing_city {

class TestCity {
 public:
  explicit TestCity(std::string model = std::string(CITY_SOURCE_DIR) + "/city", int cases = 60) {
    folder_ =
        (std::filesystem::temp_directory_path() / ("yiwang-test-" + NewId(SystemClock().Now())))
            .string();
    model::CityOptions options;
    options.model_folder = std::move(model);
    options.data_folder = folder_;
    options.store_url = "sqlite:" + folder_ + "/city.db";
    options.media = std::make_shared<rooms::StillMedia>();
    options.demo_cases = cases;
    options.demo_persons = 60;
    options.demo_enterprises = 20;
    auto opened = model::City::Open(options, clock_);
    if (!opened) {
      ADD_FAILURE() << opened.error().ToLine();
      return;
    }
    city_ = std::move(*opened);
    auto filled = model::FillDemo(*city_, [](const std::string&, double) {});
    if (!filled) ADD_FAILURE() << filled.error().ToLine();
    gate::GateOptions gate_options;
    gate_options.demo = true;
    gate_options.reads_per_second = gate_options.writes_per_second =
        gate_options.signins_per_minute = 1e9;
    gate_options.read_burst = gate_options.write_burst = 1e9;
    gate_ = std::make_unique<gate::Gate>(*city_, gate_options);
    for (const model::DemoAccount& each : model::DemoAccounts(city_->place())) {
      gate::Response response =
          Send("", "POST", "/api/session",
               ToText(json::object{{"username", each.username}, {"password", each.password}}));
      for (const auto& [name, value] : response.headers)
        if (name == "Set-Cookie") tokens_[each.username] = value.substr(15, value.find(';') - 15);
    }
  }
  ~TestCity() {
    gate_.reset();
    city_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  /// One request as a demo account ("" is a visitor).
  gate::Response Send(const std::string& who, const std::string& method, const std::string& target,
                      const std::string& body = {}) {
    gate::Request request;
    request.method = method;
    if (!gate::ParseTarget(target, request.path, request.query)) request.path = target;
    request.address = "127.0.0.1";
    request.body = body;
    request.headers.emplace_back("x-yiwang", "1");
    auto token = tokens_.find(who);
    if (token != tokens_.end())
      request.headers.emplace_back("cookie", "yiwang_session=" + token->second);
    return gate_->Handle(request);
  }
  json::value Get(const std::string& who, const std::string& target) {
    gate::Response response = Send(who, "GET", target);
    auto value = ParseJson(response.body, {.max_bytes = 64u << 20});
    return value ? *value : json::value();
  }
  gate::Gate& gate() { return *gate_; }
  model::City& city() { return *city_; }
  const std::string& folder() const { return folder_; }
  const std::map<std::string, std::string>& tokens() const { return tokens_; }
  ManualClock& clock() { return clock_; }

 private:
  ManualClock clock_{*ParseTime("2026-11-23T10:00:00")};
  std::string folder_;
  std::unique_ptr<model::City> city_;
  std::unique_ptr<gate::Gate> gate_;
  std::map<std::string, std::string> tokens_;
};
}  // namespace city::testing_city
