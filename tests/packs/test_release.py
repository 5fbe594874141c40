"""A release freezes what ratings mean; afterwards no bearing field changes without being declared."""

from collections.abc import Callable
from pathlib import Path

import pytest

from beiji.packs.__main__ import main
from beiji.packs.checker import check

TRI = "standards/demo/domains/tri.yaml"
ED = "capabilities/core/ed.yaml"
CHANGES = "standards/demo/changes.yaml"
PACK = "standards/demo/pack.yaml"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Call `beiji pack …` as from a terminal; returns the exit code."""

    def call(*words: str) -> int:
        monkeypatch.setattr("sys.argv", ["beiji pack", *words])
        return main()

    return call


@pytest.fixture
def frozen(mini: Path, run: Callable[..., int]) -> Path:
    """The small packs with both packs released."""
    assert run("release", "demo", "--root", str(mini)) == 0
    assert run("release", "core-capabilities", "--root", str(mini)) == 0
    assert check([mini]) == []
    return mini


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def codes(root: Path) -> list[str]:
    return [problem.code for problem in check([root])]


def test_a_changed_anchor_is_refused_until_it_is_declared(frozen: Path) -> None:
    edit(frozen, TRI, "A clearing rule hangs beside the board.", "A clearing rule hangs in the office.")
    (undeclared, version) = check([frozen])
    assert "tri.yaml:21:7 P150 Anchor 1 of TRI-6 differs from 1.1.0." in str(undeclared)
    assert str(undeclared).endswith("Declare it in changes.yaml: lowered or raised or reworded.")
    assert version.code == "P154"
    edit(frozen, PACK, "version: 1.1.0", "version: 1.1.1")
    declared = "- version: 1.1.1\n  changes:\n    - {item: TRI-6, change: reworded, why: The board stands there.}\n"
    (frozen / CHANGES).write_text((frozen / CHANGES).read_text(encoding="utf-8") + declared, encoding="utf-8")
    assert codes(frozen) == []


def test_a_raised_bar_needs_a_new_edition_and_a_minor_version(frozen: Path) -> None:
    edit(frozen, TRI, "2 staff of this shift show", "3 staff of this shift show")
    edit(frozen, TRI, "当班2人能指出", "当班3人能指出")
    edit(frozen, TRI, "2 אנשי המשמרת", "3 אנשי המשמרת")
    edit(frozen, PACK, "version: 1.1.0", "version: 1.1.1")
    declared = "- version: 1.1.1\n  changes:\n    - {item: TRI-6, change: raised, why: Two were not enough.}\n"
    (frozen / CHANGES).write_text((frozen / CHANGES).read_text(encoding="utf-8") + declared, encoding="utf-8")
    sentences = [problem.sentence for problem in check([frozen])]
    assert any("its edition is still 1. Raise the edition by one." in sentence for sentence in sentences)
    assert any("need at least 1.2.0" in sentence for sentence in sentences)
    edit(frozen, TRI, "edition: 1", "edition: 2")
    edit(frozen, PACK, "version: 1.1.1", "version: 1.2.0")
    edit(frozen, CHANGES, "version: 1.1.1", "version: 1.2.0")
    assert codes(frozen) == []


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("unit: teams", "unit: people", "unit"),
        ("small: {0: 1, 30: 1, 60: 2, 120: 2}", "small: {0: 1, 30: 1, 60: 1, 120: 2}", "target"),
        ("zero_at: 60", "zero_at: 90", "zero_at"),
        ("exercised: 365, performed: 730}\n  prove_in", "exercised: 180, performed: 730}\n  prove_in", "validity_days"),
        ("prove_in: [day, night]", "prove_in: [night]", "prove_in"),
    ],
)
def test_bearing_fields_of_capabilities_are_held(frozen: Path, old: str, new: str, field: str) -> None:
    edit(frozen, ED, old, new)
    sentences = [problem.sentence for problem in check([frozen]) if problem.code == "P150"]
    assert len(sentences) == 1
    assert f'"{field}" of ' in sentences[0]


def test_a_source_or_an_advice_needs_no_declaration_but_a_patch_version(frozen: Path) -> None:
    edit(frozen, TRI, "Time one clearing at night.", "Time 1 clearing at night.")
    edit(frozen, TRI, "夜间做一次计时腾空。", "夜间做1次计时腾空。")
    edit(frozen, TRI, "למדוד פינוי אחד בלילה.", "למדוד פינוי 1 בלילה.")
    assert codes(frozen) == ["P154"]
    edit(frozen, PACK, "version: 1.1.0", "version: 1.1.1")
    assert codes(frozen) == []


def test_an_item_that_is_gone_or_new_is_declared(frozen: Path) -> None:
    edit(frozen, ED, "- id: named-executive", "- id: named-deputy")
    sentences = [problem.sentence for problem in check([frozen]) if problem.code == "P150"]
    assert any("named-executive is gone since 1.0.0" in sentence for sentence in sentences)
    assert any("named-deputy is new since the last release" in sentence for sentence in sentences)


def test_a_release_is_never_written_twice_and_broken_packs_are_not_released(
    frozen: Path, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    before = (frozen / "released" / "demo-1.1.0.yaml").read_bytes()
    assert run("release", "demo", "--root", str(frozen)) == 1
    assert "demo 1.1.0 is released already. Raise the version in pack.yaml." in capsys.readouterr().err
    edit(frozen, TRI, "crit: must-pass", "crit: X")
    assert run("release", "demo", "--root", str(frozen)) == 1
    assert "nothing was released" in capsys.readouterr().err
    assert (frozen / "released" / "demo-1.1.0.yaml").read_bytes() == before


def test_an_unknown_pack_is_named_with_the_nearest(
    mini: Path, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("release", "demmo", "--root", str(mini)) == 2
    assert "There is no pack demmo to release. Did you mean demo?" in capsys.readouterr().err
