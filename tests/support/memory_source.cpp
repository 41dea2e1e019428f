// SPDX-License-Identifier: MIT
#include "support/memory_source.h"

#include "filesystem/system_error.h"
#include "model/foreign_id.h"
#include "pass/folder.h"
#include "support/memory_entries.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <optional>
#include <utility>

namespace syncline::test {
namespace {

using engine::Folder;
using engine::ListRequest;
using engine::Side;
using engine::SourceFolder;
using engine::SourceLook;
using engine::SourcePlace;
using filesystem::EntryType;
using filesystem::Listing;
using filesystem::SystemError;

constexpr std::uint64_t device = 0x801;
// Long before anything that a test writes.
constexpr std::int64_t first_ctime_ns = 1'500'000'000'000'000'000;
constexpr std::int64_t step_ns = 1'000'000'000;

void require(bool is_there, const char* operation, const std::string& path) {
  if (!is_there) throw SystemError(operation, name_of(path), ENOENT);
}

}  // namespace

/// It stays what it is when its name goes.
class MemorySource::OpenFile final : public filesystem::OpenFile {
 public:
  OpenFile(MemorySource& source, std::string path, NodeRef node)
      : source_(source), path_(std::move(path)), node_(std::move(node)) {}

  std::size_t read(std::span<std::byte> buffer, std::uint64_t offset) const override {
    if (source_.hook_) source_.hook_(path_);
    const std::scoped_lock lock{source_.mutex_};
    source_.count(*node_);
    const std::string& content = node_->content;
    if (offset >= content.size()) return 0;
    const std::size_t count = std::min<std::size_t>(buffer.size(), content.size() - offset);
    std::memcpy(buffer.data(), content.data() + offset, count);
    return count;
  }
  // Nothing is here before it is asked for.
  std::size_t read_cached(std::span<std::byte> /*buffer*/,
                          std::uint64_t /*offset*/) const override {
    return 0;
  }
  void read_ahead(std::uint64_t /*offset*/, std::uint64_t /*bytes*/) const override {}
  [[nodiscard]] std::optional<filesystem::Extent> data_in(std::uint64_t begin,
                                                          std::uint64_t end) const override {
    if (begin >= end) return std::nullopt;
    return filesystem::Extent{begin, end};
  }
  [[nodiscard]] bool has_no_writer() const override { return false; }
  [[nodiscard]] syncline::Entry look() const override {
    const std::scoped_lock lock{source_.mutex_};
    source_.count(*node_);
    syncline::Entry entry = node_->entry;
    entry.attributes.clear();
    return entry;
  }
  [[nodiscard]] Attributes attributes() const override {
    const std::scoped_lock lock{source_.mutex_};
    return node_->entry.attributes;
  }

