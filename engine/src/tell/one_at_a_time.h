// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/event.h"
#include "syncline/mirror.h"

#include <mutex>

namespace syncline {

/// Hands on what several threads tell.
class OneAtATime : public Observer {
 public:
  explicit OneAtATime(Observer& observer) : observer_(observer) {}
  void on_event(const Event& event) override {
    const std::scoped_lock lock{mutex_};
    observer_.on_event(event);
  }
  void gave_up(const Summary& so_far) override {
    const std::scoped_lock lock{mutex_};
    observer_.gave_up(so_far);
  }

 private:
  Observer& observer_;
  std::mutex mutex_;
};

}  // namespace syncline
