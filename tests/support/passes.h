// One pass with all that it told, checked for what holds of every pass.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "syncline/mirror.h"

#include <atomic>
#include <functional>
#include <iosfwd>
#include <optional>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace syncline {

/// As GoogleTest shows it.
void PrintTo(Status status, std::ostream* out);

namespace test {

/// Keeps every event; fails the test if two arrive at the same time or one after the pass.
class Recorder : public Observer {
 public:
  /// `hook` runs after each event was kept, on the thread that brought it.
  explicit Recorder(std::function<void(const Event&)> hook = {});

  void on_event(const Event& event) override;
  void pass_ended() { ended_ = true; }

  std::vector<Action> actions;
  std::vector<Failure> failures;
  std::vector<Notice> notices;
  std::vector<Proof> proofs;

 private:
  std::function<void(const Event&)> hook_;
  std::atomic<bool> in_use_ = false;
  std::atomic<bool> ended_ = false;
};

struct Pass {
  Summary summary;
  std::vector<Action> actions;
  std::vector<Failure> failures;
  std::vector<Notice> notices;
  std::vector<Proof> proofs;

  [[nodiscard]] Status status() const { return summary.status(); }
  [[nodiscard]] std::vector<std::string> paths(Verb verb) const;  ///< sorted
  [[nodiscard]] const Action* action_at(const std::string& path) const;
};

/// All of it in one line, without the words that a front end has for it.
std::string in_codes(const Failure& failure);

/// Runs a pass and checks that events and summary tell the same story.
Pass run_pass(const Options& options, const std::function<void(const Event&)>& hook = {},
              const std::stop_token& stop = {});

// A first contact, and what it may not delete, has tests of its own. So everywhere else two roots
// that never met have the allowance of those that have (Options::free_at_first).

/// Runs a pass that must end well.
Pass run_ok(const Options& options);
Pass mirror_ok(const std::string& source, const std::string& destination, Options options = {});

/// What the pass was refused with, or nothing if it ran.
std::optional<Status> refusal(const Options& options);

/// What it was refused with, in codes (Refusal::in_codes()); empty if it ran.
std::string why_refused(const Options& options);

/// Options for the two roots, everything else as it comes.
Options between(const std::string& source, const std::string& destination);

/// Options with one thing asked for.
template <typename Value>
Options with(Value Options::*what, std::type_identity_t<Value> value) {
  Options options;
  options.*what = std::move(value);
  return options;
}

/// All temporaries below `root` that a pass should have removed.
std::vector<std::string> temporaries_in(const std::string& root);

}  // namespace test
}  // namespace syncline
