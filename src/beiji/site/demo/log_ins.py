"""Who can sign in to the demo."""

from __future__ import annotations

PASSWORD = "beiji-demo-1"  # noqa: S105 printed on purpose: the demo is open to whoever starts it

#: What a reader of the terminal can sign in as → user name.
LOG_INS: dict[str, str] = {
    "administrator": "admin",
    "manager": "manager",
    "coordinator": "coordinator",
    "coordinator_other": "coordinator-egret",
    "head": "head",
    "lead": "lead",
    "assessor": "assessor",
    "translator": "translator",
    "leader": "leader",
    "stranger": "stranger",
}
