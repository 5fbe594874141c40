"""Codes as words. All lists are append-only: a code is never reused.

The constants are np.int64: a Python int would be typed as a literal and every constant would make its own specialisation.
"""
import os

import numpy as np
from numba import njit

# Inner functions become part of one native function; without reference counting the kernel is 18 times as fast.
# `_nrt` is private to Numba: tests/science/kernel/test_speed.py fails when it stops working. BEIJI_KERNEL_NRT=1 runs without it.
_NRT = {} if os.environ.get("BEIJI_KERNEL_NRT") == "1" else {"_nrt": False}
ENTRY = {"cache": True, "nogil": True, "error_model": "numpy", **_NRT}
INNER = {**ENTRY, "cache": False, "forceinline": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
inner = njit(**INNER)
entry = njit(**ENTRY)
called = inner                   # repeated in several places: a real call that passes all arrays costs more than the code
outlined = njit(**{**INNER, "forceinline": False})   # a real call: few arrays, seldom taken


def plain(function):
    """What a compiled function was made of."""
    return getattr(function, "py_func", function)


U = np.uint64                    # an index: unsigned, so that the compiler need not ask whether it counts from the end (a sixth of the run time)

RED, YELLOW, GREEN, BLACK, DEAD = np.arange(5)
UNSEEN = np.int64(-1)            # no colour yet
NONE = np.int64(-1)

# entity kinds of the draws
CASUALTY, HOSPITAL, AMBULANCE, SCENE = np.arange(1, 5)

# purposes of the draws that rows do not name
(P_GROUP, P_TEMPLATE, P_RATE, P_SELF, P_DELAY, P_SELF_RACE, P_RIDE, P_WAY_BACK, P_HAND_OVER, P_TRIAGE, P_POLICY_RACE,
 P_CALLED, P_CONTAMINATED, P_CREW_BACK, P_GIVEN, P_FIRST_RIDE, P_CALLIN, P_OCCUPANCY, P_OCCUPIED_UNIT,
 P_GIVEN_RACE, P_REMAINING, P_LOOK, P_ROUND, P_OUTCOME) = np.arange(1, 25)
FIRST_ROW_PURPOSE = 32

# events, and their classes at equal times: capacity step, completion, arrival, body
(STEP, OPEN, DONE, FREE, BACK, READY, ARRIVE, VEHICLE, CHECK, BODY,
 ENTER, CHANGE, TAG, RESCHEDULE, NOTICE, SEND, FIRST) = np.arange(17)
CLASS_STEP, CLASS_COMPLETION, CLASS_ARRIVAL, CLASS_BODY = np.arange(4)

# what the entry point is asked to do
RUN, BEGIN, ADVANCE, DECIDE, CLOSE, FUTURE = np.arange(6)

# phases of a casualty
UNREACHED, WAITING, IN_STAGE, RIDING, GONE = np.arange(5)

# kinds of kinds, steps, and laws
PLACE, SERVICE, CONSUMABLE = np.arange(3)
STEP_CHANGE, STEP_CLEAR, STEP_OUTAGE, STEP_RESTORE = np.arange(4)
FIXED, LOGNORMAL, EXPONENTIAL, UNIFORM, TRIANGULAR, QUANTILES = np.arange(6)

# how a given arrival's minute is found
AT_MINUTE, AFTER_GAP, FROM_CURVE = np.arange(3)

# flags of a row
(F_FIFO, F_TRIAGE, F_BRANCH, F_LOAD, F_ENTRY, F_INPATIENT, F_TRANSFER, F_SKIP, F_ELSE, F_CURE_AT_START, F_BLOOD,
 F_SURGERY, F_MOVE, F_LOOK, F_RETAG, F_DEFERRED, F_FIRST_CARE, F_IF_FREE) = 2 ** np.arange(18)

# needs that the kernel itself sets or asks for
NEED_CONTAMINATED = np.int64(1 << 9)
NEED_CHILD = np.int64(1 << 16)
NEED_SURGICAL = np.int64(1 << 10)
SPEED_MASK = np.int64((1 << 10) - 1)   # the needs that the speed table knows

# policies
NEAREST, PROPORTIONAL, SPREAD, CONCENTRATE, TABLE, SPLIT = np.arange(6)

# causes of a fall in survival: kinds 0..K-1, then K + these
CAUSE_UNREACHED, CAUSE_TRAVEL, CAUSE_CARE, CAUSE_LEFT = np.arange(4)
EXTRA_CAUSES = 4

# what a place and a casualty may lack: bits of an answer
OWN_PLACE, NO_PLACE = np.int64(-1), np.int64(-2)
CHILDREN_ONLY = np.int64(4)       # bits of `accepts` from here on: colours that a hospital takes of children besides
MOST_NEEDS = 6                   # kinds of a station at most

# where who waits for first care is: nowhere in particular, in the waiting room, in the vehicle that brought him
NO_SEAT, SEATED, IN_VEHICLE = np.arange(3)

# ends of a wait
BY_START, BY_DEATH, BY_HORIZON, BY_MOVE = np.arange(4)

# trace codes
(T_REACHED, T_JOIN, T_START, T_DONE, T_DEPART, T_ARRIVE, T_LEAVE, T_DIE, T_TRUTH, T_COLOUR, T_STEP, T_WALK,
 T_MOVE, T_UP) = np.arange(14)

FAULT_EVENTS, FAULT_NO_HOSPITAL = np.arange(1, 3)
ONE_LIFE = 2.0 ** 40             # survival is kept in integers of 2**-40
ONE_MINUTE = 2.0 ** 20           # waits are summed in integers of 2**-20 minutes, so that sums do not depend on order
NODE_MIN = 5.0                   # minutes of exposure between nodes of a survival curve
CURVE_NODES = 577
SPECIALTIES, ORTHOPAEDIC_SURGERY = np.int64(6), np.int64(5)
INCISION_MIN = 2.0               # width of a bin of minutes to incision
BIN_MIN = 10.0                   # width of the histogram of saturation minutes
