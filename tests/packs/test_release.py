"""A release freezes what ratings mean; afterwards no bearing field changes without being declared."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from beiji.packs.__main__ import main
from beiji.packs.checker import check
from beiji.packs.frozen import freeze, released, thaw
from beiji.packs.library import packs_root, scan
from beiji.packs.release import rule_differences

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
    assert codes(frozen) == ["P159"]  # the capability's edition: see test_changes


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
    before = (frozen / "released" / "demo-1.1.0.json").read_bytes()
    assert run("release", "demo", "--root", str(frozen)) == 1
    assert "demo 1.1.0 is released already. Raise the version in pack.yaml." in capsys.readouterr().err
    edit(frozen, TRI, "crit: must-pass", "crit: X")
    assert run("release", "demo", "--root", str(frozen)) == 1
    assert "nothing was released" in capsys.readouterr().err
    assert (frozen / "released" / "demo-1.1.0.json").read_bytes() == before


def test_an_unknown_pack_is_named_with_the_nearest(
    mini: Path, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("release", "demmo", "--root", str(mini)) == 2
    assert "There is no pack demmo to release. Did you mean demo?" in capsys.readouterr().err


def declare(root: Path, version: str, *lines: str, file: str = CHANGES) -> None:
    """Declare changes for a version and give the standard that version."""
    text = (root / file).read_text(encoding="utf-8") if (root / file).is_file() else ""
    entry = f"- version: {version}\n  changes:\n" + "".join(f"    - {{{line}}}\n" for line in lines)
    (root / file).write_text(text + entry, encoding="utf-8")
    if file == CHANGES:
        edit(root, PACK, "version: 1.1.0", f"version: {version}")


def test_a_release_keeps_everything_in_every_language_and_reads_back_equal(frozen: Path) -> None:
    (kept,) = released(frozen, "demo")
    assert kept == freeze(scan(frozen), "demo")
    assert kept.items["TRI-6"]["anchors"]["2"]["zh-Hans"] == "当班2人能指出看板上每位患者的去向。"
    assert kept.rules["parameters"]["ed_clear_min"] == {"large": 15, "tertiary": 15, "county": 20, "small": 20}


def test_an_old_release_can_be_loaded_again_as_it_was(frozen: Path) -> None:
    for pack in ("mci-hospital", "core-capabilities"):
        kept = released(packs_root(), pack)[0]
        again = thaw(kept)
        assert (again.id, again.version, again.hash) == (pack, kept.version, kept.hash)
    library = scan(frozen)
    assert thaw(freeze(library, "core-capabilities")) == library.capability_packs["core-capabilities"]
    whole = library.standards["demo"]
    assert thaw(freeze(library, "demo")) == whole.model_copy(update={"releases": ()})


@pytest.mark.parametrize(
    ("old", "new", "item", "kind"),
    [
        ("drill_interval_days: 730", "drill_interval_days: 365", "drill_interval_days", "parameter"),
        ("{large: 15, tertiary: 15, county: 20", "{large: 15, tertiary: 15, county: 25", "ed_clear_min", "parameter"),
        ("S: 35, E: 20", "S: 30, E: 25", "rollups", "weight"),
        ("cutoffs: {3: 0.80", "cutoffs: {3: 0.85", "cutoffs", "weight"),
        ("scorer: weighted-levels", "asks: [large, tertiary, county]\nscorer: weighted-levels", "asks", "applies"),
    ],
)
def test_a_released_threshold_or_weight_does_not_change_unsaid(
    frozen: Path, old: str, new: str, item: str, kind: str
) -> None:
    edit(frozen, PACK, old, new)
    sentences = [problem.sentence for problem in check([frozen]) if problem.code == "P150"]
    assert len(sentences) == 1
    assert sentences[0].startswith(f'"{item}" of ')
    assert f"Declare {item} in changes.yaml: " in sentences[0]
    declare(frozen, "1.2.0", f"item: {item}, change: {kind}, why: Measured.")
    assert codes(frozen) == []


def test_the_order_of_the_classes_that_are_asked_says_nothing(frozen: Path) -> None:
    now = freeze(scan(frozen), "demo")
    one, other, fewer = (
        replace(now, header={**now.header, "asks": asks})
        for asks in (["large", "county"], ["county", "large"], ["county"])
    )
    assert list(rule_differences(one, other)) == []
    assert [(d.item, d.old, d.new) for d in rule_differences(one, fewer)] == [("asks", ["county", "large"], ["county"])]


def test_the_weights_of_two_domains_are_declared_each(frozen: Path) -> None:
    edit(frozen, PACK, "weight: 60", "weight: 50")
    edit(frozen, PACK, "weight: 40", "weight: 50")
    declare(frozen, "1.2.0", "item: TRI, change: weight, why: Measured.")
    (left,) = [problem.sentence for problem in check([frozen])]
    assert left == '"GOV" of domains differs from 1.1.0. Declare GOV in changes.yaml: retired or weight.'


def test_capabilities_are_declared_in_their_own_folder(frozen: Path) -> None:
    edit(frozen, ED, "exercised: 365, performed: 730}\n  prove_in", "exercised: 180, performed: 730}\n  prove_in")
    edit(frozen, "capabilities/core/pack.yaml", "version: 1.0.0", "version: 1.1.0")
    assert codes(frozen) == ["P150"]
    declare(frozen, "1.1.0", "item: ed-clear-time, change: validity", file="capabilities/core/changes.yaml")
    assert codes(frozen) == []


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("item: TRI-66, change: wording", "TRI-66 is declared but is in no release. Did you mean TRI-6?"),
        (
            "item: TRI-6, change: unit",
            "TRI-6 is declared unit without factor. Add it: old levels and numbers go by it.",
        ),
        (
            "item: TRI-6, change: merged",
            "TRI-6 is declared merged without of. Add it: old levels and numbers go by it.",
        ),
        ("item: TRI-6, change: merged, of: [TRI-77]", "TRI-77 in of of TRI-6 does not exist. Did you mean TRI-6?"),
    ],
)
def test_a_declaration_that_leads_nowhere_is_named(frozen: Path, line: str, sentence: str) -> None:
    declare(frozen, "2.0.0", line)
    assert sentence in [problem.sentence for problem in check([frozen]) if problem.code == "P157"]


def test_a_release_file_that_was_touched_is_named_and_nothing_is_compared(frozen: Path) -> None:
    (frozen / "released" / "demo-1.1.0.json").write_text("{", encoding="utf-8")
    (only,) = check([frozen])
    assert only.code == "P156"
    assert "demo-1.1.0.json in released/ cannot be read. It is never edited: restore it" in only.sentence


def test_what_is_installed_is_released_or_on_the_way_to_the_next_release() -> None:
    """The packs of this house: 1.0 is kept, and nothing differs from the newest release unsaid."""
    for pack in ("mci-hospital", "core-capabilities"):
        assert released(packs_root(), pack)[0].version == "1.0.0"
    assert [problem for problem in check() if problem.code in ("P150", "P151", "P154", "P156", "P157")] == []
