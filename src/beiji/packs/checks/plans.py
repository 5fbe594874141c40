"""Plan templates: order of the parts, ids, roles and numbers that they name, and blanks for the hospital."""

from __future__ import annotations

from collections import Counter
from typing import Any

from beiji.packs.checks.references import unknown
from beiji.packs.checks.roles import check_own_parameters
from beiji.packs.library import Item, Library
from beiji.packs.problems import did_you_mean
from beiji.packs.schemas.plans import Block, PlanTemplate, blanks
from beiji.packs.strict import LANGUAGES, Source
from beiji.packs.texts import texts_of


def check_plan_templates(library: Library) -> None:
    """P121, P133, P134, P136, P152, P170, P174 and P175 of every plan template."""
    for template in library.plan_templates.values():
        source = next(source for header, source in library.headers if header.id == template.id)
        if template.header.cards:
            mend = "Add it to packs/role-cards."
            unknown(source, "P134", "Pack of role cards", template.header.cards, library.role_cards, ("cards",), mend)
        check_own_parameters(library, template.header, source)
        for field in ("chapters", "annexes"):
            _check_order(template, source, field)
        seen: dict[str, str] = {}
        for item in library.of_kind("chapter"):
            if item.pack == template.id:
                _check_chapter(library, template, item, seen)
    for source in library.sources:
        if "plan-templates" in source.path.parts:
            _check_blanks(source)


def _check_order(template: PlanTemplate, source: Source, field: str) -> None:
    """P136 and P152: pack.yaml and the folder agree, and each part is named once."""
    listed = getattr(template.header, field)
    written = {path.stem for path in (source.path.parent / field).glob("*.yaml")}
    for position, name in enumerate(listed):
        if name not in written:
            hint = did_you_mean(name, written) or " Write the file, or take the line away until it exists."
            source.add("P136", f"{field}/{name}.yaml is not there.{hint}", (field, position))
    for name in sorted(written - set(listed)):
        source.add("P136", f"{field}/{name}.yaml is not listed in {field}:. Put it in its place.", (field,))
    for name, count in Counter(listed).items():
        if count > 1:
            source.add("P152", f"{name} is listed {count} times in {field}:. Keep one.", (field,))


def _check_chapter(library: Library, template: PlanTemplate, item: Item, seen: dict[str, str]) -> None:
    """Ids once: chapters and sections in the whole template, blocks in their section; roles and minutes exist."""
    chapter, source = item.thing, item.source
    if chapter.id != source.path.stem:
        sentence = f"{chapter.id} stands in {source.path.name}. Name the file {chapter.id}.yaml."
        source.add("P136", sentence, ("id",))
    _once(source, chapter.id, chapter.id, seen, ("id",))
    roles = library.role_cards.get(template.header.cards or "")
    for at, section in enumerate(chapter.sections):
        _once(source, section.id, chapter.id, seen, ("sections", at, "id"))
        blocks: dict[str, str] = {}
        for n, block in enumerate(section.blocks):
            path = ("sections", at, "blocks", n)
            _once(source, block.id, section.id, blocks, (*path, "id"))
            _check_block(template, block, set(roles.cards) if roles else set(), source, path)


def _once(source: Source, id: str, owner: str, seen: dict[str, str], path: tuple[Any, ...]) -> None:
    if id in seen:
        source.add("P152", f"{id} is used twice, here and in {seen[id]}. Give this one its own id.", path)
    seen.setdefault(id, owner)


def _check_block(template: PlanTemplate, block: Block, roles: set[str], source: Source, path: tuple[Any, ...]) -> None:
    mend = "Use the id of a role card."
    for position, role in enumerate(block.roles):
        unknown(source, "P170", "Role", role, roles, (*path, "roles", position), mend)
    for position, step in enumerate(block.steps):
        if step.who:
            unknown(source, "P170", "Role", step.who, roles, (*path, "steps", position, "who"), mend)
        if step.by:
            mend_by = "Add it to parameters: of the template's pack.yaml."
            unknown(
                source, "P121", "Parameter", step.by, template.parameters, (*path, "steps", position, "by"), mend_by
            )


def _check_blanks(source: Source) -> None:
    """P174: what the hospital must write in is marked in every language, as often."""
    for text in texts_of(source):
        counts = {language: len(blanks(text.words[language])) for language in LANGUAGES if text.words.get(language)}
        if len(set(counts.values())) > 1:
            said = ", ".join(f"{language} {count}" for language, count in counts.items())
            sentence = (
                f"{text.name} has blanks [[…]] in different numbers: {said}. Mark the same blanks in every language."
            )
            source.add("P174", sentence, text.path)
