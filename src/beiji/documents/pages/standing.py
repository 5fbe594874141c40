"""How documents stand, in words: which version is in force, what is under way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from ..models import Document, DocumentVersion, Draft, Step
from ..rules import State, state_of

CHIPS = {
    State.REVIEW: "info", State.REVIEWED: "info", State.APPROVED: "good", State.SUPERSEDED: "outline", State.RETURNED: "warn",
    State.PUT_AWAY: "outline",
}  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """A line's worth: the version in force and since when; what is under way, its chip, and when anything last happened."""

    in_force: str
    since: datetime | None
    under_way: str
    chip: str
    at: datetime


def version_words(number: int) -> str:
    """What a version is called."""
    return _("Version {number}").format(number=number)


def draft_words() -> str:
    """What the draft is called."""
    return _("Draft")


def state_words(state: State) -> str:
    """A state in words."""
    return str(Step.Into(state.value).label)


def standings_of(documents: Sequence[Document]) -> dict[UUID, Standing]:
    """How several documents stand; three queries however many."""
    drafts = {draft.document_id: draft for draft in Draft.objects.filter(document__in=documents)}
    versions: dict[UUID, list[DocumentVersion]] = {}
    rows = DocumentVersion.objects.filter(document__in=documents).defer("manifest").order_by("number")
    for row in rows.prefetch_related("steps"):
        versions.setdefault(row.document_id, []).append(row)
    return {d.pk: _standing(d, versions.get(d.pk, []), drafts.get(d.pk)) for d in documents}


def _standing(document: Document, versions: Sequence[DocumentVersion], draft: Draft | None) -> Standing:
    in_force, since, under_way, chip, at = "", None, "", "", document.created_at
    for version in versions:
        steps = list(version.steps.all())
        state = state_of(step.into for step in steps)
        at = max(at, steps[-1].at)
        if state == State.APPROVED:
            in_force = version_words(version.number)
            since = next(step.at for step in reversed(steps) if step.into == State.APPROVED)
        if state in (State.REVIEW, State.REVIEWED):
            under_way, chip = f"{version_words(version.number)} · {state_words(state)}", CHIPS[state]
    if draft is not None:
        under_way, chip, at = draft_words(), "outline", max(at, draft.changed_at)
    return Standing(in_force, since, under_way, chip, at)
