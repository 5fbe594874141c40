"""The start from a live picture at its clock: who is where, what he holds, and how long what has lasted already will go on."""
import numpy as np

from .body import set_speed, stop_clock
from .calendar import at_seldom
from .codes import (
    AMBULANCE,
    ARRIVE,
    BACK,
    CHECK,
    CLASS_ARRIVAL,
    CLASS_COMPLETION,
    CONSUMABLE,
    DONE,
    F_BRANCH,
    F_CURE_AT_START,
    F_ENTRY,
    F_INPATIENT,
    F_LOAD,
    F_MOVE,
    F_SURGERY,
    F_TRANSFER,
    FREE,
    GONE,
    IN_STAGE,
    IN_VEHICLE,
    MOST_NEEDS,
    NEED_CHILD,
    NEED_SURGICAL,
    NOTICE,
    P_DELAY,
    P_HAND_OVER,
    P_REMAINING,
    P_RIDE,
    P_SELF,
    READY,
    RED,
    RIDING,
    SEATED,
    SERVICE,
    SPEED_MASK,
    T_DEPART,
    T_JOIN,
    T_START,
    VEHICLE,
    WAITING,
    U,
    inner,
    outlined,
)
from .draws import entity_key, later, noise_over, probability, uniform
from .looks import lane_in, own_row
from .queues import join_seldom, mark_wait, occupy, on_load, take_places
from .stages import weakened
from .trace import log

LIVE_WAITING, LIVE_RUNNING, LIVE_RIDING, LIVE_UNREACHED, LIVE_LEFT = np.arange(1, 6)
FLEET_FIRST, FLEET_IDLE, FLEET_COMING, FLEET_HANDING_OVER, FLEET_PARKED, FLEET_CREW_HOME = np.arange(6)


@inner
def lived_so_far(m, i, w, x):
    """His body at the clock: rate, exposure, crossings that lie behind him, needs, what still lasts of an earlier stage."""
    c = m.body[U(i)]
    if x.rate > 0.0:
        c.rate = x.rate
    if w.needs >= 0:
        c.needs = w.needs | (c.needs & NEED_CHILD)
    c.exposure = w.exposure if w.exposure >= 0.0 else c.rate * m.speed[c.needs & SPEED_MASK] * max(0.0, w.since_min)
    t = m.template[U(c.template)]
    while c.crossing < t.crossings and t.cross_at[U(c.crossing)] <= c.exposure + 1e-9 and t.cross_to[U(c.crossing)] < 4:
        c.truth = t.cross_to[U(c.crossing)]
        c.crossing += 1
    if w.partial_min > 0.0:
        c.partial = w.partial
        c.soft_until = m.par[0].clock + w.partial_min
    if t.surgical != 0 and (c.needs & NEED_SURGICAL) == 0:
        c.operated = 1
        m.control[0].outcome.surgical -= 1


@inner
def take_kinds(m, i, x, s, station, kind_class):
    """Occupy what a stage under way holds of one class, whether there is so much of it or not; of people those who came, where it is known."""
    w = m.station[U(station)]
    c = m.body[U(i)]
    for k in range(w.count):
        kind = np.int64(w.kind[U(k)])
        if m.unit[U(s * m.par[0].kinds + kind)].kind_class == kind_class:
            units = np.int64(w.units[U(k)] if x.took[U(k)] < 0 else x.took[U(k)])
            if kind_class == SERVICE:
                c.took[U(k)] = units
            occupy(m, s, kind, units)


@inner
def lie(m, i, x, s, row):
    """He lies in the places of a row, or in the one beside it."""
    c = m.body[U(i)]
    station = np.int64(m.row[U(row)].station)
    if m.station[U(station)].has_place == 0:
        return
    c.place_row = row
    c.aside = x.aside
    if x.aside >= 0:
        occupy(m, s, np.int64(x.aside), np.int64(1))
    else:
        take_places(m, s, station)


