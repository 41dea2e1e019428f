// SPDX-License-Identifier: MIT
#include "index/lookup.h"

#include "index/columns.h"
#include "index/packed.h"

namespace syncline::index {
namespace {

std::string select_folders(const char* where) {
  return std::string("SELECT ") + folder_columns + ", parent FROM folder WHERE " + where;
}

// Two ways into one index, both of them short however many files have that size.
std::string select_files_of_size() {
  std::string files = "SELECT ";
  for (const char* const part :
       {file_columns, ", folder, substr(chunks, 1, 16), substr(chunk_tags, 1, 16) FROM packed_file",
        " WHERE ", is_of_size, " AND ", has_digest})
    files += part;
  return "SELECT * FROM (" + files + " AND name = ?2 LIMIT ?3) UNION ALL SELECT * FROM (" + files +
         " AND name <> ?2 LIMIT ?3)";
}

std::string select_files(const char* where) {
  return std::string("SELECT ") + file_columns + ", folder FROM packed_file WHERE " + where;
}

FolderPlace folder_place_in(const Statement& row) {
  return {
      .parent = row.integer(folder_column_count), .name = row.blob(0), .row = folder_row_in(row)};
}

FilePlace file_place_in(const Statement& row) {
  return {
      .folder = row.integer(file_column_count), .name = row.blob(0), .what = remembered_in(row)};
}

ContentPlace content_place_in(const Statement& row) {
  ContentPlace found{.place = file_place_in(row), .first_chunk = {}};
  const auto& whole = found.place.what.fingerprint;
  const auto first =
      fingerprint_in(row.bytes(file_column_count + 1), row.bytes(file_column_count + 2), 1);
  if (first)
    found.first_chunk = *first;
  else if (whole)
    found.first_chunk = {.digest = {.md5 = whole->digest.md5, .chunks = 1}, .tag = whole->tag};
  return found;
}

template <typename Place>
std::vector<Place> all(Statement& bound, Place (*place_in)(const Statement&)) {
  std::vector<Place> places;
  while (bound.step()) places.push_back(place_in(bound));
  bound.reset();
  return places;
}

template <typename Place>
std::optional<Place> one(Statement& bound, Place (*place_in)(const Statement&)) {
  auto places = all(bound, place_in);
  if (places.empty()) return std::nullopt;
  return std::move(places.front());
}

constexpr int cache_kib = 2048;

}  // namespace

Lookup::Lookup(const std::string& path)
    : connection_(open_for_reading(path, cache_kib)),
      folder_by_key_(connection_, select_folders("key = ?")),
      folder_by_name_(connection_, select_folders("parent = ? AND name = ?")),
      folders_by_inode_(connection_, select_folders("inode = ?")),
      file_by_name_(connection_, select_files("folder = ? AND name = ?")),
      files_by_inode_(connection_, select_files("inode = ?")),
      files_by_size_(connection_, select_files_of_size()) {}

std::optional<FolderPlace> Lookup::folder(RowKey key) {
  return one(folder_by_key_.bind(key), folder_place_in);
}

std::optional<FolderPlace> Lookup::folder(RowKey parent, const std::string& name) {
  return one(folder_by_name_.bind(parent, std::string_view{name}), folder_place_in);
}

std::vector<FolderPlace> Lookup::folders_of(std::uint64_t inode) {
  return all(folders_by_inode_.bind(as_integer(inode)), folder_place_in);
}

std::optional<FilePlace> Lookup::file(RowKey folder, const std::string& name) {
  return one(file_by_name_.bind(folder, std::string_view{name}), file_place_in);
}

std::vector<FilePlace> Lookup::files_of(std::uint64_t inode) {
  return all(files_by_inode_.bind(as_integer(inode)), file_place_in);
}

std::vector<ContentPlace> Lookup::files_of_size(std::uint64_t size, const std::string& name,
                                                std::size_t most) {
  return all(files_by_size_.bind(packed_number(size), std::string_view{name}, as_integer(most)),
             content_place_in);
}

}  // namespace syncline::index
