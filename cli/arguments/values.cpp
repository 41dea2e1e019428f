// SPDX-License-Identifier: MIT
#include "arguments/values.h"

#include "arguments/number.h"
#include "arguments/sizes.h"
#include "arguments/times.h"

#include <cstdint>

namespace syncline::cli {

unsigned parse_workers(std::string_view text) {
  constexpr unsigned most = 1024;
  const auto workers = number_in<unsigned>(text);
  if (!workers || *workers == 0 || *workers > most) {
    refuse_value(fmt::format("a whole number from 1 to {}", most), text);
  }
  return *workers;
}

DeletionPolicy parse_deletion_limit(std::string_view text) {
  if (text.ends_with('%')) {
    const auto percent = number_in<double>(text.substr(0, text.size() - 1));
    if (percent && *percent >= 0 && *percent <= 100) return deletion::AtMostPercent{*percent};
  } else if (const auto entries = number_in<std::uint64_t>(text)) {
    return deletion::AtMostEntries{*entries};
  }
  refuse_value("a number of entries such as 500, or 0% to 100%", text);
}

std::uint64_t parse_passes(std::string_view text) {
  const auto passes = number_in<std::uint64_t>(text);
  if (!passes || *passes == 0) refuse_value("a number of passes such as 10", text);
  return *passes;
}

std::chrono::seconds parse_keeping(std::string_view text) {
  if (!is_time(text) || number_in<double>(text))
    refuse_value("a time with its unit, such as 30d, 12h or 2w", text);
  return std::chrono::ceil<std::chrono::seconds>(parse_interval(text));
}

decltype(Undo::most_bytes) parse_room(std::string_view text) {
  if (!text.ends_with('%')) return parse_size(text);
  const auto percent = number_in<double>(text.substr(0, text.size() - 1));
  if (!percent || !(*percent >= 0) || *percent > 100)
    refuse_value("a size such as 20GB, or 0% to 100% of the file system", text);
  return Undo::PercentOfDisk{*percent};
}

DigestBackend parse_digest_backend(std::string_view text) {
  if (text == "auto") return DigestBackend::automatic;
  if (text == "evp") return DigestBackend::evp;
  if (text == "simd") return DigestBackend::simd;
  refuse_value("auto, evp or simd", text);
}

Reflink parse_reflink(std::string_view text) {
  if (text == "auto") return Reflink::automatic;
  if (text == "always") return Reflink::always;
  if (text == "never") return Reflink::never;
  refuse_value("auto, always or never", text);
}

Order parse_order(std::string_view text) {
  if (text == "name") return Order::by_name;
  if (text == "smallest") return Order::smallest;
  if (text == "newest") return Order::newest;
  refuse_value("name, smallest or newest", text);
}

bool is_number(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  return std::from_chars(text.data(), end, value).ptr == end && !text.empty();
}

}  // namespace syncline::cli
