"""The first page of everybody: where to go, what to do next."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from beiji.programme import access
from beiji.programme.access import Role
from beiji.programme.requests import CityRequest
from beiji.readiness import queries
from beiji.readiness.access import subjects_visible_to
from beiji.readiness.pages import city as city_pages
from beiji.readiness.pages import headlines
from beiji.records import providers
from beiji.reports.access import snapshots_of
from beiji.ui import formats
from beiji.ui.languages import language_of, pick

from .. import gates, home_pages


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Lead to the one city a person works in, or let him choose; the first time in his own language."""
    people = list(access.people_of(request.user))
    if len(people) != 1:
        return render(request, "site/choose_city.html", {"people": people})
    response = redirect("site:home", city=people[0].city_id)
    if "beiji_language" not in request.COOKIES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language_of(people[0].language).code,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    return response


@require_GET
def home(request: CityRequest, city: str) -> HttpResponse:
    """The home page of the person's role."""
    person = request.person
    if access.has_city_role(person, Role.MANAGER, Role.ADMINISTRATOR):
        return _manager(request)
    hospital = subjects_visible_to(person).hospitals().first() if access.has_role(person, Role.COORDINATOR) else None
    return _coordinator(request, hospital) if hospital is not None else _others(request)


def _todo_lines(request: CityRequest) -> list[home_pages.Line]:
    things = providers.todos.collect(request.person, request.city, request.today)
    return home_pages.lines_of(things, request.today)


def _manager(request: CityRequest) -> HttpResponse:
    """Every hospital at a glance, what is to be done, where the programme stands."""
    city = request.city
    now = request.now
    today = request.today
    hospitals = subjects_visible_to(request.person).hospitals().on(today)
    picture = queries.picture(city=city, subjects=hospitals, now=now)
    first_round = queries.end_of_first_round(city, today)
    earlier = queries.picture(city=city, subjects=picture.subjects, now=now, day=first_round) if first_round else None
    columns, groups = city_pages.map_of_domains(picture)
    gaps_url = reverse("readiness:shared-gaps", kwargs={"city": city.pk})
    stages = gates.gates(picture, now)
    lines = _todo_lines(request)
    context = {
        "title": _("Is {city} ready?").format(city=pick(city.names)),
        "answer": headlines.answer_of(picture),
        "sub": _stage_words(stages, picture, today),
        "acts": home_pages.acts_of_manager(city.pk, request.person),
        "figures": city_pages.city_figures(picture, earlier),
        "columns": columns,
        "groups": groups,
        "is_turned": language_of().code != "zh-hans",
        "note": city_pages.written_note(picture),
        "shared": city_pages.shared_gaps(picture, 5),
        "gaps_url": gaps_url,
        "lines": lines[: home_pages.LONGEST_LIST],
        "stages": stages,
        "proofs": home_pages.proof_counts(picture),
    }
    return render(request, "site/home_manager.html", context)


def _stage_words(stages: list[gates.Gate], picture: queries.Picture, today: Any) -> str:
    count = len(picture.subjects)
    hospitals = ngettext("{count} hospital, as of {day}", "{count} hospitals, as of {day}", count).format(
        count=count, day=formats.date_text(today)
    )
    current = next((stage for stage in stages if stage.is_current), None)
    if current is None:
        return hospitals
    return _("Stage {number}: {title}, month {month} · {hospitals}").format(
        number=current.number, title=current.title, month=picture.city.month_of(today), hospitals=hospitals
    )


def _coordinator(request: CityRequest, hospital: Any) -> HttpResponse:
    """Today: what is due, what lapses, what one's own hospital can show."""
    city = request.city
    now = request.now
    picture = queries.picture(city=city, subjects=[hospital], now=now)
    lines = _todo_lines(request)
    context = {
        "title": home_pages.counting_sentence(lines),
        "sub": f"{formats.date_text(request.today)} · {pick(hospital.names)}",
        "lines": lines[: home_pages.LONGEST_LIST],
        "more": max(0, len(lines) - home_pages.LONGEST_LIST),
        "domains": home_pages.domain_lines(picture, hospital),
        "hospital_url": home_pages.own_page(city.pk, hospital),
        "proofs": home_pages.proof_counts(picture),
        "lapses": home_pages.lapses(picture),
        "late": sum(line.state == "late" for line in lines),
    }
    return render(request, "site/home_coordinator.html", context)


def _others(request: CityRequest) -> HttpResponse:
    """Assessors, translators and leaders: what waits for them, and the reports they may read."""
    city = request.city
    lines = _todo_lines(request)
    context = {
        "title": home_pages.counting_sentence(lines),
        "sub": f"{formats.date_text(request.today)} · {pick(city.names)}",
        "lines": lines[: home_pages.LONGEST_LIST],
        "snapshots": snapshots_of(request.person)[:5],
        "late": sum(line.state == "late" for line in lines),
    }
    return render(request, "site/home_others.html", context)
