// A pass whose source is no folder of this machine, onto one destination or several.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/open_folder.h"
#include "index/index.h"
#include "pass/source.h"
#include "support/passes.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace syncline::test {

/// What a source is mirrored onto.
struct Destination {
  std::shared_ptr<const filesystem::OpenFolder> folder;
  index::Index* index = nullptr;             ///< none: nothing is remembered
  std::function<void(const Event&)> hook{};  ///< after each event of this one
  std::stop_token stop{};                    ///< ends this one alone
};

/// That folder of this machine.
Destination folder_at(const std::string& path);

/// Mirrors `source` onto `destination`, as run_pass() does.
Pass run_from(engine::Source& source, const std::string& destination, const Options& options = {});
/// Likewise onto all of them, in one walk.
std::vector<Pass> run_from(engine::Source& source, const std::vector<Destination>& destinations,
                           const Options& options = {});

/// Tells what that would do to `destination`, which need be no folder of this machine either.
Pass tell_from(engine::Source& source, std::shared_ptr<const filesystem::OpenFolder> destination,
               const Options& options = {});
std::vector<Pass> tell_from(engine::Source& source, const std::vector<Destination>& destinations,
                            Options options = {});

}  // namespace syncline::test
