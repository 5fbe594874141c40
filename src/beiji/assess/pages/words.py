"""Words of this room in the reader's language: answers, hindrances, measurements, people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, ngettext

from beiji.documents.models import UserText
from beiji.documents.pages.typed import typed_text
from beiji.readiness.pages import wording
from beiji.readiness.rules.numbers import number
from beiji.readiness.rules.rows import Condition, LedgerError, Method, Notice
from beiji.ui import formats
from beiji.ui.words import level_word

from ..models import Visit
from ..rules.answers import NOT_APPLICABLE, UNABLE, Measurement
from ..rules.consensus import Hindrance

Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Said:
    """An answer as a page shows it: `digit` for the cell (None: no level), `word`, and its reason where one was given."""

    digit: int | None
    state: str
    word: str
    reason: str = ""


def said(value: int | str | None, reason: str = "") -> Said:
    """A level, not applicable, not seen, or nothing yet."""
    if isinstance(value, int):
        return Said(value, "in-place" if value == 2 else "below", level_word(value), reason)
    if value == NOT_APPLICABLE:
        return Said(None, "not-applicable", gettext("Not applicable"), reason)
    if value == UNABLE:
        return Said(None, "unknown", gettext("Could not be seen"), reason)
    return Said(None, "not-assessed", gettext("not answered"), reason)


def how_word(how: str) -> str:
    """How a level was found."""
    return {
        "check": gettext("Checked on the spot"),
        "document": gettext("Read in documents"),
        "interview": gettext("Heard in an interview"),
    }[how]


def dates(first: date, last: date, *, short: bool = False) -> str:
    """The days of a visit; short in lists."""
    write = formats.date_short if short else formats.date_text
    if first == last:
        return write(first)
    return gettext("%(first)s to %(last)s") % {"first": write(first), "last": write(last)}


def round_words(visit: Visit) -> str:
    """Round, kind and scope of a visit."""
    return wording.joined(
        [gettext("Round %(number)s") % {"number": visit.round}, visit.get_kind_display(), visit.get_scope_display()]
    )


def _amount(amount: str, unit: str) -> str:
    """A kept number with its unit; one that an earlier version took, though the ledger does not, as it was typed."""
    try:
        return wording.amount(number(amount), unit)
    except LedgerError:
        return amount[:20]


def measured_words(measurement: Measurement, unit: str) -> str:
    """What was measured, how, in which condition and when: "24 min · at 30 min · timed test · at night · 14:05"."""
    if measurement.value is not None:
        what = _amount(measurement.value, unit)
    else:
        what = gettext("shown") if measurement.shown else gettext("not shown")
    cases = ""
    if measurement.sample > 1:
        pattern = ngettext("%(count)s case", "%(count)s cases", measurement.sample)
        cases = pattern % {"count": measurement.sample}
    return wording.joined(
        [
            what,
            wording.minute_word(measurement.at_min),
            wording.method_word(Method(measurement.method)),
            wording.notice_word(Notice(measurement.notice) if measurement.notice else None),
            wording.condition_word(Condition(measurement.condition)),
            cases,
            formats.datetime_text(measurement.made_at),
        ]
    )


def reason_words(text: UserText | None, raw: str) -> str:
    """The reason for the reader; what is not translated says so. One without a language stands as it was typed."""
    return raw if text is None else str(typed_text(text))


def hindrance_sentence(hindrance: Hindrance, count: int = 1) -> str:
    """What keeps a visit from its lock, as one sentence."""
    named = {"code": hindrance.key.indicator if hindrance.key else "", "count": count}
    if hindrance.code == "must-pass-unanswered":
        return gettext("%(code)s must be passed, and nobody has answered it.") % named
    return {
        "difference": gettext("%(code)s: the assessors differ; settle it.") % named,
        "na-must-pass": gettext("%(code)s must be passed; “not applicable” cannot stand there.") % named,
        "na-part": gettext(
            "%(code)s: “not applicable” on one campus but not on another; it holds for the whole hospital."
        )
        % named,
        "na-self": gettext("%(code)s: only somebody from outside can approve “not applicable”.") % named,
        "na-reason": gettext("%(code)s: “not applicable” needs its reason.") % named,
        "no-rater": gettext("Nobody on the team rates."),
        "nothing-rated": gettext("Nothing has been answered or measured yet."),
    }[hindrance.code]
