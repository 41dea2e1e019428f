// An index looked at from outside, as syncline-index(5) says one may, and checked against the files
// that it speaks of.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/proof.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace syncline::test {

struct IndexedFile {
  std::string digest;  ///< as to_string(Digest) has it; empty: taken for the same unread
  bool source_proved = false;
  bool destination_proved = false;

  friend bool operator==(const IndexedFile&, const IndexedFile&) = default;
};

/// By path relative to the roots.
std::map<std::string, IndexedFile> files_in_index(const std::string& index);
/// The one number that `sql` asks for.
std::int64_t number_in_index(const std::string& index, const std::string& sql);
void change_index(const std::string& index, const std::string& sql);
/// Changes the rows of all files, or of those of that name.
void change_rows(const std::string& index, const std::function<void(Remembered&)>& change,
                 const std::string& name = {});

/// Whether each proof whose identities stand is true: both files have the digest that it claims.
testing::AssertionResult claims_nothing_false(const std::string& index, const std::string& source,
                                              const std::string& destination);

}  // namespace syncline::test
