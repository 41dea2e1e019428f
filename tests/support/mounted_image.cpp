// SPDX-License-Identifier: MIT
#include "support/mounted_image.h"

#include "support/descriptor.h"
#include "support/disk.h"
#include "support/process.h"
#include "support/tree.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace syncline::test {
namespace {

constexpr int no_such_program = 127;

Exit run_as_root(const std::vector<std::string>& command) {
  // Found through env, with a PATH that not even every root has.
  std::vector<std::string> arguments{"/usr/bin/env", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                                     "LC_ALL=C"};
  arguments.insert(arguments.end(), command.begin(), command.end());
  return run(arguments);
}

/// Empty, or why it cannot be. Options that mkfs does not take are the test's fault and throw.
std::string make_file_system(const std::string& kind, const std::string& image,
                             const std::vector<std::string>& options) {
  std::vector<std::string> command{"mkfs." + kind, "-q", kind == "ext4" ? "-F" : "-f"};
  command.insert(command.end(), options.begin(), options.end());
  command.push_back(image);
  const Exit made = run_as_root(command);
  if (made.status == no_such_program) return "no " + command.front() + " here";
  if (made.status != 0) throw std::runtime_error(command.front() + ": " + made.err);
  return {};
}

}  // namespace

MountedImage::MountedImage(std::string kind, std::uint64_t bytes,
                           const std::vector<std::string>& mkfs_options, std::string mount_options)
    : kind_(std::move(kind)), options_(std::move(mount_options)) {
  make(bytes, mkfs_options);
}

MountedImage::MountedImage(std::string kind, std::uint64_t bytes, const TemporaryFolder& place)
    : home_(place.path()), kind_(std::move(kind)) {
  make(bytes, {});
}

void MountedImage::make(std::uint64_t bytes, const std::vector<std::string>& mkfs_options) {
  if (::geteuid() != 0) {
    why_ = "only root may mount";
    return;
  }
  put(folder("mounted"), home_.path());
  const std::string own_option = kind_ == "tmpfs" ? "size=" + std::to_string(bytes) : "loop";
  options_ = options_.empty() ? own_option : own_option + ',' + options_;
  if (kind_ != "tmpfs") {
    put_sparse(home_.path(), "image", bytes);
    why_ = make_file_system(kind_, image_, mkfs_options);
  }
  if (done()) why_ = mount();
}

MountedImage::~MountedImage() {
  // Whatever a test that failed has left open in it.
  if (done() && ::umount2(path_.c_str(), 0) != 0) ::umount2(path_.c_str(), MNT_DETACH);
}

std::string MountedImage::mount() const {
  const std::string& device = kind_ == "tmpfs" ? kind_ : image_;
  const Exit mounted = run_as_root({"mount", "-t", kind_, "-o", options_, device, path_});
  if (mounted.status == 0) return {};
  const std::string said = mounted.err.substr(0, mounted.err.find('\n'));
  return said.empty() ? "mount ended with " + std::to_string(mounted.status) : said;
}

void MountedImage::remount() const {
  unmount();
  mount_again();
}

void MountedImage::unmount() const {
  if (kind_ == "tmpfs") throw std::logic_error("a tmpfs forgets all when it is unmounted");
  checked(::umount2(path_.c_str(), 0), "unmount " + path_);
}

void MountedImage::mount_again() const {
  if (const std::string problem = mount(); !problem.empty()) throw std::runtime_error(problem);
}

}  // namespace syncline::test
