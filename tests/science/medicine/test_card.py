"""The model card is up to date, answers every checklist item, and points only to what exists."""

import yaml

from beiji.science import card

ROOT = card.repository()
FOLDER = ROOT / "docs" / "model-card"


def test_nothing_is_missing_dead_or_unanswered():
    assert card.faults(FOLDER, ROOT) == []


def test_the_generated_pages_are_those_in_the_repository():
    for name, text in card.pages(FOLDER).items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, f"{name}: run python -m beiji.science.card"


def test_the_card_says_no_where_nobody_has_done_it():
    items = {
        item["id"]: item for item in yaml.safe_load((FOLDER / "checklists.yaml").read_text(encoding="utf-8"))["items"]
    }
    for number in (11, 14, 16):
        assert items[f"ispor-des-{number}"]["answer"] == "no"
    assert len(items) == 24 + 18 + 13 + 5


def copy(tmp_path, **changes):
    for file in FOLDER.iterdir():
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            for old, new in changes.get(file.stem, ()) if file.suffix == ".yaml" else ():
                assert old in text
                text = text.replace(old, new, 1)
            (tmp_path / file.name).write_text(text, encoding="utf-8")
    return card.faults(tmp_path, ROOT)


def test_a_missing_item_and_a_dead_link_are_named(tmp_path):
    wrong = copy(
        tmp_path,
        checklists=[
            ("id: stress-des-1.1\n", "id: stress-des-1.9\n"),
            ("purpose.md#outputs", "purpose.md#income"),
            ("answer: 'no'", "answer: 'maybe'"),
        ],
    )
    text = "\n".join(wrong)
    assert "stress-des-1.1 is not answered" in text
    assert "stress-des-1.9 belongs to no checklist" in text
    assert "has no such heading" in text
    assert "must be one of yes, partly, no, n.a." in text


def test_a_validation_claim_without_its_test_is_named(tmp_path):
    wrong = copy(tmp_path, validation=[("::test_rts_vectors", "::test_of_nothing")])
    assert any("there is no test" in line for line in wrong)


def test_every_parameter_stands_in_the_card():
    from beiji.science.parameters import register

    page = card.parameters_page()
    assert all(f"`{name}`" in page for name in register().names())
