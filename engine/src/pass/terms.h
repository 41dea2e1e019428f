// What a pass goes by: what was asked for, what this user may do, and what follows from both for an
// entry.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filter/listed.h"
#include "filter/rules.h"
#include "index/secrets.h"
#include "judge/standing.h"
#include "model/metadata.h"
#include "model/wanted.h"
#include "pass/folder.h"
#include "tag/tagger.h"

#include "syncline/mirror.h"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace syncline::engine {

/// What may be open at a time, so that descriptors do not run out.
struct OpenLimits {
  std::size_t folders;      ///< of each side
  std::size_t files;        ///< large ones, each of up to three descriptors: source, old, copy
  std::size_t unnamed = 0;  ///< copies that wait for a flush to be given their name
};

/// Constant once the walk begins, so that any thread may read it.
struct Terms {
  Terms(const Options& asked, Privileges may, bool destination_is_ours, OpenLimits may_be_open,
        const index::Secrets& of_the_index);

  const Options& options;
  const Privileges privileges;
  /// No other run can be at work in the destination: a temporary met there is litter.
  const bool locked;
  const OpenLimits open_limits;
  const filter::Rules rules;
  const std::unique_ptr<const filter::Listed> listed;  ///< none: everything is
  const index::Secrets secrets;                        ///< of the index, or of this pass alone
  const tag::Tagger tagger;
  bool deletes_only = false;  ///< for as long as a walk takes: it copies nothing
  Roots roots;
  std::array<std::string, 2> root_paths;  ///< canonical, by Side
  std::vector<FileId> state_files;        ///< the index, and what locks are made of
  std::vector<FileId> state_folders;      ///< where these come and go

  [[nodiscard]] bool keeps_everything() const {
    return listed || std::holds_alternative<deletion::None>(options.deletions);
  }

  /// Gives an entry of the source the metadata that is wanted in place of its own; the latter once
  /// its attributes were looked at.
  void adapt(const Folder& folder, Entry& source) const;
  /// True: its mount says not to trust its capabilities, and it lost them.
  bool adapt_attributes(const Folder& folder, Entry& source) const;
  /// `source`, in `folder`, has set-id bits, or is a device, that its mount says not to trust.
  [[nodiscard]] bool withholds_set_id(const Folder& folder, const Entry& source) const;
  [[nodiscard]] bool withholds_device(const Folder& folder, const Entry& source) const;
  /// Likewise what depends on its counterpart.
  void adapt_to(Entry& source, const Entry& destination) const {
    const bool is_of_files = source.kind == Kind::file && destination.kind == Kind::file;
    if (options.metadata.executability && !options.metadata.mode && is_of_files)
      source.mode = with_executability(destination.mode, source.mode);
  }
  /// See syncline::is_new(), in `folder` or of it.
  [[nodiscard]] bool is_new(Folder& folder, const Entry& source,
                            const std::optional<Entry>& old) const;
  /// What the mirror of `source` shall be: it takes the place of `old` where there is such a thing,
  /// and is `made` so far.
  [[nodiscard]] Entry wanted(Folder& folder, const Entry& source, const std::optional<Entry>& old,
                             const Entry& made) const;
  /// Everything that a new file has comes from the source.
  [[nodiscard]] bool keeps_all_metadata() const;

  /// What can be kept of the metadata of entries in `folder`.
  [[nodiscard]] Means means(Folder& folder) const;
  /// Likewise of what wanted() returned, all of which counts.
  [[nodiscard]] Means means_for_wanted(Folder& folder) const;

  /// What is believed of files in `folder` without reading them.
  [[nodiscard]] Trust trust_in(Folder& folder) const;

 private:
  [[nodiscard]] bool is_of_nosuid(const Folder& folder, const Entry& source) const;
};

}  // namespace syncline::engine
