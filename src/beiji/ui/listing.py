"""A list that people search, filter, sort and take away: the address says what is shown, and screen and file hold the same rows.

A page names its columns and filters once. Everything is worked out in memory, which carries the tens of thousands of
rows that a city's lists can have; a list whose rows are dear to read has the database choose them and takes only the frame (`framed`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Row = TypeVar("Row")
#: What a cell of a file holds: a number stays a number and a day a day.
Value = str | int | float | date | None
PAGE_SIZE = 50
FILE_KINDS = ("xlsx", "csv")
#: A search of more signs than any title has is no search (assumption).
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column: `value` is what a file holds; `order` what rows are sorted by, where that differs; `sorts` whether they are.

    `is_on_page`: False where a file alone has it.
    """

    key: str
    label: str
    value: Callable[[Row], Value]
    order: Callable[[Row], object] | None = None
    sorts: bool = True
    is_on_page: bool = True


@dataclass(frozen=True)
class Facet(Generic[Row]):
    """A filter: a choice of `options` (code, word), of which `codes` says those that a row answers to."""

    name: str
    label: str
    every: str
    options: Sequence[tuple[str, str]]
    codes: Callable[[Row], tuple[str, ...]]


@dataclass(frozen=True)
class Wish:
    """What the address of a list asks for. Whatever it asks that the list does not offer is taken as not asked."""

    search: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False
    page: str = "1"
    keep: Mapping[str, str] = field(default_factory=dict)

    def address(self, **changed: str) -> str:
        """The query string that asks for the same with something changed; a changed choice begins at the first page."""
        values = {**self.keep, "q": self.search, **self.chosen, "sort": ("-" if self.descending else "") + self.sort}
        wanted = {name: value for name, value in {**values, **changed}.items() if value}
        return "?" + urlencode(wanted)


@dataclass(frozen=True)
class Option:
    value: str
    word: str
    chosen: bool


@dataclass(frozen=True)
class Select:
    """A filter as a field; its first choice is everything."""

    name: str
    label: str
    every: str
    options: Sequence[Option]


@dataclass(frozen=True)
class Head:
    """A column's head; `href` sorts by it, `sorted` says how it is sorted now."""

    key: str
    label: str
    href: str
    sorted: str


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """A list as a page shows it: `rows` of this page of `total`, and everything around them."""

    rows: Sequence[Row]
    every: Sequence[Row]
    total: int
    of: int
    search: str
    selects: Sequence[Select]
    chips: Sequence[tuple[str, str]]
    clear: str
    heads: Sequence[Head]
    kept: Sequence[tuple[str, str]]
    previous: str
    next: str
    here: str
    files: Sequence[tuple[str, str]]

    @property
    def count(self) -> str:
        """How many lines fit, of how many."""
        if self.total == self.of:
            return ngettext("%(n)s entry", "%(n)s entries", self.total) % {"n": self.total}
        return ngettext("%(n)s of %(all)s entry", "%(n)s of %(all)s entries", self.of) % {
            "n": self.total,
            "all": self.of,
        }


def wish_of(
    query: Mapping[str, str], columns: Sequence[Column[Row]], facets: Sequence[Facet[Row]], keep: Sequence[str] = ()
) -> Wish:
    """Read an address. `keep`: names of the page's own that go along, a day for example."""
    sort = query.get("sort", "")
    key = sort.removeprefix("-")
    is_known = any(c.key == key and c.sorts for c in columns)
    return Wish(
        search=" ".join(query.get("q", "").split())[:LONGEST_SEARCH],
        chosen={f.name: query[f.name] for f in facets if query.get(f.name) in {code for code, _word in f.options}},
        sort=key if is_known else "",
        descending=is_known and sort.startswith("-"),
        page=query.get("page", "1"),
        keep={name: query[name] for name in keep if query.get(name)},
    )


