"""Decisions of the programme: codes that nobody may have, roles given by hand, codes on paper, how guessing is slowed.

Every number of the slowing is an assumption: none is published for a hospital's network.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

#: Words that stand in addresses where the code of a city, or of a subject, would stand; a test reads them from the addresses.
CITY_WORDS = frozenset({"account", "health", "language", "platform", "sign-in", "sign-out", "static", "ui"})
SUBJECT_WORDS = frozenset({"capabilities", "change", "gaps", "items", "rows", "self-check", "standard", "template"})

#: Roles that an administrator gives on the whole city, and on one institution. Roles of a visit come with the visit.
CITY_ROLES = ("administrator", "manager", "translator", "leader")
PLACE_ROLES = ("coordinator", "head")

#: The kind of work by which the people of a table are added (`jobs`).
BRING = "programme.bring-people"

#: What a user name may be: somebody has to type it.
USER_NAME = r"[\w.-]{3,60}"

#: The scripts of a name: key in the names, and the field or column that asks for it.
NAMES = (("zh-Hans", "name_zh"), ("en", "name_en"), ("he", "name_he"))


def read_username(typed: str) -> str:
    """A user name as it is kept: without case, and whatever the width of the keyboard's letters."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


#: How somebody can sign in; uncoded: an account of which no code was given out yet.
NONE, UNCODED, WAITING, OPEN, EXPIRED, CLOSED = "none", "uncoded", "waiting", "open", "expired", "closed"

#: Signs of a code on paper: none that is taken for another when it is read or heard.
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10
#: How long a code on paper is good (assumption: a fortnight's leave must not make it worthless).
CODE_FOR = timedelta(days=14)


def new_code() -> str:
    """A code for a printed sheet, as two groups; 31 signs to the power of ten, about 49 bits."""
    signs = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
    return f"{signs[:5]}-{signs[5:]}"


def read_code(typed: str) -> str:
    """A code as it was meant, whatever the case, the spaces and the width of what was typed."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return "".join(sign for sign in plain if sign.isalnum())


@dataclass(frozen=True)
class Slowing:
    """After `free` failures each further try waits: `first`, then twice as long each time, at most `longest`.

    Failures are forgotten when nobody has tried for `forgotten_after`.
    """

    free: int
    first: timedelta
    longest: timedelta
    forgotten_after: timedelta


#: One name from one address: a person who has mistaken his password, or somebody who guesses it.
ONE_PLACE = Slowing(5, timedelta(seconds=30), timedelta(minutes=15), timedelta(days=1))
#: Many names from one address, behind which a whole hospital may stand.
ONE_ADDRESS = Slowing(100, timedelta(seconds=30), timedelta(minutes=15), timedelta(hours=1))
#: One name from many addresses. Short, since its owner may be somewhere new while others guess.
ONE_NAME = Slowing(100, timedelta(seconds=30), timedelta(minutes=1), timedelta(hours=1))
#: Where somebody has signed in, the two wide slowings do not touch him for so long.
AT_HOME = timedelta(days=90)


def failures_now(failures: int, last_at: datetime, slowing: Slowing, now: datetime) -> int:
    """Failures that still count."""
    return 0 if now - last_at >= slowing.forgotten_after else failures


def wait_after(failures: int, slowing: Slowing) -> timedelta:
    """How long nobody's next try is looked at after so many failures."""
    if failures < slowing.free:
        return timedelta(0)
    doubled: timedelta = slowing.first * 2 ** min(failures - slowing.free, 20)
    return min(doubled, slowing.longest)


#: How a browser names itself, in the order in which to look: many of them also say what they descend from.
BROWSERS = (
    ("MicroMessenger", "wechat"), ("Edg", "edge"), ("OPR", "opera"), ("Firefox", "firefox"), ("FxiOS", "firefox"),
    ("Chrome", "chrome"), ("CriOS", "chrome"), ("Safari", "safari"),
)  # fmt: skip
SYSTEMS = (
    ("OpenHarmony", "harmony"), ("HarmonyOS", "harmony"), ("iPad", "ipad"), ("iPhone", "iphone"), ("Android", "android"),
    ("Windows", "windows"), ("Mac OS", "mac"), ("Linux", "linux"),
)  # fmt: skip


def device_of(agent: str) -> str:
    """Browser and system by what a browser says of itself, as codes; an unknown part is empty."""
    browser = next((code for sign, code in BROWSERS if sign in agent), "")
    system = next((code for sign, code in SYSTEMS if sign in agent), "")
    return f"{browser}/{system}"


#: Last contact is written at most so often (assumption: to five minutes is close enough to recognise a device).
SEEN_EVERY = timedelta(minutes=5)

#: A file that was approved for a guest is taken within this time (assumption: a day's work, and the approval is still fresh).
TAKEN_WITHIN = timedelta(hours=24)

#: How the pages can look; "auto" is as the device.
THEMES = ("light", "dark", "auto")


#: Which of a thing's reminders: before its day, on it, after it.
BEFORE, ON, AFTER = range(3)


def reminder_step(due: date, today: date, before_days: int, again_days: int) -> tuple[int, int] | None:
    """Which reminder of a thing is to be given on a day, and the how manieth; None: none yet.

    A night that was missed is made good in the next one: the step that was reached last stands until the following one.
    """
    late = (today - due).days
    if late < -before_days:
        return None
    if late < 0:
        return BEFORE, 0
    return (ON, 0) if late == 0 else (AFTER, late // again_days)
