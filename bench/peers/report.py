# The tables as Markdown.
#
# SPDX-License-Identifier: MIT
from places import MIB
from tables import Race


def markdown(table):
    lines = [f"### {table.title}", ""]
    lines += [table.note, ""] if table.note else []
    lines += _race(table) if isinstance(table, Race) else _curves(table)
    if table.targets:
        lines += ["", *_rows(["target", "measured", "limit", ""], [
            [target.text, f"{target.value:.3g} {target.unit}", f"{target.limit:.3g} {target.unit}",
             target.verdict()]
            for target in table.targets])]
    return "\n".join(lines) + "\n"


def _race(race):
    results = race.results
    measured = {name: result for name, result in results.items() if result.readings}
    own = next((result for name, result in measured.items() if name.startswith("syncline")), None)
    floor = measured.get(race.floor)
    head = ["", "wall, s", "from – to, of", "× syncline"] + (["× floor"] if floor else [])
    has_costs = any(result.median("peak") for result in measured.values())
    has_calls = any(result.calls for result in measured.values())
    head += ["CPU, s", "peak, MiB"] if has_costs else []
    head += ["system calls"] if has_calls else []
    head += [race.remark_title] if race.remarks else []
    rows = []
    for name, result in results.items():
        if not result.readings:
            rows.append([name, f"failed: {result.failure}"])
            continue
        wall = result.median()
        low, high = result.range()
        row = [name, f"{wall:.3f}", f"{low:.3f} – {high:.3f}, {len(result.readings)}",
               f"{wall / own.median():.2f}" if own else ""]
        row += [f"{wall / floor.median():.2f}"] if floor else []
        row += [f"{result.median('cpu'):.2f}", f"{result.median('peak') / MIB:.0f}"
                ] if has_costs else []
        row += [f"{result.calls:,}" if result.calls else ""] if has_calls else []
        row += [race.remarks.get(name, "")] if race.remarks else []
        rows.append(row)
    return _rows(head, rows)


def _curves(curves):
    head = [f"{curves.y_title}, by {curves.x_title}", *(f"{x:,}" for x in curves.xs)]
    return _rows(head, [[name, *("" if value is None else f"{value:.1f}" for value in values)]
                        for name, values in curves.series.items()])


def _rows(head, rows):
    width = len(head)
    return ["| " + " | ".join(head) + " |", "|" + "---|" * width,
            *("| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows)]
