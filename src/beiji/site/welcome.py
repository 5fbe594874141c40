"""What a browser is told when somebody signs in: his own language and theme, wherever he sits down."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from beiji.programme import access, changes, signing_in
from beiji.ui.languages import LANGUAGES, language_of

#: Says that the language was chosen on the sign-in page: it is then the person's from now on.
CHOSEN_COOKIE = "beiji_language_chosen"
THEME_COOKIE = "beiji_theme"
A_QUARTER_HOUR = 900


def welcome(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Bring language and theme of whoever has just signed in; a language chosen on the sign-in page becomes his own."""
    if not request.user.is_authenticated:
        return response
    account = signing_in.account_of(request.user)
    chosen = request.COOKIES.get(CHOSEN_COOKIE, "")
    if chosen in {language.code for language in LANGUAGES} and not settings.READ_ONLY:
        changes.speak(account=account, language=chosen)
        response.delete_cookie(CHOSEN_COOKIE, samesite="Lax")
    person = access.people_of(account).first()
    if person is not None:
        keep(response, settings.LANGUAGE_COOKIE_NAME, language_of(person.language).code)
    if account.theme:
        keep_theme(response, account.theme)
    return response


def note_choice(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A language was chosen: kept with the person, or until he signs in."""
    chosen = request.POST.get("language", "")
    if chosen not in {language.code for language in LANGUAGES}:
        return response
    if request.user.is_authenticated and not settings.READ_ONLY:
        changes.speak(account=signing_in.account_of(request.user), language=chosen)
    else:
        keep(response, CHOSEN_COOKIE, chosen, A_QUARTER_HOUR)
    return response


def keep_theme(response: HttpResponse, theme: str) -> None:
    """The theme as the pages read it; "auto" is none."""
    if theme == "auto":
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    else:
        keep(response, THEME_COOKIE, theme)


def keep(response: HttpResponse, name: str, value: str, seconds: int = settings.LANGUAGE_COOKIE_AGE) -> None:
    """A cookie of the house; scripts read the one of the theme."""
    response.set_cookie(name, value, max_age=seconds, samesite="Lax", secure=settings.LANGUAGE_COOKIE_SECURE)
