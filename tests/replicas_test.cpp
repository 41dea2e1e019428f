// One walk and one read of a source for several replicas, each of which needs something else.
// SYNCLINE_SEED repeats a run.
//
// SPDX-License-Identifier: MIT
#include "index/index.h"
#include "source/local_source.h"
#include "support/disk.h"
#include "support/index.h"
#include "support/memory_folder.h"
#include "support/memory_source.h"
#include "support/mounted_tmpfs.h"
#include "support/random_tree.h"
#include "support/source_pass.h"
#include "support/temporary_folder.h"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

using Paths = std::vector<std::string>;

Options deleting() {
  Options how;
  how.free_at_first = true;
  how.deletions = deletion::Unlimited{};
  return how;
}

std::string many_bytes(std::size_t count, unsigned salt) {
  std::string bytes(count, '\0');
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<char>((i + salt) * i >> 7U);
  return bytes;
}

/// What an index remembers of a source and a destination that were the same.
class Remembering {
 public:
  Remembering(const std::string& path, engine::Source& source,
              std::shared_ptr<const filesystem::OpenFolder> destination)
      : path_(path), folder_(std::move(destination)) {
    const auto index = open();
    const auto root = std::make_shared<engine::Folder>(nullptr, "", engine::Folder::Role::mirrored);
    source.open_root(*root);
    index->write({{index::edit::PutFolder{
        .name = "", .row = {.key = index::root_row, .source = root->from->id}}}});
    remember(*index, source, root, index::root_row, *folder_);
    index->finish({}, true);
  }

  [[nodiscard]] std::unique_ptr<index::Index> open() const {
    return std::make_unique<index::Index>(path_, index::Pair{"/elsewhere", path_, "here", "there"},
                                          0, index::Secrets{});
  }
  [[nodiscard]] const auto& folder() const { return folder_; }

 private:
  static void remember(index::Index& index, engine::Source& source, const engine::FolderRef& here,
                       index::RowKey row, const filesystem::OpenFolder& there) {
    const auto listed = source.list(*here, {});
    here->from->id = listed.entry.identity.id;
    for (std::size_t i = 0; i < listed.names.size(); ++i) {
      const std::string name{listed.names[i]};
      const auto from = source.look_at({*here}, name);
      const auto to = there.look(name);
      if (from->kind == Kind::folder) {
        const index::RowKey key = index.new_folder();
        index.write({{index::edit::PutFolder{
            .parent = row, .name = name, .row = {.key = key, .source = from->identity.id}}}});
        const auto child =
            std::make_shared<engine::Folder>(here, name, engine::Folder::Role::mirrored);
        remember(index, source, child, key, *there.open_below(name));
      } else {
        index.write({{index::edit::PutFile{.folder = row,
                                           .name = name,
                                           .what = {.source = from->identity,
                                                    .destination = to->identity,
                                                    .fingerprint = Fingerprint{},
                                                    .source_proved = true,
                                                    .destination_proved = true},
                                           .chunks = {}}}});
      }
    }
  }

  const std::string path_;
  const std::shared_ptr<const filesystem::OpenFolder> folder_;
};

// The first destination was left when the source was new, the second after its first change.
TEST(Replicas, without_a_disk_each_is_told_its_own_moves) {
  const TemporaryFolder home;
  MemorySource source{{file("a/f", "1"), file("a/g", "22"), file("b/c/d/h", "333")}};
  const Remembering first{
      home.path() + "/first", source,
      memory_folder({file("a/f", "1"), file("a/g", "22"), file("b/c/d/h", "333")})};
  source.move("a/f", "b/f");
  source.move("b/c", "c");
  const Remembering second{
      home.path() + "/second", source,
      memory_folder({folder("a"), file("a/g", "22"), file("b/f", "1"), file("c/d/h", "333")})};
  source.move("c/d", "a/d");
  source.move("a/g", "c/g");

  const auto of_first = first.open();
  const auto of_second = second.open();
  const auto told = tell_from(source,
                              {{.folder = first.folder(), .index = of_first.get()},
                               {.folder = second.folder(), .index = of_second.get()}},
                              deleting());
  EXPECT_EQ(told[0].paths(Verb::move), (Paths{"a/d", "b/f", "c", "c/g"}));
  EXPECT_EQ(told[1].paths(Verb::move), (Paths{"a/d", "c/g"}));
  for (const Pass& pass : told) {
    EXPECT_EQ(pass.status(), Status::done);
    for (const Verb verb : {Verb::create, Verb::update, Verb::check, Verb::remove})
      EXPECT_EQ(pass.paths(verb), Paths{});
    EXPECT_EQ(pass.action_at("c/g")->moved_from.whole(), "a/g");
  }
}

