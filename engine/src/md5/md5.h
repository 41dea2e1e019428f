// MD5 of one stream, and the digest that the MD5s of a file's chunks make.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <variant>

#include "md5/evp.h"
#include "md5/midstate.h"
#include "syncline/digest.h"

namespace syncline::md5 {

class Stream {
 public:
  Stream();

  void update(std::span<const std::byte> input);
  Md5 finish();  ///< the next update begins a new stream

 private:
  std::variant<Midstate, Evp> state_;
};

Md5 of(std::span<const std::byte> bytes);

/// The digest of a file from the MD5s of its chunks in order: at least one.
Digest of_chunks(std::span<const Md5> chunk_md5s);

}  // namespace syncline::md5
