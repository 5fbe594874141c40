"""What a new plan begins with: the template's chapters for mass casualties, headings alone for other hazards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from beiji.documents.changes import NewBlock
from beiji.documents.rules import table_body
from beiji.packs.library import packs_root, scan
from beiji.packs.overlay import parameter_words, render
from beiji.packs.schemas.common import Text
from beiji.packs.schemas.plans import Block, PlanTemplate, Step
from beiji.packs.schemas.roles import RoleCards
from beiji.ui.languages import LANGUAGES

from .models import Plan
from .waves import NAME as WAVES

TEMPLATE = "mci-hospital-plan"
#: Parts of the packs that its texts take numbers and names of duties from.
PARTS = ("capabilities", "standards", "role-cards", "plan-templates")
#: What a template says in no language but two stands in this one, marked as such, and is translated like all that people wrote.
WRITTEN_IN = "en"
WITHIN = {
    "min": gettext_lazy("within {number} min"),
    "h": gettext_lazy("within {number} h"),
    "days": gettext_lazy("within {number} days"),
}
CHAPTERS = (
    gettext_lazy("Purpose and scope"),
    gettext_lazy("Activation and levels"),
    gettext_lazy("Command posts"),
    gettext_lazy("Reception and triage"),
    gettext_lazy("Call-in of staff"),
    gettext_lazy("Theatres and intensive care"),
    gettext_lazy("Reverse triage"),
    gettext_lazy("Blood and supplies"),
    gettext_lazy("Families and media"),
    gettext_lazy("Stand-down"),
)


@dataclass(frozen=True)
class Beginning:
    """The first blocks of a plan, and of which template they are: `pack@version#hash`, "" of none."""

    blocks: Sequence[NewBlock]
    template: str = ""


def beginning_of(hazard: str, language: str, size: str) -> Beginning:
    """What a plan for this hazard begins with, in the language in which it will be written; `size`: the hospital's class."""
    template, cards = _template()
    if hazard != Plan.Hazard.CASUALTIES or template is None:
        return Beginning(_headings(language))
    written = _Written(template, cards, language, size)
    return Beginning(list(written.blocks()), f"{template.id}@{template.version}#{template.hash[:12]}")


@cache
def _template() -> tuple[PlanTemplate | None, RoleCards | None]:
    """The template with the cards that it names; it changes with the program only."""
    library = scan(packs_root(), PARTS)
    template = library.plan_templates.get(TEMPLATE)
    return template, library.role_cards.get(template.header.cards or "") if template else None


def _code(language: str) -> str:
    return next(one.code for one in LANGUAGES if one.pack == language)


def _headings(language: str) -> list[NewBlock]:
    """A heading for each chapter, with an empty text below it."""
    blocks: list[NewBlock] = []
    with translation.override(_code(language)):
        for number, chapter in enumerate(CHAPTERS, 1):
            blocks += [NewBlock("heading", f"{number} {chapter}", level=1), NewBlock("text")]
    return blocks


@dataclass(frozen=True)
class _Written:
    """A template as blocks of a document."""

    template: PlanTemplate
    cards: RoleCards | None
    language: str
    size: str

    def blocks(self) -> Iterator[NewBlock]:
        """First what of the template is reviewed, then its parts in order."""
        yield self._text(self.template.header.statement)
        for mark, part in self.template.parts():
            title, language = self._said(part.title)
            with translation.override(_code(language)):
                name = _("Annex {letter}").format(letter=mark) if mark.isalpha() else mark
            yield NewBlock("heading", f"{name} {title}", level=1, language=language)
            yield self._text(part.headline)
            for section in part.sections:
                yield self._heading(section.title, 2)
                for block in section.blocks:
                    if block.title is not None:
                        yield self._heading(block.title, 3)
                    yield from self._block(block)

    def _said(self, text: Text) -> tuple[str, str]:
        """The words with the numbers of the hospital's class, and their language."""
        words: Mapping[str, str] = render(text, self.template.parameters, self.size)
        language = self.language if words.get(self.language) else WRITTEN_IN
        return words[language].strip(), language

    def _heading(self, text: Text, level: int) -> NewBlock:
        words, language = self._said(text)
        return NewBlock("heading", words, level=level, language=language)

    def _text(self, text: Text) -> NewBlock:
        words, language = self._said(text)
        return NewBlock("text", words, language=language)

    def _block(self, block: Block) -> Iterator[NewBlock]:
        if block.body is not None:
            yield self._text(block.body)
        if block.steps:
            language = self._said(block.steps[0].do)[1]
            yield NewBlock("checklist", "\n".join(map(self._step, block.steps)), language=language)
        if block.columns:
            language = self._said(block.columns[0])[1]
            rows = [[self._said(cell)[0] for cell in row] for row in (block.columns, *block.rows)]
            yield NewBlock("table", table_body(rows), language=language)
        if block.note is not None:
            yield self._text(block.note)
        if block.roles:
            yield self._duties(block.roles)
            yield NewBlock("contacts")
        if block.fills == "call-in-waves":
            yield NewBlock("structured", name=WAVES)

    def _step(self, step: Step) -> str:
        """What is done, in brackets whose duty it is and within what time."""
        words, language = self._said(step.do)
        words = " ".join(words.split())
        who = self._duty(step.who, language) if step.who else ""
        with translation.override(_code(language)):
            beside = [one for one in (who, self._within(step.by, language)) if one]
            return _("{step} ({beside})").format(step=words, beside=_(", ").join(beside)) if beside else words

    def _within(self, name: str | None, language: str) -> str:
        parameter = self.template.parameters.get(name or "")
        if parameter is None:
            return ""
        return str(WITHIN[parameter.unit or "min"]).format(number=parameter_words(parameter, self.size, language))

    def _duty(self, role: str, language: str) -> str:
        card = self.cards.cards.get(role) if self.cards else None
        return card.title.as_dict().get(language, "") if card else ""

    def _duties(self, roles: Sequence[str]) -> NewBlock:
        names = [name for role in roles if (name := self._duty(role, self.language))]
        with translation.override(_code(self.language)):
            words = _("Whoever holds these duties stands below: {duties}.").format(
                duties=pgettext("between names", ", ").join(names)
            )
        return NewBlock("text", words, language=self.language)
