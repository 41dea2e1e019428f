// SPDX-License-Identifier: MIT
#include "replica/refused_names.h"

#include "filesystem/atomic_file.h"
#include "filesystem/flush_method.h"
#include "filesystem/own_names.h"
#include "filesystem/system_error.h"
#include "model/suspect_names.h"
#include "pass/step_sink.h"
#include "replica/exceptions.h"
#include "replica/touch.h"

#include <cerrno>

namespace syncline::engine {
namespace {

// What every file system takes that Linux has: eCryptfs, the strictest, allows 143 bytes.
constexpr std::size_t short_enough = 128;

bool is_for_the_name(int error_number) {
  return error_number == EINVAL || error_number == EILSEQ || error_number == ENAMETOOLONG;
}

// exfat-fuse says ENOENT, as is said of a folder that is gone. The trial's name may be longer than
// `name`, which fits.
bool is_refused(const filesystem::Directory& directory, const std::string& name) {
  const int why = filesystem::error_of_making(directory, filesystem::trial_name(name));
  if (why == ENOENT)
    return filesystem::error_of_making(directory, filesystem::temporary_name()) == 0;
  return is_for_the_name(why) && why != ENAMETOOLONG;
}

Failure refusal(const Folder& folder, const std::string& name, bool is_too_long = false) {
  return {.kind = FailureKind::error,
          .path = path_of(folder, name),
          .code = is_too_long ? FailureCode::name_too_long : FailureCode::name_refused,
          .operation = "use the name",
          .error_number = is_too_long ? ENAMETOOLONG : EINVAL};
}

bool is_tried(Pass& pass, Folder& folder) {
  return pass.replica.name_trials.are_made(folder.there.id.device, [&] {
    return !filesystem::takes_any_name(*pass.handles.get(folder));
  });
}

}  // namespace

std::optional<Failure> refusal_of(Pass& pass, Folder& folder, const std::string& name,
                                  const Exception* known, std::vector<index::Edit>& edits) {
  const bool is_long = name.size() > short_enough;
  const bool is_suspect = is_suspect_name(name);
  if (!folder.destination || (!is_long && !is_suspect)) return std::nullopt;
  try {
    const auto view = pass.handles.view(folder);
    const filesystem::Directory* const directory = view->directory();
    if (directory == nullptr) return std::nullopt;
    if (is_refused_name(known, *directory)) return refusal(folder, name);
    if (is_long) static_cast<void>(directory->look(name));
    if (pass.replica.sink->only_tells() || !is_suspect || !is_tried(pass, folder))
      return std::nullopt;
    touch(pass, folder);
    if (!is_refused(*directory, name)) return std::nullopt;
    note_exception(folder.row.key, name, known,
                   refused_name(*directory, pass.terms.privileges.user), edits);
    return refusal(folder, name);
  } catch (const filesystem::SystemError& error) {
    const int why = error.error_number();
    if (is_for_the_name(why)) return refusal(folder, name, why == ENAMETOOLONG);
  }
  return std::nullopt;
}

void explain_refused_name(Pass& pass, Folder& folder, const std::string& name, Failure& failure,
                          std::vector<index::Edit>& edits) {
  if (!filesystem::gives_name(failure.operation) || !is_for_the_name(failure.error_number) ||
      !is_suspect_name(name))
    return;
  try {
    const auto directory = pass.handles.get(folder);
    if (!is_refused(*directory, name)) return;
    failure = refusal(folder, name);
    const auto exception = refused_name(*directory, pass.terms.privileges.user);
    note_exception(folder.row.key, name, nullptr, exception, edits);
  } catch (const filesystem::SystemError&) {
    return;  // then the failure says what it says
  }
  pass.replica.name_trials.require(folder.there.id.device);
}

}  // namespace syncline::engine
