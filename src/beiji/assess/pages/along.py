"""The page of a visit that is taken along: its questions with the reader's own answers, and nobody else's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from beiji.programme.models import Person
from beiji.ui.languages import pick

from .. import access, asked, given
from ..models import Visit
from ..rules.answers import Key
from . import words
from .steps import keys_of, rate_url


@dataclass(frozen=True)
class Question:
    """One question: where it stands, and what the reader said."""

    code: str
    title: str
    part: str
    part_name: str
    must_pass: bool
    url: str
    mine: words.Said


@dataclass(frozen=True)
class Block:
    """The questions of one domain."""

    title: str
    questions: Sequence[Question]
    is_open: bool


@dataclass(frozen=True)
class AlongPage:
    """Everything on the page of a visit that is taken along."""

    title: str
    sub: str
    blocks: Sequence[Block]
    total: int
    may_take: bool


def along_page(person: Person, visit: Visit) -> AlongPage:
    """The page for one assessor."""
    items, titles, names = asked.asked_in(visit), asked.domains_of(visit), asked.part_names(visit)
    mine = given.given_of(visit).by(person.pk).answers.of(person.pk)
    questions: dict[str, list[Question]] = {}
    for item in items:
        for key in keys_of([item]):
            answer = mine.get(key)
            questions.setdefault(item.question.domain, []).append(
                Question(
                    code=item.code,
                    title=pick(item.question.titles),
                    part=key.part,
                    part_name=(pick(names.get(key.part, {})) or key.part) if key.part else "",
                    must_pass=item.question.must_pass,
                    url=rate_url(visit, Key(item.code, key.part)),
                    mine=words.said(answer.said if answer else None),
                )
            )
    return AlongPage(
        title=pick(visit.subject.names),
        sub=" · ".join((words.round_words(visit), words.dates(visit.first_day, visit.last_day))),
        blocks=[
            Block(pick(titles.get(code, {})) or code, block, is_open=number == 0)
            for number, (code, block) in enumerate(questions.items())
        ],
        total=sum(map(len, questions.values())),
        may_take=access.may_rate(person, visit),
    )
