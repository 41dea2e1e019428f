// SPDX-License-Identifier: MIT
#include "arguments/rsync_flags.h"

#include <array>

namespace syncline::cli {
namespace {

constexpr std::string_view no_network =
    "nothing goes over a network here: mount what is elsewhere (NFS, SMB, sshfs) and name its path";
constexpr std::string_view leave_out = "leave out the option that it turns off";

// In the order of the questions that a user has: what is copied, what of it, what is deleted, how
// it is done, what is told.
constexpr std::array rows{
    RsyncRow{"-a,--archive -r,--recursive -l,--links -D --devices --specials", Here::implied,
             "everything is mirrored: folders, symlinks as symlinks, fifos, sockets, devices; from "
             "what is mounted nodev, devices are taken only if `-D` or `--devices` is given"},
    RsyncRow{"-p,--perms -t,--times -o,--owner -g,--group", Here::implied,
             "kept as far as the user may; what cannot be kept is counted"},
    RsyncRow{"--super", Here::implied,
             "set-id bits, capabilities and devices are taken also from what is mounted nosuid or "
             "nodev"},
    RsyncRow{"-H,--hard-links -A,--acls -X,--xattrs", Here::implied, "kept always"},
    RsyncRow{"-E,--executability", Here::same,
             "kept with the mode; with `--no-perms` only this is kept"},
    RsyncRow{"-S,--sparse", Here::implied, "holes stay holes; zeros that are stored stay stored"},
    RsyncRow{"--numeric-ids", Here::implied, "owner and group are kept as numbers"},
    RsyncRow{"-c,--checksum -I,--ignore-times", Here::implied,
             "content is always proved, and size and mtime alone are never trusted; `--rehash` "
             "also reads what was proved before"},
    RsyncRow{"--no-owner,--no-o --no-group,--no-g --no-times,--no-t -O,--omit-dir-times "
             "-J,--omit-link-times",
             Here::same,
             "existing entries keep their own; new ones get what the system gives them"},
    RsyncRow{"--no-perms,--no-p", Here::same,
             "leaves out access control lists too; new entries get their mode as with cp(1), by "
             "the umask or the folder's default list"},
    RsyncRow{"--chown= --chmod=", Here::same, ""},
    RsyncRow{"-x,--one-file-system", Here::same, "once; twice is refused"},
    RsyncRow{"-L,--copy-links --copy-unsafe-links --safe-links --munge-links -k,--copy-dirlinks",
             Here::refused,
             "symlinks are mirrored as they are and none in SRC is followed, since it may lead "
             "anywhere: mirror the folder that it leads to as a SRC of its own"},
    RsyncRow{"-K,--keep-dirlinks", Here::refused,
             "no symlink in DST is followed: name the folder it points to as a DST of its own"},
    RsyncRow{"--insecure-links --confine-root=", Here::refused,
             "no path outside SRC and DST is ever touched: leave it out"},
    RsyncRow{"-R,--relative --no-implied-dirs,--no-i-d", Here::refused,
             "the content of SRC becomes that of DST: name both folders in full"},
    RsyncRow{"-d,--dirs --old-dirs,--old-d --list-only", Here::refused,
             "a mirror is complete: -nv lists what would be done"},
    RsyncRow{"-U,--atimes", Here::refused, "access times are not kept: leave it out"},
    RsyncRow{"-N,--crtimes", Here::refused, "Linux cannot set the time of creation: leave it out"},
    RsyncRow{"--copy-devices --write-devices", Here::refused,
             "devices are mirrored as such and never opened: use dd(1) for what is in them"},
    RsyncRow{"--drop-D --no-devices --no-specials --no-D", Here::refused,
             "a mirror is complete: exclude by name what it shall not contain (--exclude)"},
    RsyncRow{"--fake-super", Here::refused,
             "run it as root to keep owners, or leave it out: they are counted as not kept"},
    RsyncRow{"--no-recursive,--no-r --no-links,--no-l --no-hard-links,--no-H --no-acls,--no-A "
             "--no-xattrs,--no-X --no-sparse,--no-S --no-numeric-ids --no-super",
             Here::refused, "a mirror is complete, and this part cannot be left out"},
    RsyncRow{"--no-checksum,--no-c", Here::refused,
             "content is always proved; --trust-mtime trusts size and mtime instead"},
    RsyncRow{"--usermap= --groupmap=", Here::refused,
             "owners are kept as numbers; --chown=USER:GROUP gives all entries the same"},
    RsyncRow{"--copy-as=", Here::refused, "run it as that user: sudo -u USER syncline"},
    RsyncRow{"--iconv=", Here::refused, "names are bytes and are kept as they are"},

    RsyncRow{"--exclude= --exclude-from= --include= --include-from= -f,--filter= "
             "--files-from= -0,--from0 --max-size= --min-size= -u,--update "
             "--existing,--ignore-non-existing "
             "--ignore-existing --delete-excluded",
             Here::same, ""},
    RsyncRow{"-F -C,--cvs-exclude", Here::refused,
             "no rules are read from the trees themselves: name a file of rules with "
             "--filter='merge FILE', or patterns with --exclude"},
    RsyncRow{"-m,--prune-empty-dirs", Here::refused,
             "empty folders are mirrored too: leave it out"},

    RsyncRow{"--delete --del --delete-during --delete-delay --delete-after", Here::same,
             "deletions always come after the whole of SRC was seen; this lifts their limit, "
             "except at first contact"},
    RsyncRow{"--delete-before", Here::same,
             "before anything is copied; the limit is still lifted by `--delete`"},
    RsyncRow{"--max-delete=", Here::same, "if there is more to delete, nothing is deleted"},
    RsyncRow{"--ignore-errors", Here::same,
             "but nothing is deleted where something could not be seen"},
    RsyncRow{"--force", Here::implied,
             "a folder is replaced by what is no folder in SRC, and counted as deletions; refused "
             "with `--no-delete`"},
    RsyncRow{"-b,--backup --backup-dir= --suffix=", Here::same,
             "the folder must be on the file system of DST, since backups are moved; an older "
             "backup of another kind is moved aside, not deleted"},
    RsyncRow{"--remove-source-files", Here::refused,
             "SRC is never written to: delete there once this has ended with 0"},
    RsyncRow{"--ignore-missing-args --delete-missing-args", Here::refused,
             "a SRC that is missing is never taken for an empty one"},
    RsyncRow{"--compare-dest= --copy-dest= --link-dest=", Here::refused,
             "one DST has one mirror: let its file system make snapshots, or use --backup-dir"},
    RsyncRow{"--mkpath", Here::refused,
             "a missing folder above DST may be a disk that is not mounted: create it first with "
             "mkdir -p"},

    RsyncRow{"--inplace", Here::same,
             "for files above 64 KiB; a file with hard links, or that is backed up, is replaced "
             "all the same"},
    RsyncRow{"-n,--dry-run --size-only -@,--modify-window= --bwlimit=", Here::same, ""},
    RsyncRow{"--stop-after=,--time-limit= --stop-at=", Here::same, "ends with status 20"},
    RsyncRow{"--fsync", Here::implied, "flushed before it gets its name, unless `--no-flush`"},
    RsyncRow{"-W,--whole-file --no-whole-file,--no-W --preallocate --open-noatime "
             "--inc-recursive,--i-r --no-inc-recursive,--no-i-r",
             Here::implied, "the best way is chosen; the result is the same"},
    RsyncRow{"--max-alloc=", Here::same, "memory is bounded anyway: it is only checked"},
    RsyncRow{"-z,--compress --compress-choice=,--zc= --compress-level=,--zl= "
             "--compress-threads=,--zt= --skip-compress= --old-compress --new-compress "
             "--no-compress,--no-z --no-motd --old-args --no-old-args "
             "-s,--secluded-args,--protect-args --no-secluded-args,--no-protect-args,--no-s "
             "--trust-sender",
             Here::implied, "matters only between machines"},
    RsyncRow{"--partial --no-partial", Here::same,
             "an interrupted copy of 64 MiB or more is kept already, beside its final name, and "
             "resumed; `--partial=SIZE` says from which size on"},
    RsyncRow{"--partial-dir= -T,--temp-dir= --delay-updates", Here::refused,
             "a copy is made beside its final name and takes it when it is whole: leave it out"},
    RsyncRow{"--append --append-verify", Here::refused,
             "no file is ever half-written: leave it out, or use --inplace"},
    RsyncRow{
        "-y,--fuzzy -B,--block-size= --checksum-choice=,--cc= --checksum-seed=", Here::refused,
        "content is proved by MD5 and a keyed tag, and only what differs is written: leave it out"},
    RsyncRow{"--timeout= --contimeout=", Here::refused,
             "there is no server to wait for: --stop-after=TIME ends a run that takes too long"},
    RsyncRow{"--write-batch= --only-write-batch= --read-batch=", Here::refused,
             "it mirrors only from folder to folder: leave it out"},
    RsyncRow{"-e,--rsh= --rsync-path= -M,--remote-option= -4,--ipv4 -6,--ipv6 --address= --port= "
             "--sockopts= --blocking-io --no-blocking-io --protocol= --password-file= "
             "--early-input= --daemon --dparam= --detach --no-detach --server --sender",
             Here::refused, no_network},

    RsyncRow{"-v,--verbose -q,--quiet -i,--itemize-changes --stats --progress --no-progress "
             "--out-format= "
             "--log-file= -V,--version --help",
             Here::same, ""},
    RsyncRow{"-h", Here::same, "without paths it is help; otherwise `--human-readable`"},
    RsyncRow{"--human-readable", Here::implied,
             "numbers are printed so; those of --stats only with this option, and in units of 1024 "
             "if it is given twice"},
    RsyncRow{"-P", Here::same, "`--partial --progress`"},
    RsyncRow{"--info=", Here::same,
             "PROGRESS is `--progress`, STATS2 `--stats`, NAME `--out-format=%n%L`; the other "
             "words are checked and change nothing"},
    RsyncRow{"--debug= --stderr= --outbuf= -8,--8-bit-output --log-format= --log-file-format= "
             "--msgs2stderr --no-msgs2stderr",
             Here::refused, "output is chosen by -v, -i, --stats and --out-format: leave it out"},
    RsyncRow{"--no-relative,--no-R --no-dirs,--no-d --no-append --no-atimes,--no-U "
             "--no-crtimes,--no-N --no-fuzzy,--no-y --no-iconv --no-mkpath --no-munge-links "
             "--no-timeout --no-contimeout --no-write-devices --no-delay-updates --no-drop-D "
             "--no-insecure-links --no-prune-empty-dirs,--no-m",
             Here::implied, "what it turns off is never on"},
    RsyncRow{"--no-verbose,--no-v --no-itemize-changes,--no-i --no-backup,--no-b "
             "--no-bwlimit --no-force --no-from0 --no-ignore-errors --no-inplace --no-max-delete "
             "--no-one-file-system,--no-x --no-omit-dir-times,--no-O --no-omit-link-times,--no-J "
             "--no-human-readable,--no-h --no-8-bit-output,--no-8 --no-open-noatime --no-fsync",
             Here::refused, leave_out},
};

/// What is before the first `mark` in `text`, which loses it and the mark.
std::string_view cut(std::string_view& text, char mark) {
  const std::size_t at = text.find(mark);
  const std::string_view head = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return head;
}

}  // namespace

std::span<const RsyncRow> rsync_rows() {
  return rows;
}

std::vector<RsyncFlag> flags_of(const RsyncRow& row) {
  std::vector<RsyncFlag> flags;
  for (std::string_view rest = row.flags; !rest.empty();) {
    RsyncFlag flag;
    for (std::string_view names = cut(rest, ' '); !names.empty();) {
      std::string_view name = cut(names, ',');
      if (name.ends_with('=')) {
        flag.takes_value = true;
        name.remove_suffix(1);
      }
      if (!flag.names.empty()) flag.names += ',';
      flag.names += name;
    }
    flags.push_back(std::move(flag));
  }
  return flags;
}

}  // namespace syncline::cli
