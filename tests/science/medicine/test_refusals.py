"""What the engine refuses is said in three languages: every sentence of the source is found and asked for, and a few are read as a person meets them."""

import ast
import re
from pathlib import Path

import pytest

import beiji
from beiji.cli import main
from beiji.science.errors import Problem, ScienceError
from beiji.science.refusals import SLOT, lines, say, sentence

ROOT = Path(beiji.__file__).parent
OF_THE_ENGINE = ("check.py", "check_live.py", "decisions.py", "errors.py", "session.py", "alone.py", "check_pathway.py", "run.py", "gain.py", "spread.py", "arms.py", "ranking.py", "together.py")
OF_PACKS = ("simulation.py", "simulation_request.py", "simulation_scenario.py", "simulation_lists.py", "simulation_fields.py", "simulation_basis.py", "simulation_overrides.py", "rank_candidates.py", "rank_file.py", "rank_run.py", "alone_run.py")
ENDINGS = (".", "?", ")")


def written(node):
    """A text of the source with a token for each part; None if it is made otherwise."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else part(v) for v in node.values)
    return None


def part(value):
    """What may stand in a slot: a hint or a remark that may be empty is left out, the rest is a token."""
    source = ast.unparse(value.value)
    optional = re.search(r"known\(|did_you_mean|hint|if unit else|if not good else", source)
    if source == "HOW_A_LAW":
        return "Write a number of minutes or, for example, {lognormal: {mean: 24, cv: 0.5}}."
    if source in ("fault", "clash"):
        return {"fault": "x1 is no parameter of the register.", "clash": "is used twice"}[source]
    return "" if optional else "x1"


def sentences():
    """Every sentence of a refusal in the source, as (file, text)."""
    for name in OF_THE_ENGINE:
        for node in ast.walk(ast.parse((ROOT / "science" / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Problem", "ScienceError.one"):
                yield from ((name, text) for text in map(written, node.args[1:3]) if text)
    for name in OF_PACKS:
        tree = ast.parse((ROOT / "packs" / name).read_text(encoding="utf-8"))
        inner = {id(v) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for v in ast.walk(node) if v is not node}
        docs = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(getattr(node, "body", None), list) and node.body and isinstance(node.body[0], ast.Expr)}
        for node in ast.walk(tree):
            text = written(node) if id(node) not in inner | docs else None
            if text and text.strip().endswith(ENDINGS) and " " in text.strip() and "\n" not in text:
                yield name, text.strip()


FOUND = sorted(set(sentences()))


def test_the_source_was_read():
    assert len(FOUND) > 140


@pytest.mark.parametrize("language", ["zh-Hans", "he"])
def test_every_refusal_of_the_source_is_said_in_every_language(language):
    missing = [(name, text) for name, text in FOUND if sentence(text, language) is None]
    assert missing == []


@pytest.mark.parametrize("language", ["zh-Hans", "he"])
def test_the_parts_are_kept(language):
    for _, text in FOUND:
        assert sentence(text, language).count("x1") >= text.count("x1"), text


def test_what_is_not_known_is_said_in_english_and_english_stays():
    assert say("A sentence that nobody wrote.", "he") == "A sentence that nobody wrote."
    assert say("0 casualties.", "en") == "0 casualties."
    assert lines(ScienceError([Problem("scenario x", "0 casualties.", "Give from 1 to 100,000.")]), "zh-Hans") == ["scenario x: 0名伤员。请给出1至100,000。"]


def test_no_pattern_swallows_the_next_sentence():
    text = '"a=1": "a" is no engine key, scenario field or parameter. Did you mean b?'
    assert say(text, "he") == '"a=1": "a" אינו מפתח מנוע, שדה של תרחיש או פרמטר. האם התכוונת ל־b?'


def test_no_language_has_a_part_that_english_lacks():
    import csv
    from importlib import resources
    for row in csv.DictReader(resources.files("beiji.science").joinpath("refusals.csv").read_text(encoding="utf-8").splitlines()):
        assert {frozenset(SLOT.findall(row[x])) for x in ("en", "zh-Hans", "he")} == {frozenset(SLOT.findall(row["en"]))}, row["en"]


@pytest.mark.parametrize(("words", "said"), [
    (["--replications", "0", "--language", "zh-Hans"], "beiji: replications: 0不是重复次数。请给出1至10,000,000的整数。"),
    (["--policy", "nearst", "--language", "he"], 'beiji: --policy: "nearst" אינה מדיניות. האם התכוונת ל־nearest?'),
    (["--set", "ginkgo/hospital.resus_team=3", "--language", "zh-Hans"], 'beiji: "ginkgo/hospital.resus_team=3"："hospital.resus_team"不是引擎键、情景字段或参数。是不是hospital.resus_teams？'),
    (["--set", "hospital.resus_teams@0:day=2.5", "--language", "he"], "אינו מספר שלם"),
    (["--set", "hospital.callin_wave1_share=7", "--language", "he"], "חייב להיות בין"),
    (["--out", "/nowhere/at/all.txt", "--language", "zh-Hans"], "beiji: 文件夹/nowhere/at不存在；请建立，或写到别处。")])
def test_a_person_reads_a_refusal_in_his_language(words, said, capsys):
    assert main(["simulate", "crowd-crush", "--city", "yangzhou", "--quiet", *words]) == 2
    assert said in capsys.readouterr().err
