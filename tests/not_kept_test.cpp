// What a destination does not take as it was asked to, one piece at a time: it costs nothing else,
// is counted, and the next pass neither sets nor reads anything for its sake.
//
// The table is what to add to: each row is a tree that has something to lose on a disk, and what is
// to be counted of it, or told as refused. All rows of a disk are mirrored in one pass, each in a
// folder of its own.
//
// SPDX-License-Identifier: MIT
#include "filesystem/own_names.h"
#include "filesystem/syscalls.h"
#include "support/acl.h"
#include "support/bind_mount.h"
#include "support/exfat.h"
#include "support/mounted_image.h"
#include "support/nobody.h"
#include "support/process.h"
#include "support/two_roots.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace syncline::test {
namespace {

using filesystem::syscalls::Call;

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t year_1890 = -2'524'521'600 * second_ns;
constexpr std::int64_t year_2050 = 2'524'608'000 * second_ns + 5;
constexpr unsigned nobody = 65534;

/// How many entries lack what.
using Unkepts = std::map<Aspect, std::uint64_t>;

struct Row {
  const char* name;
  std::vector<Entry> entries;  ///< of a tree whose root is the folder of the row
  Unkepts unkept{};
  std::vector<std::string> refused{};  ///< of these the names
};

/// A file system to mirror to. It lives as long as what `mount` returns.
struct Disk {
  const char* name;
  /// Mounts it at `place`, which is a folder or becomes one. Returns why it cannot be, and else
  /// what keeps it.
  std::function<std::string(const std::string& place, std::shared_ptr<void>& keeper)> mount;
  /// Not the rows themselves, which are megabytes: every test's process makes all parameters.
  std::function<std::vector<Row>()> rows;
  bool as_nobody = false;
  std::map<Call, int> refused{};  ///< calls that fail there, and with which errno
  /// Its many links may take longer than a tick of the clock, after which what they lead to has to
  /// be read once more.
  bool reads_again = false;
};

void PrintTo(const Disk& disk, std::ostream* out) {
  *out << disk.name;
}

// Counts what writes, and reads of content; refuses what it is told to.
class Watcher : public filesystem::syscalls::Hook {
 public:
  explicit Watcher(std::map<Call, int> refused) : refused_(std::move(refused)) {
    filesystem::syscalls::install(this);
  }
  ~Watcher() override { filesystem::syscalls::install(nullptr); }

  int before(Call call) override {
    switch (call) {
      case Call::write:
      case Call::copy_range:
      case Call::allocate:
      case Call::rename:
      case Call::exchange:
      case Call::unlink:
      case Call::make_folder:
      case Call::make_symlink:
      case Call::make_node:
      case Call::change_mode:
      case Call::change_owner:
      case Call::change_times:
      case Call::link:
      case Call::set_attribute:
      case Call::remove_attribute:
      case Call::truncate:
      case Call::clone:
        last_ = static_cast<int>(call);
        ++writes_;
        break;
      default:
        break;
    }
    const auto found = refused_.find(call);
    return found == refused_.end() ? 0 : found->second;
  }
  int before_at(Call call, int /*fd*/, const char* name) override {
    if (call == Call::open && filesystem::is_temporary_name(name)) {
      last_ = static_cast<int>(call);
      ++writes_;
    }
    // A run's own locks come and go with it; before() counts that too.
    if (call == Call::unlink && std::string_view{name}.ends_with(".lock")) --writes_;
    return 0;
  }

  // Who may not ask whether somebody writes to a file takes one of the last minutes for unproven.
  std::int64_t ctime_ns(std::int64_t true_ns) override { return true_ns - 400 * second_ns; }

  [[nodiscard]] std::uint64_t writes() const { return writes_; }
  [[nodiscard]] int last() const { return last_; }

 private:
  const std::map<Call, int> refused_;
  std::atomic<std::uint64_t> writes_{0};
  std::atomic<int> last_{-1};
};

Unkepts counted(const Pass& pass) {
  Unkepts result;
  for (const Unkept& each : pass.summary.unkept) result[each.aspect] = each.entries;
  return result;
}

std::string in_words(const Unkepts& unkepts) {
  std::string text;
  for (const auto& [aspect, entries] : unkepts)
    text += std::string(to_string(aspect)) + ' ' + std::to_string(entries) + "; ";
  return text;
}

std::vector<std::string> refused_in(const Pass& pass) {
  std::vector<std::string> paths;
  for (const Failure& failure : pass.failures) {
    EXPECT_EQ(failure.code, FailureCode::name_refused) << failure.path;
    paths.push_back(printable(failure.path));
  }
  std::ranges::sort(paths);
  return paths;
}

class NotKept : public TwoRoots, public testing::WithParamInterface<Disk> {
 protected:
  NotKept() { ::umask(022); }
  ~NotKept() override { ::umask(umask_before_); }

