// SPDX-License-Identifier: MIT
#include "support/memory_folder.h"

#include "filesystem/system_error.h"
#include "support/memory_entries.h"

#include <cerrno>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace syncline::test {
namespace {

constexpr std::uint64_t device = 0x802;

struct Values {
  std::map<std::string, syncline::Entry> entries;      ///< by path
  std::map<std::string, std::set<std::string>> names;  ///< by the path of their folder
};

class MemoryFolder final : public filesystem::OpenFolder {
 public:
  MemoryFolder(std::shared_ptr<const Values> values, std::string path)
      : values_(std::move(values)), path_(std::move(path)) {}

  [[nodiscard]] syncline::Entry look() const override { return without_attributes(at(path_)); }
  [[nodiscard]] std::optional<syncline::Entry> look(const std::string& name) const override {
    const auto found = values_->entries.find(join(path_, name));
    if (found == values_->entries.end()) return std::nullopt;
    return without_attributes(found->second);
  }
  [[nodiscard]] bool is_mount_root(const std::string& /*name*/) const override { return false; }
  [[nodiscard]] std::string read_link(const std::string& name) const override {
    return at(join(path_, name)).target;
  }
  [[nodiscard]] Attributes attributes() const override { return at(path_).attributes; }
  [[nodiscard]] Attributes attributes(const std::string& name) const override {
    return at(join(path_, name)).attributes;
  }
  [[nodiscard]] filesystem::Listing list() const override {
    filesystem::Listing listing;
    const auto names = values_->names.find(path_);
    if (names == values_->names.end()) return listing;
    for (const std::string& name : names->second) listing.add(name.c_str());
    listing.sort();
    return listing;
  }
  [[nodiscard]] filesystem::Listing list_again() const override { return list(); }
  [[nodiscard]] std::shared_ptr<const OpenFolder> open_below(
      const std::string& name) const override {
    const std::string path = join(path_, name);
    if (at(path).kind != Kind::folder) throw filesystem::SystemError("open", name, ENOTDIR);
    return std::make_shared<const MemoryFolder>(values_, path);
  }
  [[nodiscard]] const filesystem::Directory* directory() const override { return nullptr; }

 private:
  static syncline::Entry without_attributes(syncline::Entry entry) {
    entry.attributes.clear();
    return entry;
  }
  [[nodiscard]] const syncline::Entry& at(const std::string& path) const {
    const auto found = values_->entries.find(path);
    if (found == values_->entries.end())
      throw filesystem::SystemError("open", name_of(path), ENOENT);
    return found->second;
  }

  const std::shared_ptr<const Values> values_;
  const std::string path_;
};

}  // namespace

std::shared_ptr<const filesystem::OpenFolder> memory_folder(const Tree& tree) {
  const auto values = std::make_shared<Values>();
  std::uint64_t inode = 1;
  for (const auto& [path, entry] : tree.entries()) {
    syncline::Entry made = shown(entry);
    made.identity.id = {.device = device, .inode = inode++};
    values->entries.emplace(path, std::move(made));
    if (!path.empty()) values->names[parent_of(path)].insert(name_of(path));
  }
  return std::make_shared<const MemoryFolder>(values, std::string{});
}

}  // namespace syncline::test
