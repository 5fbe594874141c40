"""Queues and units: who waits where, what is busy, which stations must be looked at again."""
import numpy as np
from numba import config, types
from numba.core.cgutils import true_bit
from numba.extending import intrinsic

from .codes import BY_START, ONE_MINUTE, PLACE, SERVICE, U, inner

if config.DISABLE_JIT:
    def lowest_bit(mask):
        """Position of the lowest bit that is set; the mask is not 0."""
        return (int(mask) & -int(mask)).bit_length() - 1
else:
    @intrinsic
    def lowest_bit(typing_context, mask):
        """Position of the lowest bit that is set; the mask is not 0. One instruction instead of a loop over all stations."""
        def emit(_context, builder, _signature, args):
            return builder.cttz(args[0], true_bit)
        return types.int64(types.int64), emit


@inner
def mark(m, s):
    """List site s for settling, once."""
    site = m.site[U(s)]
    if site.marked == 0:
        site.marked = 1
        c = m.control[0]
        m.todo[U(c.todo)] = s
        c.todo += 1


@inner
def touch_station(m, s, station):
    """The station's head changed."""
    m.site[U(s)].dirty |= np.int64(1) << station
    mark(m, s)


@inner
def touch_kind(m, s, kind):
    """Capacity or busy units of a kind changed: every station that uses it must be looked at."""
    m.site[U(s)].dirty |= m.unit[U(s * m.par[0].kinds + kind)].stations
    mark(m, s)


@inner
def join(m, i, s, station, lane):
    """Casualty i waits at the tail of a lane."""
    c = m.body[U(i)]
    control = m.control[0]
    q = m.queue[U(s * m.par[0].stations + station)]
    c.lane = lane
    c.queued_at = control.now
    c.queue_no = control.queue_no
    control.queue_no += 1
    c.next = -1
    tail = q.tail[U(lane)]
    c.previous = tail
    if tail >= 0:
        m.body[U(tail)].next = i
    else:
        q.head[U(lane)] = i
    q.tail[U(lane)] = i
    q.waiting += 1
    if q.waiting > q.longest:
        q.longest = q.waiting
    m.site[U(s)].nonempty |= np.int64(1) << station
    touch_station(m, s, station)


@inner
def unjoin(m, i, s, station):
    """Casualty i waits no longer."""
    c = m.body[U(i)]
    q = m.queue[U(s * m.par[0].stations + station)]
    if c.previous >= 0:
        m.body[U(c.previous)].next = c.next
    else:
        q.head[U(c.lane)] = c.next
    if c.next >= 0:
        m.body[U(c.next)].previous = c.previous
    else:
        q.tail[U(c.lane)] = c.previous
    q.waiting -= 1
    if q.waiting == 0:
        m.site[U(s)].nonempty &= ~(np.int64(1) << station)
    touch_station(m, s, station)


@inner
def count_wait(m, i, s, station, how):
    """A wait has ended: by start, death, horizon or move. Waits of the dead and unfinished are counted too."""
    q = m.queue[U(s * m.par[0].stations + station)]
    wait = np.int64((m.control[0].now - m.body[U(i)].wait_from) * ONE_MINUTE + 0.5)
    q.ended[U(how)] += 1
    q.wait_q[U(how)] += wait
    if wait > 0:
        m.unit[U(s * m.par[0].kinds + lacked(m, s, station))].lacked_q += wait
    return how == BY_START


@inner
def lacked(m, s, station):
    """The kind that the station's head was last refused for; the station's first kind when there was no refusal."""
    lacks = m.queue[U(s * m.par[0].stations + station)].lacks
    return np.int64(lacks if lacks >= 0 else m.station[U(station)].kind[0])


@inner
def refusal(m, s, station):
    """The first kind that does not fit, or -1: everything at once or nothing, and nothing is held in hand."""
    w = m.station[U(station)]
    for k in range(w.count):
        u = m.unit[U(s * m.par[0].kinds + w.kind[U(k)])]
        if u.busy + w.units[U(k)] > u.cap:
            return np.int64(w.kind[U(k)])
    return np.int64(-1)


@inner
def take(m, s, station):
    """Occupy all kinds of a station."""
    w = m.station[U(station)]
    for k in range(w.count):
        u = m.unit[U(s * m.par[0].kinds + w.kind[U(k)])]
        u.busy += w.units[U(k)]
        if u.busy > u.peak:
            u.peak = u.busy


@inner
def take_places(m, s, station):
    """Occupy the places of a station only: what a casualty of a live picture holds from an earlier stage."""
    w = m.station[U(station)]
    for k in range(w.count):
        u = m.unit[U(s * m.par[0].kinds + w.kind[U(k)])]
        if u.kind_class == PLACE:
            u.busy += w.units[U(k)]


@inner
def release(m, s, station, kind_class):
    """Give back the units of one class (places or services) of a station."""
    w = m.station[U(station)]
    for k in range(w.count):
        u = m.unit[U(s * m.par[0].kinds + w.kind[U(k)])]
        if u.kind_class == kind_class:
            u.busy -= w.units[U(k)]
            touch_kind(m, s, np.int64(w.kind[U(k)]))


@inner
def release_services(m, i):
    """The stage of casualty i no longer uses its services."""
    release(m, np.int64(m.body[U(i)].site), np.int64(m.row[U(m.body[U(i)].row)].station), SERVICE)


@inner
def release_places(m, i):
    """Casualty i gives up the places that he holds."""
    c = m.body[U(i)]
    if c.place_row >= 0:
        release(m, np.int64(c.site), np.int64(m.row[U(c.place_row)].station), PLACE)
        c.place_row = -1


@inner
def off_load(m, i):
    """Casualty i no longer counts for the front door of the hospital that he was sent to."""
    c = m.body[U(i)]
    if c.on_load >= 0:
        m.site[U(c.to)].load[U(c.on_load)] -= 1
        c.on_load = -1


@inner
def on_load(m, i, h, colour):
    """Casualty i counts for the front door of hospital h, black as red."""
    c = m.body[U(i)]
    lane = np.int64(colour if 0 <= colour < 3 else 0)
    site = m.site[U(h)]
    c.to = h
    c.on_load = lane
    site.load[U(lane)] += 1
    total = np.int64(site.load[0]) + site.load[1] + site.load[2]
    if total > site.peak_load:
        site.peak_load = total
