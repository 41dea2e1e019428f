// SPDX-License-Identifier: MIT
#include "pass/select.h"

#include "filesystem/own_names.h"
#include "filesystem/paths.h"
#include "filesystem/system_error.h"
#include "pass/failures.h"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <string_view>
#include <utility>

namespace syncline::engine {
namespace {

using filesystem::EntryType;
using filesystem::join_path;
using filesystem::Listing;
using filesystem::OpenFolder;
using filter::Listed;

// What no rule looks at of the way to an entry is left out: it is long in deep trees.
filter::Path path_in(const Pass& pass, const Folder& folder, Side side) {
  const auto names = pass.terms.rules.names_that_decide();
  return {pass.terms.root_paths.at(static_cast<std::size_t>(side)),
          names ? end_of_path(folder, *names) : whole_path_of(folder)};
}

// Where that was not told along with its name, `look` is called. What cannot be looked at is for
// the walk to tell of, and no folder that could be walked.
template <typename Look>
bool is_folder(std::string_view name, EntryType type, Look look) {
  if (type != EntryType::unknown) return type == EntryType::folder;
  try {
    const auto entry = look(std::string{name});
    return entry && entry->kind == Kind::folder;
  } catch (const filesystem::SystemError&) {
    return false;
  }
}

bool is_folder(const OpenFolder& directory, std::string_view name, EntryType type) {
  return is_folder(name, type, [&](const std::string& each) { return directory.look(each); });
}

bool is_folder(const Pass& pass, Folder& folder, std::string_view name, EntryType type) {
  return is_folder(name, type,
                   [&](const std::string& each) { return pass.source.look_at({folder}, each); });
}

// All that is listed at or below a path, which is not there.
void tell_missing(const std::string& path, const Listed& listed, FailureCode why,
                  std::vector<Event>& events) {
  std::vector<std::pair<std::string, const Listed*>> left{{path, &listed}};
  while (!left.empty()) {
    const auto [at, what] = std::move(left.back());
    left.pop_back();
    if (what->is_itself()) {
      Failure failure = failure_of(shown_path(at), FailureKind::error, why);
      failure.error_number = ENOENT;
      events.emplace_back(std::move(failure));
    }
    for (const auto& [name, child] : what->children())
      left.emplace_back(join_path(at, name), child.get());
  }
}

// A folder on the way to what is listed is made if any of that takes part, whatever the rules say
// of the folder itself. What is missing is told of only if it is not: else it is met by the walk.
class Way {
 public:
  Way(const Pass& pass, Folder& folder) : pass_(pass), folder_(folder) {}

  /// `path`: of the folder that the names of below_ lead to.
  bool leads_anywhere(const std::string& path, const Listed& listed) {
    // What is deeper than that is taken for there.
    constexpr std::size_t most_levels = 32;
    if (below_.size() > most_levels) return true;
    std::vector<const std::string*> names;
    for (const auto& [name, child] : listed.children()) names.push_back(&name);
    std::vector<SourceLook> looks(names.size());
    pass_.source.look({folder_, below_}, names, [&](std::size_t i, SourceLook look) {
      looks[i] = std::move(look);
      return true;
    });
    auto look = looks.begin();
    for (const auto& [name, child] : listed.children())
      if (leads_anywhere(path, name, *child, *look++)) return true;
    return false;
  }
  bool leads_anywhere_below(const std::string& name, const std::string& path,
                            const Listed& listed) {
    below_.push_back(name);
    const bool leads = leads_anywhere(path, listed);
    below_.pop_back();
    return leads;
  }

  void tell(std::vector<Event>& events) { std::ranges::move(missing_, std::back_inserter(events)); }

 private:
  bool leads_anywhere(const std::string& path, const std::string& name, const Listed& child,
                      const SourceLook& look) {
    if (look.error && !look.entry) return true;  // for the walk to tell of
    const std::string at = join_path(path, name);
    if (!look.entry) {
      tell_missing(at, child, FailureCode::listed_missing, missing_);
      return false;
    }
    const bool is_folder = look.entry->kind == Kind::folder;
    filter::Path judged{pass_.terms.root_paths.at(static_cast<std::size_t>(Side::source)), path};
    judged.set_name(name);
    if (child.is_itself() && !pass_.terms.rules.hides(judged, is_folder)) return true;
    if (is_folder) return !child.children().empty() && leads_anywhere_below(name, at, child);
    for (const auto& [below, what] : child.children())
      tell_missing(join_path(at, below), *what, FailureCode::listed_in_no_folder, missing_);
    return false;
  }

