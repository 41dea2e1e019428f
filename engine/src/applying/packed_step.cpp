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
    put(folder.made_by);
    if (folder.made_by == 0) put(folder.id);
  }
  void put(const Precondition& of) {
    put(of.kind);
    put(of.id);
    if (of.kind == Kind::folder) return;
    put(of.size);
    put(of.mtime);
    put_if(of.ctime);
    put(of.links);
  }
  void put(const Preconditions::Rights& rights) {
    put(rights.mode);
    put(rights.uid);
    put(rights.gid);
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
    take(folder.made_by);
    if (folder.made_by == 0) take(folder.id);
  }
  void take(Precondition& of) {
    take(of.kind);
    take(of.id);
    if (of.kind == Kind::folder) return;
    take(of.size);
    take(of.mtime);
    take_if(of.ctime);
    take(of.links);
  }
  void take(Preconditions::Rights& rights) {
    take(rights.mode);
    take(rights.uid);
    take(rights.gid);
  }
  template <typename Value>
  void take_if(std::optional<Value>& value) {
    bool is_there = false;
    take(is_there);
    if (is_there) take(value.emplace(Value{}));
  }

 private:
  std::string_view bytes_;
};

PackedStep::Folder folder_of(const FileId& id, const std::optional<std::uint64_t>& made_by) {
  return {.made_by = made_by.value_or(0), .id = id};
}

// A folder may have other times by now, but gives nobody other rights than were read.
std::optional<Preconditions::Rights> rights_of(const Action& action) {
  const bool sets_them = action.verb == Verb::create || action.verb == Verb::replace ||
                         action.verb == Verb::set_metadata;
  if (action.kind != Kind::folder || !sets_them || !action.properties) return std::nullopt;
  return Preconditions::Rights{.mode = action.properties->mode,
                               .uid = action.properties->uid,
                               .gid = action.properties->gid};
}

}  // namespace

std::string packed(const PlanStep& step) {
  const Preconditions& given = step.action.given;
  Packer packer;
  packer.put(step.action.verb);
  packer.put(!step.action.link_of.empty());
  packer.put_if(given.source);
  packer.put_if(given.destination);
  packer.put_if(given.exchanged);
  packer.put(folder_of(given.folder, step.in));
  packer.put_if(rights_of(step.action));
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
  unpacker.take_if(step.rights);
  return step;
}

}  // namespace syncline::applying
