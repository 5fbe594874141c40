"""Reading what a report rests on, as of a day and known at an instant, from the ledger and the rooms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from beiji.assess.models import Lock, Reply, Visit
from beiji.assess.replied import unanswered
from beiji.programme.models import City, Organisation, Stage, Subject
from beiji.readiness.models import Evidence
from beiji.readiness.queries import Picture, end_of_first_round, picture

from .rules.facts import Replies, replies


@dataclass(frozen=True)
class Assessed:
    """Who assessed and who answered, for the foot of a page."""

    visits: int
    first_day: date | None
    last_day: date | None
    offices: tuple[Mapping[str, str], ...]
    replies: Replies
    unanswered: int
    evidence: int


@dataclass(frozen=True)
class Basis:
    """Everything a report is made from."""

    city: City
    as_of: date
    known_at: datetime
    now: Picture
    before: Picture | None
    before_day: date | None
    stage: Stage | None
    assessed: Assessed


def gather(*, city: City, hospitals: Sequence[Subject], as_of: date, known_at: datetime) -> Basis:
    """Read the pictures of now and of the first round's end, and who assessed."""
    before_day = end_of_first_round(city, as_of, known_at)
    return Basis(
        city=city,
        as_of=as_of,
        known_at=known_at,
        now=picture(city=city, subjects=hospitals, now=known_at, known_at=known_at, day=as_of),
        before=picture(city=city, subjects=hospitals, now=known_at, known_at=known_at, day=before_day)
        if before_day
        else None,
        before_day=before_day,
        stage=stage_on(city, as_of),
        assessed=_assessed(hospitals, as_of, known_at),
    )


def _locked_visits(as_of: date, known_at: datetime) -> list[Visit]:
    """Visits whose lock was alive as known, and which lie on or before the day."""
    locks = Lock.objects.filter(at__lte=known_at).exclude(ended_at__lte=known_at)
    return list(Visit.objects.filter(pk__in=locks.values("visit"), first_day__lte=as_of).exclude(kind=Visit.Kind.SELF))


def stage_on(city: City, day: date) -> Stage | None:
    month = city.month_of(day)
    return Stage.objects.filter(first_month__lte=month, last_month__gte=month).order_by("number").first()


def _assessed(hospitals: Iterable[Subject], as_of: date, known_at: datetime) -> Assessed:
    keys = [s.pk for s in hospitals]
    visits = [v for v in _locked_visits(as_of, known_at) if v.subject_id in keys]
    offices = Evidence.objects.filter(source_kind="visit", source_id__in=[str(v.pk) for v in visits]).values_list(
        "office", flat=True
    )
    names = Organisation.objects.filter(code__in=set(offices)).order_by("code").values_list("names", flat=True)
    said = Reply.objects.filter(visit__in=visits, at__lte=known_at).values_list("visit", "stance")
    return Assessed(
        visits=len(visits),
        first_day=min((v.first_day for v in visits), default=None),
        last_day=max((v.last_day for v in visits), default=None),
        offices=tuple(names),
        replies=replies((v.pk for v in visits), ((visit, stance == Reply.Stance.DISPUTE) for visit, stance in said)),
        unanswered=unanswered(visits, known_at),
        evidence=_evidence(keys, as_of, known_at),
    )


def _evidence(hospitals: Iterable[int], as_of: date, known_at: datetime) -> int:
    """Rows that stand: neither superseded nor withdrawn as known."""
    rows = Evidence.objects.filter(whole__in=list(hospitals), recorded_at__lte=known_at)
    known = list(rows.values_list("pk", "supersedes", "withdrawal", "as_of"))
    withdrawn = {supersedes for _pk, supersedes, withdrawal, _day in known if withdrawal}
    superseded = {supersedes for pk, supersedes, withdrawal, _day in known if not withdrawal and pk not in withdrawn}
    return sum(
        not withdrawal and pk not in withdrawn and pk not in superseded and day <= as_of
        for pk, _supersedes, withdrawal, day in known
    )


def titles_of(seen: Picture) -> dict[str, Mapping[str, str]]:
    """Indicator code → its title in three languages."""
    method = seen.method
    return {} if method is None else {i.code: i.titles for i in method.indicators}


def packs_of(seen: Picture) -> dict[str, str]:
    """Pack@version → hash, of what the numbers rest on."""
    method = seen.method
    return {} if method is None else {str(method.pack): method.pack.digest}


def evidence_rows(keys: Iterable[int]) -> dict[int, Any]:
    """Evidence rows by key, for dates and offices of what decides."""
    return {e.pk: e for e in Evidence.objects.filter(pk__in=list(keys))}


def office_names() -> dict[str, Mapping[str, str]]:
    """Code of an office → its names."""
    return dict(Organisation.objects.values_list("code", "names"))
