// What a stranger holds open stays his: no inode that he may have a descriptor or a mapping of
// becomes somebody else's, or holds what he may not see, and nobody's but root's is under root's
// name.
//
// SPDX-License-Identifier: MIT
#include "filesystem/syscalls.h"
#include "support/between_users.h"
#include "support/interference.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using filesystem::syscalls::Call;

constexpr std::size_t large = 200'000;

std::string some_bytes(char first, std::size_t size = large) {
  std::string bytes(size, '.');
  bytes.front() = first;
  return bytes;
}

/// A file as a stranger has it open, for good.
class HeldByHim {
 public:
  HeldByHim(const std::string& path, int flags)
      : held_(opened_by_stranger(path, flags)), writes_((flags & O_ACCMODE) == O_RDWR) {
    EXPECT_GE(held_.get(), 0) << path;
    const int protection = writes_ ? PROT_READ | PROT_WRITE : PROT_READ;
    mapped_ = ::mmap(nullptr, 1, protection, MAP_SHARED, held_.get(), 0);
    EXPECT_NE(mapped_, MAP_FAILED);
  }
  HeldByHim(const HeldByHim&) = delete;
  HeldByHim& operator=(const HeldByHim&) = delete;
  ~HeldByHim() { ::munmap(mapped_, 1); }

