// What it costs to write down what a pass would do, beside only telling of it; and to do what was
// written down, beside a pass that does the same: half of all files copied, and as many deleted.
//
//   bench_plan [--files=10000] [--folder=/dev/shm] [options of Google Benchmark]
//
// Each is checked: by the number of steps, and by the trees afterwards.
//
// SPDX-License-Identifier: MIT
#include "syncline/plan.h"

#include "contenders.h"
#include "scenes.h"
#include "trees.h"

#include "syncline/apply.h"
#include "syncline/mirror.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>

namespace syncline::bench {
namespace {

class Deaf final : public Observer {
  void on_event(const Event& /*event*/) override {}
};

class Counting final : public Observer {
 public:
  void on_event(const Event& event) override { steps_ += std::holds_alternative<Action>(event); }
  [[nodiscard]] std::uint64_t steps() const { return steps_; }

 private:
  std::uint64_t steps_ = 0;
};

enum class Timed : std::uint8_t { dry_run, plan, compressed_plan, pass, apply };

void require(bool is_so, const char* what) {
  if (!is_so) throw std::runtime_error(what);
}

Options options_for(const fs::path& source, const fs::path& destination) {
  Options options;
  options.source = source.string();
  options.destination = destination.string();
  options.index = index_place::File{index_beside(destination)};
  options.deletions = deletion::Unlimited{};
  options.free_at_first = true;
  return options;
}

class Case {
 public:
  Case(Scene& scene, Timed timed)
      : timed_(timed),
        original_(scene.source()),
        folder_(scene.destination()),
        source_(folder_ / "source"),
        destination_(folder_ / "mirror"),
        plan_(folder_ / (timed == Timed::plan ? "plan" : "plan.zst")) {}

  // Every other file is in a folder of its own name on one side.
  void prepare() {
    fs::remove_all(folder_);
    fs::remove(index_beside(destination_));
    fs::create_directories(folder_);
    mirror_well(options_for(original_, source_));
    fs::remove(index_beside(source_));
    mirror_well(options_for(source_, destination_));
    std::uint64_t number = 0;
    for (const auto& entry : fs::recursive_directory_iterator(source_)) {
      if (!entry.is_regular_file() || ++number % 2 == 0) continue;
      const fs::path copy = entry.path().string() + ".new";
      fs::copy_file(entry.path(), copy);
      fs::remove(entry.path());
    }
    expected_steps_ = number;
    if (timed_ == Timed::apply) plan_well();
  }

  void run() {
    Counting steps;
    Options options = options_for(source_, destination_);
    switch (timed_) {
      case Timed::dry_run:
        options.dry_run = true;
        mirror(options, steps, {});
        require(steps.steps() >= expected_steps_, "too few steps were told");
        break;
      case Timed::plan:
      case Timed::compressed_plan:
        plan_well();
        break;
      case Timed::pass:
        mirror_well(options);
        break;
      case Timed::apply:
        apply_well();
        break;
    }
  }

  void check() const {
    if (timed_ == Timed::plan || timed_ == Timed::compressed_plan)
      require(PlanReader{plan_.string()}.steps() >= expected_steps_, "too few steps were planned");
    if (timed_ != Timed::pass && timed_ != Timed::apply) return;
    const std::string difference = first_difference(source_, destination_, Compared::everything);
    if (!difference.empty()) throw std::runtime_error(difference);
  }

 private:
  static void mirror_well(const Options& options) {
    Deaf nobody;
    require(mirror(options, nobody, {}).status() == Status::done, "a pass failed");
  }

  void plan_well() const {
    Deaf nobody;
    PlanOptions options;
    options.pass = options_for(source_, destination_);
    options.file = plan_.string();
    require(plan(options, nobody, {}).status() == Status::done, "a plan failed");
  }

  void apply_well() const {
    Deaf nobody;
    PlanReader reader{plan_.string()};
    require(apply(reader, {}, nobody, {}).status() == Status::done, "a plan was not applied");
  }

  const Timed timed_;
  const fs::path original_;
  const fs::path folder_;
  const fs::path source_;
  const fs::path destination_;
  const fs::path plan_;
  std::uint64_t expected_steps_ = 0;
};

void time_case(benchmark::State& state, Case each) {
  try {
    for ([[maybe_unused]] auto iteration : state) {
      state.PauseTiming();
      each.prepare();
      state.ResumeTiming();
      each.run();
      state.PauseTiming();
      each.check();
      state.ResumeTiming();
    }
  } catch (const std::exception& problem) {
    state.SkipWithError(problem.what());
  }
}

void enter(Scene& scene) {
  struct Named {
    const char* name;
    Timed timed;
  };
  for (const auto& [name, timed] : {Named{"dry_run", Timed::dry_run}, Named{"plan", Timed::plan},
                                    Named{"plan_zst", Timed::compressed_plan},
                                    Named{"pass", Timed::pass}, Named{"apply", Timed::apply}})
    benchmark::RegisterBenchmark((scene.name() + '/' + name).c_str(),
                                 [&scene, timed = timed](benchmark::State& state) {
                                   time_case(state, Case{scene, timed});
                                 })
        ->Unit(benchmark::kMillisecond)
        ->MeasureProcessCPUTime()
        ->UseRealTime();
}

}  // namespace
}  // namespace syncline::bench

int main(int argc, char** argv) {
  return syncline::bench::run_benchmarks_over({"small"}, "bench_plan", argc, argv,
                                              syncline::bench::enter);
}
