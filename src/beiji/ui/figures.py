"""Figures drawn as SVG on the server: the same on screen and in print, mirrored for Hebrew, without script.

Colours are tokens (`var(--accent)`), so a figure follows the theme; `for_print` writes the light values and a font in
their place. No `style` attributes: they are refused by the content policy. Every figure is one `role="img"` with a title
that tells its finding; the caller shows the numbers as text or table beside it. Text stays real text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe

_TOKENS = Path(__file__).parent / "static" / "ui" / "css" / "tokens.css"
_HEBREW = re.compile("[\u0590-\u05ff]")
_FONT = "Noto Sans, Noto Sans SC, Heebo, sans-serif"


@dataclass(frozen=True)
class Scale:
    """A linear scale from `low`…`high` to pixels `start`…`end`; `mirrored` for right-to-left reading."""

    low: float
    high: float
    start: float
    end: float
    mirrored: bool = False

    def at(self, value: float) -> float:
        """The pixel of `value`, held inside the scale."""
        share = (min(max(value, self.low), self.high) - self.low) / ((self.high - self.low) or 1)
        return (
            self.end - share * (self.end - self.start)
            if self.mirrored
            else self.start + share * (self.end - self.start)
        )


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval and, where known, its 50 % interval."""

    value: float
    low: float
    high: float
    inner_low: float | None = None
    inner_high: float | None = None


def svg(width: float, height: float, title: str, body: Sequence[str], css_class: str = "") -> SafeString:
    """The frame of every figure. `direction="ltr"` keeps coordinates; Hebrew words inside still read right to left."""
    css_class = css_class or ("wide" if width >= 600 else "")
    cls = f' class="{css_class}"' if css_class else ""
    return mark_safe(  # noqa: S308 - texts are escaped where they are drawn
        f'<svg xmlns="http://www.w3.org/2000/svg"{cls} viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'role="img" direction="ltr" font-size="14" fill="var(--ink-2)"><title>{escape(title)}</title>{"".join(body)}</svg>'
    )


def text(
    x: float, y: float, words: str, anchor: str = "start", strong: bool = False, size: float = 14, fill: str = ""
) -> str:
    """A line of text at a pixel; `anchor` is start, middle or end on the page, whatever the script."""
    colour = f' fill="{fill}"' if fill else (' fill="var(--ink)"' if strong else "")
    weight = ' font-weight="600"' if strong else ""
    words = f"\u2067{words}\u2069" if _HEBREW.search(words) else words
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:g}"{weight}{colour}>{escape(words)}</text>'


