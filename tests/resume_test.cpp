// Copies that are interrupted and gone on with. Whatever is done meanwhile to the copy, its journal
// or the source, what gets the file's name has the source's bytes; and what need not be read again
// is not.
//
// SPDX-License-Identifier: MIT
#include "filesystem/syscalls.h"
#include "support/bent_kernel.h"
#include "support/disk.h"
#include "support/index.h"
#include "support/interference.h"
#include "support/mounted_image.h"
#include "support/passes.h"
#include "support/random_tree.h"
#include "support/tree.h"
#include "support/two_roots.h"

#include "syncline/mirror.h"
#include "syncline/progress.h"

#include <sys/stat.h>
#include <unistd.h>

#include <grp.h>
#include <gtest/gtest.h>
#include <pwd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
namespace syscalls = filesystem::syscalls;
using syscalls::Call;

constexpr std::uint64_t mebibyte = 1 << 20;
// What every stream of a stripe may have in hand.
constexpr std::uint64_t under_way = 2 * mebibyte;
constexpr std::uint64_t large = 2 * chunk_bytes + 5;

/// The same each time.
const std::string& some_bytes(std::uint64_t size, std::uint64_t seed = 1) {
  static std::map<std::pair<std::uint64_t, std::uint64_t>, std::string> made;
  std::string& bytes = made[{size, seed}];
  if (!bytes.empty()) return bytes;
  std::mt19937_64 random{seed};
  std::vector<std::uint64_t> words(size / sizeof(std::uint64_t) + 1);
  for (auto& word : words) word = random();
  return bytes.assign(reinterpret_cast<const char*>(words.data()), size);
}

void write(const std::string& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::uint64_t device_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_dev : 0;
}

class Resume : public TwoRoots {
 protected:
  [[nodiscard]] Options how() const {
    Options how = options();
    how.keep_partial_from = mebibyte;
    how.index = index_place::File{home / "index"};
    return how;
  }

  [[nodiscard]] std::vector<std::string> parts() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(destination))
      if (entry.path().extension() == ".part") found.push_back(entry.path().string());
    return found;
  }
  [[nodiscard]] std::string part() const {
    const auto found = parts();
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? "" : found.front();
  }

  void given_large(std::uint64_t size = large, const std::string& name = "large") const {
    given_source({file(name, some_bytes(size))});
    let_age(source);
  }

  void given_other_large() const {
    remove(source, "large");
    put(file("large", some_bytes(large, 3)), source);
  }

  /// A pass that is stopped at the n-th call of that kind.
  static Pass stopped_at(Call call, int number, const Options& options) {
    std::stop_source stop;
    const Interference at(
        number, [&] { stop.request_stop(); }, call);
    Pass pass = run_pass(options, {}, stop.get_token());
    EXPECT_TRUE(at.happened());
    EXPECT_EQ(pass.status(), Status::stopped);
    return pass;
  }
  [[nodiscard]] Pass stopped() const { return stopped_at(Call::write, 20, how()); }

  /// A pass that ends well and leaves nothing of it.
  [[nodiscard]] Pass completed(const Options& options) const {
    Pass pass = run_ok(options);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
    EXPECT_EQ(parts(), std::vector<std::string>{});
    return pass;
  }
  [[nodiscard]] Pass completed() const { return completed(how()); }

  static bool was_resumed(const Pass& pass, const std::string& path = "large") {
    const Action* const action = pass.action_at(path);
    return action != nullptr && action->reason.resumed_bytes > 0;
  }

  static void change_byte(const std::string& path, std::uint64_t place) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(place));
    const int old = file.get();
    file.seekp(static_cast<std::streamoff>(place));
    file.put(static_cast<char>(old ^ 1));
  }
};

