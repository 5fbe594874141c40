"""Rewriting of caches: in the writing transaction, and once a day because time passes without a write."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Min

from beiji.programme.access import today_in
from beiji.programme.models import City, Subject
from beiji.programme.writing import change, hold_city
from beiji.records import audit

from .. import caching
from ..book import Book, local, nodes_under, rows_of, subject_facts
from ..listeners import StandingChange, tell
from ..methodology import Method, not_applicable_on, standard_in_force
from ..models import Capability, Evidence, RollUp, Standing
from ..notified_drills import overdue
from ..rules.rows import Kind, Row, State

log = logging.getLogger(__name__)

TOGETHER = 20
"""Subjects that the nightly pass takes in one transaction."""
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
        asked = sorted(codes[whole.pk]) if codes is not None else [c for c in book.codes() if book.concerns(c, whole)]
        found = caching.standings_of(
            book=book,
            whole=whole,
            facts=subject_facts(whole, nodes[whole.pk], city),
            rows=rows[whole.pk],
            codes=asked,
            day=day,
            known_at=known_at,
        )
        for code, standing in found.items():
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
    method = standard_in_force(city, day, known_at)
    if method is None:
        return
    kinds = kinds_of(method)
    excluded = not_applicable_on(wholes, method.pack.code, day, known_at)
    latest = {**before, **{(s.subject_id, s.capability_id): s for s in fresh}}
    fresh_roll_ups: list[RollUp] = []
    for whole in wholes:
        if whole.kind != Subject.Kind.HOSPITAL:
            continue
        questions = method.questions_for(whole)
        found = {
            q.capability: caching.summary_from_cache(latest[whole.pk, q.indicator.capability_id])
            for q in questions
            if (whole.pk, q.indicator.capability_id) in latest
        }
        scored = caching.score(method, questions, found, kinds, excluded[whole.pk])
        fresh_roll_ups += caching.roll_ups(scored, city=city, subject=whole, standard=method.pack.code, day=day)
    RollUp.objects.bulk_create(
        fresh_roll_ups,
        update_conflicts=True,
        unique_fields=("subject", "standard", "level", "code"),
        update_fields=("as_of", "values"),
    )


def kinds_of(method: Method) -> dict[str, Kind]:
    """Kind of each capability that the standard reads, by its newest edition."""
    from ..models import Edition

    read = {i.capability_id for i in method.indicators}
    found = Edition.objects.filter(capability__in=read).order_by("number").values_list("capability__code", "kind")
    return {code: Kind(kind) for code, kind in found}


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


def refresh_expired(*, city: City, now: datetime) -> int:
    """The nightly pass: writes misses of notified drills that were not handed in, and lets lapsed proof lapse.

    A subject that fails keeps the standings that it had, with their day, stops no other, and is tried again when the pass
    next runs: subjects are passed some together, since that is four times as fast, and each by itself where that fails. It
    is written to the log; the city's to-do list and `doctor` find it by its day. Leaves alone what was passed on the city's
    present day. Returns the number of subjects that changed.
    """
    day = today_in(city, now)
    days = dict(Standing.objects.values_list("subject_id").annotate(oldest=Min("as_of")))
    waiting = {drill.whole_id for drill in overdue(city, now)}
    wholes = wholes_of(city)
    due = frozenset(w.pk for w in wholes if w.pk not in days or days[w.pk] < day)
    todo = [w for w in wholes if w.pk in due | waiting]
    changed = 0
    for first in range(0, len(todo), TOGETHER):
        some = todo[first : first + TOGETHER]
        try:
            changed += _pass(city=city, wholes=some, due=due, now=now)
        except Exception:
            changed += sum(_pass_alone(city, whole, due, now) for whole in some)
    if due & days.keys():
        _note_pass(city=city, changed=changed, now=now)
    return changed


def _pass_alone(city: City, whole: Subject, due: frozenset[int], now: datetime) -> int:
    """The pass of one subject of several that failed together; its own fault is written to the log."""
    try:
        return _pass(city=city, wholes=[whole], due=due, now=now)
    except Exception:
        log.exception("the nightly pass left %s of %s as it was; it is tried again within the hour", whole, city.pk)
        return 0


@change
def _note_pass(*, city: City, changed: int, now: datetime) -> None:
    now = hold_city(city, now)
    audit.write("readiness.expiry-passed", city=city.pk, by=None, of=city, now=now, subjects=changed)


@change
def _pass(*, city: City, wholes: Sequence[Subject], due: frozenset[int], now: datetime) -> int:
    """The nightly pass of some subjects, all or none; `due`: keys of those whose standings are of an earlier day. Returns
    how many changed or got a miss."""
    from .notified import write_misses

    now = hold_city(city, now)
    missed = write_misses(city=city, waiting=overdue(city, now, wholes), now=now)
    stale = [w for w in wholes if w.pk in due]
    changes = rewrite(city=city, wholes=stale, book=Book(city), now=now, by=None) if stale else []
    return len({c.subject.pk for c in changes} | missed)
