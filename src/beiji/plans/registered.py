"""What this room tells the house: its documents, its block of numbers, its audit kind, its entry in the menu."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from beiji.documents import owners, structured
from beiji.documents.owners import Past
from beiji.documents.rules import Act
from beiji.programme.models import City, Person
from beiji.records import audit, providers
from beiji.records.providers import MenuEntry, Part, Reach

from . import access
from .pages.plans import heads
from .rules import Hurdle, hurdle_of_approval, hurdle_of_review
from .waves import WAVES

audit.register(
    audit.Kind("plans.plan-begun", _("Emergency plan begun")),
    audit.Kind("plans.capacity-in-force", _("Capacity timetable put in force")),
)


def refusal(person: Person, act: Act, past: Past) -> str:
    """Why somebody cannot do a step with this version, in words."""
    hurdle = Hurdle.NONE
    if act == Act.REVIEW:
        hurdle = hurdle_of_review(person.pk, past.writers, past.submitted_by)
    if act == Act.APPROVE:
        hurdle = hurdle_of_approval(person.pk, past.reviewed_by)
    if hurdle == Hurdle.OWN_WORDS:
        return _now("You wrote in this version or handed it in; a second person reviews it.")
    if hurdle == Hurdle.SAME_EYES:
        return _now("You reviewed this version; another person approves it.")
    return ""


owners.register(owners.Owner(access.KIND, "plans", access.visible_documents, access.may, refusal, heads))
structured.register(WAVES)


@providers.menu.add("plans")
def menu(person: Person, city: City) -> Iterable[MenuEntry]:
    """The plans, for whoever reads some."""
    if access.reads_plans(person):
        url = reverse("plans:plans", kwargs={"city": city.pk})
        yield MenuEntry(Part.PREPARE, "plans", _("Plans"), url, order=50)


@providers.reach.add("plans")
def reach(person: Person, until: datetime) -> Iterable[Reach]:
    """Plans that the person reads."""
    yield Reach(_("Emergency plans"), access.plans_visible_to(person).filter(started_at__lt=until).count())
