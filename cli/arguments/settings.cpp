// SPDX-License-Identifier: MIT
#include "arguments/settings.h"

#include "arguments/config_file.h"
#include "arguments/verbs.h"
#include "text/escape.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>

namespace syncline::cli {
namespace {

constexpr std::string_view prefix = "SYNCLINE_";

/// Else it is not told: a privileged run may have been given any file to read.
bool may_be_name(const std::string& key) {
  constexpr std::size_t longest = 24;
  return key.size() <= longest && std::ranges::all_of(key, [](unsigned char c) {
           return std::islower(c) != 0 || c == '-' || c == '_';
         });
}

/// What a key stands for, as messages call it: "--threads", SRC or DST.
std::string name_of(const CommandLine& line, const Setting& setting) {
  if (setting.key == "source") return "SRC";
  if (setting.key == "destination") return "DST";
  const CLI::Option* const option = line.find("--" + setting.key);
  if (option == nullptr && !may_be_name(setting.key))
    refuse(fmt::format("{}: there is no such option", setting.origin));
  if (option == nullptr)
    refuse(fmt::format("{}: there is no option '{}'", setting.origin, escape(setting.key)));
  std::string name = option->get_name();
  if (option == &line.help || option == &line.version || option == &line.config ||
      owner_of(name) != nullptr)
    refuse(fmt::format("{}: '{}' is for the command line only", setting.origin, setting.key));
  return name;
}

/// SYNCLINE_MAX_DELETE=5 sets max-delete; what is empty sets nothing, as is usual.
std::vector<Setting> environment_settings(const char* const* environment) {
  std::vector<Setting> settings;
  for (; *environment != nullptr; ++environment) {
    const std::string_view variable = *environment;
    const std::size_t equals = variable.find('=');
    if (!variable.starts_with(prefix) || equals == std::string_view::npos) continue;
    if (equals + 1 == variable.size()) continue;
    const std::string_view name = variable.substr(0, equals);
    Setting setting{.key = {},
                    .value = std::string(variable.substr(equals + 1)),
                    .origin = escape(name) + " in the environment"};
    std::ranges::transform(name.substr(prefix.size()), std::back_inserter(setting.key), [](char c) {
      return c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    settings.push_back(std::move(setting));
  }
  // The environment has no order that anybody chose.
  std::ranges::sort(settings, {}, &Setting::key);
  return settings;
}

std::optional<bool> as_switch(std::string_view value) {
  constexpr std::array<std::string_view, 4> on{"true", "yes", "on", "1"};
  constexpr std::array<std::string_view, 4> off{"false", "no", "off", "0"};
  if (std::ranges::find(on, value) != on.end()) return true;
  if (std::ranges::find(off, value) != off.end()) return false;
  return std::nullopt;
}

/// The word that says the same on a command line; none where an option is set to "false".
std::optional<std::string> word(const CommandLine& line, const Setting& setting) {
  const CLI::Option& option = *line.find(setting.key);
  if (option.get_items_expected_min() > 0) return setting.key + '=' + setting.value;
  if (const auto wanted = as_switch(setting.value))
    return *wanted ? std::optional(setting.key) : std::nullopt;
  if (!option.get_disable_flag_override()) return setting.key + '=' + setting.value;
  refuse(fmt::format("{}: {} must be true or false, not '{}'", setting.origin,
                     setting.key.substr(2), escape(setting.value)));
}

/// With what one of `names` turns off, and with what turns one of them off.
std::set<std::string> with_opposites(std::set<std::string> names) {
  constexpr std::array<const char*, 4> undo{"--undo", "--undo-passes", "--undo-size", "--undo-dir"};
  const bool keeps =
      std::ranges::any_of(undo, [&](const char* name) { return names.contains(name); });
  if (names.contains("--no-undo")) names.insert(undo.begin(), undo.end());
  if (keeps) names.insert("--no-undo");
  return names;
}

/// What the command line leaves no other place a say in.
std::set<std::string> closed_by(const CommandLine& line, bool leaves_roots) {
  std::set<std::string> names = line.given();
  if (!leaves_roots) names.insert({"SRC", "DST"});
  // LOG SRC DST INTERVAL
  if (line.positions().size() > 3)
    names.insert({line.log_file.get_name(), line.interval.get_name()});
  return with_opposites(std::move(names));
}

/// The file to read. SYNCLINE_CONFIG is taken out of `environment`.
std::optional<std::string> config_path(const CommandLine& line, std::vector<Setting>& environment) {
  std::optional<std::string> path;
  std::erase_if(environment, [&](const Setting& setting) {
    if (setting.key != "config") return false;
    path = setting.value;
    return true;
  });
  if (line.config.count() > 1) refuse("--config is given twice");
  if (line.config.count() == 1) path = line.config.results().front();
  return path;
}

/// Whether `name` stands in `text` as a word of its own: not --delete where --delete-before does.
bool names_option(std::string_view text, std::string_view name) {
  const auto goes_on = [](char c) {
    return c == '-' || std::isalnum(static_cast<unsigned char>(c)) != 0;
  };
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !goes_on(text[at - 1])) && (end == text.size() || !goes_on(text[end])))
      return true;
  }
  return false;
}

}  // namespace

Settings::Settings(const CommandLine& line, const char* const* environment, bool leaves_roots)
    : line_(line), closed_(closed_by(line, leaves_roots)) {
  std::vector<Setting> of_environment = environment_settings(environment);
  const auto path = config_path(line, of_environment);
  add(of_environment);
  if (path) add(read_config_file(*path));
  for (const char* position : {"SRC", "DST"})
    if (auto root = only(position)) roots_.push_back(*std::move(root));
}

void Settings::add(const std::vector<Setting>& settings) {
  std::set<std::string> named;
  std::vector<Setting> open;
  for (const Setting& setting : settings) {
    const std::string name = name_of(line_, setting);
    named.insert(name);
    if (!closed_.contains(name)) open.push_back({name, setting.value, setting.origin});
  }
  closed_.merge(with_opposites(std::move(named)));
  // Where the order of options matters, the last word is that of the highest rank.
  settings_.insert(settings_.begin(), open.begin(), open.end());
}

std::optional<std::string> Settings::only(std::string_view position) const {
  std::optional<std::string> path;
  for (const Setting& setting : settings_) {
    if (setting.key != position) continue;
    if (path) refuse(fmt::format("{}: {} is given twice", setting.origin, position));
    path = setting.value;
  }
  return path;
}

std::vector<std::string> Settings::before(const std::vector<std::string>& words) const {
  std::vector<std::string> all;
  for (const Setting& setting : settings_) {
    if (!setting.key.starts_with('-')) continue;
    if (auto said = word(line_, setting)) all.push_back(*std::move(said));
  }
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

std::string Settings::origins(std::string_view complaint) const {
  std::string origins;
  for (const Setting& setting : settings_) {
    if (!names_option(complaint, setting.key)) continue;
    origins += (origins.empty() ? "" : " and ") + setting.origin;
  }
  return origins.empty() ? origins : origins + ": ";
}

}  // namespace syncline::cli
