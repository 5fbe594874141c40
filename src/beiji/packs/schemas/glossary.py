"""The glossary: one approved word per thing and language (`packs/glossary/*/terms.yaml`)."""

from __future__ import annotations

from pydantic import Field

from beiji.packs.schemas.common import Header, Id, Part, Word
from beiji.packs.schemas.standards import Named


class Term(Part):
    """A term. `also` are renderings that are right in other places, `forbidden` those that mislead."""

    id: Id
    en: Word
    zh_hans: Word = Field(alias="zh-Hans")
    he: Word | None = None
    also: dict[Word, tuple[Word, ...]] = {}
    forbidden: dict[Word, tuple[Word, ...]] = {}
    area: Word | None = None
    src: Word | None = None
    note: Named | None = None

    def as_dict(self) -> dict[str, str]:
        """The approved word by language."""
        words = {"en": self.en, "zh-Hans": self.zh_hans}
        if self.he is not None:
            words["he"] = self.he
        return words


class Glossary(Part):
    """All terms in file order."""

    header: Header
    terms: dict[str, Term]
    hash: Word

    @property
    def id(self) -> str:
        return self.header.id

    @property
    def version(self) -> str:
        return self.header.version
