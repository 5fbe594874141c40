"""Pages of one hospital: its domains, its gaps, and why a square has its colour."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from beiji.programme.models import Subject
from beiji.ui.languages import pick

from .. import access, queries
from ..book import local, rows_of
from ..failing import failures_at
from ..methodology import standard_in_force
from ..pages import hospital as page
from ..pages import why as why_of_page
from ..rules.gaps import is_open
from ..rules.rows import Row
from .asked import Asked, asked_of


def _picture(request: HttpRequest, subject: Subject, asked: Asked) -> queries.Picture:
    return queries.picture(
        city=request.city,  # type: ignore[attr-defined]
        subjects=[subject],
        now=asked.now,
        day=asked.day,
        known_at=asked.known_at,
    )


def _rows(picture: queries.Picture, subject: Subject) -> dict[int, Row]:
    return {row.id: row for row in rows_of([subject], picture.city)[subject.pk]}


def hospital_page(request: HttpRequest, city: str, subject: str) -> HttpResponse:
    """Domains and indicators with their cells; what is open first."""
    hospital = access.hospital_or_404(request.person, subject)  # type: ignore[attr-defined]
    asked = asked_of(request)
    picture = _picture(request, hospital, asked)
    rows, names = _rows(picture, hospital), queries.names_of(picture.city)
    gaps = picture.gaps(subject)
    texts = (
        queries.texts_of(picture.method, [g.question.code for g in gaps[:5]], hospital.size) if picture.method else {}
    )
    failed = failures_at(picture, gaps[:5])
    shown = page.HospitalPage(
        title=pick(hospital.names),
        sub=asked.words,
        figures=page.figures_of(picture, hospital, page.gaps_url(city, subject) + asked.query),
        blocks=page.blocks_of(picture, hospital, rows, names, asked.query),
        missing=page.missing_words(picture),
        gaps_url=page.gaps_url(city, subject) + asked.query,
        gaps=[page.gap_line(picture, gap, texts, rows, names, failed, asked.query) for gap in gaps[:5]],
        gap_count=len(gaps),
    )
    context = {"page": shown, "asked": asked, "crumbs": _crumbs(city, asked)}
    return render(request, "readiness/hospital.html", context)


def _crumbs(city: str, asked: Asked, hospital: Subject | None = None) -> list[tuple[str, str]]:
    crumbs = [(reverse("readiness:map", kwargs={"city": city}) + asked.query, gettext("Readiness"))]
    if hospital is not None:
        url = reverse("readiness:hospital", kwargs={"city": city, "subject": hospital.code})
        crumbs.append((url + asked.query, pick(hospital.names)))
    return crumbs


def gaps_page(request: HttpRequest, city: str, subject: str) -> HttpResponse:
    """Every gap of one hospital with the advice for its level and what would prove it closed."""
    hospital = access.hospital_or_404(request.person, subject)  # type: ignore[attr-defined]
    asked = asked_of(request)
    picture = _picture(request, hospital, asked)
    rows, names = _rows(picture, hospital), queries.names_of(picture.city)
    gaps = picture.gaps(subject)
    texts = queries.texts_of(picture.method, [g.question.code for g in gaps], hospital.size) if picture.method else {}
    failed = failures_at(picture, gaps)
    lines = [page.gap_line(picture, gap, texts, rows, names, failed, asked.query) for gap in gaps]
    title = gettext("Gaps of %(hospital)s") % {"hospital": pick(hospital.names)}
    context = {
        "title": title,
        "gaps": lines,
        "asked": asked,
        "crumbs": _crumbs(city, asked, hospital),
        "subject": subject,
        "may_plan": asked.day is None and access.may_record_on(request.person, hospital),  # type: ignore[attr-defined]
    }
    return render(request, "readiness/gaps.html", context)


def _record_url(request: HttpRequest, hospital: Subject, capability: str) -> str:
    """Where the person records evidence, if he may."""
    person = request.person  # type: ignore[attr-defined]
    if access.evaluator_on(person, hospital) is None or not access.office_of(person):
        return ""
    return reverse(
        "readiness:record", kwargs={"city": hospital.city_id, "subject": hospital.code, "capability": capability}
    )


def why_page(request: HttpRequest, city: str, subject: str, capability: str) -> HttpResponse:
    """Why is this square this colour? Rows, rule, parts, history; a fragment for htmx, a page otherwise."""
    hospital = access.hospital_or_404(request.person, subject)  # type: ignore[attr-defined]
    kept = access.capability_or_404(capability)
    asked = asked_of(request)
    day = asked.day or asked.today
    known_at = asked.known_at or local(asked.now, request.city)  # type: ignore[attr-defined]
    ledger = queries.ledger_of(city=request.city, subject=hospital, capability=capability)  # type: ignore[attr-defined]
    edition = ledger.book.edition_on(capability, day, known_at)
    if edition is None:
        raise Http404("no edition on that day")
    method = standard_in_force(request.city, day, known_at)  # type: ignore[attr-defined]
    readers = [q for q in method.questions_for(hospital) if q.capability == capability] if method else []
    question = readers[0] if readers else None
    must = question is not None and question.must_pass and is_open(ledger.standing(day, known_at).state)
    title = f"{question.code} {pick(question.titles)}" if question else pick(kept.titles)
    shown = why_of_page.why_of(
        ledger,
        edition,
        day=day,
        known_at=known_at,
        names=queries.names_of(request.city),  # type: ignore[attr-defined]
        name=pick(hospital.names),
        must=must,
    )
    context = {
        "why": shown,
        "title": title,
        "capability": kept,
        "edition": edition,
        "indicators": [
            (code, texts) for code, texts in queries.texts_of(method, [q.code for q in readers], hospital.size).items()
        ]
        if method
        else [],
        "asked": asked,
        "crumbs": _crumbs(city, asked, hospital),
        "record_url": _record_url(request, hospital, capability) if asked.day is None else "",
        "everywhere": reverse("readiness:capability", kwargs={"city": city, "capability": capability}) + asked.query,
    }
    is_fragment = bool(getattr(request, "htmx", False)) and not request.htmx.boosted  # type: ignore[attr-defined]
    return render(request, "readiness/why_panel.html" if is_fragment else "readiness/why.html", context)
