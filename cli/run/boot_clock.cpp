// A condition variable cannot wait on CLOCK_BOOTTIME; a timerfd can, and poll() lets an eventfd end
// the wait.
//
// SPDX-License-Identifier: MIT
#include "run/boot_clock.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <system_error>

namespace syncline::cli {
namespace {

void require(bool done, const char* what) {
  if (!done) throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

BootClock::time_point BootClock::now() {
  timespec now{};
  require(::clock_gettime(CLOCK_BOOTTIME, &now) == 0, "clock_gettime");
  return time_point(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

Sleeper::Sleeper()
    : timer_(::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC)), wake_(::eventfd(0, EFD_CLOEXEC)) {
  require(timer_ && wake_, "timerfd_create");
}

bool Sleeper::sleep_until(BootClock::time_point due, const std::stop_token& stop) const {
  const std::stop_callback on_stop(stop, [this] { ::eventfd_write(wake_.get(), 1); });

  const auto whole = std::chrono::floor<std::chrono::seconds>(due);
  itimerspec when{};
  when.it_value = {whole.time_since_epoch().count(), (due - whole).count()};
  require(::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &when, nullptr) == 0,
          "timerfd_settime");

  std::array<pollfd, 2> events{{{timer_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
  while (::poll(events.data(), events.size(), -1) < 0) require(errno == EINTR, "poll");
  return !stop.stop_requested();
}

}  // namespace syncline::cli
