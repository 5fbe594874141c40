"""Rows that only grow: the database itself refuses change and deletion, on both databases, and doctor sees a lost guard."""

from __future__ import annotations

from datetime import timedelta

import pytest
import uuid6
from django.db import DatabaseError, connection, transaction
from django_scopes import scopes_disabled

from beiji.assess.models import Lock, Visit
from beiji.programme.models import RoleGrant
from beiji.records import audit, guards
from beiji.records.append_only import guarded
from beiji.records.models import AuditLine, Operation
from beiji.site import store_checks
from tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db
sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="speaks SQLite")
postgresql_only = pytest.mark.skipif(connection.vendor != "postgresql", reason="speaks PostgreSQL")


def execute(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def settled() -> None:
    """PostgreSQL changes no table whose new rows still wait for their foreign keys to be checked."""
    if connection.vendor == "postgresql":
        execute("SET CONSTRAINTS ALL IMMEDIATE")


def restored_tables() -> set[str]:
    """What audit lines say of guards that were put back; they belong to no city."""
    with scopes_disabled():
        return {t for line in AuditLine.objects.filter(kind="records.guard-restored") for t in line.details["tables"]}


@pytest.fixture
def line(yangzhou) -> AuditLine:
    audit.write("programme.person-erased", city="yangzhou", by=None, of="programme.person:x", now=NOW)
    return AuditLine.objects.get(kind="programme.person-erased")


@pytest.fixture
def operation(yangzhou) -> Operation:
    return Operation.objects.create(
        id=uuid6.uuid7(), city="yangzhou", stream="visit:1", kind="note", device="tablet", seq=1, payload={"text": "true"},
        person=uuid6.uuid7(), made_at=NOW, received_at=NOW,
    )  # fmt: skip


@pytest.fixture
def lock(yangzhou) -> Lock:
    by = yangzhou.people["lead"].pk
    visit = Visit.objects.create(
        city=yangzhou.city, subject=yangzhou.subjects["egret"], round=1, kind="external", scope="core", first_day=TODAY,
        last_day=TODAY, pack="demo@1", digest="", indicators=[], planned_by=by, planned_at=NOW,
    )  # fmt: skip
    return Lock.objects.create(city=yangzhou.city, visit=visit, by=by, at=NOW, rows=3)


def test_all_that_says_who_did_what_is_guarded():
    """By hand: a table that is missing here was forgotten, one that is missing there was let go."""
    assert [guard.table for guard in guarded()] == sorted(
        {
            "assess_lock", "assess_note", "assess_reply", "assess_replyfile", "assess_signature", "assess_teamanswer",
            "documents_approval", "documents_comment", "documents_document", "documents_documentversion", "documents_revision",
            "documents_step", "documents_textversion", "documents_translation", "documents_usertext",
            "folders_clausefile", "folders_clauseitem", "folders_fileitem", "folders_mark",
            "improve_ruling", "improve_step",
            "plans_capacitycell", "plans_capacitytimetable", "plans_plan",
            "programme_export", "programme_gatedecision", "programme_gatedecision_open_conditions", "programme_personalias", "programme_platformgrant",
            "programme_rolegrant",
            "readiness_coverage", "readiness_evidence", "readiness_notapplicable", "readiness_notifieddrill",
            "readiness_packversion", "readiness_review", "readiness_sheet", "readiness_strikingoff", "readiness_targetstep",
            "readiness_validitystep",
            "records_attachment", "records_auditline", "records_event", "records_operation",
            "records_seal", "records_sealedpart",
            "reports_snapshot",
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    ["UPDATE records_auditline SET kind = 'x' WHERE id = {id}", "DELETE FROM records_auditline WHERE id = {id}"],
    ids=["update", "delete"],
)
def test_sql_cannot_change_a_line(line, statement):
    with pytest.raises(DatabaseError, match="append-only"):
        execute(statement.format(id=line.pk))
    assert AuditLine.objects.get(pk=line.pk).kind == "programme.person-erased"


def test_the_orm_cannot_change_a_line_either(line):
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditLine.objects.filter(pk=line.pk).update(kind="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        line.delete()


@sqlite_only
@pytest.mark.parametrize("recursive_triggers", ["ON", "OFF"])
def test_an_insert_cannot_replace_a_line_whatever_the_connection_asks_for(line, recursive_triggers):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA recursive_triggers = {recursive_triggers}")
    try:
        with pytest.raises(DatabaseError, match="append-only"):
            execute(
                "INSERT OR REPLACE INTO records_auditline (id, city, at, kind, thing, details) "
                "VALUES (%s, '', %s, 'x', '', '{}')",
                line.pk,
                NOW,
            )
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = ON")
    assert AuditLine.objects.get(pk=line.pk).kind == "programme.person-erased"


@sqlite_only
def test_an_insert_cannot_replace_an_operation_under_another_id(operation):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
    try:
        with pytest.raises(DatabaseError, match="append-only"):
            execute(
                "INSERT OR REPLACE INTO records_operation (id, city, stream, kind, device, seq, payload, person, made_at, "
                'received_at) SELECT %s, city, stream, kind, device, seq, \'{"text": "forged"}\', person, made_at, '
                "received_at FROM records_operation",
                uuid6.uuid7().hex,
            )
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = ON")
    assert Operation.objects.get().payload == {"text": "true"}


def test_an_upsert_cannot_change_an_operation(operation):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Operation.objects.bulk_create(
            [Operation(**{f.attname: getattr(operation, f.attname) for f in Operation._meta.fields} | {"payload": {}})],
            update_conflicts=True, unique_fields=["id"], update_fields=["payload"],
        )  # fmt: skip
    assert Operation.objects.get().payload == {"text": "true"}


def test_a_lock_is_ended_once_and_stays_the_lock_it_was(lock):
    def update(**values: object) -> None:
        with transaction.atomic():
            assert Lock.objects.filter(pk=lock.pk).update(**values) == 1

    end = {"ended_at": NOW, "ended_by": lock.by, "reason": "a form was missing"}
    for forged in (
        {"reason": "no reason"},
        {"rows": 4},
        {**end, "by": uuid6.uuid7()},
        {**end, "at": NOW + timedelta(1)},
    ):
        with pytest.raises(DatabaseError, match="append-only"):
            update(**forged)
    update(**end)
    for forged in ({"ended_at": None}, {"reason": "another"}, {"ended_at": NOW + timedelta(1)}):
        with pytest.raises(DatabaseError, match="append-only"):
            update(**forged)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        lock.delete()
    Lock.objects.create(city=lock.city, visit=lock.visit, by=lock.by, at=NOW, rows=1)  # the visit is locked again


def test_a_grant_that_runs_may_be_given_its_end_and_nothing_else(yangzhou):
    grant = RoleGrant.objects.filter(until__isnull=True)[0]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        RoleGrant.objects.filter(pk=grant.pk).update(role="administrator")
    assert RoleGrant.objects.filter(pk=grant.pk).update(until=TODAY) == 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        RoleGrant.objects.filter(pk=grant.pk).update(until=TODAY + timedelta(days=900))


@postgresql_only
@pytest.mark.parametrize(
    "setting", ["session_replication_role = replica", "beiji.allow_truncate = 'yes'", "search_path = pg_temp, public"]
)
def test_no_setting_of_a_session_opens_a_table(line, setting):
    settled()
    for statement in ("UPDATE records_auditline SET kind = 'x'", "TRUNCATE records_auditline"):
        with pytest.raises(DatabaseError, match="append-only"):
            execute(f"SET LOCAL {setting}; {statement}")


SQLITE_TAMPERED = {
    "a trigger is gone": ["DROP TRIGGER records_auditline_no_update"],
    "the insert's trigger is gone": ["DROP TRIGGER records_auditline_no_replace"],
    "a trigger that does nothing has its name": [
        "DROP TRIGGER records_auditline_no_delete",
        "CREATE TRIGGER records_auditline_no_delete BEFORE DELETE ON records_auditline BEGIN SELECT 1; END",
    ],
    "one more trigger": ["CREATE TRIGGER forge AFTER INSERT ON records_auditline BEGIN SELECT 1; END"],
}
DROP = "DROP TRIGGER records_auditline_append_only ON records_auditline"
MAKE = "CREATE TRIGGER records_auditline_append_only BEFORE UPDATE OR DELETE ON records_auditline FOR EACH ROW "
ALWAYS = "ALTER TABLE records_auditline ENABLE ALWAYS TRIGGER records_auditline_append_only"
POSTGRESQL_TAMPERED = {
    "a trigger is gone": [DROP],
    "a trigger is off": ["ALTER TABLE records_auditline DISABLE TRIGGER records_auditline_append_only"],
    "a trigger sleeps on replicas": ["ALTER TABLE records_auditline ENABLE TRIGGER records_auditline_append_only"],
    "the function lets all through": [
        "CREATE OR REPLACE FUNCTION beiji_append_only() RETURNS trigger LANGUAGE plpgsql "
        "SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN NEW; END $$"
    ],
    "a trigger asks first": [DROP, MAKE + "WHEN (OLD.id < 0) EXECUTE FUNCTION beiji_append_only()", ALWAYS],
    "more may be filled": [DROP, MAKE + "EXECUTE FUNCTION beiji_append_only('person,kind')", ALWAYS],
    "a rule comes before": ["CREATE RULE forge AS ON INSERT TO records_auditline DO INSTEAD NOTHING"],
}
TAMPERED = SQLITE_TAMPERED if connection.vendor == "sqlite" else POSTGRESQL_TAMPERED


@pytest.mark.parametrize("how", TAMPERED, ids=lambda how: how.replace(" ", "-"))
def test_doctor_sees_a_guard_that_was_tampered_with_and_init_mends_it(line, how):
    settled()
    assert guards.differing() == []
    for statement in TAMPERED[how]:
        execute(statement)
    assert "records_auditline" in guards.differing()
    assert any("records_auditline" in finding.what for finding in store_checks.guards())
    guards.after_migrate(plan=[])
    assert guards.differing() == []
    assert restored_tables() >= {"records_auditline"}


def test_a_new_version_makes_its_guards_without_an_alarm(line, monkeypatch):
    settled()
    wanted = [guard for guard in guarded() if guard.table != "records_event"]
    with monkeypatch.context() as earlier:
        earlier.setattr(guards, "guarded", lambda: wanted)
        execute(TAMPERED["a trigger is gone"][0])
        guards.after_migrate(plan=[])  # an earlier version that guarded one table less
    execute(TAMPERED["a trigger is gone"][0])
    guards.after_migrate(plan=[])
    assert guards.differing() == []
    assert restored_tables() == set()
    execute(TAMPERED["a trigger is gone"][0])
    guards.after_migrate(plan=[])
    assert restored_tables() == {"records_auditline"}


def test_a_guard_that_a_migration_dropped_comes_back_without_a_word(line):
    settled()
    execute(TAMPERED["a trigger is gone"][0])
    guards.after_migrate(plan=[("a migration", False)])
    assert guards.differing() == []
    assert restored_tables() == set()


def test_an_unregistered_kind_of_audit_line_is_refused(yangzhou):
    with pytest.raises(KeyError):
        audit.write("records.invented", city="yangzhou", by=None, of="x:1", now=NOW)
