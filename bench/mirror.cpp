// Passes over seeded trees, timed side by side with what else does the work: a first copy, nothing
// changed, one per cent changed.
//
//   bench_mirror [--files=100000] [--bytes=2147483648] [--folder=/dev/shm] [options of Google
//   Benchmark]
//
// Each timed pass is checked: both trees are compared whole afterwards. "cpu_ms" is the processor
// time of all threads and children; Google Benchmark's own column leaves children out.
//
// SPDX-License-Identifier: MIT
#include "bare.h"
#include "contenders.h"
#include "trees.h"

#include <benchmark/benchmark.h>

#include <charconv>
#include <cstdint>
#include <exception>
#include <functional>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace syncline::bench {
namespace {

struct Sizes {
  std::uint64_t files = 100'000;
  std::uint64_t bytes = 2ULL << 30U;
  std::string folder = "/dev/shm";
};

/// One source tree and room beside it, made when a benchmark first needs it.
class Scene {
 public:
  Scene(std::string name, std::function<void(const fs::path&)> make, const Workplace& workplace)
      : name_(std::move(name)), make_(std::move(make)), home_(workplace.path() / name_) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] fs::path destination() const { return home_ / "destination"; }

  fs::path source() {
    if (!fs::exists(home_)) make_(home_ / "source");
    return home_ / "source";
  }

  void change() { change_one_percent(source(), ++changes_); }

 private:
  std::string name_;
  std::function<void(const fs::path&)> make_;
  fs::path home_;
  std::uint64_t changes_ = 0;
};

/// Times `contender` after each `prepare`, and compares the trees after that.
template <typename Prepare>
void time_passes(benchmark::State& state, Scene& scene, const Contender& contender,
                 const Prepare& prepare) {
  double cpu = 0;
  try {
    for ([[maybe_unused]] auto iteration : state) {
      state.PauseTiming();
      prepare();
      const double before = cpu_seconds();
      state.ResumeTiming();
      contender.mirror(scene.source(), scene.destination());
      state.PauseTiming();
      cpu += cpu_seconds() - before;
      const std::string difference = first_difference(scene.source(), scene.destination());
      if (!difference.empty()) throw std::runtime_error(difference);
      state.ResumeTiming();
    }
  } catch (const std::exception& problem) {
    state.SkipWithError(problem.what());
  }
  state.counters["cpu_ms"] = benchmark::Counter(1e3 * cpu, benchmark::Counter::kAvgIterations);
}

void first_copy(benchmark::State& state, Scene& scene, const Contender& contender) {
  scene.source();
  time_passes(state, scene, contender, [&] { fs::remove_all(scene.destination()); });
}

/// The mirror is there beforehand, whoever is timed.
void make_mirror(Scene& scene) {
  fs::remove_all(scene.destination());
  copy_bare(scene.source(), scene.destination(), 1);
}

void nothing_changed(benchmark::State& state, Scene& scene, const Contender& contender) {
  make_mirror(scene);
  time_passes(state, scene, contender, [] {});
}

void one_percent_changed(benchmark::State& state, Scene& scene, const Contender& contender) {
  make_mirror(scene);
  time_passes(state, scene, contender, [&] { scene.change(); });
}

using Pass = void (*)(benchmark::State&, Scene&, const Contender&);

void enter(const std::string& pass_name, Pass pass, Scene& scene,
           const std::vector<Contender>& contenders) {
  for (const Contender& contender : contenders) {
    const std::string name = pass_name + '/' + scene.name() + '/' + contender.name;
    benchmark::RegisterBenchmark(
        name.c_str(),
        [pass, &scene, contender](benchmark::State& state) { pass(state, scene, contender); })
        ->Unit(benchmark::kMillisecond)
        ->MeasureProcessCPUTime()
        ->UseRealTime();
  }
}

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

int run(int argc, char** argv) {
  std::vector<char*> arguments(argv, argv + argc);
  const Sizes sizes = take_sizes(arguments);
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 1;

  const Workplace workplace(sizes.folder);
  Scene small(
      "small_files", [&](const fs::path& root) { make_small_files(root, sizes.files); }, workplace);
  Scene big(
      "big_files", [&](const fs::path& root) { make_big_files(root, sizes.bytes); }, workplace);
  for (Scene* scene : {&small, &big}) {
    enter("first_copy", first_copy, *scene, copiers());
    enter("nothing_changed", nothing_changed, *scene, checkers());
  }
  enter("one_percent_changed", one_percent_changed, small, updaters());
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace
}  // namespace syncline::bench

int main(int argc, char** argv) {
  try {
    return syncline::bench::run(argc, argv);
  } catch (const std::exception& problem) {
    std::cerr << "bench_mirror: " << problem.what() << '\n';
    return 1;
  }
}
