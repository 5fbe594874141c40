"""Queues and units: who waits where, what is busy, which stations must be looked at again."""
import numpy as np
from numba import config, types
from numba.core.cgutils import true_bit
from numba.extending import intrinsic

from .codes import NO_PLACE, ONE_MINUTE, OWN_PLACE, PLACE, SERVICE, U, inner, outlined, plain

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
    """Capacity or busy units of a kind changed: every station must be looked at whose head lacks it, or would be better off with it."""
    sleepers = m.unit[U(s * m.par[0].kinds + kind)].sleepers
    if sleepers != 0:
        m.site[U(s)].dirty |= sleepers
        mark(m, s)


@inner
def touch_lookers(m, s, kind):
    """Capacity of a kind changed, perhaps fell: a head that waits for something else may lack this one too from now on."""
    m.site[U(s)].relook |= m.unit[U(s * m.par[0].kinds + kind)].lookers
    mark(m, s)


@outlined
def bring_to_now(par, station_rows, queue, unit, control, s, station):
    """Minutes waited at a station since the last look are charged to what its head lacks: each kind its equal part, and as place, people or both."""
    q = queue[U(s * par[0].stations + station)]
    minutes = control[0].now - q.lack_since
    q.lack_since = control[0].now
    w = station_rows[U(station)]
    if q.waiting == 0 or w.own != station:
        return
    lacks = np.int64(q.lacks if q.lacks != 0 else 1)
    kinds = np.int64(0)
    place, people = False, False
    for k in range(w.count):
        kinds += (lacks >> k) & 1
    for k in range(w.count):
        if (lacks >> k) & 1:
            q.lacked[U(k)] += minutes / kinds
            u = unit[U(s * par[0].kinds + w.kind[U(k)])]
            u.lacked_q += np.int64(minutes * q.waiting / kinds * ONE_MINUTE + 0.5)
            place = place or u.people == 0
            people = people or u.people != 0
    sort = 2 if place and people else (1 if people else 0)
    q.lack_q[U(sort)] += np.int64(minutes * q.waiting * ONE_MINUTE + 0.5)


@inner
def bring(m, s, station):
    """The same, if time has passed since."""
    if m.control[0].now > m.queue[U(s * m.par[0].stations + station)].lack_since:
        bring_to_now(m.par, m.station, m.queue, m.unit, m.control, s, station)


@inner
def mark_wait(m, i, s, station):
    """The waiting of casualty i is counted from here on: what his station has lacked so far is noted."""
    c = m.body[U(i)]
    q = m.queue[U(s * m.par[0].stations + station)]
    c.marked_at = m.control[0].now
    for k in range(m.station[U(station)].count):
        c.lacked[U(k)] = q.lacked[U(k)]


@inner
def join(m, i, s, station, lane):
    """Casualty i waits in a lane, behind all who are senior to him; without seniority at the tail."""
    c = m.body[U(i)]
    control = m.control[0]
    q = m.queue[U(s * m.par[0].stations + station)]
    bring(m, s, station)
    c.lane = lane
    if m.par[0].seniority != 0 and c.senior >= 0:
        c.queue_no = c.senior
    else:
        c.queue_no = control.queue_no
        control.queue_no += 1
    before = np.int64(q.tail[U(lane)])
    while before >= 0 and m.body[U(before)].queue_no > c.queue_no:
        before = np.int64(m.body[U(before)].previous)
    c.previous = before
    if before >= 0:
        c.next = m.body[U(before)].next
        m.body[U(before)].next = i
    else:
        c.next = q.head[U(lane)]
        q.head[U(lane)] = i
    if c.next >= 0:
        m.body[U(c.next)].previous = i
    else:
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
    bring(m, s, station)
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
        q.lacks = 0
    touch_station(m, s, station)


join_seldom = outlined(plain(join))
unjoin_seldom = outlined(plain(unjoin))


@inner
def count_wait(m, i, s, station, how):
    """A wait has ended: by start, death, horizon or move. Waits of the dead and unfinished are counted too."""
    q = m.queue[U(s * m.par[0].stations + station)]
    wait = np.int64((m.control[0].now - m.body[U(i)].wait_from) * ONE_MINUTE + 0.5)
    q.ended[U(how)] += 1
    q.wait_q[U(how)] += wait


@inner
def lacked(m, s, station):
    """The first kind that the station's head lacks; the station's first kind where it lacks nothing."""
    w = m.station[U(station)]
    lacks = np.int64(m.queue[U(s * m.par[0].stations + station)].lacks)
    return np.int64(w.kind[U(lowest_bit(lacks) if lacks != 0 else 0)])


@inner
def holds(m, i, kind):
    """Does casualty i lie in a place of this kind already? Then he needs no other."""
    c = m.body[U(i)]
    if c.place_row < 0:
        return False
    if c.aside >= 0:
        return kind == c.aside
    w = m.station[U(m.row[U(c.place_row)].station)]
    found = False
    for k in range(w.count):
        found = found or w.kind[U(k)] == kind
    return found


