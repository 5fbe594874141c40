"""A draft becomes a version: its manifest is written down and never changes again."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from beiji.programme.models import Person
from beiji.programme.writing import hold_row

from ..models import DocumentVersion, Draft, Step
from ..reading import blocks_of_draft
from ..rules import State
from .errors import DocumentError


def freeze(draft: Draft, into: State, by: Person, now: datetime) -> DocumentVersion:
    """The draft as a version in its first state; the draft is gone. Call it while the city is held. Raises DocumentError where
    the draft was handed in or put away meanwhile."""
    hold_row(draft)  # whoever is keeping words in it comes first, and they are read below
    if not Draft.objects.filter(pk=draft.pk).exists():
        raise DocumentError(_("The draft was handed in or put away meanwhile."))
    written = blocks_of_draft(draft)
    last = DocumentVersion.objects.filter(document=draft.document_id).aggregate(last=Max("number"))["last"] or 0
    content = [[str(one.block.id), *map(str, one.block.content)] for one in written]
    version = DocumentVersion.objects.create(
        city_id=draft.city_id, document_id=draft.document_id, number=last + 1, base_id=draft.base_id,
        manifest=[[str(one.block.id), str(one.revision)] for one in written],
        digest=hashlib.sha256(json.dumps(content).encode()).hexdigest(), frozen_by=by.pk, frozen_at=now,
    )  # fmt: skip
    Step.objects.create(city_id=draft.city_id, version=version, into=into, by=by.pk, at=now)
    Draft.objects.filter(pk=draft.pk).delete()
    return version
