# Who is timed, and by which command: Syncline, the programs that people use instead, and the bare
# loops of the needed system calls.
#
# SPDX-License-Identifier: MIT
import dataclasses
import os
import shutil
import typing

CORES = os.cpu_count() or 1


@dataclasses.dataclass(frozen=True)
class Mirror:
    """Two trees, and where a contender that remembers may do so."""

    source: typing.Any
    copy: typing.Any
    state: typing.Any


@dataclasses.dataclass(frozen=True)
class Contender:
    name: str
    command: typing.Callable[[Mirror], list]
    is_floor: bool = False
    # What bench_tree compares: "files" leaves out the mode, owner and mtime of folders, "content" all
    # of these.
    keeps: str = "everything"


FLOOR = "bare loop"


def floor(programs, loop):
    return Contender(FLOOR, is_floor=True, command=lambda mirror: [
        programs.path("bench_bare"), loop, mirror.source, mirror.copy, CORES])


def syncline(programs, *options, name="syncline"):
    # Deletes as rsync --delete does, for the sake of the row where all files move.
    return Contender(name, lambda mirror: [
        programs.path("syncline"), "--index", mirror.state / "index", "--delete", *options,
        mirror.source, mirror.copy])


def rsync(*options):
    # By default it takes mtimes within a second for the same, and a benchmark is quicker than that.
    return Contender("rsync " + " ".join(options), lambda mirror: [
        "rsync", *options, "--modify-window=-1", "--delete", f"{mirror.source}/", mirror.copy])


def cp():
    return Contender("cp -a", lambda mirror: ["cp", "-aT", mirror.source, mirror.copy])


def rclone():
    return Contender("rclone sync", keeps="files", command=lambda mirror: [
        "rclone", "sync", "--config=", "--links", "--metadata", "--create-empty-src-dirs",
        mirror.source, mirror.copy])


def fpsync():
    return Contender("fpsync", keeps="files", command=lambda mirror: [
        "fpsync", "-n", CORES, "-t", mirror.state,
        "-o", "-lptgoD --numeric-ids --modify-window=-1", f"{mirror.source}/", f"{mirror.copy}/"])


def unison():
    return Contender("unison", lambda mirror: [
        "env", f"UNISON={mirror.state}", "unison", mirror.source, mirror.copy, "-batch", "-silent",
        "-confirmbigdel=false", "-force", mirror.source, "-owner", "-group", "-times",
        "-perms=-1", "-fastcheck=true"], keeps="content")  # mtimes in whole seconds


def dsync():
    return Contender("dsync", keeps="files", command=lambda mirror: [
        "mpirun", "--allow-run-as-root", "-np", CORES, "dsync", "--quiet", "--delete",
        mirror.source, mirror.copy])


def installed(*contenders):
    """Those whose program is here."""
    needs = {"rclone sync": ["rclone"], "fpsync": ["fpsync", "rsync"], "unison": ["unison"],
             "dsync": ["mpirun", "dsync"]}
    return [each for each in contenders
            if all(map(shutil.which, needs.get(each.name, [each.name.split()[0]])))]
