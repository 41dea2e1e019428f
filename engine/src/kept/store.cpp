// SPDX-License-Identifier: MIT
#include "kept/store.h"

#include "filesystem/explained.h"
#include "filesystem/own_names.h"
#include "filesystem/system_error.h"
#include "filesystem/trust.h"

#include <cerrno>
#include <optional>

namespace syncline::kept {
namespace {

using filesystem::Directory;
using filesystem::SystemError;

// Names in one folder are made by one at a time; with so many folders two workers seldom meet, and
// none grows beyond some 60,000 names for a million items.
constexpr std::uint64_t shards = 16;
// Of passes that are taken back, more than a few are open one after the other.
constexpr std::size_t most_open = 64;

constexpr const char* held_name = "held";

bool is_absence(int error_number) {
  return error_number == ENOENT || error_number == ENOTDIR || error_number == ELOOP;
}

Store::Handle open_if_there(const Directory& parent, const std::string& name) {
  try {
    return std::make_shared<const Directory>(parent.open_folder(name));
  } catch (const SystemError& error) {
    if (!is_absence(error.error_number())) throw;
    return nullptr;
  }
}

Store::Handle open_or_make(const Directory& parent, const std::string& name) {
  if (auto there = open_if_there(parent, name)) return there;
  try {
    parent.make_folder(name);
  } catch (const SystemError& error) {
    if (error.error_number() != EEXIST) throw;
  }
  return std::make_shared<const Directory>(parent.open_folder(name));
}

// Whoever else could write to it could have anything made of the destination, with any owner.
void require_ours(const Directory& folder) {
  if (const auto why = filesystem::why_not_private(folder.look()))
    throw filesystem::ExplainedError("use", filesystem::reserved_name, EPERM, *why);
}

void remove_all(const Directory& parent, const std::string& name) {
  const auto folder = open_if_there(parent, name);
  if (!folder) return;
  const auto names = folder->list();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string each{names[i]};
    const auto found = folder->look(each);
    if (!found) continue;
    if (found->kind == Kind::folder)
      remove_all(*folder, each);
    else
      folder->remove_file(each);
  }
  parent.remove_folder(name);
}

}  // namespace

Store::Handle open_beneath(const Store::Handle& root, const std::string& path) {
  Store::Handle at = root;
  for (std::size_t begin = 0; at && begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    at = open_if_there(*at, path.substr(begin, end - begin));
    begin = end + 1;
  }
  return at;
}

Store::Handle Store::home_at(const std::string& place, bool make) const {
  if (elsewhere_) return elsewhere_;
  const Handle above = place.empty() ? root_ : open_beneath(root_, place);
  if (!above) return nullptr;
  Handle home = open_if_there(*above, filesystem::reserved_name);
  if (!home && make) {
    const Entry before = above->look();
    above->make_folder(filesystem::reserved_name);
    above->set_metadata(before, {.mtime = true});
    home = std::make_shared<const Directory>(above->open_folder(filesystem::reserved_name));
  }
  if (home) require_ours(*home);
  return home;
}

Store::Handle Store::home() const {
  return home_at({}, false);
}

Store::Handle Store::make_home(bool flush, std::optional<Entry>& root_before) const {
  Handle home = home_at({}, false);
  if (!home) {
    root_before = root_->look();
    root_before->attributes = root_->attributes();
    home = home_at({}, true);
  }
  if (flush && !elsewhere_) root_->flush();
  return home;
}

Store::Handle Store::folder(const Item& item, const std::string& pass, bool make) {
  const std::uint64_t shard = item.number % shards;
  const std::scoped_lock lock{mutex_};
  const auto known = folders_.find({item.place, pass, shard});
  if (known != folders_.end()) return known->second;
  const Handle home = home_at(item.place, make);
  if (!home) return nullptr;
  const auto open = [&](const Directory& parent, const std::string& name) {
    return make ? open_or_make(parent, name) : open_if_there(parent, name);
  };
  const Handle all = open(*home, pass);
  Handle folder = all ? open(*all, std::to_string(shard)) : nullptr;
  if (!folder) return nullptr;
  if (folders_.size() >= most_open) folders_.clear();
  folders_[{item.place, pass, shard}] = folder;
  return folder;
}

Store::Handle Store::folder_of(const Item& item, const std::string& pass) {
  return folder(item, pass, false);
}

Store::Handle Store::make_folder_of(const Item& item, const std::string& pass) {
  return folder(item, pass, true);
}

// Folders, which every file system has.
std::optional<std::string> Store::held_since() const {
  const Handle home = home_at({}, false);
  const Handle held = home ? open_if_there(*home, held_name) : nullptr;
  if (!held) return std::nullopt;
  const auto names = held->list();
  return names.size() > 0 ? std::string{names[0]} : std::string{};
}

void Store::hold(const std::string& undo) const {
  const Handle home = home_at({}, true);
  const Handle held = open_or_make(*home, held_name);
  const auto names = held->list();
  if (names.contains(undo)) return;
  for (std::size_t i = 0; i < names.size(); ++i) held->remove_folder(std::string{names[i]});
  held->make_folder(undo);
  held->flush();
  home->flush();
}

bool Store::release() const {
  const Handle home = home_at({}, false);
  if (!home || !home->look(held_name)) return false;
  remove_all(*home, held_name);
  home->flush();
  return true;
}

void Store::remove(const std::string& place, const std::string& pass) {
  {
    const std::scoped_lock lock{mutex_};
    folders_.clear();
  }
  if (const Handle home = home_at(place, false)) remove_all(*home, pass);
}

}  // namespace syncline::kept
