// Interrupted copies between users: what another user makes bear a copy's name, while he may rename
// in its folder or after he could once, ends in an ordinary copy. What gets root's file's name has
// root's bytes, and he gets none of them.
//
// SPDX-License-Identifier: MIT
#include "support/forged_journal.h"

#include "content/journal.h"
#include "filesystem/directory.h"
#include "support/acl.h"
#include "support/attributes.h"
#include "support/between_users.h"
#include "support/disk.h"
#include "support/index.h"
#include "support/interference.h"

#include "syncline/digest.h"

#include <fcntl.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using Call = filesystem::syscalls::Call;

constexpr std::uint64_t mebibyte = 1 << 20;
constexpr std::uint64_t large = 7 * mebibyte + 5;

// Of no pattern that a page repeats.
std::string bytes_like(char seed) {
  std::string bytes(large, '\0');
  auto state = static_cast<std::uint64_t>(seed);
  for (char& byte : bytes) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    byte = static_cast<char>(state >> 56U);
  }
  return bytes;
}

// Made when they are first asked for: else every test's process makes them.
const std::string& roots_bytes() {
  static const std::string bytes = bytes_like('r');
  return bytes;
}

const std::string& his_bytes() {
  static const std::string bytes = bytes_like('h');
  return bytes;
}

void change_byte(const std::string& path, std::uint64_t place) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(place));
  const int old = file.get();
  file.seekp(static_cast<std::streamoff>(place));
  file.put(static_cast<char>(old ^ 1));
}

/// Root's file "large" in a folder that is the stranger's on both sides.
class Forged : public BetweenUsers {
 protected:
  void SetUp() override {
    BetweenUsers::SetUp();
    if (IsSkipped()) return;
    give_him_folders();
    put(file("his/large", roots_bytes()).mode(0600), source);
    let_age(source);
  }

  [[nodiscard]] Options how(bool has_index = true) const {
    Options how = between(source, destination);
    how.keep_partial_from = mebibyte;
    if (has_index) how.index = index_place::File{index};
    return how;
  }

  /// From now on both are root's.
  void take_folders_from_him() const {
    for (const std::string& root : {source, destination})
      ASSERT_EQ(::chown((root + "/his").c_str(), 0, 0), 0);
    let_age(source);
  }

  /// What a kill leaves of root's copying a file of his, whose bytes are `content` and a journal;
  /// he gives it the name of the copy of root's file.
  void plant_forged_copy(const std::string& content) const {
    const std::string left = his + "/.syncline-0123456789abcdef.tmp";
    put(file("his/.syncline-0123456789abcdef.tmp").mode(0600), destination);
    forge_copy(left, content, source + "/his/large");
    ASSERT_TRUE(as_stranger([&] {
      fs::rename(left, part);
      return true;
    }));
  }

  /// A pass that is stopped when it has copied some of the file, by the so manieth write.
  void interrupt(const Options& options, int number = 9) const {
    std::stop_source stop;
    const Interference at(
        number, [&] { stop.request_stop(); }, Call::write);
    EXPECT_EQ(run_pass(options, {}, stop.get_token()).status(), Status::stopped);
    EXPECT_TRUE(at.happened());
  }

  /// A pass that makes an ordinary copy of whatever is there.
  [[nodiscard]] Pass completed(const Options& options) const {
    Pass pass = run_ok(options);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
    if (fs::exists(index)) {
      EXPECT_TRUE(claims_nothing_false(index, source, destination));
    }
    return pass;
  }

  static bool was_resumed(const Pass& pass) {
    const Action* const action = pass.action_at("his/large");
    return action != nullptr && action->reason.resumed_bytes > 0;
  }

  const std::string his = destination + "/his";
  const std::string part = his + '/' + partial_name_of("large");
  const std::string index = ours + "/index";
};

TEST_P(Forged, copy_is_not_taken_up_where_he_may_rename) {
  for (const bool has_index : {true, false}) {
    plant_forged_copy(his_bytes());
    const Pass pass = completed(how(has_index));
    EXPECT_FALSE(was_resumed(pass));
    EXPECT_EQ(pass.summary.cleaned, 1U);
    remove(destination, "his/large");
  }
}

TEST_P(Forged, copy_is_not_believed_where_he_could_rename_once) {
  for (const bool has_index : {true, false}) {
    plant_forged_copy(his_bytes());
    take_folders_from_him();
    std::ignore = completed(how(has_index));
    fs::remove(his + "/large");
    ASSERT_EQ(::chown(his.c_str(), stranger_id, stranger_id), 0);
  }
}

