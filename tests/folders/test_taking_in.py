"""Files that came in with rows, visits and replies are taken into the library, and files of the library into visits; none is sent again."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction

import pytest
from django.urls import reverse

from beiji.assess import changes as assess
from beiji.assess.changes import Seat
from beiji.folders import changes
from beiji.folders.models import Clause, LibraryFile
from beiji.readiness import changes as ledger
from beiji.readiness.rules.rows import Condition, Evaluator, Method, Notice
from beiji.records.models import Attachment, Operation
from tests.assess.browsing import text_of
from tests.assess.browsing import url as visit_url
from tests.cast import NOW, TODAY
from tests.folders.conftest import browser, page_of, picture


@pytest.fixture
def row(yangzhou):
    """An own drill of Ginkgo's west campus with its raw sheet."""
    draft = ledger.Draft(
        subject="ginkgo-west", capability="ed-clear-time", method=Method.OWN_DRILL, evaluator=Evaluator.SELF,
        as_of=TODAY - timedelta(days=9), value=Fraction(22), condition=Condition.DAY, notice=Notice.UNANNOUNCED,
    )  # fmt: skip
    return ledger.record_by_hand(
        city=yangzhou.city, draft=draft, by=yangzhou.people["coordinator"].pk, office="ginkgo", now=NOW,
        uploads=[picture("raw-sheet.png", 9)],
    )  # fmt: skip


def test_a_raw_sheet_is_taken_in_without_being_stored_again_and_leaves_the_list(yangzhou, row):
    coordinator = browser(yangzhou, "coordinator")
    page = coordinator.get(page_of("elsewhere"))
    assert "raw-sheet.png own drill" in text_of(page)
    take = re.search(r'href="([^"]+\?take=[^"]+)"', page.content.decode())[1]
    said = {
        "title": "Clearing, day",
        "language": "en",
        "kind": "drill",
        "day": "2026-11-15",
        "until": "",
        "readers": "all",
    }
    assert "in the library" in text_of(coordinator.post(take, said, follow=True))
    added = LibraryFile.objects.get()
    assert (added.attachment, Attachment.objects.count()) == (row.sheets.get().attachment, 1)
    assert list(added.items.values_list("item", flat=True)) == ["TRI-6"], "what the row is about goes along"
    assert "No file to take in" in text_of(coordinator.get(page_of("elsewhere")))
    assert coordinator.post(take, said).status_code == 404, "it is taken in once"


def test_a_file_of_another_hospital_cannot_be_taken_in_by_its_id(yangzhou, row):
    key = row.sheets.get().attachment_id
    other = browser(yangzhou, "coordinator_other")
    assert other.get(page_of("file-new", "egret") + f"?take={key}").status_code == 404


@pytest.fixture
def visit(yangzhou):
    team = [Seat(yangzhou.people["lead"], "lead"), Seat(yangzhou.people["assessor"], "assessor")]
    made = assess.plan_visit(
        city=yangzhou.city, subject=yangzhou.subjects["ginkgo"], round=1, kind="external", scope="full",
        first_day=TODAY - timedelta(days=1), last_day=TODAY, team=team, by=yangzhou.people["manager"].pk, now=NOW,
    )  # fmt: skip
    assess.move_visit(visit=made, to="on-site", by=yangzhou.people["lead"].pk, now=NOW)
    return made


def test_an_assessor_picks_a_file_of_the_library_and_it_stands_with_the_item(yangzhou, visit, add):
    add(title="Night roster", items=["TRI-2"])
    add(title="Other paper", grey=5)
    assessor = browser(yangzhou, "assessor")
    picking = visit_url("library", visit, indicator="TRI-2")
    assert picking in assessor.get(visit_url("rate", visit, indicator="TRI-2")).content.decode()
    text = text_of(assessor.get(picking))
    assert text.index("Night roster") < text.index("Other paper"), "what shows the item stands first"
    assert "shows this item" in text
    file = LibraryFile.objects.get(title="Night roster")
    page = assessor.post(picking, {"attachment": str(file.attachment_id), "part": ""}, follow=True)
    assert "roster.png" in text_of(page)
    assert Operation.objects.get(kind="attach").payload["attachment"] == str(file.attachment_id)
    assert Attachment.objects.count() == 2, "nothing was sent again"


def test_a_page_of_files_to_pick_or_tick_says_where_there_are_more(yangzhou, visit, add, monkeypatch):
    monkeypatch.setattr("beiji.folders.queries.MOST_TO_PICK", 2)
    clauses = changes.add_list(
        subject=yangzhou.subjects["ginkgo"], title="Review", language="en", inspection=None,
        by=yangzhou.people["coordinator"], now=NOW,
    )  # fmt: skip
    clause = Clause.objects.create(city=yangzhou.city, clauses=clauses, number="A.1", order=1)
    where = reverse("folders:clause-files", kwargs={"city": "yangzhou", "clauses": clauses.pk, "clause": clause.pk})

    def pages():
        picking = browser(yangzhou, "assessor").get(visit_url("library", visit, indicator="TRI-2"))
        return [text_of(picking), text_of(browser(yangzhou, "coordinator").get(where))]

    add(grey=1)
    add(grey=2)
    assert not any("Only the first" in page for page in pages())
    add(grey=3)
    assert all("Only the first 2 are shown; search for others." in page for page in pages())


def test_what_names_people_and_what_is_anothers_cannot_be_attached(yangzhou, visit, add):
    personal = add(title="Names", personal=True)
    other = add(title="Egret's", grey=7, subject=yangzhou.subjects["egret"])
    assessor = browser(yangzhou, "assessor")
    picking = visit_url("library", visit, indicator="TRI-2")
    assert "Names" not in text_of(assessor.get(picking))
    for file in (personal, other):
        page = assessor.post(picking, {"attachment": str(file.attachment_id)}, follow=True)
        assert "The attachment is not known here" in text_of(page)
    assert not Operation.objects.filter(kind="attach").exists()
