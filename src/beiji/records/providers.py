"""What pages in `site` and `reports` are assembled from: small functions that each room's `registered.py` adds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from django_stubs_ext import StrOrPromise

F = TypeVar("F", bound=Callable[..., Iterable[Any]])


class Part(StrEnum):
    """The three parts of the menu, in their order."""

    PREPARE = "prepare"
    RESPOND = "respond"
    LEARN = "learn"


@dataclass(frozen=True)
class MenuEntry:
    """A line of the menu. `key`: the namespace of the pages on which it is marked as current; within its part entries
    stand by `order`; `count` is shown when not None."""

    part: Part
    key: str
    label: StrOrPromise
    url: str
    order: int
    count: int | None = None


@dataclass(frozen=True)
class ToDo:
    """Something for a person to do: what, why, by when (None: no date), where to do it."""

    what: StrOrPromise
    why: StrOrPromise
    url: str
    due: date | None = None
    weight: int = 0


@dataclass(frozen=True)
class Remark:
    """Words that somebody typed: who, the words, their language and direction."""

    who: str
    body: str
    language: str
    direction: str


@dataclass(frozen=True)
class Origin:
    """What a row of evidence came from, for whoever may see it: a page, with the remarks and files about its item."""

    title: str
    url: str
    remarks: Sequence[Remark] = ()
    files: Sequence[tuple[str, str]] = ()  # name, address


@dataclass(frozen=True)
class HeldFile:
    """A file that came in with something else: a row, a visit, a reply. `attachment`: its id; `day` of which it speaks;
    `where`: what it came with, in words; `items`: codes of the items that it is about."""

    attachment: UUID
    sha256: str
    name: str
    day: date
    where: str
    url: str
    items: Sequence[str] = ()


@dataclass(frozen=True)
class Reach:
    """A kind of thing that somebody could see: how many of them, and their names where there are few and they have some."""

    what: StrOrPromise
    count: int
    names: Sequence[str] = ()


@dataclass(frozen=True)
class Trail:
    """What a room knows of the life of a thing that the reader may see: its title and page, the things whose audit lines tell it
    (`records.audit.thing`), and kinds of lines that are not the reader's."""

    title: str
    url: str
    things: Sequence[str]
    hidden: Sequence[str] = ()


class Registry:
    """An ordered list of functions; `collect` calls them all and strings their answers together."""

    def __init__(self, purpose: str) -> None:
        self.purpose = purpose
        self._functions: dict[str, Callable[..., Iterable[Any]]] = {}

    def register(self, name: str, function: Callable[..., Iterable[Any]]) -> None:
        """Add a function under a name of its own (room.purpose). Raises ValueError when the name is taken."""
        if name in self._functions and self._functions[name] is not function:
            raise ValueError(f"{self.purpose}: {name} is registered twice")
        self._functions[name] = function

    def add(self, name: str) -> Callable[[F], F]:
        """The same as a decorator."""

        def keep(function: F) -> F:
            self.register(name, function)
            return function

        return keep

    def collect(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Every answer of every function, in order of their names."""
        return [answer for name in sorted(self._functions) for answer in self._functions[name](*args, **kwargs)]


menu = Registry("menu")  # (person, city) -> MenuEntry
todos = Registry("to-do")  # (person, city, today) -> ToDo
reach = Registry("what somebody could see")  # (person whose roles are fixed, until) -> Reach, of what was there before
origins = Registry("origin of evidence")  # (person, kind, id, capability) -> Origin, none where it is not its own kind
held_files = Registry("files of a hospital")  # (person, subject) -> HeldFile, those that the person may see
trails = Registry(
    "trail of a thing"
)  # (person, kind, key) -> Trail, none where it is not its own kind or not the reader's
