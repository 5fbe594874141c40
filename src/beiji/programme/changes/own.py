"""What people keep of their own: language, theme, the browsers in which they are signed in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import F
from django.utils.crypto import salted_hmac
from django_scopes import scopes_disabled

from beiji.records import audit

from ..access import people_of, signed_in_as
from ..identity import SignedIn
from ..models import Account, Person
from ..rules import THEMES
from ..writing import change


def digest_of_session(key: str) -> str:
    """What is kept of a session's key."""
    return salted_hmac("beiji.session", key, algorithm="sha256").hexdigest()


@change
def speak(*, account: Account, language: str) -> None:
    """Keep the language of somebody's pages, in every city. A taste, and so without an audit line."""
    people = [person.pk for person in people_of(account) if person.language != language]
    if people:
        with scopes_disabled():
            Person.objects.filter(pk__in=people).update(language=language, version=F("version") + 1)


@change
def choose_theme(*, account: Account, theme: str) -> None:
    """Keep how somebody's pages look. Raises ValueError for a theme that there is not."""
    if theme not in THEMES:
        raise ValueError(theme)
    Account.objects.filter(pk=account.pk).update(theme=theme)


@change
def note_seen(*, account: Account, session: str, device: str, now: datetime) -> None:
    """A browser has been in contact."""
    digest = digest_of_session(session)
    if not SignedIn.objects.filter(session_digest=digest).update(seen_at=now, account=account):
        SignedIn.objects.get_or_create(
            session_digest=digest, defaults={"account": account, "device": device, "begun_at": now, "seen_at": now}
        )


@change
def end_sessions(*, account: Account, now: datetime, but: str = "", only: UUID | None = None) -> int:
    """Sign an account out of its browsers at their next request: all, all but the session `but`, or `only` one of them.

    Returns how many.
    """
    rows = SignedIn.objects.filter(account=account).exclude(session_digest=digest_of_session(but))
    if only is not None:
        rows = rows.filter(pk=only)
    ended = _delete(set(rows.values_list("session_digest", flat=True)))
    rows.delete()
    if ended:
        for city, person in signed_in_as(account):
            audit.write("programme.sessions-ended", city=city, by=person, of=account, now=now, count=ended)
    return ended


def _delete(digests: Collection[str]) -> int:
    """Only digests are known, so every session is looked at: a rare press of a button, some thousand rows."""
    keys = Session.objects.values_list("session_key", flat=True)
    named = [key for key in keys if digest_of_session(key) in digests]
    Session.objects.filter(session_key__in=named).delete()
    return len(named)


@change
def note_signed_out(*, session: str) -> None:
    """Somebody has signed out in a browser himself."""
    SignedIn.objects.filter(session_digest=digest_of_session(session)).delete()


@change
def clear_ended_sessions() -> int:
    """Forget browsers whose session has run out (the nightly pass). Returns how many."""
    living = {digest_of_session(key) for key in Session.objects.values_list("session_key", flat=True)}
    gone = [row for row, digest in SignedIn.objects.values_list("pk", "session_digest") if digest not in living]
    return SignedIn.objects.filter(pk__in=gone).delete()[0]
