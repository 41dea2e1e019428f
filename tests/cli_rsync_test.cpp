// The rules of rsync mean here what they mean there: random trees and random rules, given in the
// same words to the rsync that is installed and to the program, onto the same destination, must
// leave the same tree.
//
// SYNCLINE_SEED repeats a run, SYNCLINE_CASES sets how many cases the long one tries.
//
// SPDX-License-Identifier: MIT
#include "support/cli.h"
#include "support/random_tree.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace syncline::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr const char* rsync = "/usr/bin/rsync";

/// What is at each path: "/" a folder, "@target" a symlink, "=content" a file.
using Paths = std::map<std::string, std::string>;

void make(const Paths& paths, const std::string& root) {
  fs::create_directory(root);
  for (const auto& [path, what] : paths) {
    const std::string at = (fs::path(root) / path).string();
    if (what == "/")
      fs::create_directory(at);
    else if (what.front() == '@')
      fs::create_symlink(what.substr(1), at);
    else
      write(at, what.substr(1));
  }
}

Paths found_in(const std::string& root) {
  Paths paths;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string path = entry.path().string();
    std::string& what = paths[path.substr(root.size() + 1)];
    if (entry.is_symlink())
      what = '@' + fs::read_symlink(path).string();
    else if (entry.is_directory())
      what = "/";
    else
      what = '=' + read(path);
  }
  return paths;
}

std::string shown(const Paths& paths) {
  std::string text;
  for (const auto& [path, what] : paths)
    text += "  " + testing::PrintToString(path) + ' ' + testing::PrintToString(what) + '\n';
  return text;
}

/// What one has and the other lacks or has otherwise.
std::string differences(const Paths& there, const Paths& here) {
  std::string text;
  Paths all = there;
  all.insert(here.begin(), here.end());
  const auto in = [](const Paths& paths, const std::string& path) {
    const auto found = paths.find(path);
    return found == paths.end() ? "nothing" : testing::PrintToString(found->second);
  };
  for (const auto& [path, what] : all)
    if (in(there, path) != in(here, path))
      text += "  " + testing::PrintToString(path) + ": rsync left " + in(there, path) +
              ", we left " + in(here, path) + '\n';
  return text;
}

class Rsync : public Cli {
 protected:
  void SetUp() override {
    if (::access(rsync, X_OK) != 0) GTEST_SKIP() << "rsync is not installed";
    fs::remove(source);
  }

  template <std::size_t N>
  std::string one_of(const std::array<const char*, N>& choices) {
    return choices.at(random.below(N));
  }

  std::string name() {
    return one_of(std::array{"a",   "b",        "c",    "ab",   "foo",  "foo.o",    "bar.c",
                             "a b", "*",        "[x]",  "b\\s", "n\nl", "\xe9\xff", "-d",
                             "#h",  "\xc3\xa9", ".git", "a",    "b",    "foo"});
  }

  /// Some entries in folders up to four deep. Where `like` has a path, it is of that kind there.
  Paths random_paths(const std::string& content, const Paths& like) {
    Paths paths;
    std::vector<std::string> folders{""};
    const auto entries = 4 + random.below(24);
    for (std::uint64_t i = 0; i < entries; ++i) {
      const std::string& in = folders[random.below(folders.size())];
      const std::string path = in.empty() ? name() : in + '/' + name();
      if (paths.contains(path)) continue;
      const auto known = like.find(path);
      const auto kind = random.below(9);
      const bool as_known = known != like.end() && !random.one_in(collisions);
      const bool is_folder = as_known ? known->second == "/" : kind < 4;
      const bool is_link = as_known ? known->second.front() == '@' : kind == 8;
      paths[path] = is_folder ? "/" : is_link ? "@" + content : '=' + content;
      if (is_folder && std::ranges::count(path, '/') < 4) folders.push_back(path);
    }
    return paths;
  }

  std::string piece() {
    switch (random.below(7)) {
      case 0:
      case 1:
      case 2:
        return name();
      case 3: {
        std::string text = name();
        text[random.below(text.size())] = "?*"[random.below(2)];
        return text;
      }
      case 4: {
        std::string text;
        for (auto left = 1 + random.below(5); left > 0; --left)
          text += "ab*?[]!^-\\:.fo*"[random.below(15)];
        return text;
      }
      default:
        return one_of(std::array{"*",
                                 "**",
                                 "***",
                                 "*.o",
                                 "[ab]",
                                 "[!a]*",
                                 "[^b]",
                                 "[[:alpha:]]",
                                 "[a-c]*",
                                 "[[:punct:]]*",
                                 "\\*",
                                 "\\[x]",
                                 "b\\\\s",
                                 "b\\s",
                                 "b*\\s",
                                 "[]x]",
                                 "[a\\-c]",
                                 "[[:space:]a-f]*",
                                 "[\xc0-\xff]*",
                                 "foo*",
                                 "?",
                                 "*b",
                                 "*o*",
                                 "[[:nope:]]",
                                 "[a"});
    }
  }

