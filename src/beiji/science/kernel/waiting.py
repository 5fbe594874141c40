"""Going on: to the next row, into its queue, to another hospital, or out of care."""
import numpy as np

from .body import advance, set_speed, stop_clock
from .calendar import at_seldom
from .codes import (
    BY_MOVE,
    CHECK,
    CLASS_ARRIVAL,
    F_ELSE,
    F_IF_FREE,
    F_LOAD,
    F_RETAG,
    F_SKIP,
    F_TRANSFER,
    GONE,
    P_CALLED,
    PLACE,
    RED,
    T_JOIN,
    T_LEAVE,
    VEHICLE,
    WAITING,
    U,
    called,
    inner,
    outlined,
)
from .draws import noise, uniform
from .looks import lane_in, own_row, seen_colour
from .policies import free_now, hour_factor, lending_scene, other_hospital
from .queues import count_wait, join, mark, mark_wait, take_places
from .room import leave_seat
from .trace import log


@outlined
def call_ambulance(m, i, s):
    """A casualty joins the loading queue of a scene with no ambulance idle or coming: one is called from another scene."""
    p = m.par[0]
    u = m.unit[U(s * p.kinds + p.ambulance_kind)]
    if u.cap - u.busy > 0 or m.site[U(s)].coming > 0:
        return
    o = lending_scene(m, s)
    if o >= 0:
        m.unit[U(o * p.kinds + p.ambulance_kind)].cap -= 1
        m.site[U(s)].coming += 1
        pace = noise(p.noise_mu, p.noise_sigma, uniform(m.body[U(i)].key, P_CALLED, 0))
        at_seldom(m, m.control[0].now + m.travel[U(o), U(s)] * hour_factor(m) * pace, CLASS_ARRIVAL, VEHICLE, s, np.int64(0))


@inner
def may_move(m, i, flags):
    """Secondary transfer is open to a casualty at a transferable row of a hospital, as often as the register allows."""
    c = m.body[U(i)]
    p = m.par[0]
    return (flags & F_TRANSFER) != 0 and c.moved < p.most_moves and p.transfers != 0 and c.site >= p.scenes


@inner
def next_row(m, i):
    """The first row from the casualty's row on that he takes; its station is -1 at the path's end. Sets `dest` where he must be moved, and `away` where
    a row is his only because another hospital is free for it.

    Who was sent to a row (moved for it, entered at it, or queues for it anew under another colour) joins it without being asked again.
    """
    c = m.body[U(i)]
    r = np.int64(c.row)
    m.control[0].away = 0
    if c.direct != 0:
        c.direct = 0
        r = own_row(m, i, r)
        w = m.row[U(r)]
        impossible = m.queue[U(c.site * m.par[0].stations + w.station)].possible == 0
        if impossible and may_move(m, i, w.traits):
            c.dest = other_hospital(m, i, np.int64(w.station))
        return r
    passed = False
    while m.row[U(r)].station >= 0:
        w = m.row[U(r)]
        wanted = (w.traits & F_ELSE) == 0 or passed
        wanted = wanted and (w.needs_any == 0 or (c.needs & w.needs_any) != 0) and (c.needs & w.needs_none) == 0 and (c.needs & w.needs_all) == w.needs_all
        if wanted and (w.take_from > 0.0 or w.take_to < 1.0):
            wanted = w.take_from <= uniform(c.key, w.take_purpose, c.moved) < w.take_to
        passed = False
        if wanted:
            possible = m.queue[U(c.site * m.par[0].stations + w.station)].possible != 0
            choosy = (w.traits & F_IF_FREE) != 0
            if possible and (not choosy or free_now(m, np.int64(c.site), np.int64(w.station))):
                break
            c.dest = other_hospital(m, i, np.int64(w.station)) if may_move(m, i, w.traits) else -1
            if choosy and c.dest >= 0:
                if free_now(m, np.int64(c.dest), np.int64(w.station)):
                    m.control[0].away = 1
                else:
                    c.dest = -1
            if c.dest >= 0 or (w.traits & F_SKIP) == 0:
                break
            passed = True
        r += 1
    return r


@outlined
def leave(m, i):
    """No row is left: places are given back. The clock stops and the outcome is the curve's value now; with a need still open it runs on."""
    c = m.body[U(i)]
    advance(m, i)
    c.phase = GONE
    if c.seat != 0:
        leave_seat(m, i)
    set_speed(m, i)
    if m.par[0].open_needs == 0 or c.full <= 0.0:
        stop_clock(m, i)
    else:
        m.control[0].look = i
    m.control[0].clear = i
    m.control[0].outcome.left += 1
    log(m, T_LEAVE, i, c.site, -1, c.colour)


@outlined
def reserve(m, i, h, station):
    """The places that a casualty is moved for are kept for him from the decision on, where they are free then."""
    if m.par[0].reserve == 0:
        return
    w = m.station[U(station)]
    free = w.has_place != 0
    for k in range(w.count):
        u = m.unit[U(h * m.par[0].kinds + w.kind[U(k)])]
        if u.kind_class == PLACE and u.busy + w.units[U(k)] > u.cap:
            free = False
    if free:
        take_places(m, h, station)
        mark(m, h)
        m.body[U(i)].reserved = 1


@inner
def keep_waiting(m, i):
    """Who still waits when all that fit have started: what he lacks is counted from here, and at a transferable row he looks for another hospital after
    the limit."""
    c = m.body[U(i)]
    if c.phase != WAITING:
        return
    mark_wait(m, i, np.int64(c.site), np.int64(m.row[U(c.row)].station))
    if c.check_key == -2:
        c.check_key = at_seldom(m, m.control[0].now + m.par[0].wait_limit_min, CLASS_ARRIVAL, CHECK, i, np.int64(0))


@called
def proceed(m, i):
    """Casualty i goes on from his row: he joins the queue of the first row he takes, or leaves."""
    c = m.body[U(i)]
    p = m.par[0]
    control = m.control[0]
    s = np.int64(c.site)
    r = next_row(m, i)
    c.check_key = -1
    if m.row[U(r)].station >= 0 and may_move(m, i, m.row[U(r)].traits):
        if control.away != 0 or (m.queue[U(s * p.stations + m.row[U(r)].station)].possible == 0 and c.dest >= 0):
            c.resume = r
            reserve(m, i, np.int64(c.dest), np.int64(m.row[U(r)].station))
            r = np.int64(p.transfer_row)
        else:
            c.check_key = -2
    station = np.int64(m.row[U(r)].station)
    if c.rejoin >= 0 and c.rejoin != station:
        count_wait(m, i, s, np.int64(c.rejoin), BY_MOVE)
        c.rejoin = -1
    if station < 0:
        leave(m, i)
        return
    c.row = r
    fresh = c.rejoin < 0
    if fresh:
        c.wait_from = control.now
    c.rejoin = -1
    c.phase = WAITING
    if (m.row[U(r)].traits & F_LOAD) != 0:
        call_ambulance(m, i, s)
    if fresh and (m.row[U(r)].traits & F_RETAG) != 0:
        c.colour = seen_colour(m, i)
    lane = lane_in(m, i, r)
    if c.reserved != 0 and c.place_row == c.row:
        c.reserved = 0
        lane = np.int64(RED)
    c.marked_at = control.now
    control.joined = i
    join(m, i, s, station, lane)
    log(m, T_JOIN, i, s, station, lane)
