"""Texts and their translations: merged at start-up, and none missing."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from beiji.ui import messages
from beiji.ui.catalogues import CatalogueError, compile_catalogues

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Two rooms with a text each."""
    for room in ("alpha", "beta"):
        (tmp_path / room / "locale").mkdir(parents=True)
        (tmp_path / room / "__init__.py").write_text("")
    (tmp_path / "alpha" / "words.py").write_text('from django.utils.translation import gettext as _\nA = _("Gap")\n')
    (tmp_path / "beta" / "templates").mkdir()
    (tmp_path / "beta" / "templates" / "b.html").write_text(
        '{% load i18n %}{% translate "Gap" %}{% ui "x" label=_("Plan a visit") %}'
        "{% blocktranslate count n=n trimmed %}{{ n }} gap of {{ city }}{% plural %}{{ n }} gaps of {{ city }}{% endblocktranslate %}"
        '{% translate "it\'s 50% done" %}'
    )
    return tmp_path


def translated(package: Path, room: str, **texts: str) -> None:
    body = "".join(f'msgid "{key}"\nmsgstr "{value}"\n\n' for key, value in texts.items())
    (package / room / "locale" / "he.po").write_text(HEAD + body, encoding="utf-8")


@pytest.fixture(scope="module")
def house() -> list[str]:
    """What is wrong with the catalogues of all rooms, read once."""
    return messages.run(check=True)


@pytest.mark.parametrize("room", messages.rooms())
def test_no_text_of_a_room_is_missing_fuzzy_or_out_of_date(house, room):
    problems = [line for line in house if line.startswith(f"{room}/")]
    assert not problems, "\n".join(problems[:40])


@pytest.mark.parametrize(
    ("text", "translation", "fault"),
    [
        ("Plan {visit}", "תכנון {visite}", "names {visite}, which the text does not"),
        ("Plan {visit}", "תכנון", "leaves out {visit}"),
        ("Plan %(visit)s", "תכנון %(visite)s", "names %(visite)s, which the text does not"),
    ],
)
def test_a_translation_has_the_named_parts_of_its_text(package, text, translation, fault):
    (package / "alpha" / "words.py").write_text(f'_("{text}")\n')
    translated(package, "alpha", **{text: translation})
    assert any(fault in line for line in messages.run(check=True, package=package))


def test_rooms_translate_the_same_words_alike(house):
    assert not [line for line in house if line.startswith(("he:", "zh_Hans:"))]


def test_texts_are_found_in_python_and_templates_and_belong_to_the_first_room(package):
    found = messages.messages_by_room(package)
    assert {key[1] for key in found["alpha"]} == {"Gap"}
    assert {key[1] for key in found["beta"]} == {"Plan a visit", "%(n)s gap of %(city)s", "it's 50%% done"}
    assert next(iter(found["alpha"].values())).files == ["alpha/words.py"]


def test_update_keeps_translations_and_lists_what_is_missing(package):
    translated(package, "beta", Gap="פער")
    (package / "beta" / "templates" / "b.html").write_text('{% load i18n %}{% translate "Plan a visit" %}')
    problems = messages.run(check=False, package=package)
    assert "פער" in (package / "alpha" / "locale" / "he.po").read_text(encoding="utf-8")  # it followed its last user
    assert "beta/locale/he.po: no translation of 'Plan a visit'" in problems
    assert "alpha/locale/he.po: no translation of 'Gap'" not in problems


def test_a_message_stays_where_it_is_translated(package):
    translated(package, "beta", Gap="פער")
    found = messages.messages_by_room(package)
    assert (None, "Gap") in found["beta"]
    assert (None, "Gap") not in found["alpha"]


def test_the_layout_of_a_catalogue_does_not_matter(package):
    messages.run(check=False, package=package)
    file = package / "alpha" / "locale" / "he.po"
    file.write_text(file.read_text(encoding="utf-8").replace("#: alpha/words.py\n", "# by hand\n\n"), encoding="utf-8")
    assert not [line for line in messages.run(check=True, package=package) if "out of date" in line]


def test_check_writes_nothing_and_says_what_is_out_of_date(package):
    problems = messages.run(check=True, package=package)
    assert not (package / "alpha" / "locale" / "he.po").exists()
    assert any("is out of date" in line for line in problems)


def test_two_rooms_that_differ_are_named(package):
    translated(package, "alpha", Gap="פער")
    translated(package, "beta", Gap="חסר")
    assert "he: alpha and beta translate 'Gap' differently" in messages.run(check=True, package=package)


def test_catalogues_are_merged_once_and_again_after_a_change(package, tmp_path):
    data = tmp_path / "data"
    translated(package, "alpha", Gap="פער")
    translated(package, "beta", Stage="שלב")
    folder = compile_catalogues(data, package)
    assert compile_catalogues(data, package) == folder
    words = gettext.translation("django", folder, ["he"])
    assert (words.gettext("Gap"), words.gettext("Stage")) == ("פער", "שלב")
    translated(package, "beta", Stage="שלב אחר")
    assert compile_catalogues(data, package) != folder


def test_a_broken_catalogue_is_named(package, tmp_path):
    (package / "alpha" / "locale" / "he.po").write_bytes(b"\xff\xfe broken")
    with pytest.raises(CatalogueError, match=r"alpha/locale/he\.po cannot be read"):
        compile_catalogues(tmp_path / "data", package)
