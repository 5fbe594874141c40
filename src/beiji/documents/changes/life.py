"""The steps of a version: handed in, reviewed, sent back, approved. Each is claimed while the city is held, so that of two people at
once the second reads what the first has done."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beiji.programme.models import Person
from beiji.programme.writing import change, hold_city
from beiji.records import audit

from ..models import DocumentVersion, Draft, Revision, Step, UserText
from ..owners import Past, owner_of
from ..reading import blocks_of_version, open_comments, version_in_force, versions_of_document
from ..rules import Act, State, after, state_of
from .drafts import open_draft
from .errors import DocumentError
from .freezing import freeze
from .standing import let_stand
from .texts import write_text


@change
def submit(*, draft: Draft, by: Person, now: datetime) -> DocumentVersion:
    """Hand the draft in for review as the next version. Raises DocumentError while comments are open, or where nothing was changed."""
    now = hold_city(draft.city_id, now)
    open_ones = open_comments(draft.document)
    if open_ones:
        sentence = ngettext(
            "{count} comment is open; settle it before you hand the draft in.",
            "{count} comments are open; settle them before you hand the draft in.",
            open_ones,
        )
        raise DocumentError(sentence.format(count=open_ones))
    in_force = version_in_force(versions_of_document(draft.document))
    version = freeze(draft, State.REVIEW, by, now)
    if in_force is not None and in_force.row.digest == version.digest:
        raise DocumentError(_("The draft says what the approved version says; there is nothing to review."))
    audit.write("documents.version-submitted", city=draft.city_id, by=by.pk, of=version, now=now, number=version.number)
    return version


@change
def review(*, version: DocumentVersion, by: Person, now: datetime) -> None:
    """A second person has read the version and lets it go on to its approval."""
    now = hold_city(version.city_id, now)
    _step(version, Act.REVIEW, by, now)
    audit.write("documents.version-reviewed", city=version.city_id, by=by.pk, of=version, now=now)


@change
def send_back(*, version: DocumentVersion, reason: str, language: str, by: Person, now: datetime) -> Draft:
    """Send a version back with a reason; the draft goes on from it. Raises TextError for the words."""
    now = hold_city(version.city_id, now)
    where = f"/{version.city_id}/documents/{version.document_id}/"
    text = write_text(
        city=version.city, kind="document-return", language=language, body=reason, by=by, now=now, where=where
    )
    _step(version, Act.SEND_BACK, by, now, text)
    audit.write("documents.version-returned", city=version.city_id, by=by.pk, of=version, now=now)
    return open_draft(document=version.document, version=version, by=by, now=now)


@change
def approve(*, version: DocumentVersion, by: Person, now: datetime) -> None:
    """The version is in force; the one before it no more. Its words go to the queue of translations."""
    now = hold_city(version.city_id, now)
    before = version_in_force(versions_of_document(version.document))
    _step(version, Act.APPROVE, by, now)
    if before is not None:
        Step.objects.create(city_id=version.city_id, version=before.row, into=State.SUPERSEDED, by=by.pk, at=now)
    let_stand(version, by, now)
    audit.write(
        "documents.version-approved", city=version.city_id, by=by.pk, of=version, now=now, number=version.number
    )


def past_of(version: DocumentVersion) -> Past:
    """Who wrote in a version since the last one that was approved before it, who handed it in, who reviewed it."""
    before = version.base
    while before is not None and not before.steps.filter(into=State.APPROVED).exists():
        before = before.base
    old = set() if before is None else {revision for _block, revision in before.manifest}
    new = [one.revision for one in blocks_of_version(version) if str(one.revision) not in old]
    writers = set(Revision.objects.filter(pk__in=new).order_by().values_list("written_by", flat=True))
    steps = {step.into: step.by for step in version.steps.all()}
    return Past(writers, steps.get(State.REVIEW), steps.get(State.REVIEWED))


def _step(version: DocumentVersion, act: Act, by: Person, now: datetime, reason: UserText | None = None) -> None:
    """Claim a step, by the order of the life and by the owner's rule."""
    state = after(state_of(Step.objects.filter(version=version).values_list("into", flat=True)), act)
    if state is None:
        raise DocumentError(_("Somebody else has decided on this version meanwhile; look at where it stands now."))
    refusal = owner_of(version.document).refusal(by, act, past_of(version))
    if refusal:
        raise DocumentError(refusal)
    Step.objects.create(city_id=version.city_id, version=version, into=state, reason=reason, by=by.pk, at=now)
