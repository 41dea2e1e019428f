// SPDX-License-Identifier: MIT
#include "arguments/habits.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string>

namespace syncline::cli {
namespace {

struct Advice {
  std::string_view words;  ///< with blanks between them
  std::string_view text;
};

constexpr std::string_view again_and_again =
    "--interval=TIME mirrors again and again, such as --interval=1m";
constexpr std::string_view compare =
    "-n shows what differs, -n --rehash reads everything on both sides for that, and --exit-code "
    "makes it the exit status";
constexpr std::string_view workers =
    "--threads=N is how many workers hash, --io-threads=N how many wait for disks";
constexpr std::string_view trial = "-n shows what would be done and changes nothing";
constexpr std::string_view one_pattern = "--include=PATTERN and then --exclude='*'";
constexpr std::string_view name_destination = "name DST without an option: 'syncline SRC DST'";
constexpr std::string_view take_back = "'syncline undo DST' takes back what the last pass did";
constexpr std::string_view no_verb = "mirroring needs no verb: 'syncline SRC DST'";

// From rclone, robocopy, unison, lsyncd, cp, make and the guesses of those who know none of them.
constexpr std::array options{
    Advice{"--watch --monitor --loop --continuous --repeat --every --follow --live --realtime "
           "--watch-interval --daemonize --service",
           again_and_again},
    Advice{"--check --compare --diff --cmp --audit --validate --scrub --check-only --verify-only",
           compare},
    Advice{"-j --jobs --parallel --transfers --checkers --workers --processes --cores --cpus "
           "--concurrency --multi-thread-streams --mt --io-jobs",
           workers},
    Advice{"--manifest --md5 --md5sum --hash --hashes --sums --digest --digests --sha256 --seal",
           "the log has the MD5 of every file that was read: --log-file=FILE"},
    Advice{"--simulate --dryrun --noop --no-op --test --what-if --whatif --preview --pretend "
           "--just-print --plan",
           trial},
    Advice{"--mirror --mir --sync --copy --purge --clone",
           "not needed: SRC is mirrored onto DST, and what SRC lacks is deleted there"},
    Advice{"--ignore --skip --omit --exclude-dir --exclude-file --xd --xf --not",
           "--exclude=PATTERN leaves out what matches"},
    Advice{"--match --pattern", one_pattern},
    Advice{"--log --logfile --log-to --logging", "--log-file=FILE writes a log"},
    Advice{"--limit --bw --rate --throttle --max-rate --bw-limit --rate-limit",
           "--bwlimit=RATE, such as --bwlimit=20MB"},
    Advice{
        "--resume --continue --restart --keep-partial",
        "interrupted copies of large files are resumed by default; --partial=SIZE says from which "
        "size on"},
    Advice{"--retry --retries --low-level-retries", "run it again: it does the rest"},
    Advice{"--yes --assume-yes --no-confirm --noconfirm --interactive --confirm",
           "nothing is asked here: look with -n first"},
    Advice{"--keep --keep-extra --keep-extraneous --no-remove --no-purge --update-only --add-only "
           "--append-only --leave",
           "--no-delete deletes nothing in DST"},
    Advice{"--remove --erase --prune --delete-extra --delete-extraneous --force-delete",
           "what SRC lacks is deleted by default, within limits; --delete lifts these"},
    Advice{"--revert --rollback", take_back},
    Advice{"--history --versions --snapshot --snapshots --trash",
           "--undo keeps what is overwritten or deleted, so that it can be taken back"},
    Advice{"--silent", "-q prints errors only"},
    Advice{"--no-hash --no-checksums --fast --quick --mtime",
           "--trust-mtime takes files of the same size and mtime for the same"},
    Advice{"--reread --deep --full --paranoid --bitrot --force-check",
           "--rehash reads everything on both sides"},
    Advice{"--state --db --database --cache", "--index=FILE names the file that remembers proofs"},
    Advice{"--source --src --from --input", "name SRC without an option: 'syncline SRC DST'"},
    Advice{"--destination --dest --dst --target --out", name_destination},
    Advice{"--settings --conf --config-file", "--config=FILE reads options from a file"},
    Advice{"--timeout-min --max-duration --max-time --deadline",
           "--stop-after=TIME ends a run that takes too long"},
    Advice{"--usage --man --manual", "'syncline --help', or 'man syncline'"},
};

constexpr std::array verbs{
    Advice{
        "sync copy cp mirror backup back-up clone push pull run start exec update transfer rsync "
        "synchronize synchronise replicate dup duplicate save archive put get",
        no_verb},
    Advice{"check verify diff compare cmp test status audit validate scrub rehash", compare},
    Advice{"watch loop daemon service monitor repeat live", again_and_again},
    Advice{"restore recover", "'syncline --restore MIRROR ORIGINAL' brings files back"},
    Advice{"revert rollback", take_back},
    Advice{"plan preview dry-run dryrun simulate list ls show", trial},
    Advice{"move mv", "SRC is never written to: mirror it, and delete there yourself"},
    Advice{"delete remove rm purge clean prune", "what SRC lacks is deleted as DST is mirrored"},
    Advice{"explain why", "'syncline explain PATH SRC DST' shows what would be done, and why"},
    Advice{"help usage", "'syncline --help', or for a verb 'syncline explain --help'"},
    Advice{"version", "'syncline --version'"},
};

constexpr std::array strayed{Advice{"--only", one_pattern}, Advice{"--to", name_destination},
                             Advice{"--output", name_destination}, Advice{"--show", trial},
                             Advice{"--list", trial}};

std::string_view text_for(std::span<const Advice> table, std::string_view word) {
  for (const Advice& advice : table) {
    for (std::string_view rest = advice.words; !rest.empty();) {
      const std::size_t end = rest.find(' ');
      if (rest.substr(0, end) == word) return advice.text;
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
  }
  return {};
}

std::string in_lower_case(std::string_view word) {
  std::string lower{word};
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

}  // namespace

std::string_view advice_on_option(std::string_view word) {
  if (word.starts_with("--"))
    return text_for(options, in_lower_case(word.substr(0, word.find('='))));
  return text_for(options, word.substr(0, 2));  // "-j4"
}

std::string_view advice_on_verb(std::string_view word) {
  return text_for(verbs, in_lower_case(word));
}

std::string_view advice_on_strayed_option(std::string_view option) {
  return text_for(strayed, option);
}

}  // namespace syncline::cli
