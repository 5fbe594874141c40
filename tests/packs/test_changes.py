"""Every kind of change of the change table: undeclared it is refused, declared it passes; levels never count by accident."""

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beiji.packs.__main__ import main
from beiji.packs.checker import check, examined
from beiji.packs.diff import differences_of
from beiji.packs.effects import EFFECTS
from beiji.packs.formatting import ORDER, formatted
from beiji.packs.frozen import everything, freeze, released, thaw, write
from beiji.packs.library import packs_root, scan
from beiji.packs.release import BEARING
from beiji.packs.schemas.capabilities import Capability
from beiji.packs.schemas.declared import Change
from beiji.packs.schemas.standards import Indicator
from beiji.packs.strict import read

MINI = Path(__file__).parent / "mini"
TRI, ED = "standards/demo/domains/tri.yaml", "capabilities/core/ed.yaml"
PACK, CORE = "standards/demo/pack.yaml", "capabilities/core/pack.yaml"


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small packs, released; copied for every case."""
    root = Path(shutil.copytree(MINI, tmp_path_factory.mktemp("released") / "packs"))
    library = scan(root)
    for pack in ("demo", "core-capabilities"):
        write(root, freeze(library, pack))
    return root


@pytest.fixture
def frozen(once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(once, tmp_path / "packs"))


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def declare(root: Path, version: str, *lines: str, pack: str = PACK) -> None:
    folder = (root / pack).parent
    path = folder / "changes.yaml"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    path.write_text(
        text + f"- version: {version}\n  changes:\n" + "".join(f"    - {{{line}}}\n" for line in lines),
        encoding="utf-8",
    )
    header = root / pack
    header.write_text(
        re.sub(r"version: [0-9.]+", f"version: {version}", header.read_text(encoding="utf-8"), count=1),
        encoding="utf-8",
    )


def sentences(root: Path, *codes: str) -> list[str]:
    return [problem.sentence for problem in check([root]) if not codes or problem.code in codes]


def second(entry: str, id: str) -> str:
    """A copy of the only indicator with other words, so that no linter takes it for the same."""
    words = entry.replace("TRI-6", id)
    for old, new in (
        ("Nobody on this shift can say where the patients would go.", f"Nobody of {id} knows the patients' ward."),
        ("当班无人能说出患者的去向。", f"{id}无人知道患者去哪个病房。"),
        ("איש במשמרת אינו יודע לאן יועברו המטופלים.", f"איש מ-{id} אינו יודע לאיזו מחלקה."),
        ("A clearing rule hangs beside the board.", f"The rule {id} hangs at the door."),
        ("看板旁张贴有腾空规则。", f"{id}规则贴在门口。"),
        ("כלל הפינוי תלוי ליד הלוח.", f"הכלל {id} תלוי בדלת."),
        (
            "2 staff of this shift show where each patient on the board would go.",
            f"2 nurses of {id} point to the ward.",
        ),
        ("当班2人能指出看板上每位患者的去向。", f"{id}的2名护士指出病房。"),
        ("2 אנשי המשמרת מראים לאן יעבור כל מטופל שעל הלוח.", f"2 אחיות של {id} מצביעות על המחלקה."),
    ):
        assert old in words
        words = words.replace(old, new)
    return words


OWN_CAPABILITY = """
- id: ed-clear-decided
  kind: quantity
  unit: min
  better: lower
  target: {large: 10, tertiary: 10, county: 10, small: 10}
  validity_days: {seen: 365, exercised: 365, performed: 730}
  zero_at: 60
  feeds: none
  because:
    en: Part of the whole.
    zh-Hans: 是整体的一部分。
    he: חלק מן השלם.
  title:
    en: Time to decide
    zh-Hans: 决定去向的时间
    he: זמן ההחלטה
