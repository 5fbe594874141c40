"""What was sealed is found again row by row; whatever was changed behind the guards is named."""

from __future__ import annotations

from datetime import timedelta

import pytest
import uuid6
from django.db import connection
from django_scopes import scopes_disabled

from beiji.programme.models import RoleGrant
from beiji.records import audit, sealing, seals
from beiji.records.models import AuditLine, Operation, Seal, SealedPart
from beiji.reports import composing
from beiji.reports.models import Snapshot
from beiji.site import store_checks
from tests.cast import NOW, TODAY
from tests.committed import take_guards_off
from tests.work import night

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def write(number: int) -> AuditLine:
    audit.write(
        "programme.stage-planned", city="yangzhou", by=None, of=f"stage:{number}", now=NOW, why=f"reason {number}"
    )
    return AuditLine.objects.filter(city="yangzhou").order_by("-id")[0]


def operate(seq: int) -> Operation:
    return Operation.objects.create(
        id=uuid6.uuid7(), city="yangzhou", stream="visit:1", kind="note", device="tablet", seq=seq, payload={"b": 1, "a": [2.5]},
        person=uuid6.uuid7(), made_at=NOW, received_at=NOW,
    )  # fmt: skip


def behind(statement: str, *values: object) -> None:
    """What somebody with the database's own rights does."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        take_guards_off()
        cursor.execute(statement, values or None)


def said() -> list[str]:
    return [fault.what for fault in seals.faults("yangzhou")]


@pytest.fixture
def lines(yangzhou) -> list[AuditLine]:
    """Five lines and three operations of two seals."""
    made = [write(n) for n in range(3)]
    operate(1)
    sealing.seal("yangzhou", NOW)
    made += [write(n) for n in (3, 4)]
    operate(2)
    operate(3)
    sealing.seal("yangzhou", NOW + DAY)
    return made


def test_each_seal_holds_what_came_since_the_one_before(lines):
    first, second = Seal.objects.filter(city="yangzhou").order_by("number")
    assert (first.number, second.number, second.previous) == (1, 2, first.digest)
    assert second.count == first.count + 4
    assert {(p.table, p.count) for p in second.parts.all()} == {("records_auditline", 2), ("records_operation", 2)}
    assert said() == []
    assert sealing.seal("yangzhou", NOW + DAY + timedelta(hours=1)) is None, "about one a day"
    write(5)
    assert said() == [], "what is not sealed yet is no fault"


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ('UPDATE records_auditline SET details = \'{"why": "another"}\' WHERE id = %s', "was changed"),
        ("UPDATE records_auditline SET at = '2020-01-01 00:00:00+00' WHERE id = %s", "was changed"),
        ("DELETE FROM records_auditline WHERE id = %s", "is gone"),
    ],
)
def test_a_row_that_was_changed_or_removed_is_named(lines, statement, what):
    key = lines[1].pk
    behind(statement, key)
    assert said() == [f"row {key} of records_auditline, sealed with 1 on {NOW:%Y-%m-%d}, {what}"]
    assert any(f"of yangzhou, sealed with 1 on {NOW:%Y-%m-%d}, {what}" in f.what for f in store_checks.seals())


def test_a_row_that_was_put_between_sealed_ones_is_named_before_and_after_the_next_seal(lines):
    behind(
        "INSERT INTO records_auditline (id, city, at, kind, person, thing, details) "
        "SELECT -7, city, at, kind, person, thing, details FROM records_auditline WHERE id = %s",
        lines[1].pk,
    )
    put = "row -7 of records_auditline was put between rows that were sealed before"
    assert said() == [put]
    sealing.seal("yangzhou", NOW + 2 * DAY)
    assert SealedPart.objects.get(table="records_auditline", late=[-7]).seal.number == 3
    assert said() == [put]


def test_a_row_that_took_the_place_of_another_is_named_although_their_number_is_the_same(lines):
    key = lines[1].pk
    behind("UPDATE records_auditline SET id = -7 WHERE id = %s", key)
    gone = f"row {key} of records_auditline, sealed with 1 on {NOW:%Y-%m-%d}, is gone"
    put = "row -7 of records_auditline was put between rows that were sealed before"
    assert said() == [gone, put]
    sealing.seal("yangzhou", NOW + 2 * DAY)
    assert said() == [gone, put]


def test_an_operation_that_is_gone_is_named(lines):
    key = Operation.objects.get(seq=2).pk
    behind("DELETE FROM records_operation WHERE seq = 2")
    assert said() == [f"row {key} of records_operation, sealed with 2 on {NOW + DAY:%Y-%m-%d}, is gone"]


def test_an_end_that_was_given_since_is_no_fault_and_one_taken_away_is(lines):
    grant = RoleGrant.objects.filter(until__isnull=True, ended_on__isnull=True)[0]
    RoleGrant.objects.filter(pk=grant.pk).update(ended_on=TODAY)
    assert said() == []
    sealing.seal("yangzhou", NOW + 2 * DAY)
    part = SealedPart.objects.get(kind="filled")
    assert (part.table, part.count) == ("programme_rolegrant", 1)
    assert said() == []
    value = grant.pk.hex if connection.vendor == "sqlite" else str(grant.pk)
    behind("UPDATE programme_rolegrant SET ended_on = NULL WHERE id = %s", value)
    assert said() == [f"row {grant.pk} of programme_rolegrant, sealed with 3 on {NOW + 2 * DAY:%Y-%m-%d}, was changed"]


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (
            "UPDATE records_seal SET count = count + 1 WHERE city = 'yangzhou' AND number = 1",
            "seal 1 itself was changed",
        ),
        (
            "DELETE FROM records_sealedpart WHERE \"table\" = 'records_operation' AND count = 2",
            "seal 2 itself was changed",
        ),
        (
            "UPDATE records_sealedpart SET late = '[1]' WHERE count = 2 AND \"table\" = 'records_operation'",
            "seal 2 itself",
        ),
    ],
)
def test_seals_that_were_changed_are_named(lines, statement, what):
    behind(statement)
    assert said()[0].startswith(what)


def test_a_seal_that_is_gone_is_named(lines):
    behind("DELETE FROM records_sealedpart")
    behind("DELETE FROM records_seal WHERE city = 'yangzhou' AND number = 1")
    assert "seal 1 is gone" in said()


def test_a_column_that_an_upgrade_takes_away_seals_the_table_anew(lines, monkeypatch):
    with scopes_disabled():
        behind('UPDATE records_sealedpart SET columns = \'["id", "gone"]\' WHERE "table" = \'records_operation\'')
    sealing.seal("yangzhou", NOW + 2 * DAY)
    assert SealedPart.objects.get(kind="anew").count == 3
    assert (
        Seal.objects.filter(city="yangzhou").order_by("-number")[0].count
        == 0 + Seal.objects.get(city="yangzhou", number=2).count
    )
    behind("DELETE FROM records_operation WHERE seq = 2")
    assert any("records_operation, sealed with 3" in what and "is gone" in what for what in said())


def test_a_report_prints_the_head_and_doctor_misses_a_head_that_is_gone(lines, yangzhou):
    head = sealing.newest("yangzhou")
    content = composing._sealed({"documents": {"en": {}, "zh-Hans": {}, "he": {}}}, yangzhou.city)
    assert content["documents"]["zh-Hans"]["seal"] == f"封签 2：{head.digest[:16]}"
    Snapshot.objects.create(
        city=yangzhou.city, number="YZ-1-0001", audience="ward", as_of=TODAY, known_at=NOW, packs={}, content=content,
        digest="", made_at=NOW,
    )  # fmt: skip
    assert store_checks.seals() == []
    behind("UPDATE records_seal SET digest = 'another' WHERE city = 'yangzhou' AND number = 2")
    assert "report YZ-1-0001 of yangzhou names seal 2, which is gone or another one" in [
        f.what for f in store_checks.seals()
    ]


def test_the_nightly_pass_seals_every_city_and_the_installation(yangzhou):
    night(NOW)
    with scopes_disabled():
        assert set(Seal.objects.values_list("city", flat=True)) >= {"", "yangzhou"}
