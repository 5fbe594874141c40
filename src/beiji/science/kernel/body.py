"""The body: one exposure clock, survival read from the template's curve, falls of survival charged to what was waited for."""
import math

import numpy as np

from .calendar import at
from .codes import (
    BODY,
    CAUSE_CARE,
    CAUSE_LEFT,
    CAUSE_TRAVEL,
    CAUSE_UNREACHED,
    CLASS_BODY,
    CURVE_NODES,
    GONE,
    IN_STAGE,
    NODE_MIN,
    ONE_LIFE,
    RIDING,
    SPEED_MASK,
    UNREACHED,
    WAITING,
    U,
    called,
    inner,
)
from .queues import bring, lacked, mark_wait

REACHED = 1e-9                   # minutes of exposure within which a crossing counts as reached


@inner
def survival_q(m, i):
    """Survival of casualty i at his exposure, in integers of 2**-40."""
    c = m.body[U(i)]
    curve = m.template[U(c.template)].curve
    place = c.exposure / NODE_MIN
    k = np.int64(place)
    if k >= CURVE_NODES - 1:
        s = m.curve[U(curve), U(CURVE_NODES - 1)]
    else:
        s = m.curve[U(curve), U(k)] + (place - k) * (m.curve[U(curve), U(k + 1)] - m.curve[U(curve), U(k)])
    return np.int64(s * ONE_LIFE + 0.5)


@inner
def advance(m, i):
    """Let the exposure clock run to now: the softened speed until it wears off, then the full one."""
    c = m.body[U(i)]
    now = m.control[0].now
    if now > c.clock_at:
        if c.soft_until > c.clock_at:
            turn = min(now, c.soft_until)
            c.exposure += c.soft * (turn - c.clock_at) + c.full * (now - turn)
        else:
            c.exposure += c.full * (now - c.clock_at)
        c.clock_at = now


@called
def charge(m, i, s, cause):
    """Boundary of a story: the fall of survival since the last one is charged to a cause at a site."""
    c = m.body[U(i)]
    advance(m, i)
    if c.exposure != c.charged and c.dead == 0:
        c.charged = c.exposure
        q = survival_q(m, i)
        if q < c.q:
            m.loss[U(s), U(cause)] += c.q - q
            m.control[0].outcome.loss_q[U(cause)] += c.q - q
            c.q = q


@called
def charge_wait(m, i, s, station):
    """The same for who waits: the fall is shared over what his station lacked in each minute since the last boundary."""
    c = m.body[U(i)]
    if c.marked_at == m.control[0].now:
        return
    advance(m, i)
    bring(m, s, station)
    q = survival_q(m, i) if c.exposure != c.charged else np.int64(c.q)
    c.charged = c.exposure
    if q < c.q and c.dead == 0:
        w = m.station[U(station)]
        queue = m.queue[U(s * m.par[0].stations + station)]
        out = m.control[0].outcome
        minutes = m.control[0].now - c.marked_at
        left = np.int64(c.q) - q
        per_minute = np.float64(left) / minutes
        for k in range(w.count):
            part = min(left, np.int64(per_minute * (queue.lacked[U(k)] - c.lacked[U(k)])))
            if part > 0:
                m.loss[U(s), U(w.kind[U(k)])] += part
                out.loss_q[U(w.kind[U(k)])] += part
                left -= part
        kind = lacked(m, s, station)
        m.loss[U(s), U(kind)] += left
        out.loss_q[U(kind)] += left
        c.q = q
    mark_wait(m, i, s, station)


@inner
def charge_now(m, i):
    """Boundary of the story of casualty i, whatever he does."""
    c = m.body[U(i)]
    if c.phase == WAITING and m.station[U(m.row[U(c.row)].station)].count > 0:
        charge_wait(m, i, np.int64(c.site), np.int64(m.row[U(c.row)].station))
    else:
        charge(m, i, charged_site(m, i), cause_now(m, i))


@inner
def cause_now(m, i):
    """The cause that the present interval of a story is charged to."""
    c = m.body[U(i)]
    kinds = m.par[0].kinds
    if c.phase == UNREACHED:
        return kinds + CAUSE_UNREACHED
    if c.phase == RIDING:
        return kinds + CAUSE_TRAVEL
    if c.phase == IN_STAGE:
        return kinds + CAUSE_CARE
    if c.phase == GONE:
        return kinds + CAUSE_LEFT
    return lacked(m, np.int64(c.site), np.int64(m.row[U(c.row)].station))


@inner
def charged_site(m, i):
    """The site that the present interval is charged to: where he is, or where he is going."""
    c = m.body[U(i)]
    return np.int64(c.to if c.phase == RIDING else c.site)


@inner
def set_speed(m, i):
    """Speed of the clock from needs, the stage under way and what still lasts of an earlier one; the clock stands at now."""
    c = m.body[U(i)]
    base = c.rate * m.speed[c.needs & SPEED_MASK]
    c.full = base * c.protect
    c.soft = base * min(c.protect, c.partial)


@inner
def crossing_at(m, i):
    """Minute at which the next crossing is reached at the present speed; infinite when never."""
    c = m.body[U(i)]
    t = m.template[U(c.template)]
    if c.crossing >= t.crossings:
        return math.inf
    now = m.control[0].now
    left = t.cross_at[U(c.crossing)] - c.exposure
    if left <= 0.0:
        return now
    if c.soft_until > now:
        softly = c.soft_until - now
        if left <= c.soft * softly:
            return now + left / c.soft
        return c.soft_until + (left - c.soft * softly) / c.full if c.full > 0.0 else math.inf
    return now + left / c.full if c.full > 0.0 else math.inf


@called
def watch(m, i):
    """See to it that a body event is pending no later than the next crossing."""
    c = m.body[U(i)]
    when = crossing_at(m, i)
    if when < math.inf and (c.body_key < 0 or when < c.body_at):
        c.body_key = at(m, when, CLASS_BODY, BODY, i, np.int64(0))
        c.body_at = when


@inner
def stop_clock(m, i):
    """The casualty has left or died: nothing more happens to him."""
    c = m.body[U(i)]
    c.soft = 0.0
    c.full = 0.0
    c.body_key = -1
    c.check_key = -1
