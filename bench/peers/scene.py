# One source tree, its mirror, and what contenders remember of the two.
#
# SPDX-License-Identifier: MIT
import contextlib
import os
import pathlib
import shutil
import subprocess
import time

from contenders import Mirror

# Longer than clocks tick, those of programs included that only look at whole seconds: what is
# written from then on bears another stamp than what was there before.
SETTLE_S = 1.1


def remove(path):
    subprocess.run(["rm", "-rf", str(path)], check=True)


class Scene:
    """`below`: the tree is that folder of the source, rather than the source itself."""

    def __init__(self, programs, home, shape, size, copy=None, below=""):
        self.programs = programs
        self.home = home
        self.source = home / "source"
        self.copy = copy or home / "copy"
        self.changes = 0
        if below:
            self.source.mkdir(parents=True)
        programs.tree("make", shape, self.source / below if below else self.source, size)

    def mirror(self, contender):
        slug = contender.name.replace(" ", "_").replace("/", "_")
        return Mirror(self.source, self.copy, self.home / "state" / slug)

    def command(self, contender):
        return contender.command(self.mirror(contender))

    def forget(self, contender):
        """Neither is there a copy, nor does it remember one."""
        remove(self.copy)
        self.begin(contender)

    def begin(self, contender):
        state = self.mirror(contender).state
        remove(state)
        state.mkdir(parents=True)

    def make_mirror(self):
        self.programs.timed([self.programs.path("bench_bare"), "copy", self.source, self.copy,
                             os.cpu_count()])
        time.sleep(SETTLE_S)

    def know(self, contender):
        """The first time, `contender` gets to know the mirror."""
        if not self.mirror(contender).state.exists():
            self.begin(contender)
            self.settle(contender)

    def settle(self, contender):
        """The mirror is whole, and `contender` knows, whatever it did before."""
        self.mirror(contender).state.mkdir(parents=True, exist_ok=True)
        self.programs.timed(self.command(contender))
        time.sleep(SETTLE_S)

    def change_files(self):
        self.changes += 1
        return [pathlib.Path(path)
                for path in self.programs.tree("change-files", self.source, self.changes)]

    def change_chunk(self):
        self.changes += 1
        self.programs.tree("change-chunk", self.source, self.changes)

    def rename(self):
        self.programs.tree("rename", self.source)

    def pick(self, paths):
        """A tree of these files of the source alone, and the folders on the way."""
        picked = self.home / "picked"
        remove(picked)
        picked.mkdir()
        folders = {self.source}
        for path in paths:
            to = picked / path.relative_to(self.source)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, to)
            folders.update(parent for parent in path.parents if self.source in parent.parents)
        for folder in folders:
            shutil.copystat(folder, picked / folder.relative_to(self.source))
        return picked

    def check(self, contender):
        self.programs.tree("compare", contender.keeps, self.source, self.copy)


@contextlib.contextmanager
def scene(programs, parent, shape, size, **how):
    home = parent / "scene"
    home.mkdir()
    try:
        yield Scene(programs, home, shape, size, **how)
    finally:
        remove(home)
