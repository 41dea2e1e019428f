// SPDX-License-Identifier: MIT
#include "trees.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <vector>

namespace syncline::bench {
namespace {

constexpr std::uint64_t files_in_a_folder = 100;
constexpr std::uint64_t mean_bytes = 9'000;
constexpr std::uint64_t big_file_count = 4;
constexpr std::uint64_t slice_bytes = 1U << 20U;

// Incompressible, cheap, and settled by the seed.
void write_random(const fs::path& path, std::uint64_t bytes, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> slice(std::min(bytes, slice_bytes) / sizeof(std::uint64_t) + 1);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  while (bytes > 0) {
    std::ranges::generate(slice, std::ref(random));
    const auto part = std::min(bytes, slice_bytes);
    // A byte view of what was generated: what iostreams take.
    file.write(reinterpret_cast<const char*>(slice.data()), static_cast<std::streamsize>(part));
    bytes -= part;
  }
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

struct stat stat_of(const fs::path& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) {
    throw fs::filesystem_error("lstat", path, std::error_code(errno, std::generic_category()));
  }
  return found;
}

bool same_metadata(const fs::path& one, const fs::path& other) {
  const auto a = stat_of(one);
  const auto b = stat_of(other);
  return a.st_mode == b.st_mode && a.st_uid == b.st_uid && a.st_gid == b.st_gid &&
         a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

bool same_content(const fs::path& one, const fs::path& other) {
  if (fs::file_size(one) != fs::file_size(other)) return false;
  std::ifstream a(one, std::ios::binary);
  std::ifstream b(other, std::ios::binary);
  std::vector<char> of_a(slice_bytes);
  std::vector<char> of_b(slice_bytes);
  while (a && b) {
    a.read(of_a.data(), static_cast<std::streamsize>(slice_bytes));
    b.read(of_b.data(), static_cast<std::streamsize>(slice_bytes));
    if (a.gcount() != b.gcount()) return false;
    if (!std::equal(of_a.begin(), of_a.begin() + a.gcount(), of_b.begin())) return false;
  }
  return a.eof() && b.eof();
}

std::uint64_t entries_below(const fs::path& root) {
  return static_cast<std::uint64_t>(
      std::distance(fs::recursive_directory_iterator(root), fs::recursive_directory_iterator()));
}

}  // namespace

void make_small_files(const fs::path& root, std::uint64_t files) {
  std::mt19937_64 random(files);
  for (std::uint64_t number = 0; number < files; ++number) {
    const auto folder = number / files_in_a_folder;
    const fs::path path =
        root / std::to_string(folder / files_in_a_folder) / std::to_string(folder);
    if (number % files_in_a_folder == 0) fs::create_directories(path);
    write_random(path / std::to_string(number), random() % (2 * mean_bytes), number);
  }
}

void make_big_files(const fs::path& root, std::uint64_t bytes) {
  fs::create_directories(root);
  for (std::uint64_t number = 0; number < big_file_count; ++number) {
    write_random(root / std::to_string(number), bytes / big_file_count, number);
  }
}

void change_one_percent(const fs::path& root, std::uint64_t round) {
  std::uint64_t seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file() && seen++ % 100 == 0) {
      write_random(entry.path(), entry.file_size(), ~(seen + round));
    }
  }
}

std::string first_difference(const fs::path& original, const fs::path& copy) {
  if (!fs::exists(copy)) return copy.string() + " is missing";
  for (const auto& entry : fs::recursive_directory_iterator(original)) {
    const fs::path same_place = copy / fs::relative(entry.path(), original);
    if (!fs::exists(fs::symlink_status(same_place))) return same_place.string() + " is missing";
    if (!same_metadata(entry.path(), same_place)) return same_place.string() + ": metadata";
    if (entry.is_regular_file() && !same_content(entry.path(), same_place)) {
      return same_place.string() + ": content";
    }
  }
  if (entries_below(original) != entries_below(copy)) return copy.string() + " holds more";
  return {};
}

Workplace::Workplace(const fs::path& parent) {
  std::string path = parent / "syncline-bench-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("cannot make " + path);
  path_ = path;
}

Workplace::~Workplace() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace syncline::bench
