// SPDX-License-Identifier: MIT
#include "arguments/owners.h"

#include "text/escape.h"

#include <grp.h>
#include <pwd.h>
#include <spdlog/fmt/fmt.h>

#include <charconv>
#include <limits>
#include <stdexcept>
#include <string>

namespace syncline::cli {
namespace {

// The highest number means "none" to chown(2).
std::optional<std::uint32_t> number_in(std::string_view text) {
  std::uint32_t id = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, id);
  if (error != std::errc{} || stop != end || id == std::numeric_limits<std::uint32_t>::max())
    return std::nullopt;
  return id;
}

[[noreturn]] void refuse(const char* kind, std::string_view name) {
  throw std::invalid_argument(fmt::format("names no {} of this system: '{}'", kind, escape(name)));
}

// Called before there is a second thread, so that the functions that share a buffer will do.

const passwd& user_of(const std::string& name) {
  const auto number = number_in(name);
  const passwd* const found = number ? ::getpwuid(*number)        // NOLINT(concurrency-mt-unsafe)
                                     : ::getpwnam(name.c_str());  // NOLINT(concurrency-mt-unsafe)
  if (found == nullptr) refuse("user", name);
  return *found;
}

std::uint32_t group_of(const std::string& name) {
  if (const auto number = number_in(name)) return *number;
  const group* const found = ::getgrnam(name.c_str());  // NOLINT(concurrency-mt-unsafe)
  if (found == nullptr) refuse("group", name);
  return found->gr_gid;
}

}  // namespace

Owners parse_owners(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string user{text.substr(0, colon)};
  const bool has_group = colon != std::string_view::npos;
  const std::string group{has_group ? text.substr(colon + 1) : ""};
  if (user.empty() && group.empty())
    throw std::invalid_argument("must be USER, USER:GROUP or :GROUP");
  Owners owners;
  if (const auto number = number_in(user); number && (!has_group || !group.empty()))
    owners.user = number;
  else if (!user.empty())
    owners.user = user_of(user).pw_uid;
  if (!group.empty())
    owners.group = group_of(group);
  else if (has_group)
    owners.group = user_of(user).pw_gid;
  return owners;
}

}  // namespace syncline::cli
