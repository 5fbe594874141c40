"""Lists that leave the system as a file: who may take one, and the one function that hands it out and writes it down."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import IO, Any, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from beiji.records import audit
from beiji.ui import formats
from beiji.ui.languages import language_of, pick
from beiji.ui.listing import FILE_KINDS, Column, Facet, Listing, Value, Wish, framed, listing, rows_of_page, wish_of
from beiji.ui.print import sheet

from . import access, changes
from .models import City, Person
from .pages import exports as pages
from .people import name_of
from .releases import Export
from .requests import CityRequest
from .writing import change

Row = TypeVar("Row")
#: Pages that hand out a file and are no list.
FILES = ("reports:file",)
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def may_take_lists(person: Person) -> bool:
    """Whether lists are offered as files: the city's own take them at once, guests what the city has approved, nobody from abroad."""
    return access.may_take_files(person)


def leave(request: CityRequest, what: str) -> Export | HttpResponse:
    """The number under which the file of this address leaves; for a guest without approval the page on which he asks for it.

    Raises PermissionDenied for whoever takes nothing out.
    """
    if not may_take_lists(request.person):
        raise PermissionDenied
    address = request.get_full_path()
    export = changes.take_file(person=request.person, address=address, what=what, now=request.now)
    if export is not None:
        return export
    asking = reverse("programme:export-new", kwargs={"city": request.city.pk})
    return HttpResponseRedirect(f"{asking}?{urlencode({'address': address})}")


def asked_for(city: City, address: str) -> tuple[str, str]:
    """Address and kind of a file that somebody asks for. Raises ProgrammeError where it is no file of the city."""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        match = None
    is_list = parse_qs(parts.query).get("file", [""])[0] in FILE_KINDS
    is_file = match is not None and (is_list or match.view_name in FILES) and match.kwargs.get("city") == city.pk
    if match is None or not is_file or parts.netloc:
        raise changes.ProgrammeError(_("This is no file of the city; press XLSX, CSV or PDF on its page once more."))
    return address, f"{'list' if is_list else 'file'}:{match.view_name}"


def stamp_of(request: CityRequest, export: Export) -> str:
    """What stands on every page of a file that leaves."""
    number = pages.number_words(request.city.abbreviation, export)
    return pages.stamp_words(number, name_of(request.person), request.now)


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
    taken = leave(request, f"list:{name}")
    if isinstance(taken, HttpResponse):
        return taken
    kind, stamp = request.GET["file"], stamp_of(request, taken)
    heads = [column.label for column in columns]
    rows = [[column.value(row) for column in columns] for row in listing.every]
    note_taken(
        city=request.city, by=request.person.pk, now=request.now, name=name, kind=kind, rows=len(rows),
        filters=request.GET.urlencode(), number=taken.number,
    )  # fmt: skip
    if kind == "csv":
        content = sheet.as_csv(heads, rows, stamp if access.is_guest(request.person) else "")
    else:
        about = _about(request, title, listing, taken)
        content = sheet.as_xlsx(title, heads, rows, about, language_of().direction == "rtl", stamp)
    answer = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    file_name = f"beiji-{request.city.pk}-{name}-{request.today.isoformat()}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer


def taker_or_403(person: Person) -> None:
    """Raise PermissionDenied for whoever may not take an archive, before anything is made: guests take lists and reports only."""
    if access.is_guest(person) or not may_take_lists(person):
        raise PermissionDenied


def archive_leaves(request: CityRequest, name: str) -> Export:
    """The number under which an archive leaves that is made up to its table of contents. Raises PermissionDenied like `taker_or_403`."""
    taken = None if access.is_guest(request.person) else leave(request, f"archive:{name}")
    if not isinstance(taken, Export):
        raise PermissionDenied
    return taken


def workbook(
    request: CityRequest, taken: Export, title: str, heads: Sequence[str], rows: Sequence[Sequence[Value]],
    about: Sequence[tuple[str, str]],
) -> bytes:  # fmt: skip
    """A table in the reader's direction of writing, for an archive that leaves under the number of `taken`."""
    lines = [*about, _number_line(request, taken)]
    return sheet.as_xlsx(title, heads, rows, lines, language_of().direction == "rtl", stamp_of(request, taken))


def archive_as_file(
    request: CityRequest, taken: Export, name: str, file_name: str, handle: IO[bytes], *, of: Model, files: int
) -> FileResponse:
    """An archive of kept files, streamed from disk and written down like a list. `name`: what it is called in audit lines;
    `of`: what it was made from; `files`: how many it holds."""
    note_taken(
        city=request.city, by=request.person.pk, now=request.now, name=name, kind="zip", rows=files,
        filters=f"{audit.thing(of)} {request.GET.urlencode()}".strip(), number=taken.number,
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
def note_taken(
    *, city: City, by: UUID, now: datetime, name: str, kind: str, rows: int, filters: str, number: int
) -> None:
    """Write down that somebody took a list: which, as what, how many rows, by which filters, under which number."""
    audit.write(
        "programme.list-taken", city=city.pk, by=by, of=f"list:{name}", now=now, kind_of_file=kind, rows=rows,
        filters=filters[:500], number=number,
    )  # fmt: skip


def _number_line(request: CityRequest, taken: Export) -> tuple[str, str]:
    return _("Number"), pages.number_words(request.city.abbreviation, taken)


def _about(request: CityRequest, title: str, listing: Listing[Any], taken: Export) -> list[tuple[str, str]]:
    """What the file's second sheet says of it."""
    lines = [
        (_("List"), title),
        (_("City"), pick(request.city.names)),
        (_("Taken by"), name_of(request.person)),
        (_("Taken at"), formats.datetime_text(request.now)),
        _number_line(request, taken),
        (_("Rows"), f"{listing.total} / {listing.of}"),
    ]
    if listing.chips:
        lines.append((_("Filters"), " · ".join(word for word, _address in listing.chips)))
    if request.city.illustrative:
        lines.append((_("Note"), _("Illustrative data: no real hospital is described.")))
    return lines
