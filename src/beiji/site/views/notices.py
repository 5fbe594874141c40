"""What a person was told: the page, the bell, what he wants to be told."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_GET, require_http_methods, require_POST

from beiji.programme import access, changes
from beiji.programme.posting import form_page, sent, submitted
from beiji.programme.requests import CityRequest
from beiji.records import notices

from .. import notices_page
from ..forms import ChoiceForm, ReadingForm


@require_GET
def index(request: CityRequest, city: str) -> HttpResponse:
    """Everything that the person was told, today's first. What he may no longer see is dropped, and is not counted any more."""
    topic = notices_page.topic_of(request.GET.get("topic", ""))
    wanted = request.GET.get("page", "1")
    page = notices_page.page_of(request.person, topic, wanted, request.today)
    if page.has_hidden and not settings.READ_ONLY:
        changes.drop_hidden(person=request.person, notices=notices_page.hidden_from(request.person))
        notices_page.count_again(request.person)
        page = notices_page.page_of(request.person, topic, wanted, request.today)
    return render(request, "site/notices.html", {"page": page})


def _state(request: CityRequest, city: str) -> str:
    bell = notices_page.bell_of(request.person)
    return f'"{bell.hears}-{get_language()}"'


@require_GET
@condition(etag_func=_state)
def bell(request: CityRequest, city: str) -> HttpResponse:
    """The bell alone, for a page that was told that it changed."""
    return render(request, "ui/bell.html", {"bell": notices_page.bell_of(request.person)})


@require_GET
def notice(request: CityRequest, city: str, notice: int) -> HttpResponse:
    """Open what a notice is about; it is read then."""
    row = access.notice_or_404(request.person, notice)
    line = notices.lines_of(request.person, [row]).get(row.pk)
    if line is None or not line.url:
        return redirect("site:notices", city=city)
    if row.read_at is None and not settings.READ_ONLY:
        changes.mark_read(person=request.person, now=request.now, until=row.at, only=row.pk)
    return redirect(line.url)


@require_POST
def reading(request: CityRequest, city: str) -> HttpResponse:
    """Mark one as read, or all up to the newest that the page showed."""
    form = ReadingForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        changes.mark_read(person=request.person, now=request.now, until=said["until"], only=said["only"])
    return redirect("site:notices", city=city)


@require_http_methods(["GET", "POST"])
def choice(request: CityRequest, city: str) -> HttpResponse:
    """What the person wants to be told, and when his phone may sound."""
    form = ChoiceForm(sent(request), choice=access.choice_of(request.person))

    def change() -> HttpResponse:
        changes.choose_notices(person=request.person, **form.choice())
        messages.success(request, _("Kept. It holds from the next notification on."))
        return redirect("site:choice", city=city)

    return submitted(request, form, change) or form_page(request, "site/choice.html", {"form": form}, form)
