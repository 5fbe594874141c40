"""The ledger's refusals in the reader's language, by their code. A test holds the English equal to the rules'."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from beiji.records.files import AttachmentError
from beiji.records.refused import ChangeRefused

from .rules.rows import LedgerError

# fmt: off
SENTENCES = {
    "backdated": _("It cannot begin on {day}, before today; past maps do not change."),
    "call-off-late": _("A drill can be called off only once, and before it begins."),
    "capability-unknown": _("There is no capability {code}."),
    "condition": _("Say whether it happened by day, by night or on a holiday."),
    "confirms-nothing": _("A confirmation supersedes the hospital's row of the drill. Name that row."),
    "count-early": _("A count stands already, and this one is on the same side of the target. The next is due at the end of the month."),
    "count-list": _("A count needs its list: who is on it and who is current. Attach it as a file."),
    "count-more": _("{current} of {listed} cannot be. Count again."),
    "count-not": _("{capability} is not counted from records. Say how it was found."),
    "count-value": _("A count says how many of how many. Enter both."),
    "count-whole": _("A count is so many people of so many. Enter whole numbers."),
    "document-file": _("“Document handed in” needs the document. Attach it as a file."),
    "document-drill": _("No drill can show {capability}. Record who saw the document."),
    "drill-called-off": _("That drill was called off. Record what was seen without naming it."),
    "drill-level": _("A drill is not entered as a level. Enter what was measured or shown."),
    "drill-other": _("The record of a notified drill is a drill of the capability, place, condition and day notified, {day}. Record anything else without naming the drill."),
    "drill-unknown": _("There is no notified drill {drill}."),
    "edition": _("Edition {given} of {capability} was not in force on {as_of}. Use edition {right}."),
    "edition-unit": _("{capability} would be counted in {unit} instead of {old}, and no release says by which factor. Declare it."),
    "edition-turns": _("{capability} would change its kind, direction, minutes, or being kept per campus or place. Make a new capability instead."),
    "evaluator": _("A measured pass needs its evaluator. Say who watched and kept the time."),
    "future": _("The day {as_of} has not come yet. Give the day on which it was seen."),
    "indicator-unknown": _("There is no indicator {indicator}."),
    "level": _("{level} cannot be claimed. Claim 0, 1 or 2; level 3 is computed."),
    "lifted-already": _("That striking-off was taken back before."),
    "minute": _("{capability} is judged at {minutes} min. Say at which."),
    "minute-of-level": _("A level speaks of every minute. Leave the minute out."),
    "minute-of-shown": _("“Shown” speaks of every minute. Leave the minute out."),
    "missed-by-hand": _("A missed drill is written by the ledger alone. Record what was seen instead."),
    "na-failed": _("{indicator} was found failing by {office}. Only an evaluator of that rank or a higher one can set it aside."),
    "na-inside": _("“Not applicable” needs the approval of an office outside the hospital."),
    "na-must-pass": _("{indicator} must be passed by everybody; it always applies."),
    "na-reason": _("Give the reason why {indicator} does not apply."),
    "no-minute": _("{capability} has no timetable. Leave the minute out."),
    "notice": _("Say whether the drill was scripted, announced or unannounced."),
    "notify-condition": _("Say whether it happens by day, by night or on a holiday."),
    "notify-early": _("A drill is notified at most {days} days before it."),
    "notify-inside": _("A drill is notified to an office outside the hospital."),
    "notify-late": _("A drill is notified at the latest on the day before it."),
    "number": _("This is not a plain number. Enter at most {whole} digits before and {decimals} after the decimal point."),
    "office-unknown": _("There is no office {office}."),
    "one-word": _("A row says exactly one thing: a level, a value, shown or not shown, or a withdrawal."),
    "outside-only": _("“{method}” needs an evaluator from outside. Record the hospital's own word as a self-rating or own drill."),
    "per-campus": _("{capability} is kept per campus. Record it on one of: {units}."),
    "per-place": _("{capability} is kept per place. Say which: {places}."),
    "place": _("{place} is not listed in {subject} on {as_of}."),
    "place-unknown": _("There is no place {code}."),
    "raw-sheet": _("A measured pass needs its raw sheet. Attach a photograph or scan of it."),
    "reason": _("Give the reason why row {row} no longer holds."),
    "reopen-reason": _("Give the reason why it is reopened."),
    "review-changed": _("{indicator} is no longer what you read. Read it anew."),
    "review-gone": _("That signature was taken back before."),
    "review-other": _("Only whoever signed takes a signature back."),
    "review-twice": _("You have signed {indicator} before, and it has not changed."),
    "sample": _("A sample is 1 to {most} cases. Enter how many were measured."),
    "sampling-drawn": _("Of the {current} counted as current, draw at least {least} and at most all."),
    "sampling-held": _("{held} of {drawn} cannot have held."),
    "sampling-none": _("By this count nobody is current; there is nothing to draw from."),
    "sampling-of": _("From outside a count is sampled, not made. Name the hospital's count."),
    "series": _("{capability} names no percentile. A series of times cannot be judged."),
    "series-days": _("A series has a first day, and a last day that is not before it."),
    "series-empty": _("The series holds no times."),
    "shown-kind": _("{capability} is a number. Enter the value."),
    "standard-fewer": _("{code} asks fewer than {other}, whose place it would take: {left} would be asked by none."),
    "standard-second": _("{code} asks whom {other} asks, and {city} can use one of them. Name it under standards: in the city's pack."),
    "strike-city": _("Only the city strikes an evaluator off."),
    "strike-reason": _("Give the reason why {office} is struck off."),
    "strike-self": _("An office does not strike itself off."),
    "struck-already": _("{office} was struck off before."),
    "struck-off": _("{office} was struck off and records nothing from outside any more."),
    "subject-unknown": _("There is no subject {code}."),
    "supersedes-ended": _("Row {row} no longer stands. Nothing can be changed in it."),
    "supersedes-missed": _("A missed drill is not corrected. The office notified can withdraw it."),
    "supersedes-other": _("Row {row} is about another subject, capability, edition or day. Record a new row instead."),
    "supersedes-right": _("Row {row} was recorded by {office}. Only that office or a higher evaluator can change it."),
    "supersedes-unknown": _("There is no row {row} to supersede or withdraw."),
    "value": _("{value} is below zero. Enter the number as measured."),
    "value-kind": _("{capability} is not a number. Say whether it was shown."),
    "value-most": _("{value} is more than {most}, the most that is possible in this unit. Look at the unit and at the point."),
    "whole": _("{capability} is kept for the whole of {units}. Record it there."),
    "withdraws-nothing": _("A withdrawal names the row that it ends."),
}
# fmt: on


def sentence(error: LedgerError) -> str:
    """The refusal as one finished sentence in the current language."""
    return str(SENTENCES[error.code]).format(**error.parts)


#: Refusals that are mended in one field of a form, and said there.
_FIELD_OF = {"raw-sheet": "sheets", "document-file": "sheets", "count-list": "sheets", "evaluator": "evaluated_by",
    "count-more": "current", "sampling-drawn": "drawn", "sampling-held": "held",
}  # fmt: skip


@contextmanager
def in_words() -> Iterator[None]:
    """Around a change made by a form: what the ledger refuses, or the store of files, is said where it is mended."""
    try:
        yield
    except LedgerError as error:
        raise ChangeRefused(sentence(error), field=_FIELD_OF.get(error.code, "")) from error
    except AttachmentError as error:
        raise ChangeRefused(str(error), field="sheets") from error
