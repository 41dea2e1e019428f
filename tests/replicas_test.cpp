// One walk and one read of a source for several replicas, each of which needs something else.
// SYNCLINE_SEED repeats a run.
//
// SPDX-License-Identifier: MIT
#include "index/index.h"
#include "source/local_source.h"
#include "support/disk.h"
#include "support/memory_folder.h"
#include "support/memory_source.h"
#include "support/random_tree.h"
#include "support/source_pass.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <array>
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

}  // namespace
}  // namespace syncline::test
