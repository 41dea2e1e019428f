// SPDX-License-Identifier: MIT
#include "support/hostile_user.h"

#include "filesystem/path_of.h"
#include "support/acl.h"
#include "support/descriptor.h"
#include "support/random_tree.h"
#include "support/stranger.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstring>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace syncline::test {

/// What both processes see.
struct HostileUser::Shared {
  std::atomic<std::uint64_t> deeds;
  std::atomic<std::uint64_t> looks;
  std::atomic<bool> has_succeeded;
  std::array<char, 512> success;
};

namespace {

constexpr std::size_t most_held = 200;
constexpr std::size_t most_names = 60;  // so that he never fills the disk
constexpr std::size_t large = 200'000;  // enough to be recognised by its content

class Work {
 public:
  Work(std::string source, std::string destination, std::uint64_t seed)
      : roots_{std::move(source), std::move(destination)}, random_(seed) {}

  std::atomic<std::uint64_t>* looks = nullptr;
  std::function<void(const std::string&)> succeed;

  void once() {
    switch (random_.below(20)) {
      case 0:
      case 1:
        return write_anew();
      case 2:
        return write_through_what_he_holds();
      case 3:
      case 4:
        return hold(any_file());
      case 5:
      case 6:
        return look_through_what_he_holds();
      case 7:
        return rename_something();
      case 8:
        return link_something();
      case 9:
        return plant_a_symlink();
      case 10:
        return change_modes();
      case 11:
        return set_a_list();
      case 12:
        return plant_what_root_has();
      case 13:
        return swap_a_folder();
      case 14:
        return lock_something();
      case 15:
        return make_a_giant();
      case 16:
        return forge_a_copy();
      case 17:
        return plant_a_special();
      case 18:
        return spy();
      default:
        return tidy_up();
    }
  }

 private:
  const std::string& any_root() { return roots_[random_.below(2)]; }
  std::string own_place() { return any_root() + (random_.one_in(3) ? "/shared" : "/home"); }
  std::string own_name() {
    return own_place() + "/n" + std::to_string(random_.below(most_names / 2));
  }
  static std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    DIR* const open = ::opendir(folder.c_str());
    if (open == nullptr) return names;
    while (const dirent* const each = ::readdir(open))
      if (std::string_view{each->d_name} != "." && std::string_view{each->d_name} != "..")
        names.emplace_back(folder + '/' + each->d_name);
    ::closedir(open);
    return names;
  }
  std::string any_in(const std::string& folder) {
    const auto names = names_in(folder);
    return names.empty() ? folder : names[random_.below(names.size())];
  }
  std::string any_file() {
    constexpr std::array places{"/home", "/shared", "/root", "/root/bin", "/root/private", ""};
    return any_in(any_root() + places[random_.below(places.size())]);
  }

  // What is at the path is opened as he may, but never such that it could block.
  void hold(const std::string& path) {
    constexpr int common = O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    int fd = ::open(path.c_str(), O_RDWR | common);
    if (fd < 0) fd = ::open(path.c_str(), O_RDONLY | common);
    if (fd < 0) return;
    Descriptor opened{fd};
    check(opened);
    if (held_.size() < most_held)
      held_.push_back(std::move(opened));
    else
      held_[random_.below(held_.size())] = std::move(opened);
  }

  // Where it is now; it may have been opened through a symlink.
  static std::string place_of(const Descriptor& opened) {
    return filesystem::path_of(opened.get());
  }

