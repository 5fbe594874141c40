"""A hospital's library: its list, a file, what it shows, who has looked at it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.programme import exports
from beiji.programme.access import days_of
from beiji.programme.posting import done, edited, form_page, pressed, sent, submitted
from beiji.programme.queries import institutions
from beiji.programme.requests import CityRequest
from beiji.records.serving import file_response
from beiji.ui.languages import pick
from beiji.ui.listing import Wish

from .. import access, changes, queries
from ..forms import FileForm, MarkForm
from ..models import LibraryFile
from ..pages import files as pages
from ..validity import domains_of, questions_of


@require_GET
def libraries(request: CityRequest, city: str) -> HttpResponse:
    """The libraries that the person may open; whoever has one only is led to it."""
    subjects = list(access.libraries_or_404(request.person, request.today))
    if len(subjects) == 1:
        return redirect("folders:library", city=city, subject=subjects[0].code)
    counts = queries.counts_of(access.files_seen(request.person), request.today)
    shelves = pages.shelves(city, subjects, counts)
    return render(
        request, "folders/libraries.html", {"shelves": shelves, "keeps_lists": access.keeps_lists(request.person)}
    )


@require_GET
def library(request: CityRequest, city: str, subject: str) -> HttpResponse:
    """The files of one hospital, searched by what they are called and by what they show."""
    hospital = access.library_or_404(request.person, subject)
    questions = questions_of(hospital, request.today, request.now)
    files, columns = access.files_of(request.person, hospital), pages.columns()

    def fitting(wish: Wish) -> Any:
        return queries.files_fitting(files, wish, questions, request.today)

    def lines(rows: Any) -> list[pages.Line]:
        some = queries.with_files(rows)
        return pages.lines(some, queries.around(some), request.today)

    facets = pages.facets(questions, domains_of(hospital, request.today, request.now))
    shown = exports.listed_by_database(request, files, fitting, lines, columns, facets)
    title = _("Evidence files of %(hospital)s") % {"hospital": pick(hospital.names)}
    if exports.is_wanted(request):
        return exports.list_as_file(request, "evidence-files", title, columns, shown)
    context = {
        "title": title,
        "subject": hospital,
        "list": shown,
        "count": pages.count_words(shown.total, shown.of),
        "may_keep": access.may_keep(request.person, hospital),
    }
    return render(request, "folders/library.html", context)


@require_GET
def elsewhere(request: CityRequest, city: str, subject: str) -> HttpResponse:
    """Files that came in with rows, visits and replies and may be taken into the library without sending them again."""
    hospital = access.kept_library_or_404(request.person, subject)
    held = pages.held_lines(city, hospital, access.held_elsewhere(request.person, hospital))
    return render(request, "folders/elsewhere.html", {"subject": hospital, "held": held})


@require_http_methods(["GET", "POST"])
def new(request: CityRequest, city: str, subject: str) -> HttpResponse:
    """Put a file into the library."""
    hospital = access.kept_library_or_404(request.person, subject)
    key = request.GET.get("take", "")
    held = access.held_file_or_404(request.person, hospital, key) if key else None
    start = {"day": held.day if held else request.today, "title": held.name.rpartition(".")[0] if held else ""}
    form = FileForm(
        sent(request), request.FILES or None, kept=held is not None, initial=start, days=days_of(request.city)
    )

    def change() -> HttpResponse:
        attachment = queries.attachment(held.attachment) if held else None
        row = changes.add_file(
            subject=hospital, attachment=attachment, items=_asked_items(request, hospital, held),
            by=request.person, now=request.now, **form.said(),
        )  # fmt: skip
        sentence = _("The file is in the library. Now tick the items that it shows something about.")
        return done(request, sentence, "folders:file-items", subject=subject, file=row.pk)

    context = {"form": form, "subject": hospital, "file": None, "held": held}
    return submitted(request, form, change) or form_page(request, "folders/file_form.html", context, form)


def _asked_items(request: CityRequest, hospital: Any, held: Any) -> list[str]:
    """Items that go along with the file: what it came in with, and the item from whose page somebody came."""
    asked = questions_of(hospital, request.today, request.now)
    wanted = [*(held.items if held else ()), request.GET.get("item", "")]
    return [code for code in dict.fromkeys(wanted) if code in asked]


@require_GET
def file(request: CityRequest, city: str, subject: str, file: UUID) -> HttpResponse:
    """One file: what it is, what it shows, until when it counts, who has looked at it."""
    row = access.file_or_404(request.person, subject, file)
    return _file_page(request, row, MarkForm(initial={"version": row.version}))


def _file_page(request: CityRequest, row: LibraryFile, form: MarkForm) -> HttpResponse:
    questions = questions_of(row.subject, request.today, request.now)
    offices = {office.code: office for office in institutions()}
    page = pages.file_page(row, queries.around([row], reasons=True), questions, offices, request.today)
    context = {
        "page": page,
        "file": row,
        "form": form,
        "may_keep": row.ended_at is None and access.may_keep(request.person, row.subject),
    }
    return form_page(request, "folders/file.html", context, form)


@require_GET
def content(request: CityRequest, city: str, subject: str, file: UUID) -> HttpResponse:
    """The file itself."""
    return file_response(access.file_or_404(request.person, subject, file).attachment)


@require_http_methods(["GET", "POST"])
def edit(request: CityRequest, city: str, subject: str, file: UUID) -> HttpResponse:
    """Correct what is said of a file."""
    row = access.kept_file_or_404(request.person, subject, file)

    def form_of(row: LibraryFile, data: Any) -> FileForm:
        return FileForm(data, kept=True, initial=queries.values_of(row), days=days_of(request.city))

    def change(form: FileForm, seen: int) -> HttpResponse:
        changes.change_file(file=row, by=request.person, now=request.now, seen=seen, **form.said())
        return done(request, _("Changes kept."), "folders:file", subject=subject, file=row.pk)

    answer, form = edited(request, row, form_of, change, kind="folders.file-changed", cancel=pages.file_url(row))
    context = {"form": form, "subject": row.subject, "file": row}
    return answer or form_page(request, "folders/file_form.html", context, form)


@require_http_methods(["GET", "POST"])
def items(request: CityRequest, city: str, subject: str, file: UUID) -> HttpResponse:
    """Tick the items that a file shows something about; items that a search does not show stay as they are."""
    row = access.kept_file_or_404(request.person, subject, file)
    back = reverse("folders:file", kwargs={"city": city, "subject": subject, "file": row.pk})

    def change() -> str:
        ticked, shown = request.POST.getlist("item"), request.POST.getlist("shown")
        on, off = changes.tie_items(file=row, on=ticked, off=shown, by=request.person, now=request.now)
        return pages.tied_words(on, off)

    if request.method == "POST":
        return pressed(request, change, back)
    questions = questions_of(row.subject, request.today, request.now)
    wanted = queries.items_fitting(questions, request.GET.get("q", ""))
    names = dict(domains_of(row.subject, request.today, request.now))
    groups = pages.tick_groups(questions, names, wanted, queries.around([row]).items[row.pk])
    context = {"title": row.title, "groups": groups, "search": request.GET.get("q", ""), "back": back, "file": row}
    return render(request, "folders/items.html", context)


@require_POST
def marks(request: CityRequest, city: str, subject: str, file: UUID) -> HttpResponse:
    """Put a mark on a file: read, checked, not accepted."""
    row = access.file_or_404(request.person, subject, file)
    said = request.POST.copy()
    form = MarkForm(said)

    def change() -> HttpResponse:
        mark = changes.mark_file(file=row, by=request.person, now=request.now, **form.cleaned_data)
        return done(request, pages.marked_word(mark.word), "folders:file", subject=subject, file=row.pk)

    answer = submitted(request, form, change)
    if answer is None:
        said["version"] = str(row.version)  # the page that comes back shows the file as it is now
    return answer or _file_page(request, row, form)


@require_POST
def end(request: CityRequest, city: str, subject: str, file: UUID) -> HttpResponse:
    """Take a file out of the library."""
    row = access.kept_file_or_404(request.person, subject, file)

    def change() -> str:
        changes.end_file(file=row, by=request.person, now=request.now)
        return _("“{title}” is taken out of the library.").format(title=row.title)

    return pressed(request, change, "folders:library", subject=subject)
