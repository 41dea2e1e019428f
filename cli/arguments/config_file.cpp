// SPDX-License-Identifier: MIT
#include "arguments/config_file.h"

#include "arguments/refusal.h"
#include "arguments/whole_file.h"
#include "outlets/descriptor.h"
#include "text/escape.h"

#include "syncline/named_path.h"

#include <spdlog/fmt/fmt.h>

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace syncline::cli {
namespace {

constexpr std::string_view blanks = " \t\r";

/// So that a device named by mistake does not fill the memory.
constexpr std::size_t most_bytes = 1U << 20U;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

bool is_comment(std::string_view text) {
  return text.starts_with('#') || text.starts_with(';');
}

struct Unescaped {
  char byte;
  std::size_t length;  ///< of its escape, the backslash included
};

/// What the escape that `text` begins with stands for.
std::optional<Unescaped> unescaped(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  switch (text[1]) {
    case '\\':
    case '"':
      return Unescaped{text[1], 2};
    case 'n':
      return Unescaped{'\n', 2};
    case 'r':
      return Unescaped{'\r', 2};
    case 't':
      return Unescaped{'\t', 2};
    case 'x':
      break;
    default:
      return std::nullopt;
  }
  if (text.size() < 4) return std::nullopt;
  unsigned value = 0;
  const char* const end = text.data() + 4;
  if (std::from_chars(text.data() + 2, end, value, 16).ptr != end) return std::nullopt;
  return Unescaped{static_cast<char>(value), 4};
}

/// One line, and where it is, so that whatever is wrong can be said with its place.
class Line {
 public:
  Line(std::string_view text, const std::string& path, std::size_t number)
      : text_(trimmed(text)), origin_(fmt::format("{}, line {}", escape(path), number)) {}

  [[nodiscard]] bool says_nothing() const { return text_.empty() || is_comment(text_); }

  [[nodiscard]] Setting setting() const {
    if (text_.find('\0') != std::string_view::npos) refuse_line("has a NUL byte in it");
    if (text_.starts_with('[')) refuse_line("sections are not supported: leave out this line");
    const std::size_t equals = text_.find('=');
    const std::string key(trimmed(text_.substr(0, equals)));
    if (equals == std::string_view::npos || key.empty()) refuse_line("expected 'key = value'");
    Setting setting{
        .key = key, .value = value(trimmed(text_.substr(equals + 1))), .origin = origin_};
    if (setting.value.find('\0') != std::string::npos) refuse_line("no value can hold a NUL byte");
    return setting;
  }

 private:
  [[noreturn]] void refuse_line(std::string_view why) const {
    refuse(fmt::format("{}: {}", origin_, why));
  }

  [[nodiscard]] std::string value(std::string_view text) const {
    if (text.starts_with('"')) return between_double_quotes(text);
    if (text.starts_with('\'')) return between_single_quotes(text);
    if (text.starts_with('['))
      refuse_line(
          "lists are not supported: give each value a line of its own, or put quotes around a "
          "value with '['");
    if (text.find_first_of("#;") != std::string_view::npos)
      refuse_line("put quotes around a value with '#' or ';' in it, and a comment on its own line");
    return std::string(text);
  }

  void refuse_more(std::string_view rest) const {
    rest = trimmed(rest);
    if (!rest.empty() && !is_comment(rest)) refuse_line("there is more after the closing quote");
  }

  [[nodiscard]] std::string between_single_quotes(std::string_view text) const {
    const std::size_t end = text.find('\'', 1);
    if (end == std::string_view::npos) refuse_line("the closing quote is missing");
    refuse_more(text.substr(end + 1));
    return std::string(text.substr(1, end - 1));
  }

  [[nodiscard]] std::string between_double_quotes(std::string_view text) const {
    std::string bytes;
    for (std::size_t at = 1; at < text.size();) {
      if (text[at] == '"') {
        refuse_more(text.substr(at + 1));
        return bytes;
      }
      if (text[at] != '\\') {
        bytes += text[at++];
        continue;
      }
      const auto one = unescaped(text.substr(at));
      if (!one)
        refuse_line(R"(between double quotes only \\, \", \n, \r, \t and \xNN have a meaning)");
      bytes += one->byte;
      at += one->length;
    }
    refuse_line("the closing quote is missing");
  }

  std::string_view text_;
  std::string origin_;
};

[[noreturn]] void refuse_file(const std::string& path, std::string_view why) {
  refuse(fmt::format("the configuration '{}' cannot be read: {}", escape(path), why));
}

std::string content_of(const std::string& path) {
  try {
    std::string content = read_whole(Descriptor(open_to_be_steered(path)), most_bytes);
    if (content.size() > most_bytes) refuse_file(path, "it is larger than 1 MiB");
    return content;
  } catch (const std::system_error& error) {
    refuse_file(path, error.code().message());
  } catch (const Untrusted& error) {
    refuse_file(path, error.what());
  }
}

void refuse_utf16(const std::string& path, std::string_view content) {
  if (content.starts_with("\xff\xfe") || content.starts_with("\xfe\xff"))
    refuse_file(path, "it begins with the byte order mark of UTF-16: save it as UTF-8");
}

}  // namespace

std::vector<Setting> read_config_file(const std::string& path) {
  const std::string whole = content_of(path);
  std::string_view content = after_byte_order_mark(whole);
  refuse_utf16(path, content);
  std::vector<Setting> settings;
  for (std::size_t number = 1; !content.empty(); ++number) {
    const std::size_t end = content.find('\n');
    const Line line(content.substr(0, end), path, number);
    if (!line.says_nothing()) settings.push_back(line.setting());
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
  }
  return settings;
}

}  // namespace syncline::cli
