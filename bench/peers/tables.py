# What a row comes to: a race of contenders, or curves over some size.
#
# SPDX-License-Identifier: MIT
import dataclasses


@dataclasses.dataclass(frozen=True)
class Race:
    title: str
    results: dict  # measure.Result by contender
    targets: list = dataclasses.field(default_factory=list)
    floor: str = ""   # which of them is
    remarks: dict = dataclasses.field(default_factory=dict)  # by contender
    remark_title: str = ""
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Curves:
    title: str
    x_title: str
    y_title: str
    xs: list
    series: dict  # one value for each x, or None, by name
    targets: list = dataclasses.field(default_factory=list)
    note: str = ""
