"""Rows that several people edit carry a version; a page that was opened before somebody else's change does not win."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F


class Versioned(models.Model):
    """A row that is edited in place. `version` rises with every change of what people said of it."""

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class Outdated(Exception):
    """The row was changed since the page was opened; nothing has been kept. Show both, the person chooses."""


def next_version(row: Any, seen: int | None) -> None:
    """Raise the version, from the one that the person saw; None where no page was open (imports, the demo).

    Call it in a `@change`, before or after the row's own fields are written: raising undoes them. Raises Outdated.
    """
    same = type(row)._default_manager.filter(pk=row.pk)
    hit = (same if seen is None else same.filter(version=seen)).update(version=F("version") + 1)
    if hit != 1:
        raise Outdated
