"""Instruments: what the checker refuses, answers from a table, and another body's standard brought in from a workbook."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.packs.test_command import run

from beiji.packs import packs_root
from beiji.packs.checker import check
from beiji.packs.library import scan

FIRST = "instruments/sample-levels.yaml"


@pytest.fixture
def packs(mini: Path) -> Path:
    """The small packs with the samples of instruments."""
    shutil.copytree(packs_root() / "instruments", mini / "instruments")
    return mini


@pytest.fixture
def call(packs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Run a pack command on these packs: exit code, lines of output, lines of error."""

    def command(*words: object) -> tuple[int, list[str], list[str]]:
        code = run(monkeypatch, *map(str, words), "--root", str(packs))
        said = capsys.readouterr()
        return code, said.out.splitlines(), said.err.splitlines()

    return command


CASES = [
    ("sample-levels", "weight: 60", "weight: 50", "P148 The weights of the groups add up to 90. Make them 100."),
    ("sample-index", "weight: 40", "weight: 50", "P148 The weights of the items of NON add up to 110. Make them 100."),
    ("sample-levels", "  - id: ENT-2", "  - id: ENT-1", "P152 ENT-1 is used twice among the items. Give this one its own id."),
    ("sample-levels", "group: STF", "group: STAF", 'P134 Group "STAF" is unknown. Did you mean STF?'),
    ("sample-levels", "at_most: C}", "at_most: X}", 'P134 Grade "X" is unknown. Add it to grades.'),
    ("sample-levels", "value: 1/3, count: 1, ", "", "P167 The cap must-pass-open has no value. Add it."),
    ("sample-levels", "at_least: 0.60", "at_least: 0.90", "P167 Grade B does not begin below A. List grades from the highest at_least down."),
    ("sample-levels", "  - code: D\n    at_least: 0\n", "  - code: D\n    at_least: 0.10\n", "P167 The last grade D begins at 0.1. Let it begin at 0."),
    ("sample-share", "rule: share-of-standards", "rule: share-of-standards\n  values: {full: 1, no: 0}", "P167 share-of-standards has fixed values. Take values: away."),
    ("sample-share", "complete: 1", "complete: 1\n  rescale: true", "P167 rescale: belongs to safety-index; share-of-standards has nothing to stretch."),
    ("sample-share", "  - id: GOV\n", "  - id: GOV\n    weight: 50\n", "P167 share-of-standards weighs no groups. Take the weight of GOV away."),
    ("sample-share", "    pillar: E\n", "    pillar: E\n    must_pass: true\n", "P167 must_pass: belongs to weighted-levels; share-of-standards knows none."),
    ("sample-share", "      full:\n", "      fulll:\n", 'P103 GOV-1 describes "fulll", which is no answer of share-of-standards. Did you mean full?'),
    ("sample-share", "GOV-4: partial", "GOV-4: partly", 'P103 GOV-4 has no answer "partly". Did you mean partial?'),
    ("sample-share", "GOV-1: full", "GOV-1: na", "P103 GOV-1 always applies. Answer it, or leave it out."),
    ("sample-share", "    pillar: E\n", "    pillar: E\n    reads: ed-cleer-time\n", 'P131 Capability "ed-cleer-time" is unknown. Did you mean ed-clear-time?'),
    ("sample-hazards", "NAT-2: [1, 3,", "NAT-2: [1, 4,", "P103 NAT-2 needs 7 whole numbers from 0 to 3: probability, human,"),
    ("sample-hazards", "    group: NAT\n", "    group: NAT\n    pillar: S\n", "P167 NAT-1 is a hazard: it has no weight, pillar or fours."),
    ("sample-hazards", "score: 56/243", "score: 1/4", "P168 The score of NAT is 56/243; the example says 1/4. Correct one."),
    ("sample-hazards", "TEC-1: 10/27", "TEC-1: 1/3", "P168 The risk of TEC-1 is 10/27; the example says 1/3. Correct one."),
    ("sample-levels", "caps: [must-pass-open]", "caps: []", "P168 The caps of the whole is must-pass-open; the example says none."),
]  # fmt: skip


def test_the_samples_have_no_fault(packs: Path) -> None:
    assert [str(p) for p in check([packs]) if p.code not in ("L13", "P135")] == []


@pytest.mark.parametrize(("name", "old", "new", "line"), CASES, ids=[case[3][:40] for case in CASES])
def test_what_does_not_fit_the_scorer_is_named(packs: Path, name: str, old: str, new: str, line: str) -> None:
    path = packs / "instruments" / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    printed = [str(problem) for problem in check([path])]
    assert any(line in one for one in printed), "\n".join(printed)


