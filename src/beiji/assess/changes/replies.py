"""The hospital's word on a result, and the team's answer to a dispute, signed by the city's side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from beiji.documents import changes as documents
from beiji.programme import changes as programme
from beiji.programme.access import today_in
from beiji.programme.models import Person, RoleGrant
from beiji.programme.writing import change, hold_city
from beiji.records import audit, files

from .. import telling
from ..models import Reply, ReplyFile, Signature, TeamAnswer, Visit
from ..rules.disputes import ANSWER_WITHIN, working_days_after
from .visits import AssessError, hold_visit, members_who_rate


@change
def reply(
    *, visit: Visit, stance: str, language: str, body: str, by: Person, now: datetime, indicator: str = "",
    uploads: Sequence[UploadedFile[Any]] = (),
) -> Reply:  # fmt: skip
    """Keep the hospital's word on the result, with the files that show what it says. A dispute needs its reason.

    Raises AttachmentError for a file that is not taken; then nothing is kept.
    """
    now = hold_city(visit.city_id, now)
    hold_visit(visit)
    if not Visit.objects.filter(pk=visit.pk, phase=Visit.Phase.REPLY).exists():
        raise AssessError(_("The team does not wait for the hospital's word any more; load the page again."))
    if stance == Reply.Stance.DISPUTE and not body.strip():
        raise AssessError(_("Say what you dispute and why; the team answers to that."))
    text = (
        documents.write_text(
            city=visit.city, kind="reply", language=language, body=body, by=by, now=now, where=_where(visit)
        )
        if body.strip()
        else None
    )
    row = Reply.objects.create(
        city=visit.city, visit=visit, stance=stance, indicator=indicator, text=text, by=by.pk, at=now
    )
    with files.taken_whole():  # one file that is refused takes those before it along
        for upload in uploads:
            file = files.add_attachment(city=visit.city_id, upload=upload, by=by.pk, now=now)
            ReplyFile.objects.create(city=visit.city, reply=row, attachment=file)
    if stance == Reply.Stance.DISPUTE:
        _let_the_team_answer(visit, now)
    audit.write("assess.hospital-replied", city=visit.city_id, by=by.pk, of=visit, now=now, stance=stance)
    telling.replied(visit, by=by.pk, now=now)
    return row


def _where(visit: Visit) -> str:
    return f"/{visit.city_id}/assessments/{visit.pk}/reply/"


def _let_the_team_answer(visit: Visit, now: datetime) -> None:
    """A dispute late in the write-up prolongs it, so that the team can open the visit until its answer is due."""
    today = today_in(visit.city, now)
    over = working_days_after(today, ANSWER_WITHIN) + timedelta(days=1)
    for member in members_who_rate(visit):
        granted = RoleGrant.objects.filter(
            person=member.person_id, role=RoleGrant.Role.WRITE_UP, source=visit.stream, ended_on__isnull=True
        )
        last = granted.order_by("-until").values_list("until", flat=True).first()
        if last is not None and last < over:
            programme.grant_role(
                person=member.person, role=RoleGrant.Role.WRITE_UP, subject=visit.subject, source=visit.stream,
                since=max(last, today), until=over, by=None, now=now,
            )  # fmt: skip


@change
def answer_dispute(*, reply: Reply, language: str, body: str, by: Person, now: datetime) -> TeamAnswer:
    """Keep the team's word on a dispute; it counts once the city's side has signed it.

    Raises AssessError when nothing is disputed, or an answer has been signed already.
    """
    visit = reply.visit
    now = hold_city(visit.city_id, now)
    hold_visit(visit)
    if reply.stance != Reply.Stance.DISPUTE:
        raise AssessError(_("The hospital agreed; there is nothing to answer."))
    if Signature.objects.filter(reply=reply).exists():
        raise AssessError(_("The answer to this dispute is signed already; it stays as it is."))
    if not body.strip():
        raise AssessError(_("Write what the team answers; the hospital reads it."))
    text = documents.write_text(
        city=visit.city, kind="reply", language=language, body=body, by=by, now=now, where=_where(visit)
    )
    answer = TeamAnswer.objects.create(city=visit.city, reply=reply, text=text, by=by.pk, at=now)
    audit.write("assess.dispute-answered", city=visit.city_id, by=by.pk, of=visit, now=now, reply=str(reply.pk))
    telling.answer_written(visit, by=by.pk, now=now)
    return answer


@change
def sign_answer(*, answer: TeamAnswer, by: Person, now: datetime) -> Signature:
    """The city's side stands for the newest answer to a dispute.

    Raises AssessError when it was signed already, or a newer answer was written since the page was opened.
    """
    reply, visit = answer.reply, answer.reply.visit
    now = hold_city(visit.city_id, now)
    hold_visit(visit)
    if Signature.objects.filter(reply=reply).exists():
        raise AssessError(_("The answer to this dispute is signed already; it stays as it is."))
    newest = TeamAnswer.objects.filter(reply=reply).order_by("-at", "-id").first()
    if newest != answer:
        raise AssessError(_("The answer was rewritten since you read it; read it again before you sign."))
    signature = Signature.objects.create(city=visit.city, reply=reply, answer=answer, by=by.pk, at=now)
    audit.write("assess.answer-signed", city=visit.city_id, by=by.pk, of=visit, now=now, reply=str(reply.pk))
    telling.answer_signed(visit, reply.by, by=by.pk, now=now)
    return signature
