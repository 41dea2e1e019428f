// SPDX-License-Identifier: MIT
#include "contenders.h"

#include "bare.h"

#include "syncline/mirror.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <spawn.h>

#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <utility>

namespace syncline::bench {
namespace {

namespace fs = std::filesystem;

class Silent : public Observer {
 public:
  void on_event(const Event& /*event*/) override {}
};

Contender syncline_as(std::string name, Options options, bool remembers = false) {
  return {std::move(name),
          [options = std::move(options), remembers](const fs::path& source, const fs::path& copy) {
            Options how = options;
            how.source = source;
            how.destination = copy;
            how.deletions = deletion::Unlimited{};
            if (remembers) how.index = index_place::File{index_beside(copy)};
            Silent observer;
            if (mirror(how, observer, {}).status() != Status::done) {
              throw std::runtime_error("the pass did not end well");
            }
          }};
}

Contender syncline_with(unsigned threads, unsigned io_threads) {
  Options options;
  options.threads = threads;
  options.io_threads = io_threads;
  return syncline_as("syncline_" + std::to_string(threads) + "x" + std::to_string(io_threads),
                     options);
}

/// With an index; without one, every byte being read; and what the two numbers buy: hashing on one
/// core or all, waiting with one thread or several.
std::vector<Contender> synclines() {
  const unsigned cores = std::thread::hardware_concurrency();
  return {syncline_as("syncline_indexed", {}, true),
          syncline_as("syncline", {}),
          syncline_with(1, 1),
          syncline_with(cores, 1),
          syncline_with(1, 2 * cores),
          syncline_with(cores, 4 * cores)};
}

Contender syncline_rehashing() {
  Options options;
  options.rehash = true;
  return syncline_as("syncline_rehash", options, true);
}

Contender syncline_unflushed() {
  Options options;
  options.flush = false;
  return syncline_as("syncline_no_flush", options);
}

void run(std::vector<std::string> words) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  int status = 0;
  if (::posix_spawnp(&child, arguments[0], nullptr, nullptr, arguments.data(), environ) != 0 ||
      ::waitpid(child, &status, 0) != child || status != 0) {
    throw std::runtime_error(words[0] + " failed");
  }
}

bool is_installed(const std::string& program) {
  const std::string command = "command -v " + program + " >/dev/null";
  return std::system(command.c_str()) == 0;  // NOLINT(concurrency-mt-unsafe)
}

/// `words`, then the two roots, the source as "its content".
void add_peer(std::vector<Contender>& contenders, const std::string& name,
              std::vector<std::string> words, const std::string& content_of = "/.") {
  if (!is_installed(words[0])) return;
  contenders.push_back(
      {name, [words = std::move(words), content_of](const fs::path& source, const fs::path& copy) {
         std::vector<std::string> command = words;
         command.push_back(source.string() + content_of);
         command.push_back(copy);
         run(std::move(command));
       }});
}

using BareLoop = void (*)(const fs::path&, const fs::path&, unsigned);

/// On one thread, and on one for each core.
std::vector<Contender> bare(const std::string& name, BareLoop loop) {
  std::vector<Contender> contenders;
  for (const unsigned threads : {1U, std::thread::hardware_concurrency()}) {
    contenders.push_back(
        {name + '_' + std::to_string(threads),
         [=](const fs::path& source, const fs::path& copy) { loop(source, copy, threads); }});
  }
  return contenders;
}

void append(std::vector<Contender>& contenders, std::vector<Contender> more) {
  for (Contender& each : more) contenders.push_back(std::move(each));
}

}  // namespace

std::vector<Contender> copiers() {
  std::vector<Contender> contenders = bare("bare_loop", copy_bare);
  append(contenders, synclines());
  contenders.push_back(syncline_unflushed());
  add_peer(contenders, "rsync_-a", {"rsync", "-a", "--modify-window=-1"});
  add_peer(contenders, "cp_-a", {"cp", "-a"});
  return contenders;
}

std::vector<Contender> updaters() {
  std::vector<Contender> contenders = synclines();
  add_peer(contenders, "rsync_-a", {"rsync", "-a", "--modify-window=-1", "--delete"}, "/");
  add_peer(contenders, "rsync_-ac", {"rsync", "-ac", "--modify-window=-1", "--delete"}, "/");
  return contenders;
}

std::vector<Contender> checkers() {
  std::vector<Contender> contenders = bare("bare_walk", walk_both);
  append(contenders, updaters());
  return contenders;
}

std::vector<Contender> rereaders() {
  std::vector<Contender> contenders = bare("bare_read", read_both);
  contenders.push_back(syncline_rehashing());
  add_peer(contenders, "rsync_-ac", {"rsync", "-ac", "--modify-window=-1", "--delete"}, "/");
  return contenders;
}

std::string index_beside(const fs::path& copy) {
  return copy.string() + ".index";
}

double cpu_seconds() {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  double sum = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    ::getrusage(who, &usage);
    sum += seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }
  return sum;
}

}  // namespace syncline::bench
