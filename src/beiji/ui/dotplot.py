"""Measured numbers on one scale, each line beside its own target: what was found, what counts, what misses."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from .figures import Scale, line, svg, text

#: Height of a line with its name above it, and the room at both ends of the scale.
STEP, EDGE = 46, 10


@dataclass(frozen=True)
class Dot:
    """One number. `counts`: it stands (else hollow); `misses`: it is on the wrong side of its target."""

    value: float
    counts: bool = True
    misses: bool = False


@dataclass(frozen=True)
class DotLine:
    """The numbers of one place; `words` say the newest at the reading end."""

    name: str
    dots: Sequence[Dot]
    target: float | None
    words: str


def ticks_of(high: float) -> list[float]:
    """Round numbers from nought to the first that is not below `high`, three to six of them."""
    raw = (high or 1) / 4
    size = 10 ** math.floor(math.log10(raw))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= raw)
    return [step * n for n in range(math.ceil(round((high or 1) / step, 9)) + 1)]


def dot_plot(
    lines: Sequence[DotLine], title: str, *, say: Callable[[float], str], mirrored: bool = False, width: float = 420
) -> SafeString:
    """Lines of dots from nought on one scale, a bar at each target. `say` writes a number of the scale."""
    numbers = [d.value for one in lines for d in one.dots] + [one.target for one in lines if one.target is not None]
    ticks = ticks_of(max(numbers, default=1))
    scale = Scale(0, ticks[-1], EDGE, width - EDGE, mirrored)
    bottom = STEP * len(lines) + 4
    start, end = (width, 0.0) if mirrored else (0.0, width)
    near, far = ("end", "start") if mirrored else ("start", "end")
    body = [line(scale.at(value), 20, scale.at(value), bottom, "var(--line)") for value in ticks]
    for index, one in enumerate(lines):
        y = index * STEP + 34
        body += [text(start, y - 17, one.name, near), text(end, y - 17, one.words, far, strong=True)]
        body.append(line(scale.at(0), y, scale.at(ticks[-1]), y))
        if one.target is not None:
            body.append(line(scale.at(one.target), y - 10, scale.at(one.target), y + 10, "var(--ink)", 2.5))
        body += [_dot(dot, scale, y) for dot in sorted(one.dots, key=lambda dot: dot.counts)]
    body += [
        text(scale.at(value), bottom + 15, say(value), _anchor(scale.at(value), width), size=13) for value in ticks
    ]
    return svg(width, bottom + 20, title, body)


def _dot(dot: Dot, scale: Scale, y: float) -> str:
    colour = "var(--bad)" if dot.misses else "var(--accent)"
    fill = colour if dot.counts else "var(--surface)"
    x = scale.at(dot.value)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{fill}" stroke="{colour}" stroke-width="2"/>'


def _anchor(x: float, width: float) -> str:
    """Words at the edge of a figure stay inside it."""
    return "start" if x <= EDGE else "end" if x >= width - EDGE else "middle"
