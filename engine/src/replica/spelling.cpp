// SPDX-License-Identifier: MIT
#include "replica/spelling.h"

#include "filesystem/own_names.h"
#include "model/case_folding.h"
#include "pass/admission.h"
#include "pass/failures.h"
#include "pass/merge.h"
#include "pass/step_sink.h"
#include "replica/refused_names.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace syncline::engine {
namespace {

using filesystem::Listing;
using filesystem::OpenFolder;
using filesystem::SystemError;

bool is_ascii(std::string_view name) {
  return std::ranges::all_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// A name that could not even be looked at is for the walk to tell of.
std::optional<Entry> try_look(const OpenFolder& folder, const std::string& name) {
  try {
    return folder.look(name);
  } catch (const SystemError&) {
    return std::nullopt;
  }
}

// Somebody may have made that very name since `names` was listed: so it is listed once more.
bool folds_case(const OpenFolder& folder, const Listing& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string toggled = toggle_case(names[i]);
    if (names.contains(toggled)) continue;
    return try_look(folder, toggled) && !folder.list_again().contains(toggled);
  }
  return false;
}

// Some file systems make up an inode number for each name that is asked for (FUSE without use_ino).
bool is_alike(const Entry& a, const Entry& b) {
  return a.kind == b.kind && a.identity.size == b.identity.size &&
         a.identity.mtime == b.identity.mtime;
}

class Spellings {
 public:
  Spellings(const OpenFolder& directory, const Listing& source, const Listing& destination)
      : directory_(directory),
        source_(source),
        destination_(destination),
        is_taken_(destination.size()) {
    each_difference([&](std::size_t) { has_new_ = true; },
                    [&](std::size_t i) { has_odd_ = has_odd_ || !is_ascii(destination[i]); },
                    [&](std::size_t i) { is_taken_[i] = true; });
  }

  struct Pair {
    std::string source;
    std::size_t destination;  ///< where that is listed
    Kind kind;
  };
  struct Collision {
    std::string source;
    std::string with;
  };
  std::vector<Pair> pairs;
  std::vector<Collision> collisions;

  void find() {
    if (!has_new_) return;
    const bool folds = folds_case(directory_, destination_);
    if (folds)
      for (std::size_t i = 0; i < destination_.size(); ++i)
        by_folded_name_.emplace(fold_case(destination_[i]), i);
    if (!folds && !has_odd_) return;
    each_difference(
        [&](std::size_t i) {
          const std::string name{source_[i]};
          const auto found = by_folded_name_.find(fold_case(name));
          if (found != by_folded_name_.end())
            join(name, found->second, try_look(directory_, name));
          else if (!is_ascii(name))
            ask(name);
        },
        [](std::size_t) {}, [](std::size_t) {});
  }

 private:
  // Each name that one side has alone, by its place there; `on_both` by that in the destination.
  template <typename OnSource, typename OnDestination, typename OnBoth>
  void each_difference(OnSource on_source, OnDestination on_destination, OnBoth on_both) const {
    std::size_t s = 0;
    std::size_t d = 0;
    while (s < source_.size() || d < destination_.size()) {
      const int order = order_of(source_, s, destination_, d);
      if (order < 0) {
        on_source(s++);
      } else if (order > 0) {
        on_destination(d++);
      } else {
        on_both(d++);
        ++s;
      }
    }
  }

  void join(const std::string& name, std::size_t at, const std::optional<Entry>& entry) {
    if (!entry) return;
    if (is_taken_[at]) {
      const auto other = spelled_.find(at);
      collisions.push_back(
          {name, other == spelled_.end() ? std::string{destination_[at]} : other->second});
      return;
    }
    is_taken_[at] = true;
    spelled_.emplace(at, name);
    pairs.push_back({name, at, entry->kind});
  }

  // Which listed entry answers to `name`? The likeliest comes first. That it is renamed by `name`
  // makes a wrong guess harmless: what the guess stands for is seen again in the next pass.
  void ask(const std::string& name) {
    const auto entry = try_look(directory_, name);
    if (!entry) return;
    look_at_all();
    std::optional<std::size_t> best;
    int best_rank = 0;
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      if (!seen_[i] || !is_alike(*seen_[i], *entry)) continue;
      const bool is_it = seen_[i]->identity.id == entry->identity.id;
      const int rank = is_it ? 3 : is_taken_[i] ? 1 : 2;
      if (rank > best_rank) best = i;
      best_rank = std::max(best_rank, rank);
    }
    if (best) join(name, *best, entry);
  }

