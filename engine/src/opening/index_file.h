// The file of the index: where it is, what earlier passes left there about two paths, and whether
// its words are our own. Nothing that others could have written is believed, and nothing that is
// not an index is touched.
//
// In the usual place the name tells the pair: a hash of both paths, and one of what the destination
// is. So disks that take turns at one mount point each have an index of their own, and what is
// known of a pair can be told before the destination is looked into. The source's folder may be
// made anew each time, or be another snapshot: each row tells by itself whether it still stands.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/directory.h"
#include "filesystem/file_lock.h"
#include "filesystem/scratch_folder.h"
#include "index/index.h"

#include "syncline/event.h"
#include "syncline/options.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace syncline {

/// An index at work, no other run being able to use it.
struct OpenIndex {
  filesystem::Directory folder;
  std::string name;
  std::string path;  ///< both together
  std::optional<filesystem::FileLock> lock;
  std::optional<filesystem::ScratchFolder> scratch;  ///< in it a copy, where `index` is one
  std::unique_ptr<index::Index> index;  ///< none where it cannot be used, which `notices` tell
  std::vector<Notice> notices;          ///< what was out of the ordinary, to be told
  /// The files that it consists of.
  [[nodiscard]] std::vector<FileId> files() const;
  [[nodiscard]] std::uint64_t bytes() const;
  /// Closes it and puts it out of the way, so that the next pass makes a new one. Throws
  /// SystemError.
  void set_aside();
};

class IndexFile {
 public:
  /// Looks for what is known of the roots at these canonical paths; nullopt where no index is
  /// wanted. Creates nothing. Throws Unusable: Status::files_unusable, or Status::busy while
  /// another run uses what has to be looked into; waiting for that is told to `observer`, and ended
  /// by `stop`.
  static std::optional<IndexFile> find(const Options& options, const std::string& source,
                                       const std::string& destination, Observer& observer,
                                       const std::stop_token& stop);

  /// An index is there for these two paths, whatever lies at them now.
  [[nodiscard]] bool knows_paths() const { return !known_.empty(); }
  /// One of the roots that it is about was, or is, this one (filesystem::lasting_id).
  /// Where there is an index for the destination that is there now, it alone has a say about the
  /// source.
  [[nodiscard]] bool knows_source(const std::string& root, const std::string& destination) const;
  [[nodiscard]] bool knows_destination(const std::string& root) const;
  /// When it was last used, the destination lay in the folder that is `place` (filesystem::
  /// certain_id), and was no mount point. Throws Unusable, as find() does.
  [[nodiscard]] bool lay_in(const std::string& place, const Options& options, Observer& observer,
                            const std::stop_token& stop) const;
  /// An index is there for the two paths the other way round.
  [[nodiscard]] bool knows_reverse() const { return knows_reverse_; }
  /// Where it is, for a person.
  [[nodiscard]] const std::string& shown() const { return shown_; }

  /// Opens, or makes, the index of `pair`; it must not lie in `destination` (nullptr: that is not
  /// there). In a dry run nothing is made: nullopt where there is none, or none about this pair.
  /// Throws Unusable, as find() does.
  std::optional<OpenIndex> open(const index::Pair& pair, const Options& options,
                                const filesystem::Directory* destination, Observer& observer,
                                const std::stop_token& stop) const;

 private:
  /// What the roots are, the destination by its hash.
  struct KnownRoots {
    std::string source;
    std::string destination;
  };
  struct Patience;
  void look_in_usual_folder(const std::string& source, const std::string& destination,
                            const Patience& patience);
  void look_at_file(const std::string& source, const std::string& destination,
                    const Patience& patience);
  [[nodiscard]] std::string name_for(const index::Pair& pair) const;

  std::string folder_;  ///< path
  std::string name_;    ///< of a file that was asked for; empty: named after the pair
  std::string shown_;
  std::vector<KnownRoots> known_;
  std::string last_used_;  ///< path of the one of `known_` that was; empty: there is none
  bool knows_reverse_ = false;
  std::vector<std::string> reverse_names_;  ///< in the usual place
};

}  // namespace syncline
