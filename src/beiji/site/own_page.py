"""One's own page, in words: who one is here, how the pages read and look, where one is signed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from beiji.programme.changes import digest_of_session
from beiji.programme.identity import SignedIn
from beiji.programme.models import Account, Person, RoleGrant
from beiji.programme.pages.grants import own_words
from beiji.programme.people import name_of, office_of
from beiji.ui import formats
from beiji.ui.languages import LANGUAGES, language_of, pick


@dataclass(frozen=True)
class Browser:
    """A browser in which one is signed in; `key` is empty for the one in hand."""

    name: str
    contact: str
    key: UUID | None


@dataclass(frozen=True)
class OwnPage:
    """The page. `choices` of a group: value, word, whether it holds now. `told`: where one chooses what is told, by city."""

    title: str
    facts: Sequence[tuple[str, str]]
    languages: Sequence[tuple[str, str, bool]]
    themes: Sequence[tuple[str, str, bool]]
    browsers: Sequence[Browser]
    has_others: bool
    told: Sequence[tuple[str, str]]


def qr_of(link: str) -> str:
    """A QR code as a picture that needs no other address."""
    return str(segno.make(link, error="m").svg_data_uri(scale=5, border=3, light="#fff"))


def page_of(
    request: HttpRequest,
    account: Account,
    people: Sequence[Person],
    rows: Sequence[SignedIn],
    roles: Sequence[RoleGrant],
) -> OwnPage:
    """The page of whoever asks."""
    here = digest_of_session(request.session.session_key or "")
    browsers = [_browser(row, here) for row in rows]
    return OwnPage(
        title=name_of(people[0]) if people else account.username,
        facts=_facts(account, people, roles),
        languages=[(lang.code, lang.name, lang.code == language_of().code) for lang in LANGUAGES],
        themes=_themes(request.COOKIES.get("beiji_theme", "") or "auto"),
        browsers=sorted(browsers, key=lambda browser: browser.key is not None),
        has_others=any(browser.key for browser in browsers),
        told=_told(people),
    )


def _told(people: Sequence[Person]) -> list[tuple[str, str]]:
    words = _("Choose what is told")
    return [
        (
            reverse("site:choice", kwargs={"city": person.city_id}),
            words if len(people) == 1 else f"{words} · {pick(person.city.names)}",
        )
        for person in people
    ]


def _facts(account: Account, people: Sequence[Person], roles: Sequence[RoleGrant]) -> list[tuple[str, str]]:
    facts = [(_("User name"), account.username)]
    for person in people:
        facts += [
            (_("City"), pick(person.city.names)),
            (_("Institution"), office_of(person)),
            (pgettext("a person's", "Post"), pick(person.post)),
            (_("Staff number"), person.staff_number),
        ]
        own = [role for role in roles if role.person_id == person.pk]
        facts += [(_("Role"), own_words(role, person.city.time_zone)) for role in own]
    return [(term, words) for term, words in facts if words]


def _themes(now: str) -> list[tuple[str, str, bool]]:
    words = (("light", _("Light")), ("dark", _("Dark")), ("auto", _("Light or dark as the device")))
    return [(theme, word, theme == now) for theme, word in words]


def _browser(row: SignedIn, here: str) -> Browser:
    is_here = row.session_digest == here
    contact = _("this device") if is_here else _("last contact {moment}").format(moment=_moment(row.seen_at))
    return Browser(_device_words(row.device), contact, None if is_here else row.pk)


def _moment(at: datetime) -> str:
    return formats.datetime_text(at)


def _device_words(device: str) -> str:
    """Names that people know; an unknown part is left out."""
    browser, _slash, system = device.partition("/")
    browsers = {
        "wechat": _("WeChat"), "edge": "Edge", "opera": "Opera", "firefox": "Firefox", "chrome": "Chrome", "safari": "Safari",
    }  # fmt: skip
    systems = {
        "harmony": "HarmonyOS", "ipad": "iPad", "iphone": "iPhone", "android": "Android", "windows": "Windows",
        "mac": "macOS", "linux": "Linux",
    }  # fmt: skip
    words = [word for word in (browsers.get(browser), systems.get(system)) if word]
    return " · ".join(words) or _("a browser")
