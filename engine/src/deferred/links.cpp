// SPDX-License-Identifier: MIT
#include "deferred/links.h"

#include "deferred/link_group.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace syncline::engine {
namespace {

// A name right before it in byte order, as good as: what rows lie between are skipped.
std::string just_before(std::string name) {
  const auto last = static_cast<unsigned char>(name.back());
  name.pop_back();
  if (last > 1) name.append(1, static_cast<char>(last - 1)).append(1, '\xff');
  return name;
}

// Those of one folder together, as the walk does.
std::vector<LinkOutcome::Judged> in_batches(DeferredFolders& folders,
                                            std::vector<Judgement> judged) {
  constexpr std::size_t most_names = 256;
  std::ranges::sort(judged, {}, [](const Judgement& one) {
    return std::tie(one.follower.folder, one.follower.row.name);
  });
  std::vector<LinkOutcome::Judged> batches;
  index::FolderKey at = index::no_folder;
  for (Judgement& one : judged) {
    std::string& name = one.follower.row.name;
    if (batches.empty() || one.follower.folder != at ||
        batches.back().batch.names.size() == most_names) {
      at = one.follower.folder;
      FolderRef folder = folders.at(at);
      Batch batch{.names = {},
                  .stretch = {.folder = folder->row.key, .after = just_before(name), .upto = {}},
                  .was_held = true};
      batches.push_back({.folder = std::move(folder), .batch = std::move(batch)});
    }
    Batch& batch = batches.back().batch;
    batch.stretch.upto = name;
    batch.names.push_back({.name = std::move(name),
                           .in_source = true,
                           .in_destination = batches.back().folder->destination.has_value()});
    batch.chosen.push_back(one.chosen);
  }
  return batches;
}

}  // namespace

LinkOutcome LinkWork::link(const std::vector<index::Follower>& followers, bool may_hold) {
  LinkOutcome out;
  std::vector<Judgement> judged;
  for (auto begin = followers.begin(); begin != followers.end();) {
    const auto end = std::find_if(begin, followers.end(), [&](const index::Follower& follower) {
      return follower.group != begin->group;
    });
    if (!pass_.brakes.stopping())
      LinkGroupWork{pass_, folders_, trying_, {begin, end}, may_hold, out, judged}.link();
    begin = end;
  }
  out.judged = in_batches(folders_, std::move(judged));
  return out;
}

}  // namespace syncline::engine
