// SPDX-License-Identifier: MIT
#include "scenes.h"

#include "contenders.h"

#include <charconv>
#include <exception>
#include <iostream>
#include <optional>
#include <string_view>
#include <vector>

namespace syncline::bench {
namespace {

struct Sizes {
  std::uint64_t files = 100'000;
  std::uint64_t bytes = 2ULL << 30U;
  std::string folder = "/dev/shm";
};

std::optional<std::string_view> value_of(std::string_view argument, std::string_view flag) {
  if (!argument.starts_with(flag)) return std::nullopt;
  return argument.substr(flag.size());
}

/// Takes our own flags out of the arguments.
Sizes take_sizes(std::vector<char*>& arguments) {
  Sizes sizes;
  const auto number = [](std::string_view text, std::uint64_t& result) {
    std::from_chars(text.data(), text.data() + text.size(), result);
  };
  std::erase_if(arguments, [&](const std::string_view argument) {
    if (const auto files = value_of(argument, "--files=")) {
      number(*files, sizes.files);
    } else if (const auto bytes = value_of(argument, "--bytes=")) {
      number(*bytes, sizes.bytes);
    } else if (const auto folder = value_of(argument, "--folder=")) {
      sizes.folder = *folder;
    } else {
      return false;
    }
    return true;
  });
  return sizes;
}

}  // namespace

fs::path Scene::source() {
  if (!fs::exists(home_)) make_(home_ / "source");
  return home_ / "source";
}

CpuTime::CpuTime(benchmark::State& state) : state_(state), before_(cpu_seconds()) {}

CpuTime::~CpuTime() {
  state_.counters["cpu_ms"] =
      benchmark::Counter(1e3 * (cpu_seconds() - before_), benchmark::Counter::kAvgIterations);
}

int run_benchmarks(const char* program, int argc, char** argv,
                   const std::function<void(Scene& small, Scene& big)>& enter) {
  try {
    std::vector<char*> arguments(argv, argv + argc);
    const Sizes sizes = take_sizes(arguments);
    int count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 1;

    const Workplace workplace(sizes.folder);
    Scene small(
        "small_files", [&](const fs::path& root) { make_small_files(root, sizes.files); },
        workplace);
    Scene big(
        "big_files", [&](const fs::path& root) { make_big_files(root, sizes.bytes); }, workplace);
    enter(small, big);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
  } catch (const std::exception& problem) {
    std::cerr << program << ": " << problem.what() << '\n';
    return 1;
  }
}

}  // namespace syncline::bench
