// SPDX-License-Identifier: MIT
#include "tell/json_observer.h"

#include "tell/failure_words.h"
#include "tell/held_words.h"
#include "tell/json_lines.h"
#include "tell/notice_words.h"
#include "tell/reason_words.h"
#include "tell/refusal_words.h"
#include "tell/summary.h"
#include "text/escape.h"
#include "text/exit_status.h"
#include "text/units.h"
#include "text/utc_time.h"

#include "syncline/pass_name.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <variant>

namespace syncline::cli {
namespace {

Json json_of(const Tally& tally) {
  return {{"entries", tally.entries}, {"bytes", tally.bytes}};
}

Json names_of(const Difference& is) {
  Json names = Json::array();
  const auto add = [&](bool differs, const char* name) {
    if (differs) names.push_back(name);
  };
  add(is.content, "content");
  add(is.size, "size");
  add(is.mtime, "mtime");
  add(is.mode, "mode");
  add(is.owner, "owner");
  add(is.group, "group");
  add(is.acl, "acl");
  add(is.attributes, "attributes");
  return names;
}

const char* name_of(FailureKind kind) {
  switch (kind) {
    case FailureKind::error:
      return "error";
    case FailureKind::vanished:
      return "vanished";
    case FailureKind::changed:
      return "changed";
    case FailureKind::left:
      return "left";
    case FailureKind::rot:
      return "rot";
    case FailureKind::unverified:
      return "unverified";
    case FailureKind::doubt:
      return "doubt";
  }
  return "";
}

Json json_of(const Failure& failure) {
  Json object{{"kind", name_of(failure.kind)}};
  put_bytes(object, "path", failure.path.whole());
  object["message"] = one_line(failure_words(failure));
  object["code"] = to_string(failure.code);
  if (!failure.operation.empty()) object["operation"] = one_line(failure.operation);
  if (failure.error_number != 0) {
    object["errno"] = failure.error_number;
    const char* const name = ::strerrorname_np(failure.error_number);
    if (name != nullptr) object["errno_name"] = name;
  }
  return object;
}

struct Writer {
  bool dry_run;

