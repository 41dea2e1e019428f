# Where trees are made: a folder of our own, file systems in images, a store with latency. Each is
# gone when it is left.
#
# SPDX-License-Identifier: MIT
import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

MIB = 1 << 20


@contextlib.contextmanager
def workplace(parent):
    path = pathlib.Path(tempfile.mkdtemp(prefix="syncline-peers-", dir=parent))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


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
        file.unlink()


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
