"""What this room tells people: visits planned, changed, called off and locked, and what passes between hospital and team."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from beiji.programme.access import Role, today_in, who_holds
from beiji.programme.models import City, Person, Subject
from beiji.programme.telling import tell
from beiji.records import notices
from beiji.records.models import Notice
from beiji.records.notices import Due, Kind, Line, Topic
from beiji.ui import formats
from beiji.ui.addresses import address
from beiji.ui.languages import pick

from . import access
from .models import Visit


def planned(visit: Visit, kind: str, *, by: UUID, now: datetime) -> None:
    """Tell hospital and team that a visit is planned, or planned anew; whoever's role only begins with it reads that of his
    role."""
    tell(kind, of=visit, to=_hospital_of(visit, now) | _team_of(visit), city=visit.city, by=by, now=now)


def called_off(visit: Visit, *, by: UUID, now: datetime) -> None:
    """Tell hospital and team, and take back what was told of the visit, which is gone."""
    to = _hospital_of(visit, now) | _team_of(visit)
    notices.forget(visit)
    tell(
        "assess.visit-cancelled", of=visit.subject, to=to, city=visit.city, by=by, now=now,
        first_day=visit.first_day.isoformat(),
    )  # fmt: skip


def moved(visit: Visit, *, by: UUID, now: datetime) -> None:
    """Tell the hospital that its word on the result is asked."""
    if visit.phase == Visit.Phase.REPLY:
        to = _hospital_of(visit, now)
        tell("assess.reply-awaited", of=visit, to=to, city=visit.city, by=by, now=now)


def locked(visit: Visit, kind: str, *, by: UUID, now: datetime) -> None:
    """Tell hospital, team and managers that the visit's answers are evidence now, or no longer."""
    to = _hospital_of(visit, now) | _team_of(visit) | _managers(visit, now)
    tell(kind, of=visit, to=to, city=visit.city, by=by, now=now)


def replied(visit: Visit, *, by: UUID, now: datetime) -> None:
    """Tell the team and the managers that the hospital has spoken."""
    to = _team_of(visit) | _managers(visit, now)
    tell("assess.hospital-replied", of=visit, to=to, city=visit.city, by=by, now=now)


def answer_written(visit: Visit, *, by: UUID, now: datetime) -> None:
    """Tell those who can sign the team's answer."""
    to = _team_of(visit) | _managers(visit, now)
    tell("assess.answer-to-sign", of=visit, to=to, city=visit.city, by=by, now=now)


def answer_signed(visit: Visit, disputed_by: UUID, *, by: UUID, now: datetime) -> None:
    """Tell the hospital that what it disputed is answered."""
    to = _hospital_of(visit, now) | {disputed_by}
    tell("assess.dispute-answered", of=visit, to=to, city=visit.city, by=by, now=now)


def _hospital_of(visit: Visit, now: datetime) -> set[UUID]:
    return who_holds(today_in(visit.city, now), (Role.COORDINATOR,), [visit.subject_id])[visit.subject_id]


def _managers(visit: Visit, now: datetime) -> set[UUID]:
    return who_holds(today_in(visit.city, now), (Role.MANAGER,))[None]


def _team_of(visit: Visit) -> set[UUID]:
    return set(visit.members.values_list("person_id", flat=True))


def dues(city: City, day: date) -> Iterable[Due]:
    """Visits that begin within a week."""
    soon = day + timedelta(days=notices.BEFORE_DAYS)
    visits = list(
        Visit.objects.filter(phase=Visit.Phase.PLANNED, first_day__gte=day, first_day__lte=soon)
        .select_related("subject")
        .prefetch_related("members")
    )
    if visits:
        holders = who_holds(day, (Role.COORDINATOR,), {visit.subject_id for visit in visits})
        for visit in visits:
            to = {*holders[visit.subject_id], *(member.person_id for member in visit.members.all())}
            yield Due(visit, visit.first_day, ("assess.visit-soon", "assess.visit-soon", ""), to)


Sentence = Callable[[Visit, Notice], str]
Rule = Callable[[Person, Visit], bool]


def _always(reader: Person, visit: Visit) -> bool:
    return True


def _of_visits(sentence: Sentence, page: str = "assess:visit", shown: Rule = _always) -> notices.Lines:
    """Lines about visits that the reader may see; `shown`: whether the line still tells him something."""

    def lines(reader: Person, rows: Sequence[Notice]) -> Mapping[int, Line]:
        keys = {notices.key_of(row) for row in rows}
        seen = Visit.objects.visible_to(reader).select_related("subject").prefetch_related("members")
        visits = {str(visit.pk): visit for visit in seen.filter(pk__in=keys)}
        return {
            row.pk: Line(sentence(visit, row), address(page, city=visit.city_id, visit=visit.pk))
            for row in rows
            if (visit := visits.get(notices.key_of(row))) and shown(reader, visit)
        }

    return lines


