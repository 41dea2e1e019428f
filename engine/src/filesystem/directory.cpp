// SPDX-License-Identifier: MIT
#include "filesystem/directory.h"

#include "filesystem/attributes.h"
#include "filesystem/explained.h"
#include "filesystem/file_system_type.h"
#include "filesystem/named_path.h"
#include "filesystem/status.h"
#include "filesystem/syscalls.h"
#include "filesystem/system_error.h"

#include <dirent.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace syncline::filesystem {
namespace {

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_NOCTTY | O_CLOEXEC;
constexpr int enter_flags = O_PATH | O_DIRECTORY | O_CLOEXEC;

// Operations that give a name; the second goes on with what gets it.
constexpr std::string_view naming_operation = "give the new file its name";
const std::string making = "create the ";

EntryType type_of(const dirent64& entry) {
  if (entry.d_type == DT_UNKNOWN) return EntryType::unknown;
  return entry.d_type == DT_DIR ? EntryType::folder : EntryType::other;
}

mode_t type_bits(Kind kind) {
  switch (kind) {
    case Kind::fifo:
      return S_IFIFO;
    case Kind::socket:
      return S_IFSOCK;
    case Kind::character_device:
      return S_IFCHR;
    case Kind::block_device:
      return S_IFBLK;
    default:
      throw SystemError("create a special file", "", EINVAL);
  }
}

}  // namespace

bool gives_name(std::string_view operation) {
  return operation == naming_operation || operation.starts_with(making);
}

void require_plain(const std::string& name) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos ||
      name.find('\0') != std::string::npos)
    throw SystemError("use as a plain name", name, EINVAL);
}

Directory Directory::open_root(const std::string& path) {
  return Directory{open_named(path, folder_flags)};
}

Directory Directory::open_root_to_enter(const std::string& path) {
  return Directory{open_named(path, enter_flags), true};
}

Directory Directory::open_folder_to_enter(const std::string& name) const {
  require_plain(name);
  Descriptor opened{syscalls::openat(descriptor_.get(), name.c_str(), enter_flags | O_NOFOLLOW)};
  if (!opened.is_open()) throw_errno("open", name);
  return Directory{std::move(opened), true};
}

Directory Directory::open_folder(const std::string& name) const {
  require_plain(name);
  Descriptor opened{syscalls::openat(descriptor_.get(), name.c_str(), folder_flags | O_NOFOLLOW)};
  if (!opened.is_open()) throw_errno("open", name);
  return Directory{std::move(opened)};
}

std::shared_ptr<const OpenFolder> Directory::open_below(const std::string& name) const {
  return std::make_shared<const Directory>(open_folder(name));
}

Directory Directory::open_again() const {
  Descriptor opened{syscalls::openat(descriptor_.get(), ".", folder_flags)};
  if (!opened.is_open()) throw_errno("open once more");
  return Directory{std::move(opened)};
}

Entry Directory::look() const {
  const auto entry = look_at(descriptor_.get(), "");
  if (!entry) throw SystemError("stat", "", ENOENT);
  return *entry;
}

std::optional<Entry> Directory::look(const std::string& name) const {
  require_plain(name);
  auto entry = look_at(descriptor_.get(), name.c_str());
  if (entry && entry->kind == Kind::symlink)
    entry->target = target_of(name, entry->identity.size).value_or(std::string{});
  return entry;
}

bool Directory::is_mount_root(const std::string& name) const {
  require_plain(name);
  return filesystem::is_mount_root(descriptor_.get(), name.c_str());
}

std::string Directory::read_link(const std::string& name) const {
  require_plain(name);
  auto target = target_of(name, 0);
  if (!target) throw_errno("read the symlink", name);
  return std::move(*target);
}

// nullopt, and errno.
std::optional<std::string> Directory::target_of(const std::string& name, std::uint64_t size) const {
  // The size is right but on a few pseudo file systems, which say 0.
  for (std::size_t room = (size == 0 ? PATH_MAX : size) + 1;; room *= 2) {
    std::string target(room, '\0');
    const ssize_t length =
        syscalls::readlinkat(descriptor_.get(), name.c_str(), target.data(), target.size());
    if (length < 0) return std::nullopt;
    if (static_cast<std::size_t>(length) < room) {
      target.resize(static_cast<std::size_t>(length));
      return target;
    }
  }
}

Attributes Directory::attributes() const {
  return attributes_of(descriptor_.get());
}

Attributes Directory::attributes(const std::string& name) const {
  require_plain(name);
  return attributes_of(descriptor_.get(), name.c_str());
}

