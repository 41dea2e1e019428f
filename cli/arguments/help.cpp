// SPDX-License-Identifier: MIT
#include "arguments/help.h"

#include "syncline/mirror.h"

namespace syncline::cli {

std::string help_text() {
  return R"(Usage: syncline [OPTIONS] SRC DST
       syncline [OPTIONS] LOG SRC DST INTERVAL   again and again (60, 5m, 1h)
       syncline explain PATH SRC DST, syncline undo DST [PASS],
       syncline plan SRC DST -o FILE, syncline apply FILE
Makes the folder DST an exact mirror of the folder SRC: copies what differs,
and deletes from DST what SRC does not have. Look first with -n, which changes
nothing. LOG - is standard output. rsync's options work too. See man syncline.
  -n, --dry-run         show what would be done, change nothing
      --exit-code       exit with 42 if anything differs, also with -n
Deletions are limited. Until one run has ended well: 10% of DST. Later: fewer
than 100 entries and 1 GiB a day; beyond that, 25% of DST a day. If SRC lacks
more than that, nothing is deleted, and the exit status is 25.
      --delete          no limit (but 10% until one run has ended well)
      --max-delete=N    this limit: N entries, or N% of DST; none: --no-delete
      --delete-before   delete first, to make room for copies
      --ignore-errors   if parts of SRC cannot be read, delete only elsewhere
  -b, --backup          keep what is overwritten or deleted, as NAME~, or:
      --backup-dir=DIR, --suffix=S      in that folder, or with that ending
      --undo[=TIME]     keep it for 30 days or TIME, for 'syncline undo'; also
      --undo-passes=N, --undo-size=SIZE|N%, --undo-dir=DIR, --no-undo
Which files take part (rsync's rules; the first one that matches decides):
      --exclude=PATTERN, --include=PATTERN, --exclude-from=FILE, -u, --update,
      --include-from=FILE, -f, --filter=RULE, --delete-excluded, --existing,
      --files-from=FILE with -r, --recursive and -0, --from0, --max-size=SIZE,
      --min-size=SIZE, --min-age=TIME, --ignore-existing, -x, --one-file-system
How files are compared. All are read, except those that were read before if
neither side's size, mtime, ctime or inode has changed since.
      --index=FILE, --no-index  where to remember that; root: /var/lib/syncline
      --rehash          read everything; with -n: read, show, change nothing
      --adopt           this once, the same size and mtime is the same file
      --trust-mtime, --size-only, --modify-window=TIME  always, as in rsync
      --keep-doubtful   change neither side if it is unclear which is right
Files are never torn, even by a power cut, except with --inplace, --no-flush
      --verify, --reflink=auto|always|never, --partial[=SIZE], --no-partial
Metadata, all kept by default: --no-owner, --no-group, --no-perms, --no-times,
      -E, --executability, -O, --omit-dir-times, -J, --omit-link-times,
      --strict, --chown=USER:GROUP, --chmod=MODES, --restore (SRC is the mirror)
Output: -v, --verbose, -q, --quiet, -i, --itemize-changes, --stats, --json,
      --out-format=FORMAT, --info=WORDS, --max-alloc=SIZE, --no-progress,
      --progress[=plain], --log-file=FILE, --log-detail=all|folder|summary,
      -h, --help, -V, --version, --why=PATH (explain one entry)
When and how fast: --interval=TIME, --wait, --stop-after=TIME, --stop-at=MOMENT,
      --threads=N, --io-threads=N, --bwlimit=RATE, --order=name|smallest|newest,
      --digest-backend=auto|evp|simd, --config=FILE (options from a file)
See 'syncline explain --help', undo, plan, apply --help. A folder is ./undo.
Reserved: offload, seal, check, status, now, pause, resume.
Example: syncline -n --exclude=/cache/ ~/photos /mnt/backup/photos
Exit status: 0 done, 1 usage, 3 unusable SRC or DST, 11 unusable log, index or
list, 20 stopped, 23 some entries failed, 24 SRC changed, 25 deletions held,
40 damage or doubt, 41 DST in use, 42 see --exit-code, 43 undone, 44 gave up.)";
}

std::string explain_help_text() {
  return R"(Usage: syncline explain [OPTIONS] PATH SRC DST
Shows what mirroring SRC onto DST would do with one entry, and why: what is on
both sides, what is remembered of it, and what has changed since. Reads no bytes
and changes nothing. PATH is relative to SRC and DST, or begins with either.

Options may stand anywhere, and mean what they mean without a verb. Give those
that you mirror with. Only these are taken, since they can change the answer:
Deletions: --delete, --max-delete=N, --no-delete, --delete-before, -b, --backup,
      --backup-dir=DIR, --suffix=S, --ignore-errors, --undo[=TIME], --no-undo,
      --undo-dir=DIR
Which files take part: --exclude=PATTERN, --include=PATTERN, -u, --update,
      --exclude-from=FILE, --include-from=FILE, -f, --filter=RULE, --existing,
      --files-from=FILE with -r, --recursive and -0, --from0, --max-size=SIZE,
      --min-size=SIZE, --min-age=TIME, --delete-excluded, --ignore-existing,
  -x, --one-file-system
How files are compared: --index=FILE, --no-index, --rehash, --adopt,
      --trust-mtime, --size-only, --modify-window=TIME, --keep-doubtful
Metadata: --no-owner, --no-group, --no-perms, -E, --executability, --no-times,
      -O, --omit-dir-times, -J, --omit-link-times, --chown=USER:GROUP,
      --chmod=MODES, --restore
  -n, --dry-run, -h, --help, -V, --version, --config=FILE (SRC, DST, options)
Example: syncline explain 2026/a.jpg ~/photos /mnt/backup/photos
Exit status: 0 explained, 1 usage, 3 unusable SRC or DST, 11 unusable index or
list, 41 index in use, 43 held after an undo. '--why=PATH' does the same.)";
}

