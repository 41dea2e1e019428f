// Objects of JSON as lines on standard output (syncline-json(5)).
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/timestamp.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

namespace syncline::cli {

using Json = nlohmann::ordered_json;

/// What a program was written for stays true of later versions with the same number: members are
/// only ever added.
inline constexpr int json_schema = 2;

void say_json(const Json& object);
/// It and all before it arrive at once.
void say_json_now(const Json& object);

/// Bytes that are UTF-8 are a string as they are. Others have no place in JSON: they are escaped
/// for people, and given whole beside that, as `name`_base64.
void put_bytes(Json& object, const std::string& name, const std::string& bytes);

Timestamp to_timestamp(std::chrono::system_clock::time_point time);

}  // namespace syncline::cli
