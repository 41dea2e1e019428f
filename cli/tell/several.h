// Observers that are all told the same, in their order.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "tell/pass_observer.h"

#include <memory>
#include <utility>
#include <vector>

namespace syncline::cli {

using Observers = std::vector<std::unique_ptr<PassObserver>>;

class Several final : public PassObserver {
 public:
  explicit Several(Observers observers) : observers_(std::move(observers)) {}

  void on_event(const Event& event) override {
    for (const auto& observer : observers_) observer->on_event(event);
  }
  void pass_began(const Options& options) override {
    for (const auto& observer : observers_) observer->pass_began(options);
  }
  void pass_ended(const Summary& summary) override {
    for (const auto& observer : observers_) observer->pass_ended(summary);
  }
  void pass_failed(Status status, const Refusal& why) override {
    for (const auto& observer : observers_) observer->pass_failed(status, why);
  }

 private:
  const Observers observers_;
};

}  // namespace syncline::cli
