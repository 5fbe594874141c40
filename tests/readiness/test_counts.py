"""Counts from records: what the register of training calls by night, a count brought by hand, and its sampling."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import timezone

from beiji.packs.library import Library
from beiji.readiness import changes
from beiji.readiness.models import Edition, Evidence, PackVersion
from beiji.readiness.rules.rows import Condition, Evaluator, LedgerError, Source
from tests import cast

from .test_changes import state
from .test_pages import signed_in, text_of
from .test_recording_pages import photograph

SHARE = "activation-level-share"
NEW = f"/yangzhou/readiness/egret/{SHARE}/evidence/new/"
TYPED = {
    "method": "records-counted", "as_of": "2026-11-15", "condition": "any", "listed": "40", "current": "39", "sample": "1",
    "label": "Register of training, November", "note_language": "en",
}  # fmt: skip
REGISTER = Source("train", "register", "Register of training")


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the cast."""
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)


@pytest.fixture
def counted(loaded: cast.World) -> cast.World:
    """A world in which a share is counted from records."""
    Edition.objects.filter(capability__code=SHARE).update(by_records=True)
    return loaded


def night(world: cast.World, day: date, current: int, listed: int = 40, **more: object) -> Evidence | None:
    """The nightly call on a day."""
    now = datetime(day.year, day.month, day.day, 20, 0, tzinfo=UTC)
    return changes.record_count(
        city=world.city, subject="egret", capability=SHARE, day=day, current=current, listed=listed, source=REGISTER,
        now=now, **more,
    )  # fmt: skip


def test_forty_nights_leave_a_row_a_month_and_one_for_each_crossing(counted: cast.World) -> None:
    shares = {date(2026, 8, 30): 39, date(2026, 9, 10): 20, date(2026, 9, 14): 38}
    current, first = 38, date(2026, 8, 28).toordinal()
    written = []
    for ordinal in range(first, first + 40):
        day = date.fromordinal(ordinal)
        current = shares.get(day, current)
        row = night(counted, day, current)
        if row is not None:
            written.append((day, row.value))
            assert night(counted, day, current) is None, "the night ran twice"
    assert written == [
        (date(2026, 8, 28), "19/20"),
        (date(2026, 8, 31), "39/40"),
        (date(2026, 9, 10), "1/2"),
        (date(2026, 9, 14), "19/20"),
        (date(2026, 9, 30), "19/20"),
    ]
    assert Evidence.objects.count() == 5


def test_a_night_that_did_not_run_is_made_up_for(counted: cast.World) -> None:
    assert night(counted, date(2026, 9, 29), 38)
    assert night(counted, date(2026, 10, 3), 38) is not None
    assert night(counted, date(2026, 10, 4), 38) is None


def test_a_gate_has_its_count_and_day_and_night_are_kept_apart(counted: cast.World) -> None:
    day = date(2026, 10, 12)
    assert night(counted, date(2026, 10, 1), 38)
    assert night(counted, day, 38) is None
    now = datetime(2026, 10, 12, 21, 0, tzinfo=UTC)
    gate = {
        "city": counted.city,
        "subject": "egret",
        "capability": SHARE,
        "day": day,
        "current": 38,
        "listed": 40,
        "now": now,
    }
    assert changes.record_count(**gate, source=Source("gate", "1", "Gate of stage 1"))
    assert changes.record_count(**gate, source=Source("gate", "1", "Gate of stage 1")) is None
    assert night(counted, day, 12, 20, condition=Condition.NIGHT)


def test_what_somebody_withdrew_the_night_does_not_write_again(counted: cast.World) -> None:
    day = date(2026, 10, 12)
    row = night(counted, day, 38)
    changes.withdraw_evidence(
        evidence=row, evaluator=Evaluator.SELF, reason="The list was last year's.", by=None, office="egret",
        now=datetime(2026, 10, 12, 20, 30, tzinfo=UTC),
    )  # fmt: skip
    assert night(counted, day, 38) is None
    assert night(counted, date(2026, 10, 13), 30) is not None


def test_nothing_is_counted_of_nobody_nor_of_what_has_no_records(counted: cast.World) -> None:
    assert night(counted, date(2026, 10, 12), 0, 0) is None
    with pytest.raises(LedgerError, match="41 of 40"):
        night(counted, date(2026, 10, 12), 41)
    Edition.objects.filter(capability__code=SHARE).update(by_records=False)
    with pytest.raises(LedgerError, match="not counted from records"):
        night(counted, date(2026, 10, 12), 38)
    assert not Evidence.objects.exists()


