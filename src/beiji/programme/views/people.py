"""People of the city's programme: who takes part, how they sign in, what they may do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beiji.ui.languages import language_of
from beiji.ui.listing import Wish

from .. import access, changes, exports, queries
from ..forms import AccountForm, PersonForm, RoleForm
from ..models import Person
from ..pages import people as pages
from ..people import name_of
from ..posting import done, edited, form_page, handed, pressed, sent, submitted
from ..requests import CityRequest


@require_GET
def index(request: CityRequest, city: str) -> HttpResponse:
    """Everybody, searched as one types, filtered and sorted."""
    people, columns = access.people_or_404(request.person), pages.columns()

    def fitting(wish: Wish) -> Any:
        return queries.people_fitting(people, wish, request.today, request.now)

    def lines(rows: Any) -> list[pages.Line]:
        return pages.lines(queries.with_access(rows), request.now)

    facets = pages.facets(queries.offices_of(people))
    shown = exports.listed_by_database(request, people, fitting, lines, columns, facets)
    if exports.is_wanted(request):
        return exports.list_as_file(request, "people", _("People"), columns, shown)
    context = {"list": shown, "count": pages.count_words(shown.total, shown.of)}
    return render(request, "programme/people.html", context)


@require_http_methods(["GET", "POST"])
def new(request: CityRequest, city: str) -> HttpResponse:
    """Add somebody; the account and the roles come on the next page."""
    access.people_or_404(request.person)
    form = _form(request, sent(request), None)

    def change() -> HttpResponse:
        said = form.said()
        person = changes.add_person(city=request.city, by=request.person.pk, now=request.now, **said)
        sentence = _("{name} is in the list. Now give roles and make the account.").format(name=name_of(person))
        return done(request, sentence, "programme:person", person=person.pk)

    context = {"form": form, "person": None}
    return submitted(request, form, change) or form_page(request, "programme/person_form.html", context, form)


@require_GET
def person(request: CityRequest, city: str, person: UUID) -> HttpResponse:
    """One person."""
    row = access.person_or_404(request.person, person)
    return _person_page(request, row)


@require_http_methods(["GET", "POST"])
def edit(request: CityRequest, city: str, person: UUID) -> HttpResponse:
    """Correct what is kept of somebody."""
    row = access.person_or_404(request.person, person)

    def form_of(row: Person, data: Any) -> PersonForm:
        return _form(request, data, row)

    def change(form: PersonForm, seen: int) -> HttpResponse:
        changes.change_person(person=row, by=request.person.pk, now=request.now, seen=seen, **form.said())
        return done(request, _("Changes kept."), "programme:person", person=row.pk)

    cancel = reverse("programme:person", kwargs={"city": city, "person": row.pk})
    answer, form = edited(request, row, form_of, change, kind="programme.person-changed", cancel=cancel)
    return answer or form_page(
        request, "programme/person_form.html", {"form": form, "person": row, "back": cancel}, form
    )


@never_cache
@require_POST
def account(request: CityRequest, city: str, person: UUID) -> HttpResponse:
    """Make an account; answers with the sheet on which the code stands, once."""
    row = access.person_or_404(request.person, person)
    form = AccountForm(request.POST)

    def change() -> HttpResponse:
        code = changes.open_account(person=row, by=request.person.pk, now=request.now, **form.cleaned_data)
        return _sheet(request, row, code)

    return submitted(request, form, change, at="username") or _person_page(request, row, account_form=form)


@never_cache
@require_POST
def code(request: CityRequest, city: str, person: UUID) -> HttpResponse:
    """A new code for somebody who cannot sign in any more; answers with its sheet."""
    row = access.person_or_404(request.person, person)

    def change() -> HttpResponse:
        return _sheet(request, row, changes.renew_code(person=row, by=request.person.pk, now=request.now))

    return handed(request, change, "programme:person", person=row.pk)


@require_POST
def closing(request: CityRequest, city: str, person: UUID) -> HttpResponse:
    """Close an account."""
    row = access.person_or_404(request.person, person)

    def change() -> str:
        changes.close_account(person=row, by=request.person.pk, now=request.now)
        return _("The account of {name} is closed; whoever was signed in with it is signed out.").format(
            name=name_of(row)
        )

    return pressed(request, change, "programme:person", person=row.pk)


@require_POST
def roles(request: CityRequest, city: str, person: UUID) -> HttpResponse:
    """Give a role."""
    row = access.person_or_404(request.person, person)
    form = _role_form(request, request.POST)

    def change() -> HttpResponse:
        changes.give_role(person=row, by=request.person.pk, now=request.now, **form.cleaned_data)
        return done(request, _("The role is given."), "programme:person", person=row.pk)

    return submitted(request, form, change) or _person_page(request, row, role_form=form)


@require_POST
def role_end(request: CityRequest, city: str, person: UUID, grant: UUID) -> HttpResponse:
    """Take a role back from today."""
    row = access.person_or_404(request.person, person)
    given = access.grant_or_404(request.person, row, grant)

    def change() -> str:
        changes.end_role(grant=given, by=request.person.pk, now=request.now)
        return _("The role is taken back from today.")

    return pressed(request, change, "programme:person", person=row.pk)


@require_POST
def leaving(request: CityRequest, city: str, person: UUID) -> HttpResponse:
    """Somebody leaves the programme."""
    row = access.person_or_404(request.person, person)

    def change() -> str:
        changes.leave(person=row, by=request.person.pk, now=request.now)
        return _("{name} has left: no role holds from today, and the account is closed.").format(name=name_of(row))

    return pressed(request, change, "programme:person", person=row.pk)


def _form(request: CityRequest, data: Any, row: Person | None) -> PersonForm:
    here = language_of()
    initial = pages.values_of(row, here) if row else {"language": here.code}
    return PersonForm(
        data, initial=initial, days=access.days_of(request.city), organisations=queries.institutions(),
        post_language=here.pack, posts=row.post if row else None,
    )  # fmt: skip


def _role_form(request: CityRequest, data: Any) -> RoleForm:
    days, initial = access.days_of(request.city), {"since": request.today}
    return RoleForm(data, initial=initial, days=days, subjects=queries.bodies())


def _person_page(
    request: CityRequest, row: Person, *, account_form: AccountForm | None = None, role_form: RoleForm | None = None
) -> HttpResponse:
    page = pages.page_of(row, queries.grants_of(row), request.now, queries.other_records(row))
    context = {
        "page": page,
        "account_form": account_form or AccountForm(initial={"username": pages.proposed_username(row)}),
        "role_form": role_form or _role_form(request, None),
    }
    return form_page(request, "programme/person.html", context, account_form, role_form)


def _sheet(request: CityRequest, row: Person, code: str) -> HttpResponse:
    address = request.build_absolute_uri(reverse("account_code"))
    sheet = pages.sheet_of(row, queries.account_of(row), code, address)
    back = reverse("programme:person", kwargs={"city": request.city.pk, "person": row.pk})
    return render(request, "programme/sheet.html", {"sheet": sheet, "back": back})
