# How long a change takes to reach the mirror while a loop keeps it up to date.
#
# SPDX-License-Identifier: MIT
import dataclasses
import os
import random
import signal
import statistics
import subprocess
import time
import typing

from measure import Result
from programs import Reading

INTERVAL_S = 0.1
LONGEST_WAIT_S = 60
POLL_S = 0.001


@dataclasses.dataclass(frozen=True)
class Loop:
    name: str
    command: typing.Callable


def syncline_loop(programs):
    return Loop("syncline LOG SRC DST 0.1", lambda the: [
        programs.path("syncline"), "--index", the.home / "loop.index", the.home / "loop.log",
        the.source, the.copy, INTERVAL_S])


def rsync_loop():
    return Loop("rsync -a in a shell loop", lambda the: [
        "sh", "-c", f"while rsync -a --modify-window=-1 --delete '{the.source}/' '{the.copy}'; "
                    f"do sleep {INTERVAL_S}; done"])


def measure(loop, the, samples):
    """Seconds from a file's writing to the moment it is in the copy, as wall times. Its processor
    time and memory are left out."""
    result = Result()
    process = subprocess.Popen(list(map(str, loop.command(the))), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        _latency(the, process, "warm-up")  # after the first pass, which has everything to look at
        moments = random.Random(samples)
        for number in range(samples):
            time.sleep(moments.uniform(0, 2 * INTERVAL_S))
            result.readings.append(Reading(_latency(the, process, str(number)), 0, 0))
    except RuntimeError as problem:
        result.failure = str(problem)
        result.readings.clear()
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # a shell's children too
        process.wait()
    return result


def ninth_decile(result):
    return statistics.quantiles([reading.wall for reading in result.readings], n=10)[-1]


def _latency(the, process, text):
    name = "changed-in-a-loop"
    begin = time.monotonic()
    (the.source / name).write_text(text)
    while not _holds(the.copy / name, text):
        if process.poll() is not None:
            raise RuntimeError("the loop ended")
        if time.monotonic() - begin > LONGEST_WAIT_S:
            raise RuntimeError("a change did not come through")
        time.sleep(POLL_S)
    return time.monotonic() - begin


def _holds(path, text):
    try:
        return path.read_text() == text
    except FileNotFoundError:
        return False