TEST_F(Resume, goes_on_and_reads_nothing_twice) {
  given_large();
  const Pass first = stopped();
  ASSERT_EQ(first.notices.size(), 1U);
  EXPECT_EQ(first.notices.front().code, NoticeCode::copy_kept);
  EXPECT_TRUE(fs::exists(part()));
  const Pass second = completed();
  EXPECT_TRUE(was_resumed(second)) << to_string(second.action_at("large")->reason.code);
  EXPECT_LE(first.summary.bytes_read + second.summary.bytes_read, large + under_way);
  EXPECT_LE(first.summary.bytes_written + second.summary.bytes_written, large + under_way);
}

TEST_F(Resume, goes_on_many_times) {
  given_large();
  std::uint64_t read = 0;
  int times = 0;
  for (bool is_over = false; !is_over; ++times) {
    std::stop_source stop;
    const Interference at(
        9, [&] { stop.request_stop(); }, Call::write);
    const Pass pass = run_pass(how(), {}, stop.get_token());
    read += pass.summary.bytes_read;
    is_over = pass.action_at("large") != nullptr;
    ASSERT_LT(times, 100);
  }
  EXPECT_GT(times, 3);
  EXPECT_LE(read, large + static_cast<std::uint64_t>(times) * under_way);
  std::ignore = completed();
}

TEST_F(Resume, proves_what_it_made) {
  given_large();
  std::ignore = stopped();
  EXPECT_TRUE(was_resumed(completed()));
  EXPECT_TRUE(claims_nothing_false(home / "index", source, destination));
  EXPECT_EQ(completed().summary.bytes_read, 0U);
}

TEST_F(Resume, is_for_what_openssl_hashes_too) {
  given_large();
  Options by_openssl = how();
  by_openssl.digest_backend = DigestBackend::evp;
  std::ignore = stopped();
  EXPECT_TRUE(was_resumed(completed(by_openssl)));
}

// A group is flushed before any of it gets a name; that may take long, and is stopped between two
// files.
TEST_F(Resume, does_not_end_before_the_flush) {
  given_source({file("a", some_bytes(large, 1)), file("b", some_bytes(large, 2))});
  given_destination({});
  let_age(source);
  Pass first;
  {
    BentKernel kernel;
    kernel.pretend_type(0xEF53);  // ext4, where files are flushed
    std::stop_source stop;
    kernel.at_first_rename([&] { stop.request_stop(); });
    first = run_pass(how(), {}, stop.get_token());
  }
  ASSERT_EQ(first.status(), Status::stopped);
  const std::string left = exists(destination, "a") ? "b" : "a";
  ASSERT_FALSE(exists(destination, left));
  const Pass second = completed();
  EXPECT_EQ(second.action_at(left)->reason.code, ReasonCode::is_new);
  EXPECT_EQ(second.action_at(left)->reason.resumed_bytes, second.action_at(left)->bytes);
  EXPECT_EQ(second.summary.bytes_written, 0U);
}

TEST_F(Resume, is_off_where_it_is_not_wanted) {
  given_large();
  for (const auto& from : {std::optional<std::uint64_t>{}, std::optional{large + 1}}) {
    Options off = how();
    off.keep_partial_from = from;
    stopped_at(Call::write, 8, off);
    EXPECT_EQ(parts(), std::vector<std::string>{});
    EXPECT_EQ(temporaries_in(destination), std::vector<std::string>{});
  }
}

TEST_F(Resume, removes_what_failed) {
  given_large();
  {
    const Interference full(
        20, [] {}, Call::write, ENOSPC);
    EXPECT_EQ(run_pass(how()).status(), Status::some_failed);
    EXPECT_TRUE(full.happened());
  }
  EXPECT_EQ(parts(), std::vector<std::string>{});
  EXPECT_FALSE(was_resumed(completed()));
}

TEST_F(Resume, keeps_holes) {
  given_source({});
  put_with_holes(source, "large", {{0, mebibyte}, {chunk_bytes, chunk_bytes + 5}}, large);
  let_age(source);
  stopped_at(Call::write, 8, how());
  const std::uint64_t before = allocated(source, "large");
  EXPECT_TRUE(was_resumed(completed()));
  EXPECT_LE(allocated(destination, "large"), before + mebibyte / 16);
}

