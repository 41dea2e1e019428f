// What it costs that a pass can be taken back: all files deleted, and all overwritten, by passes
// that keep what goes and by passes that do not; and the undo.
//
//   bench_undo [--files=10000] [--folder=/dev/shm] [options of Google Benchmark]
//
// Each pass and each undo is checked: trees are compared whole afterwards.
//
// SPDX-License-Identifier: MIT
#include "syncline/undo.h"

#include "contenders.h"
#include "scenes.h"
#include "trees.h"

#include "syncline/mirror.h"

#include <benchmark/benchmark.h>

#include <exception>
#include <stdexcept>
#include <string>

namespace syncline::bench {
namespace {

class Deaf final : public Observer {
  void on_event(const Event& /*event*/) override {}
};

/// What happens to the source.
enum class Change : std::uint8_t { all_deleted, all_overwritten };
/// What is timed.
enum class Timed : std::uint8_t { pass, undoable_pass, undo };

void require(bool is_so, const char* what) {
  if (!is_so) throw std::runtime_error(what);
}

Options options_for(const fs::path& source, const fs::path& destination, bool can_be_undone) {
  Options options;
  options.source = source.string();
  options.destination = destination.string();
  options.index = index_place::File{index_beside(destination)};
  options.deletions = deletion::Unlimited{};
  options.free_at_first = true;
  if (can_be_undone) options.undo.emplace();
  return options;
}

void mirror_well(const Options& options) {
  Deaf nobody;
  require(mirror(options, nobody, {}).status() == Status::done, "a pass failed");
}

class Case {
 public:
  Case(Scene& scene, Change change, Timed timed)
      : timed_(timed),
        original_(scene.source()),
        source_(scene.destination() / "source"),
        destination_(scene.destination() / "mirror"),
        change_(change) {}

  void prepare() const {
    fs::remove_all(source_.parent_path());
    fs::remove(index_beside(destination_));
    fs::create_directories(source_.parent_path());
    mirror_well(options_for(original_, source_, false));
    fs::remove(index_beside(source_));
    mirror_well(options_for(source_, destination_, false));
    if (change_ == Change::all_deleted)
      for (const auto& entry : fs::directory_iterator(source_)) fs::remove_all(entry.path());
    else
      for (const auto& entry : fs::recursive_directory_iterator(source_))
        if (entry.is_regular_file()) fs::resize_file(entry.path(), entry.file_size() + 1);
    if (timed_ == Timed::undo) mirror_well(options_for(source_, destination_, true));
  }

  void run() const {
    if (timed_ != Timed::undo)
      return mirror_well(options_for(source_, destination_, timed_ == Timed::undoable_pass));
    Deaf nobody;
    UndoOptions options;
    options.place.destination = destination_.string();
    require(undo(options, nobody, {}).status() == Status::done, "an undo failed");
  }

  void check() const {
    fs::remove_all(destination_ / ".syncline");
    const fs::path& wanted = timed_ == Timed::undo ? original_ : source_;
    // Who removed the quarantine moved the time of the folder that it was in.
    const std::string difference = first_difference(wanted, destination_, Compared::files);
    if (!difference.empty()) throw std::runtime_error(difference);
  }

 private:
  const Timed timed_;
  const fs::path original_;
  const fs::path source_;
  const fs::path destination_;
  const Change change_;
};

void time_case(benchmark::State& state, const Case& each) {
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
    Change change;
    Timed timed;
  };
  for (const auto& [name, change, timed] :
       {Named{"all_deleted/plain", Change::all_deleted, Timed::pass},
        Named{"all_deleted/undoable", Change::all_deleted, Timed::undoable_pass},
        Named{"all_deleted/undo", Change::all_deleted, Timed::undo},
        Named{"all_overwritten/plain", Change::all_overwritten, Timed::pass},
        Named{"all_overwritten/undoable", Change::all_overwritten, Timed::undoable_pass},
        Named{"all_overwritten/undo", Change::all_overwritten, Timed::undo}})
    benchmark::RegisterBenchmark((scene.name() + '/' + name).c_str(),
                                 [&scene, change = change, timed = timed](benchmark::State& state) {
                                   time_case(state, Case{scene, change, timed});
                                 })
        ->Unit(benchmark::kMillisecond)
        ->MeasureProcessCPUTime()
        ->UseRealTime();
}

}  // namespace
}  // namespace syncline::bench

int main(int argc, char** argv) {
  return syncline::bench::run_benchmarks_over({"small"}, "bench_undo", argc, argv,
                                              syncline::bench::enter);
}
