// SPDX-License-Identifier: MIT
#include "applying/packed_step.h"

#include <cstdint>
#include <cstring>
#include <type_traits>

namespace syncline::applying {
namespace {

class Packer {
 public:
  template <typename Value>
  void put(Value value) {
    static_assert(std::is_arithmetic_v<Value> || std::is_enum_v<Value>);
    const std::size_t at = bytes_.size();
    bytes_.resize(at + sizeof value);
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }
  void put(const FileId& id) {
    put(id.device);
    put(id.inode);
  }
  void put(const Timestamp& time) {
    put(time.seconds);
    put(time.nanoseconds);
  }
  void put(const PackedStep::Folder& folder) {
    put(folder.is_made);
    if (!folder.is_made) put(folder.id);
  }
  void put(const Precondition& of) {
    put(of.kind);
    put(of.id);
    if (of.kind == Kind::folder) return;
    put(of.size);
    put(of.mtime);
    put_if(of.ctime);
  }
  template <typename Value>
  void put_if(const std::optional<Value>& value) {
    put(value.has_value());
    if (value) put(*value);
  }

  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}

  template <typename Value>
  void take(Value& value) {
    static_assert(std::is_arithmetic_v<Value> || std::is_enum_v<Value>);
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_.remove_prefix(sizeof value);
  }
  void take(FileId& id) {
    take(id.device);
    take(id.inode);
  }
  void take(Timestamp& time) {
    take(time.seconds);
    take(time.nanoseconds);
  }
  void take(PackedStep::Folder& folder) {
    take(folder.is_made);
    if (!folder.is_made) take(folder.id);
  }
  void take(Precondition& of) {
    take(of.kind);
    take(of.id);
    if (of.kind == Kind::folder) return;
    take(of.size);
    take(of.mtime);
    take_if(of.ctime);
  }
  template <typename Value>
  void take_if(std::optional<Value>& value) {
    bool is_there = false;
    take(is_there);
    if (is_there) take(value.emplace());
  }

 private:
  std::string_view bytes_;
};

PackedStep::Folder folder_of(const FileId& id, const std::optional<std::uint64_t>& made_by) {
  return {.is_made = made_by.has_value(), .id = id};
}

}  // namespace

std::string packed(const PlanStep& step) {
  const Preconditions& given = step.action.given;
  std::optional<PackedStep::Folder> from;
  if (!step.action.moved_from.empty()) from = folder_of(given.from_folder, step.from);
  Packer packer;
  packer.put(step.action.verb);
  packer.put(!step.action.link_of.empty());
  packer.put_if(given.source);
  packer.put_if(given.destination);
  packer.put_if(given.exchanged);
  packer.put(folder_of(given.folder, step.in));
  packer.put_if(from);
  return packer.take();
}

PackedStep unpacked(std::string_view bytes) {
  PackedStep step;
  Unpacker unpacker{bytes};
  unpacker.take(step.verb);
  unpacker.take(step.is_link);
  unpacker.take_if(step.source);
  unpacker.take_if(step.destination);
  unpacker.take_if(step.exchanged);
  unpacker.take(step.in);
  unpacker.take_if(step.from);
  return step;
}

}  // namespace syncline::applying
