"""Line charts as SVG, without a library."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 80, 44, 48, 56
COLOURS = ("#1d5fa8", "#b3401e", "#3d7a2a", "#6b4a9e")
"""At least 4.5 : 1 on white."""

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Axis:
    """One axis. A logarithmic one has a tick at each power of ten."""

    label: str
    low: float
    high: float
    is_log: bool = False

    def share(self, value: float) -> float:
        """Return the place of a value: 0 is the low end, 1 the high one."""
        value = min(max(value, self.low), self.high)
        if self.is_log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        if self.is_log:
            first, last = math.ceil(math.log10(self.low)), math.floor(math.log10(self.high))
            return [10.0**power for power in range(first, last + 1)]
        step = 10 ** math.floor(math.log10((self.high - self.low) / 2))
        step *= next(factor for factor in (1, 2, 5, 10) if (self.high - self.low) / (step * factor) <= 7)
        return [self.low + step * number for number in range(int((self.high - self.low) / step) + 1)]


def chart(title: str, x: Axis, y: Axis, lines: Mapping[str, Points]) -> str:
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
        ' font-family="sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        _text(LEFT, 22, title, weight="bold"),
        *_grid(x, y),
        *(part for number, line in enumerate(lines.items()) for part in _line(x, y, number, *line)),
    ]
    return "\n".join([*parts, "</svg>\n"])


def stacked(charts: Sequence[str]) -> str:
    """Put charts below each other."""
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT * len(charts)}">']
    for number, each in enumerate(charts):
        place = f'<svg y="{HEIGHT * number}" width="{WIDTH}" height="{HEIGHT}" '
        parts.append(each.strip().replace("<svg ", place, 1))
    return "\n".join([*parts, "</svg>\n"])


def _grid(x: Axis, y: Axis) -> list[str]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = []
    for tick in x.ticks():
        place = _x(x, tick)
        parts += [_rule(place, TOP, place, bottom), _text(place, bottom + 18, _number(tick), anchor="middle")]
    for tick in y.ticks():
        place = _y(y, tick)
        parts += [_rule(LEFT, place, right, place), _text(LEFT - 8, place + 4, _number(tick), anchor="end")]
    return [
        *parts,
        _text((LEFT + right) / 2, HEIGHT - 14, x.label, anchor="middle"),
        _text(LEFT, TOP - 8, y.label),
    ]


def _line(x: Axis, y: Axis, number: int, name: str, points: Points) -> list[str]:
    colour = COLOURS[number % len(COLOURS)]
    path = " ".join(f"{_x(x, a):.1f},{_y(y, b):.1f}" for a, b in points)
    at = TOP + 18 + 18 * number
    return [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-linejoin="round"/>',
        f'<rect x="{LEFT + 12}" y="{at - 10}" width="14" height="4" fill="{colour}"/>',
        _text(LEFT + 32, at - 4, name),
    ]


def _x(axis: Axis, value: float) -> float:
    return LEFT + axis.share(value) * (WIDTH - LEFT - RIGHT)


def _y(axis: Axis, value: float) -> float:
    return HEIGHT - BOTTOM - axis.share(value) * (HEIGHT - TOP - BOTTOM)


def _text(x: float, y: float, words: str, *, anchor: str = "start", weight: str = "normal") -> str:
    style = f'text-anchor="{anchor}" font-weight="{weight}" fill="#222"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(words)}</text>'


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ddd"/>'


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 or not value else f"{value:g}"
