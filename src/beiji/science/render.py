"""Writes a summary as text for a terminal, as one HTML page with figures, or as a tidy CSV table; text and page in three languages.

The first lines are for a leader: whether the run was cut off or lacks something altogether, then whole casualties as the range of nine of ten events, no
decimals of deaths. The tables below are for an expert: means with the 95 % interval of the mean.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from html import escape

from beiji.science import figures
from beiji.science.summary import OF_SOME, Bottleneck, Measure, Summary
from beiji.science.words import Words

ENGLISH = Words()
QUARTERS = ("quarter_min", "median_min", "three_quarters_min")


def whole(measure: Measure, words: Words = ENGLISH) -> str:
    """A count for leaders: the range in which nine of ten whole outcomes lie."""
    low, high = round(measure.event_low), round(measure.event_high)
    return words.say("about", n=low) if low == high else words.say("range", low=low, high=high)


def expert(measure: Measure | None, *, digits: int = 1, none: str = "none", events: bool = True, words: Words = ENGLISH) -> str:
    """Mean, 95 % interval of the mean and, where a value is a whole outcome or a time of single events, the range of nine of ten."""
    if measure is None:
        return words.word(none)
    parts = {name: f"{getattr(measure, name):.{digits}f}" for name in ("mean", "low", "high")}
    if not events:
        return words.say("expert_mean", **parts)
    ends = {name: f"{getattr(measure, name):.0f}" for name in ("event_low", "event_high")}
    return words.say("expert", **parts, **ends)


def headline(summary: Summary, words: Words = ENGLISH) -> list[str]:
    """A few sentences for a leader; what makes the run say less than it seems to stands first."""
    lines = []
    if summary.cut is not None:
        cut = summary.cut
        counts = {name: f"{getattr(cut, name):.0f}" for name in ("minute", "unreached", "riding", "waiting")}
        lines.append(words.say("nobody" if cut.nobody else "cut", all=summary.casualties, **counts))
    if summary.missing:
        lines.append(words.say("missing", kinds=words.listed([words.word(kind) for kind in summary.missing])))
    if summary.cut is None or not summary.cut.nobody:
        lines += _outcome(summary, words)
    return lines


def _outcome(summary: Summary, words: Words) -> list[str]:
    told = {"range": whole(summary.lived, words), "mean": round(summary.survivors.mean)}
    kept, of = summary.unscored, ""
    if kept is None:
        lines = [words.say("survive", all=summary.casualties, **told)]
    else:
        lines, of = [words.say("unscored", n=whole(kept, words), all=summary.casualties)], "_scored"
        others = summary.casualties - kept.mean
        if others < 0.5:
            return lines + _flow(summary, words)
        ends = {"low": round(summary.casualties - kept.event_high), "high": round(summary.casualties - kept.event_low)}
        lines.append(words.say("survive_scored", all=words.say("range", **ends), of=round(others), **told))
    gain = summary.lives_by_hospitals
    if gain is not None and summary.preventable_by_hospitals is not None:
        if summary.preventable_by_hospitals.high < 0.5:
            lines.append(words.word(f"no_gain{of}"))
        else:
            lines.append(words.say(f"gain{of}", range=whole(gain, words)))
    return lines + _flow(summary, words)


def _flow(summary: Summary, words: Words) -> list[str]:
    lines = []
    if summary.bottlenecks:
        order = words.word("then").join(words.word(row.kind) for row in summary.bottlenecks[:3])
        lines.append(words.say("waited", order=order))
    lines.append(saturation_sentence(summary.saturated, words))
    return lines


def saturation_sentence(rows: tuple[Bottleneck, ...], words: Words = ENGLISH) -> str:
    """Which hospital's front door is full first, and when."""
    if not rows:
        return words.word("resus_open")
    parts = [
        words.say("full_at", place=words.name(row.site), minute=f"{row.first_min:.0f}", kind=words.word(row.kind))
        for row in rows[:4]
    ]
    more = words.say("and_more", count=len(rows) - 4) if len(rows) > 4 else ""
    return words.say("resus_full", places=words.listed(parts), more=more)


def _title(summary: Summary, words: Words) -> str:
    return f"{words.name(summary.scenario)} · {words.name(summary.city)}"


