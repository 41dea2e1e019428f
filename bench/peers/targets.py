# What a row is to show, and whether it did.
#
# SPDX-License-Identifier: MIT
import dataclasses


@dataclasses.dataclass(frozen=True)
class Target:
    text: str
    value: float
    limit: float
    at_most: bool
    unit: str = "×"

    def met(self):
        return self.value <= self.limit if self.at_most else self.value >= self.limit

    def verdict(self):
        if self.met():
            return "met"
        off = self.value / self.limit - 1 if self.at_most else 1 - self.value / self.limit
        return f"missed by {100 * off:.0f} %"


def _wall(results, name):
    found = results.get(name)
    return found.median() if found and found.readings else None


def at_most(results, limit, other, who="syncline"):
    """[`who` takes no more than `limit` times as long as `other`], or nothing without either."""
    mine, theirs = _wall(results, who), _wall(results, other)
    if mine is None or theirs is None:
        return []
    return [Target(f"{who} ≤ {limit:g} × {other}", mine / theirs, limit, at_most=True)]


def faster(results, limit, other, who="syncline"):
    """[`who` is at least `limit` times as fast as `other`], or nothing without either."""
    mine, theirs = _wall(results, who), _wall(results, other)
    if mine is None or theirs is None:
        return []
    return [Target(f"{who} ≥ {limit:g} × as fast as {other}", theirs / mine, limit, at_most=False)]


def extra_at_most(results, limit, before, part, who="syncline"):
    """[`who` takes no more than `before` and `limit` times `part`], or nothing without these."""
    mine, base, share = _wall(results, who), _wall(results, before), _wall(results, part)
    if mine is None or base is None or share is None:
        return []
    return [Target(f"{who} ≤ {before} + {limit:g} × {part}", mine, base + limit * share,
                   at_most=True, unit="s")]
