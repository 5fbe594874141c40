"""What has changed since an earlier day: hospital × domain before and now, items gained and lost, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from beiji.programme.models import Subject
from beiji.ui import formats, words
from beiji.ui.languages import pick

from ..methodology import Question
from ..models import Domain
from ..queries import Picture
from .cells import Cell, domain_cell, hospital_url, why_url


@dataclass(frozen=True)
class Pair:
    """A domain of a hospital then and now; `trend` is up, down or flat by the digit shown."""

    title: str
    before: Cell
    now: Cell
    trend: str
    word: str


@dataclass(frozen=True)
class Row:
    """A hospital: its written domains, how many items rose and fell."""

    label: str
    href: str
    pairs: Sequence[Pair]
    rose: int
    fell: int


@dataclass(frozen=True)
class Moved:
    """An item whose standing fell, with what it was and is."""

    text: str
    was: str
    now: str
    href: str


@dataclass(frozen=True)
class ChangePage:
    """The comparison of two pictures."""

    title: str
    sub: str
    domains: Sequence[str]
    rows: Sequence[Row]
    fallen: Sequence[Moved]
    summary: str


#: Items that fell, listed; the rest is counted.
MOST_FALLEN = 40


def change_between(before: Picture, now: Picture) -> ChangePage:
    """Compare two pictures of the same hospitals. Losses are listed one by one, gains are counted."""
    asked = {q.domain for questions in now.questions.values() for q in questions}
    domains = [d for d in now.method.domains if d.code in asked] if now.method else []
    rows, fallen, rose_in_all = [], [], 0
    for subject in now.subjects:
        rose, fell = _moved(before, now, subject)
        rose_in_all += len(rose)
        fallen += [_line(before, now, subject, q) for q in fell]
        rows.append(
            Row(
                label=pick(subject.names),
                href=hospital_url(now.city.pk, subject.code),
                pairs=[_pair(before, now, subject, d.code, pick(d.titles)) for d in domains],
                rose=len(rose),
                fell=len(fell),
            )
        )
    return ChangePage(
        title=gettext("What has changed"),
        sub=gettext("from %(before)s to %(now)s")
        % {"before": formats.date_text(before.day), "now": formats.date_text(now.day)},
        domains=[_head_of(now, d) for d in domains],
        rows=rows,
        fallen=fallen[:MOST_FALLEN],
        summary=_summary(rose_in_all, len(fallen)),
    )


def _head_of(now: Picture, domain: Domain) -> str:
    """The domain's short name, as the map has it; a phone says the whole one beside each pair."""
    short = now.method.short_name("domain", domain.code) if now.method else {}
    return pick(short or domain.titles)


def nothing_yet() -> ChangePage:
    """The page while there is no earlier round."""
    return ChangePage(gettext("What has changed"), "", [], [], [], "")


def _summary(rose: int, fell: int) -> str:
    risen = ngettext("%(n)s item rose", "%(n)s items rose", rose) % {"n": rose}
    fallen = ngettext("%(n)s item fell", "%(n)s items fell", fell) % {"n": fell}
    return gettext("%(risen)s, %(fallen)s.") % {"risen": risen, "fallen": fallen}


def _moved(before: Picture, now: Picture, subject: Subject) -> tuple[list[Question], list[Question]]:
    """Questions whose standing rose and fell; one that was unknown then has only become known."""
    rose, fell = [], []
    for q in now.questions.get(subject.code, ()):
        was, is_now = before.standing(subject.code, q.capability), now.standing(subject.code, q.capability)
        if "unknown" in (was.state.value, is_now.state.value) or not now.applies(subject.code, q):
            continue
        if is_now.state.goodness > was.state.goodness:
            rose.append(q)
        elif is_now.state.goodness < was.state.goodness:
            fell.append(q)
    return rose, fell


def _line(before: Picture, now: Picture, subject: Subject, question: Question) -> Moved:
    return Moved(
        text=f"{pick(subject.names)}: {formats.code_text(question.code)} {pick(question.titles)}",
        was=words.state_word(before.standing(subject.code, question.capability).state.value),
        now=words.state_word(now.standing(subject.code, question.capability).state.value),
        href=why_url(now.city.pk, subject.code, question.capability),
    )


def _pair(before: Picture, now: Picture, subject: Subject, domain: str, title: str) -> Pair:
    was, is_now = domain_cell(before, subject, domain), domain_cell(now, subject, domain)
    if was.digit is None or is_now.digit is None or was.digit == is_now.digit:
        trend, word = "flat", gettext("unchanged") if was.digit == is_now.digit else gettext("not comparable")
    else:
        trend, word = ("up", gettext("better")) if is_now.digit > was.digit else ("down", gettext("worse"))
    return Pair(title, was, is_now, trend, word)
