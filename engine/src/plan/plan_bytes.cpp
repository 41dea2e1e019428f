// SPDX-License-Identifier: MIT
#include "plan/plan_bytes.h"

#include "plan/lines.h"

#include <algorithm>
#include <array>

namespace syncline::planning {
namespace {

constexpr std::size_t stretch_bytes = std::size_t{1} << 17U;

}  // namespace

PlanBytes::PlanBytes(const filesystem::File& file) : file_(file), read_(stretch_bytes) {
  std::array<std::byte, 4> beginning{};
  const std::size_t count = file.read(beginning, 0);
  if (is_compressed(std::span{beginning}.first(count))) decompressor_.emplace();
}

// False: there is nothing more.
bool PlanBytes::fill() {
  text_.erase(0, done_);
  done_ = 0;
  for (;;) {
    if (unpacked_.empty() && !may_hold_back_) {
      const std::size_t count = file_.read(read_, offset_);
      offset_ += count;
      unpacked_ = std::span{read_}.first(count);
      if (count == 0) return false;
    }
    const std::size_t before = text_.size();
    if (!decompressor_) {
      text_.append(reinterpret_cast<const char*>(unpacked_.data()), unpacked_.size());
      unpacked_ = {};
      return true;
    }
    text_.resize(before + stretch_bytes);
    const std::size_t count = decompressor_->next(
        unpacked_, std::as_writable_bytes(std::span{text_.data() + before, stretch_bytes}));
    text_.resize(before + count);
    may_hold_back_ = count == stretch_bytes;
    if (count > 0) return true;
  }
}

std::optional<std::string_view> PlanBytes::next_line() {
  std::size_t looked_at = done_;
  for (;;) {
    const std::size_t end = text_.find('\n', looked_at);
    if (end != std::string::npos && end - done_ <= most_line_bytes) {
      const std::string_view line = std::string_view{text_}.substr(done_, end - done_);
      done_ = end + 1;
      return line;
    }
    if (text_.size() - done_ > most_line_bytes) return std::nullopt;
    looked_at = text_.size() - done_;
    if (!fill()) return std::nullopt;
  }
}

bool PlanBytes::has_more() {
  return done_ < text_.size() || fill();
}

bool begins_as_plan(const filesystem::File& file, std::uint64_t size) {
  if (size == 0) return false;
  try {
    PlanBytes bytes{file};
    const auto line = bytes.next_line();
    return line && line->starts_with(beginning_of_plan);
  } catch (const NotZstd&) {
    return false;
  }
}

}  // namespace syncline::planning