def line(
    x1: float, y1: float, x2: float, y2: float, stroke: str = "var(--line)", width: float = 1, dash: str = ""
) -> str:
    """A straight line."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" stroke-width="{width:g}"{dashes}/>'


def marks(estimate: Estimate, scale: Scale, y: float, colour: str = "var(--accent)") -> str:
    """One interval: thin line 95 %, bar 50 %, hollow dot. No caps: they read as hard limits."""
    out = [line(scale.at(estimate.low), y, scale.at(estimate.high), y, "var(--ink-3)", 2)]
    if estimate.inner_low is not None and estimate.inner_high is not None:
        out.append(line(scale.at(estimate.inner_low), y, scale.at(estimate.inner_high), y, colour, 8))
    out.append(
        f'<circle cx="{scale.at(estimate.value):.1f}" cy="{y:.1f}" r="4.5" fill="var(--surface)" stroke="{colour}" stroke-width="2.5"/>'
    )
    return "".join(out)


def interval(estimate: Estimate, low: float, high: float, title: str, mirrored: bool = False) -> SafeString:
    """A single interval for a list; every row of the list takes the same `low` and `high`, so all share a scale."""
    scale = Scale(low, high, 6, 154, mirrored)
    zero = line(scale.at(0), 1, scale.at(0), 23, "var(--line-strong)") if low <= 0 <= high else ""
    return svg(160, 24, title, [zero, marks(estimate, scale, 12)], "interval")


def intervals(
    rows: Sequence[tuple[str, Estimate, str]],
    title: str,
    low: float,
    high: float,
    *,
    mirrored: bool = False,
    axis: str = "",
    width: float = 640,
    names: float = 170,
    values: float = 130,
) -> SafeString:
    """Named intervals on one scale: (name, estimate, value in words) each, with the words at the reading end."""
    scale = Scale(
        low,
        high,
        values + 8 if mirrored else names + 8,
        width - names - 8 if mirrored else width - values - 8,
        mirrored,
    )
    body, step = [], 34
    if low <= 0 <= high:
        body.append(line(scale.at(0), 4, scale.at(0), 10 + step * len(rows), "var(--line-strong)"))
    for index, (name, estimate, words) in enumerate(rows):
        y = 22 + index * step
        body.append(line(scale.start, y, scale.end, y))
        body.append(marks(estimate, scale, y))
        body.append(text(width if mirrored else 0, y + 5, name, "end" if mirrored else "start"))
        body.append(
            text(values if mirrored else width - values, y + 5, words, "end" if mirrored else "start", strong=True)
        )
    height = 4 + step * len(rows)
    if axis:
        body.append(
            text(
                scale.end if mirrored else scale.start,
                height + 12,
                axis,
                "end" if mirrored else "start",
                size=13,
                fill="var(--ink-3)",
            )
        )
        height += 20
    return svg(width, height, title, body)


def paired_bars(
    rows: Sequence[tuple[str, float, float, str]],
    title: str,
    *,
    mirrored: bool = False,
    width: float = 640,
    names: float = 170,
    values: float = 120,
) -> SafeString:
    """Before (grey) and after (series 1) as two thin bars: (name, before, after, words)."""
    top = max((max(before, after) for _, before, after, _ in rows), default=1) or 1
    scale = Scale(
        0, top, values + 8 if mirrored else names + 8, width - names - 8 if mirrored else width - values - 8, mirrored
    )
    body, step = [], 38
    for index, (name, before, after, words) in enumerate(rows):
        y = 8 + index * step
        for value, offset, fill in ((before, 0, "var(--series-0)"), (after, 10, "var(--series-1)")):
            edge = scale.at(value)
            body.append(
                f'<rect x="{min(edge, scale.at(0)):.1f}" y="{y + offset}" width="{abs(edge - scale.at(0)):.1f}" height="8" fill="{fill}"/>'
            )
        body.append(text(width if mirrored else 0, y + 14, name, "end" if mirrored else "start"))
        body.append(
            text(values if mirrored else width - values, y + 14, words, "end" if mirrored else "start", strong=True)
        )
    body.append(line(scale.at(0), 2, scale.at(0), step * len(rows), "var(--line-strong)"))
    return svg(width, step * len(rows) + 2, title, body)


@dataclass(frozen=True)
class Curve:
    """A named line over time with an optional band of (low, high); `dashed` for forecasts and baselines."""

    name: str
    points: tuple[tuple[float, float], ...]
    band: tuple[tuple[float, float], ...] = ()
    series: int = 1
    dashed: bool = False


def curves(
    lines: Sequence[Curve],
    title: str,
    *,
    x_ticks: Sequence[tuple[float, str]],
    y_ticks: Sequence[tuple[float, str]],
    x_label: str = "",
    mirrored: bool = False,
    now: float | None = None,
    width: float = 640,
    height: float = 240,
) -> SafeString:
    """Lines over time with bands, labelled at their end; time runs with the reading direction. At most three and grey."""
    edge, name_room = 48, 110
    left, right = (name_room, width - edge) if mirrored else (edge, width - name_room)
    across = Scale(x_ticks[0][0], x_ticks[-1][0], left, right, mirrored)
    up = Scale(y_ticks[0][0], y_ticks[-1][0], height - 34, 12)
    body = []
    for value, words in y_ticks:
        body.append(line(left, up.at(value), right, up.at(value)))
        place, anchor = (right + 8, "start") if mirrored else (left - 8, "end")
        body.append(text(place, up.at(value) + 5, words, anchor, size=13))
    for value, words in x_ticks:
        body.append(text(across.at(value), height - 14, words, "middle", size=13))
    if x_label:
        place, anchor = (left, "start") if mirrored else (right, "end")
        body.append(text(place, height - 1, x_label, anchor, size=13, fill="var(--ink-3)"))
    if now is not None:
        body.append(line(across.at(now), 6, across.at(now), height - 34, "var(--ink-3)", 1.5, "2 3"))
    taken: list[float] = []
    for curve in lines:
        body.append(_drawn(curve, across, up))
        x, y = across.at(curve.points[-1][0]), up.at(curve.points[-1][1])
        while any(abs(y - other) < 17 for other in taken):
            y += 17
        taken.append(y)
        place, anchor = (x - 8, "end") if mirrored else (x + 8, "start")
        body.append(text(place, y + 5, curve.name, anchor, strong=True, size=13))
    return svg(width, height, title, body)


def _drawn(curve: Curve, across: Scale, up: Scale) -> str:
    """The band and the line of one curve."""
    colour, body = f"var(--series-{curve.series})", ""
    if curve.band:
        upper = [(across.at(x), up.at(high)) for (x, _), (_, high) in zip(curve.points, curve.band, strict=True)]
        lower = [(across.at(x), up.at(low)) for (x, _), (low, _) in zip(curve.points, curve.band, strict=True)]
        body = f'<path d="{_path([*upper, *reversed(lower)])}Z" fill="{colour}" fill-opacity=".16"/>'
    dash = ' stroke-dasharray="6 4"' if curve.dashed else ""
    points = [(across.at(x), up.at(y)) for x, y in curve.points]
    return f'{body}<path d="{_path(points)}" fill="none" stroke="{colour}" stroke-width="2.5"{dash}/>'


def dots(successes: int, title: str, total: int = 20, mirrored: bool = False) -> SafeString:
    """A quantile dot plot for readers without statistics: "in 18 of 20 runs"."""
    body = []
    for index in range(total):
        column = total - 1 - index if mirrored else index
        fill = "var(--accent)" if index < successes else "none"
        body.append(
            f'<circle cx="{10 + column * 16}" cy="10" r="6" fill="{fill}" stroke="var(--accent)" stroke-width="1.5"/>'
        )
    return svg(total * 16 + 4, 20, title, body)


@dataclass(frozen=True)
class Span:
    """A row of a schedule: from `start` to `end` in months (or days), `done` a share, `gate` where it is checked."""

    name: str
    start: float
    end: float
    done: float = 0.0
    gate: bool = False


def schedule(
    rows: Sequence[Span],
    title: str,
    *,
    ticks: Sequence[tuple[float, str]],
    now: float | None = None,
    mirrored: bool = False,
    width: float = 720,
    names: float = 200,
) -> SafeString:
    """A schedule of stages or actions with the line of today; the first tick is where it starts."""
    scale = Scale(
        ticks[0][0], ticks[-1][0], 12 if mirrored else names, width - names if mirrored else width - 12, mirrored
    )
    body, step = [], 30
    bottom = 26 + step * len(rows)
    for value, words in ticks:
        body += [
            line(scale.at(value), 20, scale.at(value), bottom),
            text(scale.at(value), 13, words, "middle", size=13),
        ]
    for index, row in enumerate(rows):
        y = 28 + index * step
        start, end = scale.at(row.start), scale.at(row.end)
        done = scale.at(row.start + (row.end - row.start) * row.done)
        body.append(
            f'<rect x="{min(start, end):.1f}" y="{y}" width="{max(3, abs(end - start)):.1f}" height="16" fill="var(--accent-soft)" stroke="var(--line-strong)"/>'
        )
        if row.done:
            body.append(
                f'<rect x="{min(start, done):.1f}" y="{y}" width="{abs(done - start):.1f}" height="16" fill="var(--accent)"/>'
            )
        if row.gate:
            body.append(
                f'<path d="M{end:.1f} {y - 2}l8 10l-8 10l-8-10z" fill="var(--surface)" stroke="var(--ink)" stroke-width="2"/>'
            )
        body.append(text(width if mirrored else 0, y + 13, row.name, "end" if mirrored else "start"))
    if now is not None:
        body.append(line(scale.at(now), 18, scale.at(now), bottom, "var(--bad)", 2))
    return svg(width, bottom + 4, title, body)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


@cache
def token_values(theme: str = "light") -> dict[str, str]:
    """Every colour token as hex in one theme, read from `tokens.css`, the only file that writes hex."""
    source = _TOKENS.read_text(encoding="utf-8")
    values = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\s*;", source))
    for name, day, night in re.findall(
        r"--([\w-]+):\s*var\(--day, (#[0-9a-f]{6})\) var\(--night, (#[0-9a-f]{6})\);", source
    ):
        values[name] = day if theme == "light" else night
    return values


def for_print(figure: str, theme: str = "light") -> str:
    """A figure with hex colours and the fonts of the printed page, for Typst and other readers without style sheets."""
    values = token_values(theme)
    coloured = re.sub(r"var\(--([\w-]+)\)", lambda name: values[name.group(1)], figure)
    return coloured.replace('direction="ltr"', f'direction="ltr" font-family="{_FONT}"', 1)
