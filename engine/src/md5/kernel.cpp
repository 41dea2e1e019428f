// MD5 in SIMD lanes, written once and compiled for every instruction set (Highway).
//
// A row is one block of every lane. It is loaded a whole vector at a time and transposed in
// registers, until vector i holds word i of all lanes. Gathering would cost several times as much;
// reading each lane's cache line in quarters loses a third where all lanes lie at the same offset
// in their pages, as big buffers do: the eight ways of a set do not hold sixteen lines.
//
// The round functions are plain logic, which both g++ 12 and clang 14 turn into one ternary-logic
// instruction each where there is one (AVX-512).
//
// SPDX-License-Identifier: MIT
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "md5/kernel.cpp"

// Vectors whose size the compiler does not know fit no array, and NEON serves processors with SVE.
// SSSE3 without SSE4 is a processor of 2006.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV | HWY_SSSE3)

#include "md5/kernel.h"

#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <utility>

HWY_BEFORE_NAMESPACE();
namespace syncline::md5 {
namespace HWY_NAMESPACE {  // NOLINT(readability-identifier-naming): Highway names it

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

std::span<const Kernel> kernels() {
  return {};
}

#else

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<std::uint32_t, max_lanes / 2>;
using Vec = hn::Vec<Tag>;
constexpr Tag tag;
constexpr std::size_t lanes = hn::MaxLanes(tag);
constexpr std::size_t block_words = block_bytes / 4;

// Hardware prefetchers lose track of so many streams: without ours 2x16 lanes take 3.6 GB/s from
// memory, with it 9.0. Spread over the steps, for asked for at once, the lines of a row are more
// than a core can wait for (5.9 GB/s). Two to eight blocks ahead are all the same.
constexpr std::size_t prefetch_distance = 4 * block_bytes;

// A square of words is transposed by vectors that exchange ever larger elements: of 32 and 64 bits
// here, four vectors at once, whose every 128 bits are 4 x 4 words then, ...
HWY_INLINE void transpose_in_128_bits(Vec& a, Vec& b, Vec& c, Vec& d) {
  const hn::Repartition<std::uint64_t, Tag> pairs;
  const auto ab_low = hn::BitCast(pairs, hn::InterleaveLower(tag, a, b));
  const auto ab_high = hn::BitCast(pairs, hn::InterleaveUpper(tag, a, b));
  const auto cd_low = hn::BitCast(pairs, hn::InterleaveLower(tag, c, d));
  const auto cd_high = hn::BitCast(pairs, hn::InterleaveUpper(tag, c, d));
  a = hn::BitCast(tag, hn::InterleaveLower(pairs, ab_low, cd_low));
  b = hn::BitCast(tag, hn::InterleaveUpper(pairs, ab_low, cd_low));
  c = hn::BitCast(tag, hn::InterleaveLower(pairs, ab_high, cd_high));
  d = hn::BitCast(tag, hn::InterleaveUpper(pairs, ab_high, cd_high));
}

// ... the odd 128 bits of `a` for the even ones of `b`, ...
HWY_INLINE void exchange_128_bits(Vec& a, Vec& b) {
  const Vec even = hn::OddEvenBlocks(hn::SwapAdjacentBlocks(b), a);
  b = hn::OddEvenBlocks(b, hn::SwapAdjacentBlocks(a));
  a = even;
}

// ... the upper half of `a` for the lower one of `b`.
HWY_INLINE void exchange_halves(Vec& a, Vec& b) {
  const Vec lower = hn::ConcatLowerLower(tag, b, a);
  b = hn::ConcatUpperUpper(tag, b, a);
  a = lower;
}

HWY_INLINE Vec load(const std::byte* data) {
  const hn::Repartition<std::uint8_t, Tag> bytes;
  return hn::BitCast(tag, hn::LoadU(bytes, reinterpret_cast<const std::uint8_t*>(data)));
}

/// Word i of the blocks at `data[0] + offset`, `data[1] + offset`, ... to `words[i]`.
HWY_INLINE void load_row(const std::byte* const* data, std::size_t offset, Vec* words) {
  for (std::size_t first = 0; first < block_words; first += lanes) {
    Vec* const square = words + first;
    for (std::size_t lane = 0; lane < lanes; ++lane)
      square[lane] = load(data[lane] + offset + 4 * first);
    for (std::size_t i = 0; i < lanes; i += 4)
      transpose_in_128_bits(square[i], square[i + 1], square[i + 2], square[i + 3]);
    if constexpr (lanes == 16) {
      for (std::size_t i = 0; i < 4; ++i) {
        exchange_128_bits(square[i], square[i + 4]);
        exchange_128_bits(square[i + 8], square[i + 12]);
      }
    }
    if constexpr (lanes >= 8) {
      for (std::size_t i = 0; i < lanes / 2; ++i) exchange_halves(square[i], square[i + lanes / 2]);
    }
  }
}

HWY_INLINE void load_state(const Rows& rows, std::size_t lane, Vec* state) {
  for (std::size_t i = 0; i < 4; ++i) state[i] = hn::LoadU(tag, &rows.words[i][lane]);
}

HWY_INLINE void store_state(const Vec* state, Rows& rows, std::size_t lane) {
  for (std::size_t i = 0; i < 4; ++i) hn::StoreU(state[i], tag, &rows.words[i][lane]);
}

HWY_INLINE void add_state(Vec* state, const Vec* other) {
  for (std::size_t i = 0; i < 4; ++i) state[i] = hn::Add(state[i], other[i]);
}

template <std::size_t step>
HWY_INLINE void advance(Vec* state, const Vec* words) {
  Vec& a = state[(step_count - step) % 4];
  const Vec b = state[(step_count - step + 1) % 4];
  const Vec c = state[(step_count - step + 2) % 4];
  const Vec d = state[(step_count - step + 3) % 4];
  constexpr std::size_t round = step / 16;

  // The last round's c ^ (b | ~d) is taken as -1 - (c ^ (d & ~b)): one operation less.
  constexpr std::uint32_t constant = round == 3 ? sines[step] - 1 : sines[step];
  Vec sum = hn::Add(a, hn::Add(words[word_of(step)], hn::Set(tag, constant)));
  if constexpr (round == 0) {
    sum = hn::Add(sum, hn::Xor(hn::And(hn::Xor(c, d), b), d));
  } else if constexpr (round == 1) {
    sum = hn::Add(sum, hn::Xor(hn::And(hn::Xor(b, c), d), c));
  } else if constexpr (round == 2) {
    sum = hn::Add(sum, hn::Xor(hn::Xor(c, d), b));
  } else {
    sum = hn::Sub(sum, hn::Xor(hn::AndNot(b, d), c));
  }
  a = hn::Add(b, hn::RotateRight<32 - rotation_of(step)>(sum));
}

template <std::size_t step, std::size_t groups>
HWY_INLINE void advance_groups(Vec (&state)[groups][4], const Vec (&words)[groups][block_words],
                               const std::byte* const* data, std::size_t ahead) {
  constexpr std::size_t steps_a_lane = step_count / lanes;
  for (std::size_t group = 0; group < groups; ++group) {
    advance<step>(state[group], words[group]);
    if constexpr (step % steps_a_lane == 0)
      hwy::Prefetch(data[group * lanes + step / steps_a_lane] + ahead);
  }
}

template <std::size_t groups, std::size_t... steps>
HWY_INLINE void advance_all(Vec (&state)[groups][4], const Vec (&words)[groups][block_words],
                            const std::byte* const* data, std::size_t ahead,
                            std::index_sequence<steps...>) {
  (advance_groups<steps>(state, words, data, ahead), ...);
}

template <std::size_t groups>
void fold(Rows& rows, std::size_t blocks) {
  Vec total[groups][4];
  for (std::size_t group = 0; group < groups; ++group)
    load_state(rows, group * lanes, total[group]);
  for (std::size_t offset = 0; offset < blocks * block_bytes; offset += block_bytes) {
    Vec words[groups][block_words];
    Vec state[groups][4];
    for (std::size_t group = 0; group < groups; ++group) {
      load_row(&rows.data[group * lanes], offset, words[group]);
      for (std::size_t i = 0; i < 4; ++i) state[group][i] = total[group][i];
    }
    advance_all(state, words, rows.data.data(), offset + prefetch_distance,
                std::make_index_sequence<step_count>{});
    for (std::size_t group = 0; group < groups; ++group) add_state(total[group], state[group]);
  }
  for (std::size_t group = 0; group < groups; ++group)
    store_state(total[group], rows, group * lanes);
}

// Costs as measured on Zen 4, in GB/s a lane against 0.77: AVX-512 0.46 and 0.30, AVX2 0.53 and
// 0.41, SSE4 0.57 and 0.43. So SIMD pays from two streams on, and the second group from 1.4
// (AVX-512: 1.6) times as many streams as a group has lanes. NEON was not measured.
std::span<const Kernel> kernels() {
#if HWY_TARGET <= HWY_AVX3
  static constexpr std::array list{Kernel{"AVX-512 x16", lanes, 1.65, fold<1>},
                                   Kernel{"AVX-512 2x16", 2 * lanes, 2.55, fold<2>}};
#elif HWY_TARGET == HWY_AVX2
  static constexpr std::array list{Kernel{"AVX2 x8", lanes, 1.45, fold<1>},
                                   Kernel{"AVX2 2x8", 2 * lanes, 1.9, fold<2>}};
#elif HWY_TARGET == HWY_SSE4
  static constexpr std::array list{Kernel{"SSE4 x4", lanes, 1.35, fold<1>},
                                   Kernel{"SSE4 2x4", 2 * lanes, 1.8, fold<2>}};
#else
  static constexpr std::array list{Kernel{"128-bit x4", lanes, 1.35, fold<1>},
                                   Kernel{"128-bit 2x4", 2 * lanes, 1.8, fold<2>}};
#endif
  return list;
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace syncline::md5
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace syncline::md5 {

namespace {

using Kernels = std::span<const Kernel> (*)();

#if HWY_ARCH_X86

// Each has what the one before has. Intel's and AMD's with AVX2 all have F16C, which clang 14
// cannot ask for.
bool has_sse4() {
  return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("aes") &&
         __builtin_cpu_supports("pclmul");
}

bool has_avx2() {
  return has_sse4() && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
         __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
}

[[maybe_unused]] bool has_avx3() {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
}

#endif

// What is compiled and this processor has, best first: what the build takes for granted is last.
// Highway's own choice would be its library's, which times the processor's clock at each start: 3.8
// ms, 28 % of what --version takes.
std::vector<Kernels> runnable() {
  std::vector<Kernels> found;
#if (HWY_TARGETS & HWY_AVX3) && HWY_STATIC_TARGET != HWY_AVX3
  if (has_avx3()) found.push_back(N_AVX3::kernels);
#endif
#if (HWY_TARGETS & HWY_AVX2) && HWY_STATIC_TARGET != HWY_AVX2
  if (has_avx2()) found.push_back(N_AVX2::kernels);
#endif
#if (HWY_TARGETS & HWY_SSE4) && HWY_STATIC_TARGET != HWY_SSE4
  if (has_sse4()) found.push_back(N_SSE4::kernels);
#endif
  found.push_back(HWY_STATIC_DISPATCH(kernels));
  return found;
}

}  // namespace

const std::vector<std::span<const Kernel>>& kernel_sets() {
  static const auto sets = [] {
    std::vector<std::span<const Kernel>> found;
    for (const Kernels kernels : runnable()) {
      const auto set = kernels();
      found.push_back(set.empty() ? std::span(&portable_kernel(), 1) : set);
    }
    return found;
  }();
  return sets;
}

}  // namespace syncline::md5
#endif
