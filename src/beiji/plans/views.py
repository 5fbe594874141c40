"""The list of plans, and the page on which one is begun. The pages of a plan itself are those of its document."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.programme.models import Subject
from beiji.programme.posting import done, form_page, pressed, sent, submitted
from beiji.programme.requests import CityRequest
from beiji.records.refused import ChangeRefused

from . import access, changes
from .capacity import asked, reading
from .capacity.grid import Place
from .forms import PlanForm
from .pages import capacity as sheets
from .pages import plans as pages


@require_GET
def plans(request: CityRequest, city: str) -> HttpResponse:
    """The plans that the person reads, with how each stands."""
    lines = pages.lines_of(access.plans_or_404(request.person), request.person)
    links = pages.new_links(city, access.subjects_written_for(request.person))
    sheet_lines = sheets.lines_of(access.capacity_subjects(request.person), request.city)
    return render(request, "plans/plans.html", {"lines": lines, "links": links, "sheets": sheet_lines})


@require_http_methods(["GET", "POST"])
def new(request: CityRequest, city: str, subject: str) -> HttpResponse:
    """Begin a plan."""
    hospital = access.subject_or_404(request.person, subject)
    form = PlanForm(sent(request))

    def change() -> HttpResponse:
        said = dict(form.cleaned_data)
        is_word = said.pop("begins") == "word"
        blocks = () if is_word else None
        plan = changes.begin_plan(subject=hospital, by=request.person, now=request.now, blocks=blocks, **said)
        if is_word:
            return done(request, _("The draft is empty; choose the file."), "documents:word", document=plan.document_id)
        return done(
            request, _("The draft stands with its chapters; write below them."), "documents:draft", document=plan.document_id
        )  # fmt: skip

    context = {"form": form, "subject": hospital, "back": reverse("plans:plans", kwargs={"city": city})}
    return submitted(request, form, change) or form_page(request, "plans/new.html", context, form)


@require_http_methods(["GET", "POST"])
def capacity(request: CityRequest, city: str, subject: str) -> HttpResponse:
    """The sheet of a hospital's capacities: read, and written as a form."""
    hospital = access.capacity_or_404(request.person, subject)
    if request.method == "POST":
        hospital = access.capacity_or_404(request.person, subject, access.Role.COORDINATOR)
        return _written(request, hospital, asked.cells_in(request.POST))
    return _sheet(request, hospital)


@require_POST
def capacity_cell(request: CityRequest, city: str, subject: str) -> JsonResponse:
    """One cell that a script sends: kept, or refused with a sentence and what stands there."""
    hospital = access.capacity_or_404(request.person, subject, access.Role.COORDINATOR)
    try:
        typed = asked.cell_in(request)
        changes.fill_cells(subject=hospital, typed=[typed], by=request.person, now=request.now)
    except changes.CapacityOvertaken as refused:
        return JsonResponse({"kept": False, "error": str(refused), **sheets.theirs(refused.cell)}, status=409)
    except ChangeRefused as refused:
        return JsonResponse({"kept": False, "error": str(refused)}, status=422)
    return JsonResponse(sheets.kept_answer(hospital, request.city, typed.place))


@require_POST
def capacity_block(request: CityRequest, city: str, subject: str) -> HttpResponse:
    """A block that was copied from a spreadsheet."""
    hospital = access.capacity_or_404(request.person, subject, access.Role.COORDINATOR)
    try:
        block = reading.pasted(request.POST.get("block", ""), asked.start_in(request.POST))
    except ChangeRefused as refused:
        return _sheet(request, hospital, refused=refused)
    return _written(request, hospital, block)


@require_POST
def capacity_force(request: CityRequest, city: str, subject: str) -> HttpResponse:
    """The head puts in force what he sees."""
    hospital = access.capacity_or_404(request.person, subject, access.Role.HEAD)
    seen = asked.whole_in(request.POST.get("seen"))

    def change() -> str:
        row = changes.put_in_force(subject=hospital, seen=seen, by=request.person, now=request.now)
        return _("Timetable {number} is in force.").format(number=row.number)

    return pressed(request, change, "plans:capacity", subject=subject)


def _written(request: CityRequest, hospital: Subject, typed: dict[Place, str]) -> HttpResponse:
    """The answer to several cells at once: all are kept, or the page comes back as it was typed."""
    shown = reading.cells_of(hospital, asked.whole_in(request.POST.get("seen")))
    try:
        entries = reading.typed_of(typed, asked.known_in(request.POST.get("known")), shown)
        changes.fill_cells(subject=hospital, typed=entries, by=request.person, now=request.now)
    except ChangeRefused as refused:
        return _sheet(request, hospital, typed=typed, refused=refused)
    return done(request, sheets.written_words(entries), "plans:capacity", subject=hospital.code)


def _sheet(
    request: CityRequest, hospital: Subject, *, typed: dict[Place, str] | None = None, refused: ChangeRefused | None = None
) -> HttpResponse:  # fmt: skip
    error = (refused.field, str(refused)) if refused else ("", "")
    fills = access.fills_capacity(request.person, hospital)
    where = {"city": request.city.pk, "subject": hospital.code}
    context = {
        "sheet": sheets.sheet_of(hospital, request.city, typed=typed, error=error, known=request.POST.get("known", "")),
        "subject": hospital,
        "refusal": error[1],
        "block": request.POST.get("block", "")[:4000],
        "start": request.POST.get("start", ""),
        "fills": fills,
        "cell_url": reverse("plans:capacity-cell", kwargs=where) if fills else "",
        "words": sheets.script_words(),
        "heads": access.heads_hospital(request.person, hospital),
        "back": reverse("plans:plans", kwargs={"city": request.city.pk}),
    }
    return render(request, "plans/capacity.html", context, status=422 if refused else 200)