  std::string pattern() {
    std::string text = random.one_in(4) ? "/" : "";
    text += piece();
    while (random.one_in(3)) text += (random.one_in(5) ? "" : "/") + piece();
    if (random.one_in(4)) text += one_of(std::array{"/", "/", "/**", "/***", "***", "**"});
    return text;
  }

  std::string absolute_pattern() {
    switch (random.below(3)) {
      case 0:
        return (random.one_in(2) ? source : destination) + '/' + pattern();
      case 1:
        return one_of(std::array{"source/", "destination/", "**/source/", "/**/"}) + pattern();
      default:
        return pattern();
    }
  }

  /// A rule of --filter; `may_name_sides` where it stands in no list that does so already.
  std::string rule(bool may_name_sides) {
    if (random.one_in(40)) return random.one_in(2) ? "!" : "clear";
    if (random.one_in(200))
      return one_of(std::array{"foo", "-a b", "- ", "P", "Hs a", "! ", "excl a", ",a", " - a"});
    const bool sided = may_name_sides && random.one_in(3);
    std::string text = sided ? one_of(std::array{"H", "S", "P", "R", "hide", "protect", "risk,"})
                             : one_of(std::array{"-", "-", "-", "+", "-,", "exclude", "include,"});
    const bool is_long_without_comma = text.size() > 2 && !text.ends_with(',');
    bool is_absolute = false;
    if (!is_long_without_comma) {
      if (random.one_in(8)) text += '!';
      if (random.one_in(6)) text += 'p';
      if (random.one_in(6)) {
        text += '/';
        is_absolute = true;
      }
      if (!sided && may_name_sides && random.one_in(5)) text += one_of(std::array{"s", "r", "sr"});
    }
    text += random.one_in(6) ? '_' : ' ';
    return text + (is_absolute ? absolute_pattern() : pattern());
  }

  std::string prefixed_pattern() {
    switch (random.below(12)) {
      case 0:
        return "+ " + pattern();
      case 1:
        return "- " + pattern();
      case 2:
        return random.one_in(3) ? "!" : "!" + pattern();
      default:
        return pattern();
    }
  }

  /// A list of these lines in a file, and its path.
  std::string list(const Words& lines, bool zero_ended) {
    std::string text;
    for (std::string line : lines) {
      if (!zero_ended)
        for (char& byte : line)
          if (byte == '\n' || byte == '\r') byte = ' ';
      text += line + (zero_ended ? '\0' : "\n\r"[random.below(2)]);
    }
    std::string path = home / ("list" + std::to_string(lists_++));
    write(path, text);
    return path;
  }

  template <typename Line>
  Words some(Line line) {
    Words lines;
    for (auto left = 1 + random.below(3); left > 0; --left) lines.push_back(line());
    return lines;
  }

  Words rules() {
    Words words;
    const bool zero_ended = random.one_in(6);
    if (zero_ended) words.emplace_back("-0");
    const auto count = 1 + random.below(5);
    for (std::uint64_t i = 0; i < count; ++i) {
      switch (random.below(9)) {
        case 0:
        case 1:
          words.push_back("--exclude=" + prefixed_pattern());
          break;
        case 2:
          words.push_back("--include=" + prefixed_pattern());
          break;
        case 3:
          words.push_back((random.one_in(2) ? "--exclude-from=" : "--include-from=") +
                          list(some([&] { return prefixed_pattern(); }), zero_ended));
          break;
        case 4: {
          const std::string how =
              one_of(std::array{". ", "merge ", ".s ", ".r ", ".p ", "./ ", ".- ", ".+ ", ".-s "});
          const bool is_bare = how.find_first_of("-+") != std::string::npos;
          const bool sided = how.find_first_of("sr") != std::string::npos && how != "merge ";
          words.push_back(
              "--filter=" + how +
              list(some([&] { return is_bare ? pattern() : rule(!sided); }), zero_ended));
          break;
        }
        default:
          words.emplace_back("-f");
          words.push_back(rule(true));
      }
    }
    if (random.one_in(5)) words.emplace_back("--delete-excluded");
    return words;
  }

  struct Case {
    Paths source;
    Paths destination;
    Words words;  ///< for both programs
  };

  struct Result {
    Exit exit;
    Paths left;
  };
  Result try_out(const Case& what, Words command, const std::string& from) const {
    make(what.destination, destination);
    command.insert(command.end(), what.words.begin(), what.words.end());
    command.insert(command.end(), {from, destination});
    Result result{.exit = run(command), .left = {}};
    result.left = found_in(destination);
    fs::remove_all(destination);
    return result;
  }

