"""An approved version's words come to stand in the queue of translations: each block is a text there, under its own id."""

from __future__ import annotations

from datetime import datetime

from beiji.programme.models import Person

from ..access import BLOCK
from ..models import Approval, DocumentVersion, StandingBlock, TextVersion, UserText
from ..reading import blocks_of_version
from ..rules import TRANSLATED
from .texts import reuse_translations


def let_stand(version: DocumentVersion, by: Person, now: datetime) -> None:
    """Make the blocks of a version those of which the queue asks translations; what was translated before is taken over."""
    blocks = [one.block for one in blocks_of_version(version)]
    words = {block.id: block for block in blocks if block.kind in TRANSLATED and block.body}
    city, where = version.city_id, f"/{version.city_id}/documents/{version.document_id}/"
    StandingBlock.objects.filter(document=version.document_id).delete()
    StandingBlock.objects.bulk_create(
        [StandingBlock(block=key, city_id=city, document_id=version.document_id) for key in words], batch_size=500
    )
    there = set(UserText.objects.filter(pk__in=list(words)).values_list("pk", flat=True))
    UserText.objects.bulk_create(
        [UserText(id=key, city=city, kind=BLOCK, where=where, created_at=now) for key in words if key not in there],
        batch_size=500,
    )
    said = dict(TextVersion.objects.filter(text__in=list(words)).order_by("id").values_list("text_id", "hash"))
    changed = {key: block for key, block in words.items() if said.get(key) != block.hash}
    TextVersion.objects.bulk_create(
        [
            TextVersion(
                city=city, text_id=key, language=block.language, body=block.body, hash=block.hash, written_by=by.pk, written_at=now
            )
            for key, block in changed.items()
        ],
        batch_size=500,
    )  # fmt: skip
    known = set(
        Approval.objects.filter(translation__source_hash__in={block.hash for block in changed.values()})
        .order_by()
        .values_list("translation__source_hash", flat=True)
    )
    texts = UserText.objects.in_bulk([key for key, block in changed.items() if block.hash in known])
    for key, text in texts.items():
        reuse_translations(text, changed[key].hash, now)