@inner
def begin_running(m, i, w, x, s):
    """A stage that has run for some minutes of a full team: its end is drawn given that it has lasted so long."""
    c = m.body[U(i)]
    p = m.par[0]
    r = m.row[U(c.row)]
    station = np.int64(r.station)
    c.phase = IN_STAGE
    take_kinds(m, i, x, s, station, SERVICE)
    if m.site[U(s)].live == 0:
        take_kinds(m, i, x, s, station, CONSUMABLE)
    lie(m, i, x, s, np.int64(c.row))
    c.strength = x.strength
    c.dose = x.dose
    factor = np.float64(r.protect)
    if c.aside >= 0:
        factor = r.aside_protect[U(0 if c.aside == m.station[U(station)].aside[0] else 1)]
    c.protect = weakened(factor + (1.0 - factor) * (1.0 - c.strength), r.short, c.dose)
    if w.needs < 0 and (r.traits & F_CURE_AT_START) != 0:
        c.needs = (c.needs & ~r.cures) | r.adds
    if (r.traits & F_SURGERY) != 0 and c.operated == 0:
        c.operated = 1
        m.control[0].outcome.surgical -= 1
    if (r.traits & F_LOAD) != 0 and p.fleet_known == 0:
        m.unit[U(s * p.kinds + p.ambulance_kind)].cap += 1
    pace = m.queue[U(s * p.stations + station)].pace
    left = later(m, np.int64(r.law), uniform(c.key, P_REMAINING, 0), w.running_min / pace) * pace - w.running_min if pace > 0.0 else 0.0
    c.work = max(0.0, left)
    c.spent = w.running_min
    c.started_at = p.clock
    log(m, T_START, i, s, station, np.int64(c.strength * 1000.0 + 0.5))
    c.done_key = at_seldom(m, p.clock + c.work / c.strength, CLASS_COMPLETION, DONE, i, np.int64(0))


@inner
def begin_ride(m, i, w, x):
    """He is on his way: until the minute that is known, or drawn given that he rides so long already. A transfer's crew is with him."""
    c = m.body[U(i)]
    p = m.par[0]
    c.phase = RIDING
    c.to = w.site
    c.alone = 1 if x.alone > 0 else 0
    c.site = x.origin if x.origin >= 0 else w.site
    minutes = w.at
    if x.ridden >= 0.0 and x.origin >= 0:
        hour = np.int64(np.floor(p.start_hour + (p.clock - x.ridden) / 60.0)) % 24
        base = m.travel[U(x.origin), U(w.site)] * (p.self_factor if x.alone > 0 and x.moved == 0 else p.hour_factor[U(hour)])
        if base > 0.0:
            minutes = base * noise_over(p.noise_mu, p.noise_sigma, uniform(c.key, P_RIDE, x.moved), x.ridden / base) - x.ridden
    c.started_at = p.clock - max(0.0, x.ridden)
    c.work = 0.0
    if c.moved != 0:
        c.dest = w.site
        take_kinds(m, i, x, np.int64(c.site), np.int64(m.row[U(p.transfer_row)].station), SERVICE)
        for k in range(MOST_NEEDS):
            c.took[U(k)] = 0
    if x.origin >= 0:
        log(m, T_DEPART, i, np.int64(x.origin), np.int64(-1), np.int64(w.site))
    at_seldom(m, p.clock + max(0.0, minutes), CLASS_ARRIVAL, ARRIVE, i, np.int64(0))