TEST_F(Resume, goes_on_with_a_file_that_changed_in_part) {
  std::string content = some_bytes(large);
  given_destination({file("large", content)});
  content[chunk_bytes + 3] ^= 1;
  given_source({file("large", content).mtime(default_mtime_ns + 1)});
  let_age(source);
  stopped_at(Call::write, 8, how());
  EXPECT_TRUE(was_resumed(completed()));
}

TEST_F(Resume, begins_anew_when_the_source_changed) {
  for (const bool is_unseen : {false, true}) {
    given_large();
    std::ignore = stopped();
    if (is_unseen)
      overwrite_unseen(source, "large", some_bytes(large, 2));
    else
      given_other_large();
    const Pass pass = completed();
    EXPECT_FALSE(was_resumed(pass));
    EXPECT_EQ(pass.summary.cleaned, 1U);
    remove(source, "large");
    remove(destination, "large");
  }
}

TEST_F(Resume, does_not_believe_a_source_that_was_just_written) {
  given_source({file("large", some_bytes(large))});
  // Its stamp is that of this moment, however long the pass takes to get there.
  BentKernel kernel;
  kernel.set_clock_ahead(3'600'000'000'000);
  std::stop_source stop;
  const Pass first = run_pass(
      how(), [&](const Event&) { stop.request_stop(); }, stop.get_token());
  EXPECT_EQ(parts(), std::vector<std::string>{});
}

TEST_F(Resume, never_publishes_kept_bytes_that_were_changed) {
  for (const std::uint64_t place : {std::uint64_t{0}, chunk_bytes + 100}) {
    given_large();
    std::ignore = stopped();
    change_byte(part(), place);
    const Pass pass = completed();
    EXPECT_TRUE(was_resumed(pass)) << "the other chunks were good";
    remove(source, "large");
    remove(destination, "large");
  }
}

TEST_F(Resume, reads_back_what_another_boot_or_mount_left) {
  given_large();
  const Pass first = stopped();
  // As good as another boot: only the lease tells, and it is gone.
  const std::string copy = part();
  change_byte(copy, fs::file_size(copy) - 4096 + 512);
  const Pass second = completed();
  EXPECT_TRUE(was_resumed(second));
  EXPECT_LE(first.summary.bytes_written + second.summary.bytes_written, large + under_way);
  EXPECT_GT(second.summary.bytes_read, large - under_way) << "kept bytes were not read back";
}

// A device then has another number.
TEST_F(Resume, goes_on_though_the_source_was_mounted_anew) {
  const MountedImage disk{"ext4", 64U << 20U};
  if (!disk.done()) GTEST_SKIP() << disk.why();
  put(file("large", some_bytes(large)), disk.path());
  let_age(disk.path());
  Options how = this->how();
  how.source = disk.path();
  const Pass first = stopped_at(Call::write, 20, how);
  const std::uint64_t device = device_of(disk.path());
  disk.unmount();
  const MountedImage other{"ext4", 8U << 20U};
  disk.mount_again();
  if (device_of(disk.path()) == device) GTEST_SKIP() << "it has the same number";
  const Pass second = run_ok(how);
  EXPECT_TRUE(was_resumed(second));
  EXPECT_EQ(read(destination + "/large"), some_bytes(large));
  EXPECT_LE(first.summary.bytes_read + second.summary.bytes_read, large + under_way);
}

/// Somebody with a group that is his alone, as adduser(8) makes them; nullopt: there is none here.
std::optional<passwd> user_with_own_group() {
  std::optional<passwd> found;
  ::setpwent();
  while (!found) {
    const passwd* const person = ::getpwent();
    if (person == nullptr) break;
    const group* const people = ::getgrgid(person->pw_gid);
    constexpr unsigned first_of_people = 1000;
    if (person->pw_uid >= first_of_people && people != nullptr && people->gr_mem[0] == nullptr &&
        std::string(people->gr_name) == person->pw_name)
      found = *person;
  }
  ::endpwent();
  return found;
}

