"""What a row typed by hand may say of a capability today: on which campuses and places, at which minutes, seen by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404
from django.urls import reverse

from beiji.programme.choosing import People
from beiji.programme.models import City, Subject

from . import access
from .book import Book, local, nodes_under, size_class
from .models import Capability, Edition
from .rules.facts import edition_in_force, targets_on
from .rules.rows import Evaluator


@dataclass(frozen=True)
class Terms:
    """What the form offers. `units`: the campuses, or the hospital as a whole; `people`: who can have watched."""

    edition: Edition
    evaluator: Evaluator
    units: Sequence[Subject]
    places: Sequence[Subject]
    minutes: Sequence[int]
    people: People
    today: date


def edition_or_404(city: City, capability: Capability, today: date, now: datetime) -> Edition:
    """The edition of a capability in force today; without one nothing can be recorded about it."""
    edition = Book(city, [capability.pk], words=True).edition_on(capability.code, today, local(now, city))
    if edition is None:
        raise Http404("no edition in force")
    return edition


def terms_of(
    city: City, hospital: Subject, edition: Edition, evaluator: Evaluator, *, today: date, now: datetime
) -> Terms:
    """The terms for one hospital and capability."""
    nodes = [n for n in nodes_under([hospital])[hospital.pk] if not (n.until and n.until <= today)]
    campuses = [n for n in nodes if n.kind == Subject.Kind.CAMPUS]
    facts = Book(city, [edition.capability_id]).facts(edition.capability.code, size_class(hospital))
    in_force = edition_in_force(facts, today, local(now, city))
    where = {"city": city.pk, "subject": hospital.code, "capability": edition.capability.code}
    targets = targets_on(in_force, today, local(now, city)) if in_force else {}
    return Terms(
        edition=edition,
        evaluator=evaluator,
        units=campuses if edition.per_campus and campuses else [hospital],
        places=[n for n in nodes if n.kind == Subject.Kind.PLACE] if edition.per_place else [],
        minutes=sorted(m for m in targets if m is not None),
        people=People(access.evaluators_for(hospital), reverse("readiness:evaluators", kwargs=where)),
        today=today,
    )
