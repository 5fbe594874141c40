"""Lists of clauses: their table, the folder of each clause, what is tied to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.programme import exports
from beiji.programme.access import days_of
from beiji.programme.posting import done, edited, form_page, handed, pressed, sent, submitted
from beiji.programme.requests import CityRequest
from beiji.records import live
from beiji.ui.listing import wish_of

from .. import access, binders, changes, imports, queries
from ..bundle import packed, with_contents
from ..forms import ClauseTableForm, ListForm
from ..models import ClauseList
from ..pages import bundle as bundle_pages
from ..pages import clauses as pages
from ..pages import files as file_pages
from ..pages import tables
from ..planning import plan_import
from ..shown import shown_bundle, shown_folder, shown_list
from ..validity import domains_of, questions_of


@require_GET
def lists(request: CityRequest, city: str) -> HttpResponse:
    """The lists of clauses that the person keeps."""
    rows = access.lists_or_404(request.person)
    context = {
        "lines": pages.list_lines(rows, binders.clause_counts(rows)),
        "new": pages.new_links(city, access.subjects_kept(request.person, request.today)),
    }
    return render(request, "folders/lists.html", context)


@require_http_methods(["GET", "POST"])
def new(request: CityRequest, city: str, subject: str) -> HttpResponse:
    """Begin a list."""
    hospital = access.list_subject_or_404(request.person, subject)
    form = ListForm(sent(request), days=days_of(request.city))

    def change() -> HttpResponse:
        row = changes.add_list(subject=hospital, by=request.person, now=request.now, **form.said())
        return done(request, _("Now bring the clauses in by a table."), "folders:list-table", clauses=row.pk)

    context = {"form": form, "back": reverse("folders:lists", kwargs={"city": city}), "row": None}
    return submitted(request, form, change) or form_page(request, "folders/list_form.html", context, form)


@require_GET
def clause_list(request: CityRequest, city: str, clauses: UUID) -> HttpResponse:
    """The clauses with what the folder of each holds and lacks."""
    row = access.list_or_404(request.person, clauses)
    shown = shown_list(request.person, row, request.now)
    lines, columns = shown.lines, pages.clause_columns()
    listed = exports.listed(request, lines, columns, pages.clause_facets(lines))
    if exports.is_wanted(request):
        return exports.list_as_file(request, "clauses", row.title, columns, listed)
    context = {
        "row": row,
        "list": listed,
        "count": pages.count_words(listed.total, listed.of),
        "sub": shown.day_words,
        "lacks": pages.lack_counts(lines),
        "bundles": pages.edition_bundles(row, lines),
    }
    return render(request, "folders/list.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: CityRequest, city: str, clauses: UUID) -> HttpResponse:
    """Correct the title of a list, or say when the inspection is."""
    row = access.list_or_404(request.person, clauses)

    def form_of(row: ClauseList, data: Any) -> ListForm:
        said = {name: getattr(row, name) for name in ("title", "language", "inspection", "version")}
        return ListForm(data, initial=said, days=days_of(request.city))

    def change(form: ListForm, seen: int) -> HttpResponse:
        changes.change_list(clauses=row, by=request.person, now=request.now, seen=seen, **form.said())
        return done(request, _("Changes kept."), "folders:list", clauses=row.pk)

    back = pages.list_url(row)
    answer, form = edited(request, row, form_of, change, kind="folders.list-changed", cancel=back)
    context = {"form": form, "back": back, "row": row}
    return answer or form_page(request, "folders/list_form.html", context, form)


@require_POST
def end(request: CityRequest, city: str, clauses: UUID) -> HttpResponse:
    """Put a list away."""
    row = access.list_or_404(request.person, clauses)

    def change() -> str:
        changes.end_list(clauses=row, by=request.person, now=request.now)
        return _("“{title}” is put away; its files stay in the library.").format(title=row.title)

    return pressed(request, change, "folders:lists")


@require_http_methods(["GET", "POST"])
def table(request: CityRequest, city: str, clauses: UUID) -> HttpResponse:
    """Choose a table; every cell that is to be mended is named, a good table is shown before anything changes."""
    row = access.list_or_404(request.person, clauses)
    form = ClauseTableForm(sent(request), request.FILES or None)
    reading = imports.read_clauses(form.cleaned_data["table"].read()) if form.is_valid() else None
    checked = tables.checked(reading) if reading and reading.faults else None

    def change() -> HttpResponse:
        rows = reading.rows if reading else []
        draft = changes.keep_table(clauses=row, rows=rows, by=request.person, now=request.now)
        return redirect("folders:list-draft", city=city, clauses=row.pk, draft=draft.pk)

    answer = None if checked else submitted(request, form, change)
    context = {"form": form, "row": row, "back": pages.list_url(row), "checked": checked}
    return answer or form_page(request, "folders/table.html", context, form)


@require_GET
def template(request: CityRequest, city: str) -> HttpResponse:
    """An empty table: heads, and what may stand below them. It holds nobody's clauses."""
    access.lists_or_404(request.person)
    return exports.empty_table(_("Clauses"), tables.template_heads(), tables.template_notes())


