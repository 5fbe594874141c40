"""One library of evidence files for each hospital: sent once, found again, looked at, and never a standing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from beiji.folders import access, changes
from beiji.folders.models import FileItem, LibraryFile
from beiji.folders.rules import Looked, age_of, end_of, verdict_of
from beiji.readiness.models import Evidence, Standing
from beiji.records import files as kept
from beiji.records.models import Attachment
from tests.assess.browsing import text_of
from tests.cast import NOW, TODAY
from tests.folders.conftest import browser, page_of, picture


def form(**more):
    said = {
        "title": "Roster of the door",
        "language": "en",
        "kind": "roster",
        "day": "2026-11-01",
        "until": "",
        "readers": "all",
    }
    return said | {"upload": picture()} | more


def test_a_file_that_is_sent_once_serves_several_items_and_is_found_by_each(yangzhou):
    coordinator = browser(yangzhou, "coordinator")
    page = coordinator.post(page_of("file-new"), form(), follow=True)
    assert "Now tick the items" in text_of(page)
    row = LibraryFile.objects.get()
    ticks = {"item": ["TRI-2", "STF-2"], "shown": ["TRI-2", "STF-2", "TRI-6"]}
    assert "2 items tied." in text_of(coordinator.post(page_of("file-items", file=row.pk), ticks, follow=True))
    for search in ("roster", "door", "TRI-2", "stf-2", "ROSTER.png"):
        assert "Roster of the door" in text_of(coordinator.get(page_of("library"), {"q": search})), search
    assert "Roster of the door" not in text_of(coordinator.get(page_of("library"), {"q": "generator"}))
    assert Attachment.objects.count() == 1


def test_a_file_is_found_by_the_words_of_what_it_shows_in_the_readers_language(yangzhou, add):
    add(items=["ACT-6"])
    assert "Signed plan" in text_of(browser(yangzhou, "manager", "zh-hans").get(page_of("library"), {"q": "警报"}))


def test_the_same_file_is_not_stored_twice_and_the_refusal_names_the_first(yangzhou, add, settings):
    add(title="Signed plan, third edition")
    page = browser(yangzhou, "coordinator").post(page_of("file-new"), form())
    assert (page.status_code, "in the library already, as “Signed plan, third edition”" in text_of(page)) == (422, True)
    assert (LibraryFile.objects.count(), Attachment.objects.count()) == (1, 1)


def test_a_file_of_which_the_change_was_refused_lies_nowhere(yangzhou, add, settings):
    with pytest.raises(changes.FoldersError, match="has been"):
        add(day=TODAY + timedelta(days=1))
    with pytest.raises(changes.FoldersError, match="NOT-1 is no item"):
        add(items=["NOT-1"])
    assert [path for path in settings.FILES.rglob("*") if path.is_file() and path.name != ".lock"] == []


def test_tying_a_file_to_an_item_changes_no_standing(yangzhou, add):
    before = list(Standing.objects.order_by("pk").values()), Evidence.objects.count()
    row = add(items=["TRI-2", "PLN-1"])
    changes.mark_file(file=row, word="checked", by=yangzhou.people["manager"], now=NOW)
    assert (list(Standing.objects.order_by("pk").values()), Evidence.objects.count()) == before


def test_the_end_follows_from_the_items_and_the_earlier_of_both_holds(yangzhou, add):
    row = add(grey=1)
    assert (row.until, row.until_item) == (None, "")
    changes.tie_items(file=row, on=["TRI-2"], off=[], by=yangzhou.people["coordinator"], now=NOW)
    row.refresh_from_db()
    by_item = row.until
    assert by_item is not None
    assert row.until_item == "TRI-2"
    early = add(grey=2, until=TODAY + timedelta(days=3), items=["TRI-2"])
    early.refresh_from_db()
    assert (early.until, early.until_item) == (TODAY + timedelta(days=3), "")
    late = add(grey=3, until=by_item + timedelta(days=900), items=["TRI-2"])
    late.refresh_from_db()
    assert (late.until, late.until_item) == (by_item, "TRI-2")
    changes.tie_items(file=late, on=[], off=["TRI-2"], by=yangzhou.people["coordinator"], now=NOW)
    late.refresh_from_db()
    assert late.until == by_item + timedelta(days=900)


def test_who_looked_and_when_stands_beside_the_file_and_a_refusal_says_why(yangzhou, add):
    row = add()
    page = browser(yangzhou, "lead").post(
        page_of("file-marks", file=row.pk), {"word": "read", "language": "en"}, follow=True
    )
    assert re.search(r"Read dana-peretz · Integrator", text_of(page))
    manager = browser(yangzhou, "manager")
    silent = manager.post(page_of("file-marks", file=row.pk), {"word": "refused", "language": "en"})
    assert (silent.status_code, "Say why it is not accepted" in text_of(silent)) == (422, True)
    said = {"word": "refused", "reason": "The second page is missing.", "language": "en"}
    text = text_of(manager.post(page_of("file-marks", file=row.pk), said, follow=True))
    assert "The second page is missing." in text
    assert "not accepted" in text_of(manager.get(page_of("library")))


def test_nobody_checks_what_he_added_himself(yangzhou, add):
    row = add()
    own = browser(yangzhou, "coordinator")
    page = own.post(page_of("file-marks", file=row.pk), {"word": "checked", "language": "en"})
    assert (page.status_code, "somebody else checks it" in text_of(page)) == (422, True)
    assert own.post(page_of("file-marks", file=row.pk), {"word": "read", "language": "en"}).status_code == 302


def test_a_check_speaks_of_what_was_said_of_the_file_then(yangzhou, add):
    row = add()
    changes.mark_file(file=row, word="checked", by=yangzhou.people["manager"], now=NOW)
    library = browser(yangzhou, "manager")
    assert "1 file" in text_of(library.get(page_of("library"), {"verdict": "checked"}))
    said = {"title": row.title, "language": "en", "kind": "plan", "day": TODAY, "until": None, "personal": False}
    changes.change_file(file=row, **said, by=yangzhou.people["coordinator"], now=NOW)
    assert "0 of 1 file" in text_of(library.get(page_of("library"), {"verdict": "checked"}))
    assert "before what is said of the file was changed" in text_of(library.get(page_of("file", file=row.pk)))


def test_a_mark_on_what_was_changed_since_the_page_was_opened_is_refused_and_can_be_put_again(yangzhou, add):
    row = add()
    manager = browser(yangzhou, "manager")

    def sent(page):
        version = re.search(r'name="version"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="version"', page.content.decode())
        return {"word": "checked", "language": "en", "version": version[1] or version[2]}

    opened = sent(manager.get(page_of("file", file=row.pk)))
    said = {"title": "Another paper", "language": "en", "kind": "order", "day": TODAY, "until": None, "personal": False}
    changes.change_file(file=row, **said, by=yangzhou.people["coordinator"], now=NOW)
    back = manager.post(page_of("file-marks", file=row.pk), opened)
    assert (back.status_code, "was changed while you looked at it" in text_of(back)) == (422, True)
    assert "Another paper" in text_of(back)
    assert not row.marks.exists()
    assert manager.post(page_of("file-marks", file=row.pk), sent(back)).status_code == 302
    assert row.marks.get().version == 2


def test_what_names_people_is_hidden_from_guests_and_open_to_the_city(yangzhou, add):
    row = add(personal=True)
    guest, own = browser(yangzhou, "lead"), browser(yangzhou, "manager")
    for name in ("file", "content"):
        assert (guest.get(page_of(name, file=row.pk)).status_code, own.get(page_of(name, file=row.pk)).status_code) == (
            404,
            200,
        )
    assert "Signed plan" not in text_of(guest.get(page_of("library")))
    assert not access.files_to_pick(yangzhou.people["manager"], row.subject).exists(), "nor does it go into a visit"


def test_another_hospital_and_another_city_find_nothing(yangzhou, add):
    row = add()
    for part in ("coordinator_other", "stranger", "translator", "leader", "administrator"):
        for name, more in (("library", {}), ("file", {"file": row.pk}), ("content", {"file": row.pk})):
            assert browser(yangzhou, part).get(page_of(name, **more)).status_code == 404, (part, name)


def test_a_file_that_was_taken_out_leaves_the_list_and_may_be_put_in_again(yangzhou, add):
    row = add()
    page = browser(yangzhou, "coordinator").post(page_of("file-end", file=row.pk), follow=True)
    assert "No file here" in text_of(page)
    assert "was taken out" in text_of(browser(yangzhou, "manager").get(page_of("file", file=row.pk)))
    assert kept.path_of(row.attachment).exists(), "rows and visits may hold it"
    assert add().pk != row.pk


def test_two_who_untie_the_same_item_leave_one_ended_tie(yangzhou, add):
    row = add(items=["TRI-2"])
    by = {"by": yangzhou.people["coordinator"], "now": NOW}
    assert changes.tie_items(file=row, on=[], off=["TRI-2"], **by) == (0, 1)
    assert changes.tie_items(file=row, on=[], off=["TRI-2"], **by) == (0, 0)
    assert changes.tie_items(file=row, on=["TRI-2"], off=["TRI-2"], **by) == (1, 0)
    assert FileItem.objects.filter(file=row).count() == 2


def test_rules_of_age_end_and_verdict():
    assert [age_of(TODAY + timedelta(days=n), TODAY).value for n in (0, 1, 60, 61)] == [
        "ended",
        "soon",
        "soon",
        "current",
    ]
    assert age_of(None, TODAY).value == "endless"
    assert end_of(TODAY, {"A": TODAY}) == (TODAY, "")
    assert end_of(None, {"B": TODAY, "A": TODAY}) == (TODAY, "A")
    marks = [Looked("read", 2), Looked("checked", 2), Looked("refused", 1)]
    assert (verdict_of(marks, 2), verdict_of(marks, 1), verdict_of(marks, 3)) == ("checked", "refused", "")
