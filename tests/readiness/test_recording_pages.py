"""Recording, confirming and withdrawing by hand: who may, what is refused with which sentence, what follows."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from beiji.readiness import changes
from beiji.readiness.models import Evidence
from beiji.readiness.rules.rows import Condition, Evaluator, Method, Notice
from beiji.records.models import Attachment
from tests import cast

from .conftest import timed
from .test_changes import state
from .test_pages import signed_in, text_of

NEW = "/yangzhou/readiness/egret/ed-clear-time/evidence/new/"
TYPED = {
    "method": "own-drill",
    "as_of": "2026-11-20",
    "condition": "night",
    "notice": "unannounced",
    "value": "13",
    "sample": "1",
    "label": "Drill of 20 November",
    "note_language": "en",
}
#: A measured pass, as the city's manager types it.
PASSED = {**TYPED, "method": "witnessed-drill"}


def photograph(name: str = "sheet.png") -> SimpleUploadedFile:
    """A picture as a telephone sends it."""
    out = io.BytesIO()
    Image.new("RGB", (8, 6)).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the cast."""
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)


@pytest.fixture
def own_coordinator(loaded: cast.World) -> Client:
    """The coordinator of Egret."""
    return signed_in("coordinator_other", loaded)


def row_url(row: Evidence, verb: str = "") -> str:
    return f"/yangzhou/readiness/rows/{row.pk}/{verb}"


def test_a_coordinator_records_his_own_drill_and_the_city_confirms_it(
    loaded: cast.World, own_coordinator: Client
) -> None:
    response = own_coordinator.post(NEW, TYPED)
    assert response.status_code == 302
    row = Evidence.objects.get()
    assert (row.method, row.evaluator, row.office, row.value) == ("own-drill", 0, "egret", "13")
    manager = signed_in("manager", loaded)
    assert "Confirm the raw record" in text_of(manager.get(row_url(row)))
    assert "Confirm the raw record" not in text_of(own_coordinator.get(row_url(row)))
    assert (
        manager.post(row_url(row, "confirmation/"), {"reason": "Log and video seen", "language": "en"}).status_code
        == 302
    )
    confirmed = Evidence.objects.get(supersedes=row)
    assert (confirmed.evaluator, confirmed.office, confirmed.value, confirmed.notice) == (
        2,
        "commission",
        "13",
        "unannounced",
    )
    assert "superseded: Log and video seen" in text_of(manager.get(row_url(row)))


def test_what_the_law_refuses_is_said_in_one_sentence_and_nothing_is_recorded(own_coordinator: Client) -> None:
    for change, sentence in (
        ({"condition": "any"}, "Say whether it happened by day, by night or on a holiday."),
        ({"notice": ""}, "Say whether the drill was scripted, announced or unannounced."),
        ({"as_of": "2026-11-30"}, "The day 2026-11-30 has not come yet."),
        ({"level": "2"}, "A row says exactly one thing"),
        ({"value": ""}, "A row says exactly one thing"),
        ({"value": "", "level": "2"}, "A drill is not entered as a level."),
    ):
        response = own_coordinator.post(NEW, TYPED | change)
        assert response.status_code == 422
        assert sentence in response.content.decode().replace("&#x27;", "'")
    assert not Evidence.objects.exists()


SHARE = "/yangzhou/readiness/egret/activation-level-share/evidence/new/"


@pytest.mark.parametrize("typed", ["45", "45%", "４５％", "%45", "\u200f45"])
def test_a_share_is_typed_in_per_cent_whatever_the_keyboard(own_coordinator: Client, typed: str) -> None:
    """45 was once kept as 4,500 % and stood as Proven."""
    assert re.search(r'<span class="field-unit">\s*<input', own_coordinator.get(SHARE).content.decode())
    assert own_coordinator.post(SHARE, TYPED | {"value": typed}).status_code == 302
    assert Evidence.objects.get().value == "9/20"


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("value", "4500", "is too large; the most that can be entered is"),
        ("value", "0.45", "would be less than one per cent"),
        ("value", "1E-99999999", "is not a number"),
        ("sample", "0", "is too small"),
        ("sample", "12.5", "is not a whole number"),
        ("as_of", "26-11-20", "Write the year with four digits"),
        ("as_of", "1926-11-20", "is far from the programme. Enter a day between 1 April 2015 and 1 April 2035"),
        ("as_of", "2126-11-20", "is far from the programme"),
    ],
)
def test_a_slip_of_the_hand_is_refused_with_one_sentence(
    own_coordinator: Client, field: str, typed: str, words: str
) -> None:
    response = own_coordinator.post(SHARE, TYPED | {"value": "45", field: typed})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Evidence.objects.exists()


