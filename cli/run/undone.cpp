// SPDX-License-Identifier: MIT
#include "run/undone.h"

#include "tell/kept_passes.h"
#include "text/utc_time.h"

#include <algorithm>
#include <iterator>

namespace syncline::cli {
namespace {

using Passes = std::vector<KeptPass>;

bool is_named(const KeptPass& pass, const std::vector<std::string>& names) {
  return std::ranges::find(names, pass.name) != names.end();
}

/// Whether the undo `pass` took undos back, and so did again what these had undone.
bool does_again(const KeptPass& pass, const Passes& all) {
  const std::vector<std::string> targets = names_taken_back(pass);
  return std::ranges::any_of(all, [&](const KeptPass& target) {
    return target.is_undo && is_named(target, targets) && !does_again(target, all);
  });
}

bool is_in_effect(const KeptPass& pass, const Passes& all) {
  return !pass.is_undone && (!pass.is_undo || does_again(pass, all));
}

}  // namespace

Passes taken_back_by(const std::string& undo, const KeptPasses& kept) {
  const auto found = std::ranges::find(kept.passes, undo, &KeptPass::name);
  if (found == kept.passes.end()) return {};
  const std::vector<std::string> names = names_taken_back(*found);
  Passes taken_back;
  std::ranges::copy_if(kept.passes, std::back_inserter(taken_back),
                       [&](const KeptPass& pass) { return is_named(pass, names); });
  return taken_back;
}

Passes to_be_taken_back(const UndoOptions& options, const KeptPasses& kept) {
  const Passes& all = kept.passes;
  if (!all.empty() && all.front().is_undo && !all.front().is_complete)
    return taken_back_by(all.front().name, kept);
  Passes named;
  for (const KeptPass& pass : all) {
    const bool is_it = options.pass && pass.name == *options.pass;
    const auto start = start_of_pass(pass.name);
    const bool is_later = !options.to || (start && *start > *options.to);
    if (is_later && ((is_it && !pass.is_undone) || is_in_effect(pass, all))) named.push_back(pass);
    const bool is_last = !options.pass && !options.to && !named.empty();
    if (is_it || is_last) break;
  }
  return named;
}

}  // namespace syncline::cli
