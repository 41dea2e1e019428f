// SPDX-License-Identifier: MIT
#include "applying/preconditions.h"

namespace syncline::applying {

// A folder's size and times move as others work in it: it is recognised by what it is.
bool holds(const std::optional<Precondition>& planned, const std::optional<Precondition>& now,
           const MetRoot& root) {
  if (!planned || !now) return !planned && !now;
  if (planned->kind != now->kind || root.by_now(planned->id) != now->id) return false;
  if (planned->kind == Kind::folder) return true;
  // Of what has several names, each that comes, goes or is changed moves it for all.
  const bool may_have_moved = planned->links > 1;
  const bool is_same_ctime =
      !planned->ctime || !now->ctime || planned->ctime == now->ctime || may_have_moved;
  return planned->size == now->size && planned->mtime == now->mtime && is_same_ctime;
}

}  // namespace syncline::applying