def _called_off(reader: Person, rows: Sequence[Notice]) -> Mapping[int, Line]:
    """Lines about visits that are gone: who may see the hospital may know it."""
    seen = Subject.objects.visible_to(reader).filter(pk__in={notices.key_of(row) for row in rows})
    subjects = {str(subject.pk): subject for subject in seen}
    pattern = _("The visit to {hospital} on {day} was called off")
    return {
        row.pk: Line(
            pattern.format(
                hospital=pick(subject.names), day=formats.date_text(date.fromisoformat(row.details["first_day"]))
            ),
            address("assess:visits", city=subject.city_id),
        )
        for row in rows
        if (subject := subjects.get(notices.key_of(row)))
    }


def _words(visit: Visit) -> dict[str, str]:
    return {"hospital": pick(visit.subject.names), "day": formats.date_text(visit.first_day)}


def _planned(visit: Visit, row: Notice) -> str:
    return _("A visit to {hospital} is planned; it begins on {day}").format(**_words(visit))


def _changed(visit: Visit, row: Notice) -> str:
    return _("The plan of the visit to {hospital} was changed; it begins on {day}").format(**_words(visit))


def _soon(visit: Visit, row: Notice) -> str:
    return _("The visit to {hospital} begins on {day}").format(**_words(visit))


def _awaited(visit: Visit, row: Notice) -> str:
    return _("The result of the visit to {hospital} waits for the hospital's reply").format(**_words(visit))


def _locked(visit: Visit, row: Notice) -> str:
    return _("The visit to {hospital} is locked; its answers stand in the ledger").format(**_words(visit))


def _reopened(visit: Visit, row: Notice) -> str:
    return _("The visit to {hospital} was reopened; its answers do not count until it is locked again").format(
        **_words(visit)
    )


def _replied(visit: Visit, row: Notice) -> str:
    pattern = ngettext(
        "{hospital} replied to the result of its visit",
        "{hospital} replied {count} times to the result of its visit",
        row.count,
    )
    return pattern.format(count=row.count, **_words(visit))


def _to_sign(visit: Visit, row: Notice) -> str:
    pattern = ngettext(
        "The team's answer to what {hospital} disputes waits for its signature",
        "{count} answers of the team to what {hospital} disputes wait for their signature",
        row.count,
    )
    return pattern.format(count=row.count, **_words(visit))


def _answered(visit: Visit, row: Notice) -> str:
    pattern = ngettext(
        "What {hospital} disputed is answered and signed",
        "{count} points that {hospital} disputed are answered and signed",
        row.count,
    )
    return pattern.format(count=row.count, **_words(visit))


def _result(sentence: Sentence, shown: Rule = _always) -> notices.Lines:
    return _of_visits(
        sentence, "assess:reply", lambda reader, visit: access.may_read_result(reader, visit) and shown(reader, visit)
    )


KINDS = (
    Kind("assess.visit-planned", Topic.VISITS, gettext_lazy("A visit is planned"), _of_visits(_planned)),
    Kind("assess.visit-changed", Topic.VISITS, gettext_lazy("The plan of a visit is changed"), _of_visits(_changed)),
    Kind("assess.visit-cancelled", Topic.VISITS, gettext_lazy("A visit is called off"), _called_off),
    Kind("assess.visit-soon", Topic.VISITS, gettext_lazy("A visit begins soon"), _of_visits(_soon)),
    Kind("assess.visit-locked", Topic.VISITS, gettext_lazy("A visit is locked"), _of_visits(_locked)),
    Kind("assess.visit-reopened", Topic.VISITS, gettext_lazy("A visit is reopened"), _of_visits(_reopened)),
    Kind("assess.reply-awaited", Topic.REPLIES, gettext_lazy("A result waits for my hospital's reply"), _result(_awaited, access.may_reply)),
    Kind("assess.hospital-replied", Topic.REPLIES, gettext_lazy("A hospital replied"), _result(_replied)),
    Kind("assess.answer-to-sign", Topic.REPLIES, gettext_lazy("An answer waits for my signature"), _result(_to_sign, access.may_sign)),
    Kind("assess.dispute-answered", Topic.REPLIES, gettext_lazy("What we disputed is answered"), _result(_answered)),
)  # fmt: skip
