// SPDX-License-Identifier: MIT
#include "taking_back/bring_back.h"

#include "filesystem/ancestors.h"
#include "filesystem/atomic_file.h"
#include "filesystem/own_names.h"
#include "filesystem/paths.h"
#include "filesystem/process.h"
#include "filesystem/system_error.h"
#include "kept/recording.h"
#include "model/metadata.h"
#include "pass/failures.h"
#include "pass/record.h"
#include "taking_back/metadata.h"
#include "taking_back/old_tree.h"
#include "taking_back/versions.h"

#include "syncline/pass_name.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <utility>

namespace syncline::engine {
namespace {

using filesystem::Directory;
using filesystem::SystemError;
using Handle = kept::Store::Handle;
using Node = OldTree::Node;
using std::chrono::system_clock;

// Between two slices a stop request is heeded.
constexpr std::uint64_t slice_bytes = 16U << 20U;

/// What a node is by now, as it was then.
struct Found {
  Handle folder;  ///< nullptr: a folder that is gone
  std::string name;
  Entry entry;
};

// As far as can be seen without reading it.
bool is_alike(const Entry& there, const Entry& wanted) {
  return there.kind == wanted.kind && there.target == wanted.target &&
         (there.kind != Kind::file || there.identity.size == wanted.identity.size) &&
         there.identity.mtime == wanted.identity.mtime;
}

class Bringer {
 public:
  Bringer(const BringBack& options, const KeptReplica& replica, Recorder& recorder,
          const std::stop_token& stop)
      : options_(options), replica_(replica), recorder_(recorder), stop_(stop) {}

  /// `node`, which had that name, comes to `into`. `all`: with what is in it.
  void bring(const Node& node, const Handle& into, const std::string& name, const std::string& path,
             bool all) {
    try {
      const auto found = find(node);
      if (!found) return;
      if (found->entry.kind == Kind::folder)
        bring_folder(node, *found, into, name, path, all);
      else
        bring_one(*found, into, name, path);
    } catch (const SystemError& error) {
      recorder_.record(failure_of(shown_path(path), error));
    } catch (const Refused& error) {
      recorder_.record(error.failure(shown_path(path)));
    }
  }

  /// What had `path`, with the folders on the way to it.
  void bring_path(OldTree& tree, Handle into, const std::string& path) {
    const auto names = filesystem::names_in(path);
    if (names.empty()) {
      const Node& root = tree.at(path);
      return bring_content(root, *find(root), into, path);
    }
    std::string at;
    for (std::size_t i = 0; i + 1 < names.size(); ++i) {
      at += (at.empty() ? "" : "/") + names[i];
      bring(tree.at(at), into, names[i], at, false);
      into = open_below(into, names[i]);
      if (!into && !options_.dry_run) return;  // which was told
    }
    bring(tree.at(path), into, names.back(), path, true);
  }

  /// nullopt: there was no such entry.
  [[nodiscard]] std::optional<Found> find(const Node& node) const {
    switch (node.is) {
      case Node::Is::nothing:
        return std::nullopt;
      case Node::Is::removed:
        return Found{.folder = nullptr, .name = {}, .entry = *node.metadata};
      case Node::Is::kept:
        return look(node, replica_.store->folder_of(node.item, node.items),
                    kept::Store::name_of(node.item));
      case Node::Is::there:
        break;
    }
    const auto [parent, name] = filesystem::split_path(node.path);
    return look(node, kept::open_beneath(replica_.root, parent == "." ? "" : parent), name);
  }

  /// The folder that an open one is in the replica.
  [[nodiscard]] Handle open(const Node& node, const Found& found) const {
    if (node.is != Node::Is::there) return nullptr;
    if (node.path.empty()) return replica_.root;
    return std::make_shared<const Directory>(found.folder->open_folder(found.name));
  }

 private:
  [[nodiscard]] std::optional<Found> look(const Node& node, const Handle& folder,
                                          const std::string& name) const {
    if (!folder) return std::nullopt;
    const bool is_root = node.is == Node::Is::there && node.path.empty();
    auto entry = is_root ? std::optional{folder->look()} : folder->look(name);
    if (!entry) return std::nullopt;
    entry->attributes = is_root ? folder->attributes() : folder->attributes(name);
    if (node.metadata && node.metadata->kind == entry->kind) {
      const Identity identity = entry->identity;
      const std::uint32_t links = entry->links;
      entry = node.metadata;
      const Timestamp mtime = entry->identity.mtime;
      entry->identity = identity;
      entry->identity.mtime = mtime;
      entry->links = links;
    }
    return Found{.folder = folder, .name = name, .entry = *std::move(entry)};
  }

