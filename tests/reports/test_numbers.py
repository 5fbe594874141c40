"""The page's numbers, read back out of the PDF, against another computation from the evidence; and what a correction does."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from django_scopes import scope
from pypdf import PdfReader

from beiji.documents import access as documents
from beiji.documents.models import UserText
from beiji.programme.models import Subject
from beiji.readiness import queries
from beiji.readiness.changes import Draft, record_evidence
from beiji.readiness.models import Evidence
from beiji.readiness.rules.rows import Condition, Evaluator, Method
from beiji.reports import freezing, rendering
from beiji.reports.changes import make_snapshot
from beiji.reports.models import Snapshot
from tests.cast import TODAY
from tests.reports.recompute import Recomputed

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 4, tzinfo=UTC)


@pytest.fixture
def city(demo):
    with scope(city="yangzhou"):
        yield demo.city


def text_of(snapshot: Snapshot, language: str) -> str:
    pdf = PdfReader(io.BytesIO(rendering.render(snapshot, language, "pdf")))
    return re.sub(r"[\u2066-\u2069\u200e\u200f]", "", "\n".join(page.extract_text() for page in pdf.pages))


def must_pass_pairs(city) -> set[tuple[str, str]]:
    picture = queries.picture(city=city, subjects=Subject.objects.filter(kind="hospital"), now=NOW)
    return {(code, q.code) for code, questions in picture.questions.items() for q in questions if q.must_pass}


@pytest.fixture
def page(city) -> Snapshot:
    return make_snapshot(city=city, audience="ministers", by=None, now=NOW, trial=False)


@pytest.mark.one_database
def test_fifty_numbers_of_the_page_and_a_list_are_what_the_evidence_says(city, page):
    recomputed = Recomputed(TODAY, NOW)
    found = recomputed.numbers(must_pass_pairs(city))
    numbers = page.content["numbers"]
    compared = 0
    for name in ("core_items", "core_met", "open_items", "open_hospitals", "stale", "unknown", "known"):
        assert numbers[name] == found[name], name
        compared += 1
    for finding in numbers["findings"]:
        assert finding["short"] == found["short"][finding["indicator"]], finding
        for ground in ("measured", "checked", "stated"):
            assert finding[ground] == found["grounds"][finding["indicator"], ground], (ground, finding)
        compared += 4
    for gain in numbers["improvements"]:
        assert gain["now"] == found["met"][gain["indicator"]], gain
        compared += 1

    text = text_of(page, "en")
    assert (
        f"Most must-pass items are in place, {found['must_items'] - found['open_items']} of {found['must_items']}; "
        f"{found['open_items']} are open, in {found['open_hospitals']} of 14 hospitals" in re.sub(r"\s+", " ", text)
    )
    printed = [int(n) for n in re.findall(r"(\d+)/\d+ ·", text)]
    assert printed == [f["short"] or f["unproven"] for f in numbers["findings"]]
    for ground, word in (("measured", "measured"), ("checked", "checked"), ("stated", "by own word")):
        said = [int(n) for n in re.findall(rf"(\d+) {word}", text)]
        assert said == [f[ground] for f in numbers["findings"] if f[ground]], ground
    compared += len(printed) + 5

    hospital = Subject.objects.get(code="reedflower")
    ward = make_snapshot(city=city, audience="ward", subject=hospital, by=None, now=NOW)
    states = {i.code: recomputed.state(hospital, i.capability) for i in recomputed.asked_of(hospital)}
    for item in ward.content["numbers"]["items"]:
        state, _proof, digit = states[item["indicator"]]
        assert item["state"] == state, item
        if digit is not None and state in ("met", "in-place"):
            assert item["digit"] == digit, item
        compared += 2
    listed = text_of(ward, "en")
    assert all(code in listed for code in states)
    assert compared >= 50


def test_one_corrected_row_changes_the_next_report_by_exactly_that_and_the_old_one_keeps_its_bytes(city, page):
    before = page.content["numbers"]
    bytes_before = {language: rendering.render(page, language, "pdf") for language in ("en", "zh-Hans", "he")}
    hospital = Subject.objects.get(code="reedflower")
    picture = queries.picture(city=city, subjects=[hospital], now=NOW)
    question = next(
        q
        for q in picture.questions["reedflower"]
        if q.must_pass
        and q.indicator.capability.editions.last().kind != "document"  # no test measures a document
        and picture.standing("reedflower", q.capability).state.value == "met"
    )
    condition = Condition((question.indicator.capability.editions.last().prove_in or ["day"])[0])
    edition = question.indicator.capability.editions.last()
    number = (
        {"value": 999}
        if edition.kind == "quantity" and edition.better == "lower"
        else {"shown": False}
        if edition.kind == "observed"
        else {"value": 0}
    )
    draft = Draft(
        subject="reedflower", capability=question.capability, method=Method.TIMED_TEST, evaluator=Evaluator.EXTERNAL, as_of=TODAY,
        condition=condition, at_min=_minute(edition), sample=max(edition.min_sample, 1), **number,
    )  # fmt: skip
    later = NOW + timedelta(hours=1)
    record_evidence(city=city, draft=draft, by=None, office="integrator", now=later)
    after = make_snapshot(city=city, audience="ministers", by=None, now=later).content["numbers"]

    lost_core = 1 if question.core else 0
    assert after["core_met"] == before["core_met"] - lost_core
    assert after["open_items"] == before["open_items"] + 1
    assert after["evidence"] == before["evidence"] + 1
    same = ("core_items", "hospitals", "unknown", "stale", "core_met_before", "open_items_before")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}

    kept = Snapshot.objects.get(pk=page.pk)
    assert freezing.digest_of(kept.content) == page.digest
    assert {language: rendering.render(kept, language, "pdf") for language in bytes_before} == bytes_before


def _minute(edition) -> int | None:
    minutes = [int(m) for step in edition.targets.all() for m in step.values if m]
    return min(minutes) if minutes else None


def test_a_report_of_an_earlier_knowledge_does_not_see_what_was_recorded_later(city, page):
    row = Evidence.objects.filter(whole__kind="hospital").order_by("-recorded_at").first()
    earlier = row.recorded_at - timedelta(seconds=1)
    old = make_snapshot(city=city, audience="ministers", known_at=earlier, by=None, now=NOW)
    assert old.content["numbers"]["evidence"] < page.content["numbers"]["evidence"]


def test_untranslated_finding_prints_marked_in_its_original(city, page):
    waiting = [
        text
        for text in UserText.objects.filter(kind="finding").with_words()
        if documents.words_of(text, "zh-Hans").untranslated
    ]
    bodies = [documents.words_of(text, "zh-Hans").body for text in waiting]
    document = freezing.document_of(page.content, "zh-Hans")
    lines = [
        item[0]
        for block in document.blocks
        if type(block).__name__ == "Bullets"
        for item in block.items
        if isinstance(item, tuple)
    ]
    untranslated = [line for line in lines if any(body in line for body in bodies)]
    assert untranslated, "the page holds no finding that waits for its Chinese translation"
    assert all("待译，原文为希伯来语" in line for line in untranslated)
    assert not [line for line in lines if "待译" in line and line not in untranslated]
    assert document.title.startswith("草稿：")
    assert document.running.startswith("草稿 · ")
    assert page.content["numbers"]["awaiting"]["zh-Hans"] == len(untranslated)


@pytest.mark.one_database
@pytest.mark.parametrize("language", ["en", "zh-Hans", "he"])
def test_the_page_for_heads_of_state_is_one_page_and_names_no_hospital(city, page, language):
    pdf = PdfReader(io.BytesIO(rendering.render(page, language, "pdf")))
    assert len(pdf.pages) == 1
    text = text_of(page, language)
    for hospital in Subject.objects.filter(kind="hospital"):
        assert hospital.names[language] not in text


@pytest.mark.one_database
def test_word_and_pdf_say_the_same(city, page):
    from docx import Document

    file = Document(io.BytesIO(rendering.render(page, "en", "docx")))
    words = " ".join(p.text for p in file.paragraphs) + " ".join(
        c.text for t in file.tables for r in t.rows for c in r.cells
    )
    document = freezing.document_of(page.content, "en")
    assert document.title in words
    for block in document.blocks:
        for item in getattr(block, "items", ()):
            text = item if isinstance(item, str) else item[0] if isinstance(item, tuple) else item.label
            assert text in words


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"audience": "ministers", "as_of": TODAY + timedelta(days=1)}, "lies in the future"),
        ({"audience": "ministers", "known_at": NOW + timedelta(days=1)}, "will be known later"),
        ({"audience": "ward"}, "of which hospital"),
    ],
)
def test_a_report_that_cannot_be_made_is_refused_in_one_sentence(city, asked, sentence):
    from beiji.reports.changes import ReportError

    before = Snapshot.objects.count()
    with pytest.raises(ReportError, match=sentence):
        make_snapshot(city=city, by=None, now=NOW, **asked)
    assert Snapshot.objects.count() == before


def test_map_and_report_compare_with_the_same_first_round(city):
    from beiji.reports import gathering

    hospitals = list(Subject.objects.filter(kind="hospital"))
    basis = gathering.gather(city=city, hospitals=hospitals, as_of=TODAY, known_at=NOW)
    assert basis.before_day == queries.end_of_first_round(city, TODAY)


def test_erasing_a_person_reaches_reports_that_were_made_before(city):
    from beiji.improve.models import Action
    from beiji.programme import changes as programme

    action = Action.objects.filter(leader__isnull=False, concerns__kind="hospital").select_related("leader").first()
    hospital = action.concerns.first()
    ward = make_snapshot(city=city, audience="ward", subject=hospital, by=None, now=NOW)
    name = action.leader.names["zh-Hans"]
    assert name not in str(ward.content), "a frozen row holds no personal data"
    assert name in text_of(ward, "zh-Hans")
    programme.erase_person(person=action.leader, by=action.planned_by, now=NOW)
    assert name not in text_of(ward, "zh-Hans")


@pytest.mark.one_database
def test_requests_carry_the_days_own_numbers_and_none_that_was_typed_once(city, page):
    found = Recomputed(TODAY, NOW).numbers(must_pass_pairs(city))
    text = re.sub(r"\s+", " ", text_of(page, "en"))
    assert f"Require the other {found['short']['TRI-6']} hospitals to empty the" in text
    assert "a monthly unscripted night call-in test in all 14 hospitals" in text
    for language in ("en", "zh-Hans", "he"):
        assert "{" not in text_of(page, language)
    assert "as typed" not in text
