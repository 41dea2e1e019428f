# The rows: which work, on which trees, by whom, and what it is to show.
#
# SPDX-License-Identifier: MIT
import contextlib
import dataclasses
import pathlib
import subprocess
import sys
import time

import contenders as who
import latency
import places
import targets
from contenders import FLOOR, Contender
from measure import Effort, Work, compete
from scene import remove, scene
from tables import Curves, Race

UNCHANGED = "syncline, nothing changed"
PART = "copying what changed alone"
SLOW_CALL_US = 1000


@dataclasses.dataclass(frozen=True)
class Bench:
    """What all rows work with."""

    programs: object
    home: pathlib.Path
    effort: Effort
    files: int
    size: int        # bytes of photos and of media
    images: list     # kinds of file systems
    scale: list      # numbers of files
    slow_files: int  # on the store with latency
    samples: int     # of latency
    chosen: list     # programs that may take part; none named: all
    rest: float      # seconds that small files rest before the first run that reads them

    def peers(self, *contenders):
        return [each for each in who.installed(*contenders)
                if not self.chosen or each.name.split()[0] in self.chosen]

    def scene(self, shape, **how):
        return scene(self.programs, self.home, shape, self.amount(shape), **how)

    def amount(self, shape):
        return self.size if shape in ("photos", "media") else self.files

    def let_rest(self, shape):
        """Nobody notices of a few large files."""
        time.sleep(self.rest if shape == "small" else 0)

    def describe(self, shape):
        amount = self.amount(shape)
        if shape in ("photos", "media"):
            return f"{shape}, {amount / 1e9:g} GB"
        return f"{shape}, {amount:,} files"

    def compete(self, contenders, the, prepare, command=None):
        return compete(self.programs, Work(contenders, command or the.command, prepare, the.check),
                       self.effort)


def first_copy(bench, shape, goals):
    programs = bench.programs
    all_of_them = [who.floor(programs, "copy"), who.syncline(programs), *bench.peers(
        who.rsync("-a"), who.cp(), who.rclone(), who.fpsync(), who.unison(), who.dsync())]
    with bench.scene(shape) as the:
        bench.let_rest(shape)
        results = bench.compete(all_of_them, the, the.forget)
    return [Race(f"First copy ({bench.describe(shape)})", results, goals(results), FLOOR)]


def first_copy_small(bench):
    return first_copy(bench, "small", lambda results: [
        *targets.at_most(results, 1.25, FLOOR), *targets.faster(results, 6, "rsync -a"),
        *targets.faster(results, 2.5, "cp -a"), *targets.faster(results, 2.5, "dsync")])


def first_copy_media(bench):
    return first_copy(bench, "media", lambda results: [
        *targets.at_most(results, 1.2, "cp -a"), *targets.faster(results, 4, "rsync -a")])


def first_copy_photos(bench):
    return first_copy(bench, "photos", lambda results: [])


def first_copy_deep(bench):
    return first_copy(bench, "deep", lambda results: [])


def durable(bench):
    return [race for kind in bench.images for race in durable_on(bench, kind)]


def durable_on(bench, kind):
    programs = bench.programs
    all_of_them = [who.floor(programs, "copy-and-flush"), who.syncline(programs),
                   who.syncline(programs, "--no-flush", name="syncline --no-flush"),
                   *bench.peers(who.rsync("-a"), who.rsync("-a", "--fsync"), who.cp())]
    # With 32,000 bytes a file some of 100,000 could not be copied onto XFS.
    room = bench.files * 64_000
    with places.image(kind, bench.home, room) as mounted:
        with bench.scene("small", copy=mounted / "copy") as the:

            def prepare(contender):
                the.forget(contender)
                subprocess.run(["sync", "-f", str(mounted)], check=True)

            results = bench.compete(all_of_them, the, prepare)
    goals = [*targets.faster(results, 7, "rsync -a --fsync"),
             *targets.faster(results, 1, "rsync -a"), *targets.at_most(results, 1.25, FLOOR)]
    return [Race(f"First copy that outlives a power cut, onto {kind} ({bench.describe('small')})",
                 results, goals, FLOOR,
                 note="`rsync -a`, `cp -a` and `--no-flush` flush nothing.")]


def again(bench, shape, title, contenders, goals, is_read):
    with bench.scene(shape) as the:
        the.make_mirror()
        if is_read:
            bench.let_rest(shape)
        results = bench.compete(contenders, the, the.know)
    return [Race(f"{title} ({bench.describe(shape)})", results, goals(results), FLOOR)]


def unchanged(bench, shape):
    programs = bench.programs
    return again(bench, shape, "Nothing changed, proved",
                 [who.floor(programs, "walk"), *bench.peers(
                     who.rsync("-a"), who.rsync("-ac"), who.rclone(), who.fpsync(), who.unison(),
                     who.dsync()), who.syncline(programs)],
                 lambda results: [*targets.at_most(results, 1.3, FLOOR),
                                  *targets.faster(results, 4, "rsync -a"),
                                  *targets.faster(results, 7, "rsync -ac")], is_read=False)


