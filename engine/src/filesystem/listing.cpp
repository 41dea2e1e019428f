// SPDX-License-Identifier: MIT
#include "filesystem/listing.h"

#include <algorithm>
#include <cstring>

namespace syncline::filesystem {

std::string_view Listing::operator[](std::size_t index) const {
  return std::string_view{arena_.data() + starts_[index]};
}

void Listing::add(const char* name, EntryType type) {
  arena_.push_back(static_cast<char>(type));
  starts_.push_back(arena_.size());
  arena_.insert(arena_.end(), name, name + std::strlen(name) + 1);
}

void Listing::sort() {
  std::ranges::sort(starts_, [this](std::size_t a, std::size_t b) {
    return std::strcmp(arena_.data() + a, arena_.data() + b) < 0;
  });
}

bool Listing::contains(std::string_view name) const {
  const auto name_at = [this](std::size_t start) {
    return std::string_view{arena_.data() + start};
  };
  return std::ranges::binary_search(starts_, name, {}, name_at);
}

void Listing::remove(std::string_view name) {
  remove_if([&](std::string_view each) { return each == name; });
}

}  // namespace syncline::filesystem
