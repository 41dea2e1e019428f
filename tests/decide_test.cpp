// What is done with a file that was read, from values alone.
//
// SPDX-License-Identifier: MIT
#include "content/decide.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace syncline::engine {
namespace {

const Privileges root{.any_owner = true, .capabilities = true, .any_access = true, .groups = {}};

Fingerprint fingerprint(unsigned char first) {
  Fingerprint fingerprint;
  fingerprint.digest.md5[0] = std::byte{first};
  fingerprint.tag = Tag{};
  (*fingerprint.tag)[0] = std::byte{first};
  return fingerprint;
}

Entry entry(std::uint64_t inode, std::int64_t mtime_s) {
  Entry entry;
  entry.mode = 0644;
  entry.identity = {.id = {.device = 1, .inode = inode},
                    .size = 5,
                    .mtime = {.seconds = mtime_s, .nanoseconds = 1},
                    .ctime = {.seconds = 500, .nanoseconds = 1}};
  return entry;
}

/// A file that both sides have, of one size and mtime, known and read on both sides.
struct Read {
  Read() {
    task.source = entry(11, 100);
    task.destination = entry(22, 100);
    task.known = Remembered{.source = task.source.identity,
                            .destination = task.destination->identity,
                            .fingerprint = fingerprint(1),
                            .source_proved = true,
                            .destination_proved = true};
  }
  [[nodiscard]] Decision decided() const {
    FileTask copy = task;
    LoadedFile file{std::move(copy)};
    file.progress = progress;
    file.fingerprint = fingerprint(content);
    return decide(file, {.means = {.user = root, .holds = {}, .compared = {}},
                         .trust = {},
                         .keep_doubtful = keep_doubtful});
  }

