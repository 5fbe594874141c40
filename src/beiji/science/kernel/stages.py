"""Stages: starting, more people, ending, death. One event, one handler; the docstring is the model card's sentence."""
import numpy as np

from .body import cause_now, charge_now, charged_site, set_speed, stop_clock, watch
from .calendar import at
from .codes import (
    ARRIVE,
    BY_DEATH,
    BY_START,
    CLASS_ARRIVAL,
    CLASS_COMPLETION,
    DONE,
    F_BLOOD,
    F_BRANCH,
    F_CURE_AT_START,
    F_DEFERRED,
    F_ENTRY,
    F_FIFO,
    F_FIRST_CARE,
    F_INPATIENT,
    F_LOAD,
    F_LOOK,
    F_MOVE,
    F_SURGERY,
    F_TRIAGE,
    FAULT_NO_HOSPITAL,
    GONE,
    GREEN,
    IN_STAGE,
    INCISION_MIN,
    ORTHOPAEDIC_SURGERY,
    P_RIDE,
    PLACE,
    RED,
    RIDING,
    T_DEPART,
    T_DIE,
    T_DONE,
    T_START,
    T_UP,
    UNREACHED,
    WAITING,
    YELLOW,
    U,
    inner,
    outlined,
)
from .draws import noise, uniform, value
from .looks import look, observe, queue_of
from .policies import choose_hospital, hour_factor
from .queues import (
    count_wait,
    join_seldom,
    occupy,
    off_load,
    on_load,
    release,
    release_places,
    release_services,
    take,
    touch_kind,
    unjoin,
    unjoin_seldom,
)
from .room import leave_seat
from .trace import log


@inner
def close_care(m, i):
    """First care has ended, by its end, by death or by the horizon: the level of care from the door on."""
    c = m.body[U(i)]
    if c.care_open == 0:
        return
    out = m.control[0].outcome
    c.care_open = 0
    minutes = m.control[0].now - c.care_from
    if minutes > 0.0:
        out.care_n += 1
        out.care_sum += c.care / minutes / (1.0 - m.par[0].bay_rate)


@inner
def count_care(m, i):
    """What the stage under way has held back since it began or was last joined by more people."""
    c = m.body[U(i)]
    c.care += (m.control[0].now - c.started_at) * (1.0 - c.protect)


@inner
def weakened(factor, short, dose):
    """A factor of the clock with only part of the wanted blood; `short` is the factor with none."""
    return factor + (max(short, factor) - factor) * (1.0 - dose)


@outlined
def drink(m, i, s, station):
    """Optional blood: takes what is there, a shortage weakens the stage's effects."""
    c = m.body[U(i)]
    wanted = np.int64(m.template[U(c.template)].blood)
    kind = np.int64(m.station[U(station)].blood)
    c.dose = 1.0
    if wanted > 0 and kind >= 0:
        u = m.unit[U(s * m.par[0].kinds + kind)]
        got = max(np.int64(0), min(wanted, np.int64(u.cap) - u.busy))
        occupy(m, s, kind, got)
        c.dose = np.float64(got) / np.float64(wanted)
        if got > 0:
            touch_kind(m, s, kind)


@inner
def milestones(m, i, flags):
    """Time to the first bay and to life-saving surgery, counted once; minutes from the first door to each incision, by specialty."""
    c = m.body[U(i)]
    out = m.control[0].outcome
    now = m.control[0].now
    if (flags & F_SURGERY) != 0 and c.operated == 0:
        c.operated = 1
        out.operated += 1
        out.surgery_min += now - c.injured_at
    if (flags & (F_SURGERY | F_DEFERRED)) != 0:
        kind = ORTHOPAEDIC_SURGERY if (flags & F_DEFERRED) != 0 else np.int64(m.template[U(c.template)].specialty)
        m.incision[U(kind), U(min(np.int64((now - c.door_at) / INCISION_MIN), m.incision.shape[1] - 1))] += 1
    if (flags & F_ENTRY) != 0 and c.bedded == 0:
        c.bedded = 1
        out.beds += 1
        out.bed_min += now - c.arrived_at
        if c.lane == RED:
            out.bed_lane0 += 1
            out.bed_lane0_min += now - c.arrived_at


