# Timing several contenders at the same work, in rounds: what disturbs the machine for a while then
# hits all of them, and each has another one before it from round to round.
#
# SPDX-License-Identifier: MIT
import dataclasses
import math
import statistics
import sys
import time
import typing


@dataclasses.dataclass
class Result:
    readings: list = dataclasses.field(default_factory=list)
    calls: typing.Optional[int] = None
    failure: str = ""

    def median(self, what="wall"):
        return statistics.median(getattr(reading, what) for reading in self.readings)

    def range(self):
        walls = [reading.wall for reading in self.readings]
        return min(walls), max(walls)


@dataclasses.dataclass(frozen=True)
class Work:
    """What is timed. `prepare` comes before each run; `check` raises where the outcome is wrong."""

    contenders: list
    command: typing.Callable
    prepare: typing.Callable
    check: typing.Callable


@dataclasses.dataclass(frozen=True)
class Effort:
    rounds: int
    patience: float  # seconds that one contender may take over all rounds before it is left out
    count_calls: bool
    # By time.monotonic(): from then on each contender has one round, and its calls are not counted.
    hurry_from: float = math.inf

    def in_a_hurry(self):
        return time.monotonic() > self.hurry_from


def compete(programs, work, effort):
    """Results by name. Who fails once is told of and not run again."""
    results = {each.name: Result() for each in work.contenders}
    for turn in range(effort.rounds):
        if turn > 0 and effort.in_a_hurry():
            break
        at = turn % len(work.contenders)
        for contender in work.contenders[at:] + work.contenders[:at]:
            result = results[contender.name]
            spent = sum(reading.wall for reading in result.readings)
            if not result.failure and spent < effort.patience:
                _attempt(result, contender, work, lambda command: result.readings.append(
                    programs.timed(command, 2 * effort.patience)))
    for contender in work.contenders if effort.count_calls and not effort.in_a_hurry() else []:
        result = results[contender.name]
        if not result.failure:
            _attempt(result, contender, work, lambda command: setattr(
                result, "calls", programs.calls(command)))
    return results


def _attempt(result, contender, work, run):
    try:
        work.prepare(contender)
        run(work.command(contender))
        work.check(contender)
    except (OSError, RuntimeError) as problem:
        result.failure = str(problem)
        result.readings.clear()
        print(f"  {contender.name}: {problem}", file=sys.stderr)