def rehash(bench, shape):
    programs = bench.programs
    return again(bench, shape, "Everything read again (`--rehash`)",
                 [who.floor(programs, "read"), *bench.peers(who.rsync("-ac")),
                  who.syncline(programs, "--rehash")],
                 lambda results: targets.faster(results, 1.5, "rsync -ac"), is_read=True)


def after_a_change(bench, shape, contenders, change, title, goals, below="", command=None):
    """Each contender first brings the mirror up to date itself; then comes the change."""
    keeper = who.syncline(bench.programs, name=UNCHANGED)
    with bench.scene(shape, below=below) as the:
        the.make_mirror()

        def prepare(contender):
            the.settle(keeper if command and command(the, contender) else contender)
            if contender.name != UNCHANGED:
                change(the)

        results = bench.compete(
            contenders, the, prepare,
            lambda contender: (command(the, contender) if command else None)
            or the.command(contender))
    return Race(title, results, goals(results), FLOOR)


def renamed(bench):
    programs = bench.programs
    all_of_them = [who.syncline(programs), who.syncline(programs, name=UNCHANGED),
                   *bench.peers(who.rsync("-a"), who.rclone(), who.unison())]
    return [after_a_change(
        bench, "small", all_of_them, lambda the: the.rename(),
        f"A folder with all of it renamed ({bench.describe('small')})",
        lambda results: targets.at_most(results, 1.5, UNCHANGED), below="all")]


def changed(bench):
    programs = bench.programs
    bare = programs.path("bench_bare")
    cores = who.CORES
    nothing = Contender(PART, None)
    walk_and_copy = Contender(FLOOR, None, is_floor=True)
    all_of_them = [walk_and_copy, nothing, who.syncline(programs),
                   who.syncline(programs, name=UNCHANGED),
                   *bench.peers(who.rsync("-a"), who.rsync("-ac"), who.rclone(), who.unison())]

    def command(the, contender):
        copying = [bare, "copy", the.home / "picked", the.copy, cores]
        if contender.name == PART:
            return copying
        if contender.name == FLOOR:
            walking = [bare, "walk", the.source, the.copy, cores]
            return ["sh", "-c", " && ".join(" ".join(map(str, words))
                                            for words in (walking, copying))]
        return None

    return [after_a_change(
        bench, "small", all_of_them, lambda the: the.pick(the.change_files()),
        f"1 % changed ({bench.describe('small')})",
        lambda results: targets.extra_at_most(results, 1.25, UNCHANGED, PART), command=command)]


def chunk(bench):
    """On file systems that share blocks."""
    return [race for kind in bench.images if kind in ("xfs", "btrfs")
            for race in chunk_on(bench, kind)]


def chunk_on(bench, kind):
    programs = bench.programs
    all_of_them = [who.syncline(programs), *bench.peers(
        who.rsync("-a"), who.rsync("-a", "--inplace", "--no-whole-file"))]
    written = {}
    with places.image(kind, bench.home, 4 * bench.size) as mounted:
        with bench.scene("media", copy=mounted / "copy") as the:
            the.make_mirror()

            def prepare(contender):
                the.settle(contender)
                the.change_chunk()
                written[contender.name] = -places.bytes_written(mounted)

            def check(contender):
                written[contender.name] += places.bytes_written(mounted)
                the.check(contender)

            results = compete(programs, Work(all_of_them, the.command, prepare, check),
                              dataclasses.replace(bench.effort, count_calls=False))
    goals = [targets.Target("syncline writes ≤ 8 MiB and metadata (2 MiB)",
                            written["syncline"] / places.MIB, 10, at_most=True, unit="MiB")]
    return [Race(f"4 KiB changed in one of four big files on {kind} ({bench.describe('media')})",
                 results, goals, remark_title="written, MiB",
                 remarks={name: f"{count / places.MIB:.1f}" for name, count in written.items()})]


def in_a_loop(bench):
    loops = [latency.syncline_loop(bench.programs), *bench.peers(latency.rsync_loop())]
    with bench.scene("small") as the:
        the.make_mirror()
        contender = who.syncline(bench.programs)
        one_pass = compete(bench.programs, Work([contender], the.command, the.know, the.check),
                           dataclasses.replace(bench.effort, count_calls=False))
        results = {loop.name: latency.measure(loop, the, bench.samples) for loop in loops}
    limit = latency.INTERVAL_S + one_pass["syncline"].median()
    goals = [targets.Target(f"median ≤ {latency.INTERVAL_S} s + one pass",
                            results[loops[0].name].median(), limit, at_most=True, unit="s")]
    ninth = {name: f"{latency.ninth_decile(result):.3f}" for name, result in results.items()}
    return [Race(f"From a change to its mirror, in a loop ({bench.describe('small')})", results,
                 goals, remarks=ninth, remark_title="9 of 10 within, s",
                 note=f"Interval {latency.INTERVAL_S} s, {bench.samples} files written at random "
                      "moments.")]


