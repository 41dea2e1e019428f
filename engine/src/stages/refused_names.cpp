// SPDX-License-Identifier: MIT
#include "stages/refused_names.h"

#include "filesystem/atomic_file.h"
#include "filesystem/flush_method.h"
#include "filesystem/own_names.h"
#include "filesystem/system_error.h"
#include "model/suspect_names.h"
#include "stages/pass.h"
#include "stages/touch.h"

#include <cerrno>

namespace syncline::stages {
namespace {

// What every file system takes that Linux has: eCryptfs, the strictest, allows 143 bytes.
constexpr std::size_t short_enough = 128;

bool is_for_the_name(int error_number) {
  return error_number == EINVAL || error_number == EILSEQ || error_number == ENAMETOOLONG;
}

// 0: it could be made.
int error_of_making(const filesystem::Directory& directory, const std::string& name) {
  try {
    static_cast<void>(directory.create_file(name));
    filesystem::discard_temporary(directory, name);
    return 0;
  } catch (const filesystem::SystemError& error) {
    return error.error_number();
  }
}

Failure refusal(const Folder& folder, const std::string& name, int error_number) {
  return {.kind = FailureKind::error,
          .path = path_of(folder, name),
          .operation = "use the name",
          .error_number = error_number,
          .detail = error_number == ENAMETOOLONG ? "DST does not allow this name: it is too long"
                                                 : "DST does not allow this name"};
}

}  // namespace

bool RefusedNames::is_tried(Handles& handles, Folder& folder) {
  const std::uint64_t device = folder.side(Side::destination).id.device;
  {
    const std::scoped_lock lock{mutex_};
    if (const auto known = is_tried_.find(device); known != is_tried_.end()) return known->second;
  }
  const bool takes_any = filesystem::takes_any_name(*handles.get(folder, Side::destination));
  const std::scoped_lock lock{mutex_};
  return is_tried_.try_emplace(device, !takes_any).first->second;
}

std::optional<Failure> RefusedNames::refusal_of(Pass& pass, Folder& folder,
                                                const std::string& name) {
  const bool is_long = name.size() > short_enough;
  if (!folder.destination || (!is_long && !is_suspect_name(name))) return std::nullopt;
  try {
    if (is_long) static_cast<void>(pass.handles.get(folder, Side::destination)->look(name));
    if (pass.options.dry_run || !is_suspect_name(name) || !is_tried(pass.handles, folder))
      return std::nullopt;
    touch(pass, folder);
    const auto directory = pass.handles.get(folder, Side::destination);
    const int why = error_of_making(*directory, filesystem::trial_name(name));
    // exfat-fuse says ENOENT, as is said of a folder that is gone.
    // The trial is longer than the name itself, which fits.
    const bool is_refused =
        (is_for_the_name(why) && why != ENAMETOOLONG) ||
        (why == ENOENT && error_of_making(*directory, filesystem::temporary_name()) == 0);
    if (is_refused) return refusal(folder, name, why);
  } catch (const filesystem::SystemError& error) {
    if (is_for_the_name(error.error_number())) return refusal(folder, name, error.error_number());
  }
  return std::nullopt;
}

void RefusedNames::explain(Folder& folder, const std::string& name, Failure& failure) {
  if (!is_for_the_name(failure.error_number) || !is_suspect_name(name)) return;
  failure.detail = refusal(folder, name, failure.error_number).detail;
  const std::scoped_lock lock{mutex_};
  is_tried_.insert_or_assign(folder.side(Side::destination).id.device, true);
}

}  // namespace syncline::stages
