// A source made of values: no file system has it, and it can be anything that a far one may be.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/source.h"
#include "support/tree.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace syncline::test {

/// Thread-safe.
class MemorySource final : public engine::Source {
 public:
  explicit MemorySource(const Tree& tree);

  /// What that entry refuses, with that errno.
  enum class Refusal : std::uint8_t {
    open,    ///< of a folder, to be opened; of a file, to be read
    list,    ///< of a folder that was opened
    look,    ///< to be looked at
    target,  ///< of a symlink, to be read
  };
  void refuse(Refusal what, const std::string& path, int error_number);
  /// A file system of its own begins at that folder.
  void mount(const std::string& path);

  /// Bytes are written to a file that is there, or its metadata is set, as whoever has it open
  /// would see; ctime moves. Anything else is put there anew.
  void put(const Entry& entry);
  void remove(const std::string& path);
  /// With all that is below it; nothing is there yet.
  void move(const std::string& from, const std::string& to);
  /// Called with its path before a file is read, each time; it may change the source.
  void before_read(std::function<void(const std::string& path)> hook) { hook_ = std::move(hook); }

  /// Calls that asked something, each of which would be a message to a source far away; what was
  /// said to be expected is there by then.
  [[nodiscard]] std::uint64_t questions() const;

  syncline::Entry open_root(engine::Folder& root) override;
  engine::SourceFolder list(engine::Folder& folder, const engine::ListRequest& request) override;
  filesystem::Listing names(engine::Folder& folder) override;
  [[nodiscard]] bool has(engine::Folder& folder) override;
  void look(const engine::SourcePlace& at, std::span<const std::string* const> names,
            const TakeLook& take) override;
  Attributes attributes(engine::Folder& folder, const std::string& name) override;
  [[nodiscard]] bool is_mount_root(engine::Folder& folder, const std::string& name) override;
  void expect(std::span<const engine::SourceName> files) override;
  filesystem::FileToRead open_file(engine::Folder& folder, const std::string& name) override;
  filesystem::Access access(engine::Folder& folder) override;
  bool is_on_disk(engine::Folder& folder, const Timestamp& ctime,
                  engine::Durability& ours) override;

 private:
  /// An inode.
  struct Node {
    syncline::Entry entry;
    std::string content;
    bool is_expected = false;
  };
  using NodeRef = std::shared_ptr<Node>;
  class OpenFile;

  // All that follows under the lock.

  void count(const Node& asked_for) {
    if (!asked_for.is_expected) ++questions_;
  }
  void put_node(const Entry& entry);
  NodeRef node_at(const std::string& path) const;
  void refuse_if_told(Refusal what, const std::string& path, const char* operation) const;
  std::string path_of(const engine::Folder& folder) const;
  std::string path_of(const engine::SourcePlace& at) const;
  engine::SourceLook look_at(const std::string& path) const;
  filesystem::Listing names_in(const std::string& path) const;

  mutable std::mutex mutex_;
  std::map<std::string, NodeRef> nodes_;                     ///< by path, "" for the root
  std::map<std::string, std::set<std::string>> names_;       ///< by the path of their folder
  std::map<FileId, std::string> folders_;                    ///< their paths
  std::map<std::pair<Refusal, std::string>, int> refusals_;  ///< errno
  std::set<std::string> mounts_;
  std::function<void(const std::string&)> hook_;
  std::uint64_t next_inode_ = 1;
  std::int64_t now_ns_;
  std::uint64_t questions_ = 0;
};

}  // namespace syncline::test
