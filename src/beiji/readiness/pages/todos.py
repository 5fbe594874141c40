"""What the ledger asks people to do: confirm stated misses, renew proof that expires."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from beiji.programme.access import has_city_role, has_role
from beiji.programme.models import City, Person, RoleGrant, Subject
from beiji.records import audit, providers
from beiji.ui import formats
from beiji.ui.languages import pick

from .. import access, notified_drills, queries
from ..rules.selfcheck import Group
from .cells import hospital_url, why_url
from .city import lapsing

Role = RoleGrant.Role
MOST = 5


def things_to_do(person: Person, city: City, today: date) -> Iterable[providers.ToDo]:
    """For a coordinator each proof of his hospital that expires soon and what to confirm; for the city the counts."""
    is_city = has_city_role(person, Role.MANAGER)
    if not is_city and not has_role(person, Role.COORDINATOR):
        return
    hospitals = access.subjects_visible_to(person).hospitals().on(today)
    picture = queries.picture(city=city, subjects=hospitals, now=timezone.now())
    waiting = {s.code: _to_confirm(picture, s) for s in picture.subjects}
    waiting = {code: count for code, count in waiting.items() if count}
    soon = lapsing(picture)
    if is_city:
        yield from _for_the_city(city, waiting, len(soon))
        return
    for subject, question, day in soon[:MOST]:
        yield providers.ToDo(
            what=gettext("Renew the proof of %(code)s %(title)s")
            % {"code": question.code, "title": pick(question.titles)},
            why=gettext("It expires, and the item becomes stale."),
            url=why_url(city.pk, subject.code, question.capability),
            due=day,
        )
    for subject in picture.subjects:
        count = waiting.get(subject.code, 0)
        if count:
            yield providers.ToDo(
                what=ngettext("Confirm %(n)s item", "Confirm %(n)s items", count) % {"n": count},
                why=gettext("Your own word says less than what was seen or measured, or the bar was raised."),
                url=hospital_url(city.pk, subject.code),
            )


def _to_confirm(found: queries.Picture, subject: Subject) -> int:
    return sum(
        found.standing(subject.code, q.capability).to_confirm
        for q in found.questions.get(subject.code, ())
        if found.applies(subject.code, q)
    )


def _checked_by_night(city: City) -> Iterable[providers.ToDo]:
    """What the last nightly self-check found contradictory or improbable; nothing where it found neither."""
    line = audit.newest("readiness.self-checked", of=city)
    asked = (Group.CONTRADICTORY, Group.IMPROBABLE)
    count = sum(line.details.get(group.value, 0) for group in asked) if line is not None else 0
    if count:
        yield providers.ToDo(
            what=ngettext(
                "Look through %(n)s remark on contradictory or improbable answers",
                "Look through %(n)s remarks on contradictory or improbable answers",
                count,
            )
            % {"n": count},
            why=gettext("The self-check of last night made them."),
            url=reverse("readiness:self-check", kwargs={"city": city.pk}),
        )


def _for_the_city(city: City, waiting: dict[str, int], soon: int) -> Iterable[providers.ToDo]:
    url = reverse("readiness:map", kwargs={"city": city.pk})
    for subject, day in queries.left_behind(city):
        yield providers.ToDo(
            what=gettext("The standings of %(hospital)s have not been renewed since %(day)s")
            % {"hospital": pick(subject.names), "day": formats.date_text(day)},
            why=gettext("The nightly pass fails there; whoever runs the server finds the reason in its log."),
            url=hospital_url(city.pk, subject.code),
        )
    if soon:
        yield providers.ToDo(
            what=ngettext("%(n)s proof expires within 30 days", "%(n)s proofs expire within 30 days", soon)
            % {"n": soon},
            why=gettext("Plan drills or checks before the items become stale."),
            url=url,
        )
    count = sum(waiting.values())
    if count:
        yield providers.ToDo(
            what=ngettext("%(n)s item to confirm", "%(n)s items to confirm", count) % {"n": count},
            why=ngettext("in %(n)s hospital", "in %(n)s hospitals", len(waiting)) % {"n": len(waiting)},
            url=url,
        )


def drills_to_look_at(person: Person, city: City, today: date) -> Iterable[providers.ToDo]:
    """For the city, asked anew each time: what the nightly check found, which holds no city, and notified drills of which no
    place is left; which are overdue is a question of the hour."""
    if not has_city_role(person, Role.MANAGER):
        return
    yield from _checked_by_night(city)
    for drill in notified_drills.without_parts(city, timezone.now()):
        yield providers.ToDo(
            what=gettext("A notified drill has no campus or place left: %(hospital)s, %(title)s")
            % {"hospital": pick(drill.whole.names), "title": pick(drill.capability.titles)},
            why=gettext("No miss can be written. Find out what became of it."),
            url=why_url(city.pk, drill.whole.code, drill.capability.code),
            due=drill.starts_at.date(),
        )