  void check(const Descriptor& opened) {
    ++*looks;
    std::array<char, 64> start{};
    const ssize_t got = ::pread(opened.get(), start.data(), start.size() - 1, 0);
    if (got > 0 && std::string_view{start.data()}.starts_with(secret_mark))
      succeed("read " + place_of(opened) + ": " + start.data());
    struct stat status {};
    if (::fstat(opened.get(), &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == 0 &&
        may_write_through(opened))
      succeed("may write to root's file " + place_of(opened));
  }

  void look_through_what_he_holds() {
    for (const Descriptor& opened : held_) check(opened);
  }

  void write_through_what_he_holds() {
    for (const Descriptor& opened : held_)
      if (random_.one_in(4)) (void)!::pwrite(opened.get(), hostile_mark, 18, 0);
  }

  void write(const std::string& path, std::string_view content) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC,
                          random_.one_in(2) ? 0644 : 0666);
    if (fd < 0) return;
    const Descriptor opened{fd};
    (void)!::pwrite(opened.get(), content.data(), content.size(), 0);
  }

  std::string own_content() {
    std::string content = hostile_mark + std::to_string(random_.below(1'000'000)) + '\n';
    content.resize(random_.one_in(4) ? large : 100 + random_.below(9000), 'h');
    return content;
  }

  void write_anew() {
    const std::string path = own_name();
    write(path, own_content());
    if (random_.one_in(2)) hold(path);
  }

  void rename_something() {
    const std::string from = any_in(own_place());
    const std::string to = random_.one_in(2) ? own_name() : any_in(own_place());
    if (::rename(from.c_str(), to.c_str()) != 0)
      (void)::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE);
  }

  void link_something() { (void)!::link(any_file().c_str(), own_name().c_str()); }

  void plant_a_symlink() {
    const std::string path = own_name();
    if (random_.one_in(2)) ::unlink(path.c_str());
    (void)!::symlink(any_file().c_str(), path.c_str());
  }

  void change_modes() {
    constexpr std::array modes{0600, 0644, 0666, 0755, 0777, 04755, 02775, 0000};
    (void)::chmod(any_in(own_place()).c_str(), modes[random_.below(modes.size())]);
    (void)::chmod((any_root() + "/home").c_str(), random_.one_in(3) ? 02777 : 0755);
  }

  void set_a_list() {
    const std::string list = acl({user_entry(stranger_id, 7)}, 0777);
    const std::string place = random_.one_in(2) ? any_root() + "/home" : any_in(own_place());
    const char* const name = random_.one_in(3) ? access_acl_name : default_acl_name;
    (void)::setxattr(place.c_str(), name, list.data(), list.size(), 0);
    if (random_.one_in(2)) (void)::removexattr(place.c_str(), default_acl_name);
  }

  // The very bytes that root is about to have elsewhere.
  void plant_what_root_has() {
    const std::string model = any_in(any_root() + "/root/public");
    const int fd = ::open(model.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return;
    const Descriptor opened{fd};
    const std::string content = read_through(opened);
    if (content.starts_with(secret_mark)) succeed("read " + place_of(opened) + ": " + content);
    const std::string path = own_name();
    ::unlink(path.c_str());
    write(path, content);
    hold(path);
  }

  void swap_a_folder() {
    const std::string path = own_name();
    const std::string aside = own_place() + "/aside";
    if (::mkdir(path.c_str(), 0777) == 0) {
      write(path + "/inner", own_content());
      return;
    }
    (void)!::rename(path.c_str(), aside.c_str());
    (void)!::symlink((any_root() + "/root/private").c_str(), path.c_str());
    if (random_.one_in(2)) {
      ::unlink(path.c_str());
      (void)!::rename(aside.c_str(), path.c_str());
    }
  }

  void lock_something() {
    const std::string path = random_.one_in(2) ? any_root() : any_root() + "/..";
    lock_ = Descriptor{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (lock_.get() >= 0) ::flock(lock_.get(), (random_.one_in(2) ? LOCK_SH : LOCK_EX) | LOCK_NB);
  }

  void make_a_giant() {
    if (random_.one_in(2)) {
      const std::string path = own_name();
      write(path, own_content());
      (void)!::truncate(path.c_str(), off_t{1} << (20 + random_.below(23)));
      return;
    }
    std::string path = own_place() + "/deep";
    for (int level = 0; level < 8; ++level) {
      ::mkdir(path.c_str(), 0755);
      path += '/' + std::string(250, static_cast<char>('a' + level));
    }
  }

  // Bytes that look like what an interrupted copy ends in, under all names that root uses.
  void forge_a_copy() {
    const std::string folder = own_place();
    for (const std::string& path : names_in(folder))
      if (path.ends_with(".tmp") || path.ends_with(".part")) {
        hold(path);
        (void)!::rename(path.c_str(), (folder + "/.syncline-0123456789abcdef.part").c_str());
      }
    write(folder + "/.syncline-00000000000000" + std::to_string(10 + random_.below(90)) +
              (random_.one_in(2) ? ".part" : ".tmp"),
          own_content());
  }

  void plant_a_special() {
    const std::string path = own_name();
    if (random_.one_in(2)) ::unlink(path.c_str());
    (void)::mkfifo(path.c_str(), 0666);
  }

  void spy() {
    for (const std::string& root : roots_)
      for (const char* place : {"", "/home", "/shared", "/root", "/root/bin", "/root/private"})
        for (const std::string& path : names_in(root + place)) hold(path);
  }

  void tidy_up() {
    for (const std::string& root : roots_)
      for (const char* place : {"/home", "/shared"}) {
        auto names = names_in(root + place);
        while (names.size() > most_names) {
          const std::size_t at = random_.below(names.size());
          (void)::unlink(names[at].c_str());
          (void)::rmdir(names[at].c_str());
          names.erase(names.begin() + static_cast<std::ptrdiff_t>(at));
        }
      }
    if (held_.size() == most_held) held_.erase(held_.begin() + most_held / 2, held_.end());
  }

  const std::array<std::string, 2> roots_;
  Random random_;
  std::vector<Descriptor> held_;
  Descriptor lock_{-1};
};

}  // namespace

HostileUser::HostileUser(std::string source, std::string destination, std::uint64_t seed) {
  void* const memory =
      ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) checked(-1, "mmap");
  shared_ = new (memory) Shared{};
  pid_ = checked(::fork(), "fork");
  if (pid_ != 0) return;
  Work work(std::move(source), std::move(destination), seed);
  work.looks = &shared_->looks;
  work.succeed = [this](const std::string& what) {
    if (shared_->has_succeeded.exchange(true)) return;
    const std::size_t length = std::min(what.size(), shared_->success.size() - 1);
    std::memcpy(shared_->success.data(), what.data(), length);
  };
  if (!become_a_stranger()) ::_exit(1);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a change of ids has taken it back
  ::umask(0);
  for (;;) {
    work.once();
    ++shared_->deeds;
  }
}

HostileUser::~HostileUser() {
  stop();
  ::munmap(shared_, sizeof(Shared));
}

void HostileUser::stop() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::uint64_t HostileUser::deeds() const {
  return shared_->deeds;
}

std::uint64_t HostileUser::looks() const {
  return shared_->looks;
}

std::string HostileUser::success() const {
  return shared_->has_succeeded ? shared_->success.data() : std::string{};
}

}  // namespace syncline::test
