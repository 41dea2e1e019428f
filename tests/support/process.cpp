// SPDX-License-Identifier: MIT
#include "support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <spawn.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

namespace syncline::test {
namespace {

using Clock = std::chrono::steady_clock;

void require(int error_number, const char* what) {
  if (error_number != 0) throw std::system_error(error_number, std::generic_category(), what);
}

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    require(::pipe2(ends.data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe2");
    read = ends[0];
    write = ends[1];
  }
  int read = -1;
  int write = -1;
};

/// What is meant for the tests, the program would take for mistyped settings of its own.
std::vector<char*> environment() {
  std::vector<char*> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    if (!text.starts_with("SYNCLINE_SEED=") && !text.starts_with("SYNCLINE_TEST_FOLDER="))
      variables.push_back(*variable);
  }
  variables.push_back(nullptr);
  return variables;
}

pid_t spawn(const std::vector<std::string>& arguments, int out, int err) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions{};
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  pid_t pid = -1;
  const int error =
      ::posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environment().data());
  ::posix_spawn_file_actions_destroy(&actions);
  require(error, "posix_spawn");
  return pid;
}

/// Takes what is there to read; false at the end of the stream.
bool drain(int descriptor, std::string& into) {
  std::array<char, 65536> buffer{};
  const ssize_t n = ::read(descriptor, buffer.data(), buffer.size());
  if (n > 0) into.append(buffer.data(), static_cast<std::size_t>(n));
  return n > 0;
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments) {
  const Pipe out;
  const Pipe err;
  pid_ = spawn(arguments, out.write, err.write);
  ::close(out.write);
  ::close(err.write);
  out_ = out.read;
  err_ = err.read;
  handle_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
}

Process::~Process() {
  if (!reaped_) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  for (const int descriptor : {out_, err_, handle_}) ::close(descriptor);
}

void Process::signal(int number) const {
  ::kill(pid_, number);
}

std::optional<Exit> Process::wait(std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  // A closed pipe is left out by a negative number. The process has ended and said all once all
  // three are closed.
  std::array<pollfd, 3> open{{{out_, POLLIN, 0}, {err_, POLLIN, 0}, {handle_, POLLIN, 0}}};
  while (std::ranges::any_of(open, [](const pollfd& one) { return one.fd >= 0; })) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return std::nullopt;
    ::poll(open.data(), open.size(), static_cast<int>(left.count()));
    if (open[0].revents != 0 && !drain(out_, exit_.out)) open[0].fd = -1;
    if (open[1].revents != 0 && !drain(err_, exit_.err)) open[1].fd = -1;
    if (open[2].revents != 0) open[2].fd = -1;
  }
  int status = 0;
  struct rusage used {};
  ::wait4(pid_, &status, 0, &used);
  exit_.peak_kib = used.ru_maxrss;
  reaped_ = true;
  exit_.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_;
}

Exit run(const std::vector<std::string>& arguments) {
  Process process(arguments);
  const auto exit = process.wait(longest_run);
  if (!exit) {
    ADD_FAILURE() << arguments[0] << " is still running after " << longest_run.count()
                  << " minutes";
    return {};
  }
  return *exit;
}

}  // namespace syncline::test