// Half of it is right: only a comparison with the source can tell.
TEST_P(Forged, copy_is_compared_byte_by_byte) {
  std::string nearly = roots_bytes();
  nearly[large / 2] ^= 1;
  for (const bool has_index : {true, false}) {
    plant_forged_copy(nearly);
    take_folders_from_him();
    const Pass pass = completed(how(has_index));
    EXPECT_TRUE(was_resumed(pass));
    EXPECT_LE(pass.summary.bytes_written, 2 * mebibyte);
    fs::remove(his + "/large");
    ASSERT_EQ(::chown(his.c_str(), stranger_id, stranger_id), 0);
  }
}

// Who could read it once can read what is written to it now.
TEST_P(Forged, copy_is_not_written_to_where_he_has_it_open) {
  for (const bool has_index : {true, false}) {
    plant_forged_copy(his_bytes());
    fs::permissions(part, fs::perms(0644));
    const Descriptor held = opened_by_stranger(part, O_RDONLY);
    ASSERT_GE(held.get(), 0);
    fs::permissions(part, fs::perms(0600));
    take_folders_from_him();
    EXPECT_FALSE(was_resumed(completed(how(has_index))));
    EXPECT_EQ(read_through(held).find(roots_bytes().substr(mebibyte, 64)), std::string::npos);
    fs::remove(his + "/large");
    ASSERT_EQ(::chown(his.c_str(), stranger_id, stranger_id), 0);
  }
}

TEST_P(Forged, copy_that_others_may_read_is_begun_anew) {
  plant_forged_copy(roots_bytes());
  fs::permissions(part, fs::perms(0640));
  take_folders_from_him();
  EXPECT_FALSE(was_resumed(completed(how())));
}

TEST_P(Forged, journal_of_one_inode_says_nothing_of_another) {
  take_folders_from_him();
  interrupt(how());
  ASSERT_TRUE(fs::exists(part));
  // Root's own backup of it, say: all its bytes but one are the same.
  const std::string other = his + "/other";
  fs::copy_file(part, other);
  change_byte(other, 17);
  fs::rename(other, part);
  std::ignore = completed(how());
}

/// Whether `copy` counts as one that was begun under such a seal.
bool is_authentic(const filesystem::File& copy, const engine::JournalSeal& seal) {
  const auto owner = engine::Journal::owner_of(copy, seal);
  return owner && owner->is_authentic;
}

TEST_P(Forged, journal_is_of_one_copy_in_one_folder_under_one_key) {
  const auto folder = filesystem::Directory::open_root(ours);
  const engine::JournalSeal seal{.key = {std::byte{1}}, .folder_inode = 7};
  engine::CopyOwner owner{.name = "large", .source = {}};
  owner.source.size = mebibyte;
  std::uint64_t inode = 0;
  {
    auto copy = folder.create_file("copy");
    engine::Journal(copy, owner, seal).close();
    EXPECT_TRUE(is_authentic(copy, seal));
    EXPECT_FALSE(is_authentic(copy, {.key = {std::byte{2}}, .folder_inode = 7}));
    EXPECT_FALSE(is_authentic(copy, {.key = {std::byte{1}}, .folder_inode = 8}));
    inode = copy.look().identity.id.inode;
  }
  fs::copy_file(ours + "/copy", ours + "/other");
  EXPECT_FALSE(is_authentic(folder.open_file("other"), seal));
  // What gets the number of an inode that is gone is another one all the same.
  fs::remove(ours + "/copy");
  fs::copy_file(ours + "/other", ours + "/again");
  const auto again = folder.open_file("again");
  EXPECT_FALSE(is_authentic(again, seal));
  RecordProperty("number came again", again.look().identity.id.inode == inode ? "yes" : "no");
}

TEST_P(Forged, copies_that_change_places_end_as_they_should) {
  take_folders_from_him();
  put(folder("other"), source);
  put(file("other/large", his_bytes()).mode(0600), source);
  let_age(source);
  std::stop_source stop;
  {
    const Interference at(
        12, [&] { stop.request_stop(); }, Call::write);
    std::ignore = run_pass(how(), {}, stop.get_token());
  }
  const std::string other = destination + "/other/" + partial_name_of("large");
  for (const std::string& path : {part, other})
    if (!fs::exists(path)) std::ofstream(path) << "nothing";
  fs::rename(part, part + "x");
  fs::rename(other, part);
  fs::rename(part + "x", other);
  std::ignore = completed(how());
}

