// SPDX-License-Identifier: MIT
#include "pass/pass.h"

#include "pass/secrets.h"

#include <utility>

namespace syncline::engine {
namespace {

Memory::Writes writes_of(const Options& options) {
  if (!options.dry_run) return Memory::Writes::all;
  if (options.read_to_decide) return Memory::Writes::proofs_and_apart;
  return options.rehash ? Memory::Writes::proofs : Memory::Writes::apart;
}

}  // namespace

Pass::Pass(const Options& asked, Source& of, std::stop_token stop, Privileges may,
           bool destination_is_ours, OpenLimits may_be_open, index::Index* index,
           std::optional<std::uint64_t> free_bytes)
    : terms(asked, std::move(may), destination_is_ours, may_be_open,
            index != nullptr ? index->secrets() : fresh_secrets()),
      brakes(std::move(stop)),
      source(of),
      handles(Side::destination, may_be_open.folders, terms.privileges, !asked.dry_run),
      replica(asked.flush, may_be_open.unnamed, free_bytes),
      memory(index, writes_of(asked), brakes),
      throttle(asked.bytes_per_second, brakes.token()) {}

}  // namespace syncline::engine