  [[nodiscard]] Options indexed() const {
    Options how = options();
    how.index = index_place::File{home / "state/index"};
    return how;
  }

 private:
  const mode_t umask_before_ = ::umask(022);
};

TEST_P(NotKept, is_told_once_more_by_the_next_pass_and_nothing_else) {
  const Disk& disk = GetParam();
  if (::geteuid() != 0) GTEST_SKIP() << "only root may mount, and give files away";
  make({}, home / "state");
  make({}, destination);
  std::shared_ptr<void> keeper;
  if (const std::string why = disk.mount(destination, keeper); !why.empty()) GTEST_SKIP() << why;
  Tree tree;
  Unkepts expected;
  std::vector<std::string> refused;
  for (const Row& row : disk.rows()) {
    tree.put(folder(row.name));
    for (Entry entry : row.entries) {
      entry.path = join(row.name, entry.path);
      if (!entry.linked_to.empty()) entry.linked_to = join(row.name, entry.linked_to);
      tree.put(std::move(entry));
    }
    for (const auto& [aspect, entries] : row.unkept) expected[aspect] += entries;
    for (const std::string& path : row.refused) refused.push_back(printable(join(row.name, path)));
  }
  std::ranges::sort(refused);
  given_source(tree);
  let_age(source);
  if (disk.as_nobody) {
    set_mode(home.path(), "", 0755);
    for (const std::string& place : {destination, home / "state"})
      ASSERT_EQ(::chown(place.c_str(), nobody, nobody), 0);
  }
  const auto guise = disk.as_nobody ? std::make_unique<AsNobody>() : nullptr;
  Watcher watcher{disk.refused};
  const Pass first = run_pass(indexed());
  EXPECT_EQ(in_words(counted(first)), in_words(expected));
  EXPECT_EQ(refused_in(first), refused);
  const std::string unkept = in_words(expected);
  const Tree found = snapshot(destination);
  std::uint64_t missing = 0;
  for (const auto& [path, entry] : tree.entries()) {
    const std::string shown = printable(path);
    const bool is_refused = std::ranges::any_of(
        refused, [&](const std::string& each) { return shown.starts_with(each); });
    if (!found.contains(path))
      missing += is_refused ? 0 : 1;
    else
      EXPECT_EQ(found.at(path).content, entry.content) << shown;
  }
  EXPECT_EQ(missing, expected[Aspect::symlink] + expected[Aspect::special_file]);
  if (disk.reads_again) run_pass(indexed());
  std::uint64_t writes = watcher.writes();
  for (int round = 0; round < 3; ++round) {
    const Pass again = run_pass(indexed());
    EXPECT_EQ(in_words(counted(again)), unkept);
    EXPECT_EQ(again.status(), first.status());
    EXPECT_EQ(again.actions.size(), 0U) << again.actions.front().path;
    EXPECT_EQ(refused_in(again), refused);
    // What takes longer than a tick of the clock, as all does on a busy machine, is read once more.
    if (round > 0) {
      EXPECT_EQ(again.summary.bytes_read, 0U);
    }
    ++writes;                      // the index is given the time of its last use
    if (disk.as_nobody) ++writes;  // and nobody's home, which is not there, cannot be made
    EXPECT_EQ(watcher.writes(), writes) << "the last was of kind " << watcher.last();
  }
  Options strict = indexed();
  strict.strict = true;
  EXPECT_EQ(run_pass(strict).status(), Status::some_failed);
}

// Disks.

std::string given(const std::string& /*place*/, std::shared_ptr<void>& /*keeper*/) {
  return {};
}

// Its root is bound to `place`, where there is nothing of fsck's.
auto image(const char* kind, std::uint64_t bytes, std::vector<std::string> mkfs) {
  return [=](const std::string& place, std::shared_ptr<void>& keeper) -> std::string {
    struct Kept {
      MountedImage image;
      std::optional<BindMount> bound{};

      Kept(const char* what, std::uint64_t size, const std::vector<std::string>& how)
          : image(what, size, how) {}
    };
    auto kept = std::make_shared<Kept>(kind, bytes, mkfs);
    if (!kept->image.done()) return kept->image.why();
    put(folder("root"), kept->image.path());
    kept->bound.emplace(kept->image.path() + "/root", place);
    if (!kept->bound->done()) return "nothing can be bound here";
    keeper = kept;
    return {};
  };
}

std::string exfat(const std::string& place, std::shared_ptr<void>& keeper) {
  std::filesystem::remove(place);
  auto disk = std::make_shared<Exfat>(place);
  if (!disk->done()) return "no exFAT can be mounted here";
  keeper = disk;
  return {};
}

// Its folders 7 and 8 in `row` are of two projects, as quotas of folders have them.
auto xfs_of_projects(std::string row) {
  return [=](const std::string& place, std::shared_ptr<void>& keeper) -> std::string {
    const char* const tool = "/usr/sbin/xfs_io";
    if (!std::filesystem::exists(tool)) return "no xfs_io here";
    const std::string why = image("xfs", 330'000'000, {})(place, keeper);
    if (!why.empty()) return why;
    for (const char* project : {"7", "8"}) {
      const std::string folder = place + '/' + row + '/' + project;
      std::filesystem::create_directories(folder);
      for (const std::string& command :
           {"chproj " + std::string(project), std::string("chattr +P")})
        if (run({tool, "-c", command, folder}).status != 0) return "no projects here";
    }
    return {};
  };
}

auto ntfs(std::string how) {
  return [=](const std::string& place, std::shared_ptr<void>& keeper) -> std::string {
    if (!std::filesystem::exists("/usr/bin/ntfs-3g")) return "no NTFS here";
    const std::string disk = place + ".ntfs";
    std::ofstream(disk).close();
    std::filesystem::resize_file(disk, 16U << 20U);
    if (run({"/usr/sbin/mkntfs", "-F", "-q", "-f", disk}).status != 0) return "no NTFS can be made";
    if (const Exit made = run({"/usr/bin/ntfs-3g", "-o", how, disk, place}); made.status != 0)
      return "ntfs-3g: " + made.err;
    keeper =
        std::shared_ptr<void>(nullptr, [place](void*) { ::umount2(place.c_str(), MNT_DETACH); });
    return {};
  };
}

auto bound(std::vector<std::string> how) {
  return [=](const std::string& place, std::shared_ptr<void>& keeper) -> std::string {
    if (!std::filesystem::exists("/usr/bin/bindfs")) return "no bindfs here";
    const std::string shown = place + ".shown";
    std::filesystem::create_directory(shown);
    std::vector<std::string> command{"/usr/bin/bindfs"};
    command.insert(command.end(), how.begin(), how.end());
    command.insert(command.end(), {shown, place});
    if (const Exit made = run(command); made.status != 0) return "bindfs: " + made.err;
    keeper =
        std::shared_ptr<void>(nullptr, [place](void*) { ::umount2(place.c_str(), MNT_DETACH); });
    return {};
  };
}

// Rows.

std::vector<AclEntry> many_users() {
  std::vector<AclEntry> entries;
  for (std::uint32_t user = 1; user <= 200; ++user) entries.push_back(user_entry(user, 4));
  return entries;
}

std::vector<Row> far_times() {
  const auto at = [](Entry entry, std::int64_t when) { return std::move(entry).mtime(when); };
  return {{"file of 2050", {at(file("f", "x"), year_2050)}, {{Aspect::mtime, 1}}},
          {"large file of 2050",
           {at(file("f", std::string(300'000, 'l')), year_2050)},
           {{Aspect::mtime, 1}}},
          {"folder of 2050", {at(folder("f"), year_2050), file("f/in", "x")}, {{Aspect::mtime, 1}}},
          {"symlink of 2050", {at(symlink("l", "x"), year_2050)}, {{Aspect::mtime, 1}}},
          {"fifo of 2050", {at(fifo("p"), year_2050)}, {{Aspect::mtime, 1}}},
          {"file of 1890", {at(file("f", "x"), year_1890)}, {{Aspect::mtime, 1}}},
          {"names of one file of 2050",
           {at(file("f", "x"), year_2050), hard_link("g", "f")},
           {{Aspect::mtime, 1}}},
          {"names in many folders of one file of 2050",
           {folder("a"), folder("b"), folder("c"), at(file("b/f", "x"), year_2050),
            hard_link("a/f", "b/f"), hard_link("b/g", "b/f"), hard_link("c/f", "b/f"),
            hard_link("e", "b/f")},
           {{Aspect::mtime, 1}}},
          {"names of one symlink of 2050",
           {at(symlink("l", "x"), year_2050), hard_link("m", "l"), hard_link("k", "l")},
           {{Aspect::mtime, 1}}}};
}

std::vector<Row> large_attributes(std::size_t bytes) {
  const std::string large(bytes, 'a');
  const auto with = [&](Entry entry) { return std::move(entry).attribute("user.large", large); };
  return {{"large attribute of a file", {with(file("f", "x"))}, {{Aspect::attributes, 1}}},
          {"large attribute of a large file",
           {with(file("f", std::string(300'000, 'l')))},
           {{Aspect::attributes, 1}}},
          {"large attribute of a folder",
           {with(folder("f").mode(0750)), file("f/in", "x")},
           {{Aspect::attributes, 1}}},
          {"one of three attributes",
           {with(file("f", "x").mode(0400).attribute("user.a", "1").attribute("user.z", "2"))},
           {{Aspect::attributes, 1}}},
          {"large attribute of the administrator's",
           {file("f", "x").attribute("trusted.large", large)},
           {{Aspect::attributes, 1}}}};
}

std::vector<Row> of_small_inodes() {
  std::vector<Row> rows = far_times();
  for (Row& row : large_attributes(6000)) rows.push_back(std::move(row));
  rows.push_back({"large list of access of a file",
                  {file("f", "x").mode(0640).access_acl(many_users())},
                  {{Aspect::acl, 1}}});
  rows.push_back({"large default list of access",
                  {folder("f").default_acl(many_users()), file("f/in", "x")},
                  {{Aspect::acl, 1}}});
  rows.push_back({"all at once",
                  {file("f", "x").attribute("user.large", std::string(6000, 'a')).mtime(year_2050)},
                  {{Aspect::attributes, 1}, {Aspect::mtime, 1}}});
  return rows;
}

std::vector<Row> of_others() {
  const auto theirs = [](Entry entry) { return std::move(entry).owner(1, 2); };
  const Unkepts owner{{Aspect::owner, 1}, {Aspect::group, 1}};
  Unkepts with_mode = owner;
  with_mode[Aspect::mode] = 1;
  return {{"file of another", {theirs(file("f", "x"))}, owner},
          {"large file of another", {theirs(file("f", std::string(300'000, 'l')))}, owner},
          {"folder of another",
           {theirs(folder("f")), theirs(file("f/in", "x"))},
           {{Aspect::owner, 2}, {Aspect::group, 2}}},
          {"symlink of another", {theirs(symlink("l", "x"))}, owner},
          {"fifo of another", {theirs(fifo("p"))}, owner},
          {"program of another", {theirs(file("f", "x")).mode(06755)}, with_mode},
          {"names of one file of another", {theirs(file("f", "x")), hard_link("g", "f")}, owner}};
}

// Of which those that come later are not judged by the first ones.
std::vector<Row> of_many_others(const Unkepts& unkept) {
  Row row{"many of another", {folder("f").owner(1, 2)}, unkept};
  for (int i = 1; i < 20; ++i)
    row.entries.push_back(file("f/" + std::to_string(i), "x").owner(1, 2));
  return {row};
}

// The rows' own folders and the root are root's.
std::vector<Row> of_others_for_nobody() {
  std::vector<Row> rows = of_others();
  for (Row& row : rows) {
    ++row.unkept[Aspect::owner];
    ++row.unkept[Aspect::group];
  }
  ++rows.front().unkept[Aspect::owner];
  ++rows.front().unkept[Aspect::group];
  rows.push_back({"device",
                  {character_device("d", 259).owner(nobody, nobody)},
                  {{Aspect::special_file, 1}, {Aspect::owner, 1}, {Aspect::group, 1}}});
  return rows;
}

// Of which every entry has all rights, the root and the rows' own folders too.
std::vector<Row> with_all_rights() {
  return {{"mode", {file("f", "x").mode(0600)}, {{Aspect::mode, 3}}},
          {"set-user mode", {file("f", "x").mode(04755)}, {{Aspect::mode, 2}}},
          {"owner",
           {file("f", "x").owner(1, 2)},
           {{Aspect::mode, 2}, {Aspect::owner, 1}, {Aspect::group, 1}}}};
}

std::vector<Row> of_fat() {
  std::vector<Row> rows = with_all_rights();
  rows.push_back({"symlink", {symlink("l", "x")}, {{Aspect::mode, 1}, {Aspect::symlink, 1}}});
  rows.push_back({"fifo", {fifo("p")}, {{Aspect::mode, 1}, {Aspect::special_file, 1}}});
  rows.push_back({"attribute",
                  {file("f", "x").attribute("user.a", "1")},
                  {{Aspect::mode, 2}, {Aspect::attributes, 1}}});
  rows.push_back({"names of a file",
                  {file("a", "x"), hard_link("b", "a")},
                  {{Aspect::mode, 3}, {Aspect::hard_link, 1}}});
  rows.push_back({"names of a symlink",
                  {symlink("a", "x"), hard_link("b", "a")},
                  {{Aspect::mode, 1}, {Aspect::symlink, 2}}});
  rows.push_back({"names of a fifo",
                  {fifo("a"), hard_link("b", "a")},
                  {{Aspect::mode, 1}, {Aspect::special_file, 2}}});
  return rows;
}

// Linux' struct vfs_cap_data, revision 2: CAP_NET_RAW, permitted and effective.
const std::string capability("\1\0\0\2\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);

std::vector<Row> of_lists() {
  const std::vector<AclEntry> list{user_entry(5, 4)};
  return {{"list of access of a file", {file("f", "x").access_acl(list)}, {{Aspect::acl, 1}}},
          {"list of access of a large file",
           {file("f", std::string(300'000, 'l')).mode(0640).access_acl(list)},
           {{Aspect::acl, 1}}},
          {"list of access of a folder",
           {folder("f").access_acl(list), file("f/in", "x")},
           {{Aspect::acl, 1}}},
          {"default list of access",
           {folder("f").default_acl(list), file("f/in", "x")},
           {{Aspect::acl, 1}}}};
}

std::vector<Row> of_attributes() {
  const auto with = [](Entry entry) { return std::move(entry).attribute("user.a", "1"); };
  const auto capable = [](Entry entry) {
    return std::move(entry).mode(0755).attribute("security.capability", capability);
  };
  std::vector<Row> rows = of_lists();
  const std::vector<Row> more{
      {"attribute of a file", {with(file("f", "x"))}, {{Aspect::attributes, 1}}},
      {"attribute of a folder", {with(folder("f")), file("f/in", "x")}, {{Aspect::attributes, 1}}},
      {"capability", {capable(file("f", "x"))}, {{Aspect::capabilities, 1}}},
      {"capability of a large file",
       {capable(file("f", std::string(300'000, 'l')))},
       {{Aspect::capabilities, 1}}},
      {"capability beside an attribute",
       {with(capable(file("f", "x")))},
       {{Aspect::attributes, 1}, {Aspect::capabilities, 1}}},
      {"capability of two names",
       {capable(file("f", "x")), hard_link("g", "f")},
       {{Aspect::capabilities, 1}}}};
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

// The rows' own folders stay as private as they are made.
std::vector<Row> of_modes() {
  return {{"mode of a file", {file("f", "x").mode(0640)}, {{Aspect::mode, 2}}},
          {"mode of a large file",
           {file("f", std::string(300'000, 'l')).mode(0755)},
           {{Aspect::mode, 2}}},
          {"mode of a folder", {folder("f").mode(02775)}, {{Aspect::mode, 2}}},
          {"mode of a fifo", {fifo("f").mode(0622)}, {{Aspect::mode, 2}}}};
}

std::vector<Row> of_links() {
  return {{"names of a file", {file("a", "x"), hard_link("b", "a")}, {{Aspect::hard_link, 1}}},
          {"names of a large file",
           {file("a", std::string(300'000, 'l')), hard_link("b", "a"), hard_link("c", "a")},
           {{Aspect::hard_link, 2}}},
          {"names in two folders",
           {file("a", "x"), folder("f"), hard_link("f/b", "a")},
           {{Aspect::hard_link, 1}}},
          {"names of a symlink",
           {symlink("a", "x"), hard_link("b", "a"), folder("f"), hard_link("f/c", "a")},
           {{Aspect::hard_link, 2}}},
          {"names of a fifo",
           {fifo("a").mode(0640), hard_link("b", "a"), hard_link("c", "a")},
           {{Aspect::hard_link, 2}}},
          {"names of a socket", {socket("a"), hard_link("b", "a")}, {{Aspect::hard_link, 1}}},
          {"names of a device",
           {character_device("a", 259), hard_link("b", "a")},
           {{Aspect::hard_link, 1}}}};
}

// Each name is an inode of its own, which lacks more than the link.
std::vector<Row> of_links_and_far_times() {
  const Unkepts unkept{{Aspect::mtime, 2}, {Aspect::hard_link, 1}};
  return {{"names of a symlink of 2050",
           {symlink("a", "x").mtime(year_2050), hard_link("b", "a")},
           unkept},
          {"names of a fifo of 2050", {fifo("a").mtime(year_2050), hard_link("b", "a")}, unkept}};
}

Entry one_file(std::string name) {
  return file(std::move(name), "x");
}

// Of which one inode takes `most`: of a leaf of 16 KiB what its header and the item's leave, by ten
// bytes and the name for each (btrfs_inode_ref in the kernel's btrfs_tree.h).
Row of_many_names(const char* row, Entry (*first)(std::string), int names, int most) {
  Row many{row, {first(std::to_string(10'000))}, {{Aspect::hard_link, names - most}}};
  for (int i = 1; i < names; ++i)
    many.entries.push_back(hard_link(std::to_string(10'000 + i), std::to_string(10'000)));
  return many;
}

std::vector<Row> of_many_links() {
  return {of_many_names("names in one folder", one_file, 1200, 1083),
          of_many_names("names of a fifo in one folder", fifo, 1200, 1083)};
}

std::vector<Row> of_projects(const char* row) {
  return {
      {row,
       {folder("7"), folder("8"), file("7/a", "x"), hard_link("7/b", "7/a"),
        hard_link("8/a", "7/a"), hard_link("8/b", "7/a"), symlink("7/l", "x"),
        hard_link("7/m", "7/l"), hard_link("8/l", "7/l"), hard_link("8/m", "7/l"),
        fifo("7/p").mode(0622), hard_link("7/q", "7/p"), hard_link("8/p", "7/p"),
        hard_link("8/q", "7/p"), file("7/t", "t").attribute("user.a", "1"), hard_link("8/t", "7/t"),
        fifo("7/u").attribute("trusted.a", "1"), hard_link("8/u", "7/u")},
       {{Aspect::hard_link, 8}, {Aspect::attributes, 4}}}};
}

std::vector<Row> of_names() {
  const std::string large(300'000, 'l');
  return {{"colon", {file("a:b", large)}, {}, {"a:b"}},
          {"question mark", {file("small?", "x"), file("small", "x")}, {}, {"small?"}},
          {"blank at the end", {file("a ", "x")}, {}, {"a "}},
          {"full stop at the end", {file("a.", "x")}, {}, {"a."}},
          {"control character", {file("a\tb", "x")}, {}, {"a\tb"}},
          {"no UTF-8", {file("\xff", "x")}, {}, {"\xff"}},
          {"folder", {folder("f:"), file("f:/in", "x")}, {}, {"f:"}},
          {"symlink", {symlink("l*", "x")}, {}, {"l*"}},
          {"fifo", {fifo("p|")}, {}, {"p|"}},
          {"two names", {file("a", "x"), hard_link("b:", "a")}, {}, {"b:"}},
          {"long name",
           {file("a: " + std::string(250, 'x'), large)},
           {},
           {"a: " + std::string(250, 'x')}}};
}

std::vector<Row> of_ntfs() {
  std::vector<Row> rows = of_lists();
  rows.push_back({"target that is no UTF-8", {symlink("l", "\xff")}, {{Aspect::symlink, 1}}});
  for (Row& row : of_names()) rows.push_back(std::move(row));
  return rows;
}

std::vector<Row> of_xfs() {
  std::vector<Row> rows = far_times();
  rows.push_back({"long target", {symlink("l", std::string(1024, 't'))}, {{Aspect::symlink, 1}}});
  return rows;
}

INSTANTIATE_TEST_SUITE_P(
    Metadata, NotKept,
    testing::Values(
        Disk{"ext4_with_small_inodes", image("ext4", 64'000'000, {"-I", "128", "-b", "1024"}),
             of_small_inodes},
        Disk{"xfs_without_big_times", image("xfs", 330'000'000, {"-m", "bigtime=0"}), of_xfs},
        Disk{"btrfs", image("btrfs", 150'000'000, {}), [] { return large_attributes(40'000); }},
        Disk{"btrfs_without_extref",
             image("btrfs", 150'000'000, {"-O", "^extref", "-n", "16384"}),
             of_many_links,
             false,
             {},
             true},
        Disk{"xfs_of_projects",
             xfs_of_projects("projects"),
             [] { return of_projects("projects"); },
             false,
             {{Call::set_attribute, E2BIG}}},
        Disk{"exfat", exfat, of_fat}, Disk{"ntfs", ntfs("permissions,windows_names"), of_ntfs},
        Disk{"ntfs_without_permissions", ntfs("windows_names"), with_all_rights},
        Disk{"ext4_with_small_inodes_and_without_links",
             image("ext4", 64'000'000, {"-I", "128", "-b", "1024"}),
             of_links_and_far_times,
             false,
             {{Call::link, EPERM}}},
        Disk{"tmpfs_without_links",
             image("tmpfs", 64'000'000, {}),
             of_links,
             false,
             {{Call::link, EPERM}}},
        Disk{"tmpfs_without_attributes",
             image("tmpfs", 64'000'000, {}),
             of_attributes,
             false,
             {{Call::set_attribute, EOPNOTSUPP}}},
        Disk{"attributes_refused", given, of_attributes, false, {{Call::set_attribute, EPERM}}},
        Disk{"owners_refused", given, of_others, false, {{Call::change_owner, EPERM}}},
        Disk{"nobody", given, of_others_for_nobody, true},
        Disk{"bindfs_that_ignores_owners", bound({"--chown-ignore", "--chgrp-ignore"}), of_others},
        Disk{"bindfs_that_denies_owners", bound({"--chown-deny", "--chgrp-deny"}), of_others},
        Disk{"bindfs_that_denies_owners_alone", bound({"--chown-deny"}),
             [] {
               return of_many_others({{Aspect::owner, 20}});
             }},
        Disk{"bindfs_that_denies_groups_alone", bound({"--chgrp-deny"}),
             [] {
               return of_many_others({{Aspect::group, 20}});
             }},
        Disk{"bindfs_that_ignores_modes", bound({"--chmod-ignore"}), of_modes},
        Disk{"bindfs_that_denies_modes", bound({"--chmod-deny"}), of_modes},
        Disk{"bindfs_without_attributes", bound({"--xattr-none"}), of_attributes},
        Disk{"bindfs_that_denies_attributes", bound({"--xattr-ro"}), of_attributes}),
    [](const auto& each) { return std::string(each.param.name); });

// Single pieces.

class OnePiece : public TwoRoots {
 protected:
  [[nodiscard]] Options indexed() const {
    Options how = options();
    how.index = index_place::File{home / "index"};
    return how;
  }
};

TEST_F(OnePiece, that_was_refused_is_tried_again_once_something_else_is_asked) {
  const Entry given = file("f", "x").attribute("user.a", "1");
  if (!can_make(given, home.path())) GTEST_SKIP() << "no attributes here";
  given_source({Entry(given)});
  {
    const Watcher watcher{{{Call::set_attribute, E2BIG}}};
    EXPECT_EQ(in_words(counted(run_pass(indexed()))), "extended attributes 1; ");
  }
  EXPECT_EQ(in_words(counted(run_pass(indexed()))), "extended attributes 1; ");
  EXPECT_TRUE(snapshot(destination).at("f").attributes.empty());
  stamps(source);
  set_attribute(source, "f", "user.a", "2");
  EXPECT_EQ(in_words(counted(run_pass(indexed()))), "");
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(OnePiece, that_was_refused_is_set_once_the_destination_has_something_else) {
  const Entry given = file("f", "x").attribute("user.a", "1");
  if (!can_make(given, home.path())) GTEST_SKIP() << "no attributes here";
  given_source({Entry(given), symlink("l", "x").mtime(year_2050)});
  {
    const Watcher watcher{{{Call::set_attribute, E2BIG}, {Call::change_times, EPERM}}};
    EXPECT_EQ(in_words(counted(run_pass(indexed()))), "mtime 3; extended attributes 1; ");
  }
  set_attribute(destination, "f", "user.a", "9");
  set_mtime(destination, "l", 5);
  run_pass(indexed());
  EXPECT_EQ(snapshot(destination).at("f").attributes, given.attributes);
  EXPECT_EQ(snapshot(destination).at("l").modified, timestamp_of(year_2050));
}

TEST_F(OnePiece, that_a_right_was_lacking_for_is_tried_again_once_something_was_done_to_it) {
  if (!can_make(file("f").attribute("user.a", "1"), home.path())) GTEST_SKIP() << "no attributes";
  for (const std::string& root : {source, destination}) make({file("f", "x")}, root);
  set_attribute(source, "f", "user.a", "1");
  {
    const Watcher watcher{{{Call::set_attribute, EPERM}}};
    EXPECT_EQ(in_words(counted(run_pass(indexed()))), "extended attributes 1; ");
  }
  const Watcher watcher{{}};
  EXPECT_EQ(in_words(counted(run_pass(indexed()))), "extended attributes 1; ");
  set_mode(destination, "f", 0644);  // which it has: its ctime moves
  EXPECT_EQ(in_words(counted(run_pass(indexed()))), "");
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

// What takes the place of something is made beside it.
TEST_F(OnePiece, of_what_replaces_something_is_told_of_by_its_name) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be somebody else";
  given_source({folder("")});
  given_destination({folder("")});
  const auto example = [&](const Entry& wanted, const Entry& there,
                           const std::map<Call, int>& refused) {
    make({Entry(wanted)}, source);
    make({Entry(there)}, destination);
    const Watcher watcher{refused};
    const Pass pass = run_pass(options());
    EXPECT_EQ(pass.failures.size(), 0U);
    EXPECT_EQ(pass.summary.unkept.size(), 1U);
    std::filesystem::remove_all(source + '/' + wanted.path);
    return pass.summary.unkept.empty() ? std::string{} : pass.summary.unkept.front().example;
  };
  EXPECT_EQ(
      example(symlink("link", "x"), file("link/inside"), {{Call::make_symlink, ENAMETOOLONG}}),
      "link");
  EXPECT_EQ(example(fifo("special"), file("special"), {{Call::make_node, EPERM}}), "special");
  EXPECT_EQ(
      example(symlink("owned", "x").owner(nobody, 0), file("owned"), {{Call::change_owner, EPERM}}),
      "owned");
}

TEST_F(OnePiece, that_there_is_no_room_for_now_is_a_failure_and_set_later) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may give files away";
  given_source({file("f", "x").owner(1, 2).mode(0640)});
  {
    const Watcher watcher{{{Call::change_owner, EDQUOT}}};
    EXPECT_EQ(run_pass(indexed()).status(), Status::some_failed);
  }
  EXPECT_EQ(snapshot(destination).at("f"), file("f", "x").mode(0640));
  EXPECT_EQ(run_pass(indexed()).status(), Status::done);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

// A disk that fails once is none that cannot hold such a thing.
TEST_F(OnePiece, that_a_disk_fails_to_make_is_a_failure_and_made_later) {
  given_source({symlink("link", "x"), fifo("fifo")});
  {
    const Watcher watcher{{{Call::make_symlink, EIO}, {Call::make_node, EIO}}};
    const Pass pass = run_pass(indexed());
    EXPECT_EQ(pass.failures.size(), 2U);
    EXPECT_TRUE(pass.summary.unkept.empty());
  }
  EXPECT_EQ(run_pass(indexed()).status(), Status::done);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(OnePiece, of_a_file_that_its_owner_may_not_write_to_is_set) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be somebody else";
  const Entry given = file("f", "x").mode(0444).attribute("user.a", "1").owner(nobody, nobody);
  if (!can_make(given, home.path())) GTEST_SKIP() << "no attributes here";
  given_source({folder("").owner(nobody, nobody), Entry(given)});
  given_destination({folder("").owner(nobody, nobody)});
  set_mode(home.path(), "", 0755);
  for (const char* value : {"1", "2"}) {
    set_attribute(source, "f", "user.a", value);
    {
      const AsNobody guise;
      EXPECT_EQ(run_pass(options()).status(), Status::done);
    }
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
  }
}

TEST_F(OnePiece, without_its_owner_a_program_loses_its_set_id_bits) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be somebody else";
  given_source({file("f", "x").owner(1, 2).mode(06755), folder("d").owner(1, 2).mode(02755)});
  given_destination({folder("").owner(nobody, nobody)});
  set_mode(home.path(), "", 0755);
  {
    const AsNobody guise;
    EXPECT_EQ(run_pass(options()).status(), Status::done);
  }
  EXPECT_EQ(snapshot(destination).at("f").mode_bits, 0755U);
  EXPECT_EQ(snapshot(destination).at("d").mode_bits, 02755U);
}

}  // namespace
}  // namespace syncline::test
