// Hashing in memory: OpenSSL one stream after the other, the lanes of each instruction set, and the
// tags that are taken beside either.
//
// Threads share nothing. Each stream is an allocation of its own, so that large ones lie at the
// same offset in their pages, which is the hardest case for the caches.
//
//   bench_hash --benchmark_repetitions=5 --benchmark_enable_random_interleaving=true
//              --benchmark_report_aggregates_only=true
//
// SPDX-License-Identifier: MIT
#include "md5/lanes.h"
#include "tag/tagger.h"

#include "syncline/digest.h"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace syncline::bench {
namespace {

struct Hasher {
  std::string name;
  std::function<md5::Lanes()> lanes;
};

struct Size {
  std::string name;
  std::size_t bytes;
};

/// OpenSSL, then for each instruction set what a processor with no better one would use.
std::vector<Hasher> hashers() {
  std::vector<Hasher> all{{"EVP", [] { return md5::Lanes(md5::Backend::evp); }}};
  for (const auto set : md5::kernel_sets()) {
    std::vector<md5::Kernel> kernels(set.begin(), set.end());
    kernels.push_back(md5::portable_kernel());
    all.push_back({std::string(set.back().name), [=] { return md5::Lanes(kernels); }});
  }
  return all;
}

std::vector<std::vector<std::byte>> streams_of(std::size_t streams, std::size_t bytes) {
  std::mt19937_64 random;
  std::vector<std::vector<std::byte>> all(streams, std::vector<std::byte>(bytes));
  for (auto& stream : all) {
    for (std::byte& byte : stream) byte = static_cast<std::byte>(random());
  }
  return all;
}

bool agree(const std::vector<std::span<const std::byte>>& messages, const std::vector<Md5>& md5s) {
  std::vector<Md5> expected(messages.size());
  md5::Lanes(md5::Backend::evp).hash(messages, expected);
  return md5s == expected;
}

void hash(benchmark::State& state, const Hasher& hasher, std::size_t streams, std::size_t bytes) {
  const auto content = streams_of(streams, bytes);
  const std::vector<std::span<const std::byte>> messages(content.begin(), content.end());
  std::vector<Md5> md5s(streams);
  md5::Lanes lanes = hasher.lanes();
  for ([[maybe_unused]] const auto iteration : state) {
    lanes.hash(messages, md5s);
    benchmark::DoNotOptimize(md5s.data());
  }
  if (!agree(messages, md5s)) state.SkipWithError("not what OpenSSL says");
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(streams * bytes));
}

// What stands beside each MD5.
void tag(benchmark::State& state, std::size_t streams, std::size_t bytes) {
  const auto content = streams_of(streams, bytes);
  const tag::Tagger tagger{{std::byte{1}, std::byte{2}, std::byte{3}}};
  for ([[maybe_unused]] const auto iteration : state)
    for (const auto& stream : content) benchmark::DoNotOptimize(tagger.of(stream));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(streams * bytes));
}

void register_all() {
  const std::vector<Size> sizes{{"tiny", 100},
                                {"1KiB", 1U << 10U},
                                {"9KiB", 9U << 10U},
                                {"64KiB", 64U << 10U},
                                {"8MiB", 8U << 20U}};
  for (const Size& size : sizes) {
    for (const std::size_t streams : {1U, 4U, 16U, 32U}) {
      for (const Hasher& hasher : hashers()) {
        const std::string name =
            size.name + "/streams:" + std::to_string(streams) + "/" + hasher.name;
        benchmark::RegisterBenchmark(name.c_str(), hash, hasher, streams, size.bytes)
            ->ThreadRange(1, 2)
            ->UseRealTime();
      }
      const std::string name = size.name + "/streams:" + std::to_string(streams) + "/tags";
      benchmark::RegisterBenchmark(name.c_str(), tag, streams, size.bytes)
          ->ThreadRange(1, 2)
          ->UseRealTime();
    }
  }
}

}  // namespace
}  // namespace syncline::bench

int main(int argc, char** argv) {
  syncline::bench::register_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
