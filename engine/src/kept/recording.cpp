// SPDX-License-Identifier: MIT
#include "kept/recording.h"

#include "filesystem/explained.h"
#include "filesystem/system_error.h"
#include "kept/expire.h"

#include <cerrno>
#include <utility>

namespace syncline::kept {
namespace {

// An undo that goes on where it was interrupted must not give a number twice.
std::uint64_t last_item_of(Journal& journal, const PassRow& row) {
  std::uint64_t last = 0;
  journal.read_back(row.id, std::numeric_limits<std::int64_t>::max(),
                    [&](std::int64_t /*number*/, const Operation& operation) {
                      last = std::max(last, operation.item.number);
                      return true;
                    });
  return last;
}

}  // namespace

Recording::Recording(std::shared_ptr<Store> store, std::unique_ptr<Journal> journal, PassRow row)
    : store_(std::move(store)),
      durable_(true),
      row_(std::move(row)),
      folder_(folder_name(row_)),
      journal_(std::move(journal)),
      items_(last_item_of(*journal_, row_)) {}

// A disk that is full, or fails, while this is written must cost nothing: so what it was for is
// not done.
template <typename Work>
void Recording::write(Work work) {
  constexpr const char* operation = "write down what an undo needs";
  if (failed_) throw filesystem::ExplainedError(operation, {}, EIO, *failed_);
  try {
    work();
  } catch (const index::SqliteError& error) {
    failed_ = error.what();
    throw filesystem::ExplainedError(operation, {}, EIO, *failed_);
  }
}

void Recording::begin() {
  if (journal_) return;
  const Store::Handle home = store_->make_home(durable_, root_before_);
  auto journal = std::make_unique<Journal>(*home, store_->root(), durable_);
  row_.id = journal->begin(row_);
  if (durable_) home->flush();
  folder_ = folder_name(row_);
  if (root_before_)
    journal->add(row_.id, {.deed = Deed::set_metadata,
                           .at = {},
                           .before = root_before_,
                           .after = Left{.kind = Kind::folder}});
  journal_ = std::move(journal);
}

Recording::Mark Recording::note(Operation& operation) {
  const std::scoped_lock lock{mutex_};
  write([&] {
    begin();
    if (operation.deed == Deed::took || operation.deed == Deed::replaced) {
      operation.item.number = ++items_;
      if (operation.before && operation.before->kind == Kind::file)
        row_.bytes_kept += operation.before->identity.size;
    }
    journal_->add(row_.id, operation);
    ++noted_;
  });
  return noted_;
}

void Recording::secure(Mark mark) {
  const std::scoped_lock lock{mutex_};
  if (mark <= secured_) return;
  write([&] { journal_->commit(); });
  secured_ = noted_;
}

void Recording::secure() {
  Mark all = 0;
  {
    const std::scoped_lock lock{mutex_};
    all = noted_;
  }
  secure(all);
}

Store::Handle Recording::folder_of(const Item& item) {
  return store_->make_folder_of(item, folder_);
}

std::optional<PassRow> Recording::make_room() {
  const std::scoped_lock lock{mutex_};
  std::optional<PassRow> gone;
  write([&] {
    begin();
    gone = expendable(journal_->passes(), std::chrono::system_clock::now());
    if (!gone) return;
    expire(*store_, *journal_, *gone);
    secured_ = noted_;
  });
  return gone;
}

void Recording::end(PassRow row) {
  const std::scoped_lock lock{mutex_};
  if (!journal_) return;
  row.id = row_.id;
  row.source = row_.source;
  row.bytes_kept = row_.bytes_kept;
  write([&] {
    journal_->update(row);
    journal_->commit();
  });
  secured_ = noted_;
}

}  // namespace syncline::kept
