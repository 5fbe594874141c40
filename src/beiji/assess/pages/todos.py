"""What this room asks people to do: rate what is left, settle differences, move a visit on, reply."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext, ngettext

from beiji.programme.models import Person
from beiji.records.providers import ToDo
from beiji.ui.addresses import address
from beiji.ui.languages import pick

from .. import access, asked, given, replied
from ..models import Visit
from ..rules.answers import Answers
from ..rules.consensus import differences, progress
from ..rules.disputes import state_of
from .listing import visit_url
from .replies import state_words
from .steps import keys_of

SETTLING = (Visit.Phase.CONSENSUS, Visit.Phase.REPLY)


def todos_of(person: Person, today: date) -> Iterable[ToDo]:
    """Open visits of a person, one line each; few queries however many."""
    if not access.may_use_room(person):
        return
    seen = list(replied.still_open(access.visits_of(person)))
    yield from _of_disputes(person, seen, today)
    visits = [visit for visit in seen if visit.phase != Visit.Phase.LOCKED]
    rated = [v for v in visits if access.may_rate(person, v)]
    answers = given.answers_in(rated)
    heard = replied.replied_visits(visits) if any(access.may_reply(person, v) for v in visits) else set()
    for visit in visits:
        name = pick(visit.subject.names)
        if visit in rated:
            yield from _of_rater(person, visit, name, answers[visit.pk])
        elif access.may_plan(person) and visit.phase == Visit.Phase.PLANNED and visit.first_day <= today:
            yield ToDo(
                gettext("Begin the visit to %(hospital)s") % {"hospital": name},
                gettext("Its first day has come, and it is still only planned."),
                visit_url(visit),
                due=visit.first_day,
                weight=2,
            )
        if access.may_reply(person, visit) and visit.pk not in heard:
            yield ToDo(
                gettext("Reply to the result of the assessment"),
                gettext("The team locks it after the hospital's word."),
                address("assess:reply", city=visit.city_id, visit=visit.pk),
                weight=2,
            )


def _of_disputes(person: Person, visits: list[Visit], today: date) -> Iterable[ToDo]:
    """Disputes that the reader answers or signs; one query, and none where he does neither."""
    mine = {v.pk: v for v in visits if access.may_answer(person, v) or access.may_sign(person, v)}
    for reply, is_written in replied.open_disputes(mine.values()) if mine else ():
        visit = mine[reply.visit_id]
        if is_written and access.may_sign(person, visit):
            pattern = gettext("Sign the team's answer to %(hospital)s")
        elif not is_written and access.may_answer(person, visit):
            pattern = gettext("Answer what %(hospital)s disputes")
        else:
            continue
        dispute = replied.dispute_of(reply, None)
        yield ToDo(
            pattern % {"hospital": pick(visit.subject.names)},
            state_words(dispute, state_of(dispute, today)),
            address("assess:reply", city=visit.city_id, visit=visit.pk),
            due=dispute.due_on,
            weight=1,
        )


def _of_rater(person: Person, visit: Visit, name: str, answers: Answers) -> Iterable[ToDo]:
    done, total = progress(answers, keys_of(asked.asked_in(visit)), person.pk)
    if visit.phase in (Visit.Phase.DESK, Visit.Phase.ON_SITE) and done < total:
        pattern = ngettext("Rate %(hospital)s: %(count)s question left", "Rate %(hospital)s: %(count)s questions left", total - done)  # fmt: skip
        yield ToDo(
            pattern % {"hospital": name, "count": total - done},
            gettext("%(done)s of %(total)s answered by you.") % {"done": done, "total": total},
            visit_url(visit),
            due=visit.last_day,
            weight=1,
        )
    if visit.phase in SETTLING and access.may_settle(person, visit):
        count = len(differences(answers, ()))
        pattern = ngettext("Settle %(count)s difference at %(hospital)s", "Settle %(count)s differences at %(hospital)s", count)  # fmt: skip
        if count:
            yield ToDo(
                pattern % {"hospital": name, "count": count},
                gettext("The visit cannot be locked before."),
                address("assess:differences", city=visit.city_id, visit=visit.pk),
                weight=1,
            )
        else:
            yield ToDo(
                gettext("Lock the visit to %(hospital)s") % {"hospital": name},
                gettext("No difference is open."),
                visit_url(visit),
            )
