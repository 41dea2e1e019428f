// SPDX-License-Identifier: MIT
#include "arguments/help.h"

#include "syncline/mirror.h"

namespace syncline::cli {

std::string help_text() {
  return R"(Usage: syncline [OPTIONS] SRC DST
       syncline [OPTIONS] LOG SRC DST INTERVAL   again and again (60, 5m, 1h)
       syncline explain PATH SRC DST             one entry: what, and why?
Makes the folder DST the exact mirror of the folder SRC: copies what differs,
and deletes from DST what SRC does not have. Look first with -n, which changes
nothing. LOG - is standard output. rsync's options work too. See man syncline.

  -n, --dry-run         tell what would be done, touch nothing
      --exit-code       exit with 42 if anything differs, also with -n
Deletions. Until a run has ended well, up to 10% of DST is deleted; later fewer
than 100 entries and 1 GiB a day, beyond that up to 25%. If SRC lacks more than
that, nothing is deleted, that is said, and the exit status is 25.
      --delete          delete all that SRC lacks, once a run has ended well
      --max-delete=N    delete up to N entries, or N% of DST; if more, nothing
      --no-delete       delete nothing
      --delete-before   delete first, to make room for what is copied
      --ignore-errors   if parts of SRC cannot be read, delete only elsewhere
  -b, --backup          keep what is overwritten or deleted, as NAME~;
      --backup-dir=DIR, --suffix=S    or in that folder, or with that ending
What takes part (rsync's rules; the first one that matches decides):
      --exclude=PATTERN, --include=PATTERN, --exclude-from=FILE, -u, --update,
      --include-from=FILE, -f, --filter=RULE, --delete-excluded, --existing,
      --files-from=FILE with -r, --recursive and -0, --from0, --max-size=SIZE,
      --min-size=SIZE, --min-age=TIME, --ignore-existing, -x, --one-file-system
How files are compared. One that was read before is not read again if neither
side's size, mtime, ctime or inode has moved since; all others are read.
      --index=FILE, --no-index  where that is remembered (/var/lib/syncline)
      --rehash          read everything; with -n: read, tell, change nothing
      --adopt           this once, the same size and mtime is the same file
      --trust-mtime, --size-only, --modify-window=TIME    always so, as in rsync
      --keep-doubtful   change neither side where nothing tells which is right
Files are written whole, even if the power fails, but for --inplace, --no-flush
      --verify, --reflink=auto|always|never, --partial[=SIZE], --no-partial
Metadata, all kept by default: --no-owner, --no-group, --no-perms, --no-times,
      -E, --executability, -O, --omit-dir-times, -J, --omit-link-times,
      --strict, --chown=USER:GROUP, --chmod=MODES, --restore (from mirror SRC)
What is told: -v, --verbose, -q, --quiet, -i, --itemize-changes, --stats,
      --out-format=FORMAT, --info=WORDS, --max-alloc=SIZE, --no-progress,
      --progress[=plain], --log-file=FILE, --log-detail=all|folder|summary,
      --json, -h, --help, -V, --version, --why=PATH (explain one entry)
When and how fast: --interval=TIME, --wait, --stop-after=TIME, --stop-at=MOMENT,
      --threads=N, --io-threads=N, --bwlimit=RATE, --order=name|smallest|newest,
      --digest-backend=auto|evp|simd, --config=FILE (options from a file)
See 'syncline explain --help'. A folder named like a verb is ./explain. Verbs
to come: undo, plan, apply, offload, seal, check, status, now, pause, resume.

Example: syncline -n --exclude='*.tmp' ~/photos /mnt/backup/photos
Exit status: 0 done, 1 usage, 3 SRC or DST unusable, 11 log, index or a list is,
20 stopped, 23 some entries failed, 24 SRC changed meanwhile, 25 deletions held
back, 40 damage or doubt, 41 another run is on DST, 42 --exit-code, 44 gave up.)";
}

std::string explain_help_text() {
  return R"(Usage: syncline explain [OPTIONS] PATH SRC DST
Tells what mirroring SRC onto DST would do with one entry, and why: what is on
both sides, what is remembered of it, and what has moved since. Reads no bytes
and changes nothing. PATH is relative to SRC and DST, or begins with either.

Options may stand anywhere, and mean what they mean without a verb. Give those
that you mirror with; only those that can change what is told are taken:
Deletions: --delete, --max-delete=N, --no-delete, --delete-before, -b, --backup,
      --backup-dir=DIR, --suffix=S, --ignore-errors
What takes part: --exclude=PATTERN, --include=PATTERN, --exclude-from=FILE,
      --include-from=FILE, -f, --filter=RULE, --delete-excluded, -u, --update,
      --files-from=FILE with -r, --recursive and -0, --from0, --max-size=SIZE,
      --min-size=SIZE, --min-age=TIME, --existing, --ignore-existing,
  -x, --one-file-system
How files are compared: --index=FILE, --no-index, --rehash, --adopt,
      --trust-mtime, --size-only, --modify-window=TIME, --keep-doubtful
Metadata: --no-owner, --no-group, --no-perms, -E, --executability, --no-times,
      -O, --omit-dir-times, -J, --omit-link-times, --chown=USER:GROUP,
      --chmod=MODES, --restore
  -n, --dry-run, -h, --help, -V, --version, --config=FILE (SRC, DST, options)
Example: syncline explain 2026/a.jpg ~/photos /mnt/backup/photos
Exit status: 0 told, 1 usage, 3 SRC or DST unusable, 11 the index or a list is,
41 another run is at work with the index. The option '--why=PATH' is the same.)";
}

std::string version_text() {
  return std::string("syncline ") + version();
}

std::string detailed_version_text(DigestBackend backend) {
  return version_text() + "\nMD5 by " + digest_kernel(backend);
}

}  // namespace syncline::cli
