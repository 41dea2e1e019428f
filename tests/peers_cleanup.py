# The race beside the peers, ended by each signal that ends it, in the middle of its work: it leaves
# neither trees nor mounts nor processes.
#
#   python3 peers_cleanup.py PROJECT BIN WORK
#
# SPDX-License-Identifier: MIT
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

PATIENCE_S = 60


def wait_until(what, process):
    end = time.monotonic() + PATIENCE_S
    while not what():
        if process.poll() is not None:
            sys.exit(f"it ended by itself with {process.returncode}")
        if time.monotonic() > end:
            sys.exit("it never came so far")
        time.sleep(0.01)


def mounts(folder):
    return [line for line in pathlib.Path("/proc/self/mounts").read_text().splitlines()
            if str(folder) in line]


def users_of(folder):
    found = []
    for words in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in words.read_bytes() and int(words.parent.name) != os.getpid():
                found.append(words.parent.name)
        except OSError:
            pass  # it is gone
    return found


def main():
    project, programs, work = map(pathlib.Path, sys.argv[1:])
    # The row that mounts something, for who may.
    for row, came in (("first-copy-small", lambda trees: list(trees.glob("*/scene/copy/*"))),
                      ("scale", lambda trees: os.geteuid() != 0 or mounts(trees))):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            trees = work / "trees"
            shutil.rmtree(work, ignore_errors=True)
            trees.mkdir(parents=True)
            process = subprocess.Popen(
                [sys.executable, project / "bench/peers", "--files=2000", "--rounds=1000",
                 f"--rows={row}", "--peers=cp,rsync", "--no-calls", f"--bin={programs}",
                 f"--folder={trees}", f"--out={work}/out"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            wait_until(lambda: came(trees), process)
            process.send_signal(number)
            status = process.wait(PATIENCE_S)
            left = [*trees.iterdir(), *mounts(trees), *users_of(trees)]
            if left or status != 128 + number:
                sys.exit(f"{row}, {number.name}: ended with {status} and left {left}")


main()
