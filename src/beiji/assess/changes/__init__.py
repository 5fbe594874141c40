"""The only write path of this room; web, import, sync and the demo all call these functions."""

from .locking import LockRefused, hindrances_of, lock_visit, reopen_visit
from .visits import AssessError, Seat, move_visit, plan_visit, reply, take_operation

__all__ = [
    "AssessError",
    "LockRefused",
    "Seat",
    "hindrances_of",
    "lock_visit",
    "move_visit",
    "plan_visit",
    "reopen_visit",
    "reply",
    "take_operation",
]