  // A piece costs only itself.
  void tell_refused(const std::string& path, const filesystem::Refusal& refusal) {
    try {
      require_set(refusal);
    } catch (const SystemError& error) {
      recorder_.record(failure_of(shown_path(path), error));
    }
  }

  static Handle open_below(const Handle& folder, const std::string& name) {
    return folder ? kept::open_beneath(folder, name) : nullptr;
  }

  void tell(Verb verb, const Entry& entry, const std::string& path, std::string link_of = {}) {
    recorder_.record(Action{.verb = verb,
                            .kind = entry.kind,
                            .path = shown_path(path),
                            .reason = {ReasonCode::taken_back},
                            .bytes = link_of.empty() ? content_bytes(entry) : 0,
                            .digest = {},
                            .properties = properties_of(entry),
                            .target = entry.target,
                            .link_of = shown_path(std::move(link_of))});
  }

  void bring_folder(const Node& node, const Found& found, const Handle& into,
                    const std::string& name, const std::string& path, bool all) {
    const auto there = into ? into->look(name) : std::nullopt;
    if (there && there->kind != Kind::folder) throw Refused(FailureCode::in_the_way);
    if (!there) {
      if (!options_.dry_run) into->make_folder(name);
      tell(Verb::create, found.entry, path);
    }
    const bool is_only_told = !there && options_.dry_run;
    const Handle made =
        is_only_told ? nullptr : std::make_shared<const Directory>(into->open_folder(name));
    if (all) bring_content(node, found, made, path);
    if (made && !options_.dry_run && (!there || (all && options_.overwrite))) {
      Entry now = made->look();
      now.attributes = made->attributes();
      tell_refused(path, made->set_metadata(found.entry, what_differs(found.entry, now)));
    }
  }

  void bring_content(const Node& node, const Found& found, const Handle& into,
                     const std::string& path) {
    const auto below = [&](const std::string& name) {
      return path.empty() ? name : path + '/' + name;
    };
    for (const auto& [name, child] : node.children) {
      if (stop_.stop_requested()) return;
      bring(*child, into, name, below(name), true);
    }
    const Handle here = open(node, found);
    if (!here) return;
    const auto names = here->list_again();
    for (std::size_t i = 0; i < names.size() && !stop_.stop_requested(); ++i) {
      const std::string name{names[i]};
      if (node.children.contains(name) || name == filesystem::reserved_name ||
          filesystem::is_temporary_name(name))
        continue;
      Node child;
      child.path = node.path.empty() ? name : node.path + '/' + name;
      bring(child, into, name, below(name), true);
    }
  }

  void bring_one(const Found& found, const Handle& into, const std::string& name,
                 const std::string& path) {
    const auto there = into ? into->look(name) : std::nullopt;
    if (there && is_alike(*there, found.entry)) return;
    if (there && (!options_.overwrite || there->kind == Kind::folder))
      throw Refused(FailureCode::in_the_way);
    const Verb verb = there ? Verb::update : Verb::create;
    if (options_.dry_run) return tell(verb, found.entry, path);
    const auto led = leaders_.find(found.entry.identity.id);
    const bool is_linked = led != leaders_.end() && found.entry.links > 1;
    const std::string temporary =
        is_linked ? link_to(led->second, *into) : make_beside(found, into, path);
    if (there)
      into->rename(temporary, name);
    else
      into->rename_to_new(temporary, name);
    if (!is_linked && found.entry.links > 1) leaders_[found.entry.identity.id] = {into, name, path};
    tell(verb, found.entry, path, is_linked ? led->second.path : std::string{});
  }

  struct Leader {
    Handle folder;
    std::string name;
    std::string path;
  };

  static std::string link_to(const Leader& leader, const Directory& into) {
    std::string temporary = filesystem::temporary_name();
    leader.folder->link(leader.name, into, temporary);
    return temporary;
  }

  std::string make_beside(const Found& found, const Handle& into, const std::string& path) {
    if (found.entry.kind == Kind::file) return copy(found, into, path);
    std::string temporary = filesystem::temporary_name();
    if (found.entry.kind == Kind::symlink)
      into->make_symlink(temporary, found.entry.target);
    else
      into->make_special(temporary, found.entry);
    Entry made = into->look(temporary).value_or(found.entry);
    made.attributes = into->attributes(temporary);
    tell_refused(
        path,
        into->set_metadata(temporary, made, found.entry, what_differs(found.entry, made)).refusal);
    return temporary;
  }

