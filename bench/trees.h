// The trees that passes are timed on: the same for the same sizes on every machine, what happens to
// them between two passes, and how a mirror is compared with its original.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace syncline::bench {

namespace fs = std::filesystem;

/// What is in a tree, and how much of it: a number of files, or so many bytes in all.
struct Shape {
  enum class Unit : std::uint8_t { files, bytes };

  std::string name;
  Unit unit;
  std::uint64_t usual_size;
  /// Makes the tree at `root`, which is not there yet.
  void (*make)(const fs::path& root, std::uint64_t size);
};

/// small   log-normal, 9 KB on average, 100 to a folder, 100 such folders to a folder above
/// photos  log-normal, 4 MiB on average, 100 to a folder
/// media   four files
/// deep    like small, but ten to a folder, and the folders in chains of 200
/// many    7 bytes each, 1,000 to a folder
/// empty   likewise, of no bytes
/// wide    7 bytes each, in one folder
const std::vector<Shape>& shapes();
/// Throws std::invalid_argument where there is none.
const Shape& shape_of(const std::string& name);

/// Gives one file in a hundred (and one at least) other content of the same size. `round` tells the
/// contents apart. Returns their paths.
std::vector<fs::path> change_one_percent(const fs::path& root, std::uint64_t round);
/// Gives 4 KiB in the middle of the largest file other bytes, in place.
void change_one_chunk(const fs::path& root, std::uint64_t round);
/// The first folder in the root goes by another name, and back the next time.
void rename_a_folder(const fs::path& root);

/// How much of a mirror is compared: all of it; all but the metadata of folders; kinds and bytes.
enum class Compared : std::uint8_t { everything, files, content };

/// The first thing in which the copy is not its original: kind, content, mode, owner, mtime, an
/// entry too many or too few. Empty where there is none.
std::string first_difference(const fs::path& original, const fs::path& copy,
                             Compared compared = Compared::everything);

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
