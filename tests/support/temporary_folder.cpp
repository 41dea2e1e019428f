// SPDX-License-Identifier: MIT
#include "support/temporary_folder.h"

#include "support/descriptor.h"
#include "support/disk.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <exception>

namespace syncline::test {
namespace {

std::string usual_place() {
  // Tests run in parallel as processes; none changes the environment.
  if (const char* chosen = std::getenv("SYNCLINE_TEST_FOLDER")) {  // NOLINT(concurrency-mt-unsafe)
    return chosen;
  }
  return ::eaccess("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
}

}  // namespace

TemporaryFolder::TemporaryFolder() : TemporaryFolder(usual_place()) {}

TemporaryFolder::TemporaryFolder(const std::string& parent)
    : path_(parent + "/syncline-test-XXXXXX") {
  if (::mkdtemp(path_.data()) == nullptr) checked(-1, "mkdtemp " + path_);
}

TemporaryFolder::~TemporaryFolder() {
  try {
    remove(path_, "");
  } catch (const std::exception& problem) {
    ADD_FAILURE() << "left behind: " << path_ << ": " << problem.what();
  }
}

std::string TemporaryFolder::operator/(std::string_view name) const {
  return join(path_, name);
}

}  // namespace syncline::test