# --- by hand -------------------------------------------------------------------------------------------------------
def test_a_coordinator_brings_a_count_with_its_list_and_an_assessor_samples_it(counted: cast.World) -> None:
    own = signed_in("coordinator_other", counted)
    assert "People on the list" in text_of(own.get(NEW))
    bare = own.post(NEW, TYPED)
    assert bare.status_code == 422
    assert "A count needs its list" in bare.content.decode()
    assert own.post(NEW, TYPED | {"sheets": photograph("list.png")}).status_code == 302
    row = Evidence.objects.get()
    assert (row.value, row.sample, row.method, row.evaluator) == ("39/40", 40, "records-counted", 0)
    assert state("egret", SHARE) == "claimed"
    page = f"/yangzhou/readiness/rows/{row.pk}/"
    assert "39 of 40 people" in text_of(own.get(page))
    assert "Record the sampling" not in text_of(own.get(page))
    manager = signed_in("manager", counted)
    assert "Record the sampling" in text_of(manager.get(page))
    assert "Confirm the raw record" not in text_of(manager.get(page))
    said = {"reason": "Certificates seen", "language": "en", "drawn": "12", "held": "11"}
    for wrong, sentence in (
        ({"drawn": "40"}, "Of the 39 counted as current, draw at least"),
        ({"held": "13"}, "13 of 12 cannot have held."),
        ({"drawn": ""}, ""),
    ):
        answer = manager.post(f"{page}confirmation/", said | wrong)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert "Record the sampling" in answer.content.decode()
    assert manager.post(f"{page}confirmation/", said).status_code == 302
    sampled = Evidence.objects.get(supersedes=row)
    assert (sampled.value, sampled.sample, sampled.evaluator) == ("143/160", 12, 2)
    assert sampled.sheets.count() == 1
    shown = text_of(own.get(f"/yangzhou/readiness/rows/{sampled.pk}/"))
    for words in ("39 of 40 people", "Drawn 12", "Of these, in order 11"):
        assert words in shown, words


def test_a_second_count_in_the_month_is_refused_with_a_sentence(counted: cast.World) -> None:
    own = signed_in("coordinator_other", counted)
    assert own.post(NEW, TYPED | {"sheets": photograph()}).status_code == 302
    again = TYPED | {"as_of": "2026-11-16"}
    answer = own.post(NEW, again | {"sheets": photograph()})
    assert answer.status_code == 422
    assert "The next is due at the end of the month." in answer.content.decode()
    assert own.post(NEW, again | {"sheets": photograph(), "for_gate": "on"}).status_code == 302
    assert own.post(NEW, again | {"as_of": "2026-11-17", "current": "5"}).status_code == 302, "a miss needs no list"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [({"current": "41"}, "41 of 40 cannot be. Count again."), ({"listed": ""}, "A count says how many of how many.")],
)
def test_a_count_that_cannot_be_is_refused(counted: cast.World, typed: dict[str, str], sentence: str) -> None:
    answer = signed_in("coordinator_other", counted).post(NEW, TYPED | {"sheets": photograph()} | typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Evidence.objects.exists()


def test_a_count_is_withdrawn_without_being_sampled(counted: cast.World) -> None:
    own: Client = signed_in("coordinator_other", counted)
    own.post(NEW, TYPED | {"sheets": photograph()})
    row = Evidence.objects.get()
    page = f"/yangzhou/readiness/rows/{row.pk}/"
    assert "Drawn" not in text_of(own.get(page))
    assert own.post(f"{page}withdrawal/", {"reason": "wrong list", "language": "en"}).status_code == 302
    assert (
        signed_in("coordinator_other", counted).get(NEW.replace(SHARE, "ed-clear-time")).content.count(b'name="listed"')
        == 0
    )


def test_what_was_counted_is_not_drawn_as_measured(counted: cast.World) -> None:
    own: Client = signed_in("coordinator_other", counted)
    own.post(NEW, TYPED | {"sheets": photograph()})
    manager = signed_in("manager", counted)
    for page in (f"/yangzhou/readiness/egret/{SHARE}/", f"/yangzhou/readiness/capabilities/{SHARE}/"):
        assert "<figure" not in manager.get(page).content.decode(), page
    assert "39 of 40 people" in text_of(manager.get(f"/yangzhou/readiness/egret/{SHARE}/"))


def test_what_is_counted_from_records_follows_the_newest_release(loaded: cast.World, library: Library) -> None:
    counted_ones = [c.id for c in library.capabilities.values() if c.by_records]
    assert counted_ones == ["trauma-course-share", "training-current-share"]
    editions = Edition.objects.filter(capability__code__in=counted_ones)
    editions.update(by_records=False)
    older = PackVersion.objects.get(kind="capabilities", code="core-capabilities")
    newer = replace(
        library,
        capability_packs={
            "core-capabilities": library.capability_packs["core-capabilities"].model_copy(update={"hash": "1" * 64})
        },
    )
    changes.load_packs(city=loaded.city, library=newer, by=None, now=cast.NOW, standards=[])
    assert PackVersion.objects.filter(code=older.code).count() == 2
    assert set(editions.values_list("by_records", flat=True)) == {True}