// A umask of 002 gives it rights in every folder.
TEST_F(Resume, goes_on_where_the_users_own_group_may_write) {
  const auto user = ::geteuid() == 0 ? user_with_own_group() : std::nullopt;
  if (!user) GTEST_SKIP() << "no user with a group of his own to become";
  given_large();
  given_destination({folder("")});
  for (const std::string& path : {home.path(), source, source + "/large", destination})
    ASSERT_EQ(::chown(path.c_str(), user->pw_uid, user->pw_gid), 0);
  for (const std::string& root : {source, destination}) fs::permissions(root, fs::perms(0775));
  let_age(source);
  ASSERT_TRUE(::setegid(user->pw_gid) == 0 && ::seteuid(user->pw_uid) == 0);
  std::optional<Pass> second;
  const bool was_left = stopped().status() == Status::stopped && parts().size() == 1;
  if (was_left) second.emplace(completed());
  ASSERT_TRUE(::seteuid(0) == 0 && ::setegid(0) == 0);
  ASSERT_TRUE(was_left);
  EXPECT_TRUE(was_resumed(*second));
}

TEST_F(Resume, believes_nothing_that_was_not_read_back_yet) {
  given_large();
  std::ignore = stopped();
  change_byte(part(), 17);
  stopped_at(Call::read, 6, how());
  std::ignore = completed();
}

TEST_F(Resume, reads_back_where_stamps_are_worth_little) {
  given_large();
  BentKernel kernel;
  kernel.pretend_type(0x2011BAB0);  // exFAT
  std::stop_source stop;
  std::ignore = run_pass(
      how(), [&](const Event&) { stop.request_stop(); }, stop.get_token());
  std::ignore = completed();
}

class ResumeWithJournal : public Resume,
                          public testing::WithParamInterface<std::pair<const char*, int>> {};

// Whatever is done to it, from the content's end to its own.
TEST_P(ResumeWithJournal, that_is_damaged) {
  given_large();
  std::ignore = stopped();
  const std::string copy = part();
  const std::uint64_t size = fs::file_size(copy);
  const std::uint64_t journal = (large + 4095) / 4096 * 4096;
  switch (GetParam().second) {
    case 0:  // a byte anywhere
      for (std::uint64_t place = journal; place < size; place += 97) change_byte(copy, place);
      break;
    case 1:
      fs::resize_file(copy, size - 1);
      break;
    case 2:
      fs::resize_file(copy, large);
      break;
    case 3:
      fs::resize_file(copy, 0);
      break;
    case 4:
      fs::resize_file(copy, size + 4096);
      break;
    case 5:
      fs::resize_file(copy, journal);
      fs::resize_file(copy, size);
      break;
    case 6: {  // the marks of one chunk in the place of another's
      std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
      std::string mark(64, '\0');
      file.seekg(static_cast<std::streamoff>(journal));
      file.read(mark.data(), 64);
      file.seekp(static_cast<std::streamoff>(journal + 64));
      file.write(mark.data(), 64);
      break;
    }
    default:
      break;
  }
  std::ignore = completed();
}

INSTANTIATE_TEST_SUITE_P(Case, ResumeWithJournal,
                         testing::Values(std::pair{"everywhere", 0}, std::pair{"one_byte_short", 1},
                                         std::pair{"cut_off", 2}, std::pair{"empty", 3},
                                         std::pair{"too_long", 4}, std::pair{"zeros", 5},
                                         std::pair{"of_another_chunk", 6}),
                         [](const auto& each) { return std::string(each.param.first); });

