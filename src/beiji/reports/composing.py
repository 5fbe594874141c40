"""A report's words and numbers, read as of a day and as known at an instant; made again, they are the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from beiji.programme.models import City, Subject

from . import gathering, improving, ministers, ward
from .gathering import Basis
from .models import Snapshot
from .rules.lines import ActionLine, DecisionLine, FindingLine


class ReportError(Exception):
    """The report cannot be made; the text is one finished, translated sentence."""


@dataclass(frozen=True)
class Read:
    """What was read for a report, before its number is known."""

    seen: Basis
    hospitals: Sequence[Subject]
    actions: Sequence[ActionLine]
    findings: Sequence[FindingLine]
    decisions: Sequence[DecisionLine]


def read(*, city: City, subject: Subject | None, as_of: date, known_at: datetime) -> Read:
    """Read for the list of one hospital, or for the page about all of them. Raises ReportError without a standard."""
    hospitals = [subject] if subject is not None else list(Subject.objects.on(as_of, known_at).hospitals())
    seen = gathering.gather(city=city, hospitals=hospitals, as_of=as_of, known_at=known_at)
    if seen.now.method is None:
        raise ReportError(_("No standard is loaded for {city} on that day.").format(city=city.pk))
    return Read(
        seen=seen,
        hospitals=hospitals,
        actions=improving.action_lines(subject, as_of, known_at) if subject is not None else (),
        findings=improving.finding_lines(known_at),
        decisions=improving.decision_lines(known_at),
    )


def content(audience: str, subject: Subject | None, basis: Read, number: str) -> dict[str, Any]:
    """The content of a snapshot under this number."""
    if audience == Snapshot.Audience.WARD:
        assert subject is not None
        return ward.content(basis.seen, subject, basis.actions, number)
    return ministers.content(basis.seen, basis.hospitals, basis.findings, basis.decisions, number)
