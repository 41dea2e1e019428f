// SPDX-License-Identifier: MIT
#include "filesystem/status.h"

#include "filesystem/attributes.h"
#include "filesystem/file_system_type.h"
#include "filesystem/syscalls.h"
#include "filesystem/system_error.h"
#include "model/acl.h"

#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace syncline::filesystem {
namespace {

constexpr std::uint64_t block_bytes = 512;  // of stat(2), whatever the file system's are
constexpr std::uint32_t permission_bits = 07777;

template <typename Time>
Timestamp timestamp(const Time& time) {
  return {.seconds = time.tv_sec, .nanoseconds = static_cast<std::uint32_t>(time.tv_nsec)};
}

timespec to_timespec(const Timestamp& time) {
  return {.tv_sec = time.seconds, .tv_nsec = time.nanoseconds};
}

Kind kind_of(std::uint32_t mode) {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return Kind::folder;
    case S_IFLNK:
      return Kind::symlink;
    case S_IFIFO:
      return Kind::fifo;
    case S_IFSOCK:
      return Kind::socket;
    case S_IFCHR:
      return Kind::character_device;
    case S_IFBLK:
      return Kind::block_device;
    default:
      return Kind::file;
  }
}

// What is asked for cannot be had of this entry, which is well otherwise: not allowed, or unknown
// there.
bool is_refusal(int error_number) {
  switch (error_number) {
    case EPERM:
    case EINVAL:
    case EOVERFLOW:  // an owner that an idmapped mount has no number for
    case EOPNOTSUPP:
    case ENOSYS:
      return true;
    default:
      return false;
  }
}

// Likewise of an attribute, which may be too large besides.
bool is_attribute_refusal(int error_number) {
  return is_refusal(error_number) || error_number == EACCES || error_number == E2BIG ||
         error_number == ERANGE || error_number == ENAMETOOLONG || error_number == ENOSPC;
}

// It may be had at another time. Whatever else there is says that the entry is out of reach, or
// that the disk is full.
bool may_be_had_later(int error_number) {
  return error_number == EACCES || error_number == EDQUOT;
}

// One entry's metadata at work.
class Setter {
 public:
  Setter(int fd, bool is_opath, const Entry& want, MetadataChange change, RightsBefore rights)
      : fd_(fd), is_opath_(is_opath), want_(want), change_(change), rights_(rights) {}

  Refusal set() {
    if (change_.owner || change_.group) set_owner();
    if (change_.attributes) set_attributes(is_plain);
    if (rights_ == RightsBefore::none) {
      if (change_.mode) open_to_others();
    } else {
      if (change_.acl) set_attributes(is_acl);
      if (change_.mode) set_mode();
    }
    if (change_.capabilities) set_attributes(is_capability);
    if (change_.mtime) set_times();
    if (failed_) throw ExplainedError(*failed_);
    return std::move(refusal_);
  }

 private:
  static bool is_plain(AttributeClass which) {
    return which == AttributeClass::user || which == AttributeClass::trusted;
  }
  static bool is_acl(AttributeClass which) { return which == AttributeClass::acl; }
  static bool is_capability(AttributeClass which) { return which == AttributeClass::capability; }

  static bool Holds::*held(AttributeClass which) {
    switch (which) {
      case AttributeClass::user:
        return &Holds::user_attributes;
      case AttributeClass::trusted:
        return &Holds::trusted_attributes;
      case AttributeClass::acl:
        return &Holds::acl;
      case AttributeClass::capability:
        break;
    }
    return &Holds::capabilities;
  }

  static bool MetadataChange::*piece(AttributeClass which) {
    if (is_acl(which)) return &MetadataChange::acl;
    return is_capability(which) ? &MetadataChange::capabilities : &MetadataChange::attributes;
  }

  // Both at once, for the kernel makes one change of it; where that is refused, each alone.
  void set_owner() {
    if (change_.owner && change_.group && change_owner(want_.uid, want_.gid) != 0) {
      note(change_owner(want_.uid, none), &MetadataChange::owner, &Holds::owner,
           "change the owner of");
      note(change_owner(none, want_.gid), &MetadataChange::group, &Holds::group,
           "change the group of");
    } else if (change_.owner != change_.group) {
      if (change_.owner)
        note(change_owner(want_.uid, none), &MetadataChange::owner, &Holds::owner,
             "change the owner of");
      else
        note(change_owner(none, want_.gid), &MetadataChange::group, &Holds::group,
             "change the group of");
    }
    if (want_.kind != Kind::symlink && (want_.mode & set_id_bits) != 0) change_.mode = true;
    if (has(want_.attributes, capability)) change_.capabilities = true;
  }

  int change_owner(uid_t uid, gid_t gid) const {
    return syscalls::fchownat(fd_, "", uid, gid, AT_EMPTY_PATH);
  }

