"""Texts and their translations are written here."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from beiji.programme.models import City, Person
from beiji.programme.writing import change, hold_city
from beiji.records import audit
from beiji.records.typed import clean_text

from .. import telling
from ..models import Approval, TextVersion, Translation, UserText
from ..rules import LANGUAGES, LONGEST, digest, fields_in
from .errors import TextError


def _checked(language: str, body: str) -> str:
    if language not in LANGUAGES:
        raise TextError(_("Say in which language the text is written: English, Chinese or Hebrew."))
    body = clean_text(body).strip()
    if not body:
        raise TextError(_("The text is empty; write it, or leave the page without saving."))
    if len(body) > LONGEST:
        raise TextError(
            _("The text has {length} characters; at most {limit} are kept.").format(length=len(body), limit=LONGEST)
        )
    return body


def _add_version(text: UserText, language: str, body: str, by: Person, now: datetime) -> None:
    """Add a wording; where the same sentence has been translated and approved before, it is translated at once."""
    source = digest(language, body)
    TextVersion.objects.create(
        city=text.city,
        text=text,
        language=language,
        body=body,
        hash=source,
        written_by=by.pk,
        written_at=now,
    )
    reuse_translations(text, source, now)


def reuse_translations(text: UserText, source: str, now: datetime) -> None:
    """Take over what was approved wherever the same sentence stands; `source`: its hash."""
    approvals = Approval.objects.filter(translation__source_hash=source).select_related("translation").order_by("id")
    for approval in {a.translation.language: a for a in approvals}.values():
        copy = _copy(approval.translation, text, approval.approved_by, max(now, approval.approved_at))
        audit.write("documents.translation-reused", city=text.city, by=approval.approved_by, of=copy, now=now)


def _copy(translation: Translation, text: UserText, approved_by: UUID, at: datetime) -> Translation:
    """The same translation, approved, for another text that says the same."""
    copy = Translation.objects.create(
        city=text.city,
        text=text,
        language=translation.language,
        body=translation.body,
        source_hash=translation.source_hash,
        written_by=translation.written_by,
        written_at=translation.written_at,
    )
    Approval.objects.create(city=text.city, translation=copy, approved_by=approved_by, approved_at=at)
    return copy


def _texts_that_say(source_hash: str) -> list[UserText]:
    """Every text whose newest wording is this one."""
    newest = TextVersion.objects.filter(text=OuterRef("pk")).order_by("-id").values("hash")[:1]
    said = TextVersion.objects.filter(hash=source_hash).values("text")
    return list(UserText.objects.filter(pk__in=said).annotate(newest=Subquery(newest)).filter(newest=source_hash))


@change
def write_text(
    *, city: City, kind: str, language: str, body: str, by: Person, now: datetime, where: str = ""
) -> UserText:
    """Keep what a person typed, in the language it was typed in. Raises TextError when it is empty or too long.

    `now` is the instant of the change that it belongs to, which holds what it needs: the city, or only a visit.
    """
    body = _checked(language, body)
    text = UserText.objects.create(city=city.pk, kind=kind, where=where, created_at=now)
    _add_version(text, language, body, by, now)
    audit.write("documents.text-written", city=city.pk, by=by.pk, of=text, now=now, language=language)
    return text


@change
def edit_text(*, text: UserText, language: str, body: str, by: Person, now: datetime) -> bool:
    """Give a text a new wording; approved translations of the old one lapse by themselves. Returns False when nothing changed."""
    now = hold_city(text.city, now)
    body = _checked(language, body)
    newest = TextVersion.objects.filter(text=text).order_by("-id").first()
    if newest is not None and newest.hash == digest(language, body):
        return False
    _add_version(text, language, body, by, now)
    audit.write("documents.text-edited", city=text.city, by=by.pk, of=text, now=now, language=language)
    return True


@change
def propose_translation(
    *, text: UserText, language: str, body: str, source_hash: str, by: Person, now: datetime, seen: int | None = None
) -> Translation:
    """Offer a translation of the wording that the translator saw, beside the proposal that he saw (`seen`; 0: none).

    Raises TextError when the original has changed meanwhile, so that the translation would be of other words, when
    somebody else has proposed one meanwhile, and when a field of the original ({TRI-6}) is missing or another is added.
    """
    now = hold_city(text.city, now)
    body = _checked(language, body)
    newest = TextVersion.objects.filter(text=text).order_by("-id")[0]
    if newest.language == language:
        raise TextError(_("The original is written in this language; edit it where it stands."))
    if newest.hash != source_hash:
        raise TextError(
            _(
                "The original has changed since this page was opened; both wordings stand here. Adapt your translation and keep it."
            )
        )
    if fields_in(body) != fields_in(newest.body):
        fields = ", ".join(f"{{{name}}}" for name in sorted(fields_in(newest.body))) or "–"
        raise TextError(
            _("The numbers in braces must stand in the translation exactly as in the original: {fields}.").format(
                fields=fields
            )
        )
    others = Translation.objects.filter(language=language, source_hash=source_hash)
    if seen is not None and seen != (others.order_by("-id").values_list("pk", flat=True).first() or 0):
        raise TextError(
            _(
                "Somebody else proposed a translation while your page was open. It stands below; keep yours, or leave it."
            )
        )
    translation = Translation.objects.create(
        city=text.city,
        text=text,
        language=language,
        body=body,
        source_hash=source_hash,
        written_by=by.pk,
        written_at=now,
    )
    audit.write("documents.translation-proposed", city=text.city, by=by.pk, of=translation, now=now, language=language)
    return translation


@change
def approve_translation(*, translation: Translation, by: Person, now: datetime) -> int:
    """Stand for a translation, wherever the same sentence stands; returns at how many places that is.

    Raises TextError for the translator himself, for a second time, and when no text says these words any more.
    """
    now = hold_city(translation.city, now)
    if translation.written_by == by.pk:
        raise TextError(_("Whoever translated a text cannot approve it; ask another person."))
    language, source = translation.language, translation.source_hash
    texts = _texts_that_say(source)
    if not texts:
        raise TextError(_("The original has changed since it was translated; it must be translated anew."))
    approved = Approval.objects.filter(translation__language=language, translation__source_hash=source).order_by("id")
    bodies = dict(approved.values_list("translation__text_id", "translation__body"))
    is_new = not approved.filter(translation=translation).exists()
    waiting = [text for text in texts if bodies.get(text.pk) != translation.body and text.pk != translation.text_id]
    if not is_new and not waiting:
        raise TextError(_("This translation is approved already."))
    if is_new:
        Approval.objects.create(city=translation.city, translation=translation, approved_by=by.pk, approved_at=now)
    for text in waiting:
        _copy(translation, text, by.pk, now)
    places = len(waiting) + is_new
    audit.write(
        "documents.translation-approved", city=translation.city, by=by.pk, of=translation, now=now, places=places
    )
    return places


@change
def tell_of_queue(*, city: City, now: datetime) -> None:
    """Tell translators once a night that texts wait for them."""
    telling.queue_waits(city, hold_city(city, now))
