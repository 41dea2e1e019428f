// The trees that passes are timed on: the same for the same sizes on every machine, and compared
// whole afterwards.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace syncline::bench {

namespace fs = std::filesystem;

/// Files of 9 KB on average, 100 to a folder, 100 such folders to a folder above.
void make_small_files(const fs::path& root, std::uint64_t files);
/// Four files, so many bytes in all.
void make_big_files(const fs::path& root, std::uint64_t bytes);

/// Gives one file in a hundred (and one at least) other content of the same size. `round` tells the
/// contents apart.
void change_one_percent(const fs::path& root, std::uint64_t round);

/// The first thing in which the copy is not its original: kind, content, mode, owner, mtime, an
/// entry too many or too few. Empty where there is none.
std::string first_difference(const fs::path& original, const fs::path& copy);

/// A folder of its own for the run, gone at its end.
class Workplace {
 public:
  explicit Workplace(const fs::path& parent);
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  ~Workplace();

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace syncline::bench
