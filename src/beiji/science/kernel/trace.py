"""The trace: every step of every casualty, kept for one replication at a time when room for it was given."""
import numpy as np

from .codes import U, inner, outlined


@outlined
def write(trace, control, code, i, s, station, worth):
    """One line of the trace."""
    c = control[0]
    if c.traced < len(trace):
        t = trace[U(c.traced)]
        t.at = c.now
        t.code = code
        t.casualty = i
        t.site = s
        t.station = station
        t.value = worth
        c.traced += 1


@inner
def log(m, code, i, s, station, worth):
    """Write to the trace if one is kept."""
    if len(m.trace) > 0:
        write(m.trace, m.control, code, np.int64(i), np.int64(s), np.int64(station), np.int64(worth))
