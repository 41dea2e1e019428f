// What this process may do: ask the kernel, not the user.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "model/metadata.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace syncline::filesystem {

/// CAP_CHOWN decides about owners and CAP_DAC_OVERRIDE about access, not the user number: a
/// container's root may lack it.
Privileges privileges();

/// Whether this process has that one (capabilities(7)) in effect.
bool has_capability(unsigned capability);

/// Another one after each start of the machine (random(4), "boot_id"); empty where that cannot be
/// told.
std::string boot_id();

/// How long the holder of a lease may keep others from a file (proc_sys_fs(5), lease-break-time).
std::chrono::seconds lease_break_time();

/// The soft limit of open files.
std::uint64_t descriptor_limit();

/// Raises it to the hard one.
void raise_descriptor_limit();

/// Makes the kernel's table of open files large enough for `count` of them at once, as far as the
/// limit allows. It grows by doubling, and in a process with several threads each time waits for a
/// grace period of RCU, some 10 ms during which no thread can open anything (Linux, fs/file.c).
void reserve_descriptors(std::uint64_t count);

/// Throws SystemError where so many threads cannot be had at a time, or not with `bytes` of memory
/// beside their stacks. What was had before in this process is not asked for again.
void require_threads(std::size_t threads, std::size_t bytes);

}  // namespace syncline::filesystem