@inner
def come(m, s, station, k):
    """Units of the station's k-th kind, which are people, that could come now: all, or as many whole heads as are idle."""
    w = m.station[U(station)]
    u = m.unit[U(s * m.par[0].kinds + w.kind[U(k)])]
    idle = np.int64(u.cap) - u.busy
    if idle >= w.units[U(k)]:
        return np.int64(w.units[U(k)])
    return max(np.int64(0), idle // w.part[U(k)] * w.part[U(k)])


@inner
def heads(m, s, station):
    """Heads of a team that could come now."""
    w = m.station[U(station)]
    total = 0.0
    for k in range(w.count):
        if w.part[U(k)] > 0:
            total += np.float64(come(m, s, station, k)) / np.float64(w.part[U(k)])
    return total


@inner
def ask(m, i, s, station):
    """What casualty i lacks for a stage, a bit for each of the station's kinds (0: he can start), and where he could lie: `lacks` and `place` of control.

    Everything at once or nothing, and nothing is held in hand; of a team somebody is enough, and a place beside will do where the station names one.
    """
    w = m.station[U(station)]
    control = m.control[0]
    lacks, people = np.int64(0), np.int64(0)
    somebody = False
    for k in range(w.count):
        kind = np.int64(w.kind[U(k)])
        if w.part[U(k)] > 0:
            people |= np.int64(1) << k
            somebody = somebody or come(m, s, station, k) > 0
            continue
        u = m.unit[U(s * m.par[0].kinds + kind)]
        if u.busy + w.units[U(k)] > u.cap and not (u.kind_class == PLACE and holds(m, i, kind)):
            lacks |= np.int64(1) << k
    control.place = OWN_PLACE if lacks == 0 else NO_PLACE
    if lacks != 0 and w.partial != 0:
        for a in range(2):
            kind = np.int64(w.aside[U(a)])
            if kind >= 0 and control.place == NO_PLACE:
                u = m.unit[U(s * m.par[0].kinds + kind)]
                if u.busy < u.cap or holds(m, i, kind):
                    control.place = kind
                    lacks = np.int64(0)
    control.lacks = lacks if somebody or people == 0 else lacks | people


@inner
def fall_short(m, s, kind):
    """Somebody lacks a kind, or makes do with less of it: the first minute of this is its saturation minute."""
    u = m.unit[U(s * m.par[0].kinds + kind)]
    if u.saturated_at < 0.0:
        u.saturated_at = m.control[0].now


@inner
def occupy(m, s, kind, units):
    """More units of a kind are busy: what its stations lack must be looked at."""
    u = m.unit[U(s * m.par[0].kinds + kind)]
    u.busy += units
    if u.busy > u.peak:
        u.peak = u.busy
    if u.cap - u.busy < u.most:
        m.site[U(s)].relook |= u.lookers


@inner
def sleep(m, s, station, lacks):
    """From now on the station is woken by the kinds that its head lacks, and by a place beside if it lacks its own."""
    w = m.station[U(station)]
    bit = np.int64(1) << station
    first = s * m.par[0].kinds
    places = False
    for k in range(w.count):
        u = m.unit[U(first + w.kind[U(k)])]
        if (lacks >> k) & 1:
            u.sleepers |= bit
            places = places or w.part[U(k)] == 0
        else:
            u.sleepers &= ~bit
    for a in range(2):
        if w.aside[U(a)] >= 0:
            u = m.unit[U(first + w.aside[U(a)])]
            if places:
                u.sleepers |= bit
            else:
                u.sleepers &= ~bit


@inner
def take(m, i, s, station, place):
    """Occupy what a stage needs: people as many as come, a place of its own or the one beside. Returns the heads that came."""
    w = m.station[U(station)]
    c = m.body[U(i)]
    team = 0.0
    for k in range(w.count):
        kind = np.int64(w.kind[U(k)])
        units = np.int64(w.units[U(k)])
        c.took[U(k)] = 0
        if w.part[U(k)] > 0:
            units = come(m, s, station, k)
            if units < w.units[U(k)]:
                fall_short(m, s, kind)
            team += np.float64(units) / np.float64(w.part[U(k)])
            c.took[U(k)] = units
        elif m.unit[U(s * m.par[0].kinds + kind)].kind_class == SERVICE:
            c.took[U(k)] = units
        elif place >= 0:
            if not (m.unit[U(s * m.par[0].kinds + kind)].busy + units <= m.unit[U(s * m.par[0].kinds + kind)].cap):
                fall_short(m, s, kind)
            continue
        occupy(m, s, kind, units)
    if place >= 0:
        occupy(m, s, place, np.int64(1))
    return team


@inner
def take_places(m, s, station):
    """Occupy the places of a station only: what a casualty of a live picture holds from an earlier stage, or has reserved for him."""
    w = m.station[U(station)]
    for k in range(w.count):
        if m.unit[U(s * m.par[0].kinds + w.kind[U(k)])].kind_class == PLACE:
            occupy(m, s, np.int64(w.kind[U(k)]), np.int64(w.units[U(k)]))


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
    """The people and machines that came to casualty i's stage are free again."""
    c = m.body[U(i)]
    s = np.int64(c.site)
    w = m.station[U(m.row[U(c.row)].station)]
    for k in range(w.count):
        if c.took[U(k)] > 0:
            m.unit[U(s * m.par[0].kinds + w.kind[U(k)])].busy -= c.took[U(k)]
            touch_kind(m, s, np.int64(w.kind[U(k)]))
            c.took[U(k)] = 0


@inner
def release_places(m, i):
    """Casualty i gives up the places that he holds."""
    c = m.body[U(i)]
    if c.place_row >= 0:
        s = np.int64(c.site)
        if c.aside >= 0:
            m.unit[U(s * m.par[0].kinds + c.aside)].busy -= 1
            touch_kind(m, s, np.int64(c.aside))
            c.aside = -1
        else:
            release(m, s, np.int64(m.row[U(c.place_row)].station), PLACE)
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
