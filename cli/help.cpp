// SPDX-License-Identifier: MIT
#include "help.h"

#include "syncline/mirror.h"

namespace syncline::cli {

std::string help_text() {
  return R"(Usage: syncline [OPTIONS] SRC DST
       syncline [OPTIONS] LOG SRC DST INTERVAL

Makes the folder DST the exact mirror of the folder SRC: once, or (second form)
at once and then every INTERVAL seconds, told in LOG ('-': standard output).

What happens:
  -n, --dry-run         tell what would be done; read no content, touch nothing
      --rehash          read everything; with -n: read, tell, keep the proofs
      --delete          delete whatever SRC lacks, however much that is
      --max-delete=N    delete at most N entries, or N% of DST, or else none
      --no-delete       delete nothing (by default: fewer than 100 entries and
                        1 GiB a day, else at most 25% of DST, 10% at first)
      --delete-before   delete before anything is copied, to make room for it
  -x, --one-file-system do not walk what is mounted in SRC, nor delete it in DST
      --restore         SRC is the mirror: bring its files back, delete nothing
      --reflink=auto|always|never  share blocks where the file systems can
      --inplace         change large files in place: no room for a second copy
      --verify          read back what was written before it gets its name
      --no-flush        faster, but a power cut may leave torn files
      --interval=SECS   go on every SECS seconds until stopped by a signal
      --wait            wait for another run on DST to end
      --strict          metadata that cannot be kept is a failure (23)
What is believed unread:
      --index=FILE      remember there what was proved (default: a file in
                        /var/lib/syncline, or ~/.local/state/syncline)
      --no-index        remember nothing: read both sides of every file
      --adopt           this once, the same size and mtime is the same file; so
                        are roots and mount points that are not the known ones
      --trust-mtime     the same size and mtime always is, as rsync has it
      --keep-doubtful   leave both alone where nothing tells which one changed
What is told:
  -v, -q                every action; nothing but errors
      --log-file=FILE   write a log; '-' is standard output
  -h, --help            this text
  -V, --version         the version; with -v also what computes digests here
How fast:
      --threads=N       workers that hash (default: one a core)
      --io-threads=N    workers that read and write (two a core, 4 or more)
      --digest-backend=auto|evp|simd  who computes MD5, for diagnosis

Examples:
  syncline -n ~/photos /mnt/backup/photos
  syncline /var/log/mirror.log /srv/data /mnt/backup/data 60

Exit status: 0 done, 1 usage, 3 a root is unusable, 11 the log or index is,
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