TEST_F(Resume, is_not_led_astray_by_what_bears_the_name) {
  const std::string elsewhere = home / "elsewhere";
  const auto untouched_elsewhere = [&] { EXPECT_EQ(read(elsewhere), "not ours"); };
  for (int i = 0; i < 4; ++i) {
    write(elsewhere, "not ours");
    given_large();
    std::ignore = stopped();
    const std::string copy = part();
    if (i == 3) {
      ASSERT_EQ(::link(copy.c_str(), (home / "other name").c_str()), 0);
      const std::string before = read(home / "other name");
      EXPECT_FALSE(was_resumed(completed()));
      EXPECT_EQ(read(home / "other name"), before);
      return;
    }
    fs::remove(copy);
    if (i == 0) fs::create_symlink(elsewhere, copy);
    if (i == 1) fs::create_hard_link(elsewhere, copy);
    if (i == 2) fs::create_directories(copy + "/folder/in it");
    EXPECT_FALSE(was_resumed(completed()));
    untouched_elsewhere();
    remove(source, "large");
    remove(destination, "large");
  }
}

TEST_F(Resume, goes_on_with_nothing_that_others_may_write_to) {
  given_large();
  std::ignore = stopped();
  fs::permissions(part(), fs::perms::others_write, fs::perm_options::add);
  EXPECT_FALSE(was_resumed(completed()));
}

TEST_F(Resume, takes_a_name_of_any_length) {
  const std::string name(255, 'n');
  given_large(large, name);
  std::ignore = stopped();
  EXPECT_TRUE(was_resumed(completed(), name));
}

TEST_F(Resume, takes_no_other_files_copy) {
  given_source({file("a", some_bytes(large, 4)), file("b", some_bytes(large, 5))});
  let_age(source);
  remove(source, "b");
  std::ignore = stopped();
  const std::string of_a = part();
  remove(source, "a");
  given_source({file("b", some_bytes(large, 5))});
  let_age(source);
  const std::string saved = home / "saved";
  fs::rename(of_a, saved);
  std::ignore = stopped();
  const std::string of_b = part();
  fs::rename(saved, of_b);
  EXPECT_FALSE(was_resumed(completed(), "b"));
}

TEST_F(Resume, removes_what_nobody_will_go_on_with) {
  const std::vector<std::function<void(Options&)>> changes{
      [&](Options&) { remove(source, "large"); },
      [&](Options& options) { options.keep_partial_from.reset(); },
      [&](Options& options) { options.keep_partial_from = large + 1; },
      [&](Options&) { make({file("large", some_bytes(large))}, destination); },
      [&](Options& options) {
        remove(source, "large");
        options.deletions = deletion::None{};
      }};
  for (const auto& change : changes) {
    given_large();
    std::ignore = stopped();
    Options options = how();
    change(options);
    Options dry = options;
    dry.dry_run = true;
    EXPECT_EQ(run_ok(dry).summary.cleaned, 1U);
    ASSERT_EQ(parts().size(), 1U);
    EXPECT_EQ(completed(options).summary.cleaned, 1U);
    fs::remove(source + "/large");
    fs::remove(destination + "/large");
  }
}

TEST_F(Resume, goes_with_the_folder_that_it_is_in) {
  given_source({file("folder/large", some_bytes(large))});
  let_age(source);
  std::ignore = stopped();
  remove(source, "folder");
  Options guarded = how();
  guarded.deletions = deletion::AtMostEntries{0};
  EXPECT_EQ(run_pass(guarded).status(), Status::deletions_held);
  EXPECT_EQ(parts().size(), 1U) << "much work may be in it";
  put(file("folder", "a file"), source);
  std::ignore = completed();
}

TEST_F(Resume, stays_in_the_destination_of_which_only_a_part_is_mirrored) {
  given_source({file("large", some_bytes(large)), file("small", "s")});
  let_age(source);
  std::ignore = stopped();
  Options listed = how();
  listed.listed = {"small"};
  run_ok(listed);
  EXPECT_TRUE(was_resumed(completed()));
}

