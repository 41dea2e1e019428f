// SPDX-License-Identifier: MIT
#include "trees.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <numbers>
#include <optional>
#include <random>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace syncline::bench {
namespace {

constexpr std::uint64_t files_in_a_folder = 100;
constexpr std::uint64_t tiny_files_in_a_folder = 1'000;
constexpr std::uint64_t deep_files_in_a_folder = 10;
constexpr std::uint64_t folders_in_a_chain = 200;
constexpr double mean_small_bytes = 9'000;
constexpr double mean_photo_bytes = 4U << 20U;
constexpr std::uint64_t media_files = 4;
constexpr std::uint64_t changed_bytes = 4U << 10U;
constexpr std::size_t buffer_bytes = 1U << 20U;

template <typename Result>
Result checked(Result result, const fs::path& path) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), path.string());
  return result;
}

class Opened {
 public:
  Opened(const fs::path& path, int flags)
      : path_(path), fd_(checked(::open(path.c_str(), flags | O_CLOEXEC, 0644), path)) {}
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() { ::close(fd_); }

  [[nodiscard]] std::size_t read(std::vector<char>& into) const {
    return static_cast<std::size_t>(checked(::read(fd_, into.data(), into.size()), path_));
  }
  void write(const void* bytes, std::size_t count) const {
    if (checked(::write(fd_, bytes, count), path_) != static_cast<ssize_t>(count))
      throw std::runtime_error("cannot write " + path_.string());
  }
  void seek(std::uint64_t to) const {
    checked(::lseek(fd_, static_cast<off_t>(to), SEEK_SET), path_);
  }

 private:
  const fs::path& path_;
  const int fd_;
};

// Incompressible, cheap, and settled by the seed.
void write_random(const Opened& file, std::uint64_t bytes, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> slice(std::min<std::uint64_t>(bytes, buffer_bytes) / sizeof(seed) + 1);
  while (bytes > 0) {
    std::ranges::generate(slice, std::ref(random));
    const auto part = std::min<std::uint64_t>(bytes, buffer_bytes);
    file.write(slice.data(), part);
    bytes -= part;
  }
}

void make_random_file(const fs::path& path, std::uint64_t bytes, std::uint64_t seed) {
  write_random(Opened(path, O_WRONLY | O_CREAT | O_TRUNC), bytes, seed);
}

void make_tiny_file(const fs::path& path, std::uint64_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, digits.size() < 7 ? 7 - digits.size() : 0, '0');
  Opened(path, O_WRONLY | O_CREAT | O_EXCL).write(digits.data(), digits.size());
}

void make_empty_file(const fs::path& path, std::uint64_t /*number*/) {
  const Opened made(path, O_WRONLY | O_CREAT | O_EXCL);
}

/// Sizes that are distributed log-normally. Not std::lognormal_distribution, which each library may
/// compute in its own way.
class Sizes {
 public:
  Sizes(double mean, double sigma, std::uint64_t seed)
      : mu_(std::log(mean) - sigma * sigma / 2), sigma_(sigma), random_(seed) {}

  std::uint64_t next() {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    const double normal = radius * std::cos(2 * std::numbers::pi * uniform());
    return static_cast<std::uint64_t>(std::exp(mu_ + sigma_ * normal));
  }

 private:
  /// In (0, 1].
  double uniform() { return (static_cast<double>(random_() >> 11U) + 1) * 0x1p-53; }

  double mu_;
  double sigma_;
  std::mt19937_64 random_;
};

void make_small(const fs::path& root, std::uint64_t files) {
  Sizes sizes(mean_small_bytes, 1.2, files);
  for (std::uint64_t number = 0; number < files; ++number) {
    const auto folder = number / files_in_a_folder;
    const fs::path path =
        root / std::to_string(folder / files_in_a_folder) / std::to_string(folder);
    if (number % files_in_a_folder == 0) fs::create_directories(path);
    make_random_file(path / std::to_string(number), sizes.next(), number);
  }
}

void make_photos(const fs::path& root, std::uint64_t bytes) {
  Sizes sizes(mean_photo_bytes, 0.5, bytes);
  std::uint64_t made = 0;
  for (std::uint64_t number = 0; made < bytes; ++number) {
    const fs::path path = root / std::to_string(number / files_in_a_folder);
    if (number % files_in_a_folder == 0) fs::create_directories(path);
    const std::uint64_t size = std::min(sizes.next(), bytes - made);
    make_random_file(path / std::to_string(number), size, number);
    made += size;
  }
}

void make_media(const fs::path& root, std::uint64_t bytes) {
  fs::create_directories(root);
  for (std::uint64_t number = 0; number < media_files; ++number)
    make_random_file(root / std::to_string(number), bytes / media_files, number);
}

void make_deep(const fs::path& root, std::uint64_t files) {
  Sizes sizes(mean_small_bytes, 1.2, files);
  fs::path path;
  for (std::uint64_t number = 0; number < files; ++number) {
    const auto folder = number / deep_files_in_a_folder;
    if (folder % folders_in_a_chain == 0) path = root / std::to_string(folder);
    if (number % deep_files_in_a_folder == 0) {
      path /= "below";
      fs::create_directories(path);
    }
    make_random_file(path / std::to_string(number), sizes.next(), number);
  }
}

using MakeFile = void (*)(const fs::path& path, std::uint64_t number);

