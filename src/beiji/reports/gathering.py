"""Reading what a report rests on, as of a day and known at an instant, from the ledger and the rooms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from beiji.assess.models import Lock, Reply, Visit
from beiji.programme.models import City, Organisation, Stage, Subject
from beiji.readiness.models import Evidence
from beiji.readiness.queries import Picture, picture
from beiji.readiness.rules.gaps import is_gap

from .rules.facts import Held


@dataclass(frozen=True)
class Assessed:
    """Who assessed and who answered, for the foot of a page."""

    visits: int
    first_day: date | None
    last_day: date | None
    offices: tuple[Mapping[str, str], ...]
    replies: int
    agreed: int
    disputed: int
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
    before_day = _end_of_first_round(as_of, known_at)
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


def _end_of_first_round(as_of: date, known_at: datetime) -> date | None:
    """Last day of the first round; None while there is no later round to compare with."""
    visits = _locked_visits(as_of, known_at)
    if len({v.round for v in visits}) < 2:
        return None
    first = min(v.round for v in visits)
    return max(v.last_day for v in visits if v.round == first)


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
    replies = Reply.objects.filter(visit__in=visits, at__lte=known_at)
    return Assessed(
        visits=len(visits),
        first_day=min((v.first_day for v in visits), default=None),
        last_day=max((v.last_day for v in visits), default=None),
        offices=tuple(names),
        replies=replies.count(),
        agreed=replies.filter(stance=Reply.Stance.AGREE).count(),
        disputed=replies.filter(stance=Reply.Stance.DISPUTE).count(),
        evidence=Evidence.objects.filter(
            whole__in=keys, as_of__lte=as_of, recorded_at__lte=known_at, withdrawal=False
        ).count(),
    )


def held_in(seen: Picture, hospitals: Iterable[Subject]) -> list[Held]:
    """Every indicator of every hospital of a picture, in the order of hospitals and of the standard."""
    rows = []
    for hospital in hospitals:
        covered = seen.covered.get(hospital.code, frozenset())
        for question in seen.questions.get(hospital.code, ()):
            standing = seen.standing(hospital.code, question.capability)
            applies = seen.applies(hospital.code, question)
            rows.append(
                Held(
                    hospital=hospital.code,
                    indicator=question.code,
                    domain=question.domain,
                    capability=question.capability,
                    must_pass=question.must_pass,
                    core=question.core,
                    applies=applies,
                    state=standing.state.value,
                    digit=standing.digit,
                    proof=standing.proof.value if standing.proof else None,
                    is_gap=applies
                    and is_gap(standing.state, strict=question.strict, covered=question.capability in covered),
                    weight=question.crit_weight,
                    failed=standing.failed,
                    to_confirm=standing.to_confirm,
                    worst_conditions=tuple(sorted({part.condition.value for part in standing.worst})),
                )
            )
    return rows


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
