"""A report's words and numbers, read as of a day and as known at an instant; made again, the numbers are the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from beiji.improve.fields import numbers_of
from beiji.programme.models import City, Subject
from beiji.readiness.queries import picture
from beiji.records import sealing
from beiji.records.refused import ChangeRefused
from beiji.ui import formats
from beiji.ui.languages import LANGUAGES, pick

from . import freezing, gathering, improving, ministers, ward, wording
from .gathering import Basis
from .models import Snapshot
from .rules.facts import ON_THE_PAGE
from .rules.lines import ActionLine, DecisionLine, FindingLine, has_fields, with_numbers


class ReportError(ChangeRefused):
    """The report cannot be made; the text is one finished, translated sentence."""


@dataclass(frozen=True)
class Read:
    """What was read for a report, before its number is known."""

    seen: Basis
    actions: Sequence[ActionLine]
    findings: Sequence[FindingLine]
    decisions: Sequence[DecisionLine]


def read(*, city: City, subject: Subject | None, as_of: date, known_at: datetime) -> Read:
    """Read for the list of one hospital, or for the page about all of them.

    Raises ReportError without a standard, and where nothing is known that a report could say.
    """
    hospitals = [subject] if subject is not None else list(Subject.objects.on(as_of, known_at).hospitals())
    seen = gathering.gather(city=city, hospitals=hospitals, as_of=as_of, known_at=known_at)
    if seen.now.method is None:
        raise ReportError(_("No standard is loaded for {city} on that day.").format(city=city.pk))
    if seen.now.tally.known == 0:
        raise ReportError(_nothing_known(pick(subject.names if subject is not None else city.names), as_of))
    numbers = numbers_of(seen.now.held)
    return Read(
        seen=seen,
        actions=improving.action_lines(subject, as_of, known_at) if subject is not None else (),
        findings=[replace(f, words=with_numbers(f.words, numbers)) for f in improving.finding_lines(as_of, known_at)],
        decisions=[
            replace(d, words=with_numbers(d.words, _numbers_for(d, seen, numbers)))
            for d in improving.decision_lines(as_of, known_at)[:ON_THE_PAGE]
        ],
    )


def _numbers_for(decision: DecisionLine, seen: Basis, today: Mapping[str, int]) -> Mapping[str, int]:
    """Today's numbers, or those of the day on which the request was decided: the authorities decided on those."""
    if decision.decided_on is None or not has_fields(decision.words):
        return today
    known = seen.known_at
    then = picture(city=seen.city, subjects=seen.now.subjects, now=known, known_at=known, day=decision.decided_on)
    return numbers_of(then.held)


def awaiting(as_of: date, known_at: datetime) -> dict[str, int]:
    """Language (pack code) → texts that the page for leaders would print untranslated in it; only where there are any.

    Findings without a place may be printed too where fewer have one than the page holds, so they are counted then.
    """
    findings = improving.finding_lines(as_of, known_at)
    placed = [f for f in findings if f.order is not None]
    texts = [f.words for f in (placed if len(placed) >= ON_THE_PAGE else findings)]
    texts += [d.words for d in improving.decision_lines(as_of, known_at)[:ON_THE_PAGE]]
    counts = {language.pack: wording.raw_texts(texts, language.pack) for language in LANGUAGES}
    return {language: count for language, count in counts.items() if count}


def _nothing_known(about: str, day: date) -> str:
    """Why a report over nothing is refused, and what would mend it."""
    return _(
        "Nothing is known about {about} up to {day}, so there is nothing to report; lock an assessment or record "
        "evidence first, or choose a later day."
    ).format(about=about, day=formats.date_text(day))


def content(audience: str, subject: Subject | None, basis: Read, number: str) -> dict[str, Any]:
    """The content of a snapshot under this number, with the frame that the row repeats, so that one digest covers all."""
    if audience == Snapshot.Audience.WARD:
        assert subject is not None
        said = ward.content(basis.seen, subject, basis.actions, number)
    else:
        said = ministers.content(basis.seen, basis.findings, basis.decisions, number)
    frame = freezing.frame_of(
        city=basis.seen.city.pk, number=number, audience=audience, subject=subject.code if subject else None,
        as_of=basis.seen.as_of, known_at=basis.seen.known_at, packs=gathering.packs_of(basis.seen.now),
    )  # fmt: skip
    return {**_sealed(said, basis.seen.city), "frame": frame}


def _sealed(said: dict[str, Any], city: City) -> dict[str, Any]:
    """The content with the head of the city's seals, which then stands on paper, out of reach of whoever changes rows."""
    seal = sealing.newest(city.pk)
    if seal is None:
        return said
    for language in LANGUAGES:
        with translation.override(language.code):
            words = _("Seal {number}: {digest}").format(number=seal.number, digest=seal.digest[:16])
        said["documents"][language.pack]["seal"] = words
    return {**said, "seal": {"number": seal.number, "digest": seal.digest}}
