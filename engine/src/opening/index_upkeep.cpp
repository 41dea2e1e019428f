// SPDX-License-Identifier: MIT
#include "opening/index_upkeep.h"

#include "filesystem/ancestors.h"
#include "filesystem/clock.h"
#include "filesystem/file_lock.h"
#include "filesystem/stamping.h"
#include "filesystem/trust.h"
#include "index/secret_rows.h"
#include "md5/md5.h"

#include "syncline/mirror.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

namespace syncline {
namespace {

using filesystem::Directory;

// Disks that take turns; what is older has been forgotten by its owner too.
constexpr std::size_t most_roots_remembered = 8;

std::string hash(const std::string& text, std::size_t digits) {
  return to_string(Digest{.md5 = md5::of(std::as_bytes(std::span{text})), .chunks = 1})
      .substr(0, digits);
}

std::string hash_of_paths(const std::string& source, const std::string& destination) {
  return hash(source + '\0' + destination, 16);
}

// Neither the file nor its folder may be one that others can write to.
void require_private(const std::string& path, const std::string& what, const Entry& entry) {
  if (const auto why = filesystem::why_not_private(entry))
    refuse_index({.code = RefusalCode::index_open_to_others,
                  .path = path,
                  .cause = what + ' ' + *why,
                  .allowance = Allowance::other_or_no_index});
}

using Head = std::array<std::byte, index::head_bytes>;

std::span<const std::byte> read_head(const Directory& folder, const std::string& name, Head& head) {
  return std::span(head).first(folder.open_file(name).read(head, 0));
}

// Others were shut out, and the secrets that they may know are in it still.
constexpr std::uint32_t shut_out_mode = 0700;
constexpr std::uint32_t private_mode = 0600;

void set_mode(const Directory& folder, const std::string& name, std::uint32_t mode) {
  const auto entry = folder.look(name);
  if (!entry) return;
  Entry want = *entry;
  want.mode = mode;
  folder.set_metadata(name, *entry, want,
                      {.owner = false, .group = false, .mode = true, .mtime = false});
}

void remove_with_companions(const Directory& folder, const std::string& name) {
  for (const char* const part : {"-wal", "-shm", ""})
    if (folder.look(name + part)) folder.remove_file(name + part);
}

}  // namespace

void refuse_index(Refusal why) {
  throw Unusable(Status::files_unusable, std::move(why));
}

std::string hash_of_root(const std::string& root) {
  return hash(root, root_digits);
}

std::string prefix_of(const std::string& source, const std::string& destination) {
  return hash_of_paths(source, destination) + '-';
}

bool is_index_of(const std::string& prefix, std::string_view name) {
  return name.size() == prefix.size() + root_digits + std::string_view{index_extension}.size() &&
         name.starts_with(prefix) && name.ends_with(index_extension);
}

void check_index_folder(const Directory& folder, const std::string& path) {
  require_private(path, "its folder", folder.look());
  if (const auto why = filesystem::why_others_could_exchange(folder))
    refuse_index({.code = RefusalCode::index_exchangeable,
                  .path = path,
                  .cause = *why,
                  .allowance = Allowance::other_or_no_index});
  if (filesystem::is_remote(folder))
    refuse_index({.code = RefusalCode::index_remote,
                  .path = path,
                  .allowance = Allowance::other_or_no_index});
}

bool check_index(const Directory& folder, const std::string& name, const std::string& path) {
  const auto entry = folder.look(name);
  if (!entry) return false;
  require_private(path, "it", *entry);
  Head buffer{};
  const auto head = read_head(folder, name, buffer);
  if (index::kin_of(head) == index::Kin::foreign)
    refuse_index({.code = RefusalCode::index_foreign,
                  .path = path,
                  .allowance = Allowance::move_or_other_index});
  if (const std::int64_t newer = index::newer_version_in(head); newer != 0)
    refuse_index({.code = RefusalCode::index_unusable,
                  .path = path,
                  .cause = index::NewerVersion(newer).what(),
                  .allowance = Allowance::other_or_no_index});
  return true;
}

bool is_open_to_others(const Directory& folder, const std::string& name) {
  const auto entry = folder.look(name);
  return entry && (entry->mode & 0777U & ~private_mode) != 0;
}

void shut_to_others(const Directory& folder, const std::string& name, const std::string& path) {
  if (!is_open_to_others(folder, name)) return;
  for (const char* const part : {"-wal", "-shm", aside_extension})
    set_mode(folder, name + part, private_mode);
  set_mode(folder, name, shut_out_mode);
  index::forget_secrets(path);
  set_mode(folder, name, private_mode);
}

index::Kin kin_of(const Directory& folder, const std::string& name) {
  Head head{};
  return index::kin_of(read_head(folder, name, head));
}

bool is_newer(const Directory& folder, const std::string& name) {
  Head head{};
  return index::newer_version_in(read_head(folder, name, head)) != 0;
}

void make_empty(const Directory& folder, const std::string& name) {
  folder.create_file(name).close();
}

void put_aside(const Directory& folder, const std::string& name, const std::string& path) {
  const std::string aside = name + aside_extension;
  if (folder.look(aside) && kin_of(folder, aside) == index::Kin::foreign)
    refuse_index({.code = RefusalCode::index_not_set_aside, .path = path, .other = aside});
  folder.rename(name, aside);
  remove_with_companions(folder, name);
}

void note_use(const Directory& folder, const std::string& name) {
  const auto entry = folder.look(name);
  if (!entry) return;
  Entry want = *entry;
  want.identity.mtime = timestamp_of(engine::now_ns());
  folder.set_metadata(name, *entry, want,
                      {.owner = false, .group = false, .mode = false, .mtime = true});
}

void remove_oldest(const Directory& folder, const std::string& prefix, const std::string& kept) {
  std::vector<std::pair<Timestamp, std::string>> found;
  const filesystem::Listing names = Directory::open_root(filesystem::canonical_path(folder)).list();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!is_index_of(prefix, names[i]) || names[i] == kept) continue;
    std::string name{names[i]};
    if (is_newer(folder, name)) continue;
    if (const auto entry = folder.look(name))
      found.emplace_back(entry->identity.mtime, std::move(name));
  }
  std::ranges::sort(found, std::greater{});
  for (std::size_t i = most_roots_remembered - 1; i < found.size(); ++i) {
    const std::string& name = found[i].second;
    const auto lock = filesystem::FileLock::try_lock(folder, name + lock_extension);
    if (!lock) continue;
    remove_with_companions(folder, name);
    for (const char* const part : {aside_extension, lock_extension})
      if (folder.look(name + part)) folder.remove_file(name + part);
  }
}

}  // namespace syncline
