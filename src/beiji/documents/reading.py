"""Documents as they are kept: versions with their state, the blocks of a version or of the draft, with who wrote them and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from .models import Approval, Comment, Document, DocumentVersion, Draft, DraftBlock, Revision, Step, TextVersion
from .rules import Block, State, state_of


@dataclass(frozen=True)
class Written:
    """A block with its revision, and who wrote it when."""

    block: Block
    revision: UUID
    by: UUID
    at: datetime


@dataclass(frozen=True)
class VersionLine:
    """A version with its steps and its state."""

    row: DocumentVersion
    steps: Sequence[Step]
    state: State

    def into(self, state: State) -> Step | None:
        """The last step into a state."""
        return next((step for step in reversed(self.steps) if step.into == state), None)


def versions_of_document(document: Document) -> list[VersionLine]:
    """Every version with its steps, the newest first. Three queries; manifests are left out."""
    rows = DocumentVersion.objects.filter(document=document).defer("manifest").order_by("-number")
    rows = rows.prefetch_related("steps__reason__versions", "steps__reason__translations__approval")
    return [VersionLine(row, steps := list(row.steps.all()), state_of(step.into for step in steps)) for row in rows]


def version_in_force(lines: Iterable[VersionLine]) -> VersionLine | None:
    """The approved one."""
    return next((line for line in lines if line.state == State.APPROVED), None)


def version_under_way(lines: Iterable[VersionLine]) -> VersionLine | None:
    """The one that waits for its review or its approval."""
    return next((line for line in lines if line.state in (State.REVIEW, State.REVIEWED)), None)


def draft_of(document: Document) -> Draft | None:
    """What is being written of it now."""
    draft: Draft | None = Draft.objects.filter(document=document).select_related("base").first()
    return draft


def block_of(revision: Revision) -> Block:
    """What a revision says, as plain values."""
    return Block(
        revision.block, revision.kind, revision.language, revision.words.body, revision.level, revision.name
    )  # fmt: skip


def written(revision: Revision) -> Written:
    return Written(block_of(revision), revision.pk, revision.written_by, revision.written_at)


def blocks_of_draft(draft: Draft) -> list[Written]:
    """The blocks of the draft in their order. One query."""
    columns = ("block", "kind", "language", "words__body", "level", "name", "pk", "written_by", "written_at")
    rows = DraftBlock.objects.filter(draft=draft).order_by("order", "id")
    said = rows.values_list(*(f"revision__{column}" for column in columns))
    return [Written(Block(*words), key, by, at) for *words, key, by, at in said]


def blocks_of_version(version: DocumentVersion) -> list[Written]:
    """The blocks of a version in their order. One query."""
    keys = [UUID(revision) for _block, revision in version.manifest]
    rows = Revision.objects.filter(pk__in=keys).select_related("words").in_bulk()
    return [written(rows[key]) for key in keys]


def approved_words(hashes: Iterable[str], language: str) -> dict[str, str]:
    """The newest approved translation into a language of each source, by its hash. One query."""
    rows = Approval.objects.filter(translation__language=language, translation__source_hash__in=set(hashes))
    return dict(rows.order_by("id").values_list("translation__source_hash", "translation__body"))


def outdated_translations(blocks: Sequence[Block]) -> dict[str, int]:
    """How many blocks have an approved translation of what they said before, and none of what they say: by language."""
    now = {block.id: block.hash for block in blocks}
    earlier = dict(TextVersion.objects.filter(text__in=list(now)).order_by("id").values_list("text_id", "hash"))
    changed = {key: source for key, source in earlier.items() if source != now[key]}
    hashes = {*changed.values(), *(now[key] for key in changed)}
    rows = Approval.objects.filter(translation__source_hash__in=hashes)
    translated = set(rows.values_list("translation__source_hash", "translation__language"))
    counts: dict[str, int] = {}
    for key, source in changed.items():
        for known, language in translated:
            if known == source and (now[key], language) not in translated:
                counts[language] = counts.get(language, 0) + 1
    return counts


def comments_on(document: Document) -> list[Comment]:
    """Every comment with its words, the oldest first."""
    rows: Any = Comment.objects.filter(document=document).select_related("text")
    return list(rows.prefetch_related("text__versions", "text__translations__approval"))


def open_comments(document: Document) -> int:
    """How many comments nobody has settled."""
    return Comment.objects.filter(document=document, resolved_at__isnull=True).count()


@dataclass(frozen=True)
class Hold:
    """Who writes in a block, in which tab, until when."""

    by: UUID
    tab: str
    until: datetime


def holds_of(draft: Draft, now: datetime) -> dict[UUID, Hold]:
    """Blocks of a draft in which somebody writes now."""
    rows = DraftBlock.objects.filter(draft=draft, held_until__gt=now).order_by()
    columns = rows.values_list("block", "editor", "tab", "held_until")
    return {block: Hold(by, tab, until) for block, by, tab, until in columns if by is not None and until is not None}


#: Blocks that can be put back are offered up to here, the newest first. *Assumption*: who looks for an older one compares versions.
MOST_TAKEN_OUT = 50


def taken_out(draft: Draft) -> list[Written]:
    """Blocks that this draft had and has no more, as they were last, the newest first."""
    there = set(DraftBlock.objects.filter(draft=draft).order_by().values_list("block", flat=True))
    base = {UUID(block) for block, _revision in draft.base.manifest} if draft.base is not None else set()
    rows = Revision.objects.filter(document=draft.document_id).order_by("-written_at", "-id")
    newest: dict[UUID, UUID] = {}
    for key, block, at in rows.values_list("pk", "block", "written_at"):
        if block not in there and block not in newest and (at >= draft.started_at or block in base):
            newest[block] = key
    kept = Revision.objects.filter(pk__in=list(newest.values())[:MOST_TAKEN_OUT]).select_related("words")
    return [written(row) for row in kept.order_by("-written_at") if row.words.body]


def is_in_a_version(document: Document, revision: UUID) -> bool:
    """Does a version that is or was in force hold this revision?"""
    rows = DocumentVersion.objects.filter(document=document, steps__into=State.APPROVED).values_list(
        "manifest", flat=True
    )
    return any(key == str(revision) for manifest in rows for _block, key in manifest)
