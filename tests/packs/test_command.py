"""`beiji pack check` and `explain` as somebody at a terminal meets them."""

import json
from pathlib import Path

import pytest

from beiji.packs.__main__ import main


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["beiji pack", *words])
    return main()


def test_faultless_packs_exit_zero(
    mini: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "check", str(mini)) == 0
    assert capsys.readouterr().err == "no errors, no warnings.\n"


def test_a_fault_exits_one_and_json_has_the_same_line(
    mini: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = mini / "standards/demo/domains/tri.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("crit: must-pass", "crit: X"), encoding="utf-8")
    assert run(monkeypatch, "check", str(path)) == 1
    line = capsys.readouterr().out.strip()
    assert run(monkeypatch, "check", str(path), "--json") == 1
    (entry,) = json.loads(capsys.readouterr().out)
    assert line == f"{entry['file']}:{entry['line']}:{entry['column']} {entry['code']} {entry['sentence']}"
    assert entry["severity"] == "error"
    assert entry["item"] == "TRI-6"


def test_only_the_asked_file_is_reported(
    mini: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = mini / "standards/demo/domains/tri.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("crit: must-pass", "crit: X"), encoding="utf-8")
    assert run(monkeypatch, "check", str(mini / "capabilities")) == 0


def test_a_missing_path_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "check", "nowhere.yaml") == 1
    assert capsys.readouterr().out == "nowhere.yaml:1:1 P119 There is no such file or folder. Check the path.\n"


def test_yaml_outside_any_packs_folder_is_read_strictly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "loose.yaml"
    path.write_text("at: 12:30\n", encoding="utf-8")
    assert run(monkeypatch, "check", str(path)) == 1
    assert "P109 12:30 without quotes" in capsys.readouterr().out


def test_a_rule_page_is_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "explain", "l02") == 0
    assert "Two levels differ only in an adverb or a quantity word." in capsys.readouterr().out
    assert run(monkeypatch, "explain", "P102", "--json") == 0
    assert "אר" in json.loads(capsys.readouterr().out)["page"]


def test_an_unknown_code_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "explain", "P1O2") == 2
    assert "P1O2 is no code of a pack rule. Did you mean" in capsys.readouterr().err


def test_coverage_says_why_some_capabilities_are_read_by_no_indicator(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "coverage") == 0
    said = capsys.readouterr().out
    assert "capabilities that no indicator reads (6):" in said
    assert "  callin-wave2: STF-1 asks for the first wave" in said
    assert "does not say why" not in said
    shared = said[said.index("runs of words that stand in several indicators") :]
    assert "  en: " in shared
    assert " in 4" not in shared, "L06 refuses them"
    assert run(monkeypatch, "coverage", "--json") == 0
    assert all(json.loads(capsys.readouterr().out)["not_read"].values())
