"""What this room tells the house: audit kinds, the ledger's listener, its entry in the menu, to-dos."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beiji.programme import parts
from beiji.programme.models import City, Person
from beiji.readiness import listeners
from beiji.records import audit, live, notices, providers
from beiji.records.providers import MenuEntry, Part, Reach
from beiji.ui.languages import pick

from . import access, queries, telling
from .changes import following
from .models import Action, Decision, Finding
from .pages.todos import todos_of

audit.register(
    audit.Kind("improve.action-planned", _("Action planned")),
    audit.Kind("improve.action-changed", _("Action changed")),
    audit.Kind("improve.action-started", _("Action started")),
    audit.Kind("improve.action-put-back", _("Action put back into the plan")),
    audit.Kind("improve.action-declared", _("Action declared done")),
    audit.Kind("improve.action-closed", _("Action closed by evidence")),
    audit.Kind("improve.action-reopened", _("Action reopened by evidence")),
    audit.Kind("improve.action-withdrawn", _("Action withdrawn")),
    audit.Kind("improve.finding-written", _("Finding written")),
    audit.Kind("improve.finding-changed", _("Finding changed")),
    audit.Kind("improve.finding-ended", _("Finding taken back")),
    audit.Kind("improve.decision-asked", _("Decision asked for")),
    audit.Kind("improve.decision-changed", _("Decision changed")),
    audit.Kind("improve.decision-ruled", _("Decision of the authorities recorded")),
)
notices.register(*telling.KINDS)
notices.dues.register("improve", telling.dues)
listeners.register("improve.actions", following.follow)


@providers.menu.add("improve")
def menu(person: Person, city: City) -> Iterable[MenuEntry]:
    """The register of actions, with how many of them are open."""
    if access.may_read(person):
        url = reverse("improve:register", kwargs={"city": city.pk})
        yield MenuEntry(Part.PREPARE, "improve", _("Actions"), url, order=30, count=queries.live_count(person))
    elif access.may_read_decisions(person):
        url = reverse("improve:decisions", kwargs={"city": city.pk})
        yield MenuEntry(Part.PREPARE, "improve", _("Decisions"), url, order=30)


@providers.reach.add("improve")
def reach(person: Person, until: datetime) -> Iterable[Reach]:
    """Actions, findings and decisions."""
    yield Reach(_("Actions"), Action.objects.visible_to(person).filter(planned_at__lt=until).count())
    yield Reach(_("Findings"), Finding.objects.visible_to(person).filter(recorded_at__lt=until).count())
    yield Reach(_("Decisions"), Decision.objects.visible_to(person).filter(recorded_at__lt=until).count())


@providers.todos.add("improve")
def todos(person: Person, city: City, today: date) -> Iterable[providers.ToDo]:
    """Reminders of actions and decisions; all that they rest on is written while the city is held."""
    lines: list[providers.ToDo] = parts.kept_for(
        person, city, today, "improve", lambda: list(todos_of(person, city, today))
    )
    return lines


@providers.trails.add("improve")
def trails(person: Person, kind: str, key: str) -> Iterable[providers.Trail]:
    """The life of an action, and of a hospital's actions."""
    seen = Action.objects.visible_to(person)
    if kind == "action":
        for action in seen.filter(pk__in=live.uuids([key])):
            url = reverse("improve:action", kwargs={"city": action.city_id, "action": action.pk})
            yield providers.Trail(f"{action.code} {pick(action.titles)}", url, [audit.thing(action)])
    if kind == "hospital" and access.may_read(person):
        own = seen.filter(subject__code=key).only("pk")
        yield providers.Trail("", "", [audit.thing(action) for action in own])
