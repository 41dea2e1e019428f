// Finding out what is in a tree: the names of each folder, sorted, and the status of each entry, by
// the calls that the walk makes, beside the bare loop.
//
//   bench_enumerate [--files=N] [--folder=/dev/shm] [options of Google Benchmark]
//
// What is found is counted and compared with what is there.
//
// SPDX-License-Identifier: MIT
#include "bare.h"
#include "filesystem/directory.h"
#include "scenes.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>

namespace syncline::bench {
namespace {

using Enumerate = std::function<std::uint64_t(const fs::path& root)>;

/// At every entry, or only at those that the listing does not tell from folders.
enum class Look : std::uint8_t { at_folders, at_all };

std::uint64_t entries_below(const filesystem::Directory& folder, Look look) {
  filesystem::Listing names = folder.list();
  std::uint64_t entries = names.size();
  if (look == Look::at_folders) {
    names.remove_entries_if([](std::string_view /*name*/, filesystem::EntryType type) {
      return type == filesystem::EntryType::other;
    });
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name(names[i]);
    const auto entry = folder.look(name);
    if (entry && entry->kind == Kind::folder)
      entries += entries_below(folder.open_folder(name), look);
  }
  return entries;
}

void enumerate(benchmark::State& state, Scene& scene, const Enumerate& way) {
  const fs::path root = scene.source();
  const auto expected = static_cast<std::uint64_t>(
      std::distance(fs::recursive_directory_iterator(root), fs::recursive_directory_iterator()));
  std::uint64_t found = 0;
  for ([[maybe_unused]] const auto iteration : state) found = way(root);
  if (found != expected) state.SkipWithError("not as many entries as there are");
  state.counters["per_entry"] = benchmark::Counter(
      static_cast<double>(expected),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void enter(Scene& scene, const std::string& name, const Enumerate& way) {
  benchmark::RegisterBenchmark(
      (scene.name() + '/' + name).c_str(),
      [way, &scene](benchmark::State& state) { enumerate(state, scene, way); })
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime();
}

void enter_all(Scene& scene) {
  enter(scene, "bare_walk", [](const fs::path& root) { return walk_bare(root, 1); });
  for (const Look look : {Look::at_folders, Look::at_all}) {
    enter(scene, look == Look::at_all ? "list_and_look" : "list", [look](const fs::path& root) {
      return entries_below(filesystem::Directory::open_root(root), look);
    });
  }
}

}  // namespace
}  // namespace syncline::bench

int main(int argc, char** argv) {
  using namespace syncline::bench;
  return run_benchmarks_over({"small", "deep", "many", "wide"}, "bench_enumerate", argc, argv,
                             enter_all);
}
