"""Rewriting of caches: in the writing transaction, and once a day because time passes without a write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from beiji.programme.access import today_in
from beiji.programme.models import City, Subject
from beiji.programme.writing import change, hold_city

from .. import caching
from ..book import Book, local, nodes_under, rows_of, subject_facts
from ..listeners import StandingChange, tell
from ..methodology import kinds_of, not_applicable_on, standards_of
from ..models import Capability, Evidence, RollUp, Standing
from ..rules.rows import Row, State

STANDING_FIELDS = ("as_of", "state", "digit", "proof", "failed", "contradicted", "to_confirm", "checked", "parts")


def rewrite(
    *, city: City, wholes: Sequence[Subject], book: Book, now: datetime, by: UUID | None,
    codes: Mapping[int, Iterable[str]] | None = None, rows: Mapping[int, Sequence[Row]] | None = None,
    written: Sequence[Evidence] = (),
) -> list[StandingChange]:  # fmt: skip
    """Rewrite standings (of the named capabilities by key of subject, or all) and roll-ups; tell the listeners.

    Must run inside the transaction of the write it follows. `rows` spares reading evidence that the caller has.
    """
    day, known_at = today_in(city, now), local(now, city)
    rows = rows_of(wholes, city) if rows is None else rows
    nodes = nodes_under(wholes)
    before = {(s.subject_id, s.capability_id): s for s in Standing.objects.filter(subject__in=wholes).defer("parts")}
    fresh: list[Standing] = []
    changes: list[StandingChange] = []
    capabilities = {c.pk: c for c in Capability.objects.filter(pk__in=book.ids.values())}
    for whole in wholes:
        wanted = sorted(codes[whole.pk]) if codes is not None else [c for c in book.codes() if book.concerns(c, whole)]
        standings = caching.standings_of(
            book=book,
            whole=whole,
            facts=subject_facts(whole, nodes[whole.pk], city),
            rows=rows[whole.pk],
            codes=wanted,
            day=day,
            known_at=known_at,
        )
        for code, standing in standings.items():
            key = book.ids[code]
            fresh.append(caching.cached(standing, city=city, subject=whole, capability_id=key, day=day))
            old = before.get((whole.pk, key))
            about = [e for e in written if e.whole_id == whole.pk and e.capability_id == key]
            state = State(old.state) if old else None
            if about or state is not standing.state:
                changes.append(StandingChange(city, whole, capabilities[key], state, standing, about, now, by))
    Standing.objects.bulk_create(
        fresh, update_conflicts=True, unique_fields=("subject", "capability"), update_fields=STANDING_FIELDS
    )
    _rewrite_roll_ups(city, wholes, before, fresh, now)
    tell(changes)
    return changes


def _rewrite_roll_ups(
    city: City, wholes: Sequence[Subject], before: Mapping[tuple[int, int], Standing], fresh: Sequence[Standing],
    now: datetime,
) -> None:  # fmt: skip
    day, known_at = today_in(city, now), local(now, city)
    latest = {**before, **{(s.subject_id, s.capability_id): s for s in fresh}}
    fresh_roll_ups: list[RollUp] = []
    for method, some in standards_of(city, wholes, day, known_at):
        kinds = kinds_of(method)
        excluded = not_applicable_on(some, method.pack.code, day, known_at)
        for whole in some:
            questions = method.questions_for(whole)
            summaries = {
                q.capability: caching.summary_from_cache(latest[whole.pk, q.indicator.capability_id])
                for q in questions
                if (whole.pk, q.indicator.capability_id) in latest
            }
            scored = caching.score(method, questions, summaries, kinds, excluded[whole.pk])
            fresh_roll_ups += caching.roll_ups(scored, city=city, subject=whole, standard=method.pack.code, day=day)
    RollUp.objects.bulk_create(
        fresh_roll_ups,
        update_conflicts=True,
        unique_fields=("subject", "standard", "level", "code"),
        update_fields=("as_of", "values"),
    )


def wholes_of(city: City) -> list[Subject]:
    """All subjects that evidence can speak of as a whole."""
    parts = (Subject.Kind.CAMPUS, Subject.Kind.PLACE)
    return list(Subject.objects.filter(city=city).exclude(kind__in=parts))


@change
def rewrite_city(*, city: City, now: datetime, by: UUID | None = None) -> int:
    """Compute every standing and roll-up of the city anew. Returns the number of subjects whose standing changed."""
    now = hold_city(city, now)
    changes = rewrite(city=city, wholes=wholes_of(city), book=Book(city), now=now, by=by)
    return len({c.subject.pk for c in changes})