std::string undo_help_text() {
  return R"(Usage: syncline undo [OPTIONS] DST [PASS]
Takes back what the last pass onto DST did, or PASS and all after it: a pass is
'last', or a name such as 20261125T084751Z. Works for passes with --undo. What
has changed since a pass is left as it is. An undo can be undone: name it. After
it passes onto DST end with status 43, until it is released. Look first with -n.

      --list            show the passes that are kept
      --list PATH       show what PATH was before each of them; also --list=PATH
      --to=MOMENT       take back the passes since then: "yesterday 18:00",
                        "2 hours ago", "2026-11-25 18:00", or a pass
      --only=PATH       leave DST alone, and bring PATH back, with all in it,
      --into=DIR        into DIR, as it was before the last pass that changed
                        it, or as it was --to=MOMENT; '.' is all of DST
      --force           overwrite what DIR has
      --release         let passes onto DST go on after an undo
  -n, --dry-run         show what would be done, change nothing
      --undo-dir=DIR    where the passes are kept, if they were told so
  -v, --verbose, -q, --quiet, --json, --wait (for another run on DST to end),
      --no-flush, -h, --help, -V, --version, --config=FILE (DST, options)
Example: syncline undo /mnt/backup/photos --only=2026 --into=$HOME/photos
Exit status: 0 done, 1 usage, 3 DST unusable, or no such pass, 11 unusable file,
20 stopped, 23 some entries were left or failed, 41 DST in use by another run.)";
}

std::string plan_help_text() {
  return R"(Usage: syncline plan [OPTIONS] SRC DST -o FILE
       syncline plan --show=FILE
       syncline plan --only=PATTERN|--without=PATTERN... FILE -o NEW
Writes down what mirroring SRC onto DST would do, step by step, and what each
was decided upon. Reads what a mirror would read; changes nothing in both.
  -o, --output=FILE  the plan, for you alone; compressed if FILE ends in .zst
      --no-read      read no files: what is undecided is a step "prove"
      --show=FILE    sum a plan up, and what it removes where
      --only=PATTERN, --without=PATTERN  make a plan of a part of the steps
      --json         print the plan's lines, also on a terminal and beside -o
Options of a mirror that change what it does:
      --delete, --max-delete=N, --no-delete, --delete-before, --ignore-errors,
  -b, --backup, --backup-dir=DIR, --suffix=S, --undo[=TIME], --no-undo,
      --undo-dir=DIR, --exclude=PATTERN, --include=PATTERN, -u, --update,
      --exclude-from=FILE, --include-from=FILE, -f, --filter=RULE, --existing,
      --files-from=FILE with -r, --recursive and -0, --from0, --max-size=SIZE,
      --min-size=SIZE, --min-age=TIME, --delete-excluded, --ignore-existing, -x,
      --one-file-system, --index=FILE, --no-index, --rehash, --adopt,
      --no-flush, --trust-mtime, --size-only, --modify-window=TIME,
      --keep-doubtful, -E, --executability, --no-owner, --no-group, --no-perms,
      --no-times, -O, --omit-dir-times, -J, --omit-link-times, --restore,
      --chown=USER:GROUP, --chmod=MODES, --wait, -n, --dry-run, -v, --verbose,
  -q, --quiet, -h, --help, -V, --version, --config=FILE (SRC, DST, options)
Exit status: as of a mirror; 11 also for an unusable plan. Pages: syncline-plan)";
}

std::string apply_help_text() {
  return R"(Usage: syncline apply [OPTIONS] FILE
Does what the plan FILE lists (syncline plan SRC DST -o FILE), and nothing else.
A step is done only if both sides are what they were when it was planned; else
it is left and named, and the exit status is 42. What is listed may be deleted:
you have read it. A plan is done once; one that was interrupted goes on.
      --all-or-nothing  look at everything first, and if anything has changed do
                        nothing
  -n, --dry-run      show what would be done and what left, change nothing
      --undo[=TIME]  keep what is overwritten or deleted for TIME (30 days), so
                     that 'syncline undo DST' takes it back
Options as of a mirror:
      --undo-passes=N, --undo-size=SIZE, --undo-dir=DIR, --no-undo, --verify,
      --no-flush, --strict, --partial[=SIZE], --no-partial, --wait, --threads=N,
      --io-threads=N, --digest-backend=NAME, --bwlimit=RATE, --order=ORDER,
      --stop-after=MINUTES, --stop-at=TIME, --log-file=FILE, --log-detail=WHAT,
  -v, --verbose, -q, --quiet, --json, --progress, -P, --no-progress, --stats,
  -i, --itemize-changes, --out-format=FORMAT, -h, --help, -V, --version,
      --config=FILE
Exit status: as of a mirror; 42 steps were left; 11 FILE is no usable plan, is
for other folders, or was applied before. Page: syncline-apply)";
}

std::string version_text() {
  return std::string("syncline ") + version();
}

std::string detailed_version_text(DigestBackend backend) {
  return version_text() + "\nMD5 by " + digest_kernel(backend);
}

}  // namespace syncline::cli
