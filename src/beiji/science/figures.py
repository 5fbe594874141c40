"""Figures of a run as SVG text: load of each hospital, order of bottlenecks, causes of preventable deaths, spread of outcomes.

No script, no style attribute, no colour value: fills are CSS variables of the house's tokens with a printable fallback, so the same figure follows the
theme on screen and prints in light colours. ``rtl`` mirrors the whole figure; text stays real text. Words come from the caller, already translated.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from types import MappingProxyType

WIDTH = 720
LABEL = 240
ROW = 24
FONT = "Noto Sans, Noto Sans SC, Heebo, sans-serif"


@dataclass(frozen=True)
class Paint:
    """What is painted: triage colours, one series, ink and lines; each a CSS variable with a fallback for print."""

    red: str = "var(--red, #bb0916)"
    yellow: str = "var(--yellow, #fadb2c)"
    green: str = "var(--green, #3db75a)"
    black: str = "var(--black, #0f0f0f)"
    series: str = "var(--series-1, #083c75)"
    soft: str = "var(--unknown-soft, #e2e7e8)"
    ink: str = "var(--ink, #14202b)"
    quiet: str = "var(--ink-2, #43525f)"
    line: str = "var(--line, #dcdfdc)"


SCREEN = Paint()
COLOURS = ("red", "yellow", "green", "black")
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "load": "Casualties received by hospital",
        "bottlenecks": "What was waited for most",
        "causes": "Preventable deaths by what was waited for",
        "spread": "How single events differ",
        "casualties": "casualties",
        "red": "red",
        "yellow": "yellow",
        "green": "green",
        "black": "black",
        "waiting": "casualty minutes waited per event",
        "first": ", first at minute {minute}",
        "share": "share of preventable deaths",
        "survivors": "survivors",
        "events": "events",
        "more": "and {count} more",
    }
)


@dataclass(frozen=True)
class Bar:
    """A row of a bar figure: label, value, its interval if any, a remark straight after the value."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None
    remark: str = ""


class _Canvas:
    """Collects shapes; x grows in reading direction, so one code draws both directions."""

    def __init__(self, height: float, title: str, description: str, *, rtl: bool, paint: Paint) -> None:
        self.height, self.title, self.description, self.rtl, self.paint = height, title, description, rtl, paint
        self.shapes: list[str] = []

    def x(self, at: float) -> float:
        return WIDTH - at if self.rtl else at

    def rect(self, x: float, y: float, width: float, height: float, fill: str, *, hint: str = "") -> None:
        left = self.x(x + width) if self.rtl else x
        inner = f"<title>{escape(hint)}</title>" if hint else ""
        self.shapes.append(
            f'<rect x="{left:.1f}" y="{y:.1f}" width="{max(width, 0.0):.1f}" height="{height:.1f}" fill="{fill}">{inner}</rect>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str, width: float = 1) -> None:
        self.shapes.append(
            f'<line x1="{self.x(x1):.1f}" y1="{y1:.1f}" x2="{self.x(x2):.1f}" y2="{y2:.1f}" stroke="{stroke}" stroke-width="{width:g}"/>'
        )

    def text(self, x: float, y: float, words: str, *, anchor: str = "start", fill: str = "", size: int = 13) -> None:
        flip = {"start": "end", "end": "start", "middle": "middle"}
        side = flip[anchor] if self.rtl else anchor
        self.shapes.append(
            f'<text x="{self.x(x):.1f}" y="{y:.1f}" text-anchor="{side}" font-size="{size}" fill="{fill or self.paint.ink}">{escape(words)}</text>'
        )

    def svg(self) -> str:
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height:.0f}" width="{WIDTH}" height="{self.height:.0f}" role="img" '
            f'direction="ltr" font-family="{FONT}">'
        )
        return f"{head}<title>{escape(self.title)}</title><desc>{escape(self.description)}</desc>{''.join(self.shapes)}</svg>"