def scale(bench):
    """Time for each entry, and memory, from few files to millions. They are empty: so millions fit
    into memory, and nothing but the entries counts."""
    programs = bench.programs
    works = {"first copy": [who.syncline(programs), who.floor(programs, "copy"),
                            *bench.peers(who.rsync("-a"))],
             "nothing changed": [who.floor(programs, "walk"), *bench.peers(who.rsync("-a")),
                                 who.syncline(programs)]}
    cost, memory = {}, {}
    for files in bench.scale:
        with contextlib.ExitStack() as stack:
            home = bench.home
            if places.may_mount():
                home = stack.enter_context(places.roomy_memory(bench.home))
            # A million take long enough to be measured once.
            effort = dataclasses.replace(bench.effort, count_calls=False,
                                         rounds=1 if files >= 1_000_000 else bench.effort.rounds)
            the = stack.enter_context(scene(programs, home, "empty", files))
            for work, all_of_them in works.items():
                prepare = the.forget if work == "first copy" else the.know
                remove(the.home / "state")
                if work == "nothing changed":  # whoever copied last may have been too slow
                    remove(the.copy)
                    the.make_mirror()
                results = compete(programs, Work(all_of_them, the.command, prepare, the.check),
                                  effort)
                for name, result in results.items():
                    line = f"{name}, {work}"
                    wall = 1e6 * result.median() / files if result.readings else None
                    peak = result.median("peak") / places.MIB if result.readings else None
                    cost.setdefault(line, []).append(wall)
                    if name != FLOOR:
                        memory.setdefault(line, []).append(peak)
    return [Curves("Time for each entry", "files", "µs", bench.scale, cost),
            Curves("Peak memory", "files", "MiB", bench.scale, memory,
                   memory_targets(bench.scale, memory), note="Of the largest process.")]


def memory_targets(files, memory):
    goals = []
    for work in ("first copy", "nothing changed"):
        peaks = dict(zip(files, memory[f"syncline, {work}"]))
        large = [count for count in files if count >= 1_000_000 and peaks[count]]
        goals += [targets.Target(f"{work}, {count:,} files: ≤ 80 MiB", peaks[count], 80, True,
                                 "MiB") for count in large]
        if len(large) > 1:
            goals.append(targets.Target(f"{work}: {large[-1]:,} files ≤ 1.1 × {large[0]:,} files",
                                        peaks[large[-1]] / peaks[large[0]], 1.1, True))
    return goals


def threads(bench):
    """Both trees on a store where each call takes its time."""
    programs = bench.programs
    if not programs.path("bench_slow_store").exists():
        print("threads: left out, since libfuse3-dev was not there to build with", file=sys.stderr)
        return []
    counts = (1, 2, 4, 8)
    one, most = (f"syncline --io-threads={count}" for count in (counts[0], counts[-1]))
    synclines = [who.syncline(programs, f"--io-threads={count}",
                              name=f"syncline --io-threads={count}") for count in counts]
    races = []
    with places.slow_store(programs.path("bench_slow_store"), bench.home, SLOW_CALL_US) as store:
        with scene(programs, store, "small", bench.slow_files) as the:
            effort = dataclasses.replace(bench.effort, count_calls=False)
            contenders = [*synclines, *bench.peers(who.rsync("-a"))]

            def forget(contender):
                the.forget(contender)
                places.outlast_caches()

            results = compete(programs, Work(contenders, the.command, forget, the.check), effort)
            races.append(("First copy", results))
            remove(the.home / "state")

            def know(contender):
                the.know(contender)
                places.outlast_caches()

            results = compete(programs, Work(contenders, the.command, know, the.check), effort)
            races.append(("Nothing changed", results))
    return [Race(f"{title} on a store where each call takes {SLOW_CALL_US / 1000:g} ms "
                 f"(small, {bench.slow_files:,} files)", results,
                 targets.faster(results, 4, one, most)) for title, results in races]


ROWS = {
    "first-copy-small": first_copy_small,
    "first-copy-photos": first_copy_photos,
    "first-copy-media": first_copy_media,
    "first-copy-deep": first_copy_deep,
    "durable": durable,
    "unchanged-small": lambda bench: unchanged(bench, "small"),
    "unchanged-media": lambda bench: unchanged(bench, "media"),
    "rehash-small": lambda bench: rehash(bench, "small"),
    "rehash-media": lambda bench: rehash(bench, "media"),
    "renamed": renamed,
    "changed": changed,
    "chunk": chunk,
    "latency": in_a_loop,
    "scale": scale,
    "threads": threads,
}
