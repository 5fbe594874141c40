# ruff: noqa: E402 - Django must be set up before its models are imported
"""Run as a script on an upgraded installation: prints as JSON what a reader finds there."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beiji.site.settings")
import django

django.setup()

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django_scopes import scope, scopes_disabled

settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]

from beiji.assess.models import Lock, Visit
from beiji.improve.models import Action
from beiji.programme.models import Account
from beiji.readiness.models import Evidence
from beiji.records import append_only
from beiji.records.models import Attachment, AuditLine, Operation
from beiji.reports.models import Snapshot
from beiji.site.demo import LOG_INS

#: Whatever an upgrade writes of its own is later.
AFTERWARDS = datetime(2026, 11, 29, tzinfo=UTC)


def kept() -> dict[str, object]:
    """Counts of what was written at the first landing, by the instants and ids that it had then."""
    with scopes_disabled():
        return {
            "evidence": Evidence.objects.filter(recorded_at__lt=AFTERWARDS).count(),
            "last_evidence": Evidence.objects.filter(recorded_at__lt=AFTERWARDS).order_by("-id")[0].as_of.isoformat(),
            "operations": Operation.objects.count(),
            "audit": AuditLine.objects.filter(at__lt=AFTERWARDS).count(),
            "actions": Action.objects.count(),
            "visits": Visit.objects.count(),
            "locks": Lock.objects.count(),
            "snapshots": {s.number: s.digest for s in Snapshot.objects.all()},
            "files": {
                a.name: hashlib.sha256((Path(settings.FILES) / a.sha256[:2] / a.sha256).read_bytes()).hexdigest()
                == a.sha256
                for a in Attachment.objects.all()
            },
        }


def open_tables() -> list[str]:
    """Tables of append-only rows that have some and let them be changed or deleted."""
    found = []
    for guard in append_only.guarded():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{guard.table}"')
            if not cursor.fetchone()[0]:
                continue
        for statement in (f'UPDATE "{guard.table}" SET "{guard.key}" = "{guard.key}"', f'DELETE FROM "{guard.table}"'):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
            except DatabaseError as error:
                if "append-only" in str(error):
                    continue
            found.append(f"{guard.table}: {statement.split()[0]}")
    return found


def addresses() -> list[str]:
    """Pages of each kind, old reports as files among them."""
    with scope(city="yangzhou"):
        open_visit = Visit.objects.get(round=3, subject__code="egret")
        locked = Visit.objects.filter(locks__isnull=False).first() or Visit.objects.first()
        action = Action.objects.first()
        row = Evidence.objects.order_by("id").first()
        numbers = list(Snapshot.objects.values_list("number", flat=True))
    base = "/yangzhou/"
    return [
        base,
        *(
            base + f"readiness/{tail}"
            for tail in ("", "gaps/", "change/", "ginkgo/", "ginkgo/gaps/", f"rows/{row.pk}/")
        ),
        base + "assessments/",
        base + f"assessments/{open_visit.pk}/",
        base + f"assessments/{open_visit.pk}/items/ACT-2/",
        base + f"assessments/{locked.pk}/",
        base + "actions/",
        base + f"actions/{action.pk}/",
        base + "reports/",
        *(base + f"reports/{n}/" for n in numbers),
        *(
            base + f"reports/{n}/{lang}.{kind}"
            for n in (*numbers[:2], numbers[-1])
            for lang in ("zh-Hans", "he")
            for kind in ("pdf", "docx")
        ),
    ]


def opened() -> dict[str, int]:
    """Address → status for the manager, and a rating page for the lead of the open visit."""
    statuses = {}
    for role in ("manager", "lead"):
        client = Client()
        client.force_login(
            Account.objects.get(username=LOG_INS[role]), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        for address in addresses():
            if role == "manager" or "/items/" in address:
                statuses[f"{role} {address}"] = client.get(address).status_code
    return statuses


if sys.argv[1:] == ["kept"]:
    print(json.dumps({"kept": kept()}))
    sys.exit()
print(
    json.dumps({"kept": kept(), "guards": len(append_only.guarded()), "open_tables": open_tables(), "opened": opened()})
)