@inner
def begin_row(m, i, s, station):
    """What happens once, when a row's stage first starts: the wait ends, minutes are drawn, effects that come at the start."""
    c = m.body[U(i)]
    w = m.row[U(c.row)]
    count_wait(m, i, s, station, BY_START)
    c.work = value(m, w.law, uniform(c.key, w.duration_purpose, c.moved)) * m.queue[U(s * m.par[0].stations + station)].pace
    c.spent = 0.0
    c.phase = IN_STAGE
    c.check_key = -1
    c.dose = 1.0
    if (w.traits & F_BLOOD) != 0:
        drink(m, i, s, station)
    if (w.traits & F_INPATIENT) != 0:
        off_load(m, i)
    milestones(m, i, w.traits)
    if c.seat != 0 and (w.traits & F_FIFO) == 0:
        leave_seat(m, i)
    if (w.traits & F_CURE_AT_START) != 0:
        c.needs = (c.needs & ~w.cures) | w.adds


@inner
def add_people(m, i, s, station):
    """Care by fewer is interrupted because more have come or his own place is free: the work done counts, his people are free for this moment."""
    c = m.body[U(i)]
    count_care(m, i)
    worked = c.strength * (m.control[0].now - c.started_at)
    c.work = max(0.0, c.work - worked)
    c.spent += worked
    c.up = 0
    release_services(m, i)


@inner
def start(m, i, s, station, place):
    """A stage starts: people and a place are taken, earlier places given back, effects begin, the end is scheduled at the minutes of a full team over
    the share of it that came. Who has less than his own place and the full team keeps his place in the queue for them."""
    c = m.body[U(i)]
    w = m.row[U(c.row)]
    now = m.control[0].now
    base = np.int64(m.station[U(station)].own)
    charge_now(m, i)
    unjoin(m, i, s, station)
    if base == station:
        begin_row(m, i, s, station)
    else:
        add_people(m, i, s, station)
    c.started_at = now
    if m.station[U(base)].has_place != 0:
        release_places(m, i)
        c.place_row = c.row
        c.aside = place
    team = take(m, i, s, base, place)
    c.strength = team / m.station[U(base)].team if m.station[U(base)].partial != 0 else 1.0
    factor = np.float64(w.protect)
    if place >= 0:
        factor = w.aside_protect[U(0 if place == m.station[U(base)].aside[0] else 1)]
    c.protect = weakened(factor + (1.0 - factor) * (1.0 - c.strength), w.short, c.dose)
    set_speed(m, i)
    log(m, T_START if base == station else T_UP, i, s, base, np.int64(c.strength * 1000.0 + 0.5))
    c.done_key = at(m, now + c.work / c.strength, CLASS_COMPLETION, DONE, i, np.int64(0))
    if c.strength < 1.0 or place >= 0:
        c.up = 1
        join_seldom(m, i, s, np.int64(m.station[U(base)].up), np.int64(c.lane))
    watch(m, i)


@inner
def wear_off(m, i, w):
    """What a completed stage leaves behind: a partial effect for some minutes, unless an earlier one still runs and is stronger."""
    c = m.body[U(i)]
    now = m.control[0].now
    c.protect = 1.0
    if w.partial_min > 0.0:
        partial = weakened(w.partial + (1.0 - w.partial) * (1.0 - c.strength), w.short, c.dose)
        if c.soft_until <= now or partial <= c.partial:
            c.partial = partial
            c.soft_until = now + w.partial_min
    if (w.traits & F_CURE_AT_START) == 0:
        c.needs = (c.needs & ~w.cures) | w.adds
    set_speed(m, i)


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
def depart(m, i, s, moving):
    """He sets out: to the hospital that is to have him, or by ambulance to the one that the policy chooses."""
    c = m.body[U(i)]
    p = m.par[0]
    lane = np.int64(c.colour if 0 <= c.colour < 3 else 0)
    if moving:
        release_places(m, i)
        off_load(m, i)
        h = np.int64(c.dest)
        c.moved += 1
        m.control[0].outcome.moved += 1
    else:
        m.unit[U(s * p.kinds + p.ambulance_kind)].cap -= 1
        m.site[U(s)].remaining -= 1
        c.on_scene = 0
        c.started_at = m.control[0].now
        h = choose_hospital(m, i, s, lane)
        if h < 0:
            m.control[0].fault = FAULT_NO_HOSPITAL
            return
        m.sent[s, lane, h - p.scenes] += 1
        m.control[0].outcome.scene_cleared_at = m.control[0].now
    on_load(m, i, h, lane)
    ride(m, i, s, h, hour_factor(m))


