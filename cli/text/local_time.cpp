// SPDX-License-Identifier: MIT
#include "text/local_time.h"

#include <spdlog/fmt/fmt.h>

#include <array>
#include <ctime>

namespace syncline::cli {

std::string formatted_time(std::int64_t seconds, const char* format) {
  const std::time_t time = seconds;
  std::tm parts{};
  std::array<char, 64> text{};
  if (::localtime_r(&time, &parts) == nullptr) return {};
  const std::size_t length = std::strftime(text.data(), text.size(), format, &parts);
  return {text.data(), length};
}

std::string seconds_time(std::int64_t seconds) {
  return formatted_time(seconds, "%Y-%m-%d %H:%M:%S %z");
}

std::string exact_time(const Timestamp& time) {
  return fmt::format("{}.{:09} {}", formatted_time(time.seconds, "%Y-%m-%d %H:%M:%S"),
                     time.nanoseconds, formatted_time(time.seconds, "%z"));
}

}  // namespace syncline::cli
