"""What a person was told, in words: the bell in the bar and the page behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beiji.programme.models import Person
from beiji.programme.people import name_in, people_by_id
from beiji.records import notices
from beiji.records.models import Notice
from beiji.records.notices import Topic
from beiji.ui import formats
from beiji.ui.listing import PAGE_SIZE, here_of, page_number

#: Above this number the bell says no more than that there are more.
MOST_SHOWN = 99


@dataclass(frozen=True)
class Bell:
    """The bell: `hears` is its topic with the state that it shows, for `live.js`."""

    count: int
    shown: str
    words: str
    url: str
    fragment: str
    hears: str
    is_here: bool


@dataclass(frozen=True)
class Item:
    """A line: `url` opens the thing and marks the notice as read ("": nothing can be opened)."""

    key: int
    text: str
    url: str
    at: str
    when: str
    who: str
    is_unread: bool


@dataclass(frozen=True)
class Group:
    title: str
    items: Sequence[Item]


@dataclass(frozen=True)
class NoticesPage:
    """The page. `unread`: of all notices; `until`: the instant of the newest of them; `has_hidden`: something stands on it that the reader may not
    see any more; it has no line."""

    groups: Sequence[Group]
    topics: Sequence[tuple[str, str, bool]]
    topic: str
    unread: int
    until: str
    count: str
    previous: str
    next: str
    here: str
    has_hidden: bool


def bell_of(person: Person, is_here: bool = False) -> Bell:
    """The bell of a person, who was read with the number of his unread notices (`access.people_of`)."""
    count: int = getattr(person, "unread", 0)
    words = ngettext("{count} unread notification", "{count} unread notifications", count).format(count=count)
    return Bell(
        count=count,
        shown=f"{MOST_SHOWN}+" if count > MOST_SHOWN else str(count),
        words=words if count else _("No unread notifications"),
        url=reverse("site:notices", kwargs={"city": person.city_id}),
        fragment=reverse("site:bell", kwargs={"city": person.city_id}),
        hears=f"bell:{person.pk}@{count}",
        is_here=is_here,
    )


def topic_of(wanted: str) -> Topic | None:
    """The topic that an address asks for; None is all of them."""
    return Topic(wanted) if wanted in {topic.value for topic in Topic} else None


def page_of(reader: Person, topic: Topic | None, wanted: str, today: date) -> NoticesPage:
    """What the reader was told, newest first, as far as he may see the things now."""
    rows = Notice.objects.filter(person=reader.pk)
    newest = rows.first()
    if topic is not None:
        rows = rows.filter(kind__in=notices.codes_of(topic))
    total = rows.count()
    number = page_number(wanted, total, PAGE_SIZE)
    first = (number - 1) * PAGE_SIZE
    shown = list(rows[first : first + PAGE_SIZE])
    lines = notices.lines_of(reader, shown)
    people = people_by_id(row.by for row in shown)
    items = [
        (formats.day_of(row.at) >= today, _item(row, lines[row.pk], name_in(people, row.by), reader.city_id))
        for row in shown
        if row.pk in lines
    ]
    parts = [(_("Today"), [i for new, i in items if new]), (_("Earlier"), [i for new, i in items if not new])]
    where = {"topic": topic.value} if topic else {}
    last = max(1, -(-total // PAGE_SIZE))
    return NoticesPage(
        groups=[Group(title, some) for title, some in parts if some],
        topics=_topics(topic),
        topic=topic.value if topic else "",
        unread=bell_of(reader).count,
        until=newest.at.isoformat() if newest else "",
        count=ngettext("{count} notification", "{count} notifications", total).format(count=total),
        previous=_address(where, number - 1) if number > 1 else "",
        next=_address(where, number + 1) if number < last else "",
        here=here_of(first, total) if last > 1 else "",
        has_hidden=any(row.pk not in lines and notices.is_known(row.kind) for row in shown),
    )


def hidden_from(reader: Person) -> list[int]:
    """All that the reader was told of things that he may not see any more, or that are gone."""
    rows = list(Notice.objects.filter(person=reader.pk))
    lines = notices.lines_of(reader, rows)
    return [row.pk for row in rows if row.pk not in lines and notices.is_known(row.kind)]


def count_again(reader: Person) -> None:
    """Put on the person how many notices are unread now."""
    reader.unread = Notice.objects.filter(person=reader.pk, read_at__isnull=True).count()  # type: ignore[attr-defined]


def _address(where: dict[str, str], page: int) -> str:
    return "?" + urlencode({**where, "page": page})


def _topics(chosen: Topic | None) -> list[tuple[str, str, bool]]:
    links = [("?", _("All"), chosen is None)]
    return links + [(f"?topic={topic.value}", str(word), topic is chosen) for topic, word in notices.TOPICS.items()]


def _item(row: Notice, line: notices.Line, who: str, city: str) -> Item:
    return Item(
        key=row.pk,
        text=line.text,
        url=reverse("site:notice", kwargs={"city": city, "notice": row.pk}) if line.url else "",
        at=row.at.isoformat(),
        when=_when(row.at),
        who=who,
        is_unread=row.read_at is None,
    )


def _when(at: datetime) -> str:
    is_today = formats.day_of(at) == formats.day_of(timezone.now())
    return formats.time_text(at) if is_today else formats.datetime_text(at)
