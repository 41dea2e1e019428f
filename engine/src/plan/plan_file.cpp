// SPDX-License-Identifier: MIT
#include "plan/plan_file.h"

#include "filesystem/paths.h"
#include "plan/plan_bytes.h"
#include "plan/refuse.h"

#include <cerrno>
#include <utility>

namespace syncline::planning {
namespace {

using filesystem::Directory;
using filesystem::SystemError;

constexpr std::size_t most_waiting = std::size_t{1} << 18U;

template <typename Work>
void attempt(const std::string& path, Work work) {
  try {
    work();
  } catch (const SystemError& error) {
    refuse_as_unusable(path, error);
  }
}

}  // namespace

PlanFile::PlanFile(std::string path) : path_(std::move(path)) {
  const filesystem::ParentAndName place = filesystem::split_path(path_);
  name_ = place.name;
  if (name_.empty() || name_ == "." || name_ == ".." || path_.ends_with('/'))
    refuse({.code = RefusalCode::plan_foreign, .path = path_});
  if (name_.ends_with(".zst")) compressor_.emplace();
  attempt(path_, [&] {
    folder_ = std::make_shared<const Directory>(Directory::open_root(place.parent));
    require_room();
    file_.emplace(folder_);
  });
}

void PlanFile::require_room() {
  const auto there = folder_->look(name_);
  if (!there) return;
  const bool is_plan =
      there->kind == Kind::file && begins_as_plan(folder_->open_file(name_), there->identity.size);
  if (!is_plan) refuse({.code = RefusalCode::plan_foreign, .path = path_});
}

void PlanFile::write(std::string_view bytes) {
  put(std::as_bytes(std::span{bytes.data(), bytes.size()}));
  if (waiting_.size() > most_waiting) put_out();
}

void PlanFile::put(std::span<const std::byte> bytes) {
  if (compressor_)
    compressor_->add(bytes, false, waiting_);
  else
    waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
}

void PlanFile::put_out() {
  attempt(path_, [&] { file_->file().write(waiting_, written_); });
  written_ += waiting_.size();
  waiting_.clear();
}

void PlanFile::finish() {
  if (compressor_) compressor_->add({}, true, waiting_);
  put_out();
  attempt(path_, [&] {
    require_room();
    file_->file().flush();
    folder_->rename(file_->finish(), name_);
    folder_->flush();
  });
}

}  // namespace syncline::planning
