// SPDX-License-Identifier: MIT
#include "walk/batch_look.h"

#include "content/readable.h"
#include "pass/error_meaning.h"
#include "pass/failures.h"
#include "pass/unseen.h"

#include <algorithm>
#include <utility>

namespace syncline::engine {

namespace {

// One and the same folder's.
std::vector<const std::string*> names_in_source(std::span<const std::vector<NamePair>* const> all) {
  std::vector<const std::string*> names;
  names.reserve(all.front()->size());
  for (const std::vector<NamePair>* const pairs : all)
    for (const NamePair& pair : *pairs)
      if (pair.in_source) names.push_back(&pair.name);
  if (all.size() == 1) return names;
  std::ranges::sort(
      names, {}, [](const std::string* name) -> auto& { return *name; });
  const auto same = [](const std::string* a, const std::string* b) { return *a == *b; };
  names.erase(std::unique(names.begin(), names.end(), same), names.end());
  return names;
}

}  // namespace

// One side after the other: in turns it takes 3 % longer, for each folder's entries lie side by
// side in the kernel's memory.
void BatchLook::look_in_source(std::span<BatchLook* const> all) {
  std::vector<const std::vector<NamePair>*> names;
  for (const BatchLook* const each : all)
    if (!each->pass_.brakes.stopping()) names.push_back(&each->names_);
  if (names.empty()) return;
  const auto asked = names_in_source(names);
  if (asked.empty()) return;
  const auto is_stopping = [](const BatchLook* each) { return each->pass_.brakes.stopping(); };
  const BatchLook& any = *all.front();
  any.pass_.source.look({any.folder_}, asked, [&](std::size_t number, SourceLook look) {
    const bool is_alone = all.size() == 1;
    for (BatchLook* const each : all.first(all.size() - 1))
      each->meet(*asked[number], SourceLook{look}, is_alone);
    all.back()->meet(*asked[number], std::move(look), is_alone);
    return !std::ranges::all_of(all, is_stopping);
  });
}

void BatchLook::meet(const std::string& name, SourceLook&& look, bool is_alone) {
  while (next_ < names_.size() &&
         (!names_[next_].in_source || (!is_alone && names_[next_].name < name)))
    ++next_;
  if (next_ == names_.size() || names_[next_].name != name) return;
  take(name, std::move(look), seen_[next_]);
  ++next_;
}

void BatchLook::take(const std::string& name, SourceLook&& look, Seen& seen) {
  seen.source = std::move(look.entry);
  if (look.error) {
    Failure failure = failure_of(path_of(folder_, name), *look.error);
    note_unseen_entry(pass_, folder_, name, failure);
    events_.emplace_back(std::move(failure));
    seen.failed = true;
  } else if (seen.source) {
    if (is_first_ && pass_.terms.withholds_set_id(folder_, *seen.source))
      pass_.books.unkept.add(Aspect::mode, folder_, name);
    pass_.terms.adapt(folder_, *seen.source);
  }
}

std::vector<Seen> BatchLook::look_in_destination() {
  for (std::size_t i = 0; i < names_.size() && !pass_.brakes.stopping(); ++i)
    if (names_[i].in_destination && !look_in_destination(names_[i].name, seen_[i].destination))
      seen_[i].failed = true;
  return std::move(seen_);
}

bool BatchLook::look_in_destination(const std::string& name, std::optional<Entry>& found) {
  return attempt(
      folder_, name, [&] { found = destination()->look(name); },
      [&](Failure failure) {
        note_unseen(pass_, folder_, failure);
        events_.emplace_back(std::move(failure));
      });
}

bool BatchLook::look_at_source_attributes(const std::string& name, Entry& entry) {
  return attempt(
      folder_, name,
      [&] {
        entry.attributes = pass_.source.attributes(folder_, name);
        if (pass_.terms.adapt_attributes(folder_, entry))
          pass_.books.unkept.add(Aspect::capabilities, folder_, name);
      },
      [&](Failure failure) { events_.emplace_back(std::move(failure)); });
}

bool BatchLook::look_at_destination_attributes(const std::string& name, Kind wanted,
                                               std::optional<Entry>& entry, int& unreadable) {
  if (!entry || entry->kind != wanted) return true;
  return attempt(
             folder_, name, [&] { look_at_attributes(pass_, *destination(), name, *entry); },
             [&](Failure failure) {
               if (means_unreadable(failure.error_number))
                 unreadable = failure.error_number;
               else
                 events_.emplace_back(std::move(failure));
             }) ||
         unreadable != 0;
}

const Handles::View& BatchLook::destination() {
  if (!destination_) destination_ = pass_.handles.view(folder_);
  return destination_;
}

}  // namespace syncline::engine