  [[nodiscard]] bool is(const std::string& path) const {
    struct stat held {};
    struct stat named {};
    return ::fstat(held_.get(), &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
           held.st_ino == named.st_ino && held.st_dev == named.st_dev;
  }
  [[nodiscard]] std::string read() const { return read_through(held_); }
  /// By both ways.
  void scribble() const {
    if (!writes_) return;
    EXPECT_EQ(::pwrite(held_.get(), "his", 3, 1), 3);
    *static_cast<char*>(mapped_) = '!';
  }

 private:
  Descriptor held_;
  bool writes_;
  void* mapped_ = nullptr;
};

class Hands : public BetweenUsers {
 protected:
  [[nodiscard]] Options how(bool has_index = true) const {
    Options options = between(source, destination);
    options.flush = false;
    options.deletions = deletion::Unlimited{};
    if (has_index) options.index = index_place::File{ours + "/index"};
    return options;
  }
  void mirrored(const Options& options) const {
    const Pass pass = run_pass(options);
    EXPECT_EQ(pass.status(), Status::done);
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  }
  /// Root's in the source, and whatever he held of the destination gives him nothing: not what is
  /// there, and not what root puts there later.
  void expect_ours(const HeldByHim& his, const std::string& name, const Options& options) const {
    const std::string path = join(destination, name);
    EXPECT_FALSE(his.is(path));
    his.scribble();
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
    overwrite_unseen(source, name, some_bytes('L'));
    set_mtime(source, name, default_mtime_ns + 1);
    Options in_place = options;
    in_place.in_place = true;
    mirrored(in_place);
    EXPECT_NE(his.read(), some_bytes('L'));
  }
  /// A folder of his on both sides.
  [[nodiscard]] static Entry his(Entry entry) {
    return std::move(entry).owner(stranger_id, stranger_id);
  }
};

TEST_P(Hands, a_program_does_not_come_to_be_by_the_content_of_his) {
  make({his(folder("home")), his(file("home/mine", some_bytes('p')))}, source);
  mirrored(how());
  let_age(disk.path());
  mirrored(how());
  const HeldByHim held{destination + "/home/mine", O_RDWR};
  remove(source, "home/mine");
  put(file("program", some_bytes('p')).mode(04755), source);
  mirrored(how());
  expect_ours(held, "program", how());
}

TEST_P(Hands, nor_by_a_rename_that_is_followed_by_a_chown) {
  make({his(folder("home")), his(file("home/mine", some_bytes('p')))}, source);
  mirrored(how());
  let_age(disk.path());
  mirrored(how());
  const HeldByHim held{destination + "/home/mine", O_RDWR};
  rename(source, "home/mine", "program");
  ASSERT_EQ(::chown((source + "/program").c_str(), 0, 0), 0);
  set_mode(source, "program", 04755);
  mirrored(how());
  expect_ours(held, "program", how());
}

TEST_P(Hands, what_he_planted_with_the_right_bytes_is_not_taken_over) {
  for (const std::uint32_t mode : {04755U, 0600U})
    for (const bool has_index : {true, false})
      for (const std::size_t size : {std::size_t{9000}, large}) {
        SCOPED_TRACE(testing::Message() << std::oct << mode << ' ' << has_index << ' ' << size);
        for (const std::string& root : {source, destination, ours + "/index"}) fs::remove_all(root);
        make({folder("").mode(01777), file("file", some_bytes('p', size)).mode(mode)}, source);
        make({folder("").mode(01777)}, destination);
        const std::string planted = destination + "/file";
        ASSERT_TRUE(as_stranger([&] {
          put(file("file", some_bytes('p', size)), destination);
          return true;
        }));
        const HeldByHim held{planted, O_RDWR};
        let_age(disk.path());
        mirrored(how(has_index));
        expect_ours(held, "file", how(has_index));
      }
}

TEST_P(Hands, nor_is_anything_written_into_it_in_place) {
  make({folder("").mode(01777), file("secret", some_bytes('s')).mode(0600)}, source);
  make({folder("").mode(01777)}, destination);
  ASSERT_TRUE(as_stranger([&] {
    put(file("secret", some_bytes('x')).mtime(1), destination);
    return true;
  }));
  const HeldByHim held{destination + "/secret", O_RDWR};
  Options in_place = how();
  in_place.in_place = true;
  mirrored(in_place);
  EXPECT_NE(held.read(), some_bytes('s'));
  expect_ours(held, "secret", in_place);
}

TEST_P(Hands, what_he_could_read_is_not_what_he_may_not_read) {
  for (const bool has_index : {true, false}) {
    SCOPED_TRACE(has_index);
    for (const std::string& root : {source, destination, ours + "/index"}) fs::remove_all(root);
    make({file("file", some_bytes('p'))}, source);
    mirrored(how(has_index));
    let_age(disk.path());
    mirrored(how(has_index));
    const HeldByHim held{destination + "/file", O_RDONLY};
    set_mode(source, "file", 0600);
    mirrored(how(has_index));
    expect_ours(held, "file", how(has_index));
  }
}

TEST_P(Hands, metadata_alone_makes_no_program_of_what_is_his) {
  const std::string capability{
      "\x01\x00\x00\x02\x00\x04\x00\x00\x00\x00\x00\x00"
      "\x00\x00\x00\x00\x00\x00\x00\x00",
      20};
  for (const std::string what : {"owner", "set-user", "capability"}) {
    SCOPED_TRACE(what);
    for (const std::string& root : {source, destination, ours + "/index"}) fs::remove_all(root);
    const Entry given = file("file", some_bytes('p')).mode(0777);
    make({what == "owner" ? his(given) : given}, source);
    mirrored(how());
    let_age(disk.path());
    mirrored(how());
    const HeldByHim held{destination + "/file", O_RDWR};
    if (what == "owner") {
      ASSERT_EQ(::chown((source + "/file").c_str(), 0, 0), 0);
    } else if (what == "set-user") {
      set_mode(source, "file", 04777);
    } else {
      set_attribute(source, "file", "security.capability", capability);
    }
    mirrored(how());
    EXPECT_FALSE(held.is(destination + "/file"));
    held.scribble();
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  }
}

TEST_P(Hands, of_hard_links_none_is_to_what_is_his) {
  make({his(file("a", some_bytes('p'))), hard_link("b", "a")}, source);
  mirrored(how());
  let_age(disk.path());
  mirrored(how());
  const HeldByHim held{destination + "/a", O_RDWR};
  ASSERT_EQ(::chown((source + "/a").c_str(), 0, 0), 0);
  set_mode(source, "a", 04755);
  mirrored(how());
  EXPECT_FALSE(held.is(destination + "/b"));
  expect_ours(held, "a", how());
}

TEST_P(Hands, a_fifo_of_his_is_not_ours) {
  make({folder("").mode(01777), fifo("fifo").mode(0600)}, source);
  make({folder("").mode(01777)}, destination);
  ASSERT_TRUE(as_stranger([&] {
    put(fifo("fifo"), destination);
    return true;
  }));
  struct stat planted {};
  ASSERT_EQ(::stat((destination + "/fifo").c_str(), &planted), 0);
  mirrored(how());
  struct stat made {};
  ASSERT_EQ(::stat((destination + "/fifo").c_str(), &made), 0);
  EXPECT_NE(made.st_ino, planted.st_ino);
}

/// At each call he tries to get into a folder that holds a secret by then.
class Intruder : public filesystem::syscalls::Hook {
 public:
  explicit Intruder(std::string folder) : folder_(std::move(folder)) {
    filesystem::syscalls::install(this);
  }
  Intruder(const Intruder&) = delete;
  Intruder& operator=(const Intruder&) = delete;
  ~Intruder() override { filesystem::syscalls::install(nullptr); }

