// SPDX-License-Identifier: MIT
#include "arguments/contradictions.h"

#include "arguments/option_values.h"

#include <string>

namespace syncline::cli {
namespace {

/// Standard output is for programs then.
void refuse_beside_json(const CommandLine& line) {
  for (const CLI::Option* const option :
       {&line.itemize, &line.out_format, &line.stats, &line.why, &line.quiet})
    if (given(*option)) refuse("--json contradicts " + option->get_name());
}

}  // namespace

void refuse_contradictions(const CommandLine& line, bool is_loop) {
  if (given(line.rehash) && given(line.adopt)) refuse("--rehash contradicts --adopt");
  if (given(line.rehash) && given(line.trust_mtime)) refuse("--rehash contradicts --trust-mtime");
  if (given(line.rehash) && given(line.size_only)) refuse("--rehash contradicts --size-only");
  if (line.one_file_system.count() > 1)
    refuse("-x given twice would leave out mount points: use --exclude for that");
  if (given(line.in_place) && given(line.reflink)) refuse("--inplace contradicts --reflink");
  if (given(line.verify) && given(line.no_flush))
    refuse("--verify contradicts --no-flush: what is not on the disk cannot be read back");
  if (given(line.json)) refuse_beside_json(line);
  if (given(line.why) && is_loop) refuse("--why is for once, not for a loop");
  if (given(line.exit_code) && is_loop) refuse("--exit-code is for once, not for a loop");
  if (given(line.exit_code) && given(line.why))
    refuse("--exit-code contradicts --why, which explains one entry and ends with 0");
  if (!given(line.restore)) return;
  if (is_loop) refuse("--restore is for once, not for a loop");
  if (given(line.delete_all) || given(line.max_delete) || given(line.delete_before))
    refuse("--restore deletes nothing: it contradicts --delete and similar options");
  if (given(line.backup) || given(line.backup_dir))
    refuse("--restore deletes nothing: it contradicts --backup");
  if (given(line.index)) refuse("--restore uses no index: it contradicts --index");
}

}  // namespace syncline::cli
