"""The city, what stands in it, and the plan of its programme."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from beiji.records import audit

from ..models import (
    City,
    District,
    GateCondition,
    GateDecision,
    Organisation,
    Stage,
    Subject,
)
from ..rules import CITY_WORDS, SUBJECT_WORDS
from ..writing import change, hold_city
from .errors import Names, ProgrammeError


@change
def create_city(
    *,
    code: str,
    names: Names,
    time_zone: str,
    programme_start: date,
    illustrative: bool,
    pack: str,
    by: UUID | None,
    now: datetime,
    abbreviation: str = "",
) -> City:
    """Set up a tenant. Raises ProgrammeError when the code is taken, or is a word of the house's own addresses."""
    if code in CITY_WORDS:
        raise ProgrammeError(
            _("No city can be called {code}: a page has that address. Choose another code.").format(code=code)
        )
    city, is_new = City.objects.get_or_create(
        code=code,
        defaults={
            "names": dict(names),
            "abbreviation": abbreviation or code[:2].upper(),
            "time_zone": time_zone,
            "programme_start": programme_start,
            "illustrative": illustrative,
            "pack": pack,
            "created_at": now,
        },
    )
    if not is_new:
        raise ProgrammeError(_("There is a city {code} already; choose another code.").format(code=code))
    audit.write("programme.city-created", city=code, by=by, of=city, now=now)
    return city


def add_district(*, city: City, code: str, names: Names, order: int = 0, **facts: Any) -> District:
    """Add a district (population, latitude, longitude as keyword facts)."""
    return District.objects.create(city=city, code=code, names=dict(names), order=order, **facts)


@change
def add_subject(
    *,
    city: City,
    code: str,
    kind: str,
    names: Names,
    by: UUID | None,
    now: datetime,
    parent: Subject | None = None,
    **facts: Any,
) -> Subject:
    """Add a subject to the city's tree. Raises ProgrammeError when the tree cannot hold it.

    A campus or place is a division of what stood before, or `is_new`, or `continues` others (their codes) that end on the
    day on which it begins: then the ledger's rows of those are its own.
    """
    if code in SUBJECT_WORDS:
        raise ProgrammeError(
            _("Nothing in a city can be called {code}: a page has that address. Choose another code.").format(code=code)
        )
    now = hold_city(city, now)
    allowed = {"campus": {"hospital"}, "place": {"hospital", "campus", "ambulance", "blood"}}
    if kind in allowed and (parent is None or parent.kind not in allowed[kind]):
        raise ProgrammeError(
            _("{code} cannot stand there; a campus belongs to a hospital and a place to one of its buildings.").format(
                code=code
            )
        )
    siblings = (
        set(Subject.objects.filter(parent=parent, until__isnull=True).values_list("kind", flat=True))
        if parent
        else set()
    )
    if {kind, *siblings} >= {"campus", "place"}:
        raise ProgrammeError(
            _("{parent} cannot have both campuses and places of its own; put each place into its campus first.").format(
                parent=parent.code if parent else ""
            )
        )
    if Subject.objects.filter(code=code).exists():
        raise ProgrammeError(_("There is a subject {code} already; choose another code.").format(code=code))
    subject = Subject(city=city, code=code, kind=kind, names=dict(names), parent=parent, recorded_at=now, **facts)
    if kind in allowed:
        _check_opening(subject)
    subject.save(force_insert=True)
    audit.write("programme.subject-added", city=city.pk, by=by, of=subject, now=now, code=code)
    return subject


