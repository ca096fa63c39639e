// SPDX-License-Identifier: Apache-2.0
// What a running city does by itself every few minutes.
#pragma once
#include <condition_variable>
#include <mutex>
#include <thread>

#include "model/city.h"

namespace city::model {

/// One thread of its own. With several servers each does it; doing it twice changes nothing.
class Housekeeper {
 public:
  Housekeeper(City& city, std::chrono::seconds every) : city_(city), every_(every) {}
  ~Housekeeper() { Stop(); }
  void Start();
  void Stop();

 private:
  City& city_;
  const std::chrono::seconds every_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};
}  // namespace city::model
