"""The only write path of this room. Each function opens its own transaction and leaves an audit line.

Nobody closes an action here: `following` does it when evidence is recorded, in the transaction of the evidence.
"""

from .actions import (
    ActionDraft,
    change_action,
    declare_done,
    draft_over,
    move_by_hand,
    plan_action,
    put_back,
    start_action,
    withdraw_action,
)
from .decisions import ask_decision, change_decision, record_ruling
from .errors import ImproveError
from .findings import change_finding, end_finding, write_finding

__all__ = [
    "ActionDraft",
    "ImproveError",
    "ask_decision",
    "change_action",
    "change_decision",
    "change_finding",
    "declare_done",
    "draft_over",
    "end_finding",
    "move_by_hand",
    "plan_action",
    "put_back",
    "record_ruling",
    "start_action",
    "withdraw_action",
    "write_finding",
]
