// SPDX-License-Identifier: MIT
#include "filesystem/discard.h"

#include "filesystem/file_system_type.h"
#include "filesystem/own_names.h"
#include "filesystem/system_error.h"
#include "model/trust.h"

#include <unistd.h>

#include <cerrno>
#include <optional>

namespace syncline::filesystem {
namespace {

template <typename Work>
void quietly(Work work) {
  try {
    work();
  } catch (const SystemError&) {
    // See the header.
  }
}

bool is_still(const Directory& folder, const std::optional<Entry>& now, FileId id) {
  return now && now->kind != Kind::folder && may_be_same(folder.descriptor(), id, now->identity.id);
}

bool is_shared(const Directory& folder) {
  return others_may_write(folder.look(), ::geteuid());
}

// nullopt: there is no room for it, no right, or no such folder where modes are not kept.
std::optional<Directory> make_enclosure(const Directory& folder, const std::string& name) {
  try {
    folder.make_folder(name);
    Directory made = folder.open_folder(name);
    if (!is_shared(made)) return made;
  } catch (const SystemError&) {
    // Then it is done without.
  }
  quietly([&] { folder.remove_folder(name); });
  return std::nullopt;
}

// Its name may be taken again by now: then it gets another that nobody mirrors.
void give_back(const Directory& enclosure, const std::string& name, const Directory& folder) {
  try {
    enclosure.move_to_new(name, folder, name);
  } catch (const SystemError& error) {
    if (error.error_number() != EEXIST) throw;
    enclosure.move_to_new(name, folder, temporary_name());
  }
}

void remove_within(const Directory& folder, const std::string& name, FileId id,
                   const Directory& enclosure) {
  folder.move_to_new(name, enclosure, name);
  try {
    if (!is_still(enclosure, enclosure.look(name), id))
      throw SystemError("recognise", name, ESTALE);
    enclosure.remove_file(name);
  } catch (const SystemError&) {
    give_back(enclosure, name, folder);
    throw;
  }
}

// False: not so, for want of a folder to do it in.
bool remove_enclosed(const Directory& folder, const std::string& name, FileId id) {
  const std::string enclosed_in = temporary_name();
  const auto enclosure = make_enclosure(folder, enclosed_in);
  if (!enclosure) return false;
  try {
    remove_within(folder, name, id, *enclosure);
  } catch (const SystemError&) {
    quietly([&] { folder.remove_folder(enclosed_in); });
    throw;
  }
  quietly([&] { folder.remove_folder(enclosed_in); });
  return true;
}

void remove_still(const Directory& folder, const std::string& name, FileId id) {
  const auto now = folder.look(name);
  if (!now) return;
  if (!is_still(folder, now, id)) throw SystemError("recognise", name, ESTALE);
  if (!is_shared(folder) || !remove_enclosed(folder, name, id)) folder.remove_file(name);
}

// Where numbers are made up anew, none tells what it is.
void empty_still(const Directory& folder, const std::string& name, FileId id) {
  File file = folder.open_to_change(name);
  if (file.look().identity.id == id && !is_weak(file.descriptor())) file.resize(0);
}

bool is_ours_to_empty(const Directory& folder, const Entry& litter) {
  return litter.kind == Kind::file && litter.uid == ::geteuid() && litter.links == 1 &&
         !is_shared(folder);
}

}  // namespace

void discard(const Directory& folder, const std::string& name, File& copy) {
  quietly([&] { copy.resize(0); });
  quietly([&] { remove_still(folder, name, copy.look().identity.id); });
}

void discard_closed(const Directory& folder, const std::string& name, FileId id) {
  quietly([&] { empty_still(folder, name, id); });
  discard_name(folder, name, id);
}

void discard_name(const Directory& folder, const std::string& name, FileId id) {
  quietly([&] { remove_still(folder, name, id); });
}

void discard_temporary(const Directory& folder, const std::string& name) {
  quietly([&] { remove_temporary(folder, name); });
}

void remove_temporary(const Directory& folder, const std::string& name) {
  const auto seen = folder.look(name);
  if (!seen) return;
  const FileId id = seen->identity.id;
  if (is_ours_to_empty(folder, *seen)) quietly([&] { empty_still(folder, name, id); });
  remove_still(folder, name, id);
}

}  // namespace syncline::filesystem
