"""The strict reader types little, refuses what YAML would misread in silence, and never breaks."""

from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from beiji.packs.strict import MAX_BYTES, Source, read, read_text


def parsed(text: str) -> Source:
    source = Source(Path("example.yaml"), "example.yaml")
    read_text(text, source)
    return source


def test_only_integers_decimals_and_truth_values_are_typed() -> None:
    source = parsed('a: [15, -2, 0.80, 1.10, true, false, no, yes, 010, 1/3, 2026-10-01, "15", ~, 1e3, 0x1F, 1_000]')
    assert source.data["a"] == [
        15, -2, Decimal("0.80"), Decimal("1.10"), True, False, "no", "yes", "010", "1/3", "2026-10-01", "15", "~", "1e3",
        "0x1F", "1_000",
    ]  # fmt: skip
    assert str(source.data["a"][3]) == "1.10"


def test_places_are_counted_in_characters_also_in_hebrew() -> None:
    source = parsed('- id: X-1\n  he: אר"ן, {{x}}\n  list: [א, ב]\n')
    assert source.place((0, "he")) == (2, 7)
    assert source.place((0, "list", 1)) == (3, 13)
    assert source.place((0, "list"), of_key=True) == (3, 3)
    assert source.item((0, "list", 1)) == "X-1"


def test_all_faults_of_a_file_are_named_at_once() -> None:
    source = parsed('he: "אר"ן"\nhe: x\nzh-Hans: 危重: 红标\nat: 12:30\nno_3: see #3\nref: &a 1\nagain: *a\n')
    assert [(problem.line, problem.code) for problem in source.problems] == [
        (1, "P102"), (2, "P101"), (3, "P104"), (4, "P109"), (5, "P105"), (6, "P112"), (7, "P112"),
    ]  # fmt: skip
    assert source.data["he"] == 'אר"ן'
    assert source.data["zh-Hans"] == "危重: 红标"


def test_a_merge_key_and_a_second_document_are_refused() -> None:
    assert [problem.code for problem in parsed("a: 1\n---\nb: 2\n").problems] == ["P112"]
    assert {problem.code for problem in parsed("a: &x {b: 1}\nc:\n  <<: *x\n").problems} == {"P112"}


def test_a_file_that_says_nothing_is_empty() -> None:
    for text in ("", "\n", "# a remark\n", "---", "---\n...\n", "--- # a remark\n"):
        assert [problem.code for problem in parsed(text).problems] == ["P115"], text


def test_files_that_are_no_text_are_refused_with_one_sentence(tmp_path: Path) -> None:
    cases = {
        "latin.yaml": "a: é".encode("latin-1"),
        "empty.yaml": b"",
        "zip.yaml": b"PK\x03\x04\x00\x00",
        "large.yaml": b"#" * (MAX_BYTES + 1),
    }
    found = {}
    for name, content in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        found[name] = [problem.code for problem in read(path).problems]
    assert found == {"latin.yaml": ["P119"], "empty.yaml": ["P115"], "zip.yaml": ["P119"], "large.yaml": ["P119"]}
    assert [problem.code for problem in read(tmp_path / "missing.yaml").problems] == ["P119"]


def test_deep_nesting_is_one_sentence() -> None:
    assert [problem.code for problem in parsed("[" * 5000).problems] == ["P100"]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeff- id: X-1\r\n  en: a\r\n".encode())
    source = read(path)
    assert source.problems == []
    assert source.data == [{"id": "X-1", "en": "a"}]


@given(st.text(alphabet="ab:#'\"[]{}-|>&*!%@`,\n\t 0159.אר危，\u200f", max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    source = parsed(text)
    assert source.problems or source.data is not None
    for problem in source.problems:
        assert 1 <= problem.line <= text.count("\n") + 2
        assert problem.sentence.endswith((".", "'", '"'))
