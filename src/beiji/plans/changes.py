"""The only write path of this room."""

from __future__ import annotations

from datetime import datetime

import uuid6
from django.utils.translation import gettext as _

from beiji.documents import changes as documents
from beiji.documents.changes import NewBlock
from beiji.programme.models import Person, Subject
from beiji.programme.writing import change, hold_city
from beiji.readiness.book import size_class
from beiji.records import audit
from beiji.records.refused import ChangeRefused

from .access import KIND
from .beginning import Beginning, beginning_of
from .models import Plan


class PlanError(ChangeRefused):
    """The plan is not begun; the text is one finished, translated sentence."""


@change
def begin_plan(
    *, subject: Subject, hazard: str, language: str, by: Person, now: datetime,
    blocks: tuple[NewBlock, ...] | None = None,
) -> Plan:  # fmt: skip
    """Begin a hospital's plan for a family of hazards, with `blocks`, or (None) what the template says. Raises PlanError where it has one."""
    beginning = Beginning(blocks) if blocks is not None else beginning_of(hazard, language, size_class(subject))
    now = hold_city(subject.city_id, now)
    if Plan.objects.filter(subject=subject, hazard=hazard).exists():
        raise PlanError(_("The hospital has a plan for this already; go on in it."), field="hazard")
    key = uuid6.uuid7()
    document = documents.begin_document(
        city=subject.city, owner=KIND, owner_key=str(key), subject=subject, language=language,
        blocks=beginning.blocks, by=by, now=now,
    )  # fmt: skip
    plan = Plan.objects.create(
        id=key, city=subject.city, subject=subject, hazard=hazard, document=document, template=beginning.template,
        started_by=by.pk, started_at=now,
    )  # fmt: skip
    audit.write("plans.plan-begun", city=subject.city_id, by=by.pk, of=plan, now=now)
    return plan