  int before(Call /*call*/) override {
    const bool has_secret = ::access((folder_ + "/secret").c_str(), F_OK) == 0;
    if (!has_secret) return 0;
    ++times_;
    if (as_stranger([&] {
          const Descriptor opened{::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
          return opened.get() >= 0 ||
                 ::rename((folder_ + "/secret").c_str(), (folder_ + "/taken").c_str()) == 0 ||
                 ::mkdir((folder_ + "/planted").c_str(), 0777) == 0;
        }))
      got_in_ = true;
    return 0;
  }
  [[nodiscard]] bool got_in() const { return got_in_; }
  [[nodiscard]] int times() const { return times_; }

 private:
  const std::string folder_;
  std::atomic<bool> got_in_{false};
  std::atomic<int> times_{0};
};

TEST_P(Hands, a_folder_that_was_his_is_shut_before_anything_comes_into_it) {
  for (const bool is_moved : {false, true}) {
    SCOPED_TRACE(is_moved);
    for (const std::string& root : {source, destination, ours + "/index"}) fs::remove_all(root);
    make({his(folder("his")), file("his/shown", "for all to see")}, source);
    mirrored(how());
    const std::string name = is_moved ? "moved" : "his";
    if (is_moved) rename(source, "his", name);
    ASSERT_EQ(::chown(join(source, name).c_str(), 0, 0), 0);
    set_mode(source, name, 0700);
    put(file(join(name, "secret"), "root's").mode(0600), source);
    const Intruder intruder{join(destination, name)};
    mirrored(how());
    EXPECT_FALSE(intruder.got_in());
    EXPECT_GT(intruder.times(), 3);
  }
}

TEST_P(Hands, a_folder_that_was_shut_and_never_settled_is_settled_by_the_next_pass) {
  make({his(folder("his")), his(file("his/shown", "for all to see"))}, source);
  mirrored(how());
  ASSERT_EQ(::chown((source + "/his").c_str(), stranger_id, 0), 0);
  set_mode(source, "his", 0750);
  std::stop_source stop;
  put(file("his/new", "new"), source);
  {
    const Interference interference(
        1, [&] { stop.request_stop(); }, Call::link);
    run_pass(how(), {}, stop.get_token());
    ASSERT_TRUE(interference.happened());
  }
  mirrored(how());
  EXPECT_EQ(run_pass(how()).actions.size(), 0U);
}

/// Before each call he makes of his folder what hands most on to what comes to be in it, and tries
/// to read all that is in it.
class Heir : public filesystem::syscalls::Hook {
 public:
  explicit Heir(std::string folder) : folder_(std::move(folder)) {
    filesystem::syscalls::install(this);
  }
  Heir(const Heir&) = delete;
  Heir& operator=(const Heir&) = delete;
  ~Heir() override { filesystem::syscalls::install(nullptr); }

