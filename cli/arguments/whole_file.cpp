// SPDX-License-Identifier: MIT
#include "arguments/whole_file.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace syncline::cli {

std::string read_whole(const Descriptor& file, std::size_t most) {
  if (!file) throw std::system_error(errno, std::generic_category());
  std::string content;
  std::array<char, 65'536> buffer{};
  while (content.size() <= most) {
    const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
    if (count == 0) break;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw std::system_error(errno, std::generic_category());
    content.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return content;
}

std::string_view after_byte_order_mark(std::string_view content) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  if (content.starts_with(mark)) content.remove_prefix(mark.size());
  return content;
}

}  // namespace syncline::cli
