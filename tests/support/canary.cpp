// SPDX-License-Identifier: MIT
#include "support/canary.h"

#include "support/descriptor.h"
#include "support/disk.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace syncline::test {
namespace {

std::string described(const std::string& path, std::uint32_t mask) {
  struct Name {
    std::uint32_t bit;
    const char* text;
  };
  constexpr std::array names{
      Name{IN_ACCESS, "read"},           Name{IN_OPEN, "opened"},
      Name{IN_MODIFY, "written to"},     Name{IN_ATTRIB, "metadata changed"},
      Name{IN_CREATE, "entry made"},     Name{IN_DELETE, "entry removed"},
      Name{IN_MOVED_FROM, "moved away"}, Name{IN_MOVED_TO, "moved here"},
      Name{IN_DELETE_SELF, "removed"},   Name{IN_MOVE_SELF, "moved"},
      Name{IN_CLOSE, "closed"},          Name{IN_Q_OVERFLOW, "too much happened"}};
  std::string text = printable(path) + ':';
  for (const Name& name : names)
    if ((mask & name.bit) != 0) text += std::string(" ") + name.text;
  return text;
}

}  // namespace

Canary::Canary(const Tree& tree)
    : inotify_(checked(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK), "inotify_init1")) {
  make(tree, path());
  tree_ = snapshot(path());
  for (const auto& [each, entry] : tree_.entries()) {
    const std::string where = path() + '/' + each;
    watched_[checked(::inotify_add_watch(inotify_, where.c_str(), IN_ALL_EVENTS | IN_DONT_FOLLOW),
                     "inotify_add_watch " + where)] = each;
  }
}

Canary::~Canary() {
  ::close(inotify_);
}

std::vector<std::string> Canary::accesses() const {
  std::vector<std::string> found;
  alignas(inotify_event) std::array<char, 65536> buffer{};
  for (ssize_t filled = 0; (filled = ::read(inotify_, buffer.data(), buffer.size())) > 0;) {
    for (ssize_t at = 0; at < filled;) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const auto watched = watched_.find(event.wd);
      found.push_back(described(watched == watched_.end() ? "?" : watched->second, event.mask));
      at += static_cast<ssize_t>(sizeof event + event.len);
    }
  }
  return found;
}

testing::AssertionResult Canary::is_as_it_was() const {
  const auto result = same(snapshot(path()), tree_);
  static_cast<void>(accesses());
  return result;
}

testing::AssertionResult Canary::is_untouched() const {
  const auto seen = accesses();
  if (seen.empty()) return is_as_it_was();
  auto failure = testing::AssertionFailure();
  failure << seen.size() << " accesses outside:\n";
  constexpr std::size_t most_shown = 10;
  for (std::size_t i = 0; i < seen.size() && i < most_shown; ++i)
    failure << "  " << seen[i] << '\n';
  return failure;
}

}  // namespace syncline::test
