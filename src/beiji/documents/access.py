"""Who may read the queue, translate and approve; and the selectors of this room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404

from beiji.programme.access import Role, has_role
from beiji.programme.models import Person

from .models import Approval, TextVersion, Translation, UserText
from .rules import LANGUAGES, Translated, Version, Words, missing_languages, words_in


def may_use_queue(person: Person) -> bool:
    """Translation approvers and the programme's managers see every text that waits."""
    return has_role(person, Role.TRANSLATOR, Role.MANAGER)


def may_follow(person: Person) -> bool:
    """Whether the pages on which the texts stand are open to the person; translators see the texts only."""
    return has_role(person, Role.MANAGER)


def versions_of(text: UserText) -> list[Version]:
    return [Version(v.language, v.body, v.hash, v.written_at) for v in text.versions.all()]


def translations_of(text: UserText) -> list[Translated]:
    return [
        Translated(t.language, t.body, t.source_hash, t.approval.approved_at if hasattr(t, "approval") else None)
        for t in text.translations.all()
    ]


def words_of(text: UserText, language: str, known_at: datetime | None = None) -> Words:
    """The words of one text for a reader of a language (see `rules.words_in`)."""
    return words_in(language, versions_of(text), translations_of(text), known_at)


def texts(ids: Iterable[UUID]) -> dict[UUID, UserText]:
    """Texts by id with all their words, in four queries however many are asked for."""
    return {text.pk: text for text in UserText.objects.filter(pk__in=list(ids)).with_words()}


@dataclass(frozen=True)
class Waiting:
    """One line of the queue: a sentence that lacks an approved translation into `language`, and all texts that say it."""

    source: Version
    language: str
    proposal: Translation | None
    texts: list[UserText]


def proposal_of(text: UserText, language: str) -> Translation | None:
    """The newest translation of what a text says now, approved or not, wherever the same sentence was translated."""
    made = Translation.objects.filter(source_hash=versions_of(text)[-1].hash, language=language)
    newest: Translation | None = made.order_by("-id").first()
    return newest


def texts_that_say(source_hash: str) -> list[UserText]:
    """Every text whose newest wording this is, oldest first."""
    texts = UserText.objects.filter(versions__hash=source_hash).distinct().prefetch_related("versions")
    return [text for text in texts if versions_of(text)[-1].hash == source_hash]


def queue_for(person: Person, language: str | None = None) -> list[Waiting]:
    """What waits for translation or approval, each sentence once, oldest first; empty for whoever may not use the queue."""
    if not may_use_queue(person):
        return []
    texts = list(UserText.objects.all().with_words())
    made = sorted((t for text in texts for t in text.translations.all()), key=lambda t: t.pk)
    newest = {(t.source_hash, t.language): t for t in made}
    waiting: dict[tuple[str, str], Waiting] = {}
    for text in texts:
        versions = versions_of(text)
        source = versions[-1]
        for missing in missing_languages(versions, translations_of(text)):
            if language in (None, missing):
                key = (source.hash, missing)
                waiting.setdefault(key, Waiting(source, missing, newest.get(key), [])).texts.append(text)
    return sorted(waiting.values(), key=lambda w: w.source.written_at)


def wordings_written() -> int:
    """How many wordings were ever written: an assessor's remark is one too, and holds no city. None is ever deleted."""
    return TextVersion.objects.count()


def queue_length(person: Person) -> int:
    """How many lines the queue has, without reading a word of them: three queries of a few columns."""
    if not may_use_queue(person):
        return 0
    newest = {
        text: (language, digest)
        for text, language, digest in TextVersion.objects.order_by("id").values_list("text_id", "language", "hash")
    }
    approved = set(
        Approval.objects.values_list("translation__text_id", "translation__language", "translation__source_hash")
    )
    return len(
        {
            (digest, language)
            for text, (own, digest) in newest.items()
            for language in LANGUAGES
            if language != own and (text, language, digest) not in approved
        }
    )


def queue_or_404(person: Person) -> None:
    """For whoever may not use the queue it does not exist."""
    if not may_use_queue(person):
        raise Http404("no such page")


def text_or_404(person: Person, key: UUID, language: str) -> UserText:
    """One text of the queue with its words, in a language that the house has."""
    queue_or_404(person)
    text: UserText | None = UserText.objects.filter(pk=key).with_words().first()
    if text is None or language not in LANGUAGES:
        raise Http404("no such text")
    return text


def translation_or_404(person: Person, key: int) -> Translation:
    """One proposed translation."""
    queue_or_404(person)
    translation: Translation | None = Translation.objects.filter(pk=key).select_related("text").first()
    if translation is None:
        raise Http404("no such translation")
    return translation
