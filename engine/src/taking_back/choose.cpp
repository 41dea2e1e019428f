// SPDX-License-Identifier: MIT
#include "taking_back/choose.h"

#include <algorithm>
#include <iterator>

namespace syncline::engine {
namespace {

using kept::PassRow;
using Rows = std::vector<PassRow>;

bool is_rung(const PassRow& pass) {
  return pass.undone_by == 0 && (!pass.is_undo || pass.does_again);
}

// One that put back a folder's time alone, say, is none that anybody means.
bool changed_something(const PassRow& pass) {
  return pass.created + pass.replaced + pass.moved + pass.removed + pass.metadata_set > 0;
}

template <typename Wanted>
Rows those(const Rows& passes, Wanted is_wanted) {
  Rows chosen;
  std::ranges::copy_if(passes, std::back_inserter(chosen), is_wanted);
  return chosen;
}

}  // namespace

Rows choose_last(const Rows& passes) {
  Rows chosen;
  for (const PassRow& pass : passes) {
    if (!is_rung(pass)) continue;
    chosen.push_back(pass);
    if (changed_something(pass)) break;
  }
  return chosen;
}

// It would be in between what is given back: what it took back came before `id`.
bool took_back_before(const Rows& passes, const PassRow& undo, std::int64_t id) {
  return undo.is_undo && undo.undone_by == 0 && std::ranges::any_of(passes, [&](const PassRow& it) {
           return it.undone_by == undo.id && it.id < id;
         });
}

// Of several that began within one second, all.
std::optional<Rows> choose_named(const Rows& passes, const std::string& name) {
  const PassRow* oldest = nullptr;
  for (const PassRow& pass : passes)
    if (pass.name == name && (oldest == nullptr || oldest->undone_by != 0 || pass.undone_by == 0))
      oldest = &pass;
  if (oldest == nullptr) return std::nullopt;
  if (oldest->undone_by != 0) return Rows{};
  const bool gives_back = !is_rung(*oldest);
  return those(passes, [&](const PassRow& pass) {
    return pass.id == oldest->id ||
           (pass.id > oldest->id &&
            (is_rung(pass) || (gives_back && took_back_before(passes, pass, oldest->id))));
  });
}

Rows choose_since(const Rows& passes, std::int64_t moment_s) {
  return those(passes,
               [&](const PassRow& pass) { return is_rung(pass) && pass.began_s > moment_s; });
}

Rows choose_interrupted(const Rows& passes) {
  if (passes.empty() || !passes.front().is_undo || passes.front().is_complete) return {};
  return those(passes, [&](const PassRow& pass) { return pass.undone_by == passes.front().id; });
}

}  // namespace syncline::engine