@require_http_methods(["GET", "POST"])
def draft(request: CityRequest, city: str, clauses: UUID, draft: UUID) -> HttpResponse:
    """What a table would do to the list; a yes makes it so."""
    row = access.list_or_404(request.person, clauses)
    waiting = access.draft_or_404(request.person, row, draft)

    def change() -> str:
        counts = changes.bring_clauses(draft=waiting, by=request.person, now=request.now)
        return tables.brought_words(*counts)

    if request.method == "POST":
        return pressed(request, change, pages.list_url(row))
    plan = plan_import([(e, n, b) for e, n, b in waiting.rows], binders.clauses_there(row))
    context = {"row": row, "page": tables.plan_page(plan), "back": pages.list_url(row, "list-table")}
    return render(request, "folders/draft.html", context)


@require_GET
def clause(request: CityRequest, city: str, clauses: UUID, clause: UUID) -> HttpResponse:
    """The folder of one clause."""
    row = access.clause_or_404(request.person, clauses, clause)
    wish = wish_of(request.GET.dict(), (), ())
    page, day_words = shown_folder(request.person, row, request.now, wish)
    context = {"page": page, "sub": day_words, "clause": row, "row": row.clauses, "back": pages.list_url(row.clauses)}
    return render(request, "folders/clause.html", context)


@require_http_methods(["GET", "POST"])
def items(request: CityRequest, city: str, clauses: UUID, clause: UUID) -> HttpResponse:
    """Tick the items that a clause is about; items that a search does not show stay as they are."""
    row = access.clause_or_404(request.person, clauses, clause)
    back = pages.clause_url(row)

    def change() -> str:
        ticked, shown = request.POST.getlist("item"), request.POST.getlist("shown")
        counts = changes.tie_clause(clause=row, on=ticked, off=shown, by=request.person, now=request.now)
        return file_pages.tied_words(*counts)

    if request.method == "POST":
        return pressed(request, change, back)
    hospital = row.clauses.subject
    questions = questions_of(hospital, request.today, request.now)
    search = request.GET.get("q", "")
    names = dict(domains_of(hospital, request.today, request.now))
    wanted = queries.items_fitting(questions, search)
    groups = file_pages.tick_groups(questions, names, wanted, binders.items_tied(row))
    context = {"title": pages.name_of(row), "row": row, "groups": groups, "search": search, "back": back}
    return render(request, "folders/clause_items.html", context)


@require_http_methods(["GET", "POST"])
def files(request: CityRequest, city: str, clauses: UUID, clause: UUID) -> HttpResponse:
    """Put files of the library into a clause's folder that do not come by its items."""
    row = access.clause_or_404(request.person, clauses, clause)
    back = pages.clause_url(row)

    def change() -> str:
        on, off = live.uuids(request.POST.getlist("file")), live.uuids(request.POST.getlist("shown"))
        return pages.put_words(*changes.put_files(clause=row, on=on, off=off, by=request.person, now=request.now))

    if request.method == "POST":
        return pressed(request, change, back)
    hospital, search = row.clauses.subject, request.GET.get("q", "")
    questions = questions_of(hospital, request.today, request.now)
    put = binders.files_put(row)
    offered = queries.to_put(access.files_of(request.person, hospital), put, search, questions)
    lines = pages.file_ticks(offered.files, queries.around(offered.files), put, request.today)
    context = {
        "title": pages.name_of(row), "row": row, "ticks": lines, "cut": offered.cut, "search": search, "back": back,
    }  # fmt: skip
    return render(request, "folders/clause_files.html", context)


@require_GET
def bundle(request: CityRequest, city: str, clauses: UUID) -> HttpResponseBase:
    """Everything for the inspection in one archive: the table of contents, and the files in a folder for each clause."""
    row = access.list_or_404(request.person, clauses)
    exports.taker_or_403(request.person)

    def change() -> HttpResponseBase:
        made = shown_bundle(request.person, row, request.now, request.GET.get("edition", ""))
        handle = packed(made.entries)
        taken = exports.archive_leaves(request, "bundle")
        index = exports.workbook(request, taken, row.title, made.heads, made.rows, made.about)
        handle = with_contents(handle, bundle_pages.index_name(), index)
        name = bundle_pages.bundle_name(row, request.today)
        return exports.archive_as_file(request, taken, "bundle", name, handle, of=row, files=len(made.entries))

    return handed(request, change, "folders:list", clauses=row.pk)
