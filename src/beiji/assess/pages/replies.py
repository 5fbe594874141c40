"""What the hospital replied, what the team answered to a dispute, and what a lock says about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from beiji.documents.pages.typed import TypedText, typed_text
from beiji.programme.access import today_in
from beiji.programme.models import Person
from beiji.programme.people import name_in, people_by_id
from beiji.readiness.pages import wording
from beiji.records.models import Attachment
from beiji.ui import formats
from beiji.ui.addresses import address

from .. import access, replied
from ..models import Lock, Reply, Visit
from ..rules.disputes import Dispute, DisputeState, state_of

#: Kind of chip by state of a dispute.
CHIPS = {
    DisputeState.WAITING: "outline",
    DisputeState.WRITTEN: "outline",
    DisputeState.UNANSWERED: "bad",
    DisputeState.ANSWERED: "good",
    DisputeState.ANSWERED_LATE: "warn",
}


@dataclass(frozen=True)
class AnswerLine:
    """The team's answer to a dispute."""

    key: UUID
    text: TypedText
    by: str
    at: datetime
    signed: str


@dataclass(frozen=True)
class ReplyLine:
    """One word of the hospital; for a dispute where it stands, the team's answer, and what the reader may do."""

    key: UUID
    stance: str
    disputes: bool
    indicator: str
    text: TypedText | None
    by: str
    at: datetime
    signed_at: datetime | None
    state: str
    chip: str
    files: Sequence[tuple[str, str]]
    answer: AnswerLine | None
    answer_url: str
    sign_url: str


def reply_lines(person: Person, visit: Visit, today: date) -> list[ReplyLine]:
    """Everything the hospital said on a visit, oldest first."""
    replies = replied.replies_of(visit)
    if not replies:
        return []
    answered = replied.answers_to([reply for reply, _text in replies])
    attached = replied.files_with([reply for reply, _text in replies])
    signers = [a.signature.by for a in answered.values() if a.signature]
    people = people_by_id([r.by for r, _text in replies] + [a.answer.by for a in answered.values()] + signers)
    may_answer, may_sign = access.may_answer(person, visit), access.may_sign(person, visit)
    lines = []
    for reply, text in replies:
        own = answered.get(reply.pk)
        disputes = reply.stance == Reply.Stance.DISPUTE
        is_open = disputes and (own is None or own.signature is None)
        dispute = replied.dispute_of(reply, own)
        state = state_of(dispute, today)
        lines.append(
            ReplyLine(
                key=reply.pk,
                stance=reply.get_stance_display(),
                disputes=disputes,
                indicator=reply.indicator,
                text=typed_text(text) if text is not None else None,
                by=name_in(people, reply.by),
                at=reply.at,
                signed_at=own.signature.at if own and own.signature else None,
                state=state_words(dispute, state) if disputes else "",
                chip=CHIPS[state],
                files=[(file.name, _file_url(visit, file)) for file in attached.get(reply.pk, ())],
                answer=_answer_line(own, visit, people) if own is not None else None,
                answer_url=_url("team-answer", visit, reply) if is_open and may_answer else "",
                sign_url=_url("signature", visit, reply) if is_open and own is not None and may_sign else "",
            )
        )
    return lines


def _url(name: str, visit: Visit, reply: Reply) -> str:
    return reverse(f"assess:{name}", kwargs={"city": visit.city_id, "visit": visit.pk, "reply": reply.pk})


def _file_url(visit: Visit, file: Attachment) -> str:
    return address("assess:attachment", city=visit.city_id, visit=visit.pk, attachment=file.pk)


def _answer_line(own: replied.Answered, visit: Visit, people: Mapping[UUID, Person]) -> AnswerLine:
    signed = ""
    if own.signature is not None:
        signed = gettext("Signed by %(name)s on %(day)s") % {
            "name": name_in(people, own.signature.by),
            "day": formats.date_text(today_in(visit.city, own.signature.at)),
        }
    name = name_in(people, own.answer.by)
    return AnswerLine(own.answer.pk, typed_text(own.text), name, own.answer.at, signed)


def state_words(dispute: Dispute, state: DisputeState) -> str:
    """Where a dispute stands, with its last day."""
    due = {"day": formats.date_text(dispute.due_on)}
    return {
        DisputeState.WAITING: gettext("the team answers by %(day)s") % due,
        DisputeState.WRITTEN: gettext("answered, not signed yet; due by %(day)s") % due,
        DisputeState.UNANSWERED: gettext("dispute unanswered; it was due by %(day)s") % due,
        DisputeState.ANSWERED: gettext("answered"),
        DisputeState.ANSWERED_LATE: gettext("answered late; it was due by %(day)s") % due,
    }[state]


def lock_words(lock: Lock, lines: Sequence[ReplyLine]) -> str:
    """What a lock says about disputes: those that had no signed answer when it fell."""
    disputed = [line for line in lines if line.disputes and line.at <= lock.at]
    before = [line for line in disputed if line.signed_at is None or line.signed_at > lock.at]
    still = sum(line.signed_at is None for line in before)
    since = len(before) - still
    return wording.joined(
        [
            ngettext("dispute unanswered", "%(count)s disputes unanswered", still) % {"count": still} if still else "",
            ngettext("dispute unanswered at the lock, answered since", "%(count)s disputes unanswered at the lock, answered since", since) % {"count": since} if since else "",
        ]
    )  # fmt: skip