def test_answers_are_scored_and_every_bad_cell_is_named(call: Callable[..., Any], tmp_path: Path) -> None:
    table = tmp_path / "answers.csv"
    rows = [
        "item,answer,reason",
        "GOV-1,full,",
        "GOV-5,na,",
        "GOV-9,no,",
        "GOV-2,ful,",
        "GOV-1,no,",
        "RES-1,na,none here",
        "RES-4,,",
    ]
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    code, out, err = call("score", "sample-share", table)
    assert code == 1
    assert out == [
        "answers.csv line 3, reason X321 GOV-5 does not apply and nobody says why. Write the reason.",
        'answers.csv line 4, item X304 sample-share has no item "GOV-9". Did you mean GOV-5?',
        'answers.csv line 5, answer X320 GOV-2 has no answer "ful". Did you mean full?',
        "answers.csv line 6, item X305 GOV-1 stands twice. Keep one of the rows.",
        "answers.csv line 7, answer X320 RES-1 always applies. Answer it, or leave it out.",
    ]
    assert err == ["Nothing was scored. Mend the cells first."]
    table.write_text("item,answer,reason\nGOV-1,full,\nGOV-4,no,\nGOV-5,na,no neighbour\n", encoding="utf-8")
    code, out, err = call("score", "sample-share", table, "--language", "zh-Hans")
    assert (code, err) == (0, [])
    assert out[1] == (
        "whole: 50.0 % (1/2); at least 11.1 % (1/9) with what was not assessed; at least non 未达标; "
        "2 of 9 assessed, 1 not applicable"
    )
    code, out, _ = call("score", "sample-share", table, "--json")
    assert json.loads("\n".join(out))["groups"]["GOV"]["score"] == "1/2"
    assert call("score", "sample-shar", table)[0] == 2


