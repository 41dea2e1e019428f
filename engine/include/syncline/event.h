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
#include "syncline/precondition.h"
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
  keep,          ///< nothing was to be done; only with Options::tell_unchanged
};
/// "create", "set-metadata", ...: a static string.
const char* to_string(Verb verb);

/// How an entry of the destination differed from the source's, as far as the pass looked, and as
/// far as this user and the file system can keep it. A pass does not always look at the ACLs and
/// the extended attributes of files: Options::all_differences makes it do so.
struct Difference {
  bool content = false;  ///< of a file, other bytes of the same size; of a symlink another target,
                         ///< of a device another number
  bool size = false;
  bool mtime = false;
  bool mode = false;
  bool owner = false;
  bool group = false;
  bool acl = false;
  bool attributes = false;  ///< extended ones, capabilities among them

  friend bool operator==(const Difference&, const Difference&) = default;
};

/// An entry's size and metadata, as stat(2) has them.
struct Properties {
  std::uint64_t size = 0;  ///< bytes; 0 for devices, fifos and sockets
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
  std::uint64_t bytes = 0;         ///< of content: written, or for `remove` freed; in a dry run,
                                   ///< what would be; for `check`, what would be compared
  std::optional<Digest> digest{};  ///< of the content, where it was read
  Difference difference{};         ///< before; where the destination had an entry of this kind
  std::optional<Kind> replaced{};  ///< what was in its place, if that was of another kind
  std::optional<Properties> properties{};  ///< of the source's entry; for `remove`, of the removed
  std::string target{};                    ///< of a symlink
  Path link_of{};                          ///< not empty: it was made as a hard link of this path
  Path moved_from{};      ///< for `move`, and where a name changed its case: the path it had
  Preconditions given{};  ///< what it was decided upon
};

/// A file was read to be compared, and found the same. Only with Options::tell_proofs.
struct Proof {
  Path path;
  Reason reason{};  ///< why it was read
  std::uint64_t bytes = 0;
  Digest digest;
};

using Event = std::variant<Action, Failure, Notice, Proof>;

struct Summary;

/// Receives the events of one pass. Called by one thread at a time, not always the same one, and
/// never after mirror() returned. The pass waits for it: a slow observer makes the pass slow, but
/// needs no memory. It must not throw: an exception ends the pass.
class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  /// `event` lasts as long as the call: copy what is to be kept.
  virtual void on_event(const Event& event) = 0;

  /// The pass was asked to stop, but a system call does not return (Options::hangs), and until it
  /// does, mirror() will not return either. What was done so far is in the index and in `so_far`,
  /// and the next pass goes on from there; nothing more of this pass will be remembered. A thread
  /// that waits in the kernel cannot be interrupted. So a program that does not want to wait ends
  /// itself in here (_exit(2)). Called once at most; if it returns, more events may follow.
  virtual void gave_up(const Summary& /*so_far*/) {}
};

}  // namespace syncline
