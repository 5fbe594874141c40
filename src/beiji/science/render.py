"""Writes a summary as text for a terminal, as one HTML page with figures, or as a tidy CSV table. English; the web has its own pages.

The first lines are for a leader: whole casualties, a range in words, no decimals of deaths. The tables below are for an expert: means with the 95 %
interval of the mean, and the middle 90 % of single events.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from html import escape

from beiji.science import figures
from beiji.science.summary import Bottleneck, Measure, Summary

#: Kinds, stations, causes and ends as a reader says them.
WORDS: Mapping[str, str] = {
    "triage_crews": "triage crews at the scene",
    "first_aid_crews": "first-aid crews at the scene",
    "ambulances": "ambulances",
    "scene_decon_lanes": "decontamination lanes at the scene",
    "door_triage_teams": "triage teams at the door",
    "decon_lanes": "decontamination lanes",
    "resus_bays": "resuscitation bays",
    "resus_teams": "resuscitation teams",
    "urgent_places": "monitored places",
    "oxygen_places": "oxygen places",
    "minor_places": "places for the slightly injured",
    "xray_rooms": "X-ray rooms",
    "ct_scanners": "CT scanners",
    "ct_reporters": "radiologists",
    "theatres": "operating rooms",
    "surgeons": "surgeons",
    "anaesthetists": "anaesthetists",
    "scrub_nurses": "theatre nurses",
    "blood_units": "blood",
    "icu_beds": "intensive-care beds",
    "ventilators": "ventilators",
    "ward_beds": "ward beds",
    "transfer_teams": "transfer crews",
    "scene_decon": "decontamination at the scene",
    "scene_triage": "triage",
    "first_aid": "first aid",
    "load": "loading",
    "hospital_decon": "decontamination",
    "door_triage": "triage at the door",
    "resus": "resuscitation",
    "physicians": "physicians",
    "nurses": "nurses",
    "urgent_look": "first look at a monitored place",
    "minor_look": "first look at the slightly injured",
    "urgent": "monitored place",
    "minor": "place for the slightly injured",
    "xray": "X-ray",
    "ct": "CT",
    "ct_escorted": "CT with an anaesthetist",
    "ct_read": "reading of a CT",
    "ct_report": "CT report",
    "theatre_lifesaving": "life-saving surgery",
    "theatre_deferred": "deferrable surgery",
    "icu_ventilated": "intensive care, ventilated",
    "icu": "intensive care",
    "ward": "ward",
    "comfort": "comfort and another look",
    "transfer_prepare": "crew for a transfer",
    "unreached": "until reached at the scene",
    "travel": "travel",
    "care": "care under way",
    "left": "a need still open after leaving",
    "service": "was served",
    "death": "died waiting",
    "horizon": "still waiting at the end",
    "move": "was moved on",
}
#: How a casualty's story stood at the end of the run.
ENDS: Mapping[str, str] = {
    "dead": "died",
    "left": "left care alive",
    "in_stage": "in care",
    "waiting": "waiting",
    "riding": "on the way",
    "unreached": "not yet reached",
}
CAUTION = (
    "Decision support only: the minute of saturation, the order of bottlenecks and the waits are what this model can say; it is no forecast of deaths and "
    "no comparison of hospitals."
)


def word(code: str) -> str:
    """A code in words."""
    return WORDS.get(code, code.replace("_", " "))


def whole(measure: Measure) -> str:
    """A count for leaders: whole, and a range in words where the interval does not round to one number."""
    low, high = round(measure.low), round(measure.high)
    return f"about {round(measure.mean)}" if low == high else f"{low} to {high}"


def expert(measure: Measure | None, *, digits: int = 1, none: str = "nobody in any event") -> str:
    """Mean, interval of the mean, middle 90 % of single events."""
    if measure is None:
        return none
    d = digits
    return (
        f"{measure.mean:.{d}f} (95 % interval {measure.low:.{d}f} to {measure.high:.{d}f}; "
        f"9 of 10 events {measure.event_low:.{d}f} to {measure.event_high:.{d}f})"
    )


def headline(summary: Summary, names: Mapping[str, str] | None = None) -> list[str]:
    """Three or four sentences for a leader; ``names`` by hospital code."""
    lines = [f"Of {summary.casualties} casualties, {whole(summary.survivors)} are expected to survive."]
    gain = summary.preventable_by_hospitals
    if gain is not None:
        if gain.high < 0.5:
            lines.append(
                "Hospitals without any limit would make no measurable difference here; what costs lives lies before the door."
            )
        else:
            lines.append(
                f"Hospitals without any limit could save {whole(gain)} more on the same roads: the ceiling of what preparing them can reach."
            )
    if summary.bottlenecks:
        order = ", then ".join(word(row.kind) for row in summary.bottlenecks[:3])
        lines.append(f"Waited for most: {order}.")
    lines.append(saturation_sentence(summary.saturated, names))
    return lines


def saturation_sentence(rows: tuple[Bottleneck, ...], names: Mapping[str, str] | None = None) -> str:
    """Which hospital's front door is full first, and when."""
    if not rows:
        return "No hospital's resuscitation is full in more than half of the events."
    known = names or {}
    parts = [f"{known.get(row.site, row.site)} at minute {row.first_min:.0f} ({word(row.kind)})" for row in rows[:4]]
    more = f", and {len(rows) - 4} more" if len(rows) > 4 else ""
    return f"Resuscitation is full first at {', '.join(parts)}{more}."