def _check_opening(part: Subject) -> None:
    """Whether a campus or place says rightly what it is: a failed one must not be got rid of under a new code."""
    siblings = list(Subject.objects.filter(city=part.city, kind=part.kind, parent=part.parent))
    if part.is_new and part.continues:
        raise ProgrammeError(_("{code} is either new or continues others; say one of the two.").format(code=part.code))
    if part.is_new and not any(not s.is_new and (s.since or date.min) <= (part.since or date.min) for s in siblings):
        raise ProgrammeError(
            _("The first campus or place is what stood before. Add that one first, then {code} as new.").format(
                code=part.code
            )
        )
    if part.continues:
        ended = Subject.objects.filter(city=part.city, kind=part.kind, code__in=part.continues, until=part.since)
        same = [s for s in ended.select_related("parent__parent") if s.hospital_code == part.hospital_code]
        if part.since is None or len(same) != len(set(part.continues)):
            raise ProgrammeError(
                _(
                    "{code} continues what ends in the same hospital on the day on which it begins. End that first."
                ).format(code=part.code)
            )
        return
    continued = {code for s in siblings for code in s.continues}
    open_ends = [s.code for s in siblings if s.until is not None and s.code not in continued]
    if open_ends and not part.is_new:
        raise ProgrammeError(
            _("{ended} has ended and nothing continues it. Say whether {code} continues it or is new.").format(
                ended=", ".join(sorted(open_ends)), code=part.code
            )
        )


@change
def end_subject(*, subject: Subject, until: date, by: UUID, now: datetime) -> None:
    """A hospital, campus or place is no longer one from a day on; its evidence stays."""
    now = hold_city(subject.city_id, now)
    changed = Subject.objects.filter(pk=subject.pk, until__isnull=True).update(until=until, until_recorded_at=now)
    if changed != 1:
        raise ProgrammeError(_("{code} has ended already.").format(code=subject.code))
    audit.write("programme.subject-ended", city=subject.city_id, by=by, of=subject, now=now, until=until.isoformat())


@change
def add_organisation(
    *,
    city: City,
    code: str,
    kind: str,
    side: str,
    names: Names,
    by: UUID | None,
    now: datetime,
    subject: Subject | None = None,
) -> Organisation:
    """Add an institution that takes part."""
    now = hold_city(city, now)
    organisation = Organisation.objects.create(
        city=city, code=code, kind=kind, side=side, names=dict(names), subject=subject
    )
    audit.write("programme.organisation-added", city=city.pk, by=by, of=organisation, now=now, code=code)
    return organisation


@change
def plan_stage(
    *,
    city: City,
    number: int,
    names: Names,
    first_month: int,
    last_month: int,
    work: list[Names],
    conditions: list[Mapping[str, Any]],
    by: UUID | None,
    now: datetime,
) -> Stage:
    """Put a stage with its gate conditions into the plan. Raises ProgrammeError when its months are in the wrong order."""
    now = hold_city(city, now)
    if last_month < first_month:
        raise ProgrammeError(
            _("Stage {number} would end before it begins; put its months in order.").format(number=number)
        )
    stage = Stage.objects.create(
        city=city,
        number=number,
        names=dict(names),
        first_month=first_month,
        last_month=last_month,
        work=[dict(w) for w in work],
    )
    for order, condition in enumerate(conditions):
        GateCondition.objects.create(
            city=city,
            stage=stage,
            code=condition["code"],
            text=dict(condition["text"]),
            order=order,
            check_code=condition.get("check", ""),
            parameters=dict(condition.get("parameters", {})),
        )
    audit.write("programme.stage-planned", city=city.pk, by=by, of=stage, now=now)
    return stage


@change
def decide_gate(
    *,
    stage: Stage,
    passed: bool,
    open_conditions: list[GateCondition],
    decided_on: date,
    note: Names,
    by: UUID,
    now: datetime,
) -> GateDecision:
    """Record the steering group's decision; earlier ones stay."""
    now = hold_city(stage.city_id, now)
    decision = GateDecision.objects.create(
        city_id=stage.city_id, stage=stage, passed=passed, decided_on=decided_on, decided_by=by, note=dict(note)
    )
    decision.open_conditions.set(open_conditions)
    audit.write("programme.gate-decided", city=stage.city_id, by=by, of=decision, now=now, passed=passed)
    return decision
