# Where trees are made: a folder of our own, file systems in images, a store with latency. Each is
# gone when it is left, be it by a signal.
#
# SPDX-License-Identifier: MIT
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

MIB = 1 << 20


MARK = "PEERS_OF_SYNCLINE_IN"
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def _end(number, frame):
    # Once is enough: what follows is the tidying up.
    for each in ENDING:
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


@contextlib.contextmanager
def workplace(parent):
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    for each in ENDING:
        signal.signal(each, _end)
    path = pathlib.Path(tempfile.mkdtemp(prefix="syncline-peers-", dir=parent))
    os.environ[MARK] = str(path)  # what all programs inherit that are started from here on
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        yield path
    finally:
        for each in ENDING:
            signal.signal(each, signal.SIG_IGN)
        # A signal may have come right after a program was started or something mounted, before
        # anybody was to undo it.
        _end_all_marked(path)
        for mounted in _mounted_below(path):
            subprocess.run(["umount", "-l", mounted], stderr=subprocess.DEVNULL)
        shutil.rmtree(path, ignore_errors=True)


def _end_all_marked(path):
    mark = f"{MARK}={path}".encode()
    while True:
        found = False
        for environment in pathlib.Path("/proc").glob("[0-9]*/environ"):
            number = int(environment.parent.name)
            try:
                if number != os.getpid() and mark in environment.read_bytes().split(b"\0"):
                    os.kill(number, signal.SIGKILL)
                    found = True
            except OSError:
                pass  # it is gone, or nobody's whom we may end
        if not found:
            return
        time.sleep(0.01)


def _mounted_below(path):
    """The youngest first."""
    mounts = pathlib.Path("/proc/self/mounts").read_text(errors="surrogateescape").splitlines()
    return [mount.split()[1] for mount in reversed(mounts)
            if mount.split()[1].startswith(f"{path}/")]


def may_mount():
    return os.geteuid() == 0


@contextlib.contextmanager
def image(kind, parent, size):
    """A file system of that kind of its own, in a sparse file in `parent`."""
    file = parent / f"{kind}.image"
    mounted = parent / kind
    mounted.mkdir(exist_ok=True)
    with open(file, "wb") as sparse:
        sparse.truncate(max(size, 512 * MIB))
    force = "-F" if kind == "ext4" else "-f"
    subprocess.run([f"mkfs.{kind}", "-q", force, str(file)], check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run(["mount", "-o", "loop", str(file), str(mounted)], check=True)
    try:
        yield mounted
    finally:
        _unmount(["umount", str(mounted)])
        file.unlink()  # gives the room back before the next one is made


@contextlib.contextmanager
def roomy_memory(parent):
    """A tmpfs of its own, since the usual one holds no more entries than half of the pages."""
    mounted = parent / "tmpfs"
    mounted.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "nr_inodes=0,size=90%", "tmpfs", str(mounted)],
                   check=True)
    try:
        yield mounted
    finally:
        _unmount(["umount", str(mounted)])


@contextlib.contextmanager
def slow_store(program, parent, microseconds):
    """A folder in which each call takes so much longer."""
    behind = parent / "behind"
    mounted = parent / "slow"
    behind.mkdir()
    mounted.mkdir()
    server = subprocess.Popen([str(program), str(behind), str(microseconds), str(mounted)])
    try:
        while not os.path.ismount(mounted):
            if server.poll() is not None:
                raise RuntimeError("the slow store cannot be mounted")
            time.sleep(0.01)
        yield mounted
    finally:
        _unmount(["fusermount3", "-u", str(mounted)])
        server.wait()


def _unmount(command):
    # A worker that has just ended may hold it for a moment.
    for _ in range(50):
        if subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError("failed: " + " ".join(command))


def bytes_written(mounted):
    """To the device of a mounted image, all that is waiting included."""
    subprocess.run(["sync", "-f", str(mounted)], check=True)
    device = subprocess.run(["findmnt", "-n", "-o", "SOURCE", str(mounted)], check=True,
                            capture_output=True, text=True).stdout.strip()
    fields = pathlib.Path("/sys/block", pathlib.Path(device).name, "stat").read_text().split()
    return int(fields[6]) * 512  # sectors written: "Block layer statistics", Linux kernel


def outlast_caches():
    """What FUSE's kernel side believes for a second."""
    time.sleep(1.1)
