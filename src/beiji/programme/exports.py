"""Lists that leave the system as a file: who may take one, and the one function that hands it out and writes it down."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import IO, Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from beiji.records import audit
from beiji.ui import formats
from beiji.ui.languages import language_of, pick
from beiji.ui.listing import FILE_KINDS, Column, Facet, Listing, Value, Wish, framed, listing, rows_of_page, wish_of
from beiji.ui.print import sheet

from .models import City, Organisation, Person
from .people import name_of
from .requests import CityRequest
from .writing import change

Row = TypeVar("Row")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def may_take_lists(person: Person) -> bool:
    """The city's own people. For guests a list would need the city's approval, and nobody can give that here yet."""
    return person.organisation is not None and person.organisation.side == Organisation.Side.CITY


def is_wanted(request: CityRequest) -> bool:
    """Does the address ask for the list as a file?"""
    return request.GET.get("file") in FILE_KINDS


def listed(
    request: CityRequest, rows: Sequence[Row], columns: Sequence[Column[Row]], facets: Sequence[Facet[Row]],
    keep: Sequence[str] = (),
) -> Listing[Row]:  # fmt: skip
    """The rows as the address asks for them; offered as a file to whoever may take it."""
    wish = wish_of(request.GET.dict(), columns, facets, keep)
    return listing(rows, columns, facets, wish, may_take=may_take_lists(request.person))


def listed_by_database(
    request: CityRequest, whole: QuerySet[Any], fitting: Callable[[Wish], QuerySet[Any]],
    lines: Callable[[QuerySet[Any]], Sequence[Row]], columns: Sequence[Column[Row]], facets: Sequence[Facet[Row]],
) -> Listing[Row]:  # fmt: skip
    """The same where the database chooses: only the rows of one page are read and worded, and all that fit only for a file.

    `whole`: the whole list; `fitting`: what an address asks for of it, in order; `lines`: rows of it in words.
    """
    wish = wish_of(request.GET.dict(), columns, facets)
    rows = fitting(wish)
    total = rows.count()
    shown, every = ([], lines(rows)) if is_wanted(request) else (lines(rows[rows_of_page(wish, total)]), [])
    return framed(shown, every, total, whole.count(), columns, facets, wish, may_take=may_take_lists(request.person))


def list_as_file(
    request: CityRequest, name: str, title: str, columns: Sequence[Column[Any]], listing: Listing[Any]
) -> HttpResponse:
    """Every row that fits, as the file that the address asks for. Raises PermissionDenied for whoever may not take it.

    `name`: what the list is called in file names and audit lines, a slug.
    """
    if not may_take_lists(request.person):
        raise PermissionDenied
    kind = request.GET["file"]
    heads = [column.label for column in columns]
    rows = [[column.value(row) for column in columns] for row in listing.every]
    note_taken(
        city=request.city, by=request.person.pk, now=request.now, name=name, kind=kind, rows=len(rows),
        filters=request.GET.urlencode(),
    )  # fmt: skip
    if kind == "csv":
        content = sheet.as_csv(heads, rows)
    else:
        content = sheet.as_xlsx(title, heads, rows, _about(request, title, listing), language_of().direction == "rtl")
    answer = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    file_name = f"beiji-{request.city.pk}-{name}-{request.today.isoformat()}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer


def taker_or_403(person: Person) -> None:
    """Raise PermissionDenied for whoever may not take a list, before anything is made."""
    if not may_take_lists(person):
        raise PermissionDenied


def workbook(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[Value]], about: Sequence[tuple[str, str]]
) -> bytes:
    """A table in the reader's direction of writing, for an archive that is handed out."""
    return sheet.as_xlsx(title, heads, rows, about, language_of().direction == "rtl")


def archive_as_file(
    request: CityRequest, name: str, file_name: str, handle: IO[bytes], *, of: Model, files: int
) -> FileResponse:
    """An archive of kept files, streamed from disk and written down like a list. `name`: what it is called in audit lines;
    `of`: what it was made from; `files`: how many it holds. Raises PermissionDenied for whoever may not take it."""
    taker_or_403(request.person)
    note_taken(
        city=request.city, by=request.person.pk, now=request.now, name=name, kind="zip", rows=files,
        filters=f"{audit.thing(of)} {request.GET.urlencode()}".strip(),
    )  # fmt: skip
    answer = FileResponse(handle, as_attachment=True, filename=file_name, content_type=CONTENT_TYPES["zip"])
    weakref.finalize(answer, handle.close)  # also where nobody reads it to its end
    return answer


def empty_table(title: str, heads: Sequence[str], notes: Sequence[tuple[str, str]]) -> HttpResponse:
    """A workbook to be filled in: heads, and on a second sheet what may stand below them. It holds nothing of the city's people."""
    content = sheet.as_xlsx(title, heads, [], notes, language_of().direction == "rtl")
    response = HttpResponse(content, content_type=CONTENT_TYPES["xlsx"])
    response["Content-Disposition"] = content_disposition_header(True, f"{title}.xlsx") or ""
    return response


@change
def note_taken(*, city: City, by: UUID, now: datetime, name: str, kind: str, rows: int, filters: str) -> None:
    """Write down that somebody took a list: which, as what, how many rows, by which filters."""
    audit.write(
        "programme.list-taken", city=city.pk, by=by, of=f"list:{name}", now=now, kind_of_file=kind, rows=rows,
        filters=filters[:500],
    )  # fmt: skip


def _about(request: CityRequest, title: str, listing: Listing[Any]) -> list[tuple[str, str]]:
    """What the file's second sheet says of it."""
    lines = [
        (_("List"), title),
        (_("City"), pick(request.city.names)),
        (_("Taken by"), name_of(request.person)),
        (_("Taken at"), formats.datetime_text(request.now)),
        (_("Rows"), f"{listing.total} / {listing.of}"),
    ]
    if listing.chips:
        lines.append((_("Filters"), " · ".join(word for word, _address in listing.chips)))
    if request.city.illustrative:
        lines.append((_("Note"), _("Illustrative data: no real hospital is described.")))
    return lines
