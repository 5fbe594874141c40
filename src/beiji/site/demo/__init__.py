"""The illustrative city: made from its story and a seed through the same functions that the web calls.

`plan` says what happened (plain values); the other modules write it into the rooms, in the order of the days, so that
nothing in the database could not have been entered by hand.
"""

from __future__ import annotations

from datetime import date

from beiji.packs import Library

PASSWORD = "beiji-demo-1"  # noqa: S105 printed on purpose: the demo is open to whoever starts it

#: What a reader of the terminal can sign in as → user name.
LOG_INS: dict[str, str] = {
    "administrator": "admin",
    "manager": "manager",
    "coordinator": "coordinator",
    "coordinator_other": "coordinator-egret",
    "lead": "lead",
    "assessor": "assessor",
    "translator": "translator",
    "leader": "leader",
    "stranger": "stranger",
}


def seed(*, library: Library, today: date, seed: int) -> None:
    """Make the demo city as its story stands on `today`, and a second small city that nobody of the first may see.

    One transaction: an interrupted seeding leaves nothing behind.
    """
    from beiji.site.demo.seeding import make

    make(library=library, today=today, seed=seed)
