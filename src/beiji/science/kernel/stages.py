"""Stages: going on to the next row, starting, ending. One event, one handler; the docstring is the model card's sentence."""
import numpy as np

from .body import advance, cause_now, charge, charged_site, set_speed, stop_clock, watch
from .calendar import at, at_seldom
from .codes import (
    ARRIVE,
    BLACK,
    BY_DEATH,
    BY_MOVE,
    BY_START,
    CHECK,
    CLASS_ARRIVAL,
    CLASS_COMPLETION,
    DONE,
    F_BLOOD,
    F_BRANCH,
    F_CURE_AT_START,
    F_ELSE,
    F_ENTRY,
    F_FIFO,
    F_INPATIENT,
    F_LOAD,
    F_MOVE,
    F_SKIP,
    F_SURGERY,
    F_TRANSFER,
    F_TRIAGE,
    FAULT_NO_HOSPITAL,
    GONE,
    GREEN,
    IN_STAGE,
    P_CALLED,
    P_RIDE,
    P_TRIAGE,
    RED,
    RIDING,
    T_COLOUR,
    T_DEPART,
    T_DIE,
    T_DONE,
    T_JOIN,
    T_LEAVE,
    T_START,
    UNREACHED,
    UNSEEN,
    VEHICLE,
    WAITING,
    YELLOW,
    U,
    called,
    inner,
)
from .draws import noise, uniform, value
from .policies import choose_hospital, hour_factor, lending_scene, other_hospital
from .queues import (
    count_wait,
    join,
    lacked,
    off_load,
    on_load,
    release_places,
    release_services,
    take,
    touch_kind,
    unjoin,
)
from .trace import log


@inner
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
    """Secondary transfer is open to a casualty at a transferable row of a hospital, once."""
    c = m.body[U(i)]
    return (flags & F_TRANSFER) != 0 and c.moved == 0 and m.par[0].transfers != 0 and c.site >= m.par[0].scenes


@inner
def next_row(m, i):
    """The first row from the casualty's row on that he takes; its station is -1 at the path's end. Sets `dest` where he must be moved.

    Who was sent to a row (moved for it, entered at it, or queues for it anew under another colour) joins it without being asked again.
    """
    c = m.body[U(i)]
    r = np.int64(c.row)
    if c.direct != 0:
        c.direct = 0
        return r
    passed = False
    while m.row[U(r)].station >= 0:
        w = m.row[U(r)]
        wanted = (w.traits & F_ELSE) == 0 or passed
        wanted = wanted and (w.needs_any == 0 or (c.needs & w.needs_any) != 0) and (c.needs & w.needs_none) == 0
        if wanted and (w.take_from > 0.0 or w.take_to < 1.0):
            wanted = w.take_from <= uniform(c.key, w.take_purpose, c.moved) < w.take_to
        passed = False
        if wanted:
            possible = m.queue[U(c.site * m.par[0].stations + w.station)].possible != 0
            if possible:
                break
            c.dest = other_hospital(m, i, np.int64(w.station)) if may_move(m, i, w.traits) else -1
            if c.dest >= 0 or (w.traits & F_SKIP) == 0:
                break
            passed = True
        r += 1
    return r


@inner
def leave(m, i):
    """No row is left: places are given back, the clock stops, the outcome is the curve's value now."""
    c = m.body[U(i)]
    advance(m, i)
    stop_clock(m, i)
    c.phase = GONE
    m.control[0].clear = i
    m.control[0].outcome.left += 1
    log(m, T_LEAVE, i, c.site, -1, c.colour)


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
        if m.queue[U(s * p.stations + m.row[U(r)].station)].possible == 0 and c.dest >= 0:
            c.resume = r
            r = np.int64(p.transfer_row)
        else:
            c.check_key = at_seldom(m, control.now + p.wait_limit_min, CLASS_ARRIVAL, CHECK, i, np.int64(0))
    station = np.int64(m.row[U(r)].station)
    if c.rejoin >= 0 and c.rejoin != station:
        count_wait(m, i, s, np.int64(c.rejoin), BY_MOVE)
        c.rejoin = -1
    if station < 0:
        leave(m, i)
        return
    c.row = r
    if c.rejoin < 0:
        c.wait_from = control.now
    c.rejoin = -1
    c.phase = WAITING
    if (m.row[U(r)].traits & F_LOAD) != 0:
        call_ambulance(m, i, s)
    lane = np.int64(0 if (m.row[U(r)].traits & F_FIFO) != 0 or c.colour == UNSEEN else c.colour)
    join(m, i, s, station, lane)
    log(m, T_JOIN, i, s, station, lane)


