# Running programs, and what a run took.
#
# SPDX-License-Identifier: MIT
import dataclasses
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile


@dataclasses.dataclass(frozen=True)
class Reading:
    wall: float  # seconds
    cpu: float   # seconds, of all processes
    peak: int    # bytes, of the largest process


class Programs:
    """Those that a build made."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        for name in ("syncline", "bench_tree", "bench_bare", "bench_timed"):
            if not self.path(name).exists():
                raise FileNotFoundError(f"no {name} in {self.folder}: build with SYNCLINE_BENCH=ON")

    def path(self, name):
        return self.folder / name

    def tree(self, *words):
        """What bench_tree says. Raises where it fails."""
        done = subprocess.run([self.path("bench_tree"), *map(str, words)], capture_output=True,
                              text=True, errors="surrogateescape")
        if done.returncode != 0:
            raise RuntimeError(f"bench_tree {words[0]}: {(done.stdout or done.stderr).strip()}")
        return done.stdout.splitlines()

    def timed(self, command, longest=None):
        with tempfile.NamedTemporaryFile(suffix=".json") as report:
            run([self.path("bench_timed"), report.name, *command], longest)
            return Reading(**json.loads(pathlib.Path(report.name).read_text()))

    def calls(self, command):
        """How many system calls it makes, by perf, else by strace; None where neither can tell."""
        with tempfile.NamedTemporaryFile(suffix=".txt") as report:
            if _can(["perf", "stat", "-e", "raw_syscalls:sys_enter", "true"]):
                run(["perf", "stat", "-x,", "-o", report.name, "-e", "raw_syscalls:sys_enter",
                     *command])
                pattern = r"^(\d+),"
            elif shutil.which("strace"):
                run(["strace", "-c", "-f", "-o", report.name, *command])
                pattern = r"^100\.00\s+\S+\s+\S+\s+(\d+)"
            else:
                return None
            found = re.search(pattern, pathlib.Path(report.name).read_text(), re.MULTILINE)
            return int(found[1]) if found else None


def run(command, longest=None):
    """Raises where it fails, or takes longer than so many seconds."""
    command = list(map(str, command))
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                               errors="replace", start_new_session=True)
    try:
        _, said = process.communicate(timeout=longest)
    except BaseException as problem:  # nobody works on in what is about to be removed
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if isinstance(problem, subprocess.TimeoutExpired):
            raise RuntimeError(f"took longer than {longest:g} s") from None
        raise
    if process.returncode != 0:
        last = (said.strip().splitlines() or ["no word"])[-1]
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {last}")


def _can(command):
    if not shutil.which(command[0]):
        return False
    return subprocess.run(command, capture_output=True).returncode == 0
