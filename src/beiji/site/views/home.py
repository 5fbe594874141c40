"""The first page of everybody: where to go, what to do next."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from beiji.programme import access, parts
from beiji.programme.access import Role
from beiji.programme.models import Subject
from beiji.programme.requests import CityRequest
from beiji.readiness import queries
from beiji.readiness.access import hospitals_visible_to, own_hospital
from beiji.readiness.pages import city as city_pages
from beiji.readiness.pages import headlines
from beiji.records import providers
from beiji.reports.access import newest_snapshots
from beiji.ui import formats
from beiji.ui.languages import language_of, pick

from .. import gates, home_pages


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Lead to the one city a person works in, or let him choose."""
    people = list(access.people_of(request.user))
    if not people and access.duty_of(request.user) is not None:
        return redirect("platform")
    if len(people) != 1:
        return render(request, "site/choose_city.html", {"people": people})
    return redirect("site:home", city=people[0].city_id)


@require_GET
def home(request: CityRequest, city: str) -> HttpResponse:
    """The home page of the person's role."""
    if access.has_city_role(request.person, Role.MANAGER):
        return _manager(request)
    hospital = own_hospital(request.person)
    return _coordinator(request, hospital) if hospital is not None else _others(request)


def _day_of(request: CityRequest, *, decides: bool = False) -> home_pages.Day:
    todos = providers.todos.collect(request.person, request.city, request.today)
    return home_pages.day_of(todos, request.today, decides=decides)


def _manager(request: CityRequest) -> HttpResponse:
    """Every hospital at a glance, what is to be done, where the programme stands."""
    city_parts = parts.kept(request, "site/home_manager.html", lambda: _city_parts(request))
    context = {
        "city_parts": city_parts,
        "acts": home_pages.acts_of_manager(request.city.pk, request.person),
        "lines": _day_of(request).lines,
    }
    return render(request, "site/home_manager.html", context)


def _city_parts(request: CityRequest) -> dict[str, str]:
    """What everybody reads who sees the whole city."""
    picture = queries.picture(
        city=request.city, subjects=hospitals_visible_to(request.person, request.today), now=request.now
    )
    earlier = queries.first_round_of(picture, request.now)
    columns, groups = city_pages.map_of_domains(picture)
    gaps_url = reverse("readiness:shared-gaps", kwargs={"city": request.city.pk})
    stages = gates.gates(picture, request.now)
    context = {
        "answer": headlines.answer_of(picture),
        "figures": city_pages.city_figures(picture, earlier),
        "columns": columns,
        "groups": groups,
        "is_turned": language_of().code != "zh-hans",
        "note": city_pages.written_note(picture),
        "shared": city_pages.shared_gaps(picture, 5),
        "gaps_url": gaps_url,
        "stages": stages,
        "proofs": home_pages.proof_counts(picture),
    }
    return {
        "title": _("Is {city} ready?").format(city=pick(request.city.names)),
        "sub": home_pages.stage_words(stages, picture, request.today),
        "figures": parts.drawn("site/city_figures.html", context),
        "map": parts.drawn("site/city_map.html", context),
        "gaps": parts.drawn("site/city_gaps.html", context),
        "stages": parts.drawn("site/city_stages.html", context),
    }


def _coordinator(request: CityRequest, hospital: Subject) -> HttpResponse:
    """Today: what is due, what lapses, what one's own hospital can show."""
    picture = queries.picture(city=request.city, subjects=[hospital], now=request.now)
    day = _day_of(request)
    context = {
        "title": day.title,
        "sub": f"{formats.date_text(request.today)} · {pick(hospital.names)}",
        "lines": day.lines,
        "more": day.more,
        "late": day.late,
        "domains": home_pages.domain_lines(picture, hospital),
        "hospital_url": home_pages.own_page(request.city.pk, hospital),
        "proofs": home_pages.proof_counts(picture),
        "lapses": home_pages.lapses(picture),
    }
    return render(request, "site/home_coordinator.html", context)


def _others(request: CityRequest) -> HttpResponse:
    """Assessors, translators and leaders: what waits for them, and the reports they may read."""
    decides = access.has_city_role(request.person, Role.LEADER)
    day = _day_of(request, decides=decides)
    context = {
        "title": day.title,
        "sub": f"{formats.date_text(request.today)} · {pick(request.city.names)}",
        "todo_title": _("Decisions asked of you") if decides else _("To do"),
        "todo_note": _("You decide on paper; the programme office records it here with the scan.") if decides else "",
        "lines": day.lines,
        "more": day.more,
        "late": day.late,
        "snapshots": newest_snapshots(request.person, 5),
    }
    return render(request, "site/home_others.html", context)