  void set_attributes(bool (*which)(AttributeClass)) {
    std::optional<std::uint32_t> mode_before;
    set_attributes_on(fd_, want_.attributes, which,
                      [&](const std::string& operation, const std::string& name, auto set) {
                        int result = set();
                        if (result != 0 && errno == EACCES && !mode_before) {
                          mode_before = open_up();
                          if (mode_before) result = set();
                        }
                        note(result, piece(class_of(name)), held(class_of(name)), operation);
                      });
    if (mode_before && !change_.mode)
      note(change_mode(*mode_before), &MetadataChange::mode, &Holds::mode, "change the mode of");
    if (which == is_acl && want_.kind != Kind::symlink) change_.mode = true;
  }

  // Attributes of a user's own may only be set by who may write to the file, even by its owner.
  // Returns the mode that it had; nullopt where that does not help.
  std::optional<std::uint32_t> open_up() const {
    constexpr std::uint32_t owner_writes = 0200;
    if (want_.kind != Kind::file && want_.kind != Kind::folder) return std::nullopt;
    struct stat status {};
    if (syscalls::fstat(fd_, &status) != 0) return std::nullopt;
    const std::uint32_t mode = status.st_mode & permission_bits;
    if ((mode & owner_writes) != 0 || change_mode(mode | owner_writes) != 0) {
      errno = EACCES;
      return std::nullopt;
    }
    return mode;
  }

  // Set-id and sticky bits are no part of a list. Where there are no lists none is in the way.
  void open_to_others() {
    if (!take_list() || (allowed_mode() & ~nine_bits) != 0) set_mode();
  }

  bool take_list() {
    const auto list = std::ranges::find(want_.attributes, access_acl, &Attribute::name);
    if (change_.acl && list != want_.attributes.end()) {
      const int result = set_attribute(fd_, *list);
      if (result == 0) return true;
      note(result, &MetadataChange::acl, &Holds::acl,
           "set the extended attribute system.posix_acl_access of");
    }
    const Attribute none_but_mode{std::string(access_acl), acl::list_of(allowed_mode())};
    return set_attribute(fd_, none_but_mode) == 0;
  }

  [[nodiscard]] std::uint32_t allowed_mode() const {
    const MetadataChange lost = refusal_.pieces | refusal_.postponed;
    const bool has_failed = failed_.has_value();
    return mode_without(want_, lost.owner || has_failed, lost.group || has_failed);
  }

  // What takes no set-id or sticky bits takes the rest.
  void set_mode() {
    const std::uint32_t mode = allowed_mode();
    const int result = change_mode(mode);
    const int why = errno;
    if (result != 0 && is_refusal(why) && mode != (mode & nine_bits) &&
        change_mode(mode & nine_bits) == 0) {
      refusal_.pieces.mode = true;
      return;
    }
    errno = why;
    note(result, &MetadataChange::mode, &Holds::mode, "change the mode of");
  }

  int change_mode(std::uint32_t mode) const {
    return is_opath_ ? syscalls::chmod_opath(fd_, mode) : syscalls::fchmod(fd_, mode);
  }

  void set_times() {
    // Both, since libfuse 2 ignores one alone without a word (exfat-fuse, ntfs-3g and many others).
    const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_NOW},
                               to_timespec(want_.identity.mtime)};
    const int result = is_opath_ ? syscalls::utimensat(fd_, "", times, AT_EMPTY_PATH)
                                 : syscalls::futimens(fd_, times);
    note(result, &MetadataChange::mtime, nullptr, "set the times of");
  }

  // `held`: what of the file system it tells of, if anything.
  void note(int result, bool MetadataChange::*piece, bool Holds::*held,
            std::string_view operation) {
    if (result == 0) return;
    const int why = errno;
    const bool is_attribute = is_of_attributes(piece);
    std::string protection = why == EPERM ? protection_of(fd_) : std::string{};
    const bool is_protected = !protection.empty();
    const bool is_refused =
        is_attribute ? is_attribute_refusal(why) && !is_full(why) : is_refusal(why);
    if (is_protected || !is_refused) {
      const bool passes = is_protected || may_be_had_later(why) || (is_attribute && why == ENOSPC);
      auto& failure = passes ? refusal_.failure : failed_;
      if (!failure) failure.emplace(operation, "", why, std::move(protection));
      if (passes) refusal_.postponed.*piece = true;
      return;
    }
    refusal_.pieces.*piece = true;
    if (why == EPERM || why == EACCES) refusal_.is_want_of_right = true;
    if (held != nullptr && is_of_file_system(why, held)) refusal_.holds.*held = false;
  }

  static bool is_of_attributes(bool MetadataChange::*piece) {
    return piece == &MetadataChange::attributes || piece == &MetadataChange::acl ||
           piece == &MetadataChange::capabilities;
  }

  // A disk that is full refuses an attribute in the same words as one that takes none so large.
  bool is_full(int error_number) const {
    if (error_number != ENOSPC) return false;
    constexpr std::uint64_t ample_bytes = 1U << 20U;
    struct statfs status {};
    if (syscalls::fstatfs(fd_, &status) != 0 || status.f_blocks == 0) return false;
    return std::uint64_t{status.f_bavail} * static_cast<std::uint64_t>(status.f_bsize) <
           ample_bytes;
  }

  // Symlinks have less than other entries on many. Owners and modes are refused with the same
  // errors where a file system has none and where an entry is protected.
  bool is_of_file_system(int error_number, bool Holds::*held) const {
    if (want_.kind != Kind::file && want_.kind != Kind::folder) return false;
    if (error_number == EOPNOTSUPP || error_number == ENOSYS) return true;
    if (held != &Holds::owner && held != &Holds::group && held != &Holds::mode) return false;
    return (error_number == EPERM || error_number == EINVAL) && is_weak(fd_);
  }

  static constexpr std::uint32_t nine_bits = 0777;
  static constexpr std::uint32_t none = static_cast<std::uint32_t>(-1);  // chown(2): left as it is

  const int fd_;
  const bool is_opath_;
  const Entry& want_;
  MetadataChange change_;
  const RightsBefore rights_;
  Refusal refusal_;
  std::optional<ExplainedError> failed_;
};

}  // namespace

