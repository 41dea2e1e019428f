// SPDX-License-Identifier: MIT
#include "stages/select.h"

#include "filesystem/own_names.h"
#include "filesystem/system_error.h"
#include "stages/failures.h"

#include <cerrno>
#include <memory>
#include <string_view>
#include <utility>

namespace syncline::stages {
namespace {

using filesystem::Directory;
using filesystem::EntryType;
using filesystem::Listing;
using filter::Listed;

filter::Path path_in(const Pass& pass, const Folder& folder, Side side) {
  return {pass.root_paths.at(static_cast<std::size_t>(side)), path_of(folder)};
}

// What cannot be looked at is for the walk to tell of, and no folder that could be walked.
bool is_folder(const Directory& directory, std::string_view name, EntryType type) {
  if (type != EntryType::unknown) return type == EntryType::folder;
  try {
    const auto entry = directory.look(std::string{name});
    return entry && entry->kind == Kind::folder;
  } catch (const filesystem::SystemError&) {
    return false;
  }
}

// All that is listed at or below a path, which is not there.
void tell_missing(const std::string& path, const Listed& listed, const char* why,
                  std::vector<Event>& events) {
  std::vector<std::pair<std::string, const Listed*>> left{{path, &listed}};
  while (!left.empty()) {
    const auto [at, what] = std::move(left.back());
    left.pop_back();
    if (what->is_itself_listed()) {
      Failure failure = failure_of(at, FailureKind::error, why);
      failure.error_number = ENOENT;
      events.emplace_back(std::move(failure));
    }
    what->each_name([&, &parent = at](const std::string& name, const Listed& child) {
      left.emplace_back(parent + '/' + name, &child);
    });
  }
}

// What is below a name is told of; whether the name itself is listed is what counts then.
bool is_no_way(const Folder& folder, std::string_view name, std::vector<Event>& events) {
  const Listed& here = *folder.wanted->below(name);
  const std::string path = path_of(folder, std::string{name});
  here.each_name([&](const std::string& below, const Listed& child) {
    tell_missing(path + '/' + below, child, "is listed, but lies in no folder of the source",
                 events);
  });
  return !here.is_itself_listed();
}

// Below a temporary of ours there is nothing but what was given up already.
bool is_in_litter(const Folder& folder) {
  for (const Folder* at = &folder; at != nullptr; at = at->parent.get())
    if (filesystem::is_temporary_name(at->name)) return true;
  return false;
}

}  // namespace

void select_source(const Pass& pass, const Folder& folder, const Directory& source, Listing& names,
                   std::vector<Event>& events) {
  const Listed* const listed = folder.wanted;
  if (listed == nullptr && pass.rules.empty()) return;
  if (listed != nullptr)
    listed->each_name([&](const std::string& name, const Listed& child) {
      if (!names.contains(name))
        tell_missing(path_of(folder, name), child, "is listed, but the source has no such entry",
                     events);
    });
  filter::Path path = path_in(pass, folder, Side::source);
  names.remove_entries_if([&](std::string_view name, EntryType type) {
    if (filesystem::is_temporary_name(name)) return false;
    if (listed != nullptr && !listed->wants(name)) return true;
    const bool is_a_folder = is_folder(source, name, type);
    if (listed != nullptr && listed->is_on_the_way(name)) {
      if (is_a_folder) return false;
      if (is_no_way(folder, name, events)) return true;
    }
    path.set_name(name);
    return pass.rules.hides(path, is_a_folder);
  });
}

void select_destination(const Pass& pass, const Folder& folder, const Directory& destination,
                        const Listing& source, Listing& names) {
  const bool is_listed = folder.wanted != nullptr;
  if (!is_listed && pass.rules.empty()) return;
  filter::Path path = path_in(pass, folder, Side::destination);
  names.remove_entries_if([&](std::string_view name, EntryType type) {
    if (filesystem::is_temporary_name(name)) return false;
    if (is_listed) return !source.contains(name);
    path.set_name(name);
    return pass.rules.protects(path, is_folder(destination, name, type), false) &&
           !source.contains(name);
  });
}

bool select_doomed(const Pass& pass, const Folder& folder, const Directory& destination,
                   Listing& names) {
  if (pass.rules.empty() || is_in_litter(folder)) return false;
  filter::Path path = path_in(pass, folder, Side::destination);
  const std::size_t all = names.size();
  names.remove_entries_if([&](std::string_view name, EntryType type) {
    if (filesystem::is_temporary_name(name)) return false;
    path.set_name(name);
    return pass.rules.protects(path, is_folder(destination, name, type), true);
  });
  return names.size() < all;
}

bool is_hidden(const Pass& pass, const Folder& folder, std::string_view name, bool is_folder) {
  if (pass.rules.empty()) return false;
  filter::Path path = path_in(pass, folder, Side::source);
  path.set_name(name);
  return pass.rules.hides(path, is_folder);
}

bool is_protected(const Pass& pass, const Folder& folder, std::string_view name, bool is_folder) {
  if (pass.rules.empty() || filesystem::is_temporary_name(name) || is_in_litter(folder))
    return false;
  filter::Path path = path_in(pass, folder, Side::destination);
  path.set_name(name);
  return pass.rules.protects(path, is_folder, folder.role == Folder::Role::doomed);
}

index::Rows::TakesPart take_part_in(const Pass& pass, const Folder& folder) {
  if (folder.wanted == nullptr && pass.rules.empty()) return {};
  return [&pass, &folder](std::string_view name, bool is_folder) {
    if (folder.wanted != nullptr && !folder.wanted->wants(name)) return false;
    return !is_hidden(pass, folder, name, is_folder);
  };
}

}  // namespace syncline::stages
