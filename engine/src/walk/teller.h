// The sink that only tells of steps, and touches nothing. What is there after them is seen as it
// would be.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "content/transfer.h"
#include "pass/pass.h"
#include "pass/step_sink.h"
#include "pass/told_names.h"

#include "syncline/event.h"

#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace syncline::engine {

/// What would be done with one file, as far as that can be told without reading it.
void tell_of_file(Pass& pass, const FileTask& task, std::vector<Event>& events);

class Teller final : public StepSink {
 public:
  /// Of a pass whose folders have not been opened yet.
  explicit Teller(Pass& pass);

  [[nodiscard]] bool only_tells() const override { return true; }

  Handles::View see(Handles::View root) override;
  Handles::View see(const Entry& root_to_be) override;

  void make_folder(Folder& folder) override;
  bool move_file(const filesystem::OpenFolder& from, const std::string& name, Folder& into,
                 const std::string& to, bool exchanges) override;
  void move_file_back(const filesystem::OpenFolder& from, const std::string& name,
                      const filesystem::OpenFolder& into, const std::string& to) override;
  bool move_folder(const filesystem::OpenFolder& from, const std::string& name, const Entry& found,
                   Folder& folder, bool exchanges) override;
  void respell(Folder& folder, const std::string& name, const std::string& old_name) override;
  void clean(Folder& folder, const std::string& name) override;

  void enter(Folder& /*folder*/, const filesystem::OpenFolder& /*opened*/) override {}
  void take(Folder& folder, Steps& steps, bool may_wait) override;
  MetadataResult set_metadata(Folder& folder, const Entry& want, const Exception* known,
                              std::vector<index::Edit>& edits) override;
  bool remove(Folder& folder, const index::Removal& removal, const Entry& now) override;

 private:
  void displace(Folder& folder, index::Replacement replacement, std::vector<Event>& events);

  Pass& pass_;
  ToldNames names_;
  std::mutex mutex_;       // for what follows
  std::set<FileId> stay_;  ///< folders of backups that lie beside, and those above them
};

}  // namespace syncline::engine
