"""What time alone changes: proof that lapses, drills that were notified and not handed in."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Min

from beiji.programme.access import today_in
from beiji.programme.models import City, Subject
from beiji.programme.writing import change, hold_city
from beiji.records import audit

from ..access import BODIES
from ..book import Book
from ..checking import remarks_of
from ..models import Standing
from ..notified_drills import overdue
from ..queries import picture
from ..rules import selfcheck
from .notified import write_misses
from .refresh import rewrite, wholes_of

log = logging.getLogger(__name__)
#: Subjects that the nightly pass takes in one transaction.
TOGETHER = 20


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
        _self_check(city=city, wholes=wholes, now=now)
    return changed


def _self_check(*, city: City, wholes: Sequence[Subject], now: datetime) -> None:
    """Look over the answers of the whole city and write down how many remarks of each kind there are.

    What it stumbles over is written to the log and stops nothing: standings have been renewed by then.
    """
    try:
        hospitals = [w for w in wholes if w.kind == Subject.Kind.HOSPITAL]
        others = [w for w in wholes if w.kind in BODIES]
        pictures = [picture(city=city, subjects=some, now=now) for some in (hospitals, others) if some]
        found = selfcheck.by_group(remark for one in pictures for remark in remarks_of(one))
        _note_check(city=city, counts={group.value: count for group, count in found.items()}, now=now)
    except Exception:
        log.exception("the answers of %s could not be checked tonight", city.pk)


@change
def _note_check(*, city: City, counts: dict[str, int], now: datetime) -> None:
    now = hold_city(city, now)
    audit.write("readiness.self-checked", city=city.pk, by=None, of=city, now=now, **counts)


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
    now = hold_city(city, now)
    missed = write_misses(city=city, waiting=overdue(city, now, wholes), now=now)
    stale = [w for w in wholes if w.pk in due]
    changes = rewrite(city=city, wholes=stale, book=Book(city), now=now, by=None) if stale else []
    return len({c.subject.pk for c in changes} | missed)
