"""What this room tells people of their own: a role that begins or ends, work in the background that has ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_scopes import scope

from beiji.records import jobs, notices
from beiji.records.models import Job, Notice
from beiji.records.notices import Due, Kind, Line, Topic
from beiji.ui import formats
from beiji.ui.addresses import address
from beiji.ui.languages import pick

from .access import work_of
from .models import City, Person, RoleGrant
from .telling import Told, tell, tell_all


def role_begins(grant: RoleGrant, *, by: UUID | None, now: datetime) -> None:
    """Tell the person; the write-up after a visit is a part of the role on it."""
    if grant.role != RoleGrant.Role.WRITE_UP:
        tell("programme.role-begins", of=grant, to=[grant.person_id], city=grant.city, by=by, now=now, own=True)


def roles_end(grants: Sequence[RoleGrant], *, by: UUID | None, now: datetime) -> None:
    """Tell the people whose roles were taken back before their time; of one that never began nothing was said."""
    said = [Told(grant, [grant.person_id]) for grant in grants if grant.role != RoleGrant.Role.WRITE_UP]
    if said:
        tell_all("programme.role-ended", said, city=grants[0].city, by=by, now=now, own=True)


def work_ended(job: Job, now: datetime) -> None:
    """Tell whoever started it."""
    with scope(city=job.city):
        city = City.objects.filter(pk=job.city).first()
        if city is not None:
            tell("programme.work-ended", of=job, to=[job.person], city=city, by=None, now=now, own=True)


def dues(city: City, day: date) -> Iterable[Due]:
    """Roles whose last day is near."""
    soon = day + timedelta(days=notices.BEFORE_DAYS)
    ending = RoleGrant.objects.filter(ended_on__isnull=True, until__gt=day, until__lte=soon)
    for grant in ending.exclude(role=RoleGrant.Role.WRITE_UP):
        if grant.until is not None and grant.until - grant.since > timedelta(days=notices.BEFORE_DAYS):
            yield Due(grant, grant.until, ("programme.role-ends", "", ""), [grant.person_id], own=True)


def _grants_of(reader: Person, rows: Sequence[Notice]) -> dict[str, RoleGrant]:
    keys = {notices.key_of(row) for row in rows}
    grants = RoleGrant.objects.filter(person=reader, pk__in=keys).select_related("subject")
    return {str(grant.pk): grant for grant in grants}


def _role_words(grant: RoleGrant) -> str:
    role = str(RoleGrant.Role(grant.role).label)
    if grant.subject is None:
        return role
    return _("{role}, {hospital}").format(role=role, hospital=pick(grant.subject.names))


def _begins(reader: Person, rows: Sequence[Notice]) -> Mapping[int, Line]:
    grants = _grants_of(reader, rows)
    return {
        row.pk: Line(_begins_words(grant), address("own")) for row in rows if (grant := grants.get(notices.key_of(row)))
    }


def _begins_words(grant: RoleGrant) -> str:
    words = {"role": _role_words(grant), "since": formats.date_text(grant.since)}
    if grant.until is None:
        return _("You have a role from {since}: {role}").format(**words)
    last = formats.date_text(grant.until - timedelta(days=1))
    return _("You have a role from {since} to {last}: {role}").format(last=last, **words)


def _ends(reader: Person, rows: Sequence[Notice]) -> Mapping[int, Line]:
    grants = _grants_of(reader, rows)
    return {
        row.pk: Line(
            _("Your role ends after {last}: {role}").format(
                last=formats.date_text(grant.until - timedelta(days=1)), role=_role_words(grant)
            ),
            address("own"),
        )
        for row in rows
        if (grant := grants.get(notices.key_of(row))) and grant.until is not None and grant.ended_on is None
    }


def _ended(reader: Person, rows: Sequence[Notice]) -> Mapping[int, Line]:
    grants = _grants_of(reader, rows)
    return {
        row.pk: Line(_("Your role was taken back: {role}").format(role=_role_words(grant)), address("own"))
        for row in rows
        if (grant := grants.get(notices.key_of(row)))
    }


def _work(reader: Person, rows: Sequence[Notice]) -> Mapping[int, Line]:
    work = work_of(reader).filter(person=reader.pk, pk__in={notices.key_of(row) for row in rows})
    done = {str(job.pk): job for job in work}
    return {
        row.pk: Line(_work_words(job), address("programme:job", city=job.city, job=job.pk))
        for row in rows
        if (job := done.get(notices.key_of(row)))
    }


def _work_words(job: Job) -> str:
    kind = jobs.kind_of(job)
    title = str(kind.title) if kind else _("Work of another version of the program")
    pattern = (
        _("Work in the background has failed: {title}")
        if job.state == Job.State.FAILED
        else _("Work in the background is done: {title}")
    )
    return pattern.format(title=title)


KINDS = (
    Kind("programme.role-begins", Topic.ROLES, gettext_lazy("A role of mine begins"), _begins),
    Kind("programme.role-ends", Topic.ROLES, gettext_lazy("A role of mine ends soon"), _ends),
    Kind("programme.role-ended", Topic.ROLES, gettext_lazy("A role of mine was taken back"), _ended),
    Kind("programme.work-ended", Topic.WORK, gettext_lazy("My work in the background has ended"), _work),
)