std::optional<Entry> look_at(int folder, const char* name) {
  struct statx status {};
  const int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (*name == '\0' ? AT_EMPTY_PATH : 0);
  if (syscalls::statx(folder, name, flags, STATX_BASIC_STATS, &status) != 0) {
    if (errno == ENOENT) return std::nullopt;
    throw_errno("stat", name);
  }
  Entry entry;
  entry.identity = {.id = {.device = makedev(status.stx_dev_major, status.stx_dev_minor),
                           .inode = status.stx_ino},
                    .size = status.stx_size,
                    .mtime = timestamp(status.stx_mtime),
                    .ctime = timestamp(status.stx_ctime)};
  entry.kind = kind_of(status.stx_mode);
  entry.mode = status.stx_mode & permission_bits;
  entry.uid = status.stx_uid;
  entry.gid = status.stx_gid;
  entry.links = status.stx_nlink;
  entry.rdev = makedev(status.stx_rdev_major, status.stx_rdev_minor);
  entry.allocated = status.stx_blocks * block_bytes;
  entry.mount_root = (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
  return entry;
}

Entry look_at(int fd) {
  struct stat status {};
  if (syscalls::fstat(fd, &status) != 0) throw_errno("stat");
  Entry entry;
  entry.identity = {.id = {.device = status.st_dev, .inode = status.st_ino},
                    .size = static_cast<std::uint64_t>(status.st_size),
                    .mtime = timestamp(status.st_mtim),
                    .ctime = timestamp(status.st_ctim)};
  entry.kind = kind_of(status.st_mode);
  entry.mode = status.st_mode & permission_bits;
  entry.uid = status.st_uid;
  entry.gid = status.st_gid;
  entry.links = static_cast<std::uint32_t>(status.st_nlink);
  entry.rdev = status.st_rdev;
  entry.allocated = static_cast<std::uint64_t>(status.st_blocks) * block_bytes;
  return entry;
}

// Whoever asks for nothing gets what the kernel knows itself: a FUSE mount that denies the caller,
// whose daemon is gone or does not answer, is not asked (fuse_getattr() in the kernel).
bool is_mount_root(int folder, const char* name) {
  struct statx status {};
  const int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC;
  return syscalls::statx(folder, name, flags, 0, &status) == 0 &&
         (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

// Headers of older kernels name neither the bit nor the field: <linux/stat.h> has them.
std::optional<std::uint64_t> mount_number_of(int fd) {
  constexpr unsigned unique_mount_id = 0x4000;  // STATX_MNT_ID_UNIQUE
  constexpr std::size_t place = 0x90;           // of stx_mnt_id
  struct statx status {};
  if (syscalls::statx(fd, "", AT_EMPTY_PATH, unique_mount_id, &status) != 0 ||
      (status.stx_mask & unique_mount_id) == 0)
    return std::nullopt;
  std::uint64_t number = 0;
  std::memcpy(&number, reinterpret_cast<const char*>(&status) + place, sizeof number);
  return number;
}

Refusal set_metadata_on(int fd, bool is_opath, const Entry& want, MetadataChange change,
                        RightsBefore rights) {
  return Setter{fd, is_opath, want, change, rights}.set();
}

}  // namespace syncline::filesystem
