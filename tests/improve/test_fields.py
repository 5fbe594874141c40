"""Numbers in what people type: filled on the day shown, or said to be as typed."""

from __future__ import annotations

from datetime import date

import pytest
from django_scopes import scope

from beiji.documents import changes as documents
from beiji.documents.changes import TextError
from beiji.improve import changes, fields
from beiji.improve.changes import ImproveError
from beiji.readiness.rules.rows import Proof, State
from beiji.reports import wording
from beiji.reports.rules.facts import Typed, choose_findings
from tests import cast
from tests.readiness.counted import held

DAY = date(2026, 11, 20)


def rows():
    short = [held(hospital=h, state=State.BELOW, miss=Proof.SEEN) for h in ("egret", "gull")]
    return [*short, held(hospital="ginkgo"), held(hospital="gull", indicator="SUR-1", state=State.UNKNOWN)]


def test_a_field_is_the_number_of_hospitals_that_fall_short_on_the_day():
    numbers = fields.numbers_of(rows())
    assert numbers == {"hospitals": 3, "TRI-6": 2}
    assert fields.filled("Of {hospitals} hospitals {TRI-6} must act.", numbers) == "Of 3 hospitals 2 must act."
    assert fields.filled("其余{ TRI-6 }家医院", numbers) == "其余2家医院"
    assert fields.filled("in {SUR-1} hospitals", numbers) == "in – hospitals", "nobody knows"
    assert fields.filled("a {note} in braces", numbers) == "a {note} in braces"


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        ("Require the other 9 hospitals to empty it.", [9]),
        ("in 8 rural hospitals and 1 hospital", [1, 8]),
        ("批准14家医院每月测试；其余 5 家医院", [5, 14]),
        ("לחייב את 9 בתי החולים האחרים", [9]),
        ("within 15 min by {TRI-6} hospitals", []),
        ("at night nobody answers", []),
    ],
)
def test_a_number_of_hospitals_typed_as_digits_is_seen_in_three_languages(body, counts):
    assert fields.typed_counts(body) == counts


def test_a_count_that_the_ledger_does_not_have_is_said_beside_the_words():
    chosen = choose_findings(rows(), [Typed("one", ("TRI-6",), 1)])[0]
    assert wording.finding_remark(chosen, [2], 3) == "2/3 · 2 checked"
    assert wording.finding_remark(chosen, [9, 2], 3) == "2/3 · 2 checked · number as typed: 9"


def test_a_field_that_nothing_fills_is_refused_and_nothing_is_kept(gap):
    from beiji.improve.models import Decision, Finding

    person = gap.people["manager"]
    with scope(city="yangzhou"):
        with pytest.raises(ImproveError, match=r"^Nothing fills \{TRI6\}: "):
            changes.write_finding(
                city=gap.city, body="Short in {TRI6} hospitals.", language="en", found_on=DAY, by=person, now=cast.NOW
            )
        assert not Finding.objects.exists()
        finding = changes.write_finding(
            city=gap.city, body="Short in {TRI-6} hospitals.", language="en", found_on=DAY, by=person, now=cast.NOW
        )
        with pytest.raises(ImproveError, match=r"^Nothing fills \{TRI-99\}: "):
            changes.change_finding(
                finding=finding, body="{TRI-99}", language="en", found_on=DAY, by=person, now=cast.NOW
            )
        assert not Decision.objects.exists()


def test_a_translation_keeps_the_fields_of_its_original(gap):
    person = gap.people["manager"]
    with scope(city="yangzhou"):
        text = documents.write_text(
            city=gap.city, kind="finding", language="en", body="{TRI-6} hospitals", by=person, now=cast.NOW
        )
        said = {"text": text, "language": "zh-Hans", "by": person, "now": cast.NOW}
        source = text.versions.get().hash
        with pytest.raises(TextError, match=r"exactly as in the original: \{TRI-6\}\."):
            documents.propose_translation(body="9家医院", source_hash=source, **said)
        assert documents.propose_translation(body="{TRI-6}家医院", source_hash=source, **said).pk


def test_the_list_of_findings_shows_the_number_of_today(manager, gap):
    person = gap.people["manager"]
    with scope(city="yangzhou"):
        changes.write_finding(
            city=gap.city, body="It fails in {TRI-6} of {hospitals} hospitals.", language="en", found_on=DAY,
            by=person, now=cast.NOW,
        )  # fmt: skip
    text = manager.get("/yangzhou/findings/").content.decode()
    assert "It fails in 2 of 2 hospitals." in text
