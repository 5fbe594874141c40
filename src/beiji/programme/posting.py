"""What a view does with a form: check it, make the change, answer. Every view that posts goes through here.

A change answers with a sentence that the person reads. One that is refused (`ChangeRefused`) is said where the person
is: in the form that was sent, which comes back as it was typed, or above the page from which a button was pressed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import BaseForm, FileField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from beiji.records import audit
from beiji.records.refused import ChangeRefused
from beiji.ui.editing import EditForm, clash, is_unanswered, with_choices

from .people import name_of, people_by_id
from .requests import CityRequest
from .versions import Outdated, Versioned


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the values that were sent, None while the page is only looked at."""
    return request.POST if request.method == "POST" else None


def done(request: CityRequest, sentence: str, page: str, **where: Any) -> HttpResponse:
    """The answer to a change that was made: another page of the city, with a sentence above it."""
    messages.success(request, sentence)
    return HttpResponseRedirect(reverse(page, kwargs={"city": request.city.pk, **where}))


def submitted(
    request: CityRequest, form: BaseForm, change: Callable[[], HttpResponse], *, at: str | None = None
) -> HttpResponse | None:
    """The answer of `change` to a form that was sent and is valid; None when the page is to be shown, with its errors.

    `at`: the field at which a refusal stands that names none itself.
    """
    if request.method != "POST":
        return None
    if form.is_valid():
        try:
            return change()
        except ChangeRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else at, str(refused))
    _say_that_files_are_gone(request, form)
    return None


def _say_that_files_are_gone(request: HttpRequest, form: BaseForm) -> None:
    """No browser sends a file twice by itself; without a word it would be missing the next time."""
    for name, field in form.fields.items():
        if isinstance(field, FileField) and request.FILES.get(form.add_prefix(name)):
            form.add_error(name, _("Choose the file again; the browser has dropped it with the refused page."))


def form_page(request: HttpRequest, template: str, context: Mapping[str, Any], *forms: BaseForm | None) -> HttpResponse:
    """A page with forms; its status says (422) that something in them is to be mended."""
    is_wrong = any(form is not None and form.errors for form in forms)
    return render(request, template, dict(context), status=422 if is_wrong else 200)


def pressed(
    request: CityRequest,
    change: Callable[[], str],
    back: str,
    *,
    form: BaseForm | None = None,
    unclear: str = "",
    onward: str = "",
    tags: str = "",
    **where: Any,
) -> HttpResponse:
    """The answer to a button, or to a small form without a page of its own: back to a page, with a sentence above it.

    `back`: that page, as URL name with `where` or as address; `onward`: the address instead of it once the change is
    made. `change` answers with the sentence ("": the page itself shows it). `unclear`: what is said when `form` is not
    valid, instead of its own errors; `tags`: how the page finds a refusal that belongs to one of its parts.
    """
    address = back if back.startswith("/") else reverse(back, kwargs={"city": request.city.pk, **where})
    refusals: list[str] = []
    if form is not None and not form.is_valid():
        refusals = [unclear] if unclear else _sentences(form)
    else:
        try:
            sentence = change()
            address = onward or address
            if sentence:
                messages.success(request, sentence)
        except ChangeRefused as refused:
            refusals = [str(refused)]
    for refusal in refusals:
        messages.error(request, refusal, extra_tags=tags)
    return redirect(address)


Answer = TypeVar("Answer", bound=HttpResponseBase)


def handed(
    request: CityRequest, change: Callable[[], Answer], back: str, **where: Any
) -> Answer | HttpResponseRedirect:
    """The answer to a button that hands something over on a page of its own; refused, back with the sentence above."""
    try:
        return change()
    except ChangeRefused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(reverse(back, kwargs={"city": request.city.pk, **where}))


def _sentences(form: BaseForm) -> list[str]:
    """The first error of each field, after its label."""
    sentences = []
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        sentences.append(f"{label}: {errors[0]}" if label else str(errors[0]))
    return sentences


Row = TypeVar("Row", bound=Versioned)
Form = TypeVar("Form", bound=EditForm)


def edited(
    request: CityRequest,
    row: Row,
    form_of: Callable[[Row, QueryDict | None], Form],
    change: Callable[[Form, int], HttpResponse],
    *,
    kind: str,
    cancel: str,
) -> tuple[HttpResponse | None, Form]:
    """The answer to a form over a row that others edit too, with the form; None when the form is to be shown.

    Where somebody changed the row since the page was opened, the answer is a page with both values side by side. `change`
    gets the valid form and the version that its page showed; `kind`: the audit kind of such a change; `cancel`: the
    address of the row's own page.
    """
    fresh = form_of(row, None)
    if request.method != "POST":
        return None, fresh
    form = form_of(row, with_choices(request.POST, fresh))
    if not form.is_valid():
        return None, form
    if not is_unanswered(request.POST):
        try:
            return change(form, form.cleaned_data["version"] or 0), form  # a page that names no version is an old one
        except Outdated:
            pass
        except ChangeRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return None, form
    row.refresh_from_db()
    return _clash_page(request, form, form_of(row, None), of=row, kind=kind, cancel=cancel), form


def _clash_page(
    request: CityRequest, form: EditForm, current: EditForm, *, of: Versioned, kind: str, cancel: str
) -> HttpResponse:
    last = audit.newest(kind, of=of)
    people = people_by_id([last.person]) if last else {}
    context = {
        "title": str(of),
        "clash": clash(form, current),
        "crumbs": [(cancel, str(of))],
        "cancel": cancel,
        "changed_by": name_of(people.get(last.person)) if last and last.person else "",
        "changed_at": last.at if last else None,
    }
    return render(request, "ui/clash.html", context, status=409)