def _title(summary: Summary, names: Mapping[str, str] | None) -> str:
    known = names or {}
    return f"{known.get(summary.scenario, summary.scenario)} · {known.get(summary.city, summary.city)}"


def _setting(summary: Summary) -> str:
    p = summary.provenance
    return (
        f"{summary.scenario} in {summary.city}, basis {summary.basis}, policy {p['policy']}, triage by {p['rule']}, deterioration {p['deterioration']}; "
        f"{p['replications']} replications from seed {p['seed']}, horizon {float(str(p['horizon_min'])):.0f} min."
    )


def measures(summary: Summary) -> list[tuple[str, str]]:
    """Rows of the experts' table."""
    rows = [
        ("Expected survivors", expert(summary.survivors)),
        ("Expected preventable deaths against immediate unlimited care", expert(summary.preventable)),
        (
            "Expected preventable deaths against unlimited hospitals, real travel",
            expert(summary.preventable_by_hospitals, none="not run"),
        ),
        (
            "Minutes from injury to life-saving surgery, of those operated",
            expert(summary.time_to_theatre_min, digits=0),
        ),
        ("In need of life-saving surgery and never operated", expert(summary.never_operated)),
        (
            "Minutes from the hospital's door to the first bed, tagged red",
            expert(summary.red_door_to_bed_min, digits=0),
        ),
        ("Minute at which the last casualty has left the scene", expert(summary.scene_cleared_min, digits=0)),
    ]
    rows.extend((f"At the end: {ENDS[name]}", expert(value)) for name, value in summary.ended.items())
    return rows


def text(summary: Summary, names: Mapping[str, str] | None = None) -> str:
    """The summary for a terminal; ``names`` by hospital code."""
    known = names or {}
    out = [_title(summary, names), _setting(summary), "", *headline(summary, names), ""]
    out += [f"{name}: {value}" for name, value in measures(summary)]
    out += ["", "Bottlenecks (casualty minutes waited an event; where most; first minute there; share of events):"]
    for at, row in enumerate(summary.bottlenecks[:8], start=1):
        out.append(
            f"{at:2d}. {word(row.kind):36s}{row.waited_min:9,.0f}   {known.get(row.site, row.site)}, minute {row.first_min:.0f}, {row.share:.0%}"
        )
    out += ["", "Preventable deaths by what was waited for (they add up to the total):"]
    out += [
        f"    {word(row.cause):36s}{row.deaths.mean:7.2f}   ({row.deaths.low:.2f} to {row.deaths.high:.2f})"
        for row in summary.causes[:8]
    ]
    out += ["", "Longest waits, also of the dead and unfinished (waits an event, mean minutes, how they ended):"]
    out += [
        f"    {known.get(row.site, row.site) + ', ' + word(row.station):52s}{row.waits:7.1f}{row.mean_min:7.0f} min   {word(row.ended_by)}"
        for row in summary.waits[:10]
    ]
    out += ["", "Hospitals (casualties received an event, of them red; greatest load at the door):"]
    out += [
        f"    {known.get(row['hospital'], row['hospital']):32s}{row['arrived']:7.1f}{row['arrived_red']:7.1f}{row['peak_load']:7.1f}"
        for row in summary.hospitals
        if row["arrived"] >= 0.05
    ]
    out += ["", *summary.notes, CAUTION]
    return "\n".join(out) + "\n"


