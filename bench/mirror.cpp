// Passes over seeded trees, timed side by side with what else does the work: a first copy, nothing
// changed, everything read again, one per cent changed, a folder renamed, one chunk of a big file
// changed.
//
//   bench_mirror [--files=N] [--bytes=N] [--folder=/dev/shm] [options of Google Benchmark]
//
// Each timed pass is checked: both trees are compared whole afterwards. "cpu_ms" is the processor
// time of all threads and children; Google Benchmark's own column leaves children out.
//
// SPDX-License-Identifier: MIT
#include "bare.h"
#include "contenders.h"
#include "scenes.h"
#include "trees.h"

#include <benchmark/benchmark.h>

#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

namespace syncline::bench {
namespace {

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

void clear(Scene& scene) {
  fs::remove_all(scene.destination());
  fs::remove(index_beside(scene.destination()));
}

void first_copy(benchmark::State& state, Scene& scene, const Contender& contender) {
  scene.source();
  time_passes(state, scene, contender, [&] { clear(scene); });
}

/// The mirror is there beforehand, whoever is timed, and known to those who remember.
void make_mirror(Scene& scene, const Contender& contender) {
  clear(scene);
  copy_bare(scene.source(), scene.destination(), 1);
  contender.mirror(scene.source(), scene.destination());
}

void nothing_changed(benchmark::State& state, Scene& scene, const Contender& contender) {
  make_mirror(scene, contender);
  time_passes(state, scene, contender, [] {});
}

void one_percent_changed(benchmark::State& state, Scene& scene, const Contender& contender) {
  make_mirror(scene, contender);
  time_passes(state, scene, contender, [&] { scene.change_files(); });
}

void folder_renamed(benchmark::State& state, Scene& scene, const Contender& contender) {
  make_mirror(scene, contender);
  time_passes(state, scene, contender, [&] { rename_a_folder(scene.source()); });
}

void one_chunk_changed(benchmark::State& state, Scene& scene, const Contender& contender) {
  make_mirror(scene, contender);
  time_passes(state, scene, contender, [&] { scene.change_chunk(); });
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

void enter_all(Scene& scene) {
  const bool is_media = scene.name() == "media";
  const bool has_folders = !is_media && scene.name() != "wide";
  enter("first_copy", first_copy, scene, copiers());
  enter("nothing_changed", nothing_changed, scene, checkers());
  enter("everything_read_again", nothing_changed, scene, rereaders());
  if (is_media)
    enter("one_chunk_changed", one_chunk_changed, scene, updaters());
  else
    enter("one_percent_changed", one_percent_changed, scene, updaters());
  if (has_folders) enter("folder_renamed", folder_renamed, scene, updaters());
}

}  // namespace
}  // namespace syncline::bench

int main(int argc, char** argv) {
  using namespace syncline::bench;
  return run_benchmarks_over({"small", "photos", "media", "deep", "many", "wide"}, "bench_mirror",
                             argc, argv, enter_all);
}
