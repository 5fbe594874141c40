"""Style sheets, scripts and templates keep the house's rules: tokens, logical properties, strict policy, weight."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.urls import reverse

from beiji.ui import sheets
from beiji.ui.templatetags.beiji import MODULES

SOURCE = Path(__file__).resolve().parents[2] / "src" / "beiji"
UI = SOURCE / "ui" / "static" / "ui"
SHEETS = sorted(SOURCE.glob("*/static/**/*.css"))
SCRIPTS = sorted(SOURCE.glob("*/static/**/*.js"))
#: The ward round works without network: these and `ui/js/offline` load on its pages only and have a budget of their own.
OF_ROUND = ("rating.js", "queue.js", "files.js", "along.js")
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
PHYSICAL = re.compile(
    r"(?:^|[;{\s])(?:(?:margin|padding|border)-(?:left|right|top|bottom)(?:-\w+)?|left|right|top|bottom|"
    r"(?:min-|max-)?(?:width|height)|border-(?:top|bottom)-(?:left|right)-radius|text-align:\s*(?:left|right)|float)\s*:"
)


def name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def bare(path: Path) -> str:
    """A sheet without comments and without what is not a declaration."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    return re.sub(r"@media[^{]+", "@media", text)


@pytest.mark.parametrize("sheet", SHEETS, ids=name)
def test_colours_are_written_in_tokens_only(sheet):
    if sheet.name != "tokens.css":
        found = re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*[;}])", bare(sheet))
        assert not found, f"{found}: write a token"


@pytest.mark.parametrize("sheet", SHEETS, ids=name)
def test_properties_are_logical(sheet):
    found = PHYSICAL.findall(bare(sheet))
    assert not found, f"{found}: use inline-start, block-end, inline-size …, so that Hebrew is mirrored"


@pytest.mark.parametrize("sheet", SHEETS, ids=name)
def test_nothing_is_important_but_in_print(sheet):
    if sheet.name != "print.css":
        assert "!important" not in bare(sheet)


@pytest.mark.parametrize("sheet", SHEETS, ids=name)
def test_every_rule_lives_in_a_layer(sheet):
    text = re.sub(r"@layer [\w, ]+;", "", bare(sheet)).strip()
    depth = 0
    for part in re.split(r"([{}])", text):
        if part == "{":
            depth += 1
        elif part == "}":
            depth -= 1
        elif depth == 0 and part.strip():
            assert part.strip().startswith("@layer"), f"{part.strip()[:60]!r} stands outside a layer"
    assert depth == 0


def of_rooms(paths: list[Path]) -> int:
    """Bytes of the heaviest room's own files, compressed."""
    of_room: dict[str, int] = {}
    for path in paths:
        room = path.relative_to(SOURCE).parts[0]
        if room != "ui":
            of_room[room] = of_room.get(room, 0) + len(gzip.compress(path.read_bytes(), mtime=0))
    return max(of_room.values(), default=0)


def test_sheets_are_light():
    """What travels: the one sheet of every page and that of the heaviest room, compressed."""
    assert len(sheets.whole().packed) + of_rooms(SHEETS) <= 16_000


def test_the_sheet_of_every_page_is_sent_once_and_packed(client):
    address = reverse("ui:sheet", args=[sheets.whole().digest])
    packed = client.get(address, headers={"Accept-Encoding": "br, gzip"})
    assert gzip.decompress(packed.content) == client.get(address).content == sheets.whole().plain
    assert "Accept-Encoding" in packed["Vary"]
    assert "immutable" in packed["Cache-Control"]
    assert "immutable" not in client.get(reverse("ui:sheet", args=["of-yesterday"]))["Cache-Control"]


def test_scripts_are_light():
    frame = sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in (UI / "js").glob("*.js"))
    of_round = [path for path in SCRIPTS if path.name in OF_ROUND or path.parent.name == "offline"]
    assert frame + of_rooms([path for path in SCRIPTS if path not in of_round]) <= 16_000
    assert sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in of_round) <= 16_500


def test_base_loads_every_sheet_and_module():
    files = (UI / "css").rglob("*.css")
    assert {f"{name}.css" for name in sheets.names()} == {path.relative_to(UI / "css").as_posix() for path in files}
    assert {f"{module}.js" for module in MODULES} == {path.name for path in (UI / "js").glob("*.js")}


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_scripts_load_nothing_and_run_no_text(script):
    text = script.read_text(encoding="utf-8")
    assert not re.search(
        r"https?://|\beval\(|new Function|innerHTML\s*=|\.style\.cssText|setAttribute\(\s*[\"']style", text
    )


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_templates_obey_the_content_policy(template):
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text), "style attributes are refused by the content policy"
    assert "<style" not in text
    assert not re.search(r"\son\w+\s*=\s*[\"']", text), "handlers belong into a module"
    for tag in re.findall(r"<script[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag, f"{tag}: inline script"
    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", text), "nothing is fetched from outside"


def test_icons_used_exist():
    sprite = (UI / "icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    used = set()
    for template in TEMPLATES:
        used |= set(re.findall(r"{%\s*icon \"([\w-]+)\"", template.read_text(encoding="utf-8")))
        used |= set(re.findall(r"\bicon=\"([\w-]+)\"", template.read_text(encoding="utf-8")))
    assert used <= drawn, f"not in the sprite: {sorted(used - drawn)}"
