// SPDX-License-Identifier: MIT
#include "scenes.h"

#include "contenders.h"

#include <charconv>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <list>
#include <string_view>
#include <vector>

namespace syncline::bench {
namespace {

std::optional<std::string_view> value_of(std::string_view argument, std::string_view flag) {
  if (!argument.starts_with(flag)) return std::nullopt;
  return argument.substr(flag.size());
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0) return std::nullopt;
  return number;
}

Wanted take_wanted(std::vector<char*>& arguments) {
  Wanted wanted;
  if (const char* millions =
          std::getenv("SYNCLINE_BENCH_MILLIONS"))  // NOLINT(concurrency-mt-unsafe)
    wanted.millions = number_in(millions);
  std::erase_if(arguments, [&](const std::string_view argument) {
    if (const auto files = value_of(argument, "--files=")) {
      wanted.files = number_in(*files);
    } else if (const auto bytes = value_of(argument, "--bytes=")) {
      wanted.bytes = number_in(*bytes);
    } else if (const auto folder = value_of(argument, "--folder=")) {
      wanted.folder = *folder;
    } else {
      return false;
    }
    return true;
  });
  return wanted;
}

bool has_a_million(const Shape& shape) {
  return shape.unit == Shape::Unit::files && shape.usual_size >= 1'000'000;
}

std::uint64_t size_of(const Shape& shape, const Wanted& wanted) {
  if (shape.unit == Shape::Unit::bytes) return wanted.bytes.value_or(shape.usual_size);
  if (wanted.files) return *wanted.files;
  return shape.name == "many" ? wanted.millions.value_or(1) * 1'000'000 : shape.usual_size;
}

}  // namespace

fs::path Scene::source() {
  if (!fs::exists(home_)) {
    for (const auto& other : fs::directory_iterator(home_.parent_path())) fs::remove_all(other);
    shape_.make(home_ / "source", size_);
  }
  return home_ / "source";
}

CpuTime::CpuTime(benchmark::State& state) : state_(state), before_(cpu_seconds()) {}

CpuTime::~CpuTime() {
  state_.counters["cpu_ms"] =
      benchmark::Counter(1e3 * (cpu_seconds() - before_), benchmark::Counter::kAvgIterations);
}

int run_benchmarks(const char* program, int argc, char** argv,
                   const std::function<void(const Wanted&, const Workplace&)>& enter) {
  try {
    std::vector<char*> arguments(argv, argv + argc);
    const Wanted wanted = take_wanted(arguments);
    int count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 1;

    const Workplace workplace(wanted.folder);
    enter(wanted, workplace);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
  } catch (const std::exception& problem) {
    std::cerr << program << ": " << problem.what() << '\n';
    return 1;
  }
}

int run_benchmarks_over(std::initializer_list<const char*> names, const char* program, int argc,
                        char** argv, const std::function<void(Scene&)>& enter) {
  std::list<Scene> scenes;
  return run_benchmarks(program, argc, argv, [&](const Wanted& wanted, const Workplace& workplace) {
    for (const char* name : names) {
      const Shape& shape = shape_of(name);
      if (has_a_million(shape) && !wanted.millions) continue;
      enter(scenes.emplace_back(shape, size_of(shape, wanted), workplace));
    }
  });
}

}  // namespace syncline::bench
