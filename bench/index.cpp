// What the index costs: writing a row for each file of a first copy, and meeting each row again in
// step with the names, as a later pass does.
//
//   bench_index [--files=N] [--folder=/dev/shm] [options of Google Benchmark]
//
// 100,000 files, 100 to a folder. What is read is compared with what was written.
//
// SPDX-License-Identifier: MIT
#include "index/index.h"

#include "scenes.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace syncline::bench {
namespace {

constexpr std::uint64_t usual_files = 100'000;
constexpr std::uint64_t files_in_a_folder = 100;
constexpr std::size_t batch_edits = 256;
constexpr std::int64_t now_s = 1'700'000'000;
const index::Pair roots{.source = "/source",
                        .destination = "/destination",
                        .source_root = "1",
                        .destination_root = "2"};

/// Of the file with that number.
Remembered row_of(std::uint64_t number) {
  Remembered row;
  row.source = {.id = {.device = 1, .inode = number + 1},
                .size = 9'000,
                .mtime = {.seconds = now_s},
                .ctime = {.seconds = now_s}};
  row.destination = row.source;
  row.destination.id.inode += 1U << 30U;
  Digest digest{};
  std::ranges::generate(digest.md5, [bits = number]() mutable {
    bits = bits * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::byte>(bits >> 56U);
  });
  row.fingerprint = {.digest = digest, .tag = digest.md5};
  row.source_proved = row.destination_proved = true;
  row.proved_s = now_s;
  return row;
}

/// A name for each file of a folder, in byte order.
std::string name_of(std::uint64_t number) {
  std::string digits = std::to_string(number % files_in_a_folder);
  return "IMG_2024_" + digits.insert(0, 3 - digits.size(), '0') + ".jpg";
}

struct Folder {
  index::RowKey key = index::no_row;
  std::uint64_t first = 0;  ///< of its files
  std::uint64_t files = 0;
};

/// Writes all rows and returns where they are.
std::vector<Folder> write_rows(index::Index& index, std::uint64_t files) {
  std::vector<Folder> folders;
  std::vector<index::Edit> edits;
  const auto write = [&](std::size_t least) {
    if (edits.size() < least) return;
    index.write(edits);
    edits.clear();
  };
  for (std::uint64_t number = 0; number < files; ++number) {
    if (number % files_in_a_folder == 0) {
      folders.push_back({.key = index.new_folder(),
                         .first = number,
                         .files = std::min(files_in_a_folder, files - number)});
      edits.emplace_back(index::edit::PutFolder{
          .parent = index::root_row,
          .name = std::to_string(folders.size()),
          .row = {.key = folders.back().key, .source = {}, .is_mount_point = false}});
    }
    edits.emplace_back(index::edit::PutFile{.folder = folders.back().key,
                                            .name = name_of(number),
                                            .what = row_of(number),
                                            .chunks = {}});
    write(batch_edits);
  }
  write(1);
  index.finish(index::PassRow{}, true);
  return folders;
}

/// How many rows are what was written.
std::uint64_t read_rows(index::Index& index, const std::vector<Folder>& folders) {
  std::uint64_t right = 0;
  for (const Folder& folder : folders) {
    const auto rows = index.rows({.folder = folder.key, .after = {}, .upto = {}});
    for (std::uint64_t number = folder.first; number < folder.first + folder.files; ++number) {
      const Remembered* row = rows->file(name_of(number));
      const Remembered expected = row_of(number);
      if (row != nullptr && row->fingerprint &&
          match(*row->fingerprint, *expected.fingerprint) == Match::same &&
          row->source.id.inode == expected.source.id.inode && row->source_proved)
        ++right;
    }
  }
  return right;
}

void tell_per_row(benchmark::State& state, std::uint64_t files) {
  state.counters["per_row"] =
      benchmark::Counter(static_cast<double>(files), benchmark::Counter::kIsIterationInvariantRate |
                                                         benchmark::Counter::kInvert);
}

void time_writing(benchmark::State& state, const fs::path& path, std::uint64_t files) {
  std::vector<Folder> folders;
  for ([[maybe_unused]] const auto iteration : state) {
    state.PauseTiming();
    fs::remove(path);
    state.ResumeTiming();
    index::Index index(path, roots, now_s, {});
    folders = write_rows(index, files);
  }
  index::Index index(path, roots, now_s, {});
  if (read_rows(index, folders) != files) state.SkipWithError("not all rows are there");
  state.counters["bytes_per_row"] =
      static_cast<double>(fs::file_size(path)) / static_cast<double>(files);
  tell_per_row(state, files);
}

void time_reading(benchmark::State& state, const fs::path& path, std::uint64_t files) {
  fs::remove(path);
  index::Index index(path, roots, now_s, {});
  const std::vector<Folder> folders = write_rows(index, files);
  std::uint64_t right = 0;
  for ([[maybe_unused]] const auto iteration : state) right = read_rows(index, folders);
  if (right != files) state.SkipWithError("not all rows are what was written");
  tell_per_row(state, files);
}

void enter(const std::string& name, void (*way)(benchmark::State&, const fs::path&, std::uint64_t),
           const fs::path& path, std::uint64_t files) {
  benchmark::RegisterBenchmark((name + '/' + std::to_string(files)).c_str(),
                               [=](benchmark::State& state) { way(state, path, files); })
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime();
}

void enter_all(const Wanted& wanted, const Workplace& workplace) {
  std::vector<std::uint64_t> sizes{wanted.files.value_or(usual_files)};
  if (wanted.millions && !wanted.files) sizes.push_back(*wanted.millions * 1'000'000);
  for (const std::uint64_t files : sizes) {
    enter("write", time_writing, workplace.path() / "index", files);
    enter("read", time_reading, workplace.path() / "index", files);
  }
}

}  // namespace
}  // namespace syncline::bench

int main(int argc, char** argv) {
  using namespace syncline::bench;
  return run_benchmarks("bench_index", argc, argv, enter_all);
}
