"""What stood for an item that the standard no longer asks: worth knowing where its successor is unknown, never counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext

from beiji.packs.carry import hints_for
from beiji.programme.models import Subject

from . import queries
from .methodology import Method
from .models import Indicator
from .rules.rows import State


def hints_of(method: Method, subject: Subject, codes: Iterable[str], day: date, known_at: datetime) -> list[str]:
    """A sentence for each earlier item that one of these was split from or merged of, with its level; queries only then."""
    hints = []
    for code in codes:
        for earlier, version in hints_for(code, method.releases):
            rows = Indicator.objects.filter(domain__pack__code=method.pack.code, code=earlier).order_by("-id")
            capability = rows.values_list("capability__code", flat=True).first()
            if capability is None:
                continue
            standing = queries.ledger_of(city=subject.city, subject=subject, capability=capability).standing(
                day, known_at
            )
            if standing.state is not State.UNKNOWN:
                sentence = gettext(
                    "%(earlier)s, from which %(item)s came in %(version)s, stands at %(level)s. That is a hint and does not count here."
                )
                level = "–" if standing.digit is None else str(standing.digit)
                hints.append(sentence % {"earlier": earlier, "item": code, "version": version, "level": level})
    return hints
