# The tables as drawings: bars for races, lines for curves. SVG is text, and little of it is needed.
#
# SPDX-License-Identifier: MIT
import html
import math

from tables import Race

WIDTH = 900
NAMES = 250   # for names, left of bars
VALUES = 120  # for values, right of them
BAR = 18
PLOT_HEIGHT = 320
MARGIN = 70
COLOURS = ["#0b6e99", "#d9730d", "#448361", "#9065b0", "#c14c8a", "#787774", "#337ea9", "#cb912f"]


def svg(tables):
    """One drawing of all of them, one below the other."""
    drawn, y = [], 10
    for table in tables:
        if isinstance(table, Race) and not any(r.readings for r in table.results.values()):
            continue
        lines, height = _bars(table) if isinstance(table, Race) else _lines(table)
        drawn.append(f'<g transform="translate(0 {y})">{"".join(lines)}</g>')
        y += height + 24
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" '
            f'viewBox="0 0 {WIDTH} {y}" font-family="sans-serif" font-size="12">'
            f'<rect width="100%" height="100%" fill="white"/>{"".join(drawn)}</svg>\n')


def _text(x, y, text, more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{html.escape(text)}</text>'


def _line(x1, y1, x2, y2, stroke, more=""):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" '
            f'{more}/>')


def _title(table):
    return _text(10, 16, table.title, 'font-size="15" font-weight="bold"')


def _bars(race):
    """The median of each, a whisker from its fastest to its slowest run, a line at the floor."""
    measured = {name: result for name, result in race.results.items() if result.readings}
    longest = max(result.range()[1] for result in measured.values())
    scale = (WIDTH - NAMES - VALUES) / longest
    drawn = [_title(race)]
    y = 28
    for name, result in measured.items():
        wall, (low, high) = result.median(), result.range()
        colour = COLOURS[0] if name.startswith("syncline") else (
            "#b0b0b0" if name == race.floor else COLOURS[1])
        middle = y + BAR / 2
        drawn += [_text(NAMES - 8, middle + 4, name, 'text-anchor="end"'),
                  f'<rect x="{NAMES}" y="{y}" width="{wall * scale:.1f}" height="{BAR - 4}" '
                  f'fill="{colour}"/>',
                  _line(NAMES + low * scale, middle - 2, NAMES + high * scale, middle - 2, "black"),
                  _text(NAMES + high * scale + 6, middle + 4, f"{wall:.3g} s")]
        y += BAR
    if race.floor in measured:
        x = NAMES + measured[race.floor].median() * scale
        drawn.append(_line(x, 26, x, y, "#606060", 'stroke-dasharray="4 3"'))
    return drawn, y


def _lines(curves):
    """Both axes logarithmic, so that what grows in step is a straight line and ratios are
    distances."""
    values = [value for series in curves.series.values() for value in series if value]
    left, right, top, bottom = MARGIN, WIDTH - 280, 34, 34 + PLOT_HEIGHT

    def across(x):
        first, last = math.log(curves.xs[0]), math.log(curves.xs[-1])
        return left + (right - left) * (math.log(x) - first) / ((last - first) or 1)

    low, high = math.log(min(values) / 1.2), math.log(max(values) * 1.2)

    def up(y):
        return bottom - (bottom - top) * (math.log(y) - low) / (high - low)

    drawn = [_title(curves), _line(left, bottom, right, bottom, "black"),
             _line(left, top, left, bottom, "black"), _text(8, top - 4, curves.y_title),
             _text(right, bottom + 34, curves.x_title, 'text-anchor="end"')]
    for x in curves.xs:
        drawn.append(_text(across(x), bottom + 18, f"{x:,}", 'text-anchor="middle"'))
    for tick in _ticks(min(values) / 1.2, max(values) * 1.2):
        drawn += [_line(left, up(tick), right, up(tick), "#e4e4e4"),
                  _text(left - 6, up(tick) + 4, f"{tick:g}", 'text-anchor="end"')]
    for number, (name, series) in enumerate(curves.series.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = [(across(x), up(y)) for x, y in zip(curves.xs, series) if y]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        key = top + 10 + 18 * number
        drawn += [_line(right + 20, key, right + 44, key, colour, 'stroke-width="2"'),
                  _text(right + 50, key + 4, name)]
    return drawn, bottom + 40


def _ticks(low, high):
    """1, 2 and 5 of each power of ten in between."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [step * 10.0 ** power for power in powers for step in (1, 2, 5)
            if low <= step * 10.0 ** power <= high]
