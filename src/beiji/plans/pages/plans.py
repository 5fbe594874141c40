"""What plans are called, and the list of them with how each stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from beiji.documents.models import Document
from beiji.documents.owners import Head
from beiji.documents.pages.standing import Standing, standings_of
from beiji.programme.models import Person, Subject
from beiji.ui.languages import pick

from ..models import Plan


def title_of(plan: Plan) -> str:
    """The plan's title for a reader."""
    return _("Emergency plan: {hazard}").format(hazard=Plan.Hazard(plan.hazard).label)


def heads(documents: Sequence[Document]) -> Mapping[UUID, Head]:
    """What the documents of plans are called."""
    plans = Plan.objects.filter(document__in=documents).select_related("subject")
    return {
        plan.document_id: Head(
            title_of(plan), pick(plan.subject.names), reverse("plans:plans", kwargs={"city": plan.city_id}), _("Plans")
        )
        for plan in plans
    }


@dataclass(frozen=True)
class Line:
    """A plan in the list."""

    title: str
    hospital: str
    href: str
    standing: Standing

    @property
    def changed_at(self) -> datetime:
        return self.standing.at


def lines_of(plans: Iterable[Plan], person: Person) -> list[Line]:
    """The plans with how each stands; a fixed number of queries."""
    rows = list(plans)
    standings = standings_of([plan.document for plan in rows])
    return [
        Line(
            title_of(plan), pick(plan.subject.names),
            reverse("documents:document", kwargs={"city": plan.city_id, "document": plan.document_id}),
            standings[plan.document_id],
        )
        for plan in rows
    ]  # fmt: skip


def new_links(city: str, subjects: Iterable[Subject]) -> list[tuple[str, str]]:
    """Where a plan is begun: words and address."""
    rows = list(subjects)
    address = [reverse("plans:new", kwargs={"city": city, "subject": subject.code}) for subject in rows]
    if len(rows) == 1:
        return [(_("Write a plan"), address[0])]
    words = _("Write a plan for {hospital}")
    return [(words.format(hospital=pick(s.names)), href) for s, href in zip(rows, address, strict=True)]
