"""A ranking as plain values and in words. Leaders read groups and whole people in a hundred events; experts read intervals. Of a change that names a hospital only
its place in the order is told, never lives; beside a hospital's name stand what it lacks, since when, and for how long people wait for it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from .ranking import COSTS, LEVEL, NONE, SAVES, Effect, Ranking
from .together import BestSet, Pair, Shares
from .words import Words

#: Leaders read of so many events, so that no decimal of a life is told.
HUNDRED = 100
MOST_PAIRS = 6
IN_LIVES = ("lives", "low", "high", "event_low", "event_high", "by_scenario", "by_model")


def plain(ranking: Ranking, *, pairs: Sequence[Pair] = (), shares: Shares | None = None, chosen: BestSet | None = None) -> dict[str, Any]:
    """Everything as values that a file can hold."""
    head = {key: value for key, value in asdict(ranking).items() if key not in ("rows", "base")}
    return {
        **head, "level": LEVEL, "expected_survivors": ranking.base, "rows": [_row(row) for row in ranking.rows], "pairs": [asdict(pair) for pair in pairs],
        "shares": asdict(shares) if shares else None, "best_set": asdict(chosen) if chosen else None}


def _row(row: Effect) -> dict[str, Any]:
    told = asdict(row)
    return {key: value for key, value in told.items() if not (row.places and key in IN_LIVES)}


def text(result: Mapping[str, Any], words: Words, *, titles: Mapping[str, str], city: str, notes: Sequence[str] = ()) -> str:
    """The answer for a terminal: first what to do, then how sure, then the numbers."""
    w = words.word
    incidents = words.listed([f"{words.name(s['scenario'])} {s['weight']:.0%}" for s in result["scenarios"]])
    out = [words.say("r.title", city=words.name(city), incidents=incidents), *_lead(result, words, titles), "", *_how(result, words), ""]
    out += [w("r.table") + w("r.colon")]
    for row in result["rows"]:
        place = str(row["group"] or "–")
        out.append(f"{place:>3s}  {titles[row['name']]}{w('r.colon')} {_numbers(row, result, words)}")
    out += _pairs(result, words, titles) + _shares(result, words, titles) + _set(result, words, titles) + _binding(result, words)
    out += ["", w("r.caution"), w("caution"), *([w("r.unscored")] if result["unscored"] else []), *notes]
    return "\n".join(out) + "\n"


def _lead(result: Mapping[str, Any], words: Words, titles: Mapping[str, str]) -> list[str]:
    """Groups in words: what first, what next, what makes no measurable difference."""
    rows = result["rows"]
    by_group: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["group"]:
            by_group.setdefault(row["group"], []).append(row)
    lines = []
    for group, members in sorted(by_group.items())[:3]:
        names = words.listed([titles[row["name"]] for row in members])
        lines.append(words.say("r.first" if group == 1 else "r.next", names=names) + (words.word("r.tied") if len(members) > 1 else ""))
        told = [row for row in members if "lives" in row]
        if len(told) == 1 and len(members) == 1:
            ends = {end: f"{max(0.0, told[0][end] * HUNDRED):.0f}" for end in ("low", "high")}
            lines.append(words.say("r.in_hundred", n=HUNDRED, **ends))
    if len(by_group) > 3:
        lines.append(words.say("r.more_groups", n=sum(len(members) for group, members in by_group.items() if group > 3)))
    same, costs = ([titles[row["name"]] for row in rows if row["verdict"] == v] for v in (NONE, COSTS))
    if not by_group:
        lines.append(words.word("r.nothing"))
    elif same:
        lines.append(words.say("r.same", n=len(same), names=words.listed(same[:6])) + (words.say("and_more", count=len(same) - 6) if len(same) > 6 else ""))
    if costs:
        lines.append(words.say("r.costs", names=words.listed(costs)))
    for code, verdicts in (("r.fragile", (SAVES, COSTS)), ("r.elsewhere", (NONE,))):
        fragile = [titles[row["name"]] for row in rows if row["fragile"] and row["verdict"] in verdicts]
        if fragile:
            lines.append(words.say(code, names=words.listed(fragile)))
    return lines


def _how(result: Mapping[str, Any], words: Words) -> list[str]:
    """How the order was found, and how well it stands."""
    stopped = words.say(f"r.{result['stopped']}", n=result["events"], width=f"{result['widest']:.2f}")
    lines = [stopped, words.say("r.models", model=result["model"], others=words.listed([m for m in result["models"] if m != result["model"]]))]
    if result["order_held"] is not None:
        lines.append(words.say("r.held", held=result["order_held"], draws=result["draws"]))
    return lines


def _between(row: Mapping[str, Any], words: Words, low: str = "low", high: str = "high") -> str:
    return words.say("range", low=_two(row[low]), high=_two(row[high]))


def _two(value: float) -> str:
    """Two decimals, and no minus before a zero."""
    return f"{round(value, 2) + 0.0:.2f}"


def _numbers(row: Mapping[str, Any], result: Mapping[str, Any], words: Words) -> str:
    """One row's figures in words."""
    if "lives" not in row:
        parts = [words.word({SAVES: "r.saves", NONE: "same", COSTS: "r.worse"}[row["verdict"]]), words.word("r.order_only")]
    elif not row["touched"]:
        return words.say("r.untouched", n=result["events"])
    elif row["verdict"] == NONE:
        parts = [words.say("r.lives", lives=words.word("same"), between=_between(row, words))]
    else:
        parts = [words.say("r.lives", lives=f"{row['lives']:.2f}", between=_between(row, words))]
    if "lives" in row:
        parts.append(words.say("r.events", between=_between(row, words, "event_low", "event_high"), share=f"{row['touched']:.0%}"))
    if row["held"] is not None:
        parts.append(words.say("r.row_held", held=row["held"], draws=result["draws"]))
    if row["fragile"]:
        why = words.listed([words.word("r.by_draws") if part == "draws" else part for part in row["fragile"]])
        parts.append(words.say("r.row_fragile", why=why))
    return words.word("r.semicolon").join(parts)


