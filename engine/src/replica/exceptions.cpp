// SPDX-License-Identifier: MIT
#include "replica/exceptions.h"

#include "filesystem/process.h"
#include "md5/sha256.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace syncline::engine {
namespace {

constexpr std::array pieces = {Aspect::owner,       Aspect::group,      Aspect::mode,
                               Aspect::mtime,       Aspect::attributes, Aspect::acl,
                               Aspect::capabilities};

bool& in(MetadataChange& change, Aspect aspect) {
  switch (aspect) {
    case Aspect::owner:
      return change.owner;
    case Aspect::group:
      return change.group;
    case Aspect::mode:
      return change.mode;
    case Aspect::mtime:
      return change.mtime;
    case Aspect::attributes:
      return change.attributes;
    case Aspect::acl:
      return change.acl;
    default:
      return change.capabilities;
  }
}

std::string octal(std::uint32_t mode) {
  char text[16];
  std::snprintf(text, sizeof text, "%04o", mode);
  return text;
}

std::string moment(const Timestamp& time) {
  char text[48];
  std::snprintf(text, sizeof text, "%lld.%09u", static_cast<long long>(time.seconds),
                static_cast<unsigned>(time.nanoseconds));
  return text;
}

// What a whole file system may lack of an aspect, by the word for it that is remembered as what was
// asked, and the flag.
struct Lack {
  Aspect aspect;
  std::string_view what;
  std::atomic<bool> Unheld::*flag;
};
constexpr std::array lacks = {Lack{Aspect::owner, "any", &Unheld::owner},
                              Lack{Aspect::group, "any", &Unheld::group},
                              Lack{Aspect::mode, "any", &Unheld::mode},
                              Lack{Aspect::attributes, "user", &Unheld::user_attributes},
                              Lack{Aspect::attributes, "trusted", &Unheld::trusted_attributes},
                              Lack{Aspect::acl, "any", &Unheld::acl},
                              Lack{Aspect::capabilities, "any", &Unheld::capabilities}};

// One piece for each aspect.
std::vector<Untaken> whole_pieces(const Unheld& unheld, const std::string& mount) {
  std::vector<Untaken> whole;
  for (const Lack& lack : lacks) {
    if (!(unheld.*lack.flag)) continue;
    if (whole.empty() || whole.back().aspect != lack.aspect)
      whole.push_back({.aspect = lack.aspect, .asked = std::string{lack.what}, .there = mount});
    else
      whole.back().asked.append(1, ' ').append(lack.what);
  }
  return whole;
}

// Its number alone is another mount's after the next start of the machine, when they are counted
// anew.
std::optional<std::string> mount_of(const filesystem::Directory& folder) {
  static const std::string boot = filesystem::boot_id();
  const auto number = folder.mount_number();
  if (!number || boot.empty()) return std::nullopt;
  return "mount " + std::to_string(*number) + " of boot " + boot;
}

Exception nothing_taken_by(std::uint32_t user) {
  return {.pieces = {}, .user = user, .ctime = {}, .refused_by = {}};
}

bool begins_file_system(Folder& folder) {
  const auto device = [](Folder& of) { return of.there.id.device; };
  return !folder.parent || device(*folder.parent) != device(folder);
}

std::string kind_of(const Entry& entry) {
  std::string text = to_string(entry.kind);
  if (entry.kind == Kind::symlink) return text + " to " + entry.target;
  return entry.rdev == 0 ? text : text + ' ' + std::to_string(entry.rdev);
}

Aspect aspect_of(AttributeClass which) {
  if (which == AttributeClass::acl) return Aspect::acl;
  return which == AttributeClass::capability ? Aspect::capabilities : Aspect::attributes;
}

// SHA-256 of names and values, each behind its length: who sets them must not find two that are
// one.
std::string digest_of(const Attributes& attributes, Aspect aspect) {
  std::string bytes;
  const auto add = [&](const std::string& part) {
    bytes += std::to_string(part.size()) + ':' + part;
  };
  for (const Attribute& attribute : attributes) {
    if (aspect_of(class_of(attribute.name)) != aspect) continue;
    add(attribute.name);
    add(attribute.value);
  }
  if (bytes.empty()) return "none";
  std::string text;
  for (const std::byte byte : md5::sha256_of(std::as_bytes(std::span{bytes}))) {
    constexpr const char* digits = "0123456789abcdef";
    text += digits[std::to_integer<unsigned>(byte) >> 4U];
    text += digits[std::to_integer<unsigned>(byte) & 15U];
  }
  return text;
}

// The ctime of an inode of many names moves with each of them.
std::string lasting_ctime(const Entry& entry) {
  const bool has_one_name = entry.kind == Kind::folder || entry.links == 1;
  return has_one_name ? moment(entry.identity.ctime) : std::string{};
}

}  // namespace