def clock(hour: float) -> str:
    """An hour of the day, decimal, as a clock shows it."""
    minutes = round(hour * 60) % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def setting(summary: Summary, words: Words = ENGLISH) -> list[str]:
    """What was run: hour, shift, basis, policy, roads, season, and every change made by hand."""
    p = summary.provenance
    factor = float(str(p.get("travel_factor", 1.0)))
    lines = [
        words.say(
            "setting", scenario=summary.scenario, city=summary.city, hour=clock(float(str(p["hour"]))),
            shift=words.word("night" if p["night"] else "day"), basis=words.word(summary.basis),
            policy=words.word(str(p["policy"])), rule=p["rule"], model=p["deterioration"], n=f"{p['replications']:,}",
            seed=p["seed"], horizon=f"{float(str(p['horizon_min'])):.0f}",
        )
    ]  # fmt: skip
    changes = [f"{minute:.0f}" for minute in p.get("shift_changes", ())]
    if changes:
        lines.append(words.say("shift_changes", minutes=words.listed(changes)))
    if p.get("free_day"):
        lines.append(words.word("free_day"))
    if factor != 1.0:
        lines.append(words.say("roads", factor=f"{factor:g}"))
    season = str(p.get("season", ""))
    lines.append(words.say("season", season=words.word(season)) if season else words.word("no_season"))
    lines.append(words.say("changed", changes=", ".join(summary.changes)) if summary.changes else words.word("unchanged"))
    return lines


def of_some(summary: Summary) -> list[tuple[str, Measure]]:
    """What is told only where there are such casualties: the burned and poisoned, children."""
    named = [(name, getattr(summary, name)) for name in OF_SOME]
    return [(name, value) for name, value in named if value is not None]


def measures(summary: Summary, words: Words = ENGLISH) -> list[tuple[str, str]]:
    """Rows of the experts' table."""
    rows = [
        ("m.lived", expert(summary.lived, words=words)),
        ("m.survivors", expert(summary.survivors, events=False, words=words)),
        *((f"m.{name}", expert(value, events=name != "children_survivors", words=words)) for name, value in of_some(summary)),
        ("m.preventable", expert(summary.preventable, events=False, words=words)),
        ("m.by_hospitals", expert(summary.preventable_by_hospitals, none="not_run", events=False, words=words)),
        ("m.theatre", expert(summary.time_to_theatre_min, digits=0, words=words)),
        ("m.never", expert(summary.never_operated, words=words)),
        ("m.bed", expert(summary.red_door_to_bed_min, digits=0, words=words)),
        ("m.cleared", expert(summary.scene_cleared_min, digits=0, words=words)),
    ]
    told = [(words.word(code), value) for code, value in rows]
    ends = summary.ended.items()
    return told + [
        (words.say("m.end", end=words.word(f"end.{name}")), expert(value, words=words)) for name, value in ends
    ]


def text(summary: Summary, words: Words = ENGLISH) -> str:
    """The summary for a terminal."""
    out = [_title(summary, words), *headline(summary, words), "", *setting(summary, words), ""]
    out += [f"{name}: {value}" for name, value in measures(summary, words)]
    out += ["", f"{words.word('h.bottlenecks')} ({words.word('h.bottlenecks_unit')}):"]
    for at, row in enumerate(summary.bottlenecks[:8], start=1):
        minute = words.say("at_minute", minute=f"{row.first_min:.0f}")
        where = words.listed([words.name(row.site), minute, f"{row.share:.0%}"])
        out.append(f"{at:2d}. {words.word(row.kind):36s}{row.waited_min:9,.0f}   {where}")
    for heading, _, rows in _beside(summary, words):
        out += ["", f"{heading}:"]
        out += [f"    {row[0]:36s}{'   '.join(f'{cell:>9s}' for cell in row[1:])}" for row in rows[:8]]
    out += ["", f"{words.word('h.causes')}:"]
    out += [
        f"    {words.word(row.cause):36s}{row.deaths.mean:7.2f}   ({words.say('range', low=f'{row.deaths.low:.2f}', high=f'{row.deaths.high:.2f}')})"
        for row in summary.causes[:8]
    ]
    out += ["", f"{words.word('h.waits')} ({words.word('h.waits_unit')}):"]
    out += [
        f"    {words.name(row.site) + ' · ' + words.word(row.station):52s}{row.waits:7.1f}   {words.say('min', n=f'{row.mean_min:.0f}'):>10s}   {words.word(row.ended_by)}"
        for row in summary.waits[:10]
    ]
    out += ["", f"{words.word('h.hospitals')} ({words.word('h.hospitals_unit')}):"]
    out += [
        f"    {words.name(str(row['hospital'])):32s}{row['arrived']:7.1f}{row['arrived_red']:7.1f}{row['peak_load']:7.1f}"
        for row in summary.hospitals
        if row["arrived"] >= 0.05
    ]
    out += ["", *summary.notes, words.word("caution")]
    return "\n".join(out) + "\n"