def drawings(summary: Summary, names: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """The figures with their headings: (heading, SVG)."""
    w = figures.WORDS
    waits = [
        figures.Bar(word(row.kind), row.waited_min, remark=w["first"].format(minute=f"{row.first_min:.0f}"))
        for row in summary.bottlenecks
    ]
    total = summary.preventable.mean
    shares = [
        (row.cause, 100 * row.deaths.mean / total, 100 * row.deaths.low / total, 100 * row.deaths.high / total)
        for row in summary.causes
        if total > 0
    ]
    causes = [figures.Bar(word(cause), mean, low, high, " %") for cause, mean, low, high in shares if mean >= 0.5]
    return [
        (w["load"], figures.hospital_load(summary.hospitals, names)),
        (w["bottlenecks"], figures.bars(waits, w["bottlenecks"], w["waiting"], more=w["more"])),
        (w["causes"], figures.bars(causes, w["causes"], w["share"], more=w["more"])),
        (w["spread"], figures.spread(summary.survivors_by_event, w["spread"], w["survivors"])),
    ]


STYLE = (
    ":root{--ink:#14202b;--ink-2:#43525f;--line:#dcdfdc;--paper:#f7f7f4}"
    "body{font:16px/1.5 'Noto Sans',Heebo,'Noto Sans SC',sans-serif;color:var(--ink);background:var(--paper);max-inline-size:50rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;inline-size:100%}th,td{text-align:start;vertical-align:top;padding:.25rem .5rem .25rem 0;border-block-end:1px solid var(--line)}"
    "th{font-weight:600}svg{max-inline-size:100%;block-size:auto}.lead{font-size:1.125rem}.quiet{color:var(--ink-2);font-size:.875rem}"
)


def html(summary: Summary, names: Mapping[str, str] | None = None) -> str:
    """One page that stands alone: sentences, figures, tables, provenance."""
    title = _title(summary, names)
    parts = [f"<h1>{escape(title)}</h1><p class='quiet'>{escape(_setting(summary))}</p>"]
    parts += [f"<p class='lead'>{escape(line)}</p>" for line in headline(summary, names)]
    parts += [f"<h2>{escape(heading)}</h2>{svg}" for heading, svg in drawings(summary, names)]
    parts.append("<h2>Measures</h2>" + _table(("Measure", "Value"), measures(summary)))
    waits = [
        (
            f"{(names or {}).get(w.site, w.site)}, {word(w.station)}",
            f"{w.waits:.1f}",
            f"{w.mean_min:.0f}",
            word(w.ended_by),
        )
        for w in summary.waits[:20]
    ]
    parts.append(
        "<h2>Waits, also of the dead and unfinished</h2>"
        + _table(("Where", "Waits an event", "Mean minutes", "How they ended"), waits)
    )
    parts += [f"<p>{escape(note)}</p>" for note in (*summary.notes, CAUTION)]
    provenance = [(key, str(value)) for key, value in summary.provenance.items()]
    parts.append("<h2>Where this comes from</h2>" + _table(("Item", "Value"), provenance))
    head = f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{escape(title)}</title><style>{STYLE}</style></head>"
    return f"{head}<body>{''.join(parts)}</body></html>\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    top = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


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
        "survivors", "deaths", "preventable", "preventable_by_hospitals", "time_to_theatre_min", "never_operated", "operated", "red_door_to_bed_min",
        "scene_cleared_min",
    )  # fmt: skip
    return [(name, getattr(summary, name)) for name in names] + [
        (f"ended_{name}", value) for name, value in summary.ended.items()
    ]


def _number(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else ""
