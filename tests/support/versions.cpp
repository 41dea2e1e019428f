// SPDX-License-Identifier: MIT
#include "support/versions.h"

#include "filesystem/own_names.h"

namespace syncline::test {
namespace {

/// Its name is a temporary one, or that of a folder above: one that gave way and is to be removed.
bool is_temporary(const std::string& path) {
  return !path.empty() &&
         (filesystem::is_temporary_name(name_of(path)) || is_temporary(parent_of(path)));
}

}  // namespace

void Versions::add(const Tree& tree) {
  for (const auto& [path, entry] : tree.entries()) {
    if (entry.kind != Kind::file) continue;
    contents_[path].insert(entry.content);
    of_any_.emplace(entry.content, entry.modified);
  }
}

void Versions::forget() {
  contents_.clear();
  of_any_.clear();
}

bool Versions::is_whole(const Entry& file) const {
  const auto known = contents_.find(file.path);
  const bool is_of_name = known != contents_.end() && known->second.contains(file.content);
  return is_of_name || of_any_.contains({file.content, file.modified});
}

testing::AssertionResult Versions::nothing_is_torn_in(const Tree& found) const {
  for (const auto& [path, entry] : found.entries()) {
    if (entry.kind != Kind::file || is_temporary(path)) continue;
    if (!is_whole(entry))
      return testing::AssertionFailure()
             << "torn: " << printable(path) << " (" << printable(name_of(path)) << "), now of "
             << entry.content.size() << " bytes";
  }
  return testing::AssertionSuccess();
}

}  // namespace syncline::test