  /// Counts what the rules did, so that a run that tried nothing shows.
  void compare(const Case& what, const Words& for_rsync, const Words& for_us) {
    make(what.source, source);
    Words theirs{rsync};
    theirs.insert(theirs.end(), for_rsync.begin(), for_rsync.end());
    const Result there = try_out(what, theirs, source + '/');
    const Result here = try_out(what, command(for_us), source);
    fs::remove_all(source);
    if (there.exit.status == 1) ++refused_;
    if (there.left != what.source && there.exit.status == 0) ++told_apart_;
    if (there.exit.status == here.exit.status && there.left == here.left) return;
    ++disagreements_;
    ADD_FAILURE() << "given " << testing::PrintToString(what.words) << "\nsource\n"
                  << shown(what.source) << "destination\n"
                  << shown(what.destination) << "rsync ended with " << there.exit.status << ' '
                  << there.exit.err << ", we with " << here.exit.status << ' ' << here.exit.err
                  << '\n'
                  << differences(there.left, here.left);
  }

  // A case without words yet.
  Case random_trees() {
    lists_ = 0;
    Case what;
    what.source = random_paths("source", {});
    what.destination = random_paths("old", what.source);
    return what;
  }

  void compare_rules(std::uint64_t cases) {
    for (std::uint64_t i = 0; i < cases && disagreements_ < 5; ++i) {
      Case what = random_trees();
      what.words = rules();
      compare(what, {"-a", "--delete"}, {"-q", "--no-index", "--no-flush", "--delete"});
    }
    report(cases);
  }

  // Kinds never collide: there rsync gives up deleting for an error of its own.
  void compare_transfer_rules(std::uint64_t cases) {
    collisions = 1U << 30U;
    for (std::uint64_t i = 0; i < cases && disagreements_ < 5; ++i) {
      Case what = random_trees();
      if (random.one_in(2)) what.words = rules();
      what.words.emplace_back(one_of(std::array{"--existing", "--ignore-existing", "--max-size=5",
                                                "--max-size=6", "--min-size=7", "--min-size=6",
                                                "--max-size=6b-1", "--ignore-non-existing"}));
      compare(what, {"-a", "--delete"}, {"-q", "--no-index", "--no-flush", "--delete"});
    }
    report(cases);
  }

  Words listed_in(const Paths& paths) {
    Words lines;
    for (const auto& [path, what] : paths) {
      if (!random.one_in(4)) continue;
      std::string line = (random.one_in(6) ? "/" : random.one_in(6) ? "./" : "") + path;
      if (what == "/" && random.one_in(2)) line += random.one_in(3) ? "/." : "/";
      lines.push_back(std::move(line));
    }
    if (random.one_in(10)) lines.emplace_back("missing");
    if (random.one_in(12)) lines.emplace_back(".");
    if (random.one_in(12)) lines.emplace_back("../x/../a");
    return lines;
  }

  void compare_lists(std::uint64_t cases) {
    collisions = 1U << 30U;
    for (std::uint64_t i = 0; i < cases && disagreements_ < 5; ++i) {
      Case what = random_trees();
      const bool zero_ended = !random.one_in(3);
      if (zero_ended) what.words.emplace_back("--from0");
      if (random.one_in(3)) what.words.emplace_back("-r");
      if (random.one_in(3)) what.words.push_back("--exclude=" + pattern());
      Words lines = listed_in(what.source);
      if (!zero_ended)
        std::erase_if(lines,
                      [](const std::string& line) { return line.find('\n') != std::string::npos; });
      what.words.push_back("--files-from=" + list(lines, zero_ended));
      compare(what, {"-a"}, {"-q", "--no-index", "--no-flush"});
    }
    report(cases);
  }

  void report(std::uint64_t cases) const {
    std::cout << cases << " cases, " << told_apart_ << " where something was left out, " << refused_
              << " refused by both, " << disagreements_ << " disagreements\n";
    EXPECT_GT(told_apart_, cases / 4);
  }

  static std::uint64_t long_cases() {
    const char* const asked = std::getenv("SYNCLINE_CASES");
    return asked != nullptr ? std::strtoull(asked, nullptr, 10) : 5000;
  }

  Random random{announced_seed()};
  std::uint64_t collisions = 8;  ///< one path in so many is of another kind in the destination

 private:
  int lists_ = 0;
  std::uint64_t told_apart_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t disagreements_ = 0;
};

TEST_F(Rsync, selects_the_same_by_rules) {
  compare_rules(100);
}

TEST_F(Rsync, leaves_the_same_alone) {
  compare_transfer_rules(40);
}

TEST_F(Rsync, takes_the_same_from_a_list) {
  compare_lists(40);
}

class LongRsync : public Rsync {};

TEST_F(LongRsync, selects_the_same_by_rules) {
  compare_rules(long_cases());
}

TEST_F(LongRsync, leaves_the_same_alone) {
  compare_transfer_rules(long_cases());
}

TEST_F(LongRsync, takes_the_same_from_a_list) {
  compare_lists(long_cases());
}

}  // namespace
}  // namespace syncline::test
