// The sink that carries steps out.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "pass/pass.h"
#include "pass/step_sink.h"

#include <string>
#include <vector>

namespace syncline::engine {

class Applier final : public StepSink {
 public:
  explicit Applier(Pass& pass) : pass_(pass) {}

  [[nodiscard]] bool only_tells() const override { return false; }

  Handles::View see(Handles::View root) override { return root; }
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

  void enter(Folder& folder, const filesystem::OpenFolder& opened) override;
  void take(Folder& folder, Steps& steps, bool may_wait) override;
  MetadataResult set_metadata(Folder& folder, const Entry& want, const Exception* known,
                              std::vector<index::Edit>& edits) override;
  bool remove(Folder& folder, const index::Removal& removal, const Entry& now) override;

 private:
  bool remove_folder(Folder& folder, const std::string& name);

  Pass& pass_;
};

}  // namespace syncline::engine
