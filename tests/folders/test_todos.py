"""What the first page asks of a coordinator: files that have ended or end soon, inspections that come near."""

from __future__ import annotations

from datetime import timedelta

from beiji.folders import changes
from beiji.folders.pages.todos import things_to_do
from tests.cast import NOW, TODAY


def said_to(world, part: str) -> list[str]:
    return [f"{todo.what} {todo.due or ''}".strip() for todo in things_to_do(world.people[part], world.city, TODAY)]


def test_a_coordinator_is_told_what_ended_ends_soon_and_is_inspected_soon(yangzhou, add):
    add(grey=1, until=TODAY)
    add(grey=2, until=TODAY + timedelta(days=60))
    add(grey=3, until=TODAY + timedelta(days=61))
    for days in (10, 61, -1):
        changes.add_list(
            subject=yangzhou.subjects["ginkgo"], title=f"In {days}", language="en", inspection=TODAY + timedelta(days=days),
            by=yangzhou.people["coordinator"], now=NOW,
        )  # fmt: skip
    assert said_to(yangzhou, "coordinator") == [
        "Renew 1 evidence file that has ended",
        "Renew 1 evidence file that ends within 60 days",
        f"Look through the folders of “\u2068In 10\u2069” {TODAY + timedelta(days=10)}",
    ]
    for part in ("coordinator_other", "manager", "lead", "translator"):
        assert said_to(yangzhou, part) == [], part