@inner
def begin_unreached(m, i, w, x):
    """He is at the scene and nobody has come to him; or he will leave on foot, more likely so the later such people leave than others are found."""
    c = m.body[U(i)]
    source = m.source[U(w.source)]
    waited = max(0.0, w.since_min)
    c.alone = 1 if x.alone > 0 else 0
    if x.alone < 0 and m.template[U(c.template)].walks != 0:
        c.alone = leaves_alone(m, source, np.int64(m.template[U(c.template)].group), waited, uniform(c.key, P_SELF, 0))
    c.resume = -1
    if c.alone == 0:
        c.on_scene = 1
        m.site[U(c.site)].remaining += 1
    law = np.int64(source.leave_law if c.alone != 0 else source.find_law)
    at_seldom(m, c.injured_at + later(m, law, uniform(c.key, P_DELAY, 0), waited), CLASS_ARRIVAL, READY, i, np.int64(0))


@inner
def leaves_alone(m, source, group, waited, u):
    """Will who is still at the scene after some minutes leave on foot? By Bayes from the share and the two laws of the delay."""
    share = source.self_share[U(group)]
    if waited > 0.0:
        leaving = share * (1.0 - probability(m, np.int64(source.leave_law), waited))
        found = (1.0 - share) * (1.0 - probability(m, np.int64(source.find_law), waited))
        share = leaving / (leaving + found) if leaving + found > 0.0 else share
    return 1 if u < share else 0


@inner
def counts_here(m, i, w, x):
    """The lane in which he counts for his hospital's front door, or -1."""
    c = m.body[U(i)]
    if x.counts > -2:
        return np.int64(x.counts)
    inside = w.row >= 0 and w.live == LIVE_RUNNING and (m.row[U(w.row)].traits & F_INPATIENT) != 0
    held = w.held >= 0 and (m.row[U(w.held)].traits & F_INPATIENT) != 0
    if inside or held or (w.live == LIVE_RIDING and w.at < 0.0):
        return np.int64(-1)
    lane = np.int64(c.colour if c.colour >= 0 else c.truth)
    return lane if lane < 3 else np.int64(0)


@inner
def sit(m, i, x, s):
    """His seat in the waiting room, or the vehicle before the door in which he waits."""
    m.body[U(i)].seat = x.seat
    m.site[U(s)].seated += 1 if x.seat == SEATED else 0
    m.site[U(s)].outside += 1 if x.seat == IN_VEHICLE else 0


@outlined
def begin_live(m, i):
    """A casualty of a live picture: waiting, in a stage, riding, not reached yet, or out of care; the rest of his story is drawn."""
    c = m.body[U(i)]
    w = m.person[U(i)]
    x = m.live[U(i - m.par[0].live_first)]
    p = m.par[0]
    s = np.int64(w.site)
    c.injured_at = p.clock - w.since_min
    c.site = s
    c.door_at = p.clock
    c.moved = x.moved
    c.rides = x.moved + 1
    lived_so_far(m, i, w, x)
    if w.live == LIVE_LEFT:
        c.phase = GONE
        m.control[0].outcome.left += 1
        return
    if w.live == LIVE_UNREACHED:
        c.rides = 0
        begin_unreached(m, i, w, x)
        return
    if x.dest >= 0:
        c.dest = x.dest
        c.resume = own_row(m, i, np.int64(x.resume))
        if x.kept != 0:
            c.reserved = 1
            take_places(m, np.int64(x.dest), np.int64(m.row[U(c.resume)].station))
    lane = counts_here(m, i, w, x)
    if s >= p.scenes and lane >= 0:
        on_load(m, i, s, lane)
    if w.live == LIVE_RIDING:
        begin_ride(m, i, w, x)
        return
    c.resume = c.resume if x.dest >= 0 else -1
    if s < p.scenes:
        c.on_scene = 1
        m.site[U(s)].remaining += 1
    c.row = own_row(m, i, np.int64(w.row))
    c.senior = x.order
    m.control[0].queue_no = max(m.control[0].queue_no, np.int64(x.order) + 1)
    c.bedded = 1 if w.live == LIVE_RUNNING or (m.row[U(w.row)].traits & (F_ENTRY | F_BRANCH)) == 0 else 0
    sit(m, i, x, s)
    if w.held >= 0:
        lie(m, i, x, s, own_row(m, i, np.int64(w.held)))
    if w.live == LIVE_RUNNING:
        begin_running(m, i, w, x, s)
    else:
        c.phase = WAITING
        c.wait_from = p.clock - x.waited


