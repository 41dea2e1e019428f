// SPDX-License-Identifier: MIT
#include "content/readable.h"

#include "filesystem/system_error.h"
#include "pass/error_meaning.h"
#include "pass/step_sink.h"

#include <cerrno>

namespace syncline::engine {
namespace {

using filesystem::Directory;
using filesystem::SystemError;

constexpr std::uint32_t owner_changes = Privileges::owner_reads | 0200U;

// Not for us to change is, for one, what has another name, perhaps outside the root.
bool may_open_up(const Pass& pass, const std::optional<Entry>& seen, std::uint32_t bits) {
  return seen && seen->kind == Kind::file && seen->links <= 1 &&
         pass.terms.privileges.is_shut_out(*seen, bits);
}

// `open` is refused without `bits` of the owner's. nullopt: they are not for us to set.
template <typename Open>
std::optional<Readable> open_up(const Pass& pass, const Directory& folder, const std::string& name,
                                std::uint32_t bits, Open open) {
  if (pass.replica.sink->only_tells() || pass.terms.privileges.any_access) return std::nullopt;
  const auto seen = folder.look(name);
  if (!may_open_up(pass, seen, bits)) return std::nullopt;
  Entry opened_up = *seen;
  opened_up.mode |= bits;
  folder.set_metadata(name, *seen, opened_up, {.mode = true});
  try {
    auto file = open();
    auto attributes = file.attributes();
    file.set_metadata(*seen, {.mode = true});
    return Readable{.file = std::move(file), .seen_open = std::move(attributes)};
  } catch (const SystemError&) {
    folder.set_metadata(name, *seen, *seen, {.mode = true});
    throw;
  }
}

}  // namespace

Readable open_readable(const Pass& pass, const Directory& folder, const std::string& name) {
  const auto open = [&] { return folder.open_file(name); };
  try {
    return {.file = open()};
  } catch (const SystemError& error) {
    if (error.error_number() != EACCES) throw;
    auto opened = open_up(pass, folder, name, Privileges::owner_reads, open);
    if (!opened) throw;
    return std::move(*opened);
  }
}

filesystem::File open_changeable(const Pass& pass, const Directory& folder,
                                 const std::string& name) {
  const auto open = [&] { return folder.open_to_change(name); };
  try {
    return open();
  } catch (const SystemError& error) {
    if (error.error_number() != EACCES) throw;
    auto opened = open_up(pass, folder, name, owner_changes, open);
    if (!opened) throw;
    return std::move(opened->file);
  }
}

filesystem::File reopen(Pass& pass, const Finished& finished) {
  const auto folder = pass.handles.get(*finished.task.folder);
  return open_readable(pass, *folder, name_of(finished)).file;
}

void look_at_attributes(const Pass& pass, const filesystem::OpenFolder& folder,
                        const std::string& name, Entry& entry) {
  try {
    entry.attributes = folder.attributes(name);
  } catch (const SystemError& error) {
    if (error.error_number() != EACCES || entry.kind != Kind::file ||
        pass.replica.sink->only_tells())
      throw;
    const Readable opened = open_readable(pass, *folder.directory(), name);
    if (!opened.was_shut()) throw;
    Entry now = opened.file.look();
    now.attributes = opened.attributes();
    entry = std::move(now);
  }
}

int why_unreadable(Source& source, Folder& folder, const std::string& name) {
  try {
    static_cast<void>(source.open_file(folder, name));
    return 0;
  } catch (const SystemError& error) {
    return means_unreadable(error.error_number()) ? error.error_number() : 0;
  }
}

int why_unreadable(const Pass& pass, const Directory& folder, const std::string& name) {
  try {
    static_cast<void>(folder.open_file(name));
    return 0;
  } catch (const SystemError& error) {
    const int why = error.error_number();
    if (!means_unreadable(why)) return 0;
    const bool is_opened_up =
        why == EACCES && may_open_up(pass, folder.look(name), Privileges::owner_reads);
    return is_opened_up ? 0 : why;
  }
}

}  // namespace syncline::engine
