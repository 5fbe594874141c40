"""The only write path of this room; web, import, sync and the demo all call these functions."""

from .locking import LockRefused, hindrances_of, lock_visit, reopen_visit
from .replies import answer_dispute, reply, sign_answer
from .taking import NotYetKnown, take_operation, take_operations
from .typed import attach_file, take_typed
from .visits import AssessError, Seat, cancel_visit, move_visit, plan_visit, replan_visit

__all__ = [
    "AssessError",
    "LockRefused",
    "NotYetKnown",
    "Seat",
    "answer_dispute",
    "attach_file",
    "cancel_visit",
    "hindrances_of",
    "lock_visit",
    "move_visit",
    "plan_visit",
    "reopen_visit",
    "replan_visit",
    "reply",
    "sign_answer",
    "take_operation",
    "take_operations",
    "take_typed",
]
