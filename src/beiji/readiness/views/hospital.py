"""Pages of one hospital: its domains, its gaps, and why a square has its colour."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from beiji.programme import parts
from beiji.programme.models import Subject
from beiji.programme.requests import CityRequest
from beiji.ui.languages import pick

from .. import access, queries
from ..book import local
from ..deciding import deciding_rows
from ..failing import failures_at
from ..hints import hints_of
from ..methodology import standard_in_force
from ..pages import hospital as page
from ..pages import why as why_of_page
from ..pages.moment import Moment, moment_of
from ..rules.gaps import is_open
from ..rules.rows import State


def _picture(request: CityRequest, subject: Subject, moment: Moment) -> queries.Picture:
    return queries.picture(
        city=request.city,
        subjects=[subject],
        now=moment.now,
        day=moment.day,
        known_at=moment.known_at,
    )


@require_GET
def hospital_page(request: CityRequest, city: str, subject: str) -> HttpResponse:
    """Domains and indicators with their cells; what is open first."""
    return parts.page(request, "readiness/hospital.html", lambda: _hospital(request, city, subject))


def _hospital(request: CityRequest, city: str, subject: str) -> dict[str, Any]:
    hospital = access.hospital_or_404(request.person, subject)
    moment = moment_of(request)
    picture = _picture(request, hospital, moment)
    rows = deciding_rows(picture.standings.get(subject, {}).values())
    names = queries.names_of(picture.city)
    gaps = picture.gaps(subject)
    texts = (
        queries.texts_of(picture.method, [g.question.code for g in gaps[:5]], hospital.size) if picture.method else {}
    )
    failed = failures_at(picture, gaps[:5])
    shown = page.HospitalPage(
        title=pick(hospital.names),
        sub=moment.words,
        figures=page.figures_of(picture, hospital, page.gaps_url(city, subject) + moment.query, moment.query),
        heads=page.Heads(gettext("Level"), gettext("Standing"), gettext("Evidence")),
        blocks=page.blocks_of(picture, hospital, rows, names, moment.query),
        missing=page.missing_words(picture),
        gaps_url=page.gaps_url(city, subject) + moment.query,
        gaps=[page.gap_line(picture, gap, texts, rows, names, failed, moment.query) for gap in gaps[:5]],
        gap_count=len(gaps),
    )
    activity = reverse("site:activity", kwargs={"city": city, "kind": "hospital", "key": subject})
    return {"page": shown, "asked": moment, "crumbs": _crumbs(city, moment), "activity_url": activity}


def _crumbs(city: str, moment: Moment, hospital: Subject | None = None) -> list[tuple[str, str]]:
    crumbs = [(reverse("readiness:map", kwargs={"city": city}) + moment.query, gettext("Readiness"))]
    if hospital is not None:
        url = reverse("readiness:hospital", kwargs={"city": city, "subject": hospital.code})
        crumbs.append((url + moment.query, pick(hospital.names)))
    return crumbs


@require_GET
def gaps_page(request: CityRequest, city: str, subject: str) -> HttpResponse:
    """Every gap of one hospital with the advice for its level and what would prove it closed."""
    return parts.page(request, "readiness/gaps.html", lambda: _gaps(request, city, subject))


def _gaps(request: CityRequest, city: str, subject: str) -> dict[str, Any]:
    hospital = access.hospital_or_404(request.person, subject)
    moment = moment_of(request)
    picture = _picture(request, hospital, moment)
    gaps = picture.gaps(subject)
    rows, names = deciding_rows(gap.standing for gap in gaps), queries.names_of(picture.city)
    texts = queries.texts_of(picture.method, [g.question.code for g in gaps], hospital.size) if picture.method else {}
    failed = failures_at(picture, gaps)
    lines = [page.gap_line(picture, gap, texts, rows, names, failed, moment.query) for gap in gaps]
    title = gettext("Gaps of %(hospital)s") % {"hospital": pick(hospital.names)}
    return {
        "title": title,
        "gaps": lines,
        "asked": moment,
        "crumbs": _crumbs(city, moment, hospital),
        "subject": subject,
        "may_plan": moment.day is None and access.may_record_on(request.person, hospital),
        "may_check": moment.day is None and access.is_shown_the_self_check_of(request.person, hospital),
    }


def _record_url(request: CityRequest, hospital: Subject, capability: str) -> str:
    """Where the person records evidence, if he may."""
    person = request.person
    if access.evaluator_on(person, hospital) is None or not access.office_of(person):
        return ""
    return reverse(
        "readiness:record", kwargs={"city": hospital.city_id, "subject": hospital.code, "capability": capability}
    )


@require_GET
def why_page(request: CityRequest, city: str, subject: str, capability: str) -> HttpResponse:
    """Why is this square this colour? Rows, rule, parts, history; a fragment for htmx, a page otherwise."""
    if getattr(request, "htmx", False) and not request.htmx.boosted:
        return render(request, "readiness/why_panel.html", _why(request, city, subject, capability))
    return parts.page(request, "readiness/why.html", lambda: _why(request, city, subject, capability))


def _why(request: CityRequest, city: str, subject: str, capability: str) -> dict[str, Any]:
    hospital = access.hospital_or_404(request.person, subject)
    capability_row = access.capability_or_404(capability)
    moment = moment_of(request)
    day = moment.day or moment.today
    known_at = moment.known_at or local(moment.now, request.city)
    ledger = queries.ledger_of(city=request.city, subject=hospital, capability=capability)
    edition = ledger.book.edition_on(capability, day, known_at)
    if edition is None:
        raise Http404("no edition on that day")
    method = standard_in_force(request.city, day, known_at, of=hospital)
    readers = [q for q in method.questions_for(hospital) if q.capability == capability] if method else []
    question = readers[0] if readers else None
    is_unknown = ledger.standing(day, known_at).state is State.UNKNOWN
    hints = hints_of(method, hospital, [q.code for q in readers], day, known_at) if method and is_unknown else []
    must = question is not None and question.must_pass and is_open(ledger.standing(day, known_at).state)
    title = f"{question.code} {pick(question.titles)}" if question else pick(capability_row.titles)
    shown = why_of_page.why_of(
        ledger,
        edition,
        day=day,
        known_at=known_at,
        names=queries.names_of(request.city),
        name=pick(hospital.names),
        must=must,
    )
    return {
        "why": shown,
        "hints": hints,
        "title": title,
        "capability": capability_row,
        "edition": edition,
        "indicators": [
            (code, texts) for code, texts in queries.texts_of(method, [q.code for q in readers], hospital.size).items()
        ]
        if method
        else [],
        "asked": moment,
        "crumbs": _crumbs(city, moment, hospital),
        "record_url": _record_url(request, hospital, capability) if moment.day is None else "",
        "everywhere": reverse("readiness:capability", kwargs={"city": city, "capability": capability}) + moment.query,
    }
