"""The standard in force, item by item, and the signatures of those who stand for its texts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from beiji.programme import parts
from beiji.programme.people import people_by_id
from beiji.programme.posting import pressed
from beiji.programme.requests import CityRequest
from beiji.ui.languages import language_of

from .. import access, changes
from ..failing import title_for_every_class
from ..messages import in_words
from ..methodology import Method, standard_in_force
from ..pages import standard as page
from ..reviews import as_csv, reviews_of, signatures


def _method(request: CityRequest) -> Method:
    """The standard in force today; 404 for whoever reads no ledger and translates nothing, and while there is none."""
    if not access.reads_the_standard(request.person):
        raise Http404("no such page")
    method = standard_in_force(request.city, request.today, request.now)
    if method is None:
        raise Http404("no standard has been loaded")
    return method


@require_GET
def standard_page(request: CityRequest, city: str) -> HttpResponse:
    """All items with the state of their review."""
    return parts.page(request, "readiness/standard.html", lambda: _standard(request, city))


def _standard(request: CityRequest, city: str) -> dict[str, Any]:
    method = _method(request)
    kind = access.review_kind(request.person)
    shown = page.standard_page(city, method, kind, signatures(reviews_of(method.pack.code)))
    return {"page": shown, "may_export": access.may_export_reviews(request.person)}


@require_GET
def standard_item(request: CityRequest, city: str, indicator: str) -> HttpResponse:
    """One item in the asked language beside its source, to be read whole and signed."""
    method = _method(request)
    item = access.indicator_or_404(method, indicator)
    language = language_of(request.GET.get("language"))
    kind = access.review_kind(request.person)
    rows = [] if access.reads_the_standard_alone(request.person) else reviews_of(method.pack.code, item.code)
    people = people_by_id(row.by for row in rows)
    failure = title_for_every_class(item, request.city)
    shown = page.item_page(city, item, failure, kind, language, rows, people, request.person.pk)
    context = {
        "page": shown,
        "may_sign": bool(access.signing_kind(request.person)) and bool(shown.read),
        "crumbs": [(reverse("readiness:standard", kwargs={"city": city}), gettext("The standard"))],
        "indicator": item.code,
    }
    return render(request, "readiness/standard_item.html", context)


@require_POST
def review(request: CityRequest, city: str, indicator: str) -> HttpResponse:
    """Sign what was read, or take one's own signature back (`review` holds its key)."""
    kind = access.signing_kind_or_404(request.person)
    item = access.indicator_or_404(_method(request), indicator)
    language = request.POST.get("language", "")

    def sign() -> str:
        with in_words():
            changes.sign_review(
                city=request.city,
                indicator=item,
                language=language,
                kind=kind,
                read=request.POST.get("read", ""),
                by=request.person.pk,
                office=access.office_of(request.person),
                now=request.now,
            )
        return gettext("Signed. The signature lapses by itself when the text changes.")

    def take_back() -> str:
        mine = access.own_review_or_404(request.person, request.POST["review"])
        with in_words():
            changes.take_review_back(review=mine, by=request.person.pk, now=request.now)
        return gettext("Your signature is taken back.")

    address = reverse("readiness:standard-item", kwargs={"city": city, "indicator": indicator})
    back = f"{address}?language={language_of(language).pack}"
    return pressed(request, take_back if request.POST.get("review") else sign, back)


@require_GET
def reviews_file(request: CityRequest, city: str) -> HttpResponse:
    """The city's signatures as lines of `reviews.csv`, for `beiji pack sign --from`; erased people are left out."""
    access.reviews_may_be_taken_or_404(request.person)
    method = _method(request)
    rows = reviews_of(method.pack.code)
    content = as_csv(rows, people_by_id(row.by for row in rows))
    changes.note_reviews_taken(city=request.city, by=request.person.pk, now=request.now, rows=len(rows))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="reviews-{city}-{method.pack.code}.csv"'
    return response