"""


def test_every_declarable_kind_has_an_effect_and_every_effect_can_be_declared() -> None:
    assert set(EFFECTS) == set(Change.model_fields["change"].annotation.__args__)


def test_a_split_gives_its_items_capabilities_of_their_own_so_that_no_old_level_counts(frozen: Path) -> None:
    text = (frozen / TRI).read_text(encoding="utf-8")
    (frozen / TRI).write_text(second(text, "TRI-11"), encoding="utf-8")
    declare(frozen, "2.0.0", "item: TRI-6, change: split, into: [TRI-11]")
    (refused,) = sentences(frozen, "P159")
    assert refused == (
        "TRI-11 reads ed-clear-time, whose levels were given to TRI-6; they would count. Give it a capability of its own."
    )
    with (frozen / ED).open("a", encoding="utf-8") as file:
        file.write(OWN_CAPABILITY)
    declare(frozen, "1.1.0", "item: ed-clear-decided, change: new", pack=CORE)
    edit(frozen, TRI, "reads: ed-clear-time", "reads: ed-clear-decided")
    assert sentences(frozen) == []


def test_a_split_without_its_parts_is_refused(frozen: Path) -> None:
    text = (frozen / TRI).read_text(encoding="utf-8")
    (frozen / TRI).write_text(second(text, "TRI-11"), encoding="utf-8")
    declare(frozen, "2.0.0", "item: TRI-6, change: split", "item: TRI-11, change: new")
    assert "TRI-6 is declared split without into. Add it: old levels and numbers go by it." in sentences(frozen)


def test_a_merger_counts_no_old_level_either(frozen: Path) -> None:
    text = (frozen / TRI).read_text(encoding="utf-8")
    (frozen / TRI).write_text(second(text, "TRI-12"), encoding="utf-8")
    declare(frozen, "2.0.0", "item: TRI-12, change: merged, of: [TRI-6]", "item: TRI-6, change: retired")
    assert any(
        "TRI-12 reads ed-clear-time, whose levels were given to TRI-6" in said for said in sentences(frozen, "P159")
    )


def test_a_raised_anchor_raises_the_edition_of_what_keeps_its_levels(frozen: Path) -> None:
    for old, new in (("2 staff of this", "3 staff of this"), ("当班2人能指出", "当班3人能指出"), ("2 אנשי", "3 אנשי")):
        edit(frozen, TRI, old, new)
    edit(frozen, TRI, "edition: 1", "edition: 2")
    declare(frozen, "1.2.0", "item: TRI-6, change: raised, why: Two were too few.")
    (left,) = sentences(frozen)
    assert left.startswith("TRI-6 is declared raised, but ed-clear-time keeps edition 1;")
    edit(frozen, ED, "- id: ed-clear-time\n", "- id: ed-clear-time\n  edition: 2\n")
    declare(frozen, "1.1.0", "item: ed-clear-time, change: reworded", pack=CORE)
    assert sentences(frozen) == []


def test_a_retired_item_leaves_its_id_behind_for_ever(frozen: Path) -> None:
    text = (frozen / TRI).read_text(encoding="utf-8")
    (frozen / TRI).write_text(second(text, "TRI-11"), encoding="utf-8")
    declare(frozen, "1.2.0", "item: TRI-6, change: retired", "item: TRI-11, change: new")
    assert sentences(frozen) == []
    write(frozen, freeze(scan(frozen), "demo"))
    (frozen / TRI).write_text(text, encoding="utf-8")
    declare(frozen, "1.3.0", "item: TRI-11, change: retired", "item: TRI-6, change: new")
    assert any("ids are never used" in said for said in sentences(frozen, "P151"))


@pytest.mark.parametrize(
    ("file", "old", "new", "item", "kind", "version"),
    [
        (TRI, "crit: must-pass", "crit: high", "TRI-6", "weight", "1.2.0"),
        (TRI, "core: true", "core: false", "TRI-6", "weight", "1.2.0"),
        (TRI, "pillar: T", "pillar: K", "TRI-6", "weight", "1.2.0"),
        (TRI, "effort: M", "effort: M\n  classes: [county, small]", "TRI-6", "applies", "1.2.0"),
        (TRI, "evidence: {2: [paper-clearing-log]", "evidence: {2: [timed-ed-clearing]", "TRI-6", "reworded", "1.2.0"),
        (ED, "exercised: 365, performed: 730}\n  prove", "exercised: 180, performed: 730}\n  prove", "ed-clear-time", "validity", "1.1.0"),
        (ED, "feeds: {key: hospital.ed_clear_min, how: value}", "feeds: none\n  because:\n    en: No.\n    zh-Hans: 否。\n    he: לא.", "ed-clear-time", "engine", "1.1.0"),
        (ED, "target: {large: 15, tertiary: 15", "target: {large: 12, tertiary: 15", "ed-clear-time", "lowered", "1.1.0"),
    ],
)  # fmt: skip
def test_each_kind_is_refused_undeclared_and_passes_declared(
    frozen: Path, file: str, old: str, new: str, item: str, kind: str, version: str
) -> None:
    edit(frozen, file, old, new)
    assert any(f" of {item} " in said for said in sentences(frozen, "P150"))
    declare(frozen, version, f"item: {item}, change: {kind}", pack=PACK if file == TRI else CORE)
    assert sentences(frozen, "P150", "P154", "P157", "P159") == []


def test_a_smaller_sample_needs_a_new_edition_or_it_would_never_take_effect(frozen: Path) -> None:
    edit(frozen, ED, "prove_in: [day, night]", "min_sample: 3\n  prove_in: [day, night]")
    declare(frozen, "1.1.0", "item: ed-clear-time, change: lowered", pack=CORE)
    (left,) = sentences(frozen)
    assert left.startswith('"min_sample" of ed-clear-time differs from 1.0.0, but its edition is still 1.')


def test_a_moved_item_is_declared_and_keeps_its_id_and_its_domain_when_read_back(frozen: Path) -> None:
    (frozen / "standards/demo/domains/gov.yaml").write_text(
        (frozen / TRI).read_text(encoding="utf-8"), encoding="utf-8"
    )
    (frozen / TRI).unlink()
    edit(frozen, PACK, "    file: domains/tri.yaml\n", "")
    edit(frozen, PACK, "  - id: GOV\n    weight: 40\n", "  - id: GOV\n    weight: 40\n    file: domains/gov.yaml\n")
    assert "TRI-6 is in GOV; in 1.1.0 it was in TRI. Declare it in changes.yaml: moved." in sentences(frozen, "P150")
    declare(frozen, "1.2.0", "item: TRI-6, change: moved")
    assert sentences(frozen) == []
    write(frozen, freeze(scan(frozen), "demo"))
    again = thaw(released(frozen, "demo")[-1])
    assert list(again.domains["GOV"].indicators) == ["TRI-6"]
    assert thaw(released(frozen, "demo")[0]).domains["GOV"].indicators == {}


def test_a_changed_unit_converts_every_number_exactly_and_leaves_what_is_proven_proven(frozen: Path) -> None:
    for old, new in (
        ("unit: min", "unit: s\n  edition: 2"),
        (
            "target: {large: 15, tertiary: 15, county: 20, small: 20}",
            "target: {large: 900, tertiary: 900, county: 1200, small: 1300}",
        ),
        ("zero_at: 60", "zero_at: 3600"),
        (
            "feeds: {key: hospital.ed_clear_min, how: value}",
            "feeds: none\n  because:\n    en: No.\n    zh-Hans: 否。\n    he: לא.",
        ),
    ):
        edit(frozen, ED, old, new)
    declare(
        frozen,
        "1.1.0",
        "item: ed-clear-time, change: unit, factor: 60",
        "item: ed-clear-time, change: engine",
        pack=CORE,
    )
    target, raises = sorted(sentences(frozen))
    assert target.startswith('"target" of ed-clear-time is not the old one times 60. Convert it,')
    assert raises == "Only the unit of ed-clear-time changes, so what was proven stays proven. Write raises: false."
    edit(frozen, ED, "small: 1300", "small: 1200")
    edit(frozen, ED, "edition: 2", "edition: 2\n  raises: false")
    assert sentences(frozen) == []


def test_a_new_scale_says_what_becomes_of_each_level_and_never_makes_one_line(frozen: Path) -> None:
    edit(frozen, TRI, "edition: 1", "edition: 2")
    declare(frozen, "2.0.0", "item: TRI-6, change: scale")
    assert "TRI-6 is declared scale without levels. Add it: old levels and numbers go by it." in sentences(frozen)
    edit(frozen, "standards/demo/changes.yaml", "change: scale", "change: scale, levels: {0: 0, 1: 1, 2: 1}")
    (left,) = sentences(frozen)
    assert left.startswith("TRI-6 is declared scale, but ed-clear-time keeps edition 1;")
    edit(frozen, ED, "- id: ed-clear-time\n", "- id: ed-clear-time\n  edition: 2\n  raises: false\n")
    declare(frozen, "1.1.0", "item: ed-clear-time, change: reworded", pack=CORE)
    (left,) = sentences(frozen)
    assert left.endswith("what was rated below the new bar would go on counting. Take raises: false away.")


def test_a_part_that_keeps_the_id_of_a_split_is_asked_anew_too(frozen: Path) -> None:
    text = (frozen / TRI).read_text(encoding="utf-8")
    (frozen / TRI).write_text(second(text, "TRI-11"), encoding="utf-8")
    (frozen / TRI).write_text(text + (frozen / TRI).read_text(encoding="utf-8"), encoding="utf-8")
    declare(frozen, "2.0.0", "item: TRI-6, change: split, into: [TRI-6, TRI-11]")
    assert any(
        said.startswith("TRI-6 is declared a part of a split, but ed-clear-time keeps edition 1")
        for said in sentences(frozen, "P159")
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_bearing_field_of_any_item_changes_unsaid(once: Path, tmp_path: Path, data: st.DataObject) -> None:
    """Whatever is changed in a frozen release file, the pack that stands now is refused against it."""
    root = tmp_path / f"case-{data.draw(st.integers(0, 10**12))}"
    shutil.copytree(once, root / "packs")
    pack, thing = data.draw(st.sampled_from([("demo", Indicator), ("core-capabilities", Capability)]))
    (path,) = (root / "packs" / "released").glob(f"{pack}-*.json")
    kept = json.loads(path.read_text(encoding="utf-8"))
    id = data.draw(st.sampled_from(sorted(kept["items"])))
    field = data.draw(st.sampled_from([name for name in BEARING[thing] if name in kept["items"][id]]))
    kept["items"][id][field] = "another"
    kept["hash"] = "another"
    path.write_text(json.dumps(kept), encoding="utf-8")
    library = examined(root / "packs")
    said = [problem.sentence for problem in library.problems if problem.code in ("P150", "P156")]
    shutil.rmtree(root)
    assert any(id in sentence for sentence in said)


def test_what_differs_is_shown_by_item_level_and_language(frozen: Path) -> None:
    edit(frozen, TRI, "看板旁张贴有腾空规则。", "看板旁贴有腾空规则。")
    edit(frozen, TRI, "crit: must-pass", "crit: high")
    library = scan(frozen)
    found = differences_of(released(frozen, "demo")[0], freeze(library, "demo"))
    assert [(one.item, one.field, one.part, one.bearing) for one in found] == [
        ("TRI-6", "crit", "", True),
        ("TRI-6", "anchors", "1.zh-Hans", False),
    ]


def test_the_command_prints_differences_and_what_becomes_of_live_data(
    frozen: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(frozen, TRI, "crit: must-pass", "crit: high")
    declare(frozen, "1.2.0", "item: TRI-6, change: weight")

    def call(*words: str) -> int:
        monkeypatch.setattr("sys.argv", ["beiji pack", *words])
        return main()

    assert call("diff", "demo", "--root", str(frozen)) == 0
    said = capsys.readouterr()
    assert said.out == (
        "TRI-6 crit: must-pass → high [weight: levels stand; scores made before keep the weights of their day]\n"
    )
    assert said.err == "1 difference between 1.1.0 and 1.2.0.\n"
    assert call("diff", "demo", "--since", "0.9.0", "--root", str(frozen)) == 2
    assert "There is no release 0.9.0 of demo. Releases are: 1.1.0." in capsys.readouterr().err


def test_fields_and_languages_are_put_in_order_and_nothing_else_is_touched(
    frozen: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tidy = formatted((frozen / TRI).read_text(encoding="utf-8"), ORDER["domains"])
    jumbled = tidy.replace("  pillar: T\n", "").replace("  reads:", "  # a remark that stays\n  pillar: T\n  reads:")
    title = "    en: The emergency department can be emptied within {{ed_clear_min}} min\n"
    jumbled = jumbled.replace(title, "").replace(
        "    he: המלר\"ד מתפנה בתוך {{ed_clear_min}} דק'\n",
        f"    he: המלר\"ד מתפנה בתוך {{{{ed_clear_min}}}} דק'\n{title}",
        1,
    )
    (frozen / TRI).write_text(jumbled, encoding="utf-8")
    before = read(frozen / TRI).data
    monkeypatch.setattr("sys.argv", ["beiji pack", "fmt", "--check", str(frozen)])
    assert main() == 1
    monkeypatch.setattr("sys.argv", ["beiji pack", "fmt", str(frozen)])
    assert main() == 0
    assert read(frozen / TRI).data == before
    text = (frozen / TRI).read_text(encoding="utf-8")
    assert text.replace("  # a remark that stays\n", "") == tidy
    assert "  # a remark that stays\n  pillar: T\n" in text


def test_the_files_of_the_house_are_in_order() -> None:
    from beiji.packs.formatting import format_file

    assert [said for path in sorted(packs_root().rglob("*.yaml")) if (said := format_file(path, check=True))] == []


def test_everything_of_an_item_is_kept_but_what_is_as_always() -> None:
    library = scan(MINI)
    kept = everything(library.standards["demo"].domains["TRI"].indicators["TRI-6"])
    assert "edition" not in kept
    assert kept["core"] is True
