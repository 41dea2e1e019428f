// SPDX-License-Identifier: MIT
#include "help.h"

#include "syncline/mirror.h"

namespace syncline::cli {

std::string help_text() {
  return R"(Usage: syncline [OPTIONS] SRC DST
       syncline [OPTIONS] LOG SRC DST INTERVAL   again every INTERVAL seconds
Makes the folder DST the exact mirror of the folder SRC, told in LOG ('-' is
standard output). rsync's flags work too, or say why not. See man syncline.

What happens:
  -n, --dry-run         tell what would be done, touch nothing
      --delete          delete whatever SRC lacks, however much that is
      --max-delete=N    delete at most N entries, or N% of DST, or else none
      --no-delete       delete nothing (by default: fewer than 100 entries and
                        1 GiB a day, else at most 25% of DST, 10% at first)
      --delete-before   delete before anything is copied, to make room for it
      --ignore-errors   what could not be seen holds deletions back only there
  -b, --backup          keep what goes, as NAME~; --backup-dir=DIR, --suffix=S
  -x, --one-file-system do not walk what is mounted in SRC, nor delete it in DST
      --restore         SRC is the mirror: bring its files back, delete nothing
      --inplace, --reflink=auto|always|never, --verify, --no-flush,
      --partial[=SIZE], --no-partial    how files are written; from which size
                        on (64 MiB) an interrupted copy is gone on with
      --no-owner, --no-group, --no-perms, --no-times, -O, --omit-dir-times,
      -J, --omit-link-times, --chown=USER:GROUP, --chmod=MODES, --strict
                        what metadata is kept; whether failing to is a failure
      --interval=SECS, --wait, --stop-after=MIN, --stop-at=TIME    when
What takes part (rsync's rules; the first one that matches decides):
      --exclude=PATTERN, --include=PATTERN, --exclude-from=FILE,
      --include-from=FILE, -f, --filter=RULE, --delete-excluded,
      --files-from=FILE with -r, --recursive and -0, --from0,
      --max-size=SIZE, --min-size=SIZE, --min-age=SECS,
  -u, --update, --existing, --ignore-existing
What is believed unread:
      --index=FILE, --no-index  where proofs are remembered (/var/lib/syncline)
      --rehash          read everything; with -n: read, tell, keep the proofs
      --adopt           this once, the same size and mtime is the same file
      --trust-mtime, --size-only, --modify-window=SECS   always, as in rsync
      --keep-doubtful   leave both alone where nothing tells which one changed
What is told:
  -v, --verbose, -q, --quiet, -i, --itemize-changes, --out-format=FORMAT,
      --stats, --json, --progress[=plain], --no-progress
      --why=PATH        what would be done with PATH and why; touches nothing
      --log-file=FILE, --log-detail=all|folder|summary, --config=FILE
  -h, --help, -V, --version
How fast: --threads=N (hash), --io-threads=N (wait for disks), --bwlimit=RATE,
      --digest-backend=auto|evp|simd, --order=name|smallest|newest

Example: syncline -n --exclude='*.tmp' ~/photos /mnt/backup/photos
Exit status: 0 done, 1 usage, 3 a root is unusable, 11 log, index or a list is,
20 stopped by a signal, 23 some entries failed, 24 the source changed meanwhile,
25 deletions held back, 40 rot or doubt, 41 another run is at work on DST.)";
}

std::string version_text() {
  return std::string("syncline ") + version();
}

std::string detailed_version_text(DigestBackend backend) {
  return version_text() + "\nMD5 by " + digest_kernel(backend);
}

}  // namespace syncline::cli
