// SPDX-License-Identifier: MIT
#include "tell/out_format.h"

#include "tell/itemize.h"
#include "text/escape.h"
#include "text/local_time.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <ctime>
#include <stdexcept>
#include <utility>

namespace syncline::cli {
namespace {

constexpr std::string_view letters = "inLflUGBMtCob";

std::string name_of(const Action& action) {
  return escape_as_rsync(action.path) + (action.kind == Kind::folder ? "/" : "");
}

std::string path_of(const Action& action, std::string_view root) {
  while (root.starts_with('/')) root.remove_prefix(1);
  while (root.ends_with('/')) root.remove_suffix(1);
  if (action.path == ".") return escape_as_rsync(root);
  return escape_as_rsync(fmt::format("{}/{}", root, std::string_view{action.path}));
}

std::string where_it_leads(const Action& action) {
  if (action.verb == Verb::keep && !action.link_of.empty()) return {};
  if (!action.link_of.empty()) return " => " + escape_as_rsync(action.link_of);
  if (action.verb == Verb::move) return " <= " + escape_as_rsync(action.moved_from);
  if (action.kind == Kind::symlink && action.verb != Verb::remove)
    return " -> " + escape_as_rsync(action.target);
  return {};
}

// "rwxr-sr-t"
std::string letters_of_mode(std::uint32_t mode) {
  std::string text = "rwxrwxrwx";
  for (unsigned bit = 0; bit < text.size(); ++bit)
    if ((mode >> (8 - bit) & 1U) == 0) text.at(bit) = '-';
  const auto mark = [&](std::uint32_t bit, std::size_t at, char with_x, char without) {
    if ((mode & bit) != 0) text.at(at) = text.at(at) == 'x' ? with_x : without;
  };
  mark(04000, 2, 's', 'S');
  mark(02000, 5, 's', 'S');
  mark(01000, 8, 't', 'T');
  return text;
}

bool is_gone(const Action& action) {
  return action.verb == Verb::remove || action.verb == Verb::clean;
}

std::string digest_of(const Action& action) {
  constexpr std::size_t width = 32;
  return action.digest ? to_string(*action.digest) : std::string(width, ' ');
}

std::string text_of(char letter, const Action& action, std::string_view root) {
  const Properties is = action.properties.value_or(Properties{});
  switch (letter) {
    case 'i':
      return itemized(action);
    case 'n':
      return name_of(action);
    case 'L':
      return where_it_leads(action);
    case 'f':
      return path_of(action, root);
    case 'l':
      return std::to_string(is.size);
    case 'U':
      return std::to_string(is.uid);
    case 'G':
      return std::to_string(is.gid);
    case 'B':
      return letters_of_mode(is.mode);
    case 'M':
      return formatted_time(is.mtime.seconds, "%Y/%m/%d-%H:%M:%S");
    case 't':
      return formatted_time(std::time(nullptr), "%Y/%m/%d %H:%M:%S");
    case 'C':
      return digest_of(action);
    case 'o':
      return is_gone(action) ? "del." : "send";
    case 'b':
      return std::to_string(is_gone(action) ? 0 : action.bytes);
    default:
      return {};
  }
}

}  // namespace

OutFormat::OutFormat(std::string_view text) {
  std::string as_it_is;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      as_it_is += text[at];
      continue;
    }
    const std::string_view escape_code = text.substr(at, 2);
    ++at;
    if (escape_code == "%%") {
      as_it_is += '%';
    } else if (escape_code.size() == 2 && letters.find(escape_code[1]) != std::string_view::npos) {
      if (!as_it_is.empty()) parts_.emplace_back(std::exchange(as_it_is, {}));
      parts_.emplace_back(escape_code[1]);
    } else {
      throw std::invalid_argument(fmt::format(
          "knows no escape '{}': there are %i %n %L %f %l %U %G %B %M %t %C %o %b and %%",
          escape(escape_code)));
    }
  }
  if (!as_it_is.empty()) parts_.emplace_back(as_it_is);
}

bool OutFormat::has(char letter) const {
  return std::ranges::find(parts_, Part{letter}) != parts_.end();
}

bool OutFormat::itemizes() const {
  return has('i');
}

std::optional<std::string> OutFormat::line(const Action& action, std::string_view root) const {
  if (!itemizes()) {
    if (is_gone(action) && !has('o')) return "deleting " + name_of(action);
    const bool is_whole = !changes_metadata_alone(action) || action.kind == Kind::folder;
    if (!is_whole || action.verb == Verb::keep) return std::nullopt;
  }
  std::string line;
  for (const Part& part : parts_) {
    if (const auto* const as_it_is = std::get_if<std::string>(&part))
      line += *as_it_is;
    else
      line += text_of(std::get<char>(part), action, root);
  }
  return line;
}

}  // namespace syncline::cli
