// SPDX-License-Identifier: Apache-2.0
// How fast decisions are: the same expressions and table as the scripts beside it, on one core.
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <new>
#include <string>

#include "engines/decisions/model.h"

namespace {
uint64_t allocations = 0;
}

void* operator new(size_t size) {
  ++allocations;
  if (void* p = std::malloc(size == 0 ? 1 : size)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, size_t) noexcept { std::free(p); }

namespace {

using city::feel::Value;

/// Counts instructions of this thread, where the machine lets us.
class Instructions {
 public:
  Instructions() {
    perf_event_attr attr;
    std::memset(&attr, 0, sizeof attr);
    attr.type = PERF_TYPE_HARDWARE;
    attr.size = sizeof attr;
    attr.config = PERF_COUNT_HW_INSTRUCTIONS;
    attr.exclude_kernel = 1;
    fd_ = static_cast<int>(syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0));
  }
  ~Instructions() {
    if (fd_ >= 0) close(fd_);
  }
  uint64_t Read() const {
    uint64_t n = 0;
    if (fd_ < 0 || read(fd_, &n, sizeof n) != sizeof n) return 0;
    return n;
  }
  bool known() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// `--count CASE TIMES` runs one case so often and no other, for a machine that counts instructions
/// from outside.
int only_case = -1, only_times = 0, next_case = 0;

template <class F>
double Measure(const char* name, const F& run) {
  int mine = next_case++;
  if (only_case >= 0) {
    for (int i = 0; mine == only_case && i < only_times; ++i) run(i);
    return 1;
  }
  static Instructions instructions;
  using Clock = std::chrono::steady_clock;
  for (int i = 0; i < 2000; ++i) run(i);
  double best = 1e9;
  uint64_t per_allocations = 0;
  double per_instructions = 0;
  for (int round = 0; round < 5; ++round) {
    int count = 0;
    uint64_t allocated = allocations;
    uint64_t executed = instructions.Read();
    auto start = Clock::now();
    double ns = 0;
    do {
      for (int i = 0; i < 1000; ++i) run(count + i);
      count += 1000;
      ns = std::chrono::duration<double, std::nano>(Clock::now() - start).count();
    } while (ns < 3e8);
    if (ns / count < best) {
      best = ns / count;
      per_instructions = static_cast<double>(instructions.Read() - executed) / count;
      per_allocations = (allocations - allocated) / static_cast<uint64_t>(count);
    }
  }
  if (instructions.known()) {
    std::printf("%-44s %10.1f ns %12.0f /s %4llu allocations %8.0f instructions\n", name, best,
                1e9 / best, static_cast<unsigned long long>(per_allocations), per_instructions);
  } else {
    std::printf("%-44s %10.1f ns %12.0f /s %4llu allocations\n", name, best, 1e9 / best,
                static_cast<unsigned long long>(per_allocations));
  }
  return best;
}

struct Applicant {
  const char* kind;
  double age;
  double income;
  const char* city;
  bool local;
};

constexpr Applicant kApplicants[] = {
    {"shop", 17, 2500, "Springfield", true},    {"school", 72, 15000, "Ogdenville", false},
    {"clinic", 41, 8000, "Shelbyville", false}, {"workshop", 65, 100, "Capital City", true},
    {"school", 30, 30000, "Springfield", true}, {"clinic", 69, 4000, "Springfield", false},
    {"bakery", 50, 5000, "Shelbyville", true},  {"school", 64, 19999, "Springfield", true},
};

/// The table by hand, as a programmer would write it.
const char* ByHand(const Applicant& a) {
  std::string_view kind = a.kind;
  std::string_view city = a.city;
  auto ages = [&](int n) {
    switch (n) {
      case 0:
        return a.age < 18;
      case 1:
        return a.age >= 18 && a.age < 35;
      case 2:
        return a.age >= 35 && a.age < 60;
      case 3:
        return a.age >= 60 && a.age < 70;
      default:
        return a.age >= 70;
    }
  };
  auto incomes = [&](int n) {
    switch (n % 5) {
      case 0:
        return a.income <= 3000;
      case 1:
        return a.income > 3000;
      case 2:
        return a.income >= 1000 && a.income <= 9000;
      case 3:
        return true;
      default:
        return a.income < 20000;
    }
  };
  auto cities = [&](int n) {
    switch (n % 4) {
      case 0:
        return city == "Springfield";
      case 1:
        return city == "Springfield" || city == "Shelbyville";
      case 2:
        return true;
      default:
        return city != "Ogdenville";
    }
  };
  auto locals = [&](int n) { return n % 4 == 0 ? a.local : n % 4 == 2 ? !a.local : true; };
  static constexpr const char* kKinds[] = {"shop", "workshop", "clinic", "school"};
  static constexpr const char* kResults[] = {
      "shop-1",     "shop-2",     "shop-3",     "shop-4",     "shop-5",
      "workshop-6", "workshop-7", "workshop-8", "workshop-9", "workshop-10",
      "clinic-11",  "clinic-12",  "clinic-13",  "clinic-14",  "clinic-15",
      "school-16",  "school-17",  "school-18",  "school-19",  "school-20"};
  int n = 0;
  for (const char* wanted : kKinds) {
    for (int age = 0; age < 5; ++age) {
      ++n;
      if (kind == wanted && ages(age) && incomes(n) && cities(n) && locals(n))
        return kResults[n - 1];
    }
  }
  return nullptr;
}

Value Context(const Applicant& a) {
  city::feel::ContextBuilder builder;
  builder.Add("kind", Value::Of(a.kind));
  builder.Add("age", Value::Of(static_cast<int64_t>(a.age)));
  builder.Add("income", Value::Of(static_cast<int64_t>(a.income)));
  builder.Add("city", Value::Of(a.city));
  builder.Add("local", Value::Of(a.local));
  return builder.Build();
}

}  // namespace

int main(int count, char** arguments) {
  using namespace city;
  if (count == 4 && std::string_view(arguments[1]) == "--count") {
    only_case = std::atoi(arguments[2]);
    only_times = std::atoi(arguments[3]);
  }
  feel::Settings settings;

  feel::Scope scope;
  scope.Declare("applicant");
  auto simple = *feel::Compile("applicant.age >= 18 and applicant.city = \"Springfield\"", scope);
  Value applicant = Context(kApplicants[4]);
  volatile bool sink = false;
  Measure("applicant.age >= 18 and applicant.city = ...", [&](int) {
    sink = feel::Evaluate(simple, std::span<const Value>(&applicant, 1), settings).IsTrue();
  });
  auto sum = *feel::Compile("sum(for x in [1..10] return x*x) > 100", feel::Scope());
  Measure("sum(for x in [1..10] return x*x) > 100",
          [&](int) { sink = feel::Evaluate(sum, std::span<const Value>(), settings).IsTrue(); });

  std::string path = BENCH_FOLDER "/table.dmn";
  std::ifstream file(path, std::ios::binary);
  std::string xml((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  auto model = decisions::Model::Load({path, xml});
  if (!model) {
    std::printf("%s\n", model.error().ToLine().c_str());
    return 1;
  }
  constexpr size_t kCount = std::size(kApplicants);
  Value contexts[kCount];
  for (size_t i = 0; i < kCount; ++i) {
    contexts[i] = Context(kApplicants[i]);
    auto outcome = (*model)->Decide("eligible", contexts[i]);
    const char* expected = ByHand(kApplicants[i]);
    std::string got = outcome->value.IsNull() ? "-" : std::string(outcome->value.text());
    if (got != (expected == nullptr ? "-" : expected)) {
      std::printf("row %zu: %s instead of %s\n", i, got.c_str(), expected);
      return 1;
    }
  }
  decisions::DecideOptions options;
  double table = Measure("table of 20 rules x 5 inputs", [&](int i) {
    auto outcome = (*model)->Decide("eligible", contexts[static_cast<size_t>(i) % kCount], options);
    sink = outcome->value.IsNull();
  });
  double hand = Measure("the same table by hand in C++", [&](int i) {
    const Applicant* a = &kApplicants[static_cast<size_t>(i) % kCount];
    asm volatile("" : "+r"(a));
    sink = ByHand(*a) == nullptr;
  });
  if (only_case < 0) std::printf("%-44s %10.1f times\n", "ratio", table / hand);
  options.trace = true;
  Measure("the table with its explanation", [&](int i) {
    auto outcome = (*model)->Decide("eligible", contexts[static_cast<size_t>(i) % kCount], options);
    sink = outcome->trace.has_value();
  });
  Measure("parse and bind the table", [&](int) {
    sink = decisions::Model::Load({path, xml}).has_value();
  });
  return 0;
}