def test_the_form_offers_only_what_this_person_and_capability_can_say(
    loaded: cast.World, own_coordinator: Client
) -> None:
    own = own_coordinator.get(NEW).content.decode()
    assert 'value="own-drill"' in own
    assert 'value="timed-test"' not in own
    outside = signed_in("manager", loaded).get(NEW).content.decode()
    assert 'value="timed-test"' in outside
    assert 'value="self-rating"' not in outside
    ginkgo = signed_in("lead", loaded).get(NEW.replace("egret", "ginkgo")).content.decode()
    assert 'value="ginkgo-west"' in ginkgo
    forged = own_coordinator.post(NEW, TYPED | {"method": "timed-test"})
    assert forged.status_code == 422
    assert not Evidence.objects.exists()


def test_only_those_who_may_record_find_the_page(loaded: cast.World) -> None:
    ginkgo = NEW.replace("egret", "ginkgo")
    for part, status in (
        ("coordinator", 200),
        ("lead", 200),
        ("manager", 200),
        ("assessor", 404),
        ("administrator", 404),
    ):
        assert signed_in(part, loaded).get(ginkgo).status_code == status, part
    assert signed_in("coordinator", loaded).get(NEW).status_code == 404
    assert signed_in("leader", loaded).get(ginkgo).status_code == 404


def test_a_hospital_cannot_withdraw_what_was_found_from_outside(
    loaded: cast.World, record: Callable, own_coordinator: Client
) -> None:
    (row, _) = record(
        timed("egret", 24, date(2026, 10, 1), Condition.DAY), timed("egret", 9, date(2026, 10, 1), Condition.NIGHT)
    )
    assert "Withdraw this row" not in text_of(own_coordinator.get(row_url(row)))
    response = own_coordinator.post(row_url(row, "withdrawal/"), {"reason": "unfair", "language": "en"})
    assert response.status_code == 422
    assert "Row" in response.content.decode()
    assert "can change it." in response.content.decode()
    assert state() == "below"


def test_withdrawing_needs_a_reason_and_is_final(loaded: cast.World, own_coordinator: Client) -> None:
    own_coordinator.post(NEW, TYPED)
    row = Evidence.objects.get()
    assert own_coordinator.post(row_url(row, "withdrawal/"), {"reason": " ", "language": "en"}).status_code == 422
    assert (
        own_coordinator.post(row_url(row, "withdrawal/"), {"reason": "wrong watch", "language": "en"}).status_code
        == 302
    )
    assert "withdrawn: wrong watch" in text_of(own_coordinator.get(row_url(row)))
    again = own_coordinator.post(row_url(row, "withdrawal/"), {"reason": "again", "language": "en"})
    assert again.status_code == 422
    assert "no longer stands" in again.content.decode()
    assert state() == "unknown"


def test_rows_of_other_hospitals_do_not_exist(loaded: cast.World, own_coordinator: Client) -> None:
    own_coordinator.post(NEW, TYPED)
    row = Evidence.objects.get()
    stranger = signed_in("coordinator", loaded)
    assert stranger.get(row_url(row)).status_code == 404
    assert stranger.post(row_url(row, "withdrawal/"), {"reason": "x", "language": "en"}).status_code == 404
    assert own_coordinator.get("/yangzhou/readiness/rows/999999/").status_code == 404


def test_a_confirmed_notified_drill_counts_as_exercised(loaded: cast.World, record: Callable) -> None:
    day = date(2026, 11, 20)
    drill = changes.notify_drill(
        city=loaded.city, subject="egret", capability="ed-clear-time", condition=Condition.NIGHT,
        starts_at=datetime(2026, 11, 20, 14, 0, tzinfo=UTC), office="commission", evaluator=Evaluator.CITY, by=None,
        now=datetime(2026, 11, 18, 2, 0, tzinfo=UTC),
    )  # fmt: skip
    own = changes.Draft(
        "egret", "ed-clear-time", Method.OWN_DRILL, Evaluator.SELF, day, value=13, condition=Condition.NIGHT,
        notice=Notice.UNANNOUNCED, drill=drill.pk,
    )  # fmt: skip
    (row,) = record(own, office="egret")
    manager, confirm = signed_in("manager", loaded), row_url(row, "confirmation/")
    bare = manager.post(confirm, {"reason": "Log seen", "language": "en"})
    assert bare.status_code == 422
    assert "A measured pass needs its raw sheet." in bare.content.decode()
    manager.post(confirm, {"reason": "Log seen", "language": "en", "sheets": photograph()})
    text = text_of(signed_in("manager", loaded).get("/yangzhou/readiness/egret/ed-clear-time/"))
    assert "exercised" in text


