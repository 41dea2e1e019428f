// SPDX-License-Identifier: MIT
#include "text/units.h"

#include <spdlog/fmt/fmt.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace syncline::cli {

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string rsync_number(std::uint64_t number, unsigned human_readable) {
  constexpr std::string_view units = "KMGTP";
  const std::uint64_t base = human_readable == 1 ? 1000 : 1024;
  if (human_readable == 0 || number < base) return grouped(number);
  double value = static_cast<double>(number) / static_cast<double>(base);
  std::size_t unit = 0;
  for (; value >= static_cast<double>(base) && unit + 1 < units.size(); ++unit)
    value /= static_cast<double>(base);
  return fmt::format("{:.2f}{}", value, units[unit]);
}

std::string human_bytes(std::uint64_t bytes) {
  constexpr std::array<const char*, 6> units{"kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  // 999,950 would be printed as 1000.0 kB.
  for (; value >= 999.95 && unit + 1 < units.size(); ++unit) value /= 1000;
  return fmt::format("{:.1f} {}", value, units.at(unit));
}

std::string human_duration(std::chrono::nanoseconds duration) {
  const double seconds = to_seconds(duration);
  if (seconds < 9.995) return fmt::format("{:.2f} s", seconds);
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = std::chrono::round<std::chrono::seconds>(duration).count();
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  constexpr std::int64_t two_days = 172'800;
  if (whole < two_days) return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
  return fmt::format("{} days", grouped(static_cast<std::uint64_t>(whole) / 86400));
}

double per_second(std::uint64_t amount, std::chrono::nanoseconds duration) {
  return duration.count() > 0 ? static_cast<double>(amount) / to_seconds(duration) : 0;
}

double to_seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace syncline::cli
