// SPDX-License-Identifier: MIT
#include "taking_back/versions.h"

#include "filesystem/paths.h"

#include <limits>
#include <optional>
#include <string>

namespace syncline::engine {
namespace {

using kept::Deed;
using kept::Operation;
using kept::Spot;

std::string path_of(const Spot& spot) {
  if (spot.folder.empty() || spot.name.empty()) return spot.folder + spot.name;
  return spot.folder + '/' + spot.name;
}

// Nothing lies within "", which is no place of an operation; all does within the root.
bool is_within(const std::string& path, const std::string& folder) {
  if (path.empty()) return false;
  return folder.empty() || path == folder ||
         (path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/');
}

bool leaves_nothing_before(Deed deed) {
  return deed == Deed::made || deed == Deed::made_folder;
}

// nullopt: it is not about that path.
std::optional<KeptVersion> before(const Operation& operation, const std::string& path) {
  KeptVersion version;
  if (path_of(operation.at) == path) {
    version.was_there = !leaves_nothing_before(operation.deed) && operation.before;
  } else if (operation.deed != Deed::moved || path_of(operation.to) != path) {
    return std::nullopt;
  }
  if (!version.was_there) return version;
  version.kind = operation.before->kind;
  version.size = content_bytes(*operation.before);
  version.mtime = operation.before->identity.mtime;
  return version;
}

}  // namespace

bool changes(kept::Journal& journal, const kept::PassRow& pass, const std::string& path) {
  bool does = false;
  const auto look = [&](std::int64_t /*number*/, const Operation& operation) {
    const bool is_of_folder = operation.deed == Deed::set_metadata && operation.at.name.empty();
    for (const Spot& spot : {operation.at, operation.to}) {
      const std::string changed = path_of(spot);
      if (changed.empty()) continue;
      does = does || is_within(changed, path) || (!is_of_folder && is_within(path, changed));
    }
    return !does;
  };
  journal.read_back(pass.id, std::numeric_limits<std::int64_t>::max(), look);
  return does;
}

std::string plain_path(const std::string& path) {
  std::string plain;
  for (const std::string& name : filesystem::names_in(path))
    if (name != ".") plain += (plain.empty() ? "" : "/") + name;
  return plain;
}

std::vector<KeptVersion> versions_of(kept::Journal& journal, const std::string& path) {
  const std::string wanted = plain_path(path);
  std::vector<KeptVersion> versions;
  for (const kept::PassRow& pass : journal.passes()) {
    std::optional<KeptVersion> oldest;
    journal.read_back(pass.id, std::numeric_limits<std::int64_t>::max(),
                      [&](std::int64_t /*number*/, const Operation& operation) {
                        if (auto version = before(operation, wanted)) oldest = *std::move(version);
                        return true;
                      });
    if (!oldest) continue;
    oldest->pass = pass.name;
    versions.push_back(*std::move(oldest));
  }
  return versions;
}

}  // namespace syncline::engine
