"""What pages read: the files of a library as a list asks for them, and who has looked at them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When

from beiji.documents.access import texts
from beiji.documents.models import UserText
from beiji.programme.models import Person
from beiji.programme.people import people_by_id
from beiji.readiness.methodology import Question
from beiji.records.models import Attachment
from beiji.ui.languages import pick
from beiji.ui.listing import Wish, folded

from .models import FileItem, LibraryFile, Mark
from .rules import SOON_DAYS, Age

#: Words of a search that are looked at.
MOST_WORDS = 8
#: Files from which one is picked on one page; who looks for another searches.
MOST_TO_PICK = 50
JUDGED = (Mark.Word.CHECKED, Mark.Word.REFUSED)
UNJUDGED = "none"


def items_said(questions: Mapping[str, Question], word: str) -> list[str]:
    """Items whose code or title holds a folded word."""
    return [code for code, q in questions.items() if word in folded(f"{code} {pick(q.titles)}")]


def items_fitting(questions: Mapping[str, Question], search: str) -> list[str]:
    """Items of which each word of a search is a part of the code or the title."""
    wanted = list(questions)
    for word in folded(search).split()[:MOST_WORDS]:
        said = set(items_said(questions, word))
        wanted = [code for code in wanted if code in said]
    return wanted


def with_files(files: Any) -> list[LibraryFile]:
    """Rows of a list with what their lines name."""
    return list(files.select_related("attachment", "subject"))


def with_verdict(files: Any) -> Any:
    """Files with the last judgement on them as they are now (`verdict`: checked, refused or null)."""
    judged = Mark.objects.filter(file=OuterRef("pk"), version=OuterRef("version"), word__in=JUDGED)
    return files.annotate(verdict=Subquery(judged.order_by("-at", "-id").values("word")[:1]))


def saying(files: Any, search: str, questions: Mapping[str, Question]) -> Any:
    """Those of which each word of a search is a part of the title, of the name of the file, or of an item that it shows."""
    for word in folded(search).split()[:MOST_WORDS]:
        shown = FileItem.objects.filter(
            file=OuterRef("pk"), ended_at__isnull=True, item__in=items_said(questions, word)
        )
        files = files.filter(Q(search_text__contains=word) | Exists(shown))
    return files


@dataclass(frozen=True)
class Offered:
    """The first files of those that fit a search. `cut`: how many they are, where there are more; else 0."""

    files: Sequence[LibraryFile]
    cut: int


def to_pick(files: Any, item: str, search: str, questions: Mapping[str, Question]) -> Offered:
    """The first files for an item: those tied to it, then the others by day."""
    tied = Exists(FileItem.objects.filter(file=OuterRef("pk"), ended_at__isnull=True, item=item))
    return _offered(saying(files, search, questions), tied)


def to_put(files: Any, put: Collection[UUID], search: str, questions: Mapping[str, Question]) -> Offered:
    """The first files to put into a folder by hand: those that lie there so already, then the others by day."""
    is_put = Case(When(pk__in=put, then=Value(1)), default=Value(0), output_field=IntegerField())
    return _offered(saying(files, search, questions), is_put)


def _offered(files: Any, first: Any) -> Offered:
    """`first`: what stands above the others."""
    rows = with_files(files.annotate(is_first=first).order_by("-is_first", "-day", "id")[: MOST_TO_PICK + 1])
    return Offered(rows[:MOST_TO_PICK], MOST_TO_PICK if len(rows) > MOST_TO_PICK else 0)


def files_fitting(files: Any, wish: Wish, questions: Mapping[str, Question], today: date) -> Any:
    """The files that a list is asked for, in the order asked for."""
    files = with_verdict(saying(files, wish.search, questions))
    for name, code in wish.chosen.items():
        files = _chosen(files, name, code, questions, today)
    order = {"title": "search_text", "kind": "kind", "day": "day", "until": "until", "verdict": "verdict"}.get(
        wish.sort
    )
    if order is None:
        return files.order_by("-day", "-added_at", "id")
    field = F(order)
    return files.order_by(field.desc(nulls_last=True) if wish.descending else field.asc(nulls_last=True), "-day", "id")


def _chosen(files: Any, name: str, code: str, questions: Mapping[str, Question], today: date) -> Any:
    if name == "kind":
        return files.filter(kind=code)
    if name == "age":
        return files.filter(_aged(code, today))
    if name == "verdict":
        return files.filter(verdict__isnull=True) if code == UNJUDGED else files.filter(verdict=code)
    ties = FileItem.objects.filter(file=OuterRef("pk"), ended_at__isnull=True)
    if code == UNJUDGED:
        return files.filter(~Exists(ties))
    inside = [item for item, q in questions.items() if q.domain == code]
    return files.filter(Exists(ties.filter(item__in=inside)))


def _aged(age: str, today: date) -> Q:
    """Files that stand so today: `rules.age_of` as the database asks it."""
    soon = today + timedelta(days=SOON_DAYS)
    return {
        Age.ENDED: Q(until__lte=today),
        Age.SOON: Q(until__gt=today, until__lte=soon),
        Age.CURRENT: Q(until__gt=soon),
        Age.ENDLESS: Q(until__isnull=True),
    }[Age(age)]


@dataclass(frozen=True)
class Around:
    """What stands around some files: their items, the marks on them (the newest first), the people named, and reasons."""

    items: Mapping[UUID, Sequence[str]]
    marks: Mapping[UUID, Sequence[Mark]]
    people: Mapping[UUID, Person]
    reasons: Mapping[UUID, UserText]


def around(files: Iterable[LibraryFile], *, reasons: bool = False) -> Around:
    """The same for all of them at once: three queries, and those for the words of reasons where they are wanted."""
    rows = list(files)
    keys = [file.pk for file in rows]
    items: dict[UUID, list[str]] = {key: [] for key in keys}
    for key, item in FileItem.objects.filter(file__in=keys, ended_at__isnull=True).values_list("file", "item"):
        items[key].append(item)
    marks: dict[UUID, list[Mark]] = {key: [] for key in keys}
    for mark in Mark.objects.filter(file__in=keys):
        marks[mark.file_id].append(mark)
    said = [mark for some in marks.values() for mark in some]
    people = people_by_id([*(file.added_by for file in rows), *(mark.by for mark in said)])
    wanted = [mark.reason_id for mark in said if mark.reason_id]
    return Around(items, marks, people, texts(wanted) if reasons and wanted else {})


def counts_of(files: Any, today: date) -> dict[int, dict[str, int]]:
    """Subject → how many files its library has, how many of them have ended, and how many end soon."""
    rows = (
        files.order_by()
        .values("subject")
        .annotate(
            files=Count("pk"),
            ended=Count("pk", filter=_aged(Age.ENDED, today)),
            soon=Count("pk", filter=_aged(Age.SOON, today)),
        )
    )
    return {row["subject"]: row for row in rows}


def attachment(key: UUID) -> Attachment:
    """A file as it came in, by id."""
    row: Attachment = Attachment.objects.get(pk=key)
    return row


def values_of(file: LibraryFile) -> dict[str, Any]:
    """What a form over a file shows."""
    names = ("title", "language", "kind", "day", "version")
    said = {name: getattr(file, name) for name in names}
    return said | {"until": file.given_until, "readers": "city" if file.personal else "all"}
