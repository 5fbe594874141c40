"""Who did what with a hospital, a visit or an action, in words: the audit lines of what the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404

from beiji.programme.models import Person
from beiji.programme.people import name_in, people_by_id
from beiji.records import audit, providers
from beiji.records.models import AuditLine
from beiji.ui import formats
from beiji.ui.listing import PAGE_SIZE, here_of, page_number


@dataclass(frozen=True)
class Line:
    """One thing that happened; `who` is empty where the programme itself did it."""

    what: str
    who: str
    when: str


@dataclass(frozen=True)
class ActivityPage:
    """The page; `up`: the thing's own page."""

    title: str
    up: str
    lines: Sequence[Line]
    previous: str
    next: str
    here: str


def page_of(reader: Person, kind: str, key: str, wanted: str) -> ActivityPage:
    """The page of one thing, newest first. Raises Http404 where no room says that the reader may see it."""
    trails = providers.trails.collect(reader, kind, key)
    named = next((trail for trail in trails if trail.title), None)
    if named is None:
        raise Http404("no such thing")
    rows = AuditLine.objects.filter(thing__in={thing for trail in trails for thing in trail.things})
    rows = rows.exclude(kind__in={hidden for trail in trails for hidden in trail.hidden}).order_by("-at", "-id")
    total = rows.count()
    number = page_number(wanted, total, PAGE_SIZE)
    first = (number - 1) * PAGE_SIZE
    shown = list(rows[first : first + PAGE_SIZE])
    people, words = people_by_id(row.person for row in shown), {kind.code: str(kind.text) for kind in audit.kinds()}
    last = max(1, -(-total // PAGE_SIZE))
    return ActivityPage(
        title=named.title,
        up=named.url,
        lines=[
            Line(words.get(row.kind, row.kind), name_in(people, row.person), formats.datetime_text(row.at))
            for row in shown
        ],
        previous="?" + urlencode({"page": number - 1}) if number > 1 else "",
        next="?" + urlencode({"page": number + 1}) if number < last else "",
        here=here_of(first, total) if last > 1 else "",
    )