def hospital_load(
    rows: Sequence[Mapping[str, float | str]],
    names: Mapping[str, str] | None = None,
    *,
    words: Mapping[str, str] = WORDS,
    rtl: bool = False,
    paint: Paint = SCREEN,
) -> str:
    """Stacked bars, one hospital a row, most casualties first. ``rows`` as ``Results.hospitals``: hospital, arrived, arrived_red … mean counts an event."""
    shown = sorted(
        (row for row in rows if float(row["arrived"]) >= 0.5),
        key=lambda row: (-float(row["arrived"]), str(row["hospital"])),
    )
    top = max((float(row["arrived"]) for row in shown), default=1.0)
    space = WIDTH - LABEL - 60
    canvas = _Canvas(ROW * len(shown) + 34, words["load"], _sentence(shown, names, words), rtl=rtl, paint=paint)
    canvas.text(LABEL, 14, words["casualties"], fill=paint.quiet, size=12)
    for at, colour in enumerate(COLOURS):
        canvas.rect(LABEL + 120 + 90 * at, 5, 10, 10, getattr(paint, colour))
        canvas.text(LABEL + 135 + 90 * at, 14, words[colour], fill=paint.quiet, size=12)
    for at, row in enumerate(shown):
        y = 22 + ROW * at
        name = (names or {}).get(str(row["hospital"]), str(row["hospital"]))
        canvas.text(LABEL - 8, y + 15, name, anchor="end")
        x = float(LABEL)
        for colour in COLOURS:
            count = float(row.get(f"arrived_{colour}", 0.0))
            width = count / top * space
            if width >= 0.5:
                canvas.rect(
                    x, y + 2, width, ROW - 6, getattr(paint, colour), hint=f"{name}, {words[colour]}: {count:.0f}"
                )
            x += width
        canvas.text(x + 6, y + 15, f"{float(row['arrived']):.0f}", fill=paint.quiet)
    return canvas.svg()


def _sentence(
    rows: Sequence[Mapping[str, float | str]], names: Mapping[str, str] | None, words: Mapping[str, str]
) -> str:
    parts = [
        f"{(names or {}).get(str(row['hospital']), str(row['hospital']))} {float(row['arrived']):.0f}" for row in rows
    ]
    return f"{words['load']}: {', '.join(parts)}"


def bars(
    rows: Sequence[Bar],
    title: str,
    unit: str,
    *,
    digits: int = 0,
    rtl: bool = False,
    paint: Paint = SCREEN,
    most: int = 10,
    more: str = "",
) -> str:
    """Horizontal bars with intervals, in the given order; at most ``most`` rows, then the words ``more`` (with ``{count}``)."""
    shown = list(rows[:most])
    top = max((row.high if row.high is not None else row.value for row in shown), default=0.0) or 1.0
    space = WIDTH - LABEL - 190
    left_out = len(rows) - len(shown)
    height = ROW * (len(shown) + (1 if left_out and more else 0)) + 34
    description = f"{title}: " + ", ".join(f"{row.label} {row.value:.{digits}f}" for row in shown)
    canvas = _Canvas(height, title, description, rtl=rtl, paint=paint)
    canvas.text(LABEL, 14, unit, fill=paint.quiet, size=12)
    for at, row in enumerate(shown):
        y = 22 + ROW * at
        width = max(row.value, 0.0) / top * space
        canvas.text(LABEL - 8, y + 15, row.label, anchor="end")
        canvas.rect(LABEL, y + 2, width, ROW - 6, paint.series, hint=f"{row.label}: {row.value:.{digits}f}")
        end = width
        if row.low is not None and row.high is not None:
            under, low, high = y + ROW - 2, max(row.low, 0.0) / top * space, row.high / top * space
            canvas.line(LABEL + low, under, LABEL + high, under, paint.ink, 2)
            end = max(end, high)
        canvas.text(LABEL + end + 6, y + 15, f"{row.value:,.{digits}f}{row.remark}", fill=paint.quiet, size=12)
    if left_out and more:
        canvas.text(LABEL, 22 + ROW * len(shown) + 14, more.format(count=left_out), fill=paint.quiet, size=12)
    return canvas.svg()


def spread(
    counts: Sequence[tuple[float, int]], title: str, unit: str, *, rtl: bool = False, paint: Paint = SCREEN
) -> str:
    """Histogram of whole outcomes, given as (outcome, events) in rising order: how much single events differ, beside which the interval of a mean is narrow."""
    height = 190
    canvas = _Canvas(height, title, f"{title}: {sum(count for _, count in counts)}", rtl=rtl, paint=paint)
    if not counts:
        return canvas.svg()
    low, high = math.floor(counts[0][0]), math.floor(counts[-1][0]) + 1
    step = max(1, math.ceil((high - low) / 40))
    classes = math.ceil((high - low) / step)
    tall = [0] * classes
    for value, count in counts:
        tall[min(int((value - low) / step), classes - 1)] += count
    left, bottom, room = 40.0, 150.0, WIDTH - 80.0
    width = room / classes
    for at, count in enumerate(tall):
        top = count / max(tall) * 120
        canvas.rect(
            left + at * width + 0.5, bottom - top, width - 1, top, paint.series, hint=f"{low + at * step}: {count}"
        )
    canvas.line(left, bottom, left + room, bottom, paint.quiet)
    marks = max(1, classes // 8)
    for at in range(0, classes, marks):
        middle = left + (at + 0.5) * width
        canvas.text(middle, bottom + 16, f"{low + at * step}", anchor="middle", fill=paint.quiet, size=12)
    canvas.text(left + room / 2, bottom + 34, unit, anchor="middle", fill=paint.quiet, size=12)
    return canvas.svg()