TEST_F(Resume, is_removed_with_what_no_longer_takes_part) {
  given_large();
  std::ignore = stopped();
  Options excluding = how();
  excluding.filters = {FilterRule{.pattern = "large"}};
  EXPECT_EQ(run_ok(excluding).summary.cleaned, 1U);
  EXPECT_EQ(parts(), std::vector<std::string>{});
}

TEST_F(Resume, is_not_mirrored_from_a_source) {
  given_large();
  std::ignore = stopped();
  fs::copy_file(part(), source + "/.syncline-0123456789abcdef.part");
  const Pass pass = run_ok(how());
  EXPECT_EQ(parts(), std::vector<std::string>{});
  EXPECT_TRUE(std::ranges::any_of(pass.notices, [](const Notice& notice) {
    return notice.path == ".syncline-0123456789abcdef.part";
  }));
}

TEST_F(Resume, is_told_of_by_a_dry_run) {
  given_large();
  std::ignore = stopped();
  const Stamps before = stamps(destination);
  Options dry = how();
  dry.dry_run = true;
  EXPECT_TRUE(was_resumed(run_ok(dry)));
  EXPECT_TRUE(untouched(before, stamps(destination)));
}

TEST_F(Resume, counts_what_it_kept_as_done) {
  given_large();
  std::ignore = stopped();
  ProgressProbe probe;
  Recorder recorder([&](const Event& event) {
    const auto* const action = std::get_if<Action>(&event);
    if (action == nullptr || action->path != "large") return;
    const auto progress = probe.sample();
    ASSERT_TRUE(progress);
    EXPECT_EQ(progress->done.bytes, large);
    EXPECT_EQ(progress->work.bytes, large);
  });
  EXPECT_EQ(mirror(how(), recorder, {}, &probe).status(), Status::done);
  recorder.pass_ended();
}

class Order : public TwoRoots {
 protected:
  [[nodiscard]] std::vector<std::string> copied(syncline::Order order) const {
    fs::remove_all(destination);
    Options options = this->options();
    options.order = order;
    options.threads = options.io_threads = 1;
    std::vector<std::string> paths;
    for (const Action& action : run_ok(options).actions)
      if (action.kind == Kind::file) paths.push_back(action.path);
    return paths;
  }
};

TEST_F(Order, among_what_waits_is_as_asked) {
  // Too large for groups, so that each waits for itself.
  const auto sized = [](std::uint64_t bytes) { return std::string(bytes, 'x'); };
  given_source({file("a/2", sized(400'000)).mtime(default_mtime_ns + 3),
                file("a/9", sized(100'000)).mtime(default_mtime_ns + 1),
                file("b/1", sized(300'000)).mtime(default_mtime_ns + 4),
                file("c/5", sized(200'000)).mtime(default_mtime_ns + 2)});
  using Paths = std::vector<std::string>;
  EXPECT_EQ(copied(syncline::Order::by_name), (Paths{"a/2", "a/9", "b/1", "c/5"}));
  EXPECT_EQ(copied(syncline::Order::smallest), (Paths{"a/9", "c/5", "b/1", "a/2"}));
  EXPECT_EQ(copied(syncline::Order::newest), (Paths{"b/1", "a/2", "c/5", "a/9"}));
}

TEST_F(Order, is_that_of_small_files_too) {
  Tree tree;
  for (int i = 0; i < 300; ++i)
    tree.put(file("folder " + std::to_string(i % 10) + "/" + std::to_string(i), std::to_string(i))
                 .mtime(default_mtime_ns - i));
  given_source(tree);
  // Groups go in order of their first files.
  const auto paths = copied(syncline::Order::newest);
  ASSERT_EQ(paths.size(), 300U);
  EXPECT_EQ(paths.front(), "folder 0/0");
  std::vector<std::string> folders;
  for (const std::string& path : paths)
    if (folders.empty() || folders.back() != parent_of(path)) folders.push_back(parent_of(path));
  EXPECT_TRUE(std::ranges::is_sorted(folders));
}

}  // namespace
}  // namespace syncline::test