@inner
def weakened(factor, short, dose):
    """A factor of the clock with only part of the wanted blood; `short` is the factor with none."""
    return factor + (max(short, factor) - factor) * (1.0 - dose)


@inner
def drink(m, i, s, station):
    """Optional blood: takes what is there, a shortage weakens the stage's effects."""
    c = m.body[U(i)]
    wanted = np.int64(m.template[U(c.template)].blood)
    kind = np.int64(m.station[U(station)].blood)
    c.dose = 1.0
    if wanted > 0 and kind >= 0:
        u = m.unit[U(s * m.par[0].kinds + kind)]
        got = max(np.int64(0), min(wanted, np.int64(u.cap) - u.busy))
        u.busy += got
        if u.busy > u.peak:
            u.peak = u.busy
        c.dose = np.float64(got) / np.float64(wanted)
        if got > 0:
            touch_kind(m, s, kind)


@inner
def milestones(m, i, flags):
    """Time to the first bay and to life-saving surgery, counted once."""
    c = m.body[U(i)]
    out = m.control[0].outcome
    now = m.control[0].now
    if (flags & F_SURGERY) != 0 and c.operated == 0:
        c.operated = 1
        out.operated += 1
        out.surgery_min += now - c.injured_at
    if (flags & F_ENTRY) != 0 and c.bedded == 0:
        c.bedded = 1
        out.beds += 1
        out.bed_min += now - c.arrived_at
        if c.lane == RED:
            out.bed_lane0 += 1
            out.bed_lane0_min += now - c.arrived_at


@inner
def start(m, i, s, station):
    """A stage starts: units are taken, earlier places given back, effects begin, the end is scheduled."""
    c = m.body[U(i)]
    w = m.row[U(c.row)]
    now = m.control[0].now
    charge(m, i, s, lacked(m, s, station))
    unjoin(m, i, s, station)
    count_wait(m, i, s, station, BY_START)
    c.phase = IN_STAGE
    c.started_at = now
    c.check_key = -1
    if m.station[U(station)].has_place != 0:
        release_places(m, i)
        c.place_row = c.row
    take(m, s, station)
    c.dose = 1.0
    if (w.traits & F_BLOOD) != 0:
        drink(m, i, s, station)
    if (w.traits & F_INPATIENT) != 0:
        off_load(m, i)
    milestones(m, i, w.traits)
    c.protect = weakened(w.protect, w.short, c.dose)
    if (w.traits & F_CURE_AT_START) != 0:
        c.needs = (c.needs & ~w.cures) | w.adds
    set_speed(m, i)
    log(m, T_START, i, s, station, 0)
    length = value(m, w.law, uniform(c.key, w.duration_purpose, c.moved)) * m.queue[U(s * m.par[0].stations + station)].pace
    at(m, now + length, CLASS_COMPLETION, DONE, i, np.int64(0))
    watch(m, i)


@inner
def wear_off(m, i, w):
    """What a completed stage leaves behind: a partial effect for some minutes, unless an earlier one still runs and is stronger."""
    c = m.body[U(i)]
    now = m.control[0].now
    c.protect = 1.0
    if w.partial_min > 0.0:
        partial = weakened(w.partial, w.short, c.dose)
        if c.soft_until <= now or partial <= c.partial:
            c.partial = partial
            c.soft_until = now + w.partial_min
    if (w.traits & F_CURE_AT_START) == 0:
        c.needs = (c.needs & ~w.cures) | w.adds
    set_speed(m, i)


@inner
def observe(m, i, s):
    """Triage writes a colour: the truth with the site's observer error."""
    c = m.body[U(i)]
    occurrence = np.int64(0) if s < m.par[0].scenes else np.int64(1) + c.moved
    u = uniform(c.key, P_TRIAGE, occurrence)
    colour = np.int64(c.truth)
    if colour == RED:
        if u < m.site[U(s)].undertriage:
            colour = YELLOW
    elif (colour in (YELLOW, GREEN)) and u < m.site[U(s)].overtriage:
        colour = RED
    c.colour = colour
    log(m, T_COLOUR, i, s, -1, colour)


