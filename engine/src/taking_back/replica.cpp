// SPDX-License-Identifier: MIT
#include "taking_back/replica.h"

#include "filesystem/explained.h"
#include "filesystem/system_error.h"
#include "opening/acquire.h"
#include "opening/quarantine.h"

#include <cerrno>

namespace syncline::engine {
namespace {

using filesystem::Directory;
using filesystem::SystemError;

class Nobody final : public Observer {
  void on_event(const Event& /*event*/) override {}
};

kept::Store::Handle open_root(const std::string& path) {
  try {
    return std::make_shared<const Directory>(Directory::open_root(path));
  } catch (const SystemError& error) {
    Refusal why{.code = RefusalCode::root_unusable,
                .root = Root::destination,
                .path = path,
                .operation = error.operation(),
                .error_number = error.error_number(),
                .cause = filesystem::known_cause_of(error)};
    if (error.error_number() == ENOENT) why.code = RefusalCode::root_missing;
    if (error.error_number() == ENOTDIR) why.code = RefusalCode::root_is_no_folder;
    throw Unusable(Status::root_unusable, std::move(why));
  }
}

filesystem::TreeLock lock_of(const UndoPlace& place, const Directory& root, Observer& observer,
                             const std::stop_token& stop) {
  Options options;
  options.wait = place.wait;
  return *acquire(
      options, observer, stop, [&] { return filesystem::TreeLock::try_lock(root); },
      [&] {
        return Occupied{.waiting = NoticeCode::waiting_for_destination,
                        .refusal = RefusalCode::destination_in_use,
                        .stopped = RefusalCode::stopped_waiting,
                        .path = place.destination,
                        .holder = filesystem::TreeLock::holder(root)};
      });
}

}  // namespace

KeptReplica::KeptReplica(const UndoPlace& place, Observer& observer, const std::stop_token& stop)
    : root(open_root(place.destination)),
      lock(lock_of(place, *root, observer, stop)),
      store(std::make_shared<kept::Store>(root, open_elsewhere(place.folder, *root, false))) {}

KeptReplica::KeptReplica(const UndoPlace& place)
    : KeptReplica([&] {
        Nobody nobody;
        return KeptReplica{place, nobody, {}};
      }()) {}

std::unique_ptr<kept::Journal> KeptReplica::open_journal(bool durable) const {
  const auto home = store->home();
  if (!home || !kept::Journal::is_in(*home)) return nullptr;
  return std::make_unique<kept::Journal>(*home, *root, durable);
}

}  // namespace syncline::engine
