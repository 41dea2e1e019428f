# Syncline beside the programs that people use instead, and beside the bare loops of the needed
# system calls, over the same trees on the same machine: a table, a drawing, and whether each target
# was met.
#
#   python3 bench/peers                        what --list shows, on /dev/shm
#   python3 bench/peers --quick                all of it small, in three minutes at most
#   python3 bench/peers --image=ext4,xfs,btrfs with the rows that need a disk's file system; as root
#
# Every outcome is compared with its source; who made something else of it is out of the row.
#
# SPDX-License-Identifier: MIT
import argparse
import math
import pathlib
import sys
import time

import chart
import machine
import places
import report
from contenders import FLOOR
from measure import Effort
from programs import Programs
from rows import ROWS, Bench

PROJECT = pathlib.Path(__file__).resolve().parents[2]


def words(text):
    return [word for word in text.split(",") if word]


def numbers(text):
    return [int(word) for word in words(text)]


def arguments():
    parser = argparse.ArgumentParser(
        prog="python3 bench/peers", description="Syncline beside its peers and the bare loops.")
    add = parser.add_argument
    add("--rows", type=words, default=list(ROWS), metavar="ROW,...", help="only these")
    add("--list", action="store_true", help="tell which rows there are")
    add("--quick", action="store_true", help="small trees, two rounds, in three minutes")
    add("--tiny", action="store_true", help="as small as it gets: does everything work?")
    add("--files", type=int, default=100_000, help="in trees of small files (%(default)s)")
    add("--bytes", type=int, default=2 << 30, help="of photos and of media (%(default)s)")
    add("--rounds", type=int, default=5, help="of each row (%(default)s)")
    add("--patience", type=float, default=60, metavar="SECONDS",
        help="a contender that took as long in all is run no more (%(default)g)")
    add("--peers", type=words, default=[], metavar="PROGRAM,...", help="only these, as rsync,cp")
    add("--image", type=words, default=[], metavar="KIND,...", help="ext4, xfs, btrfs; as root")
    add("--scale", type=numbers, default=[10_000, 30_000, 100_000, 300_000, 1_000_000],
        metavar="N,...", help="numbers of files in that row")
    add("--slow-files", type=int, default=1000, help="on the slow store (%(default)s)")
    add("--samples", type=int, default=50, help="of latency (%(default)s)")
    add("--no-calls", action="store_true", help="do not count system calls, in one more run each")
    add("--folder", type=pathlib.Path, default=pathlib.Path("/dev/shm"),
        help="where trees are made (%(default)s)")
    add("--bin", type=pathlib.Path, default=PROJECT / "build/release/bin",
        help="where the programs are that were built")
    add("--out", type=pathlib.Path, default=PROJECT / "build/peers",
        help="where peers.md and peers.svg go (%(default)s)")
    add("--rest", type=float, default=0, metavar="SECONDS",
        help="how old small files are at least that are read: of those younger than 300 Syncline asks "
             "whether somebody is writing to them (%(default)g)")
    given = parser.parse_args()
    given.hurry_from = math.inf
    if given.quick or given.tiny:
        given.files, given.bytes, given.rounds, given.patience = 5_000, 100_000_000, 2, 2
        given.scale, given.slow_files, given.samples = [1_000, 3_000, 10_000], 30, 10
        # What is left then takes less than a minute on two cores.
        given.hurry_from = time.monotonic() + 60
    if given.tiny:
        given.files, given.bytes, given.rounds, given.patience = 300, 40_000_000, 1, 60
        given.scale, given.slow_files, given.samples = [100, 300], 10, 2
    unknown = [row for row in given.rows if row not in ROWS]
    if unknown:
        parser.error(f"no row is called {unknown[0]}; --list tells which there are")
    if given.image and not places.may_mount():
        parser.error("only root may mount an image")
    return given


def measure(given, programs, home):
    """Tables of all rows, told one after the other."""
    bench = Bench(programs=programs, home=home, files=given.files, size=given.bytes,
                  images=given.image, scale=given.scale, slow_files=given.slow_files,
                  samples=given.samples, chosen=given.peers, rest=given.rest,
                  effort=Effort(given.rounds, given.patience, not given.no_calls,
                                given.hurry_from))
    tables = []
    for name in given.rows:
        begin = time.monotonic()
        for table in ROWS[name](bench):
            tables.append(table)
            print(report.markdown(table), flush=True)
        print(f"{name}: {time.monotonic() - begin:.0f} s", file=sys.stderr)
    return tables


def main():
    given = arguments()
    if given.list:
        print("\n".join(ROWS))
        return 0
    try:
        programs = Programs(given.bin)
    except FileNotFoundError as problem:
        print(f"peers: {problem}", file=sys.stderr)
        return 1
    load_before, was_busy = machine.load(), machine.is_busy()
    if was_busy:
        print("peers: the machine is busy: compare processor seconds, not wall times",
              file=sys.stderr)
    with places.workplace(given.folder) as home:
        tables = measure(given, programs, home)
    head = (f"{machine.describe(given.folder)}. {machine.versions(programs.path('syncline'))}. "
            f"Load averages before: {load_before}; after: {machine.load()}."
            + (" Busy with other work: compare processor seconds, not wall times.\n"
               if was_busy else "\n"))
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "peers.md").write_text("\n".join([head, *map(report.markdown, tables)]))
    (given.out / "peers.svg").write_text(chart.svg(tables))
    missed = [target for table in tables for target in table.targets if not target.met()]
    print(head)
    print(f"{sum(len(table.targets) for table in tables) - len(missed)} targets met, "
          f"{len(missed)} missed. {given.out / 'peers.md'}, {given.out / 'peers.svg'}")
    failed = [name for table in tables for name, result in getattr(table, "results", {}).items()
              if result.failure and name.startswith(("syncline", FLOOR))]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
