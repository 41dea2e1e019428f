// What benchmarks over trees share: the trees they are run on, the flags that size them, and the
// processor time beside the wall time.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "trees.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <functional>
#include <string>

namespace syncline::bench {

/// One source tree and room beside it, made when a benchmark first needs it.
class Scene {
 public:
  Scene(std::string name, std::function<void(const fs::path&)> make, const Workplace& workplace)
      : name_(std::move(name)), make_(std::move(make)), home_(workplace.path() / name_) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] fs::path destination() const { return home_ / "destination"; }
  fs::path source();

  void change() { change_one_percent(source(), ++changes_); }

 private:
  std::string name_;
  std::function<void(const fs::path&)> make_;
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

/// Takes --files, --bytes and --folder out of the arguments, lets `enter` register benchmarks over
/// a tree of small files and one of big files, and runs them. Returns the exit status.
int run_benchmarks(const char* program, int argc, char** argv,
                   const std::function<void(Scene& small, Scene& big)>& enter);

}  // namespace syncline::bench