void make_many_of(MakeFile make_file, const fs::path& root, std::uint64_t files) {
  fs::path path;
  for (std::uint64_t number = 0; number < files; ++number) {
    if (number % tiny_files_in_a_folder == 0) {
      path = root / std::to_string(number / tiny_files_in_a_folder);
      fs::create_directories(path);
    }
    make_file(path / std::to_string(number), number);
  }
}

void make_many(const fs::path& root, std::uint64_t files) {
  make_many_of(make_tiny_file, root, files);
}

void make_empty(const fs::path& root, std::uint64_t files) {
  make_many_of(make_empty_file, root, files);
}

void make_wide(const fs::path& root, std::uint64_t files) {
  fs::create_directories(root);
  for (std::uint64_t number = 0; number < files; ++number)
    make_tiny_file(root / std::to_string(number), number);
}

struct stat stat_of(const fs::path& path) {
  struct stat found {};
  checked(::lstat(path.c_str(), &found), path);
  return found;
}

bool same_metadata(const struct stat& a, const struct stat& b) {
  return a.st_mode == b.st_mode && a.st_uid == b.st_uid && a.st_gid == b.st_gid &&
         a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

class Comparison {
 public:
  explicit Comparison(Compared compared) : compared_(compared) {}

  /// In `copy`, which has the same name in the other tree.
  std::optional<std::string> find(const fs::path& original, const fs::path& copy) {
    const auto a = stat_of(original);
    const auto b = stat_of(copy);
    const bool is_folder = S_ISDIR(a.st_mode);
    if ((a.st_mode & S_IFMT) != (b.st_mode & S_IFMT)) return copy.string() + ": kind";
    const bool has_metadata =
        compared_ == Compared::everything || (compared_ == Compared::files && !is_folder);
    if (has_metadata && !same_metadata(a, b)) return copy.string() + ": metadata";
    if (S_ISREG(a.st_mode) && (a.st_size != b.st_size || !same_content(original, copy)))
      return copy.string() + ": content";
    return is_folder ? find_within(original, copy) : std::nullopt;
  }

 private:
  std::optional<std::string> find_within(const fs::path& original, const fs::path& copy) {
    const auto names = names_in(original);
    const auto copied = names_in(copy);
    if (names != copied) {
      const auto [here, there] =
          std::mismatch(names.begin(), names.end(), copied.begin(), copied.end());
      if (there == copied.end() || (here != names.end() && *here < *there))
        return (copy / *here).string() + " is missing";
      return (copy / *there).string() + " is too many";
    }
    for (const std::string& name : names)
      if (auto difference = find(original / name, copy / name)) return difference;
    return std::nullopt;
  }

  bool same_content(const fs::path& original, const fs::path& copy) {
    const Opened a(original, O_RDONLY);
    const Opened b(copy, O_RDONLY);
    for (;;) {
      const std::size_t count = a.read(of_original_);
      if (b.read(of_copy_) != count) return false;
      if (count == 0) return true;
      const auto end = of_original_.begin() + static_cast<std::ptrdiff_t>(count);
      if (!std::equal(of_original_.begin(), end, of_copy_.begin())) return false;
    }
  }

  const Compared compared_;
  std::vector<char> of_original_ = std::vector<char>(buffer_bytes);
  std::vector<char> of_copy_ = std::vector<char>(buffer_bytes);
};

}  // namespace

const std::vector<Shape>& shapes() {
  using Unit = Shape::Unit;
  static const std::vector<Shape> all{{"small", Unit::files, 100'000, make_small},
                                      {"photos", Unit::bytes, 2ULL << 30U, make_photos},
                                      {"media", Unit::bytes, 2ULL << 30U, make_media},
                                      {"deep", Unit::files, 20'000, make_deep},
                                      {"many", Unit::files, 1'000'000, make_many},
                                      {"empty", Unit::files, 1'000'000, make_empty},
                                      {"wide", Unit::files, 1'000'000, make_wide}};
  return all;
}

const Shape& shape_of(const std::string& name) {
  const auto found = std::ranges::find(shapes(), name, &Shape::name);
  if (found == shapes().end()) throw std::invalid_argument("no tree is called " + name);
  return *found;
}

std::vector<fs::path> change_one_percent(const fs::path& root, std::uint64_t round) {
  std::vector<fs::path> changed;
  std::uint64_t seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file() && seen++ % 100 == 0) {
      make_random_file(entry.path(), entry.file_size(), ~(seen + round));
      changed.push_back(entry.path());
    }
  }
  return changed;
}

void change_one_chunk(const fs::path& root, std::uint64_t round) {
  fs::path largest;
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file() || entry.file_size() < bytes) continue;
    largest = entry.path();
    bytes = entry.file_size();
  }
  const Opened file(largest, O_WRONLY);
  file.seek(bytes / 2);
  write_random(file, std::min(changed_bytes, bytes - bytes / 2), ~round);
}

void rename_a_folder(const fs::path& root) {
  const std::string renamed = ".renamed";
  for (const std::string& name : names_in(root)) {
    if (!fs::is_directory(root / name)) continue;
    const bool is_renamed = name.ends_with(renamed);
    fs::rename(root / name,
               root / (is_renamed ? name.substr(0, name.size() - renamed.size()) : name + renamed));
    return;
  }
  throw std::runtime_error("no folder in " + root.string());
}

std::string first_difference(const fs::path& original, const fs::path& copy, Compared compared) {
  if (!fs::exists(copy)) return copy.string() + " is missing";
  return Comparison(compared).find(original, copy).value_or("");
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