std::string piece_of(const Entry& entry, Aspect aspect) {
  switch (aspect) {
    case Aspect::owner:
      return std::to_string(entry.uid);
    case Aspect::group:
      return std::to_string(entry.gid);
    case Aspect::mode:
      return octal(entry.mode);
    case Aspect::mtime:
      return moment(entry.identity.mtime);
    default:
      return digest_of(entry.attributes, aspect);
  }
}

Means excusing(Means means, const Exception* known, const Entry& source, const Entry& destination) {
  if (known == nullptr || known->user != means.user.user) return means;
  const bool is_weak = means.holds.stamps != IdentityRule::everything;
  if (!known->ctime.empty() && !is_weak && known->ctime != lasting_ctime(destination)) return means;
  Entry want = source;
  for (const Untaken& piece : known->pieces) {
    if (piece.aspect == Aspect::mode)
      want.mode = mode_without(
          source, source.uid != destination.uid && !difference(source, destination, means).owner,
          source.gid != destination.gid && !difference(source, destination, means).group);
    if (piece.asked == piece_of(want, piece.aspect) &&
        piece.there == piece_of(destination, piece.aspect))
      in(means.excused, piece.aspect) = true;
  }
  return means;
}

ExceptionRef exception_of(const Exception* known, MetadataChange excused, MetadataChange lost,
                          const Entry& want, const Entry& now, std::uint32_t user,
                          bool is_want_of_right) {
  Exception exception = nothing_taken_by(user);
  if (known != nullptr)
    for (const Untaken& piece : known->pieces)
      if (in(excused, piece.aspect)) exception.pieces.push_back(piece);
  const bool keeps_ctime = known != nullptr && !known->ctime.empty() && !exception.pieces.empty();
  for (const Aspect aspect : pieces)
    if (in(lost, aspect))
      exception.pieces.push_back(
          {.aspect = aspect, .asked = piece_of(want, aspect), .there = piece_of(now, aspect)});
  if (exception.pieces.empty()) return nullptr;
  std::ranges::sort(exception.pieces, {}, &Untaken::aspect);
  if (is_want_of_right || keeps_ctime) exception.ctime = lasting_ctime(now);
  return std::make_shared<const Exception>(std::move(exception));
}

Aspect aspect_of(Kind kind) {
  return kind == Kind::symlink ? Aspect::symlink : Aspect::special_file;
}

ExceptionRef unmade(const Entry& source, const std::optional<Entry>& destination,
                    std::uint32_t user) {
  return std::make_shared<const Exception>(
      Exception{.pieces = {{.aspect = aspect_of(source.kind),
                            .asked = kind_of(source),
                            .there = destination ? to_string(destination->kind) : "nothing"}},
                .user = user,
                .ctime = {},
                .refused_by = {}});
}

bool is_unmade(const Exception* known, const Entry& source, const std::optional<Entry>& destination,
               std::uint32_t user) {
  return known != nullptr && *known == *unmade(source, destination, user);
}

