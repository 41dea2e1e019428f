// What the stages of one pass share, by who needs what of it. Each replica has its own; the source
// is one for all.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "filesystem/calls.h"
#include "pass/books.h"
#include "pass/brakes.h"
#include "pass/census.h"
#include "pass/file_systems.h"
#include "pass/handles.h"
#include "pass/memory.h"
#include "pass/replica.h"
#include "pass/source.h"
#include "pass/terms.h"
#include "pass/throttle.h"

#include <cstdint>
#include <optional>
#include <stop_token>

namespace syncline::engine {

class Recorder;

/// Of one replica. Thread-safe once built, as far as its parts are.
struct Pass {
  /// `index`: nullptr for none. `free_bytes`: see Room.
  /// `of`: must outlive it.
  Pass(const Options& asked, Source& of, std::stop_token stop, Privileges may,
       bool destination_is_ours, OpenLimits may_be_open, index::Index* index,
       std::optional<std::uint64_t> free_bytes = {});

  Terms terms;
  Brakes brakes;
  Source& source;
  FileSystems<SourceSide> source_file_systems;
  Handles handles;  ///< of the destination
  Replica replica;
  Memory memory;
  Census census;
  Books books;
  Throttle throttle;
  Recorder* recorder = nullptr;        ///< constant once the walk begins: who tells of it
  filesystem::Calls* calls = nullptr;  ///< likewise; those that it makes
};

}  // namespace syncline::engine
