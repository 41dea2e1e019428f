// What the engine tells while it works: one stream of values; front ends render it as a log, a
// terminal or JSON.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/digest.h"
#include "syncline/failure.h"
#include "syncline/kind.h"
#include "syncline/notice.h"
#include "syncline/path.h"
#include "syncline/reason.h"
#include "syncline/timestamp.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace syncline {

enum class Verb : std::uint8_t {
  create,        ///< an entry that the destination lacked
  update,        ///< an entry of the same kind got other content
  replace,       ///< an entry took the place of one of another kind
  move,          ///< an entry of the destination followed its counterpart to another place
  set_metadata,  ///< mode, owner, group or mtime alone
  remove,        ///< an entry that the source lacks
  clean,         ///< a temporary that an interrupted run had left behind
  check,         ///< dry run only: content would be read and compared
  keep,          ///< told where Options::tell_unchanged asks for it: nothing was to be done
};
const char* to_string(Verb verb);

/// In what an entry of the destination was not like the source's, as far as the pass looked and can
/// keep it. Of files, ACLs and extended attributes are looked at where they must be, or where
/// Options::all_differences asks for it.
struct Difference {
  bool content = false;  ///< other bytes of the same size; of a link or device, another target
  bool size = false;
  bool mtime = false;
  bool mode = false;
  bool owner = false;
  bool group = false;
  bool acl = false;
  bool attributes = false;  ///< extended ones, capabilities among them

  friend bool operator==(const Difference&, const Difference&) = default;
};

/// What an entry is, content apart. Numbers as stat(2) has them.
struct Properties {
  std::uint64_t size = 0;  ///< bytes; of devices and their like 0
  Timestamp mtime{};
  std::uint32_t mode = 0;  ///< the 12 permission bits
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
};

/// Something was done, or in a dry run would be.
struct Action {
  Verb verb{};
  Kind kind{};
  Path path{};
  Reason reason{};
  std::uint64_t bytes = 0;         ///< content written, or for `remove` freed; of a dry run and
                                   ///< Verb::check, what would be
  std::optional<Digest> digest{};  ///< of the content, where it was read
  Difference difference{};         ///< before, where the destination had an entry of this kind
  std::optional<Kind> replaced{};  ///< the kind of what gave way, where it was another
  std::optional<Properties> properties{};  ///< of the source's entry; for `remove` of what went
  std::string target{};                    ///< of a symlink
  Path link_of{};                          ///< it is one more name of this path
  Path moved_from{};                       ///< for `move` and a respelled name: the path it had
};

/// A file was read to be proved, and found the same. Told where Options::tell_proofs asks for it.
struct Proof {
  Path path;
  Reason reason{};  ///< what made that necessary
  std::uint64_t bytes = 0;
  Digest digest;
};

using Event = std::variant<Action, Failure, Notice, Proof>;

struct Summary;

/// Receives the events of one pass. Called by one thread at a time, not always the same one, and
/// never after mirror() returned. A slow observer slows the pass and costs no memory. Must not
/// throw.
class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  /// `event` lasts as long as the call: copy what is to be kept.
  virtual void on_event(const Event& event) = 0;

  /// The pass was asked to stop, but a call to the kernel does not come back (Options::hangs), and
  /// until it does neither will mirror(). What was done and told is in the index, as `so_far` has
  /// it, and the next pass goes on from there; nothing more will be remembered of this one. No
  /// thread can be called back from where it waits, so who does not want to wait ends the process
  /// in here (_exit(2)). Called once at most; if it returns, events may follow yet.
  virtual void gave_up(const Summary& /*so_far*/) {}
};

}  // namespace syncline