std::uint64_t lasting_number(Folder& folder, FileId id) {
  const bool lasts = folder.there.stamping.is_strong();
  return lasts ? id.inode : index::any_inode;
}

ExceptionRef note_apart(const Pass& pass, Folder& folder, const std::string& name,
                        const ExceptionRef& exception, FileId destination, std::uint64_t others,
                        std::vector<index::Edit>& edits) {
  const std::uint32_t user = pass.terms.privileges.user;
  Exception all = exception && exception->user == user ? *exception : nothing_taken_by(user);
  std::erase_if(all.pieces, [](const Untaken& piece) { return piece.aspect == Aspect::hard_link; });
  all.pieces.push_back({.aspect = Aspect::hard_link,
                        .asked = std::to_string(others),
                        .there = std::to_string(lasting_number(folder, destination))});
  auto noted = std::make_shared<const Exception>(std::move(all));
  note_exception(folder.row.key, name, exception.get(), noted, edits);
  return noted;
}

std::optional<std::uint64_t> apart_from(const Pass& pass, Folder& folder, const Exception* known,
                                        const Entry& destination) {
  if (known == nullptr || known->user != pass.terms.privileges.user) return std::nullopt;
  for (const Untaken& piece : known->pieces)
    if (piece.aspect == Aspect::hard_link &&
        piece.there == std::to_string(lasting_number(folder, destination.identity.id)))
      return std::strtoull(piece.asked.c_str(), nullptr, 10);
  return std::nullopt;
}

ExceptionRef refused_name(const filesystem::Directory& folder, std::uint32_t user) {
  const auto mount = mount_of(folder);
  if (!mount) return nullptr;
  return std::make_shared<const Exception>(
      Exception{.pieces = {}, .user = user, .ctime = {}, .refused_by = *mount});
}

bool is_refused_name(const Exception* known, const filesystem::Directory& folder) {
  if (known == nullptr || known->refused_by.empty()) return false;
  return known->refused_by == mount_of(folder);
}

ExceptionRef with_file_system(Pass& pass, Folder& folder, const ExceptionRef& exception) {
  const auto& unheld = folder.there.unheld;
  const auto is_lacking = [&](const Lack& lack) { return ((*unheld).*lack.flag).load(); };
  if (!unheld || !begins_file_system(folder) || std::ranges::none_of(lacks, is_lacking))
    return exception;
  const auto mount = mount_of(*pass.handles.get(folder));
  if (!mount) return exception;
  Exception whole = exception ? *exception : nothing_taken_by(pass.terms.privileges.user);
  for (Untaken& lacking : whole_pieces(*unheld, *mount)) {
    std::erase_if(whole.pieces,
                  [&](const Untaken& piece) { return piece.aspect == lacking.aspect; });
    whole.pieces.push_back(std::move(lacking));
  }
  std::ranges::sort(whole.pieces, {}, &Untaken::aspect);
  return std::make_shared<const Exception>(std::move(whole));
}

void recall_file_system(const Pass& pass, const Exception* known,
                        const filesystem::Directory& opened, Unheld& unheld) {
  if (known == nullptr || known->user != pass.terms.privileges.user) return;
  const auto mount = mount_of(opened);
  if (!mount) return;
  for (const Untaken& piece : known->pieces)
    for (const Lack& lack : lacks)
      if (piece.aspect == lack.aspect && piece.there == mount &&
          piece.asked.find(lack.what) != std::string::npos)
        unheld.*lack.flag = true;
}

void note_exception(index::RowKey folder, const std::string& name, const Exception* known,
                    const ExceptionRef& now, std::vector<index::Edit>& edits) {
  if (folder == index::no_row || (known == nullptr && !now)) return;
  if (known != nullptr && now && *known == *now) return;
  edits.emplace_back(index::edit::PutException{.folder = folder, .name = name, .what = now});
}

}  // namespace syncline::engine