TEST_P(Forged, copy_is_gone_on_with_in_a_folder_of_roots_own) {
  take_folders_from_him();
  interrupt(how());
  const Pass pass = completed(how());
  EXPECT_TRUE(was_resumed(pass));
  EXPECT_LT(pass.summary.bytes_read, large) << "kept bytes were read";
}

// A list that says nothing while nobody but the owner has rights, and all once the group gets some.
TEST_P(Forged, copy_is_gone_on_with_without_the_list_that_it_had) {
  set_mode(source, "his/large", 0640);
  for (const bool keeps_mode : {true, false}) {
    for (const std::string& root : {source, destination}) set_mode(root, "his", 0755);
    take_folders_from_him();
    Options options = how();
    options.metadata.mode = keeps_mode;
    interrupt(options);
    ASSERT_TRUE(fs::exists(part));
    set_attribute(destination, "his/" + fs::path(part).filename().string(), access_acl_name,
                  acl({user_entry(stranger_id, 7), owning_group_entry(0)}, 0600));
    EXPECT_TRUE(was_resumed(run_ok(options)));
    EXPECT_FALSE(read_attributes(his + "/large").contains(access_acl_name)) << keeps_mode;
    EXPECT_LT(opened_by_stranger(his + "/large", O_RDONLY).get(), 0) << keeps_mode;
    fs::remove(his + "/large");
  }
}

TEST_P(Forged, copy_is_compared_once_the_key_is_lost) {
  for (const bool is_changed : {false, true}) {
    take_folders_from_him();
    interrupt(how());
    if (is_changed) change_byte(part, 17);
    for (const char* const end : {"", "-wal", "-shm"}) fs::remove(index + end);
    const Pass pass = completed(how());
    EXPECT_TRUE(was_resumed(pass));
    EXPECT_GE(pass.summary.bytes_read, large) << "not compared with the source";
    EXPECT_LT(pass.summary.bytes_written, large) << "what was kept is written anew";
    fs::remove(his + "/large");
  }
}

// As the source has it: a folder that is to be closed is closed first.
TEST_P(Forged, copy_is_given_up_where_others_may_write_by_now) {
  using Change = std::function<void(const std::string& root)>;
  const auto mode = [](std::uint32_t bits) -> Change {
    return [bits](const std::string& root) { set_mode(root, "his", bits); };
  };
  const std::vector<Change> changes{
      mode(0775), mode(01777),
      [](const std::string& root) {
        set_attribute(root, "his", access_acl_name,
                      acl({user_entry(stranger_id, 7), owning_group_entry(5)}, 0775));
      },
      [](const std::string& root) {
        ASSERT_EQ(::chown((root + "/his").c_str(), stranger_id, 0), 0);
      }};
  for (const Change& change : changes) {
    take_folders_from_him();
    for (const std::string& root : {source, destination}) set_mode(root, "his", 0755);
    interrupt(how());
    ASSERT_TRUE(fs::exists(part));
    for (const std::string& root : {source, destination}) change(root);
    const Pass pass = completed(how());
    EXPECT_FALSE(was_resumed(pass));
    EXPECT_FALSE(fs::exists(part));
    fs::remove(his + "/large");
  }
}

// At the very moment when it is taken up.
TEST_P(Forged, copy_is_given_up_where_others_may_write_since_it_was_listed) {
  take_folders_from_him();
  interrupt(how());
  ASSERT_TRUE(fs::exists(part));
  {
    // Which is first looked at by name, then opened to be read.
    const AtName at("large", 4, [&] { fs::permissions(his, fs::perms(0777)); });
    const Pass pass = run_ok(how());
    EXPECT_TRUE(at.happened());
    EXPECT_FALSE(was_resumed(pass));
  }
  EXPECT_FALSE(fs::exists(part));
  std::ignore = completed(how());
}

TEST_P(Forged, nothing_is_left_where_he_may_rename) {
  for (const bool has_index : {true, false}) {
    interrupt(how(has_index), 3);
    EXPECT_EQ(temporaries_in(destination), std::vector<std::string>{});
  }
}

INSTANTIATE_TEST_SUITE_P(On, Forged, disks_of_attacks(), name_of_disk);

}  // namespace
}  // namespace syncline::test
