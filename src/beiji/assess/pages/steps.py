"""The way through a visit: every item and part in order, what is answered, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from beiji.ui.addresses import address

from ..asked import Asked
from ..models import Visit
from ..rules.answers import Answers, Key
from ..rules.consensus import differences


def rate_url(visit: Visit, key: Key) -> str:
    """Address of one question."""
    url = address("assess:rate", city=visit.city_id, visit=visit.pk, indicator=key.indicator)
    return f"{url}?{urlencode({'part': key.part})}" if key.part else url


def keys_of(items: list[Asked]) -> list[Key]:
    """Everything that is asked, in order: all parts of an item before the next item."""
    return [Key(item.code, part) for item in items for part in item.parts]


@dataclass(frozen=True)
class Way:
    """Where one stands in a visit: states of all steps, how many are done, and the neighbours."""

    states: tuple[str, ...]
    done: int
    total: int
    before: Key | None
    after: Key | None


def way_of(items: list[Asked], answers: Answers, person: UUID, here: Key, must_pass: frozenset[str]) -> Way:
    """The steps of a person: `now` where he stands, `query` where his answer differs, `done`, `open`."""
    keys, mine = keys_of(items), answers.of(person)
    queried = {d.key for d in differences(answers, must_pass)}
    at = keys.index(here)
    states = [
        "now" if key == here else "query" if key in queried else "done" if key in mine else "open" for key in keys
    ]
    done = sum(key in mine for key in keys)
    before = keys[at - 1] if at else None
    return Way(tuple(states), done, len(keys), before, keys[at + 1] if at + 1 < len(keys) else None)


def first_open(items: list[Asked], answers: Answers, person: UUID) -> Key | None:
    """The first question that a person has not answered; the very first one when all are answered."""
    keys, mine = keys_of(items), answers.of(person)
    return next((key for key in keys if key not in mine), keys[0] if keys else None)
