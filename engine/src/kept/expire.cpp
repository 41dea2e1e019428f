// SPDX-License-Identifier: MIT
#include "kept/expire.h"

#include <algorithm>
#include <cstddef>

namespace syncline::kept {
namespace {

using std::chrono::system_clock;

constexpr std::chrono::seconds least_age = std::chrono::hours{24};

system_clock::time_point beginning_of(const PassRow& pass) {
  return system_clock::time_point{std::chrono::seconds{pass.began_s}};
}

}  // namespace

std::vector<PassRow> expired(const std::vector<PassRow>& passes, const Undo& limits,
                             std::optional<std::uint64_t> most_bytes,
                             system_clock::time_point now) {
  std::uint64_t bytes = 0;
  for (const PassRow& pass : passes) bytes += pass.bytes_kept;
  std::vector<PassRow> gone;
  for (std::size_t left = passes.size(); left > 1; --left) {
    const PassRow& oldest = passes[left - 1];
    const auto age = now - beginning_of(oldest);
    if (age < least_age) break;
    const bool is_old = age > limits.keep_for;
    const bool is_one_too_many = limits.most_passes && left > *limits.most_passes;
    const bool is_too_much = most_bytes && bytes > *most_bytes;
    if (!is_old && !is_one_too_many && !is_too_much) break;
    bytes -= std::min(bytes, oldest.bytes_kept);
    gone.push_back(oldest);
  }
  return gone;
}

std::optional<PassRow> expendable(const std::vector<PassRow>& passes,
                                  system_clock::time_point now) {
  constexpr std::size_t spared = 2;
  if (passes.size() <= spared || now - beginning_of(passes.back()) < least_age) return std::nullopt;
  return passes.back();
}

std::optional<system_clock::time_point> expires_at(const PassRow& pass,
                                                   const std::vector<PassRow>& passes,
                                                   std::chrono::seconds keep_for) {
  if (passes.empty() || passes.front().id == pass.id) return std::nullopt;
  return beginning_of(pass) + std::max(keep_for, least_age);
}

// By whom it is interrupted, it is gone on with.
void expire(Store& store, Journal& journal, const PassRow& pass) {
  journal.set_expiring(pass.id);
  journal.commit();
  for (const std::string& place : journal.places(pass.id)) store.remove(place, folder_name(pass));
  journal.forget(pass.id);
  journal.commit();
}

}  // namespace syncline::kept
