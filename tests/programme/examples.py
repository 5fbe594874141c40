"""Examples in the demo city for the addresses of this room."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from beiji.programme import access, changes
from beiji.programme.models import Organisation, Person, RoleGrant
from beiji.programme.releases import Export
from beiji.programme.rules import BRING
from beiji.records.models import Job, JobContent


def _somebody() -> Any:
    """Coordinator of a hospital that nobody of the walk works in: what is done to him signs nobody out."""
    return Person.objects.filter(accounts__username="coordinator-lotus")


def _key_of(rows: Any) -> Any:
    return rows.values_list("pk", flat=True).first()


def _table_brought() -> Any:
    """A table that the administrator brought in, with one account that waits for its first sign-in."""
    job = Job.objects.filter(kind=BRING).first()
    if job is None:
        now = datetime.now(UTC)
        admin = Person.objects.select_related("city").get(accounts__username="admin")
        hospital = Organisation.objects.get(code="ginkgo")
        nurse = changes.add_person(
            city=admin.city, names={"zh-Hans": "孙丽", "en": "Sun Li"}, organisation=hospital, by=admin.pk, now=now
        )
        changes.create_account(person=nurse, username="ginkgo-2048", password=None, by=admin.pk, now=now)
        job = Job.objects.create(
            city=admin.city_id, kind=BRING, person=admin.pk, state=Job.State.DONE, made_at=now, due_at=now,
            began_at=now, ended_at=now, result={"people": 3, "accounts": 1},
        )  # fmt: skip
        JobContent.objects.create(job=job, made=[str(nurse.pk)])
    return job.pk


def _export_asked() -> Any:
    """A file that a guest has asked for."""
    export = Export.objects.first()
    if export is None:
        guest = Person.objects.get(accounts__username="assessor")
        export = changes.ask_for_file(
            person=guest, address="/yangzhou/findings/?file=csv", what="list:improve:findings", purpose="ministry",
            now=datetime.now(UTC),
        )  # fmt: skip
    return export.pk


ARGUMENTS = {
    "export": _export_asked,
    "job": _table_brought,
    "person": lambda: _key_of(_somebody()),
    "grant": lambda: _key_of(RoleGrant.objects.filter(person=_somebody().first())),
}
DOORS = (
    (access, "may_let_people_in", "programme:"),
    (access, "may_see_grants", "programme:grants"),
    (access, "may_give_grants", "programme:grant-new"),
)
