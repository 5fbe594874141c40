"""The waves in which people are called in, as a block of numbers: whom, within how many minutes of the declaration, by which channel."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beiji.documents.changes import DocumentError
from beiji.documents.structured import Structured

from .rules import minutes_of

NAME = "plans.waves"
#: Most waves and longest words of one. *Assumption.*
MOST, LONGEST = 12, 200


def heads() -> list[str]:
    return [_("Wave"), _("Who is called"), _("Minutes from the declaration"), _("Channel")]


def rows(body: str) -> list[list[str]]:
    """Rows of a form: whom, minutes, channel."""
    waves = json.loads(body) if body else []
    return [[wave["who"], str(wave["minute"]), wave["channel"]] for wave in waves]


def body_of(typed: Sequence[Sequence[str]]) -> str:
    """Typed rows as they are kept. Raises DocumentError for a row without people, or minutes that are none."""
    waves = []
    for number, row in enumerate((r for r in typed if any(cell.strip() for cell in r)), 1):
        who, minute, channel = (" ".join(cell.split()) for cell in [*row, "", "", ""][:3])
        minutes = minutes_of(minute)
        if not who:
            raise DocumentError(_("Wave {number}: say who is called.").format(number=number))
        if minutes is None:
            sentence = _("Wave {number}: “{typed}” is no number of minutes from 0 to 1440.")
            raise DocumentError(sentence.format(number=number, typed=minute[:20]))
        if max(len(who), len(channel)) > LONGEST or number > MOST:
            sentence = _("A list has at most {waves} waves, and each at most {letters} characters.")
            raise DocumentError(sentence.format(waves=MOST, letters=LONGEST))
        waves.append({"who": who, "minute": minutes, "channel": channel})
    return json.dumps(waves, ensure_ascii=False, sort_keys=True) if waves else ""


def shown(body: str) -> list[list[str]]:
    return [[str(number), *row] for number, row in enumerate(rows(body), 1)]


def values(body: str) -> Mapping[str, str]:
    """Each number and word under the words that name it."""
    named: dict[str, str] = {}
    for number, (who, minute, channel) in enumerate(rows(body), 1):
        named[_("Wave {number}: who").format(number=number)] = who
        named[_("Wave {number}: minutes from the declaration").format(number=number)] = minute
        named[_("Wave {number}: channel").format(number=number)] = channel
    return named


WAVES = Structured(NAME, gettext_lazy("Waves of call-in"), heads, rows, body_of, shown, values)
