// The verbs that there are: the word in first place, its form, the options that it takes. Mirroring
// has no word. Some words have no verb yet: they are kept, with the form that theirs will have, so
// that no command changes its meaning when it comes.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments/help.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace syncline::cli {

/// What a verb asks for; `nothing`: it is still to come, and its word is kept for it.
enum class Task : std::uint8_t { mirror, explain, undo, plan, apply, nothing };

/// A place in a verb's form.
struct Position {
  enum class Is : std::uint8_t {
    folder,      ///< that is there, if the command is whole
    file,        ///< likewise
    new_folder,  ///< or one that is there; what is only a time is none
    name,        ///< without a slash
    text,
  };
  enum class Times : std::uint8_t { once, perhaps, often };

  std::string_view name;  ///< as the help has it: "DST"
  Is is = Is::folder;
  Times times = Times::once;
};

struct Verb {
  std::string_view word{};  ///< in first place; none for mirroring
  Task task = Task::nothing;
  std::string_view summary{};  ///< what it does, for a list of verbs; none if it is still to come
  std::span<const Position> positions{};
  // By the names that messages have, with blanks between them.
  std::string_view options{};  ///< of mirroring, those that it takes too
  std::string_view own{};      ///< those that it alone takes
  std::string (*help)() = help_text;
};

/// All verbs, mirroring first.
std::span<const Verb> verbs();

/// "PATH SRC DST"
std::string form_of(const Verb& verb);

/// Whether `verb` takes the option that messages call `option` ("--delete").
bool takes(const Verb& verb, std::string_view option);

/// The verb that alone takes `option`; nullptr: none does.
const Verb* owner_of(std::string_view option);

/// Whether `positions` are as many as its form has, and what is there is what they stand for.
bool has_form_of(const Verb& verb, std::span<const std::string> positions);

}  // namespace syncline::cli
