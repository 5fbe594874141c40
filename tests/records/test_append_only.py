"""Rows that only grow: the database itself refuses change and deletion, on both databases."""

import pytest
from django.db import DatabaseError, connection, transaction

from beiji.records import append_only, audit
from beiji.records.models import AuditLine
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(yangzhou) -> AuditLine:
    return audit.write("programme.person-erased", city="yangzhou", by=None, of="programme.person:x", now=NOW)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE records_auditline SET kind = 'x' WHERE id = {id}", "DELETE FROM records_auditline WHERE id = {id}"],
    ids=["update", "delete"],
)
def test_sql_cannot_change_a_line(line, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(id=line.pk))
    assert AuditLine.objects.get(pk=line.pk).kind == "programme.person-erased"


def test_an_upsert_cannot_replace_a_line(line):
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT OR REPLACE INTO records_auditline (id, city, at, kind, thing, details) VALUES (%s, '', %s, 'x', '', '{}')",
            [line.pk, NOW],
        )


def test_the_orm_cannot_change_a_line_either(line):
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditLine.objects.filter(pk=line.pk).update(kind="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        line.delete()


def test_doctor_sees_a_lost_guard(line):
    assert append_only.missing() == []
    with connection.cursor() as cursor:
        drop = "DROP TRIGGER records_auditline_append_only ON records_auditline"
        cursor.execute("DROP TRIGGER records_auditline_no_update" if connection.vendor == "sqlite" else drop)
    assert append_only.missing() == ["records_auditline"]
    append_only.install()
    assert append_only.missing() == []


def test_an_unregistered_kind_of_audit_line_is_refused(yangzhou):
    with pytest.raises(KeyError):
        audit.write("records.invented", city="yangzhou", by=None, of="x:1", now=NOW)
