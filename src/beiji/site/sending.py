"""Sending what people were told to their phones, as work in the background."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_scopes import scope

from beiji.programme import access
from beiji.programme.models import Person
from beiji.records import channels, jobs, notices, outbox
from beiji.records.channels import Note
from beiji.records.jobs import Kind, NotYet
from beiji.records.models import Message
from beiji.records.posting_out import NotSent
from beiji.records.running import Run

SEND = "site.message"
#: Nine pauses that double from 5 s: about 40 minutes, then whoever looks after the installation reads that it failed.
TRIES = 10


def ask(now: datetime) -> None:
    """Put the messages that are due into the queue, once each; none where nothing is sent by anything."""
    if settings.MESSAGES == "off":
        return
    for key in outbox.due(now):
        jobs.ask_for(SEND, city="", by=None, now=now, argument={"message": str(key)}, key=f"{SEND}:{key}")


def _send(run: Run) -> dict[str, Any]:
    """Send one message, unless all it speaks of was read meanwhile."""
    message = outbox.begin(UUID(run.job.argument["message"]), settings.MESSAGES)
    if message is None:
        return {}
    try:
        note, count = _note_of(message, run.now)
        if note is None:
            outbox.end(message, Message.State.READ, run.now)
            return {}
        channels.send(settings.MESSAGES, note)
    except NotSent as why:
        return _not_sent(run, message, why)
    with run.once() as result:
        outbox.end(message, Message.State.SENT, run.clock(), count=count)
        result["sent"] = count
    return {}


def _not_sent(run: Run, message: Message, why: NotSent) -> dict[str, Any]:
    if why.may_try_again and run.job.attempts < TRIES:
        outbox.put_off(message, why)
        raise NotYet(str(why))
    outbox.end(message, Message.State.FAILED, run.now, reason=str(why)[:200])
    return {"failed": why.code}


def _note_of(message: Message, now: datetime) -> tuple[Note | None, int]:
    """What is sent, in the person's language; nothing when he has read it all. Raises NotSent when he is not here any more."""
    if message.person is None:
        words = _("The way is open. Nothing has happened.")
        return Note(str(message.pk), "", _("Beiji: test message"), words, settings.LINK), 0
    with scope(city=message.city):
        person = Person.objects.filter(pk=message.person, erased_at__isnull=True).select_related("city").first()
        if person is None or not access.may_come_in(person, now):
            raise NotSent("gone")
        counts = notices.unread_by_topic(person.pk, message.made_at - timedelta(minutes=1))
        with translation.override(person.language):
            return _words(message, person, counts), sum(counts.values())


def _words(message: Message, person: Person, counts: dict[notices.Topic, int]) -> Note | None:
    """A title and numbers by topic: no name, no hospital, no finding leaves the house."""
    count = sum(counts.values())
    if not count:
        return None
    title = ngettext("Beiji: {count} new notification", "Beiji: {count} new notifications", count).format(count=count)
    parts = [
        _("{topic}: {count}").format(topic=word, count=counts[topic])
        for topic, word in notices.TOPICS.items()
        if counts.get(topic)
    ]
    link = settings.LINK + reverse("site:notices", kwargs={"city": message.city})
    return Note(str(message.pk), access.choice_of(person).address, title, " · ".join(parts), link)


KINDS = (
    Kind(
        SEND, gettext_lazy("Message to a phone"), _send, tries=TRIES, can_be_stopped=False, longest=timedelta(minutes=2)
    ),
)
