// The large files that something is being done with, for whoever looks at a pass. Small ones are
// over before anybody could read their names.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <list>
#include <mutex>
#include <string>
#include <utility>

namespace syncline::engine {

/// Thread-safe; outlives its places.
class UnderWay {
 public:
  /// Something is being done with a file for as long as this lives.
  class Place {
   public:
    Place() = default;
    Place(Place&& other) noexcept : all_(std::exchange(other.all_, nullptr)), at_(other.at_) {}
    Place& operator=(Place&& other) noexcept {
      std::swap(all_, other.all_);
      std::swap(at_, other.at_);
      return *this;
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() {
      if (all_ != nullptr) all_->end(at_);
    }

   private:
    friend class UnderWay;
    UnderWay* all_ = nullptr;
    std::list<std::string>::iterator at_{};
  };

  [[nodiscard]] Place begin(std::string path) {
    const std::scoped_lock lock{mutex_};
    Place place;
    place.at_ = paths_.insert(paths_.end(), std::move(path));
    place.all_ = this;
    return place;
  }

  /// The one that was begun first; empty: none.
  [[nodiscard]] std::string oldest() const {
    const std::scoped_lock lock{mutex_};
    return paths_.empty() ? std::string{} : paths_.front();
  }

 private:
  void end(std::list<std::string>::iterator at) {
    const std::scoped_lock lock{mutex_};
    paths_.erase(at);
  }

  mutable std::mutex mutex_;
  std::list<std::string> paths_;
};

}  // namespace syncline::engine
