// SPDX-License-Identifier: MIT
#include "filesystem/directory.h"
#include "filesystem/named_path.h"
#include "filesystem/paths.h"
#include "filesystem/trust.h"
#include "md5/sha256.h"
#include "plan/lines.h"
#include "plan/parse.h"
#include "plan/plan_bytes.h"
#include "plan/refuse.h"

#include "syncline/plan.h"

#include <span>
#include <utility>

namespace syncline {

using namespace planning;
using filesystem::Directory;
using filesystem::File;
using filesystem::SystemError;

namespace {

File open_trusted(const std::string& path) {
  try {
    const auto [parent, name] = filesystem::split_path(path);
    File file = Directory::open_root_to_enter(parent).open_file(name);
    if (const auto why = filesystem::why_not_trusted(file.descriptor()))
      refuse({.code = RefusalCode::plan_open_to_others, .path = path, .cause = *why});
    return file;
  } catch (const SystemError& error) {
    refuse_as_unusable(path, error);
  }
}

}  // namespace

class PlanReader::Reading {
 public:
  explicit Reading(const std::string& path) : path_(path), file_(open_trusted(path)) {
    explain([&] { require_whole(); });
    rewind();
  }

  [[nodiscard]] const PlanHeader& header() const { return header_; }
  [[nodiscard]] const PlanTotals& totals() const { return totals_; }
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& seal() const { return seal_; }

  void rewind() {
    explain([&] {
      bytes_.emplace(file_);
      hash_ = {};
      next_line();
      read_ = 0;
    });
  }

  std::optional<PlanStep> next() {
    std::optional<PlanStep> step;
    if (read_ == steps_) return step;
    explain([&] {
      step = parse_step(next_step_line());
      require_sound(*step);
    });
    return step;
  }

  void skip() {
    explain([&] { next_step_line(); });
  }

 private:
  template <typename Work>
  void explain(Work work) {
    try {
      work();
    } catch (const SystemError& error) {
      refuse_as_unusable(path_, error);
    } catch (const NotZstd& error) {
      refuse_as_altered(error.what());
    } catch (const Malformed& error) {
      refuse_as_altered("line " + std::to_string(lines_) + ": " + error.what());
    }
  }

  [[noreturn]] void refuse_as_altered(std::string why) {
    refuse({.code = RefusalCode::plan_altered, .path = path_, .cause = std::move(why)});
  }
  [[noreturn]] void refuse_as_cut_short() {
    refuse({.code = RefusalCode::plan_cut_short, .path = path_});
  }

  std::string_view next_of_all(PlanBytes& bytes) {
    const auto line = bytes.next_line();
    if (!line) refuse_as_cut_short();
    ++lines_;
    return *line;
  }

  std::string_view next_line() {
    const auto line = bytes_->next_line();
    if (!line) refuse_as_cut_short();
    seal(hash_, *line);
    return *line;
  }

  // The file may have been written to since it was found as it should be.
  std::string_view next_step_line() {
    const std::string_view line = next_line();
    if (++read_ == steps_ && hash_.so_far() != sum_of_steps_)
      throw Malformed("it was changed meanwhile");
    return line;
  }

  static void seal(md5::Sha256Stream& hash, std::string_view line) {
    hash.update(std::as_bytes(std::span{line}));
    hash.update(std::as_bytes(std::span{"\n", 1}));
  }

  // Steps are not looked into yet, but counted.
  void require_whole() {
    PlanBytes bytes{file_};
    md5::Sha256Stream hash;
    require_header(bytes, hash);
    std::string_view line = next_of_all(bytes);
    for (; line.starts_with(beginning_of_step(steps_ + 1)); line = next_of_all(bytes)) {
      seal(hash, line);
      ++steps_;
    }
    sum_of_steps_ = hash.so_far();
    if (!line.starts_with(beginning_of_totals)) throw Malformed("it is not the next step");
    totals_ = parse_totals(line);
    seal(hash, line);
    const md5::Sha256 sum = hash.so_far();
    seal_ = hex(sum);
    if (parse_end(next_of_all(bytes), sum) != steps_)
      throw Malformed("there are other steps than it says");
    if (bytes.has_more()) throw Malformed("something follows it");
    if (!bytes.is_whole()) refuse_as_cut_short();
  }

  void require_header(PlanBytes& bytes, md5::Sha256Stream& hash) {
    const auto line = bytes.next_line();
    if (!line || !line->starts_with(beginning_of_plan))
      refuse({.code = line || !is_empty() ? RefusalCode::plan_foreign : RefusalCode::plan_cut_short,
              .path = path_});
    ++lines_;
    if (const auto other = schema_in(*line); other != schema)
      refuse(
          {.code = RefusalCode::plan_other_schema, .path = path_, .other = std::to_string(other)});
    header_ = parse_header(*line);
    seal(hash, *line);
  }

  bool is_empty() { return file_.look().identity.size == 0; }

  // A step can only come after that which makes its folder; and no path leads out of the roots.
  void require_sound(const PlanStep& step) {
    lines_ = step.number + 1;
    if (step.number != read_) throw Malformed("it is not the next step");
    for (const auto& made_by : {step.in, step.from})
      if (made_by && (*made_by == 0 || *made_by >= step.number))
        throw Malformed("it is in what is made later");
    for (const std::string* path : {static_cast<const std::string*>(&step.action.path),
                                    static_cast<const std::string*>(&step.action.link_of),
                                    static_cast<const std::string*>(&step.action.moved_from)})
      require_inside(*path);
  }

  static void require_inside(const std::string& path) {
    if (path.empty() || path == ".") return;
    if (path.front() == '/' || path.find('\0') != std::string::npos)
      throw Malformed("its path is none in the roots");
    for (std::size_t at = 0; at <= path.size();) {
      const std::size_t end = std::min(path.find('/', at), path.size());
      const std::string_view name = std::string_view{path}.substr(at, end - at);
      if (name.empty() || name == "." || name == "..")
        throw Malformed("its path is none in the roots");
      at = end + 1;
    }
  }

  const std::string path_;
  const File file_;
  std::uint64_t lines_ = 0;  ///< the one that is looked at
  std::uint64_t steps_ = 0;
  std::uint64_t read_ = 0;
  PlanHeader header_;
  PlanTotals totals_;
  std::string seal_;
  md5::Sha256 sum_of_steps_{};  ///< and of all before them
  md5::Sha256Stream hash_;      ///< of what was read since rewind()
  std::optional<PlanBytes> bytes_;
};

PlanReader::PlanReader(const std::string& path) : reading_(std::make_unique<Reading>(path)) {}
PlanReader::~PlanReader() = default;

const PlanHeader& PlanReader::header() const {
  return reading_->header();
}
const PlanTotals& PlanReader::totals() const {
  return reading_->totals();
}
std::uint64_t PlanReader::steps() const {
  return reading_->steps();
}
const std::string& PlanReader::path() const {
  return reading_->path();
}
const std::string& PlanReader::seal() const {
  return reading_->seal();
}
std::optional<PlanStep> PlanReader::next() {
  return reading_->next();
}
void PlanReader::skip() {
  reading_->skip();
}
void PlanReader::rewind() {
  reading_->rewind();
}

}  // namespace syncline
