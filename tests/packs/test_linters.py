"""Each linter rule finds its own bad example, passes its good one, and lets an item except itself with a reason."""

import re
import textwrap
from pathlib import Path

import pytest

from beiji.packs import pages
from beiji.packs.library import Library, scan
from beiji.packs.lint import RULES
from beiji.packs.lint.base import Rule, run
from beiji.packs.lint.characters import is_traditional
from beiji.packs.strict import Source, read_text

WITH_EXAMPLES = [rule for rule in RULES if rule.code != "L16"]


def example(rule: Rule, word: str) -> str:
    """The indented block under `Bad:` or `Good:` of a rule's page."""
    match = re.search(rf"^{word}:\n\n((?:    .*\n|\n)+)", rule.page(), re.MULTILINE)
    assert match, f"{rule.code} shows no {word.lower()} example"
    return textwrap.dedent(match.group(1))


def findings(rule: Rule, text: str, mini: Path) -> list[str]:
    """What the rule says of one file beside the small packs, as codes with sentences."""
    library = scan(mini)
    library.sources = []
    source = Source(mini / "example.yaml", "example.yaml")
    read_text(text, source)
    assert source.problems == [], "the example must be readable"
    library.sources.append(source)
    run([rule], library)
    return [f"{problem.code} {problem.sentence}" for problem in source.problems]


@pytest.mark.parametrize("rule", WITH_EXAMPLES, ids=lambda rule: rule.code)
def test_the_bad_example_is_found(rule: Rule, mini: Path) -> None:
    found = findings(rule, example(rule, "Bad"), mini)
    assert found
    assert all(line.startswith(rule.code) for line in found)


@pytest.mark.parametrize("rule", WITH_EXAMPLES, ids=lambda rule: rule.code)
def test_the_good_example_passes(rule: Rule, mini: Path) -> None:
    assert findings(rule, example(rule, "Good"), mini) == []


@pytest.mark.parametrize("rule", WITH_EXAMPLES, ids=lambda rule: rule.code)
def test_an_item_excepts_itself_with_a_reason(rule: Rule, mini: Path) -> None:
    excepted = example(rule, "Bad").rstrip("\n").replace("\n- id", f"\n  allow: {{{rule.code}: Reason.}}\n- id")
    assert findings(rule, f"{excepted}\n  allow: {{{rule.code}: A reason.}}\n", mini) == []


def test_hedges_are_found_in_every_language(mini: Path) -> None:
    rule = next(rule for rule in RULES if rule.code == "L03")
    text = """
- id: X-1
  anchors:
    2:
      en: The roster on the wall names 2 doctors.
      zh-Hans: 墙上排班表写明2名医师，制度健全。
      he: הסידור על הקיר מפרט 2 רופאים, באופן מתאים.
"""
    assert [re.search("“(.*)”", line).group(1) for line in findings(rule, text, mini)] == ["健全", "מתאים"]


def test_levels_that_differ_by_a_chinese_or_hebrew_quantity_word_are_found(mini: Path) -> None:
    rule = next(rule for rule in RULES if rule.code == "L02")
    text = """
- id: X-1
  anchors:
    1:
      zh-Hans: 部分入口有人值守。
      he: הכניסות מאובטחות חלקית.
    2:
      zh-Hans: 全部入口有人值守。
      he: הכניסות מאובטחות במלואן, כולן.
"""
    found = findings(rule, text, mini)
    assert len(found) == 1
    assert "zh-Hans" in found[0]


def test_figures_that_run_against_the_direction_are_found(mini: Path) -> None:
    rule = next(rule for rule in RULES if rule.code == "L05")
    text = """
- id: TRI-6
  reads: ed-clear-time
  anchors:
    1:
      en: The board was empty after 30 min.
    2:
      en: The board was empty after 45 min.
"""
    (line,) = findings(rule, text, mini)
    assert "Anchor 2 of TRI-6 says 45 min, anchor 1 30; lower is better" in line


def test_markdown_skeletons_are_compared(mini: Path) -> None:
    folder = mini / "plans" / "hospital"
    folder.mkdir(parents=True)
    (folder / "text.en.md").write_text("## Clear {#clear}\n\n- one\n- two\n- three\n", encoding="utf-8")
    (folder / "text.zh-Hans.md").write_text("## 腾空 {#clear}\n\n- 一\n- 二\n", encoding="utf-8")
    (folder / "text.he.md").write_text("## פינוי {#clear}\n\n- א\n- ב\n- ג\n", encoding="utf-8")
    library: Library = scan(mini)
    run([rule for rule in RULES if rule.code == "L16"], library)
    (problem,) = library.problems
    assert problem.file.endswith("text.zh-Hans.md")
    assert problem.line == 4
    assert "line 5 (item at depth 0)" in problem.sentence


def test_the_good_skeleton_passes(mini: Path) -> None:
    folder = mini / "plans"
    folder.mkdir()
    for language in ("en", "zh-Hans", "he"):
        (folder / f"text.{language}.md").write_text(
            "# A\n\n| a | b |\n|---|---|\n\n```\n# no heading\n```\n", encoding="utf-8"
        )
    library = scan(mini)
    run([rule for rule in RULES if rule.code == "L16"], library)
    assert library.problems == []


@pytest.mark.parametrize(("sign", "traditional"), [("醫", True), ("院", False), ("们", False), ("們", True)])
def test_traditional_characters_are_told_apart(sign: str, traditional: bool) -> None:
    assert is_traditional(sign) is traditional


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_a_page_with_reason_examples_and_exceptions(rule: Rule) -> None:
    page = pages.page(rule.code) or ""
    for part in ("Why:", "Bad:", "Good:", "Exceptions:"):
        assert part in page
