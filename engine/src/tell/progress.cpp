// SPDX-License-Identifier: MIT
#include "tell/progress.h"

#include <algorithm>

namespace syncline {
namespace {

using Clock = std::chrono::steady_clock;

// The parts are read one after the other while they grow, and what a stage counted early is put
// right by a later one: no part may come out above its whole.
Tally within(const Tally& part, const Tally& whole) {
  constexpr auto wrapped = std::uint64_t{1} << 63U;
  return {.entries = std::min(part.entries, whole.entries),
          .bytes = part.bytes >= wrapped ? 0 : std::min(part.bytes, whole.bytes)};
}

Progress look(const engine::Census& census, const engine::Books& books) {
  Progress now;
  now.stage = books.stage;
  now.source = census.source.value();
  now.work = books.work.value();
  now.done = within(books.done.value(), now.work);
  now.bytes_written = books.bytes_written;
  now.to_secure = books.to_secure;
  now.secured =
      within({.entries = 0, .bytes = books.secured}, {.entries = 0, .bytes = now.to_secure}).bytes;
  now.links.entries = books.links;
  now.linked = within({.entries = books.linked, .bytes = 0}, now.links);
  now.unwanted = census.extraneous.value() + census.gone.value();
  now.removed = within(books.removed.value(), now.unwanted);
  return now;
}

}  // namespace

Followed::Followed(ProgressProbe* probe, Time started) : probe_(probe) {
  if (probe_ == nullptr) return;
  probe_->follow([started] {
    Progress now;
    now.elapsed = Clock::now() - started;
    return now;
  });
}

Followed::Followed(ProgressProbe* probe, Time started, const engine::Pass& pass,
                   const engine::Recorder& recorder, std::optional<Tally> expected)
    : probe_(probe) {
  if (probe_ == nullptr) return;
  probe_->follow([started, &pass, &recorder, expected] {
    Progress now = look(pass.census, pass.books);
    now.elapsed = Clock::now() - started;
    now.expected = expected;
    now.verifies = pass.terms.options.verify;
    now.path = pass.books.under_way.oldest();
    now.failures = recorder.failures();
    return now;
  });
}

Followed::~Followed() {
  if (probe_ != nullptr) probe_->follow({});
}

const char* to_string(Stage stage) {
  switch (stage) {
    case Stage::opening:
      return "opening";
    case Stage::walking:
      return "walking";
    case Stage::copying:
      return "copying";
    case Stage::linking:
      return "linking";
    case Stage::deleting:
      return "deleting";
    case Stage::flushing:
      return "flushing";
  }
  return "";
}

}  // namespace syncline
