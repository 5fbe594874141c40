"""Lists of which each person sees a part. The room's `access` decides which part; `visible_to` asks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

if TYPE_CHECKING:
    from .models import Person

Filter = Callable[[Any, "Person"], Any]
F = TypeVar("F", bound=Filter)
#: Model → the one filter for its lists and single rows.
FILTERS: dict[type[models.Model], Filter] = {}


def filters(*kinds: type[models.Model]) -> Callable[[F], F]:
    """Make a function of `access` the filter of some models. Raises ValueError where one has a filter already."""

    def keep(function: F) -> F:
        for kind in kinds:
            if kind in FILTERS:
                raise ValueError(f"{kind.__name__} has two filters")
            FILTERS[kind] = function
        return function

    return keep


class VisibleQuerySet(models.QuerySet[Any]):
    """Rows of which a person sees a part."""

    def visible_to(self, person: Person) -> Any:
        """Those that the person may see. Raises KeyError for a model of which nobody has said who sees what."""
        return FILTERS[self.model](self, person)
