"""Querysets that models need at definition time; what a person may see is decided in access.py."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from beiji.programme.visible import VisibleQuerySet

from .rules import LIVE_STATES, STATE_AFTER, ActionState


class ActionQuerySet(VisibleQuerySet):
    """Actions of a city."""

    def with_state(self) -> ActionQuerySet:
        """Adds `last_step`, the kind of the newest step ("" where there is none), from which the state follows."""
        step: Any = self.model._meta.get_field("steps").related_model
        newest = step.objects.filter(action=OuterRef("pk")).order_by("-at", "-id").values("kind")[:1]
        actions: ActionQuerySet = self.annotate(last_step=Coalesce(Subquery(newest), Value("")))
        return actions

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
