"""Querysets that models need at definition time; what a person may see is decided in access.py."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from .rules import LIVE_STATES, STATE_AFTER, ActionState

if TYPE_CHECKING:
    from beiji.programme.models import Person


class ActionQuerySet(models.QuerySet[Any]):
    """Actions of a city."""

    def visible_to(self, person: Person) -> ActionQuerySet:
        """Those of the subjects that the person may see, and the city's that concern one of them."""
        from .access import filter_visible_actions

        return filter_visible_actions(self, person)

    def with_state(self) -> ActionQuerySet:
        """Adds `last_step`, the kind of the newest step ("" where there is none), from which the state follows."""
        from .models import Step

        newest = Step.objects.filter(action=OuterRef("pk")).order_by("-at", "-id").values("kind")[:1]
        found: ActionQuerySet = self.annotate(last_step=Coalesce(Subquery(newest), Value("")))
        return found

    def in_states(self, *states: ActionState) -> ActionQuerySet:
        """Those that are in one of these states now; needs `with_state`."""
        kinds = [kind for kind, state in STATE_AFTER.items() if state in states]
        planned = Q(last_step="") if ActionState.PLANNED in states else Q()
        return self.filter(Q(last_step__in=kinds) | planned)

    def overdue_on(self, today: date) -> ActionQuerySet:
        """Those that are not proven after their day (`rules.is_overdue`); needs `with_state`."""
        return self.in_states(*LIVE_STATES).filter(due__lt=today)

    def for_lines(self) -> ActionQuerySet:
        """With all that a line of a table or a card needs, in a fixed number of queries."""
        return self.select_related(
            "subject", "capability", "lead_unit", "supporting_unit", "leader", "responsible", "stage", "text"
        ).prefetch_related("concerns", "text__versions", "text__translations__approval")


class FindingQuerySet(models.QuerySet[Any]):
    """Findings of a city."""

    def visible_to(self, person: Person) -> FindingQuerySet:
        """All for the city's managers; for others their own and those wholly about subjects that they may see."""
        from .access import filter_visible_findings

        return filter_visible_findings(self, person)


class DecisionQuerySet(models.QuerySet[Any]):
    """Decisions asked of the authorities."""

    def visible_to(self, person: Person) -> DecisionQuerySet:
        """All of them, for those who keep or ask for decisions; for others none."""
        from .access import filter_visible_decisions

        return filter_visible_decisions(self, person)