  // Read as it is on the disk, and flushed before it has its name.
  std::string copy(const Found& found, const Handle& into, const std::string& path) {
    const auto from = found.folder->open_file(found.name);
    filesystem::AtomicFile atomic{into};
    filesystem::File& made = atomic.file();
    const std::uint64_t size = found.entry.identity.size;
    if (!made.clone_from(from)) {
      for (std::uint64_t at = 0; at < size;) {
        const auto data = from.data_in(at, size);
        if (!data) break;
        for (at = data->begin; at < data->end;) {
          if (stop_.stop_requested()) throw SystemError("copy", found.name, ECANCELED);
          const std::uint64_t bytes = std::min(slice_bytes, data->end - at);
          made.copy_from(from, at, bytes);
          at += bytes;
        }
      }
      made.resize(size);
    }
    Entry now = made.look();
    now.attributes = made.attributes();
    tell_refused(path, made.set_metadata(found.entry, what_differs(found.entry, now)));
    made.flush();
    return atomic.finish();
  }

  const BringBack& options_;
  const KeptReplica& replica_;
  Recorder& recorder_;
  const std::stop_token& stop_;
  std::map<FileId, Leader> leaders_;
};

std::int64_t seconds_of(system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

// How many of the newest passes are taken back: all that began later, or up to the last one that
// changed it.
std::vector<kept::PassRow> since(const BringBack& options, kept::Journal& journal,
                                 const std::string& path) {
  std::vector<kept::PassRow> passes = journal.passes();
  if (options.to) {
    std::erase_if(
        passes, [&](const kept::PassRow& pass) { return pass.began_s <= seconds_of(*options.to); });
    return passes;
  }
  const auto touches = [&](const kept::PassRow& pass) {
    return pass.undone_by == 0 && (!pass.is_undo || pass.does_again) &&
           changes(journal, pass, path);
  };
  const auto last = std::ranges::find_if(passes, touches);
  if (last == passes.end()) return {};
  passes.erase(last + 1, passes.end());
  return passes;
}

Handle open_target(const BringBack& options, const Directory& root) {
  try {
    auto into = std::make_shared<const Directory>(Directory::open_root(options.into));
    if (filesystem::lies_within(*into, root))
      throw Unusable(Status::root_unusable, {.code = RefusalCode::destination_in_source,
                                             .path = options.into,
                                             .other = options.place.destination});
    return into;
  } catch (const SystemError& error) {
    throw Unusable(Status::root_unusable, {.code = RefusalCode::roots_unusable,
                                           .path = options.into,
                                           .operation = error.operation(),
                                           .error_number = error.error_number()});
  }
}

}  // namespace

Summary bring_back(const BringBack& options, const KeptReplica& replica, kept::Journal& journal,
                   Observer& observer, const std::stop_token& stop) {
  const auto started = std::chrono::steady_clock::now();
  const std::string path = plain_path(options.path);
  Handle into = open_target(options, *replica.root);
  OldTree tree{[&](const kept::Item& item, const std::string& items) {
                 const Handle folder = replica.store->folder_of(item, items);
                 return folder && folder->look(kept::Store::name_of(item)).has_value();
               },
               [&](const std::string& at) -> std::optional<Entry> {
                 const auto [parent, name] = filesystem::split_path(at);
                 const Handle folder =
                     kept::open_beneath(replica.root, parent == "." ? "" : parent);
                 return folder ? folder->look(name) : std::nullopt;
               }};
  for (const kept::PassRow& pass : since(options, journal, path)) tree.take_back(journal, pass);
  Recorder recorder{observer};
  Bringer bringer{options, replica, recorder, stop};
  const Node& wanted = tree.at(path);
  if (!bringer.find(wanted))
    throw Unusable(Status::root_unusable,
                   {.code = RefusalCode::no_such_version, .path = options.path});
  bringer.bring_path(tree, into, path);
  Summary summary = recorder.summary();
  summary.name = pass_name(system_clock::now());
  summary.dry_run = options.dry_run;
  summary.stopped = stop.stop_requested();
  summary.elapsed = std::chrono::steady_clock::now() - started;
  return summary;
}

}  // namespace syncline::engine
