"""Where a row may stand: the campus, whole or place at which its capability is kept on a day."""

from __future__ import annotations

from datetime import date, datetime

from .facts import nodes_on
from .rows import EditionFacts, LedgerError, PartKind, SubjectFacts


def check_where(
    capability: str, at: str, place: str | None, edition: EditionFacts, subject: SubjectFacts, day: date,
    known_at: datetime,
) -> None:  # fmt: skip
    """Refuse a row ``at`` a subject (and place) with a :class:`LedgerError` unless the capability is kept there on ``day``."""
    campuses = {n.code for n in nodes_on(subject, PartKind.CAMPUS, day, known_at)}
    units = campuses if edition.per_campus and campuses else {subject.code}
    if at not in units:
        names = ", ".join(sorted(units))
        if edition.per_campus and campuses:
            sentence = "{capability} is kept per campus. Record it on one of: {units}."
            raise LedgerError("per-campus", sentence, capability=capability, units=names)
        sentence = "{capability} is kept for the whole of {units}. Record it there."
        raise LedgerError("whole", sentence, capability=capability, units=names)
    parents = {at, *campuses} if at == subject.code else {at}
    places = {n.code for n in nodes_on(subject, PartKind.PLACE, day, known_at) if n.parent in parents}
    if place is not None and place not in places:
        raise LedgerError("place", "{place} is not listed in {subject} on {as_of}.", place=place, subject=at, as_of=day)
    if place is None and edition.per_place and places:
        sentence = "{capability} is kept per place. Say which: {places}."
        raise LedgerError("per-place", sentence, capability=capability, places=", ".join(sorted(places)))