def test_a_sheet_of_answers_comes_back(call: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "answers.xlsx"
    assert call("template", "sample-hazards", "-o", path, "--language", "he")[0] == 0
    book = load_workbook(path)
    sheet = book["answers"]
    assert [cell.value for cell in sheet[2]][:2] == ["NAT-1", "שיטפון"]
    for row, given in ((2, (3, 3, 2, 2, 2, 2, 1)), (3, (1, 3, 3, 3, 3, 2, 5)), (4, ("na",))):
        for at, value in enumerate(given):
            sheet.cell(row, 3 + at).value = value
    sheet["J4"] = "inland"
    book.save(path)
    code, out, _ = call("score", "sample-hazards", path)
    assert (code, out) == (
        1,
        ['answers.xlsx answers!I3 X320 NAT-2 has "5" here. Write 0, 1, 2 or 3, or na in the first column.'],
    )
    sheet["I3"] = 2
    book.save(path)
    code, out, _ = call("score", "sample-hazards", path)
    assert "  NAT Natural: 23.0 % (56/243); no grade, not complete" not in out
    assert "  NAT Natural: 23.0 % (56/243); low Low; 2 of 2 assessed, 1 not applicable" in out
    assert out[-3:] == [
        "  NAT-1 Flood: 66.7 % (2/3)",
        "  NAT-2 Earthquake: 29.6 % (8/27)",
        "  NAT-3 Tsunami: 0.0 % (0)",
    ]


def filled(path: Path, rule: str, cells: dict[str, Any]) -> None:
    """A template with a small standard in it: two groups, three items; `cells` overwrites (`items!B3`)."""
    weights = rule in ("weighted-levels", "safety-index")
    item_weights = (
        (100, 40, 60) if rule == "safety-index" else (1, 1, 1) if rule == "hazard-vulnerability" else (2, 1.5, 3)
    )
    content: dict[str, Any] = {
        "about!B5": "Own words", "about!C6": None, "groups!A2": "ONE", "groups!C2": "First", "groups!A3": "TWO", "groups!C3": "Second",
        "grades!A2": "good", "grades!B2": 0.66, "grades!C2": "Good", "grades!A3": "poor", "grades!B3": 0, "grades!C3": "Poor",
    }  # fmt: skip
    if weights:
        content |= {"groups!B2": 70, "groups!B3": 30}
    for row, (code, group, weight) in enumerate(
        zip(("A-1", "B-1", "B-2"), ("ONE", "TWO", "TWO"), item_weights, strict=True), 2
    ):
        content |= {
            f"items!A{row}": code,
            f"items!B{row}": group,
            f"items!C{row}": weight,
            f"items!I{row}": f"Clause {code}",
        }
    book = load_workbook(path)
    for place, value in (content | cells).items():
        sheet, _, cell = place.partition("!")
        book[sheet][cell].value = value
    book.save(path)


@pytest.mark.parametrize("rule", ["weighted-levels", "share-of-standards", "safety-index", "hazard-vulnerability"])
def test_a_foreign_standard_is_brought_in_by_any_scorer(
    packs: Path, call: Callable[..., Any], tmp_path: Path, rule: str
) -> None:
    path = tmp_path / "new.xlsx"
    assert call("template", "-o", path, "--rule", rule)[0] == 0
    filled(path, rule, {})
    code, out, err = call("from-xlsx", "foreign", path)
    target = packs / "instruments" / "foreign.yaml"
    assert (code, err) == (0, [])
    assert f"foreign 1.0.0: 3 items in 2 groups, scored by {rule}. Nothing was written; add --apply" in out[-1]
    assert not target.exists()
    code, out, _ = call("from-xlsx", "foreign", path, "--apply")
    assert code == 0
    made = scan(packs).instruments["foreign"]
    assert (made.scorer.rule, [i.title["en"] for i in made.items]) == (rule, ["Clause A-1", "Clause B-1", "Clause B-2"])
    assert made.languages == {"en": "full", "zh-Hans": "none", "he": "none"}
    assert [str(p) for p in check([target])] == []
    code, out, _ = call("from-xlsx", "foreign", path, "--apply")
    assert code == 1
    assert "X322 There is a pack foreign already." in out[0]


BAD = [
    ({"items!C3": "=1+1"}, 'items!C3 X301 "weight" holds a formula. Paste it as a value.'),
    ({"items!C3": "heavy"}, 'items!C3 X302 "weight" is "heavy", which is no number. Write digits as in 15, 0.5 or 1/3.'),
    ({"items!D2": "maybe"}, 'items!D2 X302 "must_pass" is "maybe". Write yes or no.'),
    ({"items!B4": "TWOO"}, 'items!B4 P134 Group "TWOO" is unknown. Did you mean TWO?'),
    ({"items!F2": "Q"}, 'items!F2 P103 pillar "Q" of A-1 is not S, E, K or T. S procedure, E equipment and space'),
    ({"items!A4": "B-1"}, "items!A4 P152 B-1 is used twice among the items."),
    ({"items!I3": None}, 'items!A3 P114 B-1 has no "title". Add it.'),
    ({"items!I3": "Two\nlines"}, 'items!I3 X303 "title en" has a line break. Write it as one paragraph.'),
    ({"items!J2": "第一条"}, "items!I3 P110 \"title\" of B-1 has no zh-Hans. Add it."),
    ({"items!I2": "Within 15 min", "items!J2": "20分钟内"}, "items!J2 P120"),
    ({"groups!B2": 60}, "groups!A1 P148 The weights of the groups add up to 90. Make them 100."),
    ({"grades!B2": 0}, "grades!B3 P167 Grade poor does not begin below good."),
    ({"items!L2": "who"}, "items!L2 X302 A neighbouring clause needs source, clause and sure."),
    ({"items!L2": "who", "items!N2": "1.2", "items!P2": "seen"}, 'items!L2 P133 Source "who" is unknown. Add it to sources.'),
    ({"about!A9": "valeus"}, 'about!A9 X304 "valeus" is no field of an instrument. Did you mean values?'),
    ({"about!B2": "instrument-9"}, "about!B2 X300 The form is instrument-9; this program reads instrument-1."),
    ({"about!B3": "other"}, "about!B3 X322 The workbook says other, you say foreign. Use one id."),
    ({"about!B9": "0: 0"}, 'about!B9 X302 "0: 0" has no =. Write each answer as low=1/4, with commas between.'),
    ({"about!B4": "1.0"}, 'about!B4 P118 "version" of foreign "1.0" is not a version.'),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "line"), BAD, ids=[case[1][:28] for case in BAD])
def test_each_bad_cell_is_named_and_nothing_is_written(
    packs: Path, call: Callable[..., Any], tmp_path: Path, cells: dict[str, Any], line: str
) -> None:
    path = tmp_path / "new.xlsx"
    call("template", "-o", path, "--rule", "weighted-levels")
    filled(path, "weighted-levels", cells)
    code, out, err = call("from-xlsx", "foreign", path, "--apply")
    assert any(one.startswith(f"new.xlsx {line}") for one in out), "\n".join(out)
    assert code == 1
    assert err == ["Nothing was written. Mend the cells first."]
    assert not (packs / "instruments" / "foreign.yaml").exists()
