// The words of a plan, for whoever writes and whoever reads it: flags by their names, and what has
// one of several values.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"
#include "syncline/options.h"

#include <array>
#include <string_view>

namespace syncline::planning {

template <typename Of>
struct Flag {
  std::string_view name;
  bool Of::*member;
};

inline constexpr std::array flags_of_options{
    Flag<Options>{"delete_before", &Options::delete_before},
    Flag<Options>{"delete_excluded", &Options::delete_excluded},
    Flag<Options>{"one_file_system", &Options::one_file_system},
    Flag<Options>{"recurse_listed", &Options::recurse_listed},
    Flag<Options>{"ignore_errors", &Options::ignore_errors},
    Flag<Options>{"size_only", &Options::size_only},
    Flag<Options>{"rehash", &Options::rehash},
    Flag<Options>{"adopt", &Options::adopt},
    Flag<Options>{"trust_mtime", &Options::trust_mtime},
    Flag<Options>{"keep_doubtful", &Options::keep_doubtful},
    Flag<Options>{"trust_nosuid", &Options::trust_nosuid},
    Flag<Options>{"trust_nodev", &Options::trust_nodev},
    Flag<Options>{"restore", &Options::restore},
    Flag<Options>{"strict", &Options::strict},
    Flag<Options>{"flush", &Options::flush},
    Flag<Options>{"verify", &Options::verify},
    Flag<Options>{"in_place", &Options::in_place},
};

inline constexpr std::array flags_of_metadata{
    Flag<KeptMetadata>{"owner", &KeptMetadata::owner},
    Flag<KeptMetadata>{"group", &KeptMetadata::group},
    Flag<KeptMetadata>{"mode", &KeptMetadata::mode},
    Flag<KeptMetadata>{"executability", &KeptMetadata::executability},
    Flag<KeptMetadata>{"times", &KeptMetadata::times},
    Flag<KeptMetadata>{"folder_times", &KeptMetadata::folder_times},
    Flag<KeptMetadata>{"link_times", &KeptMetadata::link_times},
};

inline constexpr std::array flags_of_transfer{
    Flag<TransferRules>{"existing_only", &TransferRules::existing_only},
    Flag<TransferRules>{"ignore_existing", &TransferRules::ignore_existing},
    Flag<TransferRules>{"update", &TransferRules::update},
};

inline constexpr std::array flags_of_rule{
    Flag<FilterRule>{"includes", &FilterRule::includes},
    Flag<FilterRule>{"negated", &FilterRule::is_negated},
    Flag<FilterRule>{"absolute", &FilterRule::is_absolute},
    Flag<FilterRule>{"perishable", &FilterRule::is_perishable},
};

inline constexpr std::array flags_of_mode_change{
    Flag<ModeChange>{"to_folders", &ModeChange::to_folders},
    Flag<ModeChange>{"to_others", &ModeChange::to_others},
};

inline constexpr std::array<std::string_view, 4> names_of_sides{"usual", "both", "source",
                                                                "destination"};
inline constexpr std::array<std::string_view, 3> names_of_reflink{"automatic", "always", "never"};
inline constexpr std::array<std::string_view, 3> names_of_copy{"none", "add", "remove"};
/// By the index of DeletionPolicy.
inline constexpr std::array<std::string_view, 5> names_of_deletions{
    "guarded", "unlimited", "none", "at_most_entries", "at_most_percent"};

inline constexpr std::array<std::string_view, 8> names_of_difference{
    "content", "size", "mtime", "mode", "owner", "group", "acl", "attributes"};
inline constexpr std::array flags_of_difference{
    &Difference::content, &Difference::size,  &Difference::mtime, &Difference::mode,
    &Difference::owner,   &Difference::group, &Difference::acl,   &Difference::attributes};

/// What a plan calls Verb::check, for by then it is something to be done.
inline constexpr std::string_view prove_word = "prove";

}  // namespace syncline::planning