# --- what a pass rests on ------------------------------------------------------------------------------------------
def test_a_measured_pass_needs_its_raw_sheet_and_who_watched(loaded: cast.World) -> None:
    """A number typed by hand once stood as Proven with nothing behind it."""
    manager, watched = signed_in("manager", loaded), str(loaded.people["lead"].pk)
    for behind, sentence in (
        ({"evaluated_by": watched}, "A measured pass needs its raw sheet."),
        ({"sheets": photograph()}, "A measured pass needs its evaluator."),
        ({"sheets": photograph()}, "Choose the file again"),
    ):
        response = manager.post(NEW, PASSED | behind)
        assert response.status_code == 422
        assert sentence in response.content.decode()
    assert not Evidence.objects.exists()
    assert not Attachment.objects.exists(), "a file that no row takes is not kept either"
    assert manager.post(NEW, PASSED | {"sheets": photograph(), "evaluated_by": watched}).status_code == 302
    row = Evidence.objects.get()
    assert (row.backing.evaluated_by, row.sheets.count()) == (loaded.people["lead"].pk, 1)


@pytest.mark.parametrize(
    "miss",
    [
        {"value": "40"},
        {"value": "40", "method": "timed-test", "notice": ""},
        {"value": "", "notice": "", "method": "spot-check", "level": "1", "condition": "any"},
    ],
)
def test_bad_news_is_never_refused(loaded: cast.World, miss: dict[str, str]) -> None:
    assert signed_in("manager", loaded).post(NEW, PASSED | miss).status_code == 302
    assert Evidence.objects.count() == 1


def test_a_hospital_s_own_word_needs_no_sheet_but_its_document_does(own_coordinator: Client) -> None:
    paper = TYPED | {"method": "uploaded-document", "value": "", "level": "2", "condition": "any", "notice": ""}
    response = own_coordinator.post(NEW, paper)
    assert response.status_code == 422
    assert "“Document handed in” needs the document. Attach it as a file." in response.content.decode()
    assert own_coordinator.post(NEW, paper | {"level": "1"}).status_code == 302, "a miss needs nothing"
    assert own_coordinator.post(NEW, paper | {"sheets": photograph("plan.png")}).status_code == 302
    assert 'enctype="multipart/form-data"' in own_coordinator.get(NEW).content.decode()


def test_a_file_that_is_no_picture_leaves_nothing_behind(loaded: cast.World) -> None:
    virus = SimpleUploadedFile("sheet.png", b"MZ not a picture", "image/png")
    response = signed_in("manager", loaded).post(
        NEW, PASSED | {"sheets": virus, "evaluated_by": str(loaded.people["lead"].pk)}
    )
    assert response.status_code == 422
    assert "holds something else" in response.content.decode()
    assert not Evidence.objects.exists()


def test_the_page_of_a_row_shows_what_it_rests_on(loaded: cast.World, own_coordinator: Client) -> None:
    manager = signed_in("manager", loaded)
    behind = {
        "sheets": [photograph("watch.png"), photograph("log.png")],
        "evaluated_by": str(loaded.people["lead"].pk),
        "note": "שני חולים הועברו קודם",
        "note_language": "he",
    }
    manager.post(NEW, PASSED | behind)
    row = Evidence.objects.get()
    page = own_coordinator.get(row_url(row)).content.decode()
    assert '<p class="typed" lang="he" dir="rtl">שני חולים הועברו קודם</p>' in " ".join(page.split())
    for word in ("dana-peretz", "watch.png", "log.png", "Drill of 20 November"):
        assert word in page, word
    sheet = row.sheets.first()
    address = f"{row_url(row)}files/{sheet.attachment_id}/"
    assert address in page
    given = own_coordinator.get(address)
    assert (given.status_code, given["Content-Type"]) == (200, "image/png")
    assert "sandbox" in given["Content-Security-Policy"]
    assert signed_in("coordinator", loaded).get(address).status_code == 404, "another hospital's file does not exist"
    ending = manager.get(row_url(row)).content.decode()
    assert "Withdraw this row" in ending
    assert 'name="sheets"' not in ending, "files go with a confirmation, and there is nothing to confirm"
    manager.post(row_url(row, "withdrawal/"), {"reason": "Falsche Uhr", "language": "en"})
    assert "Falsche Uhr" in own_coordinator.get(row_url(row)).content.decode()
