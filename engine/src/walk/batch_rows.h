// What the index remembers of the names of a batch. Once it has failed, that is nothing.
//
// SPDX-License-Identifier: MIT
#pragma once

#include "index/rows.h"
#include "model/exception.h"
#include "pass/memory.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace syncline::engine {

/// For one thread. Names are asked for in byte order.
class BatchRows {
 public:
  /// `rows`: nullptr where nothing is remembered.
  BatchRows(Memory& memory, std::unique_ptr<index::Rows> rows)
      : memory_(memory), rows_(std::move(rows)) {}

  /// nullptr: nothing. Valid until the next name is asked for.
  const Remembered* file(const std::string& name) {
    const Remembered* known = nullptr;
    ask([&] { known = rows_->file(name); });
    return known;
  }
  const index::FolderRow* folder(const std::string& name) {
    const index::FolderRow* known = nullptr;
    ask([&] { known = rows_->folder(name); });
    return known;
  }
  ExceptionRef exception(const std::string& name) {
    ExceptionRef known;
    ask([&] { known = rows_->exception(name); });
    return known;
  }

  /// What could not be seen is not gone.
  void keep(const std::string& name) {
    ask([&] {
      rows_->exception(name);
      rows_->file(name);
      rows_->folder(name);
    });
  }

  /// Of the names that were not asked for.
  index::Rows::Gone gone() {
    index::Rows::Gone gone;
    ask([&] { gone = rows_->finish(); });
    return gone;
  }

 private:
  template <typename Work>
  void ask(Work work) {
    if (rows_ && !memory_.ask(work)) rows_.reset();
  }

  Memory& memory_;
  std::unique_ptr<index::Rows> rows_;
};

}  // namespace syncline::engine
