"""Templates read like HTML: short lines, components instead of the same markup by hand, nothing that no page uses."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from beiji.ui.fixtures import parts
from beiji.ui.templatetags.beiji import WRAPPING

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "beiji"
UI = SOURCE / "ui"
LONGEST_LINE = 120

#: Marks that Python writes (`beiji.ui.marks`) have no template of their own; the catalogue shows them beside the components.
MARKS = {"cell", "proof", "chip"}
#: Parts of other components, shown there.
INSIDE = {"field", "error_summary", "page_head"}
#: Markup that a component writes: a page that has it by hand has forgotten the component.
BY_COMPONENT = {
    "page_head": r'class="(?:page-head|crumbs)"',
    "panel": r'<section class="panel"',
    "table": r'<table class="table',
    "level": r'class="level"',
    "sync": r'class="sync"',
    "segmented": r'<nav class="seg"',
    "figure": r"<figure",
    "nothing": r'class="empty"',
}


def templates() -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in sorted(SOURCE.glob("*/templates/**/*.html"))}


def components() -> set[str]:
    return {path.stem for path in (UI / "templates" / "ui" / "components").glob("*.html")}


def is_page(path: Path) -> bool:
    return UI not in path.parents and "blocks" not in path.parts


def test_no_line_of_a_template_is_long():
    long = [
        f"{path.relative_to(SOURCE)}:{number}"
        for path, text in templates().items()
        for number, line in enumerate(text.splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]
    assert not long, f"{long}: break the line; a long text stands in {{% blocktranslate trimmed %}}"


def test_texts_go_into_a_tag_without_a_name_of_their_own():
    named = [
        f"{path.relative_to(SOURCE)}: {text}"
        for path, source in templates().items()
        for text in re.findall(r'{% translate "([^"]*)" as \w+ %}', source)
    ]
    assert not named, f'{named}: write title=_("…"); with `context` or a per cent sign a name is needed'


def test_the_formatter_knows_every_component_that_takes_a_body():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["djlint"]
    assert set(settings["custom_blocks"].split(",")) == {*WRAPPING, "slot"}
    assert set(WRAPPING) <= components()


def test_the_catalogue_shows_every_component_and_mark_and_nothing_else():
    assert {part.name for part in parts()} == (components() | MARKS) - INSIDE


def test_every_component_is_used_by_a_page():
    """Or by a component that is: what only the catalogue shows is dead."""
    sources = templates()
    pages = "\n".join(text for path, text in sources.items() if "components" not in path.parts)
    waiting, used = set(components()), set()
    text = pages
    while found := {name for name in waiting if re.search(rf'{{% (?:ui "{name}"|{name}) ', text)}:
        waiting, used = waiting - found, used | found
        text = "\n".join(source for path, source in sources.items() if "components" in path.parts and path.stem in used)
    assert not waiting, f"{sorted(waiting)}: no page uses them; use or delete them"


def test_no_page_writes_by_hand_what_a_component_is_for():
    by_hand = [
        f"{path.relative_to(SOURCE)}: {name}"
        for path, text in templates().items()
        if is_page(path)
        for name, markup in BY_COMPONENT.items()
        if re.search(markup, text)
    ]
    assert not by_hand


def test_every_template_is_rendered_by_something():
    sources = templates()
    everything = "\n".join([*sources.values(), *(p.read_text(encoding="utf-8") for p in SOURCE.rglob("*.py"))])
    names = {path: str(path).rsplit("/templates/", 1)[1] for path in sources}
    lonely = [
        name
        for path, name in names.items()
        if "components" not in path.parts
        and "blocks" not in path.parts
        and not name.startswith("account/")  # rendered by allauth
        and f'"{name}"' not in everything
    ]
    assert not lonely


def test_every_class_of_a_sheet_is_written_by_something():
    written = set()
    for path in (*SOURCE.rglob("*.html"), *SOURCE.rglob("*.js"), *SOURCE.rglob("*.py")):
        written |= set(re.findall(r"[\w-]+", path.read_text(encoding="utf-8")))
    written.add("htmx-request")  # by htmx, while a request is under way
    for sheet in SOURCE.rglob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
        classes = set(re.findall(r"\.([a-zA-Z][\w-]*)", re.sub(r"{[^{}]*}", "{}", text)))
        assert classes <= written, f"{sheet.name}: nobody writes {sorted(classes - written)}"
