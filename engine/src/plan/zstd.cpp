// SPDX-License-Identifier: MIT
#include "plan/zstd.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <new>

namespace syncline::planning {
namespace {

constexpr int level = 3;  // zstd's own choice
// What that level uses; a stream that asks for more is refused, so that reading needs no more.
constexpr int window_log = 21;

template <typename Error>
std::size_t checked(std::size_t result, Error error) {
  if (ZSTD_isError(result) != 0) error(result);
  return result;
}

[[noreturn]] void no_memory(std::size_t /*result*/) {
  throw std::bad_alloc();
}

[[noreturn]] void not_zstd(std::size_t result) {
  throw NotZstd(ZSTD_getErrorName(result));
}

}  // namespace

bool is_compressed(std::span<const std::byte> beginning) {
  constexpr std::array magic{std::byte{0x28}, std::byte{0xb5}, std::byte{0x2f}, std::byte{0xfd}};
  return beginning.size() >= magic.size() &&
         std::ranges::equal(beginning.first(magic.size()), magic);
}

void Compressor::Free::operator()(ZSTD_CCtx_s* context) const {
  ZSTD_freeCCtx(context);
}

Compressor::Compressor() : context_(ZSTD_createCCtx()) {
  if (!context_) throw std::bad_alloc();
  checked(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level), no_memory);
  checked(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_windowLog, window_log), no_memory);
  checked(ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1), no_memory);
}

void Compressor::add(std::span<const std::byte> bytes, bool last, std::vector<std::byte>& out) {
  std::array<std::byte, 65536> room;
  ZSTD_inBuffer from{bytes.data(), bytes.size(), 0};
  std::size_t left = 0;
  do {
    ZSTD_outBuffer to{room.data(), room.size(), 0};
    left = checked(
        ZSTD_compressStream2(context_.get(), &to, &from, last ? ZSTD_e_end : ZSTD_e_continue),
        no_memory);
    out.insert(out.end(), room.data(), room.data() + to.pos);
  } while (from.pos < from.size || (last && left > 0));
}

void Decompressor::Free::operator()(ZSTD_DCtx_s* context) const {
  ZSTD_freeDCtx(context);
}

Decompressor::Decompressor() : context_(ZSTD_createDCtx()) {
  if (!context_) throw std::bad_alloc();
  checked(ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, window_log), no_memory);
}

std::size_t Decompressor::next(std::span<const std::byte>& bytes, std::span<std::byte> room) {
  if (is_whole_) {
    if (!bytes.empty()) throw NotZstd("something follows its end");
    return 0;
  }
  ZSTD_inBuffer from{bytes.data(), bytes.size(), 0};
  ZSTD_outBuffer to{room.data(), room.size(), 0};
  std::size_t left = 1;
  do {
    left = checked(ZSTD_decompressStream(context_.get(), &to, &from), not_zstd);
  } while (left > 0 && to.pos == 0 && from.pos < from.size);
  bytes = bytes.subspan(from.pos);
  is_whole_ = left == 0;
  return to.pos;
}

}  // namespace syncline::planning