def _beside(summary: Summary, words: Words) -> list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
    """What stands beside the bottlenecks, as (heading, head of the table, rows): what was lacking, and what one more of each is worth if that was run."""
    w = words.word
    lacks = [
        (w(row.station), f"{row.place_min:,.0f}", f"{row.people_min:,.0f}", f"{row.both_min:,.0f}")
        for row in summary.lacks
        if row.place_min + row.people_min + row.both_min >= 0.5
    ]
    heading = f"{w('h.lacks')} ({w('h.lacks_unit')})"
    top = tuple(w(f"h.{name}") for name in ("station", "place", "people", "both"))
    made: list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]] = [(heading, top, [*lacks])]
    if summary.incisions:
        cuts = [(w(f"s.{row['specialty']}"), f"{row['operations']:.1f}", *(f"{row[q]:.0f}" for q in QUARTERS)) for row in summary.incisions]
        made.append((w("h.incisions"), tuple(w(f"h.{name}") for name in ("specialty", "operations", "quarter", "median", "three_quarters")), [*cuts]))
    if summary.gains:
        gains = [
            (
                w(gain.kind),
                f"{gain.lives:.2f} ({words.say('range', low=f'{gain.low:.2f}', high=f'{gain.high:.2f}')})"
                if gain.clear
                else w("same"),
            )
            for gain in summary.gains
        ]
        made.append((w("h.gains"), (w("h.kind"), w("h.lives")), [*gains]))
    return made


def drawings(summary: Summary, words: Words = ENGLISH) -> list[tuple[str, str]]:
    """The figures with their headings: (heading, SVG)."""
    w = {code: words.word(f"f.{code}") for code in figures.WORDS}
    waits = [
        figures.Bar(words.word(row.kind), row.waited_min, remark=w["first"].format(minute=f"{row.first_min:.0f}"))
        for row in summary.bottlenecks
    ]
    total = summary.preventable.mean
    shares = [
        (row.cause, 100 * row.deaths.mean / total, 100 * row.deaths.low / total, 100 * row.deaths.high / total)
        for row in summary.causes
        if total > 0
    ]
    causes = [figures.Bar(words.word(cause), mean, low, high, " %") for cause, mean, low, high in shares if mean >= 0.5]
    rtl = words.rtl
    return [
        (w["load"], figures.hospital_load(summary.hospitals, words.names, words=w, rtl=rtl)),
        (w["bottlenecks"], figures.bars(waits, w["bottlenecks"], w["waiting"], more=w["more"], rtl=rtl)),
        (w["causes"], figures.bars(causes, w["causes"], w["share"], more=w["more"], rtl=rtl)),
        (w["spread"], figures.spread(summary.lived_by_event, w["spread"], w["survivors"], rtl=rtl)),
    ]


STYLE = (
    ":root{--ink:#14202b;--ink-2:#43525f;--line:#dcdfdc;--paper:#f7f7f4}"
    "body{font:16px/1.5 'Noto Sans',Heebo,'Noto Sans SC',sans-serif;color:var(--ink);background:var(--paper);max-inline-size:50rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;inline-size:100%}th,td{text-align:start;vertical-align:top;padding:.25rem .5rem .25rem 0;border-block-end:1px solid var(--line)}"
    "td{overflow-wrap:anywhere}.wide{overflow-x:auto}th{font-weight:600}svg{max-inline-size:100%;block-size:auto}.lead{font-size:1.125rem}.quiet{color:var(--ink-2);font-size:.875rem}"
)


