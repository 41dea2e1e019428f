// An open folder. Everything below a root is reached through one of these and one plain name: a
// name with a slash, "." or ".." is refused, no call follows a symlink, so that escaping from a
// root cannot be written down.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/descriptor.h"
#include "filesystem/file.h"
#include "filesystem/listing.h"
#include "filesystem/open_folder.h"
#include "filesystem/refusal.h"
#include "model/entry.h"
#include "model/metadata.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace syncline::filesystem {

/// Thread-safe but for list(). Every member throws SystemError; ENOENT is a value only where the
/// result says so.
class Directory final : public OpenFolder {
 public:
  /// The one call that takes a path, a word of the user's, and follows symlinks in it: those that
  /// root or this user owns (named_path.h).
  static Directory open_root(const std::string& path);

  /// Likewise of a folder that may be unreadable, as 0300 is to its owner: it can be entered and
  /// changed, but list() fails with EACCES.
  static Directory open_root_to_enter(const std::string& path);

  [[nodiscard]] Directory open_folder(const std::string& name) const;
  [[nodiscard]] Directory open_folder_to_enter(const std::string& name) const;

  /// The same folder, to be listed once more.
  [[nodiscard]] Directory open_again() const;

  [[nodiscard]] Entry look() const override;
  [[nodiscard]] std::optional<Entry> look(const std::string& name) const override;
  [[nodiscard]] bool is_mount_root(const std::string& name) const override;
  [[nodiscard]] std::string read_link(const std::string& name) const override;
  [[nodiscard]] Attributes attributes() const override;
  [[nodiscard]] Attributes attributes(const std::string& name) const override;
  /// Of the mount that it was reached by; never used again while the system runs. nullopt where
  /// that cannot be told.
  [[nodiscard]] std::optional<std::uint64_t> mount_number() const;
  [[nodiscard]] Listing list() const override;
  [[nodiscard]] Listing list_again() const override { return open_again().list(); }
  [[nodiscard]] std::shared_ptr<const OpenFolder> open_below(
      const std::string& name) const override;
  [[nodiscard]] const Directory* directory() const override { return this; }

  /// For reading; refused with ELOOP, ENXIO or EISDIR for what is not a regular file. Without
  /// touching its atime where the user may ask for that.
  [[nodiscard]] File open_file(const std::string& name) const;
  /// For reading and writing, as open_file() otherwise.
  [[nodiscard]] File open_to_change(const std::string& name) const;
  /// Keeps what has that name from being freed while the result lives, whatever becomes of the
  /// name; closed where there is nothing of that name.
  [[nodiscard]] Descriptor hold(const std::string& name) const;
  /// What is so held, by now.
  static Entry look(const Descriptor& held);
  /// New and empty, for reading and writing. As for everything that is made here, `rights` are
  /// those that the kernel makes its mode of, by the umask or by the folder's default access
  /// control list.
  [[nodiscard]] File create_file(const std::string& name, std::uint32_t rights = 0600) const;

  /// New and empty, for reading and writing, without a name: gone with its descriptor unless it is
  /// given one. nullopt where the file system knows no such files.
  [[nodiscard]] std::optional<File> create_unnamed(std::uint32_t rights) const;
  /// Fails with EEXIST when there is something of that name. False where the system cannot.
  [[nodiscard]] bool give_name(const File& unnamed, const std::string& name) const;

  /// Private, so that nobody looks in before its metadata is set.
  void make_folder(const std::string& name, std::uint32_t rights = 0700) const;
  void make_symlink(const std::string& name, const std::string& target) const;
  /// A fifo, socket or device like `entry`.
  void make_special(const std::string& name, const Entry& entry, std::uint32_t rights = 0600) const;

  /// A new name here for what is `held`, which no other can be meanwhile. `of`: the name that it
  /// has.
  void link(const Descriptor& held, const std::string& of, const std::string& to) const;
  /// A new name `to` in `folder` for what is called `name` here.
  void link(const std::string& name, const Directory& folder, const std::string& to) const;
  /// Likewise. False where the file system has no hard links, or not of this file: it has as many
  /// as it can, or is somebody else's (proc_sys_fs(5), protected_hardlinks).
  [[nodiscard]] bool try_link(const std::string& name, const Directory& folder,
                              const std::string& to) const;

  void rename(const std::string& from, const std::string& to) const;
  /// Gives `name` the name `to` in `folder`, replacing what has that, if it is no folder.
  void move(const std::string& name, const Directory& folder, const std::string& to) const;
  /// Fails with EEXIST when `to` is there, on file systems that can tell in the same step; replaces
  /// it on others.
  void rename_to_new(const std::string& from, const std::string& to) const;
  /// Likewise from here to `folder`.
  void move_to_new(const std::string& name, const Directory& folder, const std::string& to) const;
  /// Both names change places in one step. False where the file system cannot.
  [[nodiscard]] bool exchange(const std::string& a, const std::string& b) const;
  /// Likewise one here with one in `folder`. False also where one of the two holds the other.
  [[nodiscard]] bool exchange(const std::string& a, const Directory& folder,
                              const std::string& b) const;
  void remove_file(const std::string& name) const;
  void remove_folder(const std::string& name) const;

  // Both set each piece by itself.

  /// Of the folder itself.
  Refusal set_metadata(const Entry& want, MetadataChange change) const;
  /// Of the entry of that name, of whatever kind `want` is, provided it still is `expected`, with
  /// that one's owner and group or those of `want`, and what a device stands for; ESTALE otherwise.
  /// Numbers of inodes are given anew, so that one alone does not tell. Where they do not last,
  /// what has another one is taken for it. `before` is its identity as it was just before.
  struct Changed {
    Identity before;
    Refusal refusal;
  };
  Changed set_metadata(const std::string& name, const Entry& expected, const Entry& want,
                       MetadataChange change, RightsBefore rights = RightsBefore::seen) const;

  void flush() const;
  void flush_filesystem() const;

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }

 private:
  explicit Directory(Descriptor descriptor, bool only_to_enter = false)
      : descriptor_(std::move(descriptor)), only_to_enter_(only_to_enter) {}
  [[nodiscard]] std::optional<std::string> target_of(const std::string& name,
                                                     std::uint64_t size) const;

  Descriptor descriptor_;
  bool only_to_enter_ = false;
};

/// Whether such an operation of a SystemError, as failures have it, was to give an entry its name.
bool gives_name(std::string_view operation);

/// Throws SystemError (EINVAL) unless `name` is one plain name.
void require_plain(const std::string& name);

}  // namespace syncline::filesystem
