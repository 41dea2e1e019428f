// What it costs to judge an entry by filter rules: the paths of a tree of sources and pictures, by
// 1, 10 and 100 rules of the kinds that people write. No rule matches most entries, which is the
// dearest case: all of them are tried.
//
// SPDX-License-Identifier: MIT
#include "filter/path.h"
#include "filter/rules.h"

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace syncline::bench {
namespace {

struct Folder {
  std::string path;
  std::vector<std::string> names;
};

/// 10,000 files in folders three deep, one in ten an object file.
std::vector<Folder> tree() {
  constexpr std::array<const char*, 10> ends{".o",  ".cpp", ".h",   ".jpg", ".txt",
                                             ".cc", ".png", ".raw", ".md",  ".py"};
  std::vector<Folder> folders;
  for (int i = 0; i < 100; ++i) {
    Folder folder{.path = "projects/part " + std::to_string(i % 7) + "/module_" + std::to_string(i),
                  .names = {}};
    for (std::size_t j = 0; j < 100; ++j)
      folder.names.push_back("IMG_2024_" + std::to_string(j) + ends.at(j % ends.size()));
    folders.push_back(std::move(folder));
  }
  return folders;
}

/// The first one is the one that matches.
filter::Rules rules(std::size_t count) {
  constexpr std::array<const char*, 10> kinds{
      "- *~",       "- .git/",   "- /build",   "- *.[ch]x",    "- node_modules",
      "- cache/**", "+ */kept_", "- **/tmp/*", "- Thumbs?.db", "- core.[0-9]*"};
  std::vector<FilterRule> all{std::get<FilterRule>(parse_filter("- *.o"))};
  for (std::size_t i = 1; i < count; ++i) {
    all.push_back(std::get<FilterRule>(parse_filter(kinds.at(i % kinds.size()))));
    if (i >= kinds.size()) all.back().pattern += std::to_string(i);
  }
  return filter::Rules{all};
}

void judge(benchmark::State& state) {
  const std::vector<Folder> folders = tree();
  const filter::Rules judges = rules(static_cast<std::size_t>(state.range(0)));
  std::uint64_t hidden = 0;
  std::uint64_t entries = 0;
  for (auto _ : state) {
    for (const Folder& folder : folders) {
      filter::Path path{"/home/me", folder.path};
      for (const std::string& name : folder.names) {
        path.set_name(name);
        hidden += judges.hides(path, false) ? 1U : 0U;
        ++entries;
      }
    }
  }
  if (hidden * 10 != entries) state.SkipWithError("the rules did not hide one entry in ten");
  state.SetItemsProcessed(static_cast<std::int64_t>(entries));
  state.counters["per_entry"] = benchmark::Counter(
      static_cast<double>(entries), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(judge)->ArgName("rules")->Arg(1)->Arg(10)->Arg(100)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace syncline::bench

BENCHMARK_MAIN();
