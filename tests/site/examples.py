"""Examples in the demo city for the addresses of the frame and the pages that look across rooms."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from beiji.assess.models import Visit
from beiji.improve.models import Action
from beiji.programme.models import Person
from beiji.records import audit
from beiji.records.models import Notice
from tests.assess import examples as assess


def _topics() -> str | None:
    """The visit to ginkgo that runs, as a page that shows it would listen to it."""
    key = assess.ARGUMENTS["visit"]()
    return Visit.objects.get(pk=key).heard if key else None


def _notice() -> Any:
    """Something that the manager was told and has not read."""
    manager = Person.objects.get(accounts__username="manager")
    told = Notice.objects.filter(person=manager.pk, kind="improve.action-planned").first()
    if told is None:
        told = Notice.objects.create(
            city="yangzhou", person=manager.pk, kind="improve.action-planned", thing=audit.thing(Action.objects.all()[0]),
            at=datetime.now(UTC),
        )  # fmt: skip
    return told.pk


def _action_of_ginkgo() -> Any:
    return Action.objects.filter(subject__code="ginkgo").order_by("number").values_list("pk", flat=True).first()


ARGUMENTS = {"topics": _topics, "notice": _notice, "kind": lambda: "action", "key": _action_of_ginkgo}
FILTERS = ((Visit, "site:live"),)
