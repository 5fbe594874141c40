"""Plan templates: chapters of blocks from which a hospital's plan is begun (`packs/plan-templates/*`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import model_validator

from beiji.packs.schemas.common import Header, Id, Part, Text, Word, refuse
from beiji.packs.schemas.standards import PackSource, Parameter, ParameterField

BlockKind = Literal["text", "checklist", "table", "contacts", "structured"]
Fills = Literal[
    "action-book", "activation-levels", "blood", "call-in-waves", "capacity-timetable", "change-log", "ed-clearing",
    "exercise-calendar", "exercise-records", "hazard-register", "message-templates", "night-card-set", "plan-life",
    "report-forms", "role-cards", "site-map", "stock", "surge-sites", "transfer-agreements",
]  # fmt: skip
CONTENT: dict[BlockKind, tuple[str, ...]] = {
    "text": ("body",), "checklist": ("steps",), "table": ("columns", "rows"), "contacts": ("roles",),
    "structured": ("fills",),
}  # fmt: skip
BLANK = re.compile(r"\[\[([^\[\]]+)\]\]")
"""`[[name of the lead hospital]]`: what the hospital itself writes in."""


class PlanTemplateHeader(Header):
    """`pack.yaml` of a template: the order of its parts, the packs whose numbers and cards it speaks of."""

    kind: Literal["plan-template"]
    title_fields: ClassVar[tuple[str, ...]] = ("title", "headline")
    standard: Word | None = None
    cards: Word | None = None
    statement: Text
    parameters: dict[Word, ParameterField] = {}
    chapters: tuple[Word, ...]
    annexes: tuple[Word, ...] = ()


class Step(Part):
    """One line of a checklist: what is done, who answers for it (a role card), by which minute (a parameter)."""

    do: Text
    who: Word | None = None
    by: Word | None = None


class Block(Part):
    """A piece that a plan takes over whole. `kind` says which of the fields below it is filled."""

    id: Id
    kind: BlockKind
    title: Text | None = None
    body: Text | None = None
    steps: tuple[Step, ...] = ()
    columns: tuple[Text, ...] = ()
    rows: tuple[tuple[Text, ...], ...] = ()
    roles: tuple[Word, ...] = ()
    fills: Fills | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Block:
        for kind, fields in CONTENT.items():
            for field in fields:
                if kind == self.kind and not getattr(self, field):
                    refuse("P173", f"is a block of kind {kind} and has no {field}. Add it, or change its kind.")
                if kind != self.kind and getattr(self, field):
                    refuse("P173", f"is a block of kind {self.kind} and has {field}. Take it away, or make it {kind}.")
        if any(len(row) != len(self.columns) for row in self.rows):
            refuse("P173", f"has {len(self.columns)} columns and a row with another number of cells. Make them equal.")
        return self


class Section(Part):
    """Blocks under one heading. Its id is unique in the template: `mci-hospital-plan@1.0.0#recall`."""

    id: Id
    title: Text
    blocks: tuple[Block, ...]


class Chapter(Part):
    """A chapter or an annex: one file, which one reviewer signs at one sitting."""

    id: Id
    title: Text
    headline: Text
    sections: tuple[Section, ...]

    def blocks(self) -> Iterator[tuple[Section, Block]]:
        """Every block with its section, in order."""
        return ((section, block) for section in self.sections for block in section.blocks)


class PlanTemplate(Part):
    """A template with everything its texts refer to. `parameters`: own, of the cards and of the standard."""

    header: PlanTemplateHeader
    chapters: tuple[Chapter, ...]
    annexes: tuple[Chapter, ...]
    parameters: dict[str, Parameter]
    sources: dict[str, PackSource] = {}
    hash: Word

    @property
    def id(self) -> str:
        return self.header.id

    @property
    def version(self) -> str:
        return self.header.version

    def parts(self) -> Iterator[tuple[str, Chapter]]:
        """Chapters and annexes in order with what they are called: 1 to 24, then A to K."""
        for number, chapter in enumerate(self.chapters, 1):
            yield str(number), chapter
        for number, annex in enumerate(self.annexes):
            yield chr(ord("A") + number), annex


def blanks(words: str) -> list[str]:
    """What the hospital still has to write into a text, in order."""
    return BLANK.findall(words)