def html(summary: Summary, words: Words = ENGLISH) -> str:
    """One page that stands alone: sentences, figures, tables, provenance."""
    w, title = words.word, _title(summary, words)
    parts = [f"<h1>{escape(title)}</h1>"]
    parts += [f"<p class='lead'>{escape(line)}</p>" for line in headline(summary, words)]
    parts += [f"<p class='quiet'>{escape(line)}</p>" for line in setting(summary, words)]
    parts += [f"<h2>{escape(heading)}</h2>{svg}" for heading, svg in drawings(summary, words)]
    parts.append(f"<h2>{escape(w('h.measures'))}</h2>" + _table((w("h.measures"), w("h.value")), measures(summary, words)))
    places = [
        (w(row.kind), words.name(row.site), f"{row.waited_min:,.0f}", f"{row.first_min:.0f}", f"{row.share:.0%}")
        for row in summary.bottlenecks
    ]
    head = tuple(w(f"h.{name}") for name in ("kind", "where", "minutes", "first", "share"))
    parts.append(f"<h2>{escape(w('h.bottlenecks'))}</h2>" + _table(head, places))
    parts += [f"<h2>{escape(heading)}</h2>" + _table(top, rows) for heading, top, rows in _beside(summary, words)]
    waits = [
        (f"{words.name(row.site)} · {w(row.station)}", f"{row.waits:.1f}", f"{row.mean_min:.0f}", w(row.ended_by))
        for row in summary.waits[:20]
    ]
    head = tuple(w(f"h.{name}") for name in ("where", "n", "mean", "ended"))
    parts.append(f"<h2>{escape(w('h.waits'))}</h2>" + _table(head, waits))
    parts += [f"<p>{escape(note)}</p>" for note in (*summary.notes, w("caution"))]
    provenance = [(key, str(value)) for key, value in summary.provenance.items()]
    parts.append(f"<h2>{escape(w('h.provenance'))}</h2>" + _table((w("h.item"), w("h.value")), provenance))
    direction = "rtl" if words.rtl else "ltr"
    top = f"<!doctype html><html lang='{words.language}' dir='{direction}'><head><meta charset='utf-8'><title>{escape(title)}</title><style>{STYLE}</style></head>"
    return f"{top}<body>{''.join(parts)}</body></html>\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    top = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<div class='wide'><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"


CSV_HEAD = ("table", "site", "item", "ended_by", "statistic", "value", "low", "high", "event_low", "event_high", "n")


def tidy(summary: Summary) -> str:
    """One tidy table of everything: a row a number, empty cells where a column does not apply."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_HEAD)
    for name, value in _named(summary):
        if value is not None:
            row = (value.mean, value.low, value.high, value.event_low, value.event_high)
            writer.writerow(["measure", "", name, "", "mean", *map(_number, row), value.n])
    for cause in summary.causes:
        m = cause.deaths
        row = (m.mean, m.low, m.high, m.event_low, m.event_high)
        writer.writerow(["cause", "", cause.cause, "", "expected deaths", *map(_number, row), m.n])
    for b in summary.bottlenecks:
        for statistic, number in (
            ("casualty minutes", b.waited_min),
            ("share of events", b.share),
            ("first minute", b.first_min),
        ):
            writer.writerow(["bottleneck", b.site, b.kind, "", statistic, _number(number)] + [""] * 5)
    for lack in summary.lacks:
        for statistic, number in (("place", lack.place_min), ("people", lack.people_min), ("both", lack.both_min)):
            writer.writerow(["lack", "", lack.station, "", f"casualty minutes, {statistic}", _number(number)] + [""] * 5)
    for cut in summary.incisions:
        for statistic in ("operations", *QUARTERS):
            writer.writerow(["incision", "", cut["specialty"], "", statistic, _number(cut[statistic])] + [""] * 5)
    for gain in summary.gains:
        ends = (gain.lives, gain.low, gain.high)
        writer.writerow(["gain", "", gain.kind, "", "lives saved", *map(_number, ends)] + [""] * 3)
    for w in summary.waits:
        for statistic, number in (("waits an event", w.waits), ("mean minutes", w.mean_min)):
            writer.writerow(["wait", w.site, w.station, w.ended_by, statistic, _number(number)] + [""] * 5)
    for row_ in summary.hospitals:
        for key, number in row_.items():
            if key != "hospital":
                writer.writerow(
                    ["hospital", row_["hospital"], key, "", "mean an event", _number(float(number))] + [""] * 5
                )
    return out.getvalue()


def _named(summary: Summary) -> list[tuple[str, Measure | None]]:
    names = (
        "survivors", "lived", "deaths", "preventable", "preventable_by_hospitals", "lives_by_hospitals", "time_to_theatre_min", "never_operated", "operated", "red_door_to_bed_min",
        "scene_cleared_min", *OF_SOME,
    )  # fmt: skip
    return [(name, getattr(summary, name)) for name in names] + [
        (f"ended_{name}", value) for name, value in summary.ended.items()
    ]


def _number(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else ""