 private:
  MemorySource& source_;
  const std::string path_;
  const NodeRef node_;
};

MemorySource::MemorySource(const Tree& tree) : now_ns_(first_ctime_ns) {
  for (const auto& [path, entry] : tree.entries()) put_node(entry);
}

void MemorySource::refuse(Refusal what, const std::string& path, int error_number) {
  const std::scoped_lock lock{mutex_};
  refusals_[{what, path}] = error_number;
}

void MemorySource::mount(const std::string& path) {
  const std::scoped_lock lock{mutex_};
  mounts_.insert(path);
  node_at(path)->entry.mount_root = true;
}

void MemorySource::put(const Entry& entry) {
  const std::scoped_lock lock{mutex_};
  now_ns_ += step_ns;
  put_node(entry);
}

void MemorySource::put_node(const Entry& entry) {
  const auto there = nodes_.find(entry.path);
  const bool is_changed = there != nodes_.end() && there->second->entry.kind == entry.kind;
  NodeRef node = is_changed ? there->second : std::make_shared<Node>();
  if (!entry.linked_to.empty()) {
    node = nodes_.at(entry.linked_to);
    ++node->entry.links;
  } else {
    syncline::Entry made = shown(entry);
    made.links = std::max(node->entry.links, 1U);
    made.identity.id = is_changed ? node->entry.identity.id
                                  : of_another_kernel({.device = device, .inode = next_inode_++});
    node->entry = std::move(made);
    node->content = entry.kind == Kind::file ? entry.content : std::string{};
  }
  node->entry.identity.ctime = timestamp_of(now_ns_);
  nodes_[entry.path] = node;
  if (!entry.path.empty()) names_[parent_of(entry.path)].insert(name_of(entry.path));
  if (entry.kind == Kind::folder) folders_[node->entry.identity.id] = entry.path;
}

void MemorySource::remove(const std::string& path) {
  const std::scoped_lock lock{mutex_};
  now_ns_ += step_ns;
  std::erase_if(nodes_, [&](const auto& each) {
    return each.first == path || each.first.starts_with(path + '/');
  });
  names_[parent_of(path)].erase(name_of(path));
}

void MemorySource::move(const std::string& from, const std::string& to) {
  const std::scoped_lock lock{mutex_};
  now_ns_ += step_ns;
  const auto is_moved = [&](const std::string& path) {
    return path == from || path.starts_with(from + '/');
  };
  const auto moved = [&](const std::string& path) { return to + path.substr(from.size()); };
  std::map<std::string, NodeRef> nodes;
  for (const auto& [path, node] : nodes_) nodes.emplace(is_moved(path) ? moved(path) : path, node);
  nodes_ = std::move(nodes);
  std::map<std::string, std::set<std::string>> names;
  for (const auto& [path, in_it] : names_)
    names.emplace(is_moved(path) ? moved(path) : path, in_it);
  names_ = std::move(names);
  names_[parent_of(from)].erase(name_of(from));
  names_[parent_of(to)].insert(name_of(to));
  for (auto& [id, path] : folders_)
    if (is_moved(path)) path = moved(path);
}

std::uint64_t MemorySource::questions() const {
  const std::scoped_lock lock{mutex_};
  return questions_;
}

MemorySource::NodeRef MemorySource::node_at(const std::string& path) const {
  const auto found = nodes_.find(path);
  return found == nodes_.end() ? nullptr : found->second;
}

void MemorySource::refuse_if_told(Refusal what, const std::string& path,
                                  const char* operation) const {
  const auto told = refusals_.find({what, path});
  if (told != refusals_.end()) throw SystemError(operation, name_of(path), told->second);
}

// By what it was when it was listed, as whoever has it open.
std::string MemorySource::path_of(const Folder& folder) const {
  const auto found = folders_.find(folder.from->id);
  if (found == folders_.end()) throw SystemError("open again", folder.name, ESTALE);
  require(node_at(found->second) != nullptr, "open", found->second);
  return found->second;
}

std::string MemorySource::path_of(const SourcePlace& at) const {
  std::string path = path_of(at.folder);
  for (const std::string& name : at.below) path = join(path, name);
  return path;
}

syncline::Entry MemorySource::open_root(Folder& root) {
  const std::scoped_lock lock{mutex_};
  ++questions_;
  syncline::Entry entry = nodes_.at("")->entry;
  root.from->id = entry.identity.id;
  return entry;
}

Listing MemorySource::names_in(const std::string& path) const {
  refuse_if_told(Refusal::list, path, "list");
  Listing listing;
  const auto names = names_.find(path);
  if (names == names_.end()) return listing;
  for (const std::string& name : names->second) {
    const bool is_folder = nodes_.at(join(path, name))->entry.kind == Kind::folder;
    listing.add(name.c_str(), is_folder ? EntryType::folder : EntryType::other);
  }
  listing.sort();
  return listing;
}

SourceFolder MemorySource::list(Folder& folder, const ListRequest& request) {
  const std::scoped_lock lock{mutex_};
  ++questions_;
  const std::string path =
      folder.parent ? join(path_of(*folder.parent), folder.name) : std::string{};
  const NodeRef node = node_at(path);
  require(node != nullptr, "open", path);
  if (node->entry.kind != Kind::folder) throw SystemError("open", name_of(path), ENOTDIR);
  refuse_if_told(Refusal::open, path, "open");
  SourceFolder out{.entry = node->entry};
  out.is_left_alone = request.only_on && folder.parent &&
                      (out.entry.mount_root || out.entry.identity.id.device != *request.only_on);
  if (out.is_left_alone) return out;
  try {
    out.names = names_in(path);
  } catch (const SystemError& error) {
    out.error = std::make_shared<const SystemError>(error);
  }
  return out;
}

Listing MemorySource::names(Folder& folder) {
  const std::scoped_lock lock{mutex_};
  ++questions_;
  return names_in(path_of(folder));
}

bool MemorySource::has(Folder& folder) {
  const std::scoped_lock lock{mutex_};
  ++questions_;
  const auto found = folders_.find(folder.from->id);
  return found != folders_.end() && node_at(found->second) != nullptr;
}

SourceLook MemorySource::look_at(const std::string& path) const {
  SourceLook look;
  try {
    refuse_if_told(Refusal::look, path, "stat");
    if (const NodeRef node = node_at(path)) look.entry = node->entry;
    if (!look.entry) return look;
    look.entry->attributes.clear();
    if (!refusals_.contains({Refusal::target, path})) return look;
    look.entry->target.clear();
    refuse_if_told(Refusal::target, path, "read the symlink");
  } catch (const SystemError& error) {
    look.error = std::make_shared<const SystemError>(error);
  }
  return look;
}

void MemorySource::look(const SourcePlace& at, std::span<const std::string* const> names,
                        const TakeLook& take) {
  std::vector<SourceLook> looks;
  {
    const std::scoped_lock lock{mutex_};
    ++questions_;
    try {
      const std::string folder = path_of(at);
      for (const std::string* const name : names) looks.push_back(look_at(join(folder, *name)));
    } catch (const SystemError& error) {
      looks.assign(names.size(),
                   {.entry = {}, .error = std::make_shared<const SystemError>(error)});
    }
  }
  for (std::size_t i = 0; i < looks.size(); ++i)
    if (!take(i, std::move(looks[i]))) return;
}

Attributes MemorySource::attributes(Folder& folder, const std::string& name) {
  const std::scoped_lock lock{mutex_};
  ++questions_;
  const std::string path = join(path_of(folder), name);
  const NodeRef node = node_at(path);
  require(node != nullptr, "read the extended attributes of", path);
  return node->entry.attributes;
}

bool MemorySource::is_mount_root(Folder& folder, const std::string& name) {
  const std::scoped_lock lock{mutex_};
  ++questions_;
  return mounts_.contains(join(path_of(folder), name));
}

void MemorySource::expect(std::span<const engine::SourceName> files) {
  const std::scoped_lock lock{mutex_};
  ++questions_;
  for (const auto& [folder, name] : files) {
    const auto in = folders_.find(folder->from->id);
    const NodeRef node = in == folders_.end() ? nullptr : node_at(join(in->second, *name));
    if (node != nullptr) node->is_expected = true;
  }
}

filesystem::FileToRead MemorySource::open_file(Folder& folder, const std::string& name) {
  const std::scoped_lock lock{mutex_};
  const std::string path = join(path_of(folder), name);
  refuse_if_told(Refusal::open, path, "open for reading");
  NodeRef node = node_at(path);
  require(node != nullptr, "open for reading", path);
  count(*node);
  return filesystem::FileToRead{std::make_unique<const OpenFile>(*this, path, std::move(node))};
}

filesystem::Access MemorySource::access(Folder& /*folder*/) {
  return filesystem::Access::anywhere;
}

bool MemorySource::is_on_disk(Folder& /*folder*/, const Timestamp& /*ctime*/,
                              engine::Durability& /*ours*/) {
  return true;
}

}  // namespace syncline::test
