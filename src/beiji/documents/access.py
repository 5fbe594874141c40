"""Who may read the queue, translate and approve; and the selectors of this room."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404

from beiji.programme.access import Role, has_role
from beiji.programme.models import Person
from beiji.programme.visible import filters

from .models import (
    Approval,
    Document,
    DocumentVersion,
    Revision,
    StandingBlock,
    TextVersion,
    Translation,
    UserText,
    WordFile,
)
from .owners import OWNERS, owner_of
from .rules import LANGUAGES, Act, Translated, Version, Words, words_in

#: Of which kind the texts of blocks are.
BLOCK = "block"


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
    """One line of the queue: a sentence that lacks an approved translation into `language`.

    `text`: the first that says it, of `kind`; `places`: how many say it.
    """

    source: Version
    language: str
    is_proposed: bool
    text: UUID
    kind: str
    places: int


def proposal_of(text: UserText, language: str) -> Translation | None:
    """The newest translation of what a text says now, approved or not, wherever the same sentence was translated."""
    made = Translation.objects.filter(source_hash=versions_of(text)[-1].hash, language=language)
    newest: Translation | None = made.order_by("-id").first()
    return newest


def texts_that_say(source_hash: str) -> list[UserText]:
    """Every text whose newest wording this is, oldest first."""
    texts = UserText.objects.filter(versions__hash=source_hash).distinct().prefetch_related("versions")
    return [text for text in texts if versions_of(text)[-1].hash == source_hash]


def queue_for(person: Person) -> list[Waiting]:
    """What waits for translation or approval, each sentence once, oldest first; empty for whoever may not use the queue.

    Three queries of columns: in a large city thousands of reasons wait, and an object for each made this the dearest page.
    """
    if not may_use_queue(person):
        return []
    columns = ("text_id", "text__kind", "language", "body", "hash", "written_at")
    rows = _asked_for().order_by("text__created_at", "text_id", "id").values_list(*columns)
    newest = {text: (kind, Version(*version)) for text, kind, *version in rows}
    proposed, approved = set(Translation.objects.values_list("source_hash", "language")), _approved()
    sayers: dict[tuple[str, str], list[UUID]] = {}
    for text, (_kind, source) in newest.items():
        for missing in _missing(text, source.language, source.hash, approved):
            sayers.setdefault((source.hash, missing), []).append(text)
    waiting = []
    for (digest, missing), texts in sayers.items():
        kind, source = newest[texts[0]]
        waiting.append(Waiting(source, missing, (digest, missing) in proposed, texts[0], kind, len(texts)))
    return sorted(waiting, key=lambda w: w.source.written_at)


def _asked_for() -> Any:
    """Wordings that readers still meet: of documents, only the blocks of approved versions."""
    return TextVersion.objects.exclude(text__kind=BLOCK, text__in=_no_longer_said())


def _no_longer_said() -> Any:
    return UserText.objects.filter(kind=BLOCK).exclude(pk__in=StandingBlock.objects.values("block")).values("pk")


def _approved() -> set[tuple[UUID, str, str]]:
    """Text, language and source of every translation that somebody stands for."""
    return set(
        Approval.objects.values_list("translation__text_id", "translation__language", "translation__source_hash")
    )


def _missing(text: UUID, own: str, source: str, approved: Container[tuple[UUID, str, str]]) -> list[str]:
    """Languages in which a reader would still get the marked original."""
    return [language for language in LANGUAGES if language != own and (text, language, source) not in approved]


def wordings_written() -> int:
    """How many wordings were ever written: an assessor's remark is one too, and holds no city. None is ever deleted."""
    return TextVersion.objects.count()


def queue_length(person: Person) -> int:
    """How many lines the queue has for a person."""
    return lines_waiting() if may_use_queue(person) else 0


def lines_waiting() -> int:
    """How many lines the queue has, without reading a word of them: three queries of a few columns."""
    newest = {
        text: (language, digest)
        for text, language, digest in _asked_for().order_by("id").values_list("text_id", "language", "hash")
    }
    approved = _approved()
    return len(
        {
            (digest, language)
            for text, (own, digest) in newest.items()
            for language in _missing(text, own, digest, approved)
        }
    )


def queue_or_404(person: Person) -> None:
    """For whoever may not use the queue it does not exist."""
    if not may_use_queue(person):
        raise Http404("no such page")


def text_or_404(person: Person, key: UUID, language: str) -> UserText:
    """One text of the queue with its words; `language` is one that the house has, and not the text's own."""
    queue_or_404(person)
    text: UserText | None = UserText.objects.filter(pk=key).with_words().first()
    if text is None or language not in LANGUAGES or language == versions_of(text)[-1].language:
        raise Http404("no such text")
    return text


def translation_or_404(person: Person, key: int) -> Translation:
    """One proposed translation."""
    queue_or_404(person)
    translation: Translation | None = Translation.objects.filter(pk=key).select_related("text").first()
    if translation is None:
        raise Http404("no such translation")
    return translation


@filters(Document)
def filter_visible(documents: Any, person: Person) -> Any:
    """The one filter for lists and single documents: each room says which of its own a person reads."""
    rows = documents.none()
    for kind, owner in sorted(OWNERS.items()):
        rows |= owner.visible(documents.filter(owner=kind), person)
    return rows


def may(person: Person, document: Document, act: Act) -> bool:
    """Whether the person may do an act with a document at all."""
    return owner_of(document).may(person, document, act)


def document_or_404(person: Person, key: UUID, act: Act) -> Document:
    """A document that the person sees, for an act that is his; else the page does not exist."""
    row: Document | None = Document.objects.visible_to(person).select_related("subject", "city").filter(pk=key).first()
    if row is None or (act != Act.READ and not may(person, row, act)):
        raise Http404("no such document")
    return row


def version_or_404(person: Person, document: Document, number: int) -> DocumentVersion:
    """A version of it: of those that are not in force and never were, only who reads drafts."""
    row: DocumentVersion | None = (
        DocumentVersion.objects.filter(document=document, number=number).select_related("base").first()
    )
    if row is None or not (may(person, document, Act.READ_DRAFT) or _was_in_force(row)):
        raise Http404("no such version")
    return row


def _was_in_force(version: DocumentVersion) -> bool:
    return version.steps.filter(into="approved").exists()


def revision_or_404(document: Document, key: UUID | None) -> Revision:
    """What a block of it said at one time."""
    row: Revision | None = (
        Revision.objects.filter(document=document, pk__in=[] if key is None else [key]).select_related("words").first()
    )
    if row is None:
        raise Http404("no such revision")
    return row


def word_or_404(document: Document, key: UUID) -> WordFile:
    """A Word file that was brought into a draft of it."""
    row: WordFile | None = WordFile.objects.filter(document=document, pk=key).first()
    if row is None:
        raise Http404("no such file")
    return row