class Several : public testing::Test {
 protected:
  std::vector<Pass> run(engine::Source& source, const Options& how = deleting()) {
    std::vector<Destination> to;
    for (const TemporaryFolder& each : homes) to.push_back(folder_at(each.path()));
    return run_from(source, to, how);
  }
  void expect_all_are(const Tree& tree) {
    for (const TemporaryFolder& each : homes) EXPECT_TRUE(same(snapshot(each.path()), tree));
  }
  static std::uint64_t read_by(const std::vector<Pass>& passes) {
    std::uint64_t bytes = 0;
    for (const Pass& pass : passes) bytes += pass.summary.bytes_read;
    return bytes;
  }
  static std::uint64_t hashed_by(const std::vector<Pass>& passes) {
    std::uint64_t bytes = 0;
    for (const Pass& pass : passes) bytes += pass.summary.bytes_hashed;
    return bytes;
  }

  const std::array<TemporaryFolder, 3> homes;
};

TEST_F(Several, are_made_from_one_read) {
  Tree tree{file("small", "12345"),
            file("empty"),
            file("f/large", many_bytes(20U << 20U, 1)),
            file("f/medium", many_bytes(100'000, 2)),
            symlink("l", "small"),
            folder("e/e")};
  for (int i = 0; i < 1000; ++i) tree.put(file("many/" + std::to_string(i), std::to_string(i)));
  MemorySource alone{tree};
  const TemporaryFolder home;
  const Pass one = run_from(alone, home.path());
  MemorySource source{tree};
  const auto passes = run(source);
  expect_all_are(tree);
  EXPECT_EQ(read_by(passes), one.summary.bytes_read) << "something was read more than once";
  EXPECT_EQ(hashed_by(passes), one.summary.bytes_hashed) << "something was hashed more than once";
  // Each opens the root and the two large files for itself, and looks at these before and after.
  EXPECT_LE(source.questions(), alone.questions() + 2 * (1 + 2 * 4));
  for (const Pass& pass : passes) {
    EXPECT_EQ(pass.status(), Status::done);
    EXPECT_EQ(pass.summary.bytes_written, one.summary.bytes_written);
    EXPECT_EQ(pass.actions.size(), one.actions.size());
  }
}

TEST_F(Several, need_not_need_the_same) {
  const std::string large = many_bytes(20U << 20U, 1);
  std::string other = large;
  other[10U << 20U] ^= 1;
  const Tree tree{file("f", "is"), file("g/g", "g"), file("large", large), file("new/n", "n")};
  make({file("f", "is"), file("g", "a file"), file("large", large)}, homes[0].path());
  make({file("f", "as"), file("large", other).mtime(1), folder("f2"), file("gone/x")},
       homes[1].path());
  MemorySource source{tree};
  const auto passes = run(source);
  expect_all_are(tree);
  EXPECT_EQ(passes[0].paths(Verb::create), (Paths{"g/g", "new", "new/n"}));
  EXPECT_EQ(passes[0].paths(Verb::replace), Paths{"g"});
  EXPECT_EQ(passes[1].paths(Verb::remove), (Paths{"f2", "gone", "gone/x"}));
  EXPECT_EQ(passes[1].paths(Verb::update), (Paths{"f", "large"}));
  EXPECT_EQ(passes[2].summary.created.entries, tree.size() - 1);
}

// Names that one of them alone has come between those of the source, in other batches.
TEST_F(Several, may_have_any_number_of_names_of_their_own) {
  Random random{announced_seed()};
  const auto names = [&](int count) {
    Tree tree;
    for (int i = 0; i < count; ++i) tree.put(file("d/" + std::to_string(random.below(100'000))));
    return tree;
  };
  const Tree tree = names(700);
  make(names(3000), homes[0].path());
  make(names(10), homes[1].path());
  MemorySource source{tree};
  run(source);
  expect_all_are(tree);
}

TEST_F(Several, become_what_a_random_source_is) {
  if (!holds_riches(homes[0].path())) GTEST_SKIP() << "no attributes or access lists here";
  Random random{announced_seed()};
  const TemporaryFolder from;
  make(random_rich_tree(random, 150), from.path());
  for (int round = 0; round < 8 && !HasFailure(); ++round) {
    for (const TemporaryFolder& each : homes)
      if (random.one_in(2)) change_richly(random, each.path(), random.below(40));
    change_richly(random, from.path(), 20);
    Options how = deleting();
    how.rehash = true;
    engine::LocalSource source{16};
    source.set_root(filesystem::Directory::open_root(from.path()));
    for (const Pass& pass : run(source, how))
      for (const Failure& failure : pass.failures) ADD_FAILURE() << in_codes(failure);
    expect_all_are(snapshot(from.path()));
  }
}

// Whatever it has begun together with the others.
TEST_F(Several, go_on_when_one_of_them_ends) {
  Tree tree{file("f/large", many_bytes(40U << 20U, 1))};
  for (int i = 0; i < 600; ++i) tree.put(file("many/" + std::to_string(i), many_bytes(9000, 3)));
  for (const int events : {1, 100, 500}) {
    const std::array<TemporaryFolder, 2> to;
    std::stop_source stop;
    int seen = 0;
    Destination stopped = folder_at(to[0].path());
    stopped.stop = stop.get_token();
    stopped.hook = [&](const Event& /*event*/) {
      if (++seen == events) stop.request_stop();
    };
    MemorySource source{tree};
    const auto passes = run_from(source, {stopped, folder_at(to[1].path())}, deleting());
    EXPECT_TRUE(passes[0].summary.stopped);
    EXPECT_EQ(passes[1].status(), Status::done);
    EXPECT_TRUE(same(snapshot(to[1].path()), tree));
    EXPECT_EQ(temporaries_in(to[0].path()), Paths{});
  }
}

std::vector<Pass> run_at(const std::string& source_path, const std::vector<Destination>& to,
                         const Options& how = deleting()) {
  engine::LocalSource source{16};
  source.set_root(filesystem::Directory::open_root(source_path));
  return run_from(source, to, how);
}

std::uint64_t bytes_in(const Tree& tree) {
  std::uint64_t bytes = 0;
  for (const auto& [path, entry] : tree.entries())
    if (entry.kind == Kind::file && entry.linked_to.empty()) bytes += entry.content.size();
  return bytes;
}

/// A replica with an index of its own, which remembers its passes.
class IndexedReplica {
 public:
  [[nodiscard]] const std::string& path() const { return folder_.path(); }
  [[nodiscard]] std::string index() const { return home_ / "index"; }

  Destination open() {
    open_ = std::make_unique<index::Index>(
        index(), index::Pair{"/elsewhere", path(), "here", "there"}, 0, index::Secrets{});
    Destination to = folder_at(path());
    to.index = open_.get();
    return to;
  }
  void close() {
    open_->finish({}, true);
    open_.reset();
  }

 private:
  const TemporaryFolder folder_;
  const TemporaryFolder home_;
  std::unique_ptr<index::Index> open_;
};

// Sixteen of these fill what small files are read into.
Tree full_groups() {
  Tree tree;
  for (int i = 0; i < 64; ++i)
    tree.put(file("d/" + std::to_string(i), many_bytes(64U << 10U, static_cast<unsigned>(i))));
  return tree;
}

// Of the first the source is known already, so that it reads its own files alone.
TEST(Replicas, are_compared_with_the_source_where_another_need_not_be) {
  const Tree tree = full_groups();
  const TemporaryFolder from;
  const TemporaryFolder equal;
  IndexedReplica first;
  for (const std::string& path : {from.path(), equal.path(), first.path()}) make(tree, path);
  for (const std::string& path : {from.path(), first.path()}) let_age(path);
  run_at(from.path(), {first.open()});
  first.close();
  for (const auto& [path, entry] : tree.entries()) {
    const std::string whole = first.path() + '/' + path;  // its ctime alone moves
    ASSERT_EQ(::chmod(whole.c_str(), entry.mode_bits), 0);
  }
  let_age(first.path());

  const auto passes = run_at(from.path(), {first.open(), folder_at(equal.path())});
  first.close();
  EXPECT_EQ(passes[0].summary.bytes_read, bytes_in(tree)) << "it read the source, too";
  for (const Pass& pass : passes) {
    EXPECT_EQ(pass.status(), Status::done);
    EXPECT_EQ(pass.summary.bytes_written, 0) << "what was equal was copied";
  }
  EXPECT_TRUE(claims_nothing_false(first.index(), from.path(), first.path()));
}

// Of the second alone it matters whether the source is at rest.
TEST(Replicas, are_read_once_where_one_of_them_is_remembered) {
  const Tree tree = full_groups();
  const TemporaryFolder from;
  make(tree, from.path());
  let_age(from.path());
  const TemporaryFolder first;
  IndexedReplica second;
  const auto passes = run_at(from.path(), {folder_at(first.path()), second.open()});
  second.close();
  EXPECT_EQ(passes[0].summary.bytes_read + passes[1].summary.bytes_read, bytes_in(tree));
  EXPECT_TRUE(same(snapshot(first.path()), tree));
  EXPECT_TRUE(same(snapshot(second.path()), tree));
  EXPECT_TRUE(claims_nothing_false(second.index(), from.path(), second.path()));
  const auto files = files_in_index(second.index());
  EXPECT_EQ(std::ranges::count_if(files, [](const auto& it) { return it.second.source_proved; }),
            64);
}

// Each has a history of its own, and its index is true whatever the others were found to be.
TEST(Replicas, remember_the_truth) {
  Random random{announced_seed()};
  const TemporaryFolder from;
  Tree tree = random_rich_tree(random, 100);
  tree.put(file("medium", many_bytes(300'000, 1)));
  make(tree, from.path());
  std::array<IndexedReplica, 3> all;
  for (int round = 0; round < 5 && !testing::Test::HasFailure(); ++round) {
    change_richly(random, from.path(), 20);
    if (exists(from.path(), "medium")) remove(from.path(), "medium");
    put(file("medium", many_bytes(300'000, static_cast<unsigned>(round))), from.path());
    if (random.one_in(2)) let_age(from.path());
    std::vector<IndexedReplica*> taking_part;
    for (IndexedReplica& each : all)
      if (round == 0 || !random.one_in(3)) taking_part.push_back(&each);
    if (taking_part.empty()) continue;
    std::vector<Destination> to;
    for (IndexedReplica* const each : taking_part) to.push_back(each->open());
    Options how = deleting();
    for (bool Options::*const each : {&Options::verify, &Options::in_place, &Options::rehash})
      how.*each = random.one_in(3);
    if (random.one_in(3)) how.digest_backend = DigestBackend::evp;
    for (const Pass& pass : run_at(from.path(), to, how))
      for (const Failure& failure : pass.failures) ADD_FAILURE() << in_codes(failure);
    for (IndexedReplica* const each : taking_part) {
      each->close();
      EXPECT_TRUE(same(snapshot(each->path()), snapshot(from.path())));
      EXPECT_TRUE(claims_nothing_false(each->index(), from.path(), each->path()));
    }
  }
}

TEST(Replicas, are_all_told_what_is_not_kept) {
  const TemporaryFolder home;
  const std::string from = home / "from";
  make({folder("from/inner")}, home.path());
  const MountedTmpfs mounted{from + "/inner", MS_NOSUID};
  if (!mounted.done()) GTEST_SKIP() << "nothing can be mounted here";
  const std::string capability{"\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20};
  make({file("small", "s").mode(0755).attribute("security.capability", capability),
        file("large", many_bytes(100'000, 1)).mode(04755)},
       from + "/inner");
  const std::array<TemporaryFolder, 2> to;
  const auto passes = run_at(from, {folder_at(to[0].path()), folder_at(to[1].path())});
  for (const Pass& pass : passes) {
    ASSERT_EQ(pass.summary.unkept.size(), 2);
    EXPECT_EQ(pass.summary.unkept[0].aspect, passes[0].summary.unkept[0].aspect);
    EXPECT_EQ(pass.summary.unkept[1].aspect, passes[0].summary.unkept[1].aspect);
  }
}

TEST_F(Several, go_on_when_one_of_them_is_full) {
  const MountedTmpfs mounted{homes[0].path()};
  if (!mounted.done()) GTEST_SKIP() << "nothing can be mounted here";
  Tree tree = full_groups();
  tree.put(file("large", many_bytes(20U << 20U, 1)));
  tree.put(file("d/medium", many_bytes(100'000, 2)));
  MemorySource source{tree};
  const auto passes = run(source);
  EXPECT_GT(passes[0].summary.failures, 0);
  EXPECT_EQ(temporaries_in(homes[0].path()), Paths{});
  for (const int i : {1, 2}) {
    EXPECT_EQ(passes[static_cast<std::size_t>(i)].status(), Status::done);
    EXPECT_TRUE(same(snapshot(homes[static_cast<std::size_t>(i)].path()), tree));
  }
  EXPECT_EQ(read_by(passes), bytes_in(tree)) << "something was read more than once";
}

// While the first reads for all of them the second ends.
TEST_F(Several, are_made_from_one_read_when_one_of_them_ends) {
  const Tree tree{file("large", many_bytes(20U << 20U, 1))};
  std::stop_source stop;
  std::vector<Destination> to;
  for (const TemporaryFolder& each : homes) to.push_back(folder_at(each.path()));
  to[1].stop = stop.get_token();
  MemorySource source{tree};
  source.before_read([&](const std::string& /*path*/) { stop.request_stop(); });
  const auto passes = run_from(source, to, deleting());
  EXPECT_TRUE(passes[1].summary.stopped);
  EXPECT_EQ(read_by(passes), bytes_in(tree)) << "something was read more than once";
  EXPECT_EQ(hashed_by(passes), bytes_in(tree)) << "something was hashed more than once";
  for (const std::size_t i : {std::size_t{0}, std::size_t{2}})
    EXPECT_TRUE(same(snapshot(homes[i].path()), tree));
}

// By somebody who writes the same number of bytes into them.
TEST_F(Several, become_what_files_are_that_change_while_they_are_read) {
  for (const std::size_t bytes : {std::size_t{5}, std::size_t{100'000}, std::size_t{9U << 20U}}) {
    const Tree after{file("f", many_bytes(bytes, 5))};
    MemorySource source{{file("f", many_bytes(bytes, 4))}};
    std::atomic<int> reads = 0;
    source.before_read([&](const std::string& /*path*/) {
      if (++reads == (bytes > 1'000'000 ? 3 : 1)) source.put(after.at("f"));
    });
    for (const Pass& pass : run(source))
      for (const Failure& failure : pass.failures) ADD_FAILURE() << in_codes(failure);
    expect_all_are(after);
  }
}

// Those of a reading of one that was interrupted go on where that ended, the others begin.
TEST_F(Several, need_not_have_been_interrupted_together) {
  const Tree tree{file("large", many_bytes(40U << 20U, 1))};
  Options how = deleting();
  how.keep_partial_from = 1U << 20U;
  IndexedReplica interrupted;
  {
    std::stop_source stop;
    Destination to = interrupted.open();
    to.stop = stop.get_token();
    MemorySource source{tree};
    std::atomic<int> reads = 0;
    source.before_read([&](const std::string& /*path*/) {
      if (++reads == 20) stop.request_stop();
    });
    EXPECT_TRUE(run_from(source, {to, folder_at(homes[0].path())}, how)[0].summary.stopped);
    interrupted.close();
  }
  MemorySource source{tree};
  const auto passes = run_from(
      source, {folder_at(homes[1].path()), interrupted.open(), folder_at(homes[2].path())}, how);
  interrupted.close();
  const Action* const action = passes[1].action_at("large");
  ASSERT_NE(action, nullptr);
  EXPECT_GT(action->reason.resumed_bytes, 0);
  EXPECT_EQ(passes[0].summary.bytes_read + passes[2].summary.bytes_read, bytes_in(tree));
  expect_all_are(tree);
  EXPECT_TRUE(same(snapshot(interrupted.path()), tree));
}

TEST(Replicas, beyond_a_number_are_read_for_once_more) {
  const std::array<TemporaryFolder, 10> homes;
  const Tree tree{file("large", many_bytes(9U << 20U, 1)), file("small", "small")};
  std::vector<Destination> to;
  for (const TemporaryFolder& each : homes) to.push_back(folder_at(each.path()));
  MemorySource source{tree};
  std::uint64_t read = 0;
  for (const Pass& pass : run_from(source, to, deleting())) read += pass.summary.bytes_read;
  EXPECT_EQ(read, 2 * tree.at("large").content.size() + tree.at("small").content.size());
  for (const TemporaryFolder& each : homes) EXPECT_TRUE(same(snapshot(each.path()), tree));
}

TEST_F(Several, are_guarded_each_for_itself) {
  Tree tree{file("f", "f")};
  make(tree, homes[1].path());
  Tree more = tree;
  for (int i = 0; i < 300; ++i) more.put(file("extra/" + std::to_string(i)));
  make(more, homes[0].path());
  more = tree;
  more.put(file("extra"));
  make(more, homes[2].path());
  MemorySource source{tree};
  Options how = deleting();
  how.deletions = deletion::AtMostEntries{.entries = 10};
  const auto passes = run(source, how);
  EXPECT_TRUE(passes[0].summary.deletions_held);
  EXPECT_TRUE(exists(homes[0].path(), "extra/299"));
  EXPECT_EQ(passes[2].paths(Verb::remove), Paths{"extra"});
  EXPECT_TRUE(same(snapshot(homes[1].path()), tree));
  EXPECT_TRUE(same(snapshot(homes[2].path()), tree));
}

TEST_F(Several, have_the_links_that_the_source_has) {
  const Tree tree{file("a", "aa"),
                  hard_link("d/a", "a"),
                  hard_link("e/a", "a"),
                  file("b", "aa"),
                  file("large", many_bytes(9U << 20U, 1)),
                  hard_link("d/large", "large")};
  make({file("a", "aa"), file("d/a", "aa"), hard_link("b", "a")}, homes[0].path());
  make({file("e/a", "xx"), hard_link("d/large", "e/a"), hard_link("large", "e/a")},
       homes[1].path());
  MemorySource source{tree};
  run(source);
  expect_all_are(tree);
}

// At any event of their own, or while something is read for all of them.
TEST(Replicas, are_whole_whichever_of_them_end) {
  Random random{announced_seed()};
  Tree tree{file("large", many_bytes(20U << 20U, 1)), file("other", many_bytes(9U << 20U, 2))};
  for (int i = 0; i < 200; ++i)
    tree.put(file(std::to_string(random.below(5)) + "/" + std::to_string(random.below(5)) + "/" +
                      std::to_string(i),
                  many_bytes(random.below(90'000), static_cast<unsigned>(i))));
  for (int round = 0; round < 2 && !testing::Test::HasFailure(); ++round) {
    Options how = deleting();
    if (random.one_in(2)) how.keep_partial_from = 1U << 20U;
    if (random.one_in(2)) how.order = Order::smallest;
    const std::array<TemporaryFolder, 4> homes;
    std::array<std::stop_source, 4> stops;
    std::array<std::uint64_t, 4> events{};
    const std::uint64_t last_event = random.below(200);
    std::vector<Destination> to;
    for (std::size_t i = 0; i < homes.size(); ++i) {
      to.push_back(folder_at(homes[i].path()));
      to.back().stop = stops[i].get_token();
    }
    const auto ends = static_cast<std::size_t>(random.below(4));
    to[ends].hook = [&](const Event& /*event*/) {
      if (++events[ends] == last_event) stops[ends].request_stop();
    };
    const auto ends_in_read = static_cast<std::size_t>(random.below(4));
    const std::uint64_t last_read = random.below(200);
    std::atomic<std::uint64_t> reads = 0;
    MemorySource source{tree};
    source.before_read([&](const std::string& /*path*/) {
      if (++reads == last_read) stops[ends_in_read].request_stop();
    });
    const auto passes = run_from(source, to, how);
    for (std::size_t i = 0; i < homes.size(); ++i) {
      EXPECT_TRUE(passes[i].failures.empty());
      if (stops[i].stop_requested()) continue;
      EXPECT_EQ(passes[i].status(), Status::done);
      EXPECT_TRUE(same(snapshot(homes[i].path()), tree));
    }
    for (std::size_t i = 0; i < homes.size(); ++i) to[i] = folder_at(homes[i].path());
    for (const Pass& pass : run_from(source, to, how)) EXPECT_EQ(pass.status(), Status::done);
    for (const TemporaryFolder& each : homes) EXPECT_TRUE(same(snapshot(each.path()), tree));
  }
}

}  // namespace
}  // namespace syncline::test