Listing Directory::list() const {
  // 64 KiB: a call returns about 2,000 names of usual length; larger buffers gained nothing.
  constexpr std::size_t buffer_bytes = 64U << 10U;
  alignas(dirent64) thread_local std::array<char, buffer_bytes> buffer;
  if (only_to_enter_) throw SystemError("list", "", EACCES);
  Listing listing;
  while (true) {
    const ssize_t count = syscalls::getdents64(descriptor_.get(), buffer.data(), buffer.size());
    if (count < 0) throw_errno("list");
    if (count == 0) break;
    for (ssize_t at = 0; at < count;) {
      const auto* entry = reinterpret_cast<const dirent64*>(buffer.data() + at);
      const char* const name = entry->d_name;
      if (std::strcmp(name, ".") != 0 && std::strcmp(name, "..") != 0)
        listing.add(name, type_of(*entry));
      at += entry->d_reclen;
    }
  }
  listing.sort();
  return listing;
}

File Directory::open_file(const std::string& name) const {
  require_plain(name);
  constexpr int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  // O_NOATIME is for the owner and root alone; once refused, it is not asked for again.
  thread_local int no_atime = O_NOATIME;
  int fd = syscalls::openat(descriptor_.get(), name.c_str(), flags | no_atime);
  if (fd < 0 && errno == EPERM && no_atime != 0) {
    no_atime = 0;
    fd = syscalls::openat(descriptor_.get(), name.c_str(), flags);
  }
  Descriptor opened{fd};
  if (!opened.is_open()) throw_errno("open for reading", name);
  return File{std::move(opened)};
}

File Directory::open_to_change(const std::string& name) const {
  require_plain(name);
  constexpr int flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  Descriptor opened{syscalls::openat(descriptor_.get(), name.c_str(), flags)};
  if (!opened.is_open()) throw_explained("open for writing", descriptor_.get(), name);
  return File{std::move(opened)};
}

File Directory::create_file(const std::string& name, std::uint32_t rights) const {
  require_plain(name);
  constexpr int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC;
  Descriptor created{syscalls::openat(descriptor_.get(), name.c_str(), flags, rights)};
  if (!created.is_open()) throw_explained("create a temporary file for", descriptor_.get(), "");
  return File{std::move(created)};
}

std::optional<File> Directory::create_unnamed(std::uint32_t rights) const {
  constexpr int flags = O_RDWR | O_TMPFILE | O_NOCTTY | O_CLOEXEC;
  Descriptor created{syscalls::openat(descriptor_.get(), ".", flags, rights)};
  if (created.is_open()) return File{std::move(created)};
  if (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL) return std::nullopt;
  throw_explained("create a file", descriptor_.get(), "");
}

bool Directory::give_name(const File& unnamed, const std::string& name) const {
  require_plain(name);
  if (syscalls::link_open(unnamed.descriptor(), descriptor_.get(), name.c_str()) == 0) return true;
  // EPERM: fs.protected_hardlinks, for who may give files away but does not own them any more
  // (Documentation/admin-guide/sysctl/fs.rst in the kernel).
  const int why = errno;
  if (why == ENOENT || why == EPERM || why == EXDEV || why == EOPNOTSUPP || why == ENOSYS)
    return false;
  throw_explained(naming_operation, descriptor_.get(), name);
}

void Directory::make_folder(const std::string& name, std::uint32_t rights) const {
  require_plain(name);
  if (syscalls::mkdirat(descriptor_.get(), name.c_str(), rights) != 0)
    throw_explained(making + "folder", descriptor_.get(), "");
}

void Directory::make_symlink(const std::string& name, const std::string& target) const {
  require_plain(name);
  if (syscalls::symlinkat(target.c_str(), descriptor_.get(), name.c_str()) != 0)
    throw_explained(making + "symlink", descriptor_.get(), "");
}

void Directory::make_special(const std::string& name, const Entry& entry,
                             std::uint32_t rights) const {
  require_plain(name);
  const mode_t mode = type_bits(entry.kind) | rights;
  if (syscalls::mknodat(descriptor_.get(), name.c_str(), mode, entry.rdev) != 0)
    throw_explained(making + to_string(entry.kind), descriptor_.get(), "");
}

void Directory::link(const Descriptor& held, const std::string& of, const std::string& to) const {
  require_plain(to);
  if (syscalls::link_open(held.get(), descriptor_.get(), to.c_str()) != 0)
    throw_errno("link to", of);
}

void Directory::link(const std::string& name, const Directory& folder,
                     const std::string& to) const {
  require_plain(name);
  require_plain(to);
  if (syscalls::linkat(descriptor_.get(), name.c_str(), folder.descriptor_.get(), to.c_str()) != 0)
    throw_errno("link to", name);
}

