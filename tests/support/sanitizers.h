// Which sanitizers the tests are built with, and the programs that they run.
//
// SPDX-License-Identifier: MIT
#pragma once

namespace syncline::test {

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SYNCLINE_TEST_ADDRESSES
#endif
#if __has_feature(thread_sanitizer)
#define SYNCLINE_TEST_THREADS
#endif
#endif

#if defined(__SANITIZE_THREAD__) || defined(SYNCLINE_TEST_THREADS)
constexpr bool is_thread_sanitized = true;
#else
constexpr bool is_thread_sanitized = false;
#endif

#if defined(__SANITIZE_ADDRESS__) || defined(SYNCLINE_TEST_ADDRESSES)
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = is_thread_sanitized;
#endif

}  // namespace syncline::test
