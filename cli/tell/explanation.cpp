// SPDX-License-Identifier: MIT
#include "tell/explanation.h"

#include "tell/answer_words.h"
#include "tell/failure_words.h"
#include "tell/notice_words.h"
#include "tell/wording.h"
#include "text/escape.h"
#include "text/local_time.h"
#include "text/units.h"

#include <spdlog/fmt/fmt.h>

#include <cstdint>
#include <optional>
#include <variant>

namespace syncline::cli {
namespace {

std::string line(std::string_view what, std::string_view text) {
  return fmt::format("  {:<12} {}", what, text);
}

std::string bytes_in_words(std::uint64_t size) {
  return fmt::format("{} {}", grouped(size), size == 1 ? "byte" : "bytes");
}

std::string side(const std::optional<EntryView>& view) {
  if (!view) return "nothing";
  const Properties& is = view->properties;
  std::string text = to_string(view->kind);
  if (view->kind == Kind::file) text += ", " + bytes_in_words(is.size);
  if (view->kind == Kind::symlink)
    text += " to " + quote(view->target);
  else
    text += fmt::format(", mode {:03o}", is.mode);
  text += fmt::format(", owner {}:{}, mtime {}, ctime {}, inode {}", is.uid, is.gid,
                      exact_time(is.mtime), exact_time(view->ctime), view->inode);
  if (view->kind != Kind::folder && view->links > 1) text += fmt::format(", {} names", view->links);
  return text;
}

/// "as now", "other mtime then: 2026-...", ...
std::string stamps(const Memory::Stamps& then, const std::optional<EntryView>& now) {
  std::string text;
  if (!now)
    text = "gone";
  else if (then.inode != now->inode)
    text = fmt::format("had inode {} then", then.inode);
  else if (then.mtime != now->properties.mtime)
    text = "had mtime " + exact_time(then.mtime) + " then";
  else if (then.ctime != now->ctime)
    text = "had ctime " + exact_time(then.ctime) + " then";
  else
    text = "as it was";
  return then.is_proof ? text : text + ", too fresh to prove anything";
}

std::string memory(const Explanation& explanation) {
  if (explanation.index.empty()) return "no index is in use";
  if (!explanation.memory) return "nothing";
  const Memory& known = *explanation.memory;
  std::string text = bytes_in_words(known.size) + ", ";
  text += known.digest ? "proved " : "taken for the same ";
  text += seconds_time(known.proved_s);
  if (known.digest) text += ", md5 " + to_string(*known.digest);
  if (known.is_rotten) text += ", found rotten since";
  text += "; source " + stamps(known.source, explanation.source);
  text += "; destination " + stamps(known.destination, explanation.destination);
  return text;
}

std::string told(const Event& event) {
  if (const auto* const action = std::get_if<Action>(&event)) return describe(*action, true);
  if (const auto* const failure = std::get_if<Failure>(&event))
    return "fails: " + one_line(failure_words(*failure));
  if (const auto* const notice = std::get_if<Notice>(&event))
    return one_line(notice_words(*notice));
  return {};
}

}  // namespace

std::vector<std::string> lines_of(const Explanation& explanation) {
  std::vector<std::string> lines{escape(explanation.path), line("source", side(explanation.source)),
                                 line("destination", side(explanation.destination))};
  const bool is_file = (explanation.source && explanation.source->kind == Kind::file) ||
                       (explanation.destination && explanation.destination->kind == Kind::file);
  if (is_file) lines.push_back(line("remembered", memory(explanation)));
  for (const Event& event : explanation.events) lines.push_back(line("a pass", told(event)));
  if (explanation.answer)
    lines.push_back(line("a pass", one_line(answer_words(*explanation.answer))));
  return lines;
}

}  // namespace syncline::cli
