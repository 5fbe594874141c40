"""Words of the ledger's rows and rules in the reader's language. Whole sentences, named parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext, pgettext

from beiji.ui import formats
from beiji.ui.languages import pick

from ..deciding import Deciding
from ..rules.counts import current_of
from ..rules.rows import CapCode, Condition, Evaluator, Method, Notice, Part, PartStanding, Proof, Row, State

Names = Mapping[str, Mapping[str, str]]
"""Code of a campus, place or office → its names."""


def condition_word(condition: Condition) -> str:
    """By day, at night, on a holiday; nothing for any."""
    return {
        Condition.ANY: "",
        Condition.DAY: gettext("by day"),
        Condition.NIGHT: gettext("at night"),
        Condition.HOLIDAY: gettext("on a holiday"),
    }[condition]


def method_word(method: Method) -> str:
    """How a row was won."""
    return {
        Method.SELF_RATING: gettext("self-rating"),
        Method.INTERVIEW: gettext("interview"),
        Method.DOCUMENT: gettext("document handed in"),
        Method.PLAN: gettext("approved plan"),
        Method.ALBUM: gettext("album of a drill"),
        Method.SPOT_CHECK: gettext("checked on the spot"),
        Method.TIMED_TEST: gettext("timed test"),
        Method.WITNESSED_DRILL: gettext("drill before an outside evaluator"),
        Method.OWN_DRILL: gettext("own drill"),
        Method.MISSED_DRILL: gettext("notified drill not handed in"),
        Method.REAL_EVENT: gettext("real event"),
        Method.ROUTINE_SERIES: gettext("series of routine times"),
        Method.RECORDS: gettext("records counted"),
    }[method]


def notice_word(notice: Notice | None) -> str:
    """Scripted, announced or unannounced."""
    if notice is None:
        return ""
    return {
        Notice.SCRIPTED: gettext("scripted"),
        Notice.ANNOUNCED: gettext("announced, unscripted"),
        Notice.UNANNOUNCED: gettext("unannounced"),
    }[notice]


def evaluator_word(evaluator: Evaluator) -> str:
    """Who vouches for a row."""
    return {
        Evaluator.SELF: gettext("the hospital itself"),
        Evaluator.PEER: gettext("another hospital"),
        Evaluator.CITY: gettext("the city"),
        Evaluator.EXTERNAL: gettext("external assessors"),
    }[evaluator]


def unit_word(unit: str) -> str:
    """A unit of the packs."""
    words = {
        "min": gettext("min"),
        "s": gettext("s"),
        "h": gettext("h"),
        "days": gettext("days"),
        "casualties": gettext("casualties"),
        "teams": gettext("teams"),
        "places": gettext("places"),
        "rooms": gettext("rooms"),
        "machines": gettext("machines"),
        "people": gettext("people"),
        "beds": gettext("beds"),
        "units": gettext("units"),
        "lanes": gettext("lanes"),
        "vehicles": gettext("vehicles"),
        "sets": gettext("sets"),
        "kits": gettext("kits"),
        "stretchers": gettext("stretchers"),
        "patients": gettext("patients"),
        "litres": gettext("litres"),
        "drills": gettext("drills"),
        "shifts": gettext("shifts"),
        "posts": gettext("posts"),
        "points": gettext("points"),
    }
    return words.get(unit, "")


def unit_sign(unit: str) -> str:
    """What stands behind the field in which a number of a unit is typed: a share is typed in per cent."""
    return "%" if unit == "share" else unit_word(unit)


def _decimals(number: Fraction) -> int:
    """Decimals that a typed number needs: 15.04 min must not read as the 15 min that it missed."""
    return next((n for n in range(4) if (number * 10**n).denominator == 1), 1)


def amount(value: Fraction, unit: str) -> str:
    """A number with its unit, unrounded as it was typed; a share as per cent."""
    if unit == "share":
        return formats.percent_text(float(value), digits=_decimals(value * 100))
    shown = formats.number_text(float(value), digits=_decimals(value))
    word = unit_word(unit)
    return f"{shown} {word}" if word else shown


def amounts(values: Sequence[Fraction], unit: str) -> str:
    """One number with its unit, or the lowest and the highest of several."""
    low, high = min(values), max(values)
    if low == high:
        return amount(low, unit)
    factor, sign = (100, "%") if unit == "share" else (1, unit_word(unit))
    digits = max(_decimals(low * factor), _decimals(high * factor))
    return formats.range_text(float(low * factor), float(high * factor), unit=sign, digits=digits)


def minute_word(minute: int | None) -> str:
    """The minute since the alert that a number speaks of."""
    if minute is None:
        return ""
    return gettext("at %(minutes)s min") % {"minutes": minute}


def target_words(targets: Mapping[int | None, Fraction], unit: str, better: str) -> str:
    """ "at most 15 min", "at least 2 teams at 0 min, 6 at 30 min"."""
    pattern = gettext("at most %(amount)s") if better == "lower" else gettext("at least %(amount)s")
    parts = []
    for minute in sorted(targets, key=lambda m: -1 if m is None else m):
        said = pattern % {"amount": amount(targets[minute], unit)}
        parts.append(f"{said} {minute_word(minute)}".strip())
    return gettext(", ").join(parts)


def joined(words: Sequence[str]) -> str:
    """Words side by side, empty ones left out."""
    return " · ".join(w for w in words if w)


def found_words(row: Row, unit: str) -> str:
    """What a row found and how: "24 min · timed test · at night"."""
    if row.method is Method.RECORDS and row.value is not None:
        return joined([_count_words(row, unit), condition_word(row.condition)])
    if row.level is not None:
        what = pgettext("claimed level", "level %(level)s") % {"level": row.level}
    elif row.value is not None:
        what = joined([amount(row.value, unit), minute_word(row.at_min)])
    elif row.shown is not None:
        what = gettext("shown") if row.shown else gettext("not shown")
    else:
        what = gettext("withdrawn")
    return joined([what, method_word(row.method), notice_word(row.notice), condition_word(row.condition)])


def _count_words(row: Row, unit: str) -> str:
    """ "90% · 36 of 40 people · records counted"; of a sampling how many were drawn."""
    share = amount(row.value or Fraction(0), unit)
    if row.evaluator.is_outside:
        return joined([share, gettext("records sampled"), gettext("%(drawn)s drawn") % {"drawn": row.sample}])
    of = gettext("%(current)s of %(listed)s people") % {"current": current_of(row), "listed": row.sample}
    return joined([share, of, method_word(row.method)])


def part_words(part: Part, names: Names, whole: str) -> str:
    """Where and when: "West campus · at night · at 30 min"; nothing where only the whole is judged."""
    campus = pick(names.get(part.campus, {})) or part.campus if part.campus != whole else ""
    place = pick(names.get(part.place, {})) or part.place if part.place else ""
    return joined([campus, place, condition_word(part.condition), minute_word(part.minute)])


def worst_words(parts: Sequence[Part], judged: int, names: Names, whole: str) -> str:
    """The parts in which the worst stands, named; nothing where all are alike or there is only one."""
    if not parts or judged == len(parts):
        return ""
    return gettext("; ").join(part_words(p, names, whole) for p in parts)


def rule_sentence(found: PartStanding, rows: Mapping[int, Row] | Mapping[int, Deciding]) -> str:
    """The sentence of the law that decided this part."""
    deciding = [rows[key] for key in found.deciding if key in rows]
    if found.state is State.UNKNOWN:
        return gettext("Nobody has said or shown anything about it. Unknown is never counted as good.")
    if found.state is State.BELOW:
        return _below_sentence(found)
    if found.state is State.STALE:
        if found.to_confirm:
            return gettext("The bar was raised since it was last passed; it is to be confirmed.")
        return gettext("What was passed has expired, and nothing newer has taken its place.")
    if found.state is State.CLAIMED:
        return gettext("So far it is only stated; nobody from outside has seen or measured it.")
    if found.state is State.IN_PLACE:
        elsewhere = [r for r in deciding if r.condition not in (Condition.ANY, found.part.condition)]
        if elsewhere and len(elsewhere) == len(deciding) and found.part.condition is not Condition.ANY:
            return gettext("It was measured in another condition; here it counts as seen until it is measured here.")
        return gettext("It was seen from outside and is still valid; it has not been measured yet.")
    if found.proof is Proof.SEEN:
        return gettext("It was seen from outside and is still valid; a document asks for no more.")
    return gettext("It was measured, meets the target of this day and is still valid.")


def _below_sentence(found: PartStanding) -> str:
    if found.failed:
        return gettext("A measured miss stays open until a later measured pass; misses never expire.")
    if found.contradicted:
        return gettext("A later check from outside failed and ended the older proof.")
    if found.proof is Proof.STATED:
        return gettext("By the hospital's or a paper's own word it is not there.")
    return gettext("A miss seen from outside stays open until a later pass from outside.")


def source_words(label: str) -> str:
    """What a row came from as a reader of his language writes it: the rows of a visit bear the day on which it began."""
    try:
        return formats.date_short(date.fromisoformat(label))
    except ValueError:
        return label


def cap_sentence(code: CapCode) -> str:
    """Why an aggregate shows a lower digit than its score."""
    return {
        CapCode.MUST_PASS_NOT_MET: gettext("Not proven, because a must-pass item is not met."),
        CapCode.FEW_MEASURABLE: gettext("Not proven, because too few of its items can be measured."),
        CapCode.LITTLE_MEASURED: gettext("Not proven, because less than 60% of what can be measured was."),
        CapCode.MUST_PASS_OPEN: gettext("At most 1, because a must-pass item is open."),
        CapCode.MUST_PASS_ZERO: gettext("0, because three or more must-pass items are not in place at all."),
        CapCode.DOMAIN_UNDER: gettext("At most 2, because a domain is under 30%."),
    }[code]