bool Directory::try_link(const std::string& name, const Directory& folder,
                         const std::string& to) const {
  try {
    link(name, folder, to);
    return true;
  } catch (const SystemError& error) {
    const int why = error.error_number();
    if (why != EPERM && why != EOPNOTSUPP && why != ENOSYS && why != EMLINK) throw;
    return false;
  }
}

void Directory::rename(const std::string& from, const std::string& to) const {
  require_plain(from);
  require_plain(to);
  if (syscalls::renameat2(descriptor_.get(), from.c_str(), descriptor_.get(), to.c_str(), 0) != 0)
    throw_explained(naming_operation, descriptor_.get(), to);
}

void Directory::move(const std::string& name, const Directory& folder,
                     const std::string& to) const {
  require_plain(name);
  require_plain(to);
  if (syscalls::renameat2(descriptor_.get(), name.c_str(), folder.descriptor_.get(), to.c_str(),
                          0) != 0)
    throw_explained("move to the backups", descriptor_.get(), name);
}

void Directory::rename_to_new(const std::string& from, const std::string& to) const {
  require_plain(from);
  require_plain(to);
  if (syscalls::renameat2(descriptor_.get(), from.c_str(), descriptor_.get(), to.c_str(),
                          RENAME_NOREPLACE) == 0)
    return;
  if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
    throw_explained(naming_operation, descriptor_.get(), to);
  rename(from, to);
}

void Directory::move_to_new(const std::string& name, const Directory& folder,
                            const std::string& to) const {
  require_plain(name);
  require_plain(to);
  int result = syscalls::renameat2(descriptor_.get(), name.c_str(), folder.descriptor_.get(),
                                   to.c_str(), RENAME_NOREPLACE);
  if (result != 0 && (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP))
    result = syscalls::renameat2(descriptor_.get(), name.c_str(), folder.descriptor_.get(),
                                 to.c_str(), 0);
  if (result != 0) throw_explained("move", descriptor_.get(), name);
}

bool Directory::exchange(const std::string& a, const std::string& b) const {
  return exchange(a, *this, b);
}

bool Directory::exchange(const std::string& a, const Directory& folder,
                         const std::string& b) const {
  require_plain(a);
  require_plain(b);
  if (syscalls::renameat2(descriptor_.get(), a.c_str(), folder.descriptor_.get(), b.c_str(),
                          RENAME_EXCHANGE) == 0)
    return true;
  if (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP) return false;
  throw_explained("exchange with its successor", folder.descriptor_.get(), b);
}

void Directory::remove_file(const std::string& name) const {
  require_plain(name);
  if (syscalls::unlinkat(descriptor_.get(), name.c_str(), 0) != 0)
    throw_explained("remove", descriptor_.get(), name);
}

void Directory::remove_folder(const std::string& name) const {
  require_plain(name);
  if (syscalls::unlinkat(descriptor_.get(), name.c_str(), AT_REMOVEDIR) != 0)
    throw_explained("remove the folder", descriptor_.get(), name);
}

std::optional<std::uint64_t> Directory::mount_number() const {
  return mount_number_of(descriptor_.get());
}

Refusal Directory::set_metadata(const Entry& want, MetadataChange change) const {
  return set_metadata_on(descriptor_.get(), only_to_enter_, want, change);
}

Entry Directory::look(const Descriptor& held) {
  return look_at(held.get());
}

Descriptor Directory::hold(const std::string& name) const {
  require_plain(name);
  return Descriptor{
      syscalls::openat(descriptor_.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)};
}

Directory::Changed Directory::set_metadata(const std::string& name, const Entry& expected,
                                           const Entry& want, MetadataChange change,
                                           RightsBefore rights) const {
  require_plain(name);
  const Descriptor held = hold(name);
  if (!held.is_open()) throw_errno("open", name);
  const auto found = look_at(held.get(), "");
  if (!found || !may_be_same(held.get(), expected.identity.id, found->identity.id) ||
      found->kind != want.kind || found->rdev != expected.rdev ||
      (found->uid != expected.uid && found->uid != want.uid) ||
      (found->gid != expected.gid && found->gid != want.gid))
    throw SystemError("recognise", name, ESTALE);
  return {.before = found->identity,
          .refusal = set_metadata_on(held.get(), true, want, change, rights)};
}

void Directory::flush() const {
  if (syscalls::fsync(descriptor_.get()) != 0) throw_errno("flush the folder");
}

void Directory::flush_filesystem() const {
  if (syscalls::syncfs(descriptor_.get()) != 0) throw_errno("flush the file system of");
}

}  // namespace syncline::filesystem
