"""What parts of an open page may be told: that something has changed, never what (decision 39).

A topic is `kind:key`, as `visit:<uuid>`, and has a *state*: a short word that differs whenever what the part shows differs.
A page names the state that it shows, the server looks at the states of all topics that anybody listens to, a query for each
kind, and tells whoever holds another one. What happened while nobody was listening is seen by the same comparison.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django_scopes import scopes_disabled

from .typed import as_uuid

#: What a topic and its state are made of, so that both travel in an address and in a header.
TOPIC = re.compile(r"[a-z]{1,20}:[A-Za-z0-9-]{1,40}\Z")
STATE = re.compile(r"[A-Za-z0-9.-]{1,40}\Z")
#: Topics that one page listens to.
MOST_TOPICS = 60


@dataclass(frozen=True)
class Kind:
    """A kind of topic, which a room registers.

    `heard_by` keeps, of some keys, those that the person may see: the rule of the page that shows them. `states` answers the
    state of each key that exists, in a query, whatever the city.
    """

    code: str
    heard_by: Callable[[Any, Sequence[str]], Iterable[str]]
    states: Callable[[Sequence[str]], Mapping[str, str]]


_KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Add kinds of topics; a code may be registered once. Raises ValueError on a second time."""
    for kind in kinds:
        if kind.code in _KINDS and _KINDS[kind.code] != kind:
            raise ValueError(f"kind of topic {kind.code} is registered twice")
        _KINDS[kind.code] = kind


def read(words: Iterable[str]) -> dict[str, str]:
    """Topics with the states that a page shows, from words `topic@state`; what is written otherwise is left out."""
    heard: dict[str, str] = {}
    for word in words:
        topic, at, state = word.partition("@")
        if at and TOPIC.match(topic) and STATE.match(state) and len(heard) < MOST_TOPICS:
            heard[topic] = state
    return heard


def written(heard: Mapping[str, str]) -> str:
    """The inverse of :func:`read`, in one line."""
    return " ".join(f"{topic}@{state}" for topic, state in heard.items())


def heard_by(person: Any, topics: Iterable[str]) -> set[str]:
    """Of these topics those that the person may hear; in the scope of a request."""
    return {
        f"{kind.code}:{key}" for kind, keys in _by_kind(topics) for key in kind.heard_by(person, keys) if key in keys
    }


def states(topics: Iterable[str]) -> dict[str, str]:
    """The state of each topic that exists, whatever its city: for whoever was let in by `heard_by`."""
    with scopes_disabled():
        return {
            f"{kind.code}:{key}": state for kind, keys in _by_kind(topics) for key, state in kind.states(keys).items()
        }


def uuids(keys: Iterable[str]) -> list[UUID]:
    """Those keys that are UUIDs."""
    return [key for key in map(as_uuid, keys) if key is not None]


def _by_kind(topics: Iterable[str]) -> list[tuple[Kind, list[str]]]:
    keys: dict[str, list[str]] = {}
    for topic in topics:
        code, _colon, key = topic.partition(":")
        keys.setdefault(code, []).append(key)
    return [(_KINDS[code], of_kind) for code, of_kind in keys.items() if code in _KINDS]
