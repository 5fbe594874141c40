"""The self-check in words: a line for each remark, with the way to what it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from beiji.programme.models import Subject
from beiji.ui import formats
from beiji.ui.languages import pick
from beiji.ui.listing import Column, Facet

from ..checking import remarks_of
from ..queries import Picture
from ..rules.selfcheck import Code, Group, Remark
from .cells import hospital_url, why_url
from .wording import amount, condition_word


@dataclass(frozen=True)
class Line:
    """One remark in words; `order` is its place among all."""

    remark: Remark
    hospital: str
    place: int
    order: int
    title: str
    kind: str
    sentence: str
    href: str


def lines_of(pictures: Sequence[Picture]) -> list[Line]:
    """All remarks of some pictures, by kind, then as the pictures have them."""
    found = [(picture, remark) for picture in pictures for remark in remarks_of(picture)]
    groups = list(Group)
    found.sort(key=lambda pair: groups.index(pair[1].group))
    return [_line(picture, remark, order) for order, (picture, remark) in enumerate(found)]


def _line(picture: Picture, remark: Remark, order: int) -> Line:
    subject: Subject = next(s for s in picture.subjects if s.code == remark.hospital)
    question = next((q for q in picture.questions[remark.hospital] if q.code == remark.indicator), None)
    city = picture.city.pk
    return Line(
        remark=remark,
        hospital=pick(subject.names),
        place=subject.order,
        order=order,
        title=pick(question.titles) if question else gettext("The whole self-rating"),
        kind=group_word(remark.group),
        sentence=SENTENCES[remark.code](remark),
        href=why_url(city, remark.hospital, remark.capability) if question else hospital_url(city, remark.hospital),
    )


def group_word(group: Group) -> str:
    """The kind of a remark."""
    return {
        Group.MISSING: gettext("Missing"),
        Group.CONTRADICTORY: gettext("Contradictory"),
        Group.UNPROVEN: gettext("Not proven"),
        Group.EXPIRING: gettext("Expiring"),
        Group.IMPROBABLE: gettext("Improbable"),
    }[group]


def _conditions(remark: Remark) -> str:
    silent = gettext(", ").join(condition_word(condition) for condition in remark.conditions)
    return gettext("Nothing is known %(when)s, though it must be proven then too.") % {"when": silent}


def _expires(remark: Remark) -> str:
    return gettext("Its proof expires on %(day)s.") % {"day": formats.date_text(remark.day) if remark.day else ""}


def _night(remark: Remark) -> str:
    night, day = (amount(value, remark.unit) for value in remark.values)
    return gettext("At night %(night)s, by day %(day)s: more than a quarter better at night.") % {
        "night": night,
        "day": day,
    }


def _later(remark: Remark) -> str:
    one, other = (amount(value, remark.unit) for value in remark.values)
    early, late = remark.minutes
    return gettext("At %(early)s min %(one)s, at %(late)s min %(other)s: worse, although more people have come.") % {
        "early": early, "late": late, "one": one, "other": other,
    }  # fmt: skip


def _too_good(remark: Remark) -> str:
    value, target = (amount(number, remark.unit) for number in remark.values)
    return gettext("%(value)s against a target of %(target)s: more than five times better.") % {
        "value": value,
        "target": target,
    }


def _alike(remark: Remark) -> str:
    return ngettext(
        "%(count)s of %(of)s level of the last self-rating is the same.",
        "%(count)s of %(of)s levels of the last self-rating are the same.",
        remark.of,
    ) % {"count": remark.count, "of": remark.of}


SENTENCES: Mapping[Code, Callable[[Remark], str]] = {
    Code.NOBODY_SAID: lambda r: gettext("Nobody has said anything about it yet."),
    Code.LEFT_OUT: lambda r: gettext("A locked assessment covered it and left no answer."),
    Code.CONDITION_MISSING: _conditions,
    Code.WORD_IS_BETTER: lambda r: gettext("What was claimed is better than what was found."),
    Code.WORD_IS_WORSE: lambda r: gettext("What was claimed is worse than what stands."),
    Code.FELL_AFTER_PROOF: lambda r: gettext("It was measured as met, and later it was found missing."),
    Code.SET_ASIDE: lambda r: gettext("It was declared not applicable, though it was found missing."),
    Code.ONLY_WORD: lambda r: gettext("It rests on a claim alone; nobody from outside has looked."),
    Code.NEVER_MEASURED: lambda r: gettext("It was looked at and never measured."),
    Code.EXPIRES_SOON: _expires,
    Code.EXPIRED: lambda r: gettext("Its proof has expired."),
    Code.NIGHT_IS_BETTER: _night,
    Code.FEWER_LATER: _later,
    Code.TOO_GOOD: _too_good,
    Code.ALL_ALIKE: _alike,
}


def columns() -> list[Column[Line]]:
    """The columns on the screen and in a file, in one order."""
    return [
        Column("hospital", gettext("Subject"), lambda i: i.hospital, lambda i: (i.place, i.order)),
        Column("item", gettext("Item"), lambda i: f"{i.remark.indicator} {i.title}".strip(), lambda i: i.title),
        Column("kind", gettext("Kind"), lambda i: i.kind, lambda i: i.order),
        Column("remark", gettext("What stands out"), lambda i: i.sentence, sorts=False),
    ]


def facets(lines: Sequence[Line]) -> list[Facet[Line]]:
    """The filters: kind, must-pass, subject."""
    subjects = {line.remark.hospital: line.hospital for line in sorted(lines, key=lambda line: line.place)}
    kinds = [(group.value, group_word(group)) for group in Group]
    chosen: list[Facet[Line]] = [
        Facet("kind", gettext("Kind"), gettext("All kinds"), kinds, lambda i: (i.remark.group.value,)),
        Facet(
            "show", gettext("Show"), gettext("All items"), [("must", gettext("must-pass"))],
            lambda i: ("must",) if i.remark.must_pass else (),
        ),
        Facet("subject", gettext("Subject"), gettext("All subjects"), list(subjects.items()), lambda i: (i.remark.hospital,)),
    ]  # fmt: skip
    return chosen if len(subjects) > 1 else chosen[:2]


def counts(lines: Sequence[Line], path: str) -> list[tuple[str, str, str]]:
    """Kind, number and the address of its list, for each of the five."""
    found = Counter(line.remark.group for line in lines)
    return [(group_word(group), formats.number_text(found[group]), f"{path}?kind={group.value}") for group in Group]


def count_words(total: int, of: int) -> str:
    """How many remarks are shown, of how many."""
    if total == of:
        return ngettext("%(n)s remark", "%(n)s remarks", total) % {"n": formats.number_text(total)}
    return ngettext("%(n)s of %(all)s remark", "%(n)s of %(all)s remarks", of) % {
        "n": formats.number_text(total),
        "all": formats.number_text(of),
    }


def crumbs(city: str) -> list[tuple[str, str]]:
    """The way back to the map."""
    return [(reverse("readiness:map", kwargs={"city": city}), gettext("Readiness"))]