@outlined
def lane_of(m, i):
    """The lane in which a casualty of the picture queues; who lies already in the place that was kept for him stands first."""
    c = m.body[U(i)]
    traits = m.row[U(c.row)].traits
    if c.phase == WAITING and c.place_row == c.row and (traits & F_TRANSFER) != 0:
        return np.int64(RED)
    return lane_in(m, i, np.int64(c.row))


@outlined
def stand(m, i):
    """Who waits stands where he stood, who is cared for by fewer in the second queue; nobody is served before all of the picture are there."""
    c = m.body[U(i)]
    p = m.par[0]
    x = m.live[U(i - p.live_first)]
    if c.phase == GONE:
        set_speed(m, i)
        if p.open_needs == 0 or c.full <= 0.0:
            stop_clock(m, i)
        return
    if c.phase != WAITING and c.phase != IN_STAGE:
        return
    s, station = np.int64(c.site), np.int64(m.row[U(c.row)].station)
    if c.phase == IN_STAGE:
        if c.strength < 1.0 or (c.aside >= 0 and c.place_row == c.row):
            c.up = 1
            join_seldom(m, i, s, np.int64(m.station[U(station)].up), lane_of(m, i))
        return
    join_seldom(m, i, s, station, lane_of(m, i))
    log(m, T_JOIN, i, s, station, np.int64(c.lane))
    mark_wait(m, i, s, station)
    traits = m.row[U(c.row)].traits
    if (traits & F_TRANSFER) != 0 and (traits & F_MOVE) == 0 and c.moved < p.most_moves and p.transfers != 0 and s >= p.scenes:
        limit = np.float64(x.check)
        if limit < 0.0:
            limit = p.wait_limit_min if m.queue[U(s * p.stations + station)].possible != 0 else 0.0
        c.check_key = at_seldom(m, p.clock + limit, CLASS_ARRIVAL, CHECK, i, np.int64(0))


@outlined
def begin_rounds(m, i):
    """A round that is due to notice that a casualty has become worse comes when it was due."""
    x = m.live[U(i - m.par[0].live_first)]
    if x.notice >= 0.0:
        at_seldom(m, m.par[0].clock + x.notice, CLASS_ARRIVAL, NOTICE, i, np.int64(0))


@outlined
def begin_vehicle(m, k):
    """An ambulance of the picture, or a transfer crew on its way home."""
    v = m.vehicle[U(k)]
    p = m.par[0]
    s = np.int64(v.scene)
    if v.state == FLEET_IDLE:
        m.unit[U(s * p.kinds + p.ambulance_kind)].cap += 1
    elif v.state == FLEET_COMING:
        m.site[U(s)].coming += 1
        at_seldom(m, p.clock + v.leave_min, CLASS_ARRIVAL, VEHICLE, s, np.int64(0))
    elif v.state == FLEET_HANDING_OVER:
        key = entity_key(m.control[0].rep_key, AMBULANCE, v.id)
        left = later(m, p.hand_over_law, uniform(key, P_HAND_OVER, 0), v.leave_min) - v.leave_min
        at_seldom(m, p.clock + max(0.0, left), CLASS_COMPLETION, FREE, np.int64(-1 - k), s)
    elif v.state == FLEET_PARKED:
        m.site[U(s)].parked += 1
    else:
        station = m.station[U(m.row[U(p.transfer_row)].station)]
        for n in range(station.count):
            if m.unit[U(s * p.kinds + station.kind[U(n)])].kind_class == SERVICE:
                occupy(m, s, np.int64(station.kind[U(n)]), np.int64(station.units[U(n)]))
        at_seldom(m, p.clock + v.leave_min, CLASS_COMPLETION, BACK, s, np.int64(0))