  const Pass& pass_;
  Folder& folder_;
  std::vector<std::string> below_;  ///< the way so far
  std::vector<Event> missing_;
};

// Whether the entry `name`, below which something is listed, is a folder that leads there.
bool is_on_a_way(const Pass& pass, Folder& folder, const std::string& name, bool is_folder,
                 std::vector<Event>& events) {
  const Listed& listed = *folder.wanted.listed()->child(name);
  const std::string path = whole_path_of(folder, name);
  if (!is_folder) {
    for (const auto& [below, what] : listed.children())
      tell_missing(join_path(path, below), *what, FailureCode::listed_in_no_folder, events);
    return false;
  }
  Way way{pass, folder};
  if (way.leads_anywhere_below(name, path, listed)) return true;
  way.tell(events);
  return false;
}

// Of an entry that the source lacks.
bool is_left(Pass& pass, const filter::Path& path, bool is_folder, bool in_extraneous) {
  const auto protection = pass.terms.rules.protection(path, is_folder, in_extraneous);
  if (protection == filter::Protection::kept) pass.brakes.note_protected();
  return protection != filter::Protection::none;
}

// Below a temporary of ours there is nothing but what was given up already.
bool is_in_litter(const Folder& folder) {
  for (const Folder* at = &folder; at != nullptr; at = at->parent.get())
    if (filesystem::is_temporary_name(at->name)) return true;
  return false;
}

}  // namespace

bool has_reserved_name(const Folder& folder) {
  if (!folder.parent || (folder.destination && folder.destination->mount_root)) return true;
  const std::uint64_t device = folder.there.id.device;
  return device != 0 && device != folder.parent->there.id.device;
}

bool is_reserved(const Folder& folder, std::string_view name) {
  return has_reserved_name(folder) && name == filesystem::reserved_name;
}

void select_source(const Pass& pass, Folder& folder, Listing& names, std::vector<Event>& events) {
  const filter::Wanted& wanted = folder.wanted;
  if (wanted.is_all() && pass.terms.rules.empty()) return;
  if (wanted.listed() != nullptr)
    for (const auto& [name, child] : wanted.listed()->children())
      if (!names.contains(name) && !is_reserved(folder, name))
        tell_missing(whole_path_of(folder, name), *child, FailureCode::listed_missing, events);
  filter::Path path = path_in(pass, folder, Side::source);
  names.remove_entries_if([&](std::string_view name, EntryType type) {
    if (filesystem::is_temporary_name(name)) return false;
    if (!wanted.wants(name)) return true;
    const bool is_a_folder = is_folder(pass, folder, name, type);
    if (wanted.needs_as_way(name) &&
        is_on_a_way(pass, folder, std::string{name}, is_a_folder, events))
      return false;
    if (!wanted.wants_itself(name)) return true;
    path.set_name(name);
    return pass.terms.rules.hides(path, is_a_folder);
  });
}

void select_destination(Pass& pass, const Folder& folder, const OpenFolder& destination,
                        const Listing& source, Listing& names) {
  const bool is_listed = !folder.wanted.is_all();
  if (!is_listed && pass.terms.rules.empty()) return;
  filter::Path path = path_in(pass, folder, Side::destination);
  names.remove_entries_if([&](std::string_view name, EntryType type) {
    if (filesystem::is_temporary_name(name)) return false;
    if (source.contains(name)) return false;
    if (is_listed) return true;
    path.set_name(name);
    return is_left(pass, path, is_folder(destination, name, type), false);
  });
}

bool select_extraneous(Pass& pass, const Folder& folder, const OpenFolder& destination,
                       Listing& names) {
  if (pass.terms.rules.empty() || is_in_litter(folder)) return false;
  filter::Path path = path_in(pass, folder, Side::destination);
  const std::size_t all = names.size();
  names.remove_entries_if([&](std::string_view name, EntryType type) {
    if (filesystem::is_temporary_name(name)) return false;
    path.set_name(name);
    return is_left(pass, path, is_folder(destination, name, type), true);
  });
  return names.size() < all;
}

bool is_hidden(const Pass& pass, const Folder& folder, std::string_view name, bool is_folder) {
  if (pass.terms.rules.empty()) return false;
  filter::Path path = path_in(pass, folder, Side::source);
  path.set_name(name);
  return pass.terms.rules.hides(path, is_folder);
}

bool is_protected(const Pass& pass, const Folder& folder, std::string_view name, bool is_folder) {
  if (pass.terms.rules.empty() || filesystem::is_temporary_name(name) || is_in_litter(folder))
    return false;
  filter::Path path = path_in(pass, folder, Side::destination);
  path.set_name(name);
  return pass.terms.rules.protects(path, is_folder, folder.role == Folder::Role::extraneous);
}

bool is_protected(const Pass& pass, const std::vector<std::string>& parts, bool is_folder) {
  if (pass.terms.rules.empty()) return false;
  std::string above = ".";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    filter::Path path{pass.terms.root_paths.at(static_cast<std::size_t>(Side::destination)), above};
    path.set_name(parts[i]);
    if (pass.terms.rules.protects(path, is_folder || i + 1 < parts.size(), false)) return true;
    above = i == 0 ? parts[i] : join_path(above, parts[i]);
  }
  return false;
}

index::Rows::TakesPart take_part_in(const Pass& pass, const Folder& folder) {
  if (folder.wanted.is_all() && pass.terms.rules.empty()) return {};
  return [&pass, &folder](std::string_view name, bool is_folder) {
    if (!folder.wanted.wants(name) || folder.wanted.needs_as_way(name)) return false;
    return !is_hidden(pass, folder, name, is_folder);
  };
}

bool is_no_more_than_a_place(const Pass& pass, const Folder& folder) {
  return !folder.parent && pass.terms.listed && !pass.terms.listed->is_itself();
}

}  // namespace syncline::engine
