"""What went out to phones and what did not, in words, for whoever looks after the installation: no name, no address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from beiji.records import channels
from beiji.records.models import Message
from beiji.ui import formats

#: Messages that the page shows.
MOST_SHOWN = 100
CHIPS = {
    Message.State.WAITING: "outline",
    Message.State.SENDING: "info",
    Message.State.SENT: "good",
    Message.State.READ: "outline",
    Message.State.FAILED: "bad",
    Message.State.UNCLEAR: "warn",
}


@dataclass(frozen=True)
class Line:
    """One message; `why`: what kept it from being sent."""

    at: str
    city: str
    chip: str
    state: str
    why: str
    attempts: int


@dataclass(frozen=True)
class MessagesPage:
    """The page. `way`: by what messages go; `missing`: settings that are empty; `can_test`: whether anything is sent at all."""

    way: str
    missing: str
    can_test: bool
    lines: Sequence[Line]


def page_of(rows: Sequence[Message]) -> MessagesPage:
    """The page in words."""
    ways = {
        "off": _("Nothing is sent: BEIJI_MESSAGES is off."),
        "file": _("Messages are written into a file of the data folder."),
        "webhook": _("Messages go to the robot of a group, by webhook."),
        "mail": _("Messages go by mail."),
    }
    missing = channels.missing()
    return MessagesPage(
        way=ways[settings.MESSAGES],
        missing=_("Still empty: {names}").format(names=", ".join(missing)) if missing else "",
        can_test=settings.MESSAGES != "off",
        lines=[
            Line(
                at=formats.datetime_text(row.made_at),
                city=row.city or _("test message"),
                chip=CHIPS[Message.State(row.state)],
                state=str(Message.State(row.state).label),
                why=why_words(row.reason),
                attempts=row.attempts,
            )
            for row in rows
        ],
    )


def why_words(reason: str) -> str:
    """Why a message was not sent: one sentence with its mend."""
    code, _space, what = reason.partition(" ")
    sentences = {
        "": "",
        "gone": _("The person has no access any more."),
        "no-setting": _("{what} is empty; set it and start Beiji anew."),
        "no-address": _("The person's address is empty or was not taken by the mail server."),
        "not-allowed": _("{what} is not among BEIJI_WEBHOOK_HOSTS, so nothing is sent there."),
        "inside": _("{what} leads to an address inside the network, which BEIJI_WEBHOOK_INSIDE does not allow."),
        "unknown-host": _("Nobody knows the name {what}; look at the server's name service."),
        "no-line": _("There is no connection to {what}; look at the server's way out."),
        "no-answer": _("{what} did not answer in time."),
        "no-trust": _("The certificate of {what} was not accepted."),
        "redirect": _("The receiver sends elsewhere (answer {what}), which is not followed; write the right address."),
        "answer": _("The receiver answered {what}."),
        "refused": _("The receiver refused the message with code {what}."),
        "file": _("The file could not be written: {what}."),
    }
    return sentences.get(code, _("Not sent: {what}.")).format(what=what or code)