@inner
def ride(m, i, origin, h, factor):
    """Casualty i is on his way to hospital h."""
    c = m.body[U(i)]
    p = m.par[0]
    minutes = m.travel[U(origin), U(h)] * factor * noise(p.noise_mu, p.noise_sigma, uniform(c.key, P_RIDE, c.rides))
    c.rides += 1
    c.phase = RIDING
    log(m, T_DEPART, i, origin, -1, h)
    at(m, m.control[0].now + minutes, CLASS_ARRIVAL, ARRIVE, i, np.int64(0))


@inner
def on_done(m, i):
    """DONE: ends the stage: charges, releases services, applies effects, cures and adds; then triages, departs, branches or goes on."""
    c = m.body[U(i)]
    p = m.par[0]
    w = m.row[U(c.row)]
    s = np.int64(c.site)
    if (w.traits & F_MOVE) == 0 or c.dead != 0:
        release_services(m, i)
    log(m, T_DONE, i, s, w.station, 0)
    if c.dead != 0:
        c.phase = GONE
        m.control[0].clear = i
        return
    wear_off(m, i, w)
    m.control[0].look = i
    if (w.traits & F_TRIAGE) != 0:
        observe(m, i, s)
    moving = (w.traits & F_MOVE) != 0
    if (w.traits & F_LOAD) != 0 or moving:
        lane = np.int64(c.colour if 0 <= c.colour < 3 else 0)
        if moving:
            release_places(m, i)
            off_load(m, i)
            h = np.int64(c.dest)
            c.moved = 1
            m.control[0].outcome.moved += 1
        else:
            m.unit[U(s * p.kinds + p.ambulance_kind)].cap -= 1
            m.site[U(s)].remaining -= 1
            c.on_scene = 0
            h = choose_hospital(m, i, s, lane)
            if h < 0:
                m.control[0].fault = FAULT_NO_HOSPITAL
                return
            m.sent[s, lane, h - p.scenes] += 1
            m.control[0].outcome.scene_cleared_at = m.control[0].now
        on_load(m, i, h, lane)
        ride(m, i, s, h, hour_factor(m))
    else:
        c.row = p.colour_row[U(c.colour if c.colour >= 0 else 0)] if (w.traits & F_BRANCH) != 0 else c.row + 1
        m.control[0].go = i


@inner
def die(m, i):
    """Death: all of the survival is lost; who waits is gone at once, who is in a stage or on the way stays until it ends."""
    c = m.body[U(i)]
    out = m.control[0].outcome
    s, cause = charged_site(m, i), cause_now(m, i)
    m.loss[U(s), U(cause)] += c.q
    out.loss_q[U(cause)] += c.q
    c.q = 0
    c.dead = 1
    out.dead += 1
    log(m, T_DIE, i, s, -1, c.phase)
    if c.on_scene != 0:
        m.site[U(c.site)].remaining -= 1
        c.on_scene = 0
        if c.phase != UNREACHED:
            out.dead_at_scene += 1
    if c.phase == WAITING:
        station = np.int64(m.row[U(c.row)].station)
        if c.site >= m.par[0].scenes:
            out.dead_waiting += 1
        unjoin(m, i, s, station)
        count_wait(m, i, s, station, BY_DEATH)
        c.phase = GONE
        m.control[0].clear = i
    elif c.phase == UNREACHED:
        out.dead_unreached += 1
        c.phase = GONE
    elif c.phase == RIDING:
        out.dead_riding += 1
    elif c.site >= m.par[0].scenes:
        out.dead_in_stage += 1
    stop_clock(m, i)


@inner
def relabel(m, i):
    """The tag follows a visible worsening."""
    c = m.body[U(i)]
    if c.colour != UNSEEN and c.truth != c.colour and (c.truth == BLACK or c.truth < c.colour):
        tag(m, i, np.int64(c.truth))


@inner
def tag(m, i, colour):
    """A new colour; who waits goes to the tail of his new lane, at a first bay to his new colour's path."""
    c = m.body[U(i)]
    p = m.par[0]
    c.colour = colour
    log(m, T_COLOUR, i, c.site, -1, c.colour)
    w = m.row[U(c.row)]
    if c.phase == WAITING and (w.traits & F_FIFO) == 0:
        s, station = np.int64(c.site), np.int64(w.station)
        unjoin(m, i, s, station)
        c.rejoin = station
        if (w.traits & F_ENTRY) != 0 and s >= p.scenes:
            c.row = p.colour_row[U(c.colour)]
        else:
            c.direct = 1
        m.control[0].go = i