@inner
def on_done(m, i):
    """DONE: ends the stage: charges, releases services, applies effects, cures and adds; then triages, departs, branches or goes on."""
    c = m.body[U(i)]
    p = m.par[0]
    w = m.row[U(c.row)]
    s = np.int64(c.site)
    if (w.traits & F_MOVE) == 0 or c.dead != 0:
        release_services(m, i)
    if c.up != 0:
        unjoin_seldom(m, i, s, np.int64(m.station[U(w.station)].up))
        c.up = 0
    log(m, T_DONE, i, s, w.station, 0)
    if c.dead != 0:
        c.phase = GONE
        m.control[0].clear = i
        return
    count_care(m, i)
    if (w.traits & F_FIRST_CARE) != 0:
        close_care(m, i)
    wear_off(m, i, w)
    m.control[0].look = i
    if (w.traits & F_TRIAGE) != 0:
        observe(m, i, s)
    moving = (w.traits & F_MOVE) != 0
    if (w.traits & F_LOAD) != 0 or moving:
        depart(m, i, s, moving)
    else:
        if (w.traits & F_LOOK) != 0:
            look(m, i)
        elif (w.traits & F_FIRST_CARE) != 0 and c.colour == RED and (w.path == YELLOW or w.path == GREEN):
            c.row = p.colour_row[RED]
        elif (w.traits & F_BRANCH) != 0:
            c.row = p.colour_row[U(c.colour if c.colour >= 0 else 0)]
        else:
            c.row += 1
        m.control[0].go = i


@outlined
def die(m, i):
    """Death: all of the survival is lost; who waits is gone at once, who is in a stage or on the way stays until it ends."""
    c = m.body[U(i)]
    out = m.control[0].outcome
    s, cause = charged_site(m, i), cause_now(m, i)
    if c.phase == IN_STAGE:
        count_care(m, i)
    close_care(m, i)
    if c.phase == WAITING or c.up != 0:
        unjoin_seldom(m, i, np.int64(c.site), queue_of(m, i))
        c.up = 0
    if c.seat != 0:
        leave_seat(m, i)
    m.loss[U(s), U(cause)] += c.q
    out.loss_q[U(cause)] += c.q
    c.q = 0
    c.dead = 1
    out.dead += 1
    log(m, T_DIE, i, s, -1, c.phase)
    if c.reserved != 0 and c.phase != RIDING:
        release(m, np.int64(c.dest), np.int64(m.row[U(c.resume)].station), PLACE)
        c.reserved = 0
    if c.on_scene != 0:
        m.site[U(c.site)].remaining -= 1
        c.on_scene = 0
        if c.phase != UNREACHED:
            out.dead_at_scene += 1
    if c.phase == WAITING:
        station = np.int64(m.row[U(c.row)].station)
        if c.site >= m.par[0].scenes:
            out.dead_waiting += 1
        count_wait(m, i, s, station, BY_DEATH)
        c.phase = GONE
        m.control[0].clear = i
    elif c.phase == GONE:
        out.left -= 1
        out.dead_left += 1
    elif c.phase == UNREACHED:
        out.dead_unreached += 1
        c.phase = GONE
    elif c.phase == RIDING:
        out.dead_riding += 1
    elif c.site >= m.par[0].scenes:
        out.dead_in_stage += 1
    stop_clock(m, i)
