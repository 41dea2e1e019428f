// SPDX-License-Identifier: MIT
#include "walk/moved_rows.h"

#include <utility>

namespace syncline::engine {
namespace {

// What is remembered of a file that changed places with what was at `to`. It still holds if the
// file was what is remembered right before.
index::edit::MoveFile displaced_row(const index::FilePlace& row, const Entry& before,
                                    const Entry& now, index::RowKey to_folder,
                                    const std::string& to) {
  const bool stood = now.identity.id == before.identity.id &&
                     is_unmoved(row.what.destination, before.identity, IdentityRule::everything);
  return {.from_folder = row.folder,
          .from_name = row.name,
          .folder = to_folder,
          .name = to,
          .destination = now.identity,
          .is_proved = stood};
}

}  // namespace

void MovedRows::write(const std::vector<index::Edit>& edits) {
  if (auto lookup = memory_.begin_apart()) lookup_ = std::move(*lookup);
  memory_.write_visibly(edits);
}

void MovedRows::claim(Folder& folder, std::int64_t born_ns) {
  if (!folder.parent) return;
  const auto here = lookup_.folder(folder.parent->row.key, folder.name);
  folder.has_row = here.has_value();
  if (here) {
    folder.row = here->row;
    put(folder, born_ns);
  } else {
    folder.row = {};
    folder.row.key = memory_.new_row();
  }
}

void MovedRows::take(const index::FolderPlace& place, Folder& folder, std::int64_t born_ns) {
  auto other = lookup_.folder(folder.parent->row.key, folder.name);
  if (other && other->row.key == place.row.key) other.reset();
  folder.row = place.row;
  folder.has_row = true;
  if (other) {
    other->parent = place.parent;
    other->name = place.name;
  }
  put(folder, born_ns, other);
}

// With those of new folders above it that still wait to be written: what lies in it is found by the
// way that they are.
std::vector<index::Edit> MovedRows::way_to(const Folder& folder) {
  std::vector<index::Edit> edits{index::edit::PutFolder{
      .parent = folder.parent->row.key, .name = folder.name, .row = folder.row}};
  for (const Folder* at = folder.parent.get(); at->parent && !lookup_.folder(at->row.key);
       at = at->parent.get())
    edits.emplace_back(
        index::edit::PutFolder{.parent = at->parent->row.key, .name = at->name, .row = at->row});
  return edits;
}

void MovedRows::put(Folder& folder, std::int64_t born_ns,
                    const std::optional<index::FolderPlace>& displaced) {
  folder.row.source = folder.source->identity.id;
  folder.row.born_ns = born_ns;
  std::vector<index::Edit> edits = way_to(folder);
  if (displaced)
    edits.emplace_back(index::edit::PutFolder{
        .parent = displaced->parent, .name = displaced->name, .row = displaced->row});
  write(edits);
}

void MovedRows::displace(const index::FolderPlace& place, const Folder& folder,
                         const Entry& displaced_before, const filesystem::OpenFolder& from) {
  const auto other = lookup_.file(folder.parent->row.key, folder.name);
  const auto displaced = from.look(place.name);
  if (!other || !displaced) return;
  write({displaced_row(*other, displaced_before, *displaced, place.parent, place.name)});
}

void MovedRows::move(const index::FilePlace& place, Folder& folder, const std::string& name,
                     const Remembered& now, const std::optional<Entry>& displaced_before,
                     const std::optional<Entry>& displaced) {
  std::vector<index::Edit> edits;
  auto other = displaced ? lookup_.file(folder.row.key, name) : std::nullopt;
  if (other) {
    const index::FilePlace aside{.folder = index::no_row, .name = "aside", .what = other->what};
    edits.emplace_back(index::edit::MoveFile{.from_folder = other->folder,
                                             .from_name = other->name,
                                             .folder = aside.folder,
                                             .name = aside.name,
                                             .destination = other->what.destination,
                                             .is_proved = true});
    other = aside;
  }
  edits.emplace_back(index::edit::MoveFile{.from_folder = place.folder,
                                           .from_name = place.name,
                                           .folder = folder.row.key,
                                           .name = name,
                                           .destination = now.destination,
                                           .is_proved = now.destination_proved});
  if (other)
    edits.emplace_back(
        displaced_row(*other, *displaced_before, *displaced, place.folder, place.name));
  write(edits);
}

}  // namespace syncline::engine