def page_number(wanted: str, total: int, size: int) -> int:
    """The page that an address asks for, held within what there is."""
    last = max(1, -(-total // size))
    return min(max(1, int(wanted)), last) if wanted.isascii() and wanted.isdigit() and len(wanted) < 7 else 1


def search_word(search: str) -> str:
    """A search as a chip shows it."""
    return f"“{search}”"


def folded(text: str) -> str:
    """A text as a search compares it: full-width and accented signs and capitals make no difference."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def listing(
    rows: Sequence[Row], columns: Sequence[Column[Row]], facets: Sequence[Facet[Row]], wish: Wish, *, may_take: bool
) -> Listing[Row]:
    """The rows that fit, in the order wished for. Each word of the search must stand somewhere in a row's cells.

    `may_take`: whether the list is offered as a file (`programme.exports.may_take_lists`).
    """
    fitting = [row for row in rows if all(code in f.codes(row) for f in facets if (code := wish.chosen.get(f.name)))]
    words = folded(wish.search).split()
    if words:
        fitting = [row for row in fitting if is_said(words, row, columns)]
    fitting = _sorted(fitting, columns, wish)
    shown = fitting[rows_of_page(wish, len(fitting))]
    return framed(shown, fitting, len(fitting), len(rows), columns, facets, wish, may_take=may_take)


def rows_of_page(wish: Wish, total: int) -> slice:
    """Which of so many rows stand on the page that is wished for."""
    first = (page_number(wish.page, total, PAGE_SIZE) - 1) * PAGE_SIZE
    return slice(first, first + PAGE_SIZE)


def framed(
    rows: Sequence[Row], every: Sequence[Row], total: int, of: int, columns: Sequence[Column[Row]],
    facets: Sequence[Facet[Row]], wish: Wish, *, may_take: bool,
) -> Listing[Row]:  # fmt: skip
    """A page's rows with everything around them. `every`: all rows that fit, in order, needed for a file only."""
    last = max(1, -(-total // PAGE_SIZE))
    page = page_number(wish.page, total, PAGE_SIZE)
    return Listing(
        rows=rows,
        every=every,
        total=total,
        of=of,
        search=wish.search,
        selects=[_select(f, wish) for f in facets],
        chips=_chips(facets, wish),
        clear=Wish(keep=wish.keep).address(),
        heads=[_head(c, wish) for c in columns if c.is_on_page],
        kept=[*wish.keep.items(), *([("sort", ("-" if wish.descending else "") + wish.sort)] if wish.sort else [])],
        previous=wish.address(page=str(page - 1)) if page > 1 else "",
        next=wish.address(page=str(page + 1)) if page < last else "",
        here=here_of((page - 1) * PAGE_SIZE, total) if last > 1 else "",
        files=[(wish.address(file=kind), kind.upper()) for kind in FILE_KINDS] if may_take else [],
    )


def is_said(words: Sequence[str], row: Row, columns: Sequence[Column[Row]]) -> bool:
    """Does each word of a folded search stand somewhere in the row's cells?"""
    text = folded(" ".join(str(column.value(row) or "") for column in columns))
    return all(word in text for word in words)


def here_of(first: int, total: int) -> str:
    """Which rows of how many a page shows that begins after `first` rows."""
    last = min(first + PAGE_SIZE, total)
    return _("{first} to {last} of {total}").format(first=first + 1, last=last, total=total)


def _sorted(rows: list[Row], columns: Sequence[Column[Row]], wish: Wish) -> list[Row]:
    """Sorted by one column, rows without a value last whichever way; else as they came."""
    column = next((c for c in columns if c.key == wish.sort), None)
    if column is None:
        return rows
    order: Callable[[Row], object] = column.order or column.value
    told = [row for row in rows if order(row) not in (None, "")]
    silent = [row for row in rows if order(row) in (None, "")]
    return sorted(told, key=order, reverse=wish.descending) + silent  # type: ignore[arg-type]


def _select(facet: Facet[Row], wish: Wish) -> Select:
    chosen = wish.chosen.get(facet.name, "")
    return Select(
        facet.name, facet.label, facet.every, [Option(code, word, code == chosen) for code, word in facet.options]
    )


def _chips(facets: Sequence[Facet[Row]], wish: Wish) -> list[tuple[str, str]]:
    words = {f.name: dict(f.options) for f in facets}
    chips = [(words[name][code], wish.address(**{name: ""})) for name, code in wish.chosen.items()]
    return [(search_word(wish.search), wish.address(q="")), *chips] if wish.search else chips


def _head(column: Column[Row], wish: Wish) -> Head:
    is_on = wish.sort == column.key
    sign = "-" if is_on and not wish.descending else ""
    href = wish.address(sort=sign + column.key) if column.sorts else ""
    return Head(column.key, column.label, href, ("descending" if wish.descending else "ascending") if is_on else "")
