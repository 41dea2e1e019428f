// Metadata set as far as it can be kept, and counted where it cannot.
//
// Accepted is not stored: kernels and file systems take without a word what they then keep as
// something else, such as a time that they have no room for. Where that is to be expected the entry
// is looked at after it was set; ordinary new files are spared that.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/refusal.h"
#include "pass/metadata_result.h"
#include "pass/pass.h"

#include <optional>
#include <string>

namespace syncline::engine {

/// Counts what of `source`'s metadata `found`, its counterpart `name` in `folder`, does not have
/// and cannot have, by `means`. Returns that.
MetadataChange count_unkept(Pass& pass, Folder& folder, const std::string& name,
                            const Entry& source, const Entry& found, const Means& means);

/// Whether an entry was made just now, or was there.
enum class Since : std::uint8_t {
  made,
  made_private,  ///< for us alone: its rights are set, whatever they are
  met,
};

/// One entry's metadata at work: decides, and is told of what was done. For keep_metadata().
class MetadataWork {
 public:
  /// `want`, which Terms::wanted() returned, becomes what `found` is to be made; it and `known`,
  /// what the index remembers of it, if anything, must outlive this.
  MetadataWork(Pass& pass, Folder& folder, Entry& want, const Entry& found, const Exception* known,
               Since since);

  [[nodiscard]] MetadataChange change() const { return change_; }
  void note(filesystem::Refusal refusal);
  /// After that: whether the entry has to be looked at, with its attributes.
  [[nodiscard]] bool has_to_look() const;
  /// Returns what is to be set once more, to what `want` has become.
  MetadataChange note(Entry now);
  /// Counts what is not kept.
  MetadataResult finish(const std::string& name);

 private:
  void learn_ignored(MetadataChange lost) const;
  /// Without its owner, a file loses set-id bits.
  void fit_mode();

  Pass& pass_;
  Folder& folder_;
  Entry& want_;
  const Entry& found_;
  const Exception* const known_;
  const Since since_;
  const std::uint32_t wanted_mode_;
  const Means means_;
  MetadataChange change_;
  MetadataChange lacking_;
  MetadataChange lost_;       ///< of what was to be set, for good
  MetadataChange postponed_;  ///< likewise, for now
  std::optional<Entry> now_;
  std::shared_ptr<const filesystem::ExplainedError> failure_;
  bool is_want_of_right_ = false;
};

/// Makes the metadata of `found` that of `want` by `set(change)`, which reads `want`, returns a
/// Refusal, is called only if there is something to set, and may throw; so may `look()`, which
/// shows what became of it, attributes included.
template <typename Set, typename Look>
MetadataResult keep_metadata(Pass& pass, Folder& folder, const std::string& name, Entry& want,
                             const Entry& found, const Exception* known, Since since, Set set,
                             Look look) {
  MetadataWork work{pass, folder, want, found, known, since};
  if (work.change().any()) {
    work.note(set(work.change()));
    if (work.has_to_look()) {
      const MetadataChange again = work.note(look());
      if (again.any()) {
        set(again);
        work.note(look());
      }
    }
  }
  return work.finish(name);
}

/// That of the open destination `folder` itself; `want` is what Terms::wanted() returns. Throws
/// where something could not be set for now.
MetadataResult keep_folder_metadata(Pass& pass, Folder& folder, const filesystem::Directory& opened,
                                    Entry want, const Exception* known);

}  // namespace syncline::engine
