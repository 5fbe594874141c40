"""What this room adds to the registries: audit kinds, the ledger's listener, pages, menu entry, to-dos."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from beiji.readiness import listeners
from beiji.records import audit, pages, providers

from .rules import SOON_DAYS

CITY = {"city": "yangzhou"}
#: From this many reminders of one kind on, one line stands for all of them.
MANY = 4


def _action() -> Mapping[str, Any]:
    from .models import Action

    action = Action.objects.filter(subject__code="ginkgo").first()
    return {**CITY, "action": action.pk} if action else {}


def _finding() -> Mapping[str, Any]:
    from .models import Finding

    # the visiting team's own: the table of rights speaks of its author and of the manager
    finding = Finding.objects.filter(ended_at__isnull=True, indicators=["TRI-6"]).first()
    return {**CITY, "finding": finding.pk} if finding else {}


def _decision() -> Mapping[str, Any]:
    from .models import Decision

    decision = Decision.objects.first()
    return {**CITY, "decision": decision.pk} if decision else {}


def _city() -> Mapping[str, Any]:
    return CITY


def _rail(person: Any, city: Any) -> Iterable[providers.RailEntry]:
    from . import access, queries

    if access.may_read(person):
        url = reverse("improve:register", kwargs={"city": city.pk})
        yield providers.RailEntry("improve", _("Actions"), url, order=30, count=queries.live_count(person))


def _todos(person: Any, city: Any, today: date) -> Iterable[providers.ToDo]:
    """Overdue, due soon and awaiting proof, for those who plan; many of a kind become one line."""
    from . import access, queries, reminding

    if access.may_plan(person):
        actions = queries.actions_to_remind_of(person, today + timedelta(days=SOON_DAYS))
        yield from reminding.todos(actions, city.pk, today, MANY)
    if access.may_rule(person):
        waiting = [d for d in queries.decisions_due(person) if d.due < today]
        if waiting:
            what = ngettext(
                "{count} decision is not taken in time", "{count} decisions are not taken in time", len(waiting)
            )
            yield providers.ToDo(
                what.format(count=len(waiting)),
                _("The authorities were asked; record what they decided."),
                reverse("improve:decisions", kwargs={"city": city.pk}),
                due=min(d.due for d in waiting),
            )


def register() -> None:
    from .changes import following

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
    listeners.register("improve.actions", following.follow)
    _register_pages()
    providers.rail.register("improve", _rail)
    providers.todos.register("improve", _todos)


def _register_pages() -> None:
    both = ("GET", "POST")
    pages.register(
        pages.Page("improve:register", example=_city, queries=30),
        pages.Page("improve:board", example=_city, queries=35),
        pages.Page("improve:moves", example=_city, look=False, methods=("POST",)),
        pages.Page("improve:offers", example=_city, queries=40),
        pages.Page("improve:new", example=_city, queries=40, look=False, methods=both),
        pages.Page("improve:action", example=_action, queries=35),
        pages.Page("improve:edit", example=_action, queries=35, methods=both),
        pages.Page("improve:steps", example=_action, look=False, methods=("POST",)),
        pages.Page("improve:withdrawal", example=_action, look=False, methods=("POST",)),
        pages.Page("improve:findings", example=_city, queries=45),
        pages.Page("improve:finding-new", example=_city, queries=25, methods=both),
        pages.Page("improve:finding", example=_finding, queries=30, methods=both),
        pages.Page("improve:finding-end", example=_finding, look=False, methods=("POST",)),
        pages.Page("improve:decisions", example=_city, queries=45),
        pages.Page("improve:decision-new", example=_city, queries=25, methods=both),
        pages.Page("improve:decision", example=_decision, queries=50),
        pages.Page("improve:decision-edit", example=_decision, queries=25, methods=both),
        pages.Page("improve:rulings", example=_decision, look=False, methods=("POST",)),
    )