def _pairs(result: Mapping[str, Any], words: Words, titles: Mapping[str, str]) -> list[str]:
    rows = [row for row in result["pairs"] if row["verdict"] != NONE][:MOST_PAIRS]
    if not result["pairs"]:
        return []
    lines = ["", words.word("r.pairs") + words.word("r.colon")]
    lines += [f"    {titles[row['first']]} + {titles[row['second']]}: {row['lives']:+.2f} ({_between(row, words)})" for row in rows]
    return lines if rows else [*lines, f"    {words.word('same')}"]


def _shares(result: Mapping[str, Any], words: Words, titles: Mapping[str, str]) -> list[str]:
    shares = result["shares"]
    if not shares:
        return []
    total = words.say("r.shares", lives=f"{shares['all_lives']:.2f}", between=_between(shares, words), orders=shares["orders"])
    return ["", total + words.word("r.colon"), *(f"    {titles[row['name']]}: {row['lives']:.2f} ({_between(row, words)})" for row in shares["rows"])]


def _set(result: Mapping[str, Any], words: Words, titles: Mapping[str, str]) -> list[str]:
    best = result["best_set"]
    if not best:
        return []

    def amount(value: float) -> str:
        unit = words.word(f"r.{best['unit']}") if best["unit"] == "days" else result["currency"]
        return f"{value:,.0f} {unit}".strip()

    def named(names: Sequence[str]) -> str:
        return " + ".join(titles[name] for name in names)

    lines = ["", words.say("r.set", budget=amount(best["budget"]))]
    if best["names"]:
        lines += [f"    {named(best['names'])}", "    " + words.say("r.set_worth", cost=amount(best["cost"]), lives=f"{best['lives']:.2f}", between=_between(best, words))]
    else:
        lines.append(f"    {words.word('r.set_none')}")
    lines += [f"    {words.word('r.set_tied')} {named(names)}" for names in best["tied"]]
    lines.append("    " + words.word("r.every_set" if best["every"] else "r.likely_sets"))
    if best["left_out"]:
        lines.append("    " + words.say("r.left_out", names=words.listed([titles[name] for name in best["left_out"]])))
    return lines


def _binding(result: Mapping[str, Any], words: Words) -> list[str]:
    lines = ["", words.word("r.binding") + words.word("r.colon")]
    for row in (row for row in result["binding"] if row["lacked_min"] >= 1.0):
        place = f"{words.name(row['hospital'])} · {words.name(row['scenario'])}"
        parts = [f"{row['lacked_min']:.0f}", words.say("at_minute", minute=f"{row['minute']:.0f}"), f"{row['share']:.0%}"]
        lines.append(f"    {place}: {words.word(row['kind'])} ({words.listed(parts)})")
    return lines if result["binding"] else []