  int before(Call /*call*/) override {
    const bool gives_group = (++calls_ & 1U) != 0;
    if (as_stranger([&] {
          const std::string list = acl({user_entry(stranger_id, 7)}, 0777);
          ::setxattr(folder_.c_str(), default_acl_name, list.data(), list.size(), 0);
          ::chmod(folder_.c_str(), gives_group ? 02755 : 0755);
          for (const auto& entry : fs::directory_iterator(folder_)) {
            const Descriptor opened{
                ::open(entry.path().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
            if (opened.get() >= 0) return true;
          }
          return false;
        }))
      has_seen_ = true;
    return 0;
  }
  [[nodiscard]] bool has_seen() const { return has_seen_; }

 private:
  const std::string folder_;
  std::atomic<unsigned> calls_{0};
  std::atomic<bool> has_seen_{false};
};

TEST_P(Hands, nothing_new_is_shown_to_him_before_it_is_right) {
  for (const bool has_index : {true, false}) {
    SCOPED_TRACE(has_index);
    for (const std::string& root : {source, destination, ours + "/index"}) fs::remove_all(root);
    make({his(folder("his"))}, source);
    mirrored(how(has_index));
    for (int i = 0; i < 4; ++i)
      put(file("his/file" + std::to_string(i), "root's").mode(0660), source);
    put(file("his/large", some_bytes('r')).mode(0660), source);
    put(fifo("his/fifo").mode(0660), source);
    {
      const Heir heir{destination + "/his"};
      EXPECT_EQ(run_pass(how(has_index)).status(), Status::done);
      EXPECT_FALSE(heir.has_seen());
    }
    // But for what he did to his folder.
    EXPECT_EQ(run_pass(how(has_index)).status(), Status::done);
    for (const char* name : {"his/file0", "his/file3", "his/large", "his/fifo"})
      EXPECT_EQ(snapshot(destination).at(name), snapshot(source).at(name));
    for (const auto& entry : fs::directory_iterator(destination + "/his"))
      EXPECT_EQ(opened_by_stranger(entry.path(), O_RDONLY | O_NONBLOCK).get(), -1) << entry.path();
  }
}

// Where modes are not kept they are the old entry's, but for what was somebody else's.
TEST_P(Hands, what_he_planted_does_not_say_who_gets_at_ours) {
  Options no_modes = how(false);
  no_modes.metadata.mode = false;
  make({folder("").mode(01777), file("tool", "a program").mode(0755),
        file("secret", some_bytes('s')).mode(0600), file("listed", "secret").mode(0600),
        folder("folder").mode(0755), fifo("fifo").mode(0600)},
       source);
  make({folder("").mode(01777)}, destination);
  ASSERT_TRUE(as_stranger([&] {
    put(file("tool", "his").mode(06777), destination);
    put(file("secret", some_bytes('s')).mode(0666), destination);
    put(file("listed", "his").mode(0660).access_acl({user_entry(stranger_id, 6)}), destination);
    put(folder("folder").mode(0777).access_acl({user_entry(stranger_id, 7)}), destination);
    put(fifo("fifo").mode(0666), destination);
    return true;
  }));
  run_pass(no_modes);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  EXPECT_EQ(run_pass(no_modes).actions.size(), 0U);
}

TEST_P(Hands, other_bytes_are_no_program_that_runs_as_somebody_else_for_the_old_ones_having_been) {
  Options no_modes = how(false);
  no_modes.metadata.mode = false;
  make({file("tool", "new").mode(0755)}, source);
  make({file("tool", "old").mode(04711)}, destination);
  run_pass(no_modes);
  EXPECT_EQ(snapshot(destination).at("tool").mode_bits, 0711U);
}

TEST_P(Hands, a_backup_does_not_give_way_to_bytes_that_stay) {
  Options keeping = how();
  keeping.backup = Backup{.folder = {}, .suffix = "~"};
  for (const std::size_t size : {std::size_t{9000}, large}) {
    SCOPED_TRACE(size);
    for (const std::string& root : {source, destination, ours + "/index"}) fs::remove_all(root);
    make({file("file", some_bytes('1', size))}, source);
    run_pass(keeping);
    remove(source, "file");
    put(file("file", some_bytes('2', size)).mtime(1), source);
    run_pass(keeping);
    let_age(disk.path());
    run_pass(keeping);
    for (const std::uint32_t mode : {0640U, 0600U}) {
      set_mode(source, "file", mode);
      keeping.rehash = mode == 0600U;
      const Pass pass = run_pass(keeping);
      EXPECT_EQ(pass.paths(Verb::update), std::vector<std::string>{"file"});
      EXPECT_EQ(snapshot(destination).at("file~").content, some_bytes('1', size));
    }
    keeping.rehash = false;
    remove(source, "file");
    put(file("file", some_bytes('3', size)).mode(0200).mtime(2), source);
    run_pass(keeping);
    EXPECT_EQ(snapshot(destination).at("file~").content, some_bytes('2', size));
  }
}

/// Nothing more can be written to the disk.
class NoRoom : public filesystem::syscalls::Hook {
 public:
  NoRoom() { filesystem::syscalls::install(this); }
  NoRoom(const NoRoom&) = delete;
  NoRoom& operator=(const NoRoom&) = delete;
  ~NoRoom() override { filesystem::syscalls::install(nullptr); }

  int before(Call call) override {
    const bool takes_room = call == Call::write || call == Call::copy_range || call == Call::clone;
    return takes_room ? ENOSPC : 0;
  }
};

TEST_P(Hands, rights_are_taken_even_where_no_fresh_file_can_be_made) {
  make({file("small", "what others may read").mode(0640), file("large", some_bytes('p')).mode(0600),
        file("edited", "new").mode(0600)},
       source);
  make({file("small", "what others may read"), file("large", some_bytes('p')).mode(04755),
        file("edited", "the old one")},
       destination);
  {
    const NoRoom full;
    EXPECT_NE(run_pass(how(false)).status(), Status::done);
  }
  const Tree left = snapshot(destination);
  EXPECT_EQ(left.at("small").mode_bits, 0640U);
  EXPECT_EQ(left.at("large").mode_bits, 0600U);
  EXPECT_EQ(left.at("edited").mode_bits, 0600U);
  EXPECT_EQ(left.at("edited").content, "the old one");
}

INSTANTIATE_TEST_SUITE_P(On, Hands, disks_of_attacks(), name_of_disk);

}  // namespace
}  // namespace syncline::test
