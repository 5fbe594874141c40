"""What the changes of this room refuse."""

from __future__ import annotations

from uuid import UUID

from beiji.records.refused import ChangeRefused


class TextError(ChangeRefused):
    """The text is not taken; the words are one finished, translated sentence."""


class DocumentError(ChangeRefused):
    """The change to a document is not made; the words are one finished, translated sentence."""


class Overtaken(DocumentError):
    """Somebody else wrote the block meanwhile, or is writing it: `body` is what it says now, `revision` which revision that is."""

    def __init__(self, sentence: str, *, body: str, revision: UUID) -> None:
        super().__init__(sentence)
        self.body, self.revision = body, revision
