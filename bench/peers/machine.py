# The machine that figures are from, and how busy it was.
#
# SPDX-License-Identifier: MIT
import os
import pathlib
import platform
import re
import shutil
import subprocess


def describe(folder):
    model = re.search(r"model name\s*: (.*)", _text("/proc/cpuinfo"))
    memory = int(re.search(r"MemTotal:\s*(\d+)", _text("/proc/meminfo"))[1]) / (1 << 20)
    kind = _said(["findmnt", "-n", "-o", "FSTYPE", "-T", str(folder)]).split()[0]
    vectors = " with AVX-512" if "avx512f" in _text("/proc/cpuinfo") else ""
    return (f"{os.cpu_count()} cores of {model[1] if model else platform.machine()}{vectors}, "
            f"{memory:.0f} GiB of memory, Linux {platform.release()}; trees on {kind}")


def load():
    return ", ".join(f"{average:.1f}" for average in os.getloadavg())


def is_busy():
    """So that threads of one program hardly get more of it than one thread would."""
    return os.getloadavg()[0] > 0.5 * (os.cpu_count() or 1)


def versions(syncline):
    asked = {"syncline": [syncline, "--version"], "rsync": ["rsync", "--version"],
             "cp": ["cp", "--version"], "rclone": ["rclone", "--version"],
             "fpsync": ["fpsync", "-h"], "unison": ["unison", "-version"],
             "dsync": ["dsync", "--version"]}
    found = {name: re.search(r"\d+(\.\d+)+\S*", _said(list(map(str, command))))
             for name, command in asked.items() if shutil.which(command[0])}
    return ", ".join(f"{name} {version[0]}" for name, version in found.items() if version)


def _text(path):
    return pathlib.Path(path).read_text()


def _said(command):
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    return (done.stdout + done.stderr).strip()
