"""The illustrative city: made from its story and a seed through the same functions that the web calls.

`plan` says what happened (plain values); the other modules write it into the rooms, in the order of the days, so that
nothing in the database could not have been entered by hand.
"""

from .log_ins import LOG_INS, PASSWORD
from .seeding import seed

__all__ = ["LOG_INS", "PASSWORD", "seed"]
