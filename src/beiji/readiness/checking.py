"""From the ledger to the self-check: answers as its rules take them, for some subjects of a picture."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from .book import Book, size_class
from .models import Evidence
from .queries import Picture, numbers_of
from .rules import selfcheck
from .rules.facts import edition_in_force, targets_on
from .rules.selfcheck import Answer, Rating, Remark
from .rules.words import Method

SOON_DAYS = 30
"""Days within which a proof that lapses is named; the same as in the lists of what expires."""


def remarks_of(picture: Picture) -> list[Remark]:
    """Everything that the self-check finds over the subjects of a picture. At most six queries."""
    if picture.method is None:
        return []
    return selfcheck.remarks(_answers(picture), _ratings(picture), picture.day, SOON_DAYS)


def _answers(picture: Picture) -> Iterable[Answer]:
    subjects = {s.code: s for s in picture.subjects}
    book = Book(picture.city, {q.indicator.capability_id for asked in picture.questions.values() for q in asked})
    deciding = {
        (held.hospital, held.capability): selfcheck.deciding_rows(
            picture.standing(held.hospital, held.capability).parts
        )
        for held in picture.held
    }
    numbers = numbers_of(key for rows in deciding.values() for key in rows.values())
    for held in picture.held:
        facts = book.facts(held.capability, size_class(subjects[held.hospital]))
        edition = edition_in_force(facts, picture.day, picture.known_at)
        if edition is None:
            continue
        rows = deciding[held.hospital, held.capability]
        yield Answer(
            held=held,
            standing=picture.standing(held.hospital, held.capability),
            kind=edition.kind,
            better=edition.better,
            unit=edition.unit,
            targets=targets_on(edition, picture.day, picture.known_at),
            values={part: numbers[key] for part, key in rows.items() if key in numbers},
        )


def _ratings(picture: Picture) -> list[Rating]:
    """The newest self-rating of each subject: how often each level was given in it. One query."""
    rows = Evidence.objects.filter(
        whole__in=[s.pk for s in picture.subjects],
        method=Method.SELF_RATING,
        level__isnull=False,
        as_of__lte=picture.day,
        recorded_at__lte=picture.known_at,
    )
    counted = rows.values_list("whole__code", "as_of", "source_id", "level").annotate(n=Count("pk")).order_by("as_of")
    newest: dict[str, tuple[object, dict[int, int]]] = {}
    for code, day, source, level, n in counted:
        key = (day, source)
        if code not in newest or newest[code][0] != key:
            newest[code] = (key, {})
        newest[code][1][level] = n
    return [Rating(s.code, newest[s.code][1]) for s in picture.subjects if s.code in newest]
