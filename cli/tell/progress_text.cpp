// SPDX-License-Identifier: MIT
#include "tell/progress_text.h"

#include "text/display_width.h"
#include "text/escape.h"
#include "text/units.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace syncline::cli {
namespace {

constexpr std::string_view gap = "  ";
constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view plain = "\x1b[m";

/// A part of the line. Those of the highest rank are left out first.
struct Part {
  int rank = 0;
  std::string text;
  std::string_view colour;
};

bool is_late(const Progress& now) {
  return now.stage > Stage::copying;
}

// While it walks, a pass copies what it has found, or reads it to find it the same.
std::string label_of(const Progress& now) {
  if (now.stage == Stage::opening) return "starting";
  if (is_late(now)) return to_string(now.stage);
  const bool is_written = now.work.bytes > 0 && now.done.bytes >= now.work.bytes;
  if (is_written && now.secured < now.to_secure) return now.verifies ? "verifying" : "flushing";
  if (now.work.entries > 0) return now.bytes_written > 0 ? "copying" : "reading";
  return now.stage == Stage::walking ? "walking" : "finishing";
}

// Never 100, for as long as the line is there something is left, if only the last flush.
std::string percent_of(const Headway& headway) {
  const int percent = static_cast<int>(std::floor(*headway.part * 100));
  return fmt::format("{}{} %", headway.is_estimate ? "~" : "", std::min(percent, 99));
}

// "1.2 of 2.8 GB", "900.0 kB of 2.8 GB"
std::string bytes_of(std::uint64_t done, std::uint64_t all, std::string_view about) {
  std::string first = human_bytes(done);
  const std::string second = human_bytes(all);
  const auto unit = [](const std::string& text) { return text.substr(text.rfind(' ')); };
  if (unit(first) == unit(second)) first.resize(first.rfind(' '));
  return fmt::format("{} of {}{}", first, about, second);
}

std::string clock(std::chrono::seconds left) {
  const auto s = left.count();
  constexpr std::int64_t hour = 3600;
  constexpr std::int64_t day = 24 * hour;
  if (s >= 2 * day) return fmt::format("{} days", s / day);
  if (s >= hour) return fmt::format("{}:{:02}:{:02}", s / hour, s % hour / 60, s % 60);
  return fmt::format("{}:{:02}", s / 60, s % 60);
}

void add_late(const Progress& now, std::vector<Part>& parts) {
  const auto counted = [&](std::uint64_t done, std::uint64_t all) {
    if (all > 0)
      parts.push_back({3, fmt::format("{} of {} entries", grouped(done), grouped(all)), {}});
  };
  if (now.stage == Stage::linking) counted(now.linked.entries, now.links.entries);
  if (now.stage == Stage::deleting) counted(now.removed.entries, now.unwanted.entries);
}

void add_amounts(const Headway& headway, std::vector<Part>& parts) {
  const Progress& now = headway.now;
  const bool has_walked = now.stage == Stage::copying;
  if (headway.is_estimate) {
    parts.push_back({3, bytes_of(headway.settled.bytes, now.expected->bytes, "~"), {}});
    parts.push_back({5,
                     fmt::format("{} of ~{} entries", grouped(headway.settled.entries),
                                 grouped(now.expected->entries)),
                     {}});
  } else if (has_walked && now.work.entries > 0) {
    parts.push_back({3, bytes_of(now.done.bytes, now.work.bytes, ""), {}});
    parts.push_back(
        {5,
         fmt::format("{} of {} files", grouped(now.done.entries), grouped(now.work.entries)),
         {}});
  } else {
    if (now.work.entries > 0) {
      parts.push_back({3, human_bytes(now.done.bytes), {}});
      parts.push_back({5, fmt::format("{} files", grouped(now.done.entries)), {}});
    }
    parts.push_back({6, fmt::format("{} entries found so far", grouped(now.source.entries)), {}});
  }
}

void add_rates(const Headway& headway, std::vector<Part>& parts) {
  if (headway.now.done.bytes == 0) return;
  const auto rate = [](double bytes) {
    return human_bytes(static_cast<std::uint64_t>(bytes)) + "/s";
  };
  parts.push_back({4, rate(headway.bytes_per_s), {}});
  parts.push_back({7, "mean " + rate(headway.mean_bytes_per_s), {}});
}

/// In the order in which they are shown.
std::vector<Part> parts_of(const Headway& headway) {
  const Progress& now = headway.now;
  std::vector<Part> parts{{0, label_of(now), bold}};
  if (headway.part) parts.push_back({2, percent_of(headway), {}});
  if (is_late(now)) {
    add_late(now, parts);
  } else if (now.stage != Stage::opening) {
    add_amounts(headway, parts);
    add_rates(headway, parts);
  }
  if (headway.left)
    parts.push_back(
        {2, fmt::format("{}{} left", headway.is_estimate ? "~" : "", clock(*headway.left)), {}});
  if (now.failures > 0)
    parts.push_back(
        {1, fmt::format("{} error{}", grouped(now.failures), now.failures == 1 ? "" : "s"), red});
  return parts;
}

std::size_t width_of(const std::vector<Part>& parts) {
  std::size_t width = parts.empty() ? 0 : (parts.size() - 1) * gap.size();
  for (const Part& part : parts) width += columns_of(part.text);
  return width;
}

}  // namespace

std::string progress_line(const Headway& headway, std::string_view path, std::size_t columns,
                          bool colours) {
  std::vector<Part> parts = parts_of(headway);
  while (parts.size() > 1 && width_of(parts) > columns)
    parts.erase(std::ranges::max_element(parts, {}, &Part::rank));
  constexpr std::size_t worth_showing = 12;
  const std::size_t width = width_of(parts) + gap.size();
  if (!path.empty() && width + worth_showing <= columns)
    parts.push_back({9, end_within(escape(path), columns - width), {}});

  std::string line;
  for (const Part& part : parts) {
    if (!line.empty()) line += gap;
    if (colours && !part.colour.empty())
      line.append(part.colour).append(part.text).append(plain);
    else
      line += part.text;
  }
  return width_of(parts) <= columns ? line : std::string();
}

std::string progress_words(const Headway& headway) {
  const std::vector<Part> parts = parts_of(headway);
  std::string words = parts.front().text;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    words += i == 1 ? ": " : ", ";
    words += parts[i].text;
  }
  return words;
}

}  // namespace syncline::cli
