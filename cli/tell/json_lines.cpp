// SPDX-License-Identifier: MIT
#include "tell/json_lines.h"

#include "outlets/standard_streams.h"
#include "text/base64.h"
#include "text/escape.h"

namespace syncline::cli {
namespace {

// One line.
std::string text_of(const Json& object) {
  return escape_json(object.dump());
}

}  // namespace

void say_json(const Json& object) {
  say(text_of(object));
}

void say_json_now(const Json& object) {
  say_now(text_of(object));
}

void put_bytes(Json& object, const std::string& name, const std::string& bytes) {
  object[name] = is_utf8(bytes) ? bytes : escape(bytes);
  if (!is_utf8(bytes)) object[name + "_base64"] = base64(bytes);
}

Timestamp to_timestamp(std::chrono::system_clock::time_point time) {
  return timestamp_of(std::chrono::nanoseconds(time.time_since_epoch()).count());
}

}  // namespace syncline::cli