  FileTask task;
  Progress progress = Progress::loaded;
  unsigned char content = 1;
  bool keep_doubtful = false;
};

template <typename Wanted>
bool is(const Decision& decision) {
  return std::holds_alternative<Wanted>(decision);
}

std::optional<Cause> cause_of(const Decision& decision) {
  const auto* publish = std::get_if<decision::Publish>(&decision);
  return publish != nullptr ? std::optional{publish->cause} : std::nullopt;
}

std::optional<decision::Rot::Destination> rot_of(const Decision& decision) {
  const auto* rot = std::get_if<decision::Rot>(&decision);
  return rot != nullptr ? std::optional{rot->destination} : std::nullopt;
}

TEST(Decide, equal_files_are_left_or_get_their_metadata) {
  Read read;
  read.progress = Progress::equal;
  EXPECT_TRUE(is<decision::Leave>(read.decided()));
  ++read.task.source.identity.mtime.seconds;
  EXPECT_TRUE(is<decision::SetMetadata>(read.decided()));
  read.task.destination->links = 2;
  EXPECT_EQ(cause_of(read.decided()), Cause::edited) << "other names would change with it";
  read.task.destination->links = 1;
  read.task.source.uid = 7;
  const Decision decided = read.decided();
  const auto* publish = std::get_if<decision::Publish>(&decided);
  ASSERT_NE(publish, nullptr) << "it would change hands";
  EXPECT_TRUE(publish->is_equal);
}

TEST(Decide, a_new_file_is_published) {
  Read read;
  read.task.destination.reset();
  read.task.known.reset();
  EXPECT_EQ(cause_of(read.decided()), Cause::edited);
}

TEST(Decide, an_unknown_pair_of_one_mtime_and_other_bytes_is_doubtful) {
  Read read;
  read.task.known.reset();
  EXPECT_EQ(cause_of(read.decided()), Cause::doubtful);
  read.keep_doubtful = true;
  EXPECT_TRUE(is<decision::Doubt>(read.decided()));
  ++read.task.source.identity.mtime.seconds;
  EXPECT_EQ(cause_of(read.decided()), Cause::edited);
}

TEST(Decide, the_side_that_moved_has_changed) {
  Read read;
  read.content = 2;
  ++read.task.source.identity.ctime.seconds;
  EXPECT_EQ(cause_of(read.decided()), Cause::silent_source);
  ++read.task.source.identity.mtime.seconds;
  EXPECT_EQ(cause_of(read.decided()), Cause::edited);

  Read other;
  ++other.task.destination->identity.ctime.seconds;
  EXPECT_EQ(cause_of(other.decided()), Cause::silent_destination);
  ++other.task.destination->identity.mtime.seconds;
  EXPECT_EQ(cause_of(other.decided()), Cause::edited);

  Read both;
  both.content = 2;
  ++both.task.source.identity.ctime.seconds;
  ++both.task.destination->identity.ctime.seconds;
  EXPECT_EQ(cause_of(both.decided()), Cause::doubtful);
}

TEST(Decide, a_destination_that_changed_under_its_identity_is_repaired) {
  EXPECT_EQ(cause_of(Read{}.decided()), Cause::rotten_destination);
}

TEST(Decide, a_source_that_changed_under_its_identity_is_rot_once_the_destination_was_asked) {
  Read read;
  read.content = 2;
  EXPECT_TRUE(is<decision::CheckDestination>(read.decided()));
  read.task.is_rotten = true;
  EXPECT_EQ(rot_of(read.decided()), decision::Rot::Destination::other);
  read.content = 1;
  EXPECT_EQ(rot_of(read.decided()), decision::Rot::Destination::good);
  read.progress = Progress::changed;
  EXPECT_EQ(rot_of(read.decided()), decision::Rot::Destination::unread);

  Read alone;
  alone.content = 2;
  alone.task.destination.reset();
  EXPECT_EQ(rot_of(alone.decided()), decision::Rot::Destination::unread);
  Read both;
  both.content = 2;
  both.progress = Progress::equal;
  EXPECT_EQ(rot_of(both.decided()), decision::Rot::Destination::other);
}

TEST(Decide, one_side_is_told_from_the_other_by_what_is_known) {
  Read read;
  read.task.reads = Reads::source;
  ++read.task.source.identity.ctime.seconds;
  EXPECT_TRUE(is<decision::Leave>(read.decided()));
  read.content = 2;
  EXPECT_EQ(cause_of(read.decided()), Cause::silent_source) << "its bytes are in hand";
  read.task.source.identity.size = read.task.destination->identity.size = 1U << 30U;
  EXPECT_TRUE(is<decision::ReadBoth>(read.decided())) << "they are not";
  read.task.reads = Reads::destination;
  EXPECT_TRUE(is<decision::ReadBoth>(read.decided()));
}

TEST(Decide, a_digest_without_a_tag_tells_nothing_of_one_side) {
  Read read;
  read.task.reads = Reads::source;
  read.task.known->source_proved = false;
  read.task.known->fingerprint->tag.reset();
  EXPECT_TRUE(is<decision::ReadBoth>(read.decided()));
}

TEST(Decide, what_cannot_be_read_in_the_destination_is_replaced) {
  Read read;
  read.task.unreadable = 5;
  EXPECT_EQ(cause_of(read.decided()), Cause::unreadable);
}

TEST(Decide, what_changes_under_the_reading_is_read_three_times) {
  Read read;
  read.progress = Progress::changed;
  EXPECT_TRUE(is<decision::ReadAgain>(read.decided()));
  read.task.attempt = 2;
  EXPECT_TRUE(is<decision::ReadAgain>(read.decided()));
  read.task.attempt = 3;
  EXPECT_TRUE(is<decision::GiveUp>(read.decided()));
  read.task.reads = Reads::destination;
  EXPECT_TRUE(is<decision::ReadBoth>(read.decided()));
}

TEST(Decide, what_did_not_get_so_far_is_told_or_dropped) {
  Read read;
  read.progress = Progress::held;
  EXPECT_TRUE(is<decision::AskAgain>(read.decided()));
  read.progress = Progress::failed;
  EXPECT_TRUE(is<decision::Report>(read.decided()));
  read.progress = Progress::dropped;
  EXPECT_TRUE(is<decision::Drop>(read.decided()));
}

}  // namespace
}  // namespace syncline::engine