  void operator()(const Action& action) const {
    Json object{{"type", "action"},
                {"dry_run", dry_run},
                {"verb", to_string(action.verb)},
                {"kind", to_string(action.kind)}};
    put_bytes(object, "path", action.path.whole());
    object["reason"] = one_line(reason_words(action));
    object["code"] = to_string(action.reason.code);
    object["bytes"] = action.bytes;
    object["differs"] = names_of(action.difference);
    if (action.replaced) object["replaced"] = to_string(*action.replaced);
    if (!action.target.empty()) put_bytes(object, "target", action.target);
    if (!action.link_of.empty()) put_bytes(object, "link_of", action.link_of.whole());
    if (!action.moved_from.empty()) put_bytes(object, "moved_from", action.moved_from.whole());
    if (action.digest) object["digest"] = to_string(*action.digest);
    if (action.properties) {
      object["size"] = action.properties->size;
      object["mtime"] = rfc3339(action.properties->mtime);
      object["mode"] = action.properties->mode;
      object["uid"] = action.properties->uid;
      object["gid"] = action.properties->gid;
    }
    say_json(object);
  }
  void operator()(const Failure& failure) const {
    Json object{{"type", "error"}};
    object.update(json_of(failure));
    say_json(object);
  }
  void operator()(const Notice& notice) const {
    Json object{{"type", "notice"}};
    if (!notice.path.empty()) put_bytes(object, "path", notice.path.whole());
    object["message"] = one_line(notice_words(notice));
    object["code"] = to_string(notice.code);
    say_json(object);
  }
  void operator()(const Proof& proof) const {
    Json object{{"type", "proof"}};
    put_bytes(object, "path", proof.path.whole());
    object["reason"] = reason_words(proof.reason);
    object["code"] = to_string(proof.reason.code);
    object["bytes"] = proof.bytes;
    object["digest"] = to_string(proof.digest);
    say_json(object);
  }
};

Json json_of(const ReadReasons& why) {
  return {{"unknown", json_of(why.unknown)},
          {"source_moved", json_of(why.source_moved)},
          {"destination_moved", json_of(why.destination_moved)},
          {"both_moved", json_of(why.both_moved)},
          {"unsure", json_of(why.unsure)},
          {"asked", json_of(why.asked)}};
}

Json unkept_in(const Summary& summary) {
  Json all = Json::array();
  for (const Unkept& unkept : summary.unkept) {
    Json object{{"aspect", to_string(unkept.aspect)}, {"entries", unkept.entries}};
    put_bytes(object, "example", unkept.example);
    all.push_back(std::move(object));
  }
  return all;
}

Json failures_in(const Summary& summary) {
  Json all = Json::array();
  for (const Failure& failure : summary.first_failures) all.push_back(json_of(failure));
  return all;
}

}  // namespace

void JsonObserver::on_event(const Event& event) {
  std::visit(Writer{dry_run_}, event);
}

void JsonObserver::pass_began(const Options& options) {
  dry_run_ = options.dry_run;
  keeps_ = options.undo.has_value();
  const bool is_mirror = !options.source.empty();
  pass_ = is_mirror ? pass_name(*options.began) : "";
  Json object{{"type", "start"}, {"schema", json_schema}, {"version", version()}, {"verb", verb_}};
  if (is_mirror) object["pass"] = pass_;
  object["time"] = rfc3339(to_timestamp(*options.began));
  object["dry_run"] = dry_run_;
  if (is_mirror) object["undo"] = keeps_;
  if (is_mirror) put_bytes(object, "source", options.source);
  put_bytes(object, "destination", options.destination);
  say_json_now(object);
}

void JsonObserver::pass_ended(const Summary& s) {
  Json object{{"type", "summary"},
              {"pass", pass_.empty() ? s.name : pass_},
              {"status", static_cast<int>(exit_status(s, tells_differences_))},
              {"dry_run", s.dry_run},
              {"stopped", s.stopped},
              {"seconds", to_seconds(s.elapsed)},
              {"source", json_of(s.source)},
              {"destination", json_of(s.destination)},
              {"created", json_of(s.created)},
              {"updated", json_of(s.updated)},
              {"moved", json_of(s.moved)},
              {"moved_folders", s.moved_folders},
              {"metadata_set", s.metadata_set},
              {"removed", json_of(s.removed)},
              {"cleaned", s.cleaned},
              {"proved_unread", json_of(s.standing)},
              {"proved_equal", json_of(s.proved)},
              {"unproven", json_of(s.unproven)},
              {"to_compare", json_of(s.to_compare)},
              {"to_be_read_again", json_of(s.again)},
              {"read_because", json_of(s.read_because)},
              {"ctime_moved", s.ctime_moved},
              {"silently_changed", s.silent},
              {"doubtful", s.doubtful},
              {"repaired", s.repaired},
              {"bytes_read", s.bytes_read},
              {"bytes_written", s.bytes_written},
              {"bytes_hashed", s.bytes_hashed},
              {"failures", s.failures},
              {"moved_while_read", s.source_moved},
              {"suspect", s.suspect},
              {"left", s.left},
              {"first_failures", failures_in(s)},
              {"unkept", unkept_in(s)},
              {"deletions_wanted", json_of(s.deletions_wanted)}};
  if (s.given_up) {
    object["given_up"] = one_line(refusal_words(*s.given_up));
    object["given_up_code"] = to_string(s.given_up->code);
  }
  if (s.deletions_held) {
    object["deletions_held"] = one_line(held_words(*s.deletions_held, keeps_));
    object["deletions_held_code"] = to_string(s.deletions_held->code);
  }
  if (!s.index.empty()) {
    put_bytes(object, "index", s.index);
    object["index_bytes"] = s.index_bytes;
  }
  say_json_now(object);
}

void JsonObserver::pass_failed(Status status, const Refusal& why) {
  Json object{{"type", "failed"}};
  if (!pass_.empty()) object["pass"] = pass_;
  object["status"] = static_cast<int>(status);
  object["message"] = one_line(refusal_words(why));
  object["code"] = to_string(why.code);
  if (why.allowance != Allowance::nothing) object["allowance"] = to_string(why.allowance);
  say_json_now(object);
}

void say_progress_as_json(const Headway& headway) {
  const Progress& now = headway.now;
  Json object{{"type", "progress"},
              {"stage", to_string(now.stage)},
              {"seconds", to_seconds(now.elapsed)},
              {"found", json_of(now.source)},
              {"work", json_of(now.work)},
              {"done", json_of(now.done)},
              {"to_secure", now.to_secure},
              {"secured", now.secured},
              {"removed", json_of(now.removed)},
              {"bytes_written", now.bytes_written},
              {"failures", now.failures},
              {"bytes_per_second", headway.bytes_per_s}};
  if (now.expected) object["expected"] = json_of(*now.expected);
  if (headway.part) object["part"] = *headway.part;
  if (headway.left) object["seconds_left"] = headway.left->count();
  if (headway.part || headway.left) object["is_estimate"] = headway.is_estimate;
  say_json_now(object);
}

}  // namespace syncline::cli
