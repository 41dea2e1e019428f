// A source that is a folder of this machine.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "pass/handles.h"
#include "pass/source.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace syncline::engine {

class LocalSource final : public Source {
 public:
  /// `most_open`: folders that are kept open, beside the root.
  explicit LocalSource(std::size_t most_open) : handles_(Side::source, most_open, user_, false) {}

  /// What open_root() opens from here on.
  void set_root(filesystem::Directory root) { root_ = std::move(root); }

  Entry open_root(Folder& root) override;
  SourceFolder list(Folder& folder, const ListRequest& request) override;
  filesystem::Listing names(Folder& folder) override;
  [[nodiscard]] bool has(Folder& folder) override;
  void look(const SourcePlace& at, std::span<const std::string* const> names,
            const TakeLook& take) override;
  Attributes attributes(Folder& folder, const std::string& name) override;
  [[nodiscard]] bool is_mount_root(Folder& folder, const std::string& name) override;
  void expect(std::span<const SourceName> /*files*/) override {}
  filesystem::FileToRead open_file(Folder& folder, const std::string& name) override;
  filesystem::Access access(Folder& folder) override;
  bool is_on_disk(Folder& folder, const Timestamp& ctime, Durability& ours) override;

 private:
  Handles::Handle get(Folder& folder) { return handles_.get(folder); }
  Handles::Handle open_anew(Folder& folder);
  Handles::Handle open(const SourcePlace& at);

  const Privileges user_{};  ///< nothing is opened up for being read
  Handles handles_;
  std::optional<filesystem::Directory> root_;  ///< until it is opened first
  std::vector<Handles::View> held_open_;       ///< each folder that stood for it

  std::mutex mutex_;                                    // for all that follows
  std::map<std::uint64_t, filesystem::Access> access_;  ///< by device
  struct Below {
    FileId folder;
    std::vector<std::string> path;
    Handles::Handle handle;
  };
  Below last_below_;  ///< moves come in swarms
};

}  // namespace syncline::engine
