// SPDX-License-Identifier: MIT
#include "arguments/moment.h"

#include "arguments/named_moment.h"
#include "text/escape.h"
#include "text/local_time.h"

#include <spdlog/fmt/fmt.h>

#include <stdexcept>

namespace syncline::cli {
namespace {

using Clock = std::chrono::system_clock;

}  // namespace

Clock::time_point parse_moment(std::string_view text, Clock::time_point now) {
  const auto named = read_named_moment(text);
  if (!named)
    throw std::invalid_argument(fmt::format(
        "must be a moment such as 2030-12-31T23:59, 12-31 or 14:00, not '{}'", escape(text)));
  const std::time_t now_s = Clock::to_time_t(now);
  if (const auto moment = next_such(*named, now_s)) return Clock::from_time_t(*moment);
  throw std::invalid_argument(
      fmt::format("must be a moment that is still to come, not '{}': it is {} now", escape(text),
                  seconds_time(now_s)));
}

}  // namespace syncline::cli
