// What benchmarks over trees share: the trees they are run on, the flags that size them, and the
// processor time beside the wall time.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "trees.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>

namespace syncline::bench {

/// What a run was asked for.
///
///   --files=N                  files in trees that are counted in files
///   --bytes=N                  bytes in the others
///   --folder=/dev/shm          where trees are made
///   SYNCLINE_BENCH_MILLIONS=N  in the environment: also trees of N million files, and of a million
///                              in one folder, which take minutes
struct Wanted {
  std::optional<std::uint64_t> files;
  std::optional<std::uint64_t> bytes;
  std::string folder = "/dev/shm";
  std::optional<std::uint64_t> millions;
};

/// One source tree and room beside it, made when a benchmark first needs it. Only one is there at a
/// time: who needs another removes it.
class Scene {
 public:
  Scene(const Shape& shape, std::uint64_t size, const Workplace& workplace)
      : shape_(shape), size_(size), home_(workplace.path() / shape.name) {}

  [[nodiscard]] const std::string& name() const { return shape_.name; }
  [[nodiscard]] fs::path destination() const { return home_ / "destination"; }
  fs::path source();

  void change_files() { change_one_percent(source(), ++changes_); }
  void change_chunk() { change_one_chunk(source(), ++changes_); }

 private:
  const Shape& shape_;
  std::uint64_t size_;
  fs::path home_;
  std::uint64_t changes_ = 0;
};

/// Tells, as "cpu_ms" an iteration, the processor time of all threads and children over its life;
/// Google Benchmark's own column leaves children out.
class CpuTime {
 public:
  explicit CpuTime(benchmark::State& state);
  CpuTime(const CpuTime&) = delete;
  CpuTime& operator=(const CpuTime&) = delete;
  ~CpuTime();

 private:
  benchmark::State& state_;
  double before_;
};

/// Takes our own flags out of the arguments, lets `enter` register benchmarks, and runs them.
/// Returns the exit status.
int run_benchmarks(const char* program, int argc, char** argv,
                   const std::function<void(const Wanted&, const Workplace&)>& enter);

/// The same, `enter` being called for each of the trees of these shapes that are wanted.
int run_benchmarks_over(std::initializer_list<const char*> names, const char* program, int argc,
                        char** argv, const std::function<void(Scene&)>& enter);

}  // namespace syncline::bench