  void look_at_all() {
    if (!seen_.empty()) return;
    seen_.reserve(destination_.size());
    for (std::size_t i = 0; i < destination_.size(); ++i)
      seen_.push_back(try_look(directory_, std::string{destination_[i]}));
  }

  const OpenFolder& directory_;
  const Listing& source_;
  const Listing& destination_;
  bool has_new_ = false;  ///< the source alone has a name
  bool has_odd_ = false;  ///< the destination alone has one that is not ASCII
  std::vector<bool> is_taken_;
  std::unordered_map<std::size_t, std::string> spelled_;  // what took them, if spelled otherwise
  std::unordered_map<std::string, std::size_t> by_folded_name_;
  std::vector<std::optional<Entry>> seen_;
};

Preconditions given_to_respell(const Folder& folder) {
  return {.folder = folder.there.id, .from_folder = folder.there.id};
}

bool may_respell(const Pass& pass, const Folder& folder, const std::string& name) {
  return allowed(
             pass, [&] { return path_of(folder, name); }, [&] { return given_to_respell(folder); })
      .has(Verb::set_metadata);
}

// Tells what has the new spelling by that. Not every file system keeps one: then the old one is as
// good, and a pass tries it once.
void respell_all(Pass& pass, Folder& folder, const OpenFolder& directory, const Listing& old_names,
                 const std::vector<Spellings::Pair>& pairs, std::vector<Event>& events) {
  const std::uint64_t device = folder.there.id.device;
  if (pass.replica.keeps_no_spelling(device)) return;
  std::vector<const Spellings::Pair*> done;
  for (const Spellings::Pair& pair : pairs) {
    if (pass.brakes.stopping()) break;
    if (!may_respell(pass, folder, pair.source)) continue;
    const auto act = [&] {
      pass.replica.sink->respell(folder, pair.source, std::string{old_names[pair.destination]});
    };
    if (attempt(folder, pair.source, act,
                [&](Failure failure) { events.emplace_back(std::move(failure)); }))
      done.push_back(&pair);
  }
  if (done.empty()) return;
  const Listing now = directory.list_again();
  for (const Spellings::Pair* const pair : done) {
    if (!now.contains(pair->source))
      pass.replica.note_no_spelling(device);
    else
      events.emplace_back(
          Action{.verb = Verb::set_metadata,
                 .kind = pair->kind,
                 .path = path_of(folder, pair->source),
                 .reason = {ReasonCode::respelled},
                 .bytes = 0,
                 .digest = {},
                 .moved_from = path_of(folder, std::string{old_names[pair->destination]}),
                 .given = given_to_respell(folder)});
  }
}

}  // namespace

void reconcile_spelling(Pass& pass, Folder& folder, const OpenFolder& directory, Listing& source,
                        Listing& destination, std::vector<Event>& events) {
  if (destination.size() == 0) return;
  Spellings found{directory, source, destination};
  found.find();
  if (found.pairs.empty() && found.collisions.empty()) return;
  std::unordered_set<std::string> without_entry;
  for (const auto& [name, other] : found.collisions) {
    Failure failure = failure_of(path_of(folder, name), FailureKind::error, FailureCode::one_name);
    failure.name = other;
    events.emplace_back(std::move(failure));
    without_entry.insert(name);
  }
  respell_all(pass, folder, directory, destination, found.pairs, events);
  std::unordered_set<std::string> old_names;
  for (const auto& pair : found.pairs) old_names.emplace(destination[pair.destination]);
  const auto is_in = [](const std::unordered_set<std::string>& names) {
    return [&names](std::string_view name) { return names.contains(std::string{name}); };
  };
  source.remove_if(is_in(without_entry));
  destination.remove_if(is_in(old_names));
  for (const auto& pair : found.pairs) destination.add(pair.source.c_str());
  destination.sort();
}

void explain_taken_name(Pass& pass, Folder& folder, const std::string& name, Failure& failure,
                        std::vector<index::Edit>& edits) {
  explain_refused_name(pass, folder, name, failure, edits);
  if (failure.error_number != EEXIST) return;
  try {
    const auto directory = pass.handles.view(folder);
    const Listing names = directory->list_again();
    const auto entry = directory->look(name);
    if (!entry || names.contains(name)) return;
    std::string other = "another";
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string listed{names[i]};
      const auto seen = fold_case(listed) == fold_case(name) ? entry : try_look(*directory, listed);
      if (seen && seen->identity.id == entry->identity.id) other = listed;
    }
    failure.code = FailureCode::one_name;
    failure.name = other;
  } catch (const SystemError&) {
    return;  // then the failure says what it says
  }
}

}  // namespace syncline::engine
