// SPDX-License-Identifier: MIT
#include "applying/step_file.h"

#include "filesystem/random.h"
#include "filesystem/system_error.h"
#include "index/sqlite.h"

#include <array>
#include <cstring>
#include <string>

namespace syncline::applying {
namespace {

using filesystem::SystemError;

// A slot: where a record begins, and as much of the hash as there is room for. 0: it is free.
constexpr unsigned offset_bits = 40;
constexpr std::uint64_t offset_mask = (std::uint64_t{1} << offset_bits) - 1;

// Four in five taken: two and a half are looked at until a free one comes.
constexpr std::size_t slots_for(std::uint64_t steps) {
  return steps + steps / 4 + 1;
}

struct Head {
  std::uint64_t number = 0;
  std::uint32_t path_bytes = 0;
  std::uint32_t facts_bytes = 0;

  [[nodiscard]] std::size_t record_bytes() const { return sizeof(Head) + path_bytes + facts_bytes; }
};

template <typename Work>
auto on_disk(Work work) {
  try {
    return work();
  } catch (const SystemError& error) {
    throw index::SqliteError(error.what());
  }
}

tag::Tagger random_tagger() {
  tag::Tagger::Secret secret;
  filesystem::fill_with_random(secret);
  return tag::Tagger{secret};
}

Head head_of(std::string_view record) {
  Head head;
  if (record.size() < sizeof head) throw index::SqliteError("a list of steps is cut short");
  std::memcpy(&head, record.data(), sizeof head);
  return head;
}

std::span<std::uint64_t> as_slots(std::span<std::byte> bytes) {
  return {reinterpret_cast<std::uint64_t*>(bytes.data()), bytes.size() / sizeof(std::uint64_t)};
}

}  // namespace

StepFile::StepFile(PlanReader& plan, const std::function<void(const PlanStep&)>& seen)
    : tagger_(random_tagger()),
      records_(on_disk([] { return RecordFile{}; })),
      memory_(on_disk([&] {
        return filesystem::ScratchMemory{slots_for(plan.steps()) * sizeof(std::uint64_t)};
      })),
      slots_(as_slots(memory_.bytes())) {
  plan.rewind();
  while (const auto step = plan.next()) {
    on_disk([&] { add(*step); });
    seen(*step);
  }
  on_disk([&] { records_.finish(); });
}

void StepFile::add(const PlanStep& step) {
  const std::string path = step.action.path.whole();
  const std::string facts = packed(step);
  const Head head{.number = step.number,
                  .path_bytes = static_cast<std::uint32_t>(path.size()),
                  .facts_bytes = static_cast<std::uint32_t>(facts.size())};
  std::string record(sizeof head, '\0');
  std::memcpy(record.data(), &head, sizeof head);
  const std::uint64_t offset = records_.add((record += path) += facts);
  const Place place = place_of(path);
  std::size_t slot = place.slot;
  while (slots_[slot] != 0) slot = (slot + 1) % slots_.size();
  slots_[slot] = place.mark | (offset + 1);
}

StepFile::Place StepFile::place_of(std::string_view path) const {
  const Tag tag = tagger_.of(std::as_bytes(std::span{path}));
  std::array<std::uint64_t, 2> words;
  static_assert(sizeof words == sizeof tag);
  std::memcpy(words.data(), &tag, sizeof words);
  return {.slot = words[0] % slots_.size(), .mark = words[1] & ~offset_mask};
}

std::vector<StepFile::Found> StepFile::find(std::string_view path) const {
  constexpr std::size_t likely_facts = 256;
  std::vector<Found> found;
  const Place place = place_of(path);
  on_disk([&] {
    for (std::size_t slot = place.slot; slots_[slot] != 0; slot = (slot + 1) % slots_.size()) {
      if ((slots_[slot] & ~offset_mask) != place.mark) continue;
      const std::uint64_t offset = (slots_[slot] & offset_mask) - 1;
      std::string record = records_.read(offset, sizeof(Head) + path.size() + likely_facts);
      const Head head = head_of(record);
      if (std::string_view{record}.substr(sizeof head, head.path_bytes) != path) continue;
      if (record.size() < head.record_bytes()) record = records_.read(offset, head.record_bytes());
      const std::string_view facts = std::string_view{record}.substr(sizeof head + path.size());
      found.push_back({.number = head.number, .step = unpacked(facts)});
    }
  });
  return found;
}

void StepFile::for_each_path(const std::function<void(std::string_view path)>& use) const {
  on_disk([&] {
    for (std::uint64_t offset = 0; offset < records_.size();) {
      const Head head = head_of(records_.read(offset, sizeof head));
      use(records_.read(offset + sizeof head, head.path_bytes));
      offset += head.record_bytes();
    }
  });
}

}  // namespace syncline::applying
