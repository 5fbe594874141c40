"""Clinicians sign texts in the city's own data; the signature lapses with the text and travels back to the pack."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from beiji.packs.library import Library
from beiji.packs.reviews import hashes_of
from beiji.packs.signing import append_signatures, signatures_in
from beiji.readiness import changes
from beiji.readiness.models import Indicator, Review
from tests import cast

from .test_pages import signed_in, text_of

LIST = "/yangzhou/readiness/standard/"
ITEM = f"{LIST}TRI-6/"
SIGN = f"{ITEM}review/"


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the cast."""
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)


def read_of(code: str, language: str) -> str:
    """What the page gives the reader of an item to sign."""
    item = Indicator.objects.get(code=code)
    return f"{item.hashes['en']} {item.hashes[language]}"


def test_a_clinician_reads_the_item_in_his_language_and_signs_it(loaded: cast.World) -> None:
    client = signed_in("lead", loaded, "he")
    page = client.get(f"{ITEM}?language=he")
    assert 'lang="he" dir="rtl"' in page.content.decode()
    assert client.post(SIGN, {"language": "he", "read": read_of("TRI-6", "he")}).status_code == 302
    row = Review.objects.get()
    assert (row.indicator, row.language, row.kind, row.office) == ("TRI-6", "he", "clinical", "integrator")
    assert "dana-peretz" in text_of(client.get(f"{ITEM}?language=he"))
    assert "1 of" in text_of(signed_in("manager", loaded).get(LIST))


def test_what_was_not_read_is_not_signed_and_nothing_twice(loaded: cast.World) -> None:
    client = signed_in("lead", loaded)
    old = client.post(SIGN, {"language": "he", "read": "0000000000000000 0000000000000000"}, follow=True)
    assert "TRI-6 is no longer what you read. Read it anew." in text_of(old)
    read = {"language": "he", "read": read_of("TRI-6", "he")}
    assert client.post(SIGN, read).status_code == 302
    assert "You have signed TRI-6 before" in text_of(client.post(SIGN, read, follow=True))
    client.post(SIGN, {"language": "fr", "read": ""})
    assert Review.objects.count() == 1


def test_a_signature_lapses_when_a_number_of_the_text_changes(loaded: cast.World, library: Library) -> None:
    client = signed_in("lead", loaded)
    client.post(SIGN, {"language": "en", "read": read_of("TRI-6", "en")})
    assert "Reviewed" in text_of(client.get(ITEM))
    standard = library.standards["mci-hospital"]
    parameters = {**standard.parameters}
    name = "ed_clear_min"
    parameters[name] = parameters[name].model_copy(update={"value": parameters[name].value["large"] + 1})
    other = Library(library.root)
    other.capability_packs, other.capabilities = library.capability_packs, library.capabilities
    other.standards["mci-hospital"] = standard.model_copy(update={"parameters": parameters, "hash": "another"})
    changes.load_packs(city=loaded.city, library=other, by=None, now=cast.NOW)
    assert "Changed since it was signed" in text_of(client.get(ITEM))


def test_only_whoever_signed_takes_it_back(loaded: cast.World) -> None:
    signed_in("lead", loaded).post(SIGN, {"language": "en", "read": read_of("TRI-6", "en")})
    row = Review.objects.get()
    assert signed_in("manager", loaded).post(SIGN, {"review": str(row.pk)}).status_code == 404
    assert signed_in("lead", loaded).post(SIGN, {"review": str(row.pk)}).status_code == 302
    assert "Nobody has signed it yet." in text_of(signed_in("lead", loaded).get(ITEM))
    assert signed_in("lead", loaded).post(SIGN, {"language": "en", "read": read_of("TRI-6", "en")}).status_code == 302


def test_a_translator_stands_for_the_translation_not_for_the_medicine(loaded: cast.World) -> None:
    client = signed_in("translator", loaded)
    assert client.post(SIGN, {"language": "he", "read": read_of("TRI-6", "he")}).status_code == 302
    assert Review.objects.get().kind == "translation"
    assert "Awaits review" in text_of(signed_in("lead", loaded).get(ITEM))
    assert client.get(f"{LIST}reviews.csv").status_code == 404


def test_signatures_travel_back_to_the_pack_where_the_text_is_the_same(
    loaded: cast.World, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in("lead", loaded).post(SIGN, {"language": "he", "read": read_of("TRI-6", "he")})
    response = signed_in("manager", loaded).get(f"{LIST}reviews.csv")
    path = tmp_path / "city.csv"
    path.write_text(response.content.decode() + "TRI-6,he,clinical,0,0,Old,physician,2026-01-01\n", encoding="utf-8")
    found, left = signatures_in(library, "mci-hospital", path)
    assert [(one.item, one.language, one.who) for one in found] == [("TRI-6", "he", "dana-peretz")]
    assert found[0].text_hash == hashes_of(library.standards["mci-hospital"])["TRI-6"]["he"]
    assert len(left) == 1
    assert "city.csv:3 TRI-6 in he: the city read another version" in left[0]
    kept = tmp_path / "reviews.csv"
    monkeypatch.setattr("beiji.packs.signing.path_of", lambda *_: kept)
    append_signatures(library, "mci-hospital", found)
    assert kept.read_text(encoding="utf-8").count("\n") == 2


def test_what_an_unknown_item_or_an_old_city_shows(loaded: cast.World) -> None:
    assert signed_in("manager", loaded).get(f"{LIST}TRI-99/").status_code == 404
    Indicator.objects.filter(code="TRI-6").update(hashes={})
    page = signed_in("lead", loaded).get(ITEM)
    assert "Awaits review" in text_of(page)
    assert 'name="read"' not in page.content.decode(), "what was loaded before the hashes cannot be signed"
