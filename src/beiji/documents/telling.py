"""What this room tells people: once a night, that texts wait for them; to be told of each would be noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from beiji.programme.access import Role, today_in, who_holds
from beiji.programme.models import City, Person
from beiji.programme.telling import tell
from beiji.records.models import Notice
from beiji.records.notices import Kind, Line, Topic
from beiji.ui.addresses import address

from . import access


def queue_waits(city: City, now: datetime) -> None:
    """Tell the translators, where something waits and no such notice of theirs is still unread."""
    translators = who_holds(today_in(city, now), (Role.TRANSLATOR,))[None]
    if translators and access.lines_waiting():
        tell("documents.queue", of=city, to=translators, city=city, by=None, now=now, own=True)


def _lines(reader: Person, rows: Sequence[Notice]) -> Mapping[int, Line]:
    """How many texts wait now; nothing once none does."""
    count = access.queue_length(reader)
    words = ngettext(
        "{count} text waits for translation or approval", "{count} texts wait for translation or approval", count
    )
    line = Line(words.format(count=count), address("documents:queue", city=reader.city_id))
    return {row.pk: line for row in rows} if count else {}


KINDS = (Kind("documents.queue", Topic.TRANSLATIONS, _("Texts wait for translation"), _lines, is_counted=False),)
