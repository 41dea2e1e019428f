// The engine in somebody else's program: a pass changes nothing of the process, and prints nothing.
//
// SPDX-License-Identifier: MIT
#include "support/descriptor.h"
#include "support/two_roots.h"

#include "syncline/explain.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <array>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <variant>

namespace syncline::test {
namespace {

/// What is the process's own, in words.
std::map<std::string, std::string> state_of_process() {
  std::map<std::string, std::string> state;
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action {};
    if (::sigaction(number, nullptr, &action) != 0) continue;
    state["signal " + std::to_string(number)] =
        std::to_string(reinterpret_cast<std::uintptr_t>(action.sa_handler)) + ' ' +
        std::to_string(action.sa_flags);
  }
  sigset_t blocked;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  for (int number = 1; number < NSIG; ++number)
    if (sigismember(&blocked, number) == 1) state["blocked"] += std::to_string(number) + ' ';
  const mode_t umask = ::umask(0);
  ::umask(umask);
  state["umask"] = std::to_string(umask);
  state["folder"] = std::filesystem::current_path().string();
  for (int which = 0; which < RLIM_NLIMITS; ++which) {
    rlimit limit{};
    if (::getrlimit(static_cast<__rlimit_resource>(which), &limit) == 0)
      state["limit " + std::to_string(which)] =
          std::to_string(limit.rlim_cur) + ' ' + std::to_string(limit.rlim_max);
  }
  state["locale"] = std::setlocale(LC_ALL, nullptr);
  state["nice"] = std::to_string(::getpriority(PRIO_PROCESS, 0));
  for (char** variable = environ; *variable != nullptr; ++variable)
    state["environment"] += *variable;
  return state;
}

/// Standard output and error go to a file while it lives.
class Overheard {
 public:
  explicit Overheard(const std::string& file) {
    std::cout.flush();
    std::fflush(nullptr);
    const Descriptor into{checked(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), file)};
    for (int stream : {STDOUT_FILENO, STDERR_FILENO}) {
      before_.at(static_cast<std::size_t>(stream - 1)) = checked(::dup(stream), "dup");
      checked(::dup2(into.get(), stream), "dup2");
    }
  }
  Overheard(const Overheard&) = delete;
  Overheard& operator=(const Overheard&) = delete;
  ~Overheard() {
    std::cout.flush();
    std::fflush(nullptr);
    for (int stream : {STDOUT_FILENO, STDERR_FILENO}) {
      const Descriptor before{before_.at(static_cast<std::size_t>(stream - 1))};
      ::dup2(before.get(), stream);
    }
  }

 private:
  std::array<int, 2> before_{};
};

/// The soft limit of open files is low while it lives.
class FewDescriptors {
 public:
  FewDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit few{.rlim_cur = 200, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
  }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;
  ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

class Library : public TwoRoots {};

TEST_F(Library, leaves_the_process_as_it_was_and_says_nothing) {
  Tree tree{file("large", std::string(20'000'000, 'x')), symlink("link", "x"), fifo("fifo"),
            hard_link("linked", "large")};
  for (int i = 0; i < 300; ++i)
    tree.put(file(std::to_string(i % 20) + '/' + std::to_string(i), "x"));
  given_source(tree);
  given_destination({file("gone"), file("0", "a folder in the source")});
  const FewDescriptors few;
  const auto before = state_of_process();
  {
    const Overheard overheard{home / "said"};
    Options how = options();
    how.index = index_place::File{home / "index"};
    how.backup = Backup{.folder = home / "backups", .suffix = {}};
    run_pass(how);
    how.backup.reset();
    how.rehash = true;
    how.verify = true;
    run_pass(how);
    remove(source, "large");
    how.source = home / "none";
    EXPECT_EQ(refusal(how), Status::root_unusable);
    how.source = source;
    explain(how, "link");
    how.deletions = deletion::AtMostEntries{0};
    EXPECT_EQ(run_pass(how).status(), Status::deletions_held);
    how.dry_run = true;
    run_pass(how);
  }
  EXPECT_EQ(state_of_process(), before);
  std::ifstream said{home / "said"};
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(said), {}), "");
}

TEST_F(Library, raises_the_limit_of_open_files_where_it_is_asked_to) {
  const FewDescriptors few;
  prepare_process();
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(limit.rlim_cur, limit.rlim_max);
}

TEST_F(Library, finds_the_usual_place_of_an_index) {
  const char* const before = std::getenv("STATE_DIRECTORY");
  const std::string kept = before != nullptr ? before : "";
  ::setenv("STATE_DIRECTORY", (home / "state").c_str(), 1);
  given_source({file("file", "text")});
  Options how = options();
  EXPECT_TRUE(std::holds_alternative<index_place::None>(how.index));
  how.index = usual_index_place();
  EXPECT_TRUE(std::holds_alternative<index_place::Usual>(how.index));
  let_age(source);
  run_ok(how);
  EXPECT_EQ(run_ok(how).summary.bytes_read, 0U);
  EXPECT_TRUE(exists(home.path(), "state"));
  if (before != nullptr)
    ::setenv("STATE_DIRECTORY", kept.c_str(), 1);
  else
    ::unsetenv("STATE_DIRECTORY");
}

}  // namespace
}  // namespace syncline::test
