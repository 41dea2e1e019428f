// SPDX-License-Identifier: MIT
#include "flow/pipeline.h"

#include "flow/content_stages.h"
#include "flow/deferred_stages.h"
#include "flow/graph.h"
#include "flow/settling.h"
#include "flow/walk_stages.h"

#include <stop_token>
#include <variant>
#include <vector>

namespace syncline {

using namespace engine;

class Pipeline::Stages : public Bodies {
 public:
  Stages(const Passes& passes, Workers workers)
      : graph_(passes, workers, buffer_bytes(workers), *this),
        settling_(graph_),
        content_(passes, graph_, settling_, workers),
        walk_(passes, graph_, settling_, content_, workers),
        deferred_(graph_, walk_) {}

  void walk(const std::vector<FolderRef>& roots) {
    walk_.walk(roots);
    for (const FolderRef& root : roots) walk_.walk_extraneous(root);
  }

  void finish_deferred(const FolderRef& root, bool allowed) { deferred_.finish(root, allowed); }

  void flush(Folder& root) {
    root.pass->books.stage = Stage::flushing;
    std::vector<Event> events;
    content_.flush(root, events);
    Graph::tell(*root.pass, events);
  }

 private:
  void perform(const Work& work) override {
    std::visit(
        [&](auto& job) {
          if constexpr (requires { walk_.perform(work, job); })
            walk_.perform(work, job);
          else if constexpr (requires { content_.perform(work, job); })
            content_.perform(work, job);
          else
            deferred_.perform(work, job);
        },
        *work.job);
  }
  void hash(Hashable& what) override {
    std::visit([&](auto& content) { content_.hash_and_hand_on(content); }, what);
  }
  std::vector<Work> take_rest() override { return content_.take_rest(); }
  bool do_what_is_due(const std::stop_token& over) override { return content_.publish_due(over); }
  [[nodiscard]] bool at_rest() const override { return content_.at_rest(); }

  Graph graph_;
  Settling settling_;
  ContentStages content_;
  WalkStages walk_;
  DeferredStages deferred_;
};

Pipeline::Pipeline(const Passes& passes, Workers workers)
    : stages_(std::make_unique<Stages>(passes, workers)) {}

Pipeline::~Pipeline() = default;

void Pipeline::walk(const std::vector<FolderRef>& roots) {
  stages_->walk(roots);
}

void Pipeline::finish_deferred(const FolderRef& root, bool allowed) {
  stages_->finish_deferred(root, allowed);
}

void Pipeline::flush(const FolderRef& root) {
  stages_->flush(*root);
}

}  // namespace syncline
