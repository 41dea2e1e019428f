// SPDX-License-Identifier: MIT
#include "replica/disposal.h"

#include "pass/pass.h"

namespace syncline::engine {
namespace {

class Unlinking final : public Disposal {
 public:
  void make_way(Pass& /*pass*/, Folder& /*folder*/, const std::string& /*name*/) const override {}
  void take(Pass& pass, Folder& folder, const std::string& name) const override {
    pass.handles.get(folder)->remove_file(name);
  }
  [[nodiscard]] bool keeps() const override { return false; }
  [[nodiscard]] bool keeps_beside() const override { return false; }
  [[nodiscard]] bool is_kept_beside(const std::string& /*name*/) const override { return false; }
  [[nodiscard]] bool is_root(const Entry& /*entry*/) const override { return false; }
  [[nodiscard]] bool holds_root(const Entry& /*entry*/) const override { return false; }
};

}  // namespace

const Disposal& unlinking() {
  static const Unlinking only;
  return only;
}

}  // namespace syncline::engine
