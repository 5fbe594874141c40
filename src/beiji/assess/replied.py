"""What hospitals said on their visits, and the team's answers to what they dispute: the selectors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from beiji.documents.access import texts
from beiji.documents.models import UserText
from beiji.programme.access import today_in
from beiji.programme.visible import VisibleQuerySet
from beiji.records.models import Attachment

from .models import Reply, ReplyFile, Signature, TeamAnswer, Visit
from .rules.disputes import Dispute


def replies_of(visit: Visit) -> list[tuple[Reply, UserText | None]]:
    """The hospital's words on a visit, oldest first, with their texts."""
    replies = list(Reply.objects.filter(visit=visit).select_related("city"))
    words = texts([r.text_id for r in replies if r.text_id])
    return [(r, words[r.text_id] if r.text_id else None) for r in replies]


def files_with(replies: Iterable[Reply]) -> dict[UUID, list[Attachment]]:
    """Files that came with some replies, by key of the reply; one query, none where there is no reply."""
    wanted = list(replies)
    rows = ReplyFile.objects.filter(reply__in=wanted).select_related("attachment") if wanted else ()
    attached: dict[UUID, list[Attachment]] = {}
    for row in rows:
        attached.setdefault(row.reply_id, []).append(row.attachment)
    return attached


def files_sent(visits: Iterable[Visit]) -> list[tuple[UUID, UUID, str]]:
    """Files that came with replies to some visits: visit, attachment, and the item (empty: the whole); one query."""
    rows = ReplyFile.objects.filter(reply__visit__in=list(visits))
    return list(rows.values_list("reply__visit", "attachment", "reply__indicator"))


def replied_visits(visits: Iterable[Visit]) -> set[UUID]:
    """Those of some visits to which the hospital has replied."""
    return set(Reply.objects.filter(visit__in=list(visits)).values_list("visit_id", flat=True))


@dataclass(frozen=True)
class Answered:
    """The team's answer to a dispute: the signed one, else the newest, with its words."""

    answer: TeamAnswer
    text: UserText
    signature: Signature | None


def answers_to(replies: Iterable[Reply]) -> dict[UUID, Answered]:
    """The team's answers to some replies, by key of the reply; three queries however many."""
    newest: dict[UUID, TeamAnswer] = {}
    for answer in TeamAnswer.objects.filter(reply__in=list(replies)).select_related("signature"):
        newest[answer.reply_id] = answer  # in order of time; after a signature none follows
    words = texts([answer.text_id for answer in newest.values()]) if newest else {}
    return {
        key: Answered(answer, words[answer.text_id], getattr(answer, "signature", None))
        for key, answer in newest.items()
    }


def dispute_of(reply: Reply, answered: Answered | None) -> Dispute:
    """A dispute in days of the city's calendar."""
    city = reply.city
    signature = answered.signature if answered else None
    return Dispute(
        made_on=today_in(city, reply.at),
        written_on=today_in(city, answered.answer.at) if answered else None,
        signed_on=today_in(city, signature.at) if signature else None,
    )


def open_disputes(visits: Iterable[Visit]) -> list[tuple[Reply, bool]]:
    """Disputes on some visits that nobody has signed an answer to, and whether one has been written; one query."""
    disputes = Reply.objects.filter(visit__in=list(visits), stance=Reply.Stance.DISPUTE, signature__isnull=True)
    is_written = Exists(TeamAnswer.objects.filter(reply=OuterRef("pk")))
    return [(reply, reply.is_written) for reply in disputes.annotate(is_written=is_written).select_related("city")]


def still_open(visits: VisibleQuerySet) -> VisibleQuerySet:
    """Those of some visits that are not locked, or are disputed and not answered by a signature."""
    disputed = Reply.objects.filter(visit=OuterRef("pk"), stance=Reply.Stance.DISPUTE, signature__isnull=True)
    found: VisibleQuerySet = visits.filter(~Q(phase=Visit.Phase.LOCKED) | Exists(disputed))
    return found


def unanswered(visits: Iterable[Visit], known_at: datetime) -> int:
    """Disputes on some visits that had no signed answer as known at an instant; one query."""
    made = Reply.objects.filter(visit__in=list(visits), stance=Reply.Stance.DISPUTE, at__lte=known_at)
    return made.exclude(signature__at__lte=known_at).count()


def reply_or_404(visit: Visit, key: UUID) -> Reply:
    """One reply to this visit."""
    reply: Reply | None = Reply.objects.filter(visit=visit, pk=key).select_related("visit__city", "city").first()
    if reply is None:
        raise Http404("no such reply")
    return reply


def answer_to_sign(reply: Reply, key: UUID) -> TeamAnswer:
    """An answer to this reply, as the page showed it to whoever signs. Raises Http404 for another's."""
    answer: TeamAnswer | None = TeamAnswer.objects.filter(reply=reply, pk=key).select_related("reply__visit").first()
    if answer is None:
        raise Http404("no such answer")
    return answer
