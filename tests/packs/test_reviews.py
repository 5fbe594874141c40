"""Review is computed from signed hashes: it lapses when a text changes, and nothing rises by age."""

from pathlib import Path

import pytest

from beiji.packs import load_packs
from beiji.packs.__main__ import main
from beiji.packs.checker import check
from beiji.packs.reviews import COLUMNS, ReviewState, counts, hashes_of, signatures_of, state_of

TRI = "standards/demo/domains/tri.yaml"
REVIEWS = "standards/demo/reviews.csv"


def sign(mini: Path, language: str) -> None:
    """A clinician signs TRI-6 as it stands now."""
    now = hashes_of(load_packs(mini).standards["demo"])["TRI-6"]
    line = f"TRI-6,{language},clinical,{now['en']},{now[language]},R. Levin,physician,2026-10-01"
    (mini / REVIEWS).write_text(",".join(COLUMNS) + "\n" + line + "\n", encoding="utf-8")


def state(mini: Path, language: str) -> ReviewState:
    library = load_packs(mini)
    hashes = hashes_of(library.standards["demo"])["TRI-6"]
    signatures = [signature for _, signature in signatures_of(library, "demo")]
    return state_of(hashes, "TRI-6", language, "clinical", signatures)


def test_an_unsigned_text_awaits_review(mini: Path) -> None:
    assert state(mini, "he") is ReviewState.AWAITING
    assert [(count.language, count.reviewed, count.total) for count in counts(load_packs(mini))] == [
        ("en", 0, 1), ("zh-Hans", 0, 1), ("he", 0, 1),
    ]  # fmt: skip


def test_a_signature_lapses_when_the_text_or_its_english_changes(mini: Path) -> None:
    sign(mini, "he")
    assert check([mini]) == []
    assert state(mini, "he") is ReviewState.REVIEWED
    assert state(mini, "zh-Hans") is ReviewState.AWAITING
    path = mini / TRI
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("כלל הפינוי תלוי", "כלל הפינוי מוצג"), encoding="utf-8")
    assert state(mini, "he") is ReviewState.STALE
    path.write_text(text.replace("hangs beside the board", "is fixed beside the board"), encoding="utf-8")
    assert state(mini, "he") is ReviewState.STALE
    path.write_text(text.replace("站在看板前", "站在看板旁"), encoding="utf-8")
    assert state(mini, "he") is ReviewState.REVIEWED


def test_a_signature_lapses_when_a_number_in_the_text_changes_and_not_with_a_remark(mini: Path) -> None:
    sign(mini, "he")
    tri, pack = mini / TRI, mini / "standards/demo/pack.yaml"
    note = "  note:\n    en: A remark.\n    zh-Hans: 备注。\n    he: הערה.\n"
    tri.write_text(tri.read_text(encoding="utf-8") + note, encoding="utf-8")
    assert state(mini, "he") is ReviewState.REVIEWED
    text = pack.read_text(encoding="utf-8")
    pack.write_text(text.replace("ed_clear_min: {large: 15", "ed_clear_min: {large: 12"), encoding="utf-8")
    assert state(mini, "he") is ReviewState.STALE


def test_every_bad_cell_of_the_list_is_named(mini: Path) -> None:
    line = "TRI-66,fr,medical,a,b,,,yesterday"
    (mini / REVIEWS).write_text(",".join(COLUMNS) + "\n" + line + "\n", encoding="utf-8")
    found = [str(problem) for problem in check([mini])]
    assert len(found) == 5
    assert all("reviews.csv:2:1 P155" in line for line in found)
    assert any('Item "TRI-66" is unknown. Did you mean TRI-6?' in line for line in found)


def test_a_wrong_heading_is_named(mini: Path) -> None:
    (mini / REVIEWS).write_text("item,who\n", encoding="utf-8")
    (problem,) = check([mini])
    assert "reviews.csv:1:1 P155 The first line is not item,language" in str(problem)


def test_a_person_signs_from_the_command_line_what_was_read_and_nothing_else(
    mini: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def call(*words: str, who: str = "R. Levin") -> int:
        common = ["--lang", "he", "--who", who, "--role", "physician", "--root", str(mini)]
        monkeypatch.setattr("sys.argv", ["beiji pack", "sign", "demo", *words, *common])
        return main()

    now = hashes_of(load_packs(mini).standards["demo"])["TRI-6"]
    assert call("TRI-6@00000000") == 2
    assert "it is no longer what was read. Read it anew. Nothing was signed." in capsys.readouterr().err
    assert call("TRI-7") == 2
    assert 'There is no item "TRI-7" to sign. Did you mean TRI-6?' in capsys.readouterr().err
    assert call("TRI", who=" ") == 2
    assert call("TRI", "--dry-run") == 0
    assert state(mini, "he") is ReviewState.AWAITING
    assert call(f"TRI-6@{now['he'][:8]}") == 0
    assert call("TRI") == 0
    assert state(mini, "he") is ReviewState.REVIEWED
    assert check([mini]) == []
    assert len((mini / REVIEWS).read_text(encoding="utf-8").splitlines()) == 2, "the same signature is kept once"
