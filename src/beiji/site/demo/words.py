"""What people typed in their own language, and the translations that others made of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from beiji.assess import changes as assess
from beiji.assess.models import Note as KeptNote
from beiji.assess.models import Reply as KeptReply
from beiji.assess.models import Visit
from beiji.documents import changes as documents
from beiji.documents.models import UserText
from beiji.packs.schemas.story import Note, Reply, Typed

from .city import World
from .pen import Pen


def write_note(world: World, visit: Visit, note: Note, at: datetime) -> None:
    """A remark in the language of whoever typed it, with its translations."""
    person = note.text.by
    pen = Pen(world, visit, f"tablet-{person}", person)
    payload = {"indicator": note.indicator, "language": note.text.language, "text": note.text.body}
    key = pen.write("note", payload, at)
    pen.send()
    translate(world, KeptNote.objects.select_related("text").get(pk=key).text, note.text, at)


def translate(world: World, text: UserText, typed: Typed, at: datetime) -> None:
    """Translations by one translator, approvals by the other; what nobody has approved waits in the queue."""
    digest = text.versions.order_by("-id")[0].hash
    for language, body in typed.translations.items():
        translation = documents.propose_translation(
            text=text,
            language=language,
            body=body,
            source_hash=digest,
            by=world.people["noa-barak"],
            now=at + timedelta(days=1),
        )
        if language in typed.approved:
            documents.approve_translation(
                translation=translation, by=world.people["lin-ya"], now=at + timedelta(days=2)
            )


def write_reply(world: World, visit: Visit, reply: Reply, at: datetime) -> None:
    """The hospital's word on the result of a visit, and the team's answer to a dispute."""
    person = world.coordinator(reply.hospital)
    typed = reply.text
    row = assess.reply(
        visit=visit,
        stance=reply.stance,
        language=typed.language if typed else "zh-Hans",
        body=typed.body if typed else "",
        by=person,
        now=at,
        indicator=reply.indicator,
    )
    if typed and row.text is not None:
        translate(world, row.text, typed, at)
    if reply.answer is not None:
        answer_dispute(world, row, reply, reply.answer, at + timedelta(days=reply.answered_after))


def answer_dispute(world: World, row: KeptReply, reply: Reply, typed: Typed, at: datetime) -> None:
    """The team's answer in the language of whoever typed it, signed by the city's side where the story says so."""
    lead = world.people[typed.by]
    answer = assess.answer_dispute(reply=row, language=typed.language, body=typed.body, by=lead, now=at)
    translate(world, answer.text, typed, at)
    if reply.signed_by:
        assess.sign_answer(answer=answer, by=world.people[reply.signed_by], now=at + timedelta(hours=2))
