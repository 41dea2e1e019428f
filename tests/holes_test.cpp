// Files with holes: a chunk that is one hole is neither read nor hashed, on either side, and has
// the digest that its zeros have.
//
// SPDX-License-Identifier: MIT
#include "support/disk.h"
#include "support/index.h"
#include "support/passes.h"
#include "support/tree.h"
#include "support/two_roots.h"

#include "syncline/mirror.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t block = 4096;
constexpr std::uint64_t large = 6 * chunk_bytes + 5;

class Holes : public TwoRoots {
 protected:
  void SetUp() override {
    fs::create_directory(source);
    put_sparse(source, "probe", block);
    if (allocated(source, "probe") > 0) GTEST_SKIP() << "no holes here";
    remove(source, "probe");
  }

  [[nodiscard]] Options how() const {
    Options how = options();
    how.index = index_place::File{home / "index"};
    return how;
  }
  [[nodiscard]] Options anew() const {
    Options how = this->how();
    how.rehash = true;
    return how;
  }

  /// What the digest of a file with such bytes is where nothing is a hole.
  [[nodiscard]] std::string dense_digest(const std::string& name) const {
    const std::string dense = home / "dense";
    fs::create_directory(dense);
    std::ifstream from(source + '/' + name, std::ios::binary);
    std::ofstream(dense + '/' + name, std::ios::binary) << from.rdbuf();
    Options how = between(dense, home / "of dense");
    how.index = index_place::File{home / "index of dense"};
    run_ok(how);
    return files_in_index(home / "index of dense").at(name).digest;
  }

  void expect_mirrored_with_holes(const std::string& name) const {
    EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
    EXPECT_LE(allocated(destination, name), allocated(source, name) + block);
  }
};

TEST_F(Holes, cost_no_reading_and_change_no_digest) {
  // Chunks: hole, data at the end, hole, hole, data, hole, the short rest a hole.
  put_with_holes(source, "f", {{2 * chunk_bytes - 10, 10}, {4 * chunk_bytes, chunk_bytes}}, large);
  let_age(source);
  const Pass first = run_ok(how());
  expect_mirrored_with_holes("f");
  EXPECT_LE(first.summary.bytes_read, 2 * chunk_bytes);
  EXPECT_LE(first.summary.bytes_hashed, 2 * chunk_bytes + 5);
  EXPECT_EQ(files_in_index(home / "index").at("f").digest, dense_digest("f"));
  const Pass again = run_ok(anew());
  EXPECT_TRUE(again.actions.empty());
  EXPECT_LE(again.summary.bytes_read, 4 * chunk_bytes);
  EXPECT_LE(again.summary.bytes_hashed, 2 * chunk_bytes + 5);
}

TEST_F(Holes, are_compared_with_data) {
  put_with_holes(source, "zeros in the destination", {{0, block}}, large);
  put_with_holes(source, "data in the destination", {{0, block}}, large);
  put_with_holes(source, "data in the source", {{0, block}, {chunk_bytes + block, block}}, large);
  run_ok(how());
  // Zeros that are written are no hole, and the same bytes.
  {
    std::fstream zeros(destination + "/zeros in the destination",
                       std::ios::in | std::ios::out | std::ios::binary);
    zeros.seekp(3 * chunk_bytes);
    zeros << std::string(block, '\0');
    std::fstream data(destination + "/data in the destination",
                      std::ios::in | std::ios::out | std::ios::binary);
    data.seekp(3 * chunk_bytes);
    data << std::string(block, 'x');
  }
  remove(destination, "data in the source");
  put_with_holes(destination, "data in the source", {{0, block}}, large);
  const Pass pass = run_ok(anew());
  EXPECT_EQ(pass.action_at("zeros in the destination")->verb, Verb::set_metadata);
  EXPECT_EQ(pass.action_at("data in the destination")->verb, Verb::update);
  EXPECT_EQ(pass.action_at("data in the source")->verb, Verb::update);
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(Holes, replace_data_whatever_is_written_over) {
  constexpr std::uint64_t medium = 2 * chunk_bytes + 5;
  fs::create_directory(destination);
  for (const bool in_place : {false, true}) {
    for (const std::uint64_t size : {medium, medium - chunk_bytes}) {
      for (const std::string& root : {source, destination})
        if (exists(root, "f")) remove(root, "f");
      put_with_holes(source, "f", {{5 * block, block}}, medium);
      put_with_holes(destination, "f", {{0, size}}, size);
      Options how = options();
      how.in_place = in_place;
      run_ok(how);
      EXPECT_TRUE(same(snapshot(destination), snapshot(source))) << in_place << ' ' << size;
    }
  }
}

TEST_F(Holes, are_not_read_where_one_side_is) {
  put_with_holes(source, "f", {{0, block}}, large);
  let_age(source);
  run_ok(how());
  for (const std::string& side : {source, destination}) {
    set_mode(side, "f", 0600);  // its ctime moves
    const Pass pass = run_ok(how());
    EXPECT_LE(pass.summary.bytes_read, chunk_bytes);
    run_ok(how());
    set_mode(source, "f", 0644);
    run_ok(how());
  }
  EXPECT_TRUE(same(snapshot(destination), snapshot(source)));
}

TEST_F(Holes, of_the_destination_are_not_read_for_zeros_of_the_source) {
  put_with_holes(source, "f", {{0, block}}, large);
  run_ok(how());
  {
    std::fstream zeros(source + "/f", std::ios::in | std::ios::out | std::ios::binary);
    zeros.seekp(3 * chunk_bytes);
    zeros << std::string(block, '\0');
  }
  const Pass pass = run_ok(anew());
  EXPECT_EQ(pass.action_at("f")->verb, Verb::set_metadata);
  EXPECT_LE(pass.summary.bytes_read, chunk_bytes);
}

TEST_F(Holes, are_not_read_back) {
  put_with_holes(source, "f", {{chunk_bytes, block}}, large);
  Options how = options();
  how.verify = true;
  const Pass pass = run_ok(how);
  EXPECT_LE(pass.summary.bytes_read, 2 * chunk_bytes + 10);
  expect_mirrored_with_holes("f");
}

TEST_F(Holes, of_three_terabytes_take_seconds) {
  constexpr std::uint64_t terabyte = 1'000'000'000'000;
  put_with_holes(source, "f", {{terabyte, block}}, 3 * terabyte);
  let_age(source);
  const auto begin = std::chrono::steady_clock::now();
  const Pass first = run_ok(how());
  const Pass again = run_ok(anew());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
  EXPECT_LE(first.summary.bytes_read, 2 * chunk_bytes);
  EXPECT_LE(again.summary.bytes_read, 4 * chunk_bytes);
  EXPECT_TRUE(again.actions.empty());
  EXPECT_EQ(fs::file_size(destination + "/f"), 3 * terabyte);
  EXPECT_LE(allocated(destination, "f"), 2 * block);
}

}  // namespace
}  // namespace syncline::test
