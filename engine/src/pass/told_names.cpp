// SPDX-License-Identifier: MIT
#include "pass/told_names.h"

#include "filesystem/paths.h"
#include "filesystem/system_error.h"
#include "pass/folder.h"

#include <cerrno>
#include <unordered_set>
#include <utility>

namespace syncline::engine {

using filesystem::Listing;
using filesystem::OpenFolder;
using filesystem::SystemError;

/// A folder as it would be.
class ToldNames::Seen final : public OpenFolder {
 public:
  /// One that lies at `path` below the root.
  Seen(const ToldNames& names, View there, std::string path)
      : names_(names),
        there_(std::move(there)),
        path_(std::move(path)),
        id_(there_->look().identity.id) {}
  /// One that would be made like that.
  Seen(const ToldNames& names, Entry to_be)
      : names_(names), to_be_(std::move(to_be)), id_(to_be_.identity.id) {}

  [[nodiscard]] Entry look() const override { return there_ ? there_->look() : to_be_; }

  [[nodiscard]] std::optional<Entry> look(const std::string& name) const override {
    return at(name, std::optional<Entry>{},
              [](const OpenFolder& folder, const std::string& is) { return folder.look(is); });
  }
  [[nodiscard]] bool is_mount_root(const std::string& name) const override {
    return at(name, false, [](const OpenFolder& folder, const std::string& is) {
      return folder.is_mount_root(is);
    });
  }
  [[nodiscard]] std::string read_link(const std::string& name) const override {
    const auto place = place_of(name);
    if (!place) throw SystemError("read the symlink", name, ENOENT);
    return place->folder->read_link(place->name);
  }
  [[nodiscard]] Attributes attributes() const override {
    return there_ ? there_->attributes() : to_be_.attributes;
  }
  [[nodiscard]] Attributes attributes(const std::string& name) const override {
    const auto place = place_of(name);
    if (!place) throw SystemError("read the attributes of", name, ENOENT);
    return place->folder->attributes(place->name);
  }

  [[nodiscard]] Listing list() const override {
    return as_told(there_ ? there_->list() : Listing{});
  }
  [[nodiscard]] Listing list_again() const override {
    return as_told(there_ ? there_->list_again() : Listing{});
  }

  [[nodiscard]] std::shared_ptr<const OpenFolder> open_below(
      const std::string& name) const override {
    const auto told = names_.places_.find(id_, name);
    const auto place = place_at(name, told);
    if (!place) throw SystemError("open", name, ENOENT);
    return std::make_shared<const Seen>(names_, place->folder->open_below(place->name),
                                        told ? *told->path : filesystem::join_path(path_, name));
  }

  [[nodiscard]] std::optional<OpenFolder::Place> place_of(const std::string& name) const override {
    auto place = place_at(name, names_.places_.find(id_, name));
    if (!place) return std::nullopt;
    return OpenFolder::Place{std::move(place->folder), std::move(place->name)};
  }

  [[nodiscard]] const filesystem::Directory* directory() const override {
    return there_ ? there_->directory() : nullptr;
  }

  /// Where what has that name is; nullopt: nowhere.
  [[nodiscard]] std::optional<std::string> path_of(const std::string& name) const {
    const auto told = names_.places_.find(id_, name);
    return told ? told->path : filesystem::join_path(path_, name);
  }
  void put(const std::string& name, std::optional<std::string> path) const {
    names_.places_.put(id_, {.name = name, .path = std::move(path)});
  }

 private:
  // nullopt: nowhere.
  [[nodiscard]] std::optional<ToldNames::Place> place_at(
      const std::string& name, const std::optional<index::ToldPlace>& told) const {
    if (told && !told->path) return std::nullopt;
    if (told) return names_.open(*told->path);
    if (!there_) return std::nullopt;
    return ToldNames::Place{there_, name};
  }

  template <typename Answer, typename Ask>
  Answer at(const std::string& name, Answer none, Ask ask) const {
    const auto place = place_of(name);
    return place ? ask(*place->folder, place->name) : std::move(none);
  }

  [[nodiscard]] Listing as_told(Listing names) const {
    const auto told = names_.places_.in(id_);
    if (told.empty()) return names;
    std::unordered_set<std::string> told_of;
    for (const index::ToldPlace& place : told) told_of.insert(place.name);
    names.remove_if([&](std::string_view name) { return told_of.contains(std::string{name}); });
    for (const index::ToldPlace& place : told)
      if (place.path) names.add(place.name.c_str());
    names.sort();
    return names;
  }

  const ToldNames& names_;
  const View there_;  ///< nullptr: it would be made
  const std::string path_;
  const Entry to_be_;
  const FileId id_;
};

ToldNames::View ToldNames::see(View root) {
  root_ = std::move(root);
  return std::make_shared<const Seen>(*this, root_, std::string{});
}

ToldNames::View ToldNames::see(const Entry& root_to_be) {
  return std::make_shared<const Seen>(*this, root_to_be);
}

void ToldNames::make(Folder& folder, std::uint64_t device) {
  folder.there.id = {.device = device, .inode = first_made + made_++};
}

ToldNames::View ToldNames::made(const Folder& folder) const {
  Entry to_be = folder.source.value_or(Entry{});
  to_be.kind = Kind::folder;
  to_be.identity.id = folder.there.id;
  to_be.mount_root = false;
  return std::make_shared<const Seen>(*this, std::move(to_be));
}

void ToldNames::move(const OpenFolder& from, const std::string& name, const OpenFolder& into,
                     const std::string& to, bool exchanges) {
  const auto& here = dynamic_cast<const Seen&>(from);
  const auto& there = dynamic_cast<const Seen&>(into);
  auto path = here.path_of(name);
  here.put(name, exchanges ? there.path_of(to) : std::nullopt);
  there.put(to, std::move(path));
}

void ToldNames::remove(const OpenFolder& from, const std::string& name) {
  dynamic_cast<const Seen&>(from).put(name, std::nullopt);
}

ToldNames::Place ToldNames::open(const std::string& path) const {
  auto [folder, name] = filesystem::split_path(path);
  const std::scoped_lock lock{mutex_};
  if (!last_opened_ || last_path_ != folder) {
    auto opened = root_;
    for (const std::string& part : filesystem::names_in(folder)) opened = opened->open_below(part);
    last_path_ = folder;
    last_opened_ = std::move(opened);
  }
  return {last_opened_, std::move(name)};
}

}  // namespace syncline::engine
