"""The start of a replication: what is drawn at minute 0 and what is scheduled, in the order that fixes the sequence numbers."""
import numpy as np

from .body import set_speed, survival_q, watch
from .calendar import at, at_seldom
from .codes import (
    AFTER_GAP,
    AMBULANCE,
    ARRIVE,
    AT_MINUTE,
    CASUALTY,
    CLASS_ARRIVAL,
    CLASS_COMPLETION,
    CLASS_STEP,
    DONE,
    ENTER,
    EXTRA_CAUSES,
    F_CURE_AT_START,
    FAULT_NO_HOSPITAL,
    HOSPITAL,
    IN_STAGE,
    MOST_NEEDS,
    NEED_CHILD,
    NEED_CONTAMINATED,
    OPEN,
    P_CALLIN,
    P_CONTAMINATED,
    P_DELAY,
    P_FIRST_RIDE,
    P_GIVEN,
    P_GIVEN_RACE,
    P_GROUP,
    P_OCCUPANCY,
    P_OCCUPIED_UNIT,
    P_RATE,
    P_REMAINING,
    P_SELF,
    P_TEMPLATE,
    READY,
    RIDING,
    SCENE,
    SPEED_MASK,
    STEP,
    UNREACHED,
    VEHICLE,
    U,
    inner,
)
from .draws import entity_key, noise, probability, replication_key, uniform, value
from .looks import own_row
from .policies import race
from .queues import on_load, take_places, take_whole

LIVE_WAITING, LIVE_RUNNING, LIVE_RIDING = np.arange(1, 4)


@inner
def clear_outcome(m, replication):
    """An empty row of results."""
    out = m.control[0].outcome
    out.replication = replication
    out.casualties = m.par[0].casualties
    out.survivors_q = out.reference_q = out.unlimited_q = 0
    out.dead = out.dead_unreached = out.dead_at_scene = out.dead_riding = out.dead_waiting = out.dead_in_stage = 0
    out.left = out.in_stage = out.waiting = out.riding = out.unreached = 0
    out.arrived = out.alone = out.moved = out.surgical = out.operated = out.beds = out.bed_lane0 = out.events = 0
    out.unscored = out.children = out.children_q = out.children_reference_q = 0
    out.dead_left = out.care_n = out.lived = out.unlimited_lived = 0
    out.care_sum = out.crew_min = 0.0
    out.surgery_min = out.bed_min = out.bed_lane0_min = out.last_at = out.scene_cleared_at = 0.0
    for k in range(m.par[0].kinds + EXTRA_CAUSES):
        out.loss_q[U(k)] = 0


@inner
def clear(m, seed, replication):
    """Empty calendar, queues and counters of one replication; sums over replications stay."""
    control = m.control[0]
    control.rep_key = replication_key(seed, replication)
    control.now = 0.0
    control.sequence = control.queue_no = control.events = control.heap = control.todo = control.fault = control.traced = 0
    control.free = control.day = control.go = control.look = control.clear = control.retag = control.joined = -1
    for k in range(len(m.calendar)):
        m.calendar[U(k)] = -1
    for k in range(len(m.unit)):
        u = m.unit[U(k)]
        u.cap = u.cap0
        u.busy = u.held = u.stay = u.peak = 0
        u.outage = -1
        u.sleepers = u.uppers
        u.saturated_at = -1.0
    for k in range(len(m.queue)):
        q = m.queue[U(k)]
        q.waiting = q.longest = 0
        q.lacks = 0
        q.lack_since = 0.0
        for need in range(MOST_NEEDS):
            q.lacked[U(need)] = 0.0
        for lane in range(4):
            q.head[U(lane)] = -1
            q.tail[U(lane)] = -1
    for s in range(m.sent.shape[0]):
        for lane in range(3):
            for h in range(m.sent.shape[2]):
                m.sent[s, lane, h] = 0


@inner
def begin_sites(m):
    """Sites: draws of call-in pace and of the places occupied at the alert."""
    p = m.par[0]
    control = m.control[0]
    for s in range(p.scenes + p.hospitals):
        site = m.site[U(s)]
        scene = s < p.scenes
        site.key = entity_key(control.rep_key, SCENE if scene else HOSPITAL, site.id)
        site.dirty = 0
        site.nonempty = 0
        site.relook = 0
        site.marked = 0
        site.coming = 0
        site.parked = 0
        site.remaining = 0
        site.opened = 1 if site.open_at <= 0.0 else 0
        site.arrived = 0
        site.peak_load = 0
        for lane in range(3):
            site.load[U(lane)] = 0
        site.callin_pace = 1.0
        if scene:
            continue
        site.callin_pace = noise(p.callin_mu, p.callin_sigma, uniform(site.key, P_CALLIN, 0))
        if site.occupied_share > 0.0:
            share = site.occupied_share * noise(p.occupancy_mu, p.occupancy_sigma, uniform(site.key, P_OCCUPANCY, 0))
            for k in range(p.kinds):
                u = m.unit[U(s * p.kinds + k)]
                if u.occupiable != 0:
                    held = np.int64(share * u.cap0 + uniform(site.key, P_OCCUPIED_UNIT, k))
                    occupy_before(m, s, k, held)


@inner
def occupy_before(m, s, k, held):
    """Patients in units of a kind before the alert: they hold nurses; of both a share is held on, because ordinary arrivals go on."""
    p = m.par[0]
    u = m.unit[U(s * p.kinds + k)]
    stay = np.int64(p.ordinary_share * held + 0.5)
    u.busy += held
    u.held = held - stay
    u.stay = stay
    if p.nurse_kind >= 0:
        nurses = m.unit[U(s * p.kinds + p.nurse_kind)]
        nurses.busy += held * u.watch
        nurses.held += (held - stay) * u.watch
        nurses.stay += stay * u.watch


@inner
def begin_plan(m):
    """What is known beforehand: capacity steps, first rides of ambulances, scenes that open later."""
    p = m.par[0]
    for k in range(len(m.step)):
        w = m.step[U(k)]
        w.done = 0
        w.key = at(m, w.at + w.after * m.site[U(w.site)].callin_pace, CLASS_STEP, STEP, np.int64(k), np.int64(0))
    for k in range(len(m.vehicle)):
        v = m.vehicle[U(k)]
        key = entity_key(m.control[0].rep_key, AMBULANCE, v.id)
        start = m.site[U(v.scene)].open_at
        hour = np.int64(np.floor(p.start_hour + (start + v.leave_min) / 60.0)) % 24
        pace = noise(p.noise_mu, p.noise_sigma, uniform(key, P_FIRST_RIDE, 0))
        arrival = start + max(p.first_crew_min, v.leave_min + v.travel_min * p.hour_factor[U(hour)] * pace)
        m.site[U(v.scene)].coming += 1
        at_seldom(m, arrival, CLASS_ARRIVAL, VEHICLE, np.int64(v.scene), np.int64(0))
    for s in range(p.scenes):
        if m.site[U(s)].opened == 0:
            at_seldom(m, m.site[U(s)].open_at, CLASS_STEP, OPEN, np.int64(s), np.int64(0))


@inner
def clear_body(m, i):
    """Nothing has happened to casualty i yet."""
    c = m.body[U(i)]
    c.body_key = c.check_key = c.done_key = -1
    c.senior = -1
    c.aside = -1
    c.up = c.looks = c.care_open = c.reserved = 0
    c.work = c.care = c.care_from = c.marked_at = 0.0
    c.strength = 1.0
    for k in range(MOST_NEEDS):
        c.took[U(k)] = 0
    c.exposure = c.clock_at = c.soft_until = c.body_at = 0.0
    c.partial = c.protect = c.dose = 1.0
    c.wait_from = c.started_at = c.arrived_at = c.door_at = 0.0
    c.next = c.previous = c.to = c.row = c.place_row = c.on_load = c.dest = c.rejoin = -1
    c.crossing = c.lane = c.rides = c.moved = c.dead = c.alone = c.on_scene = c.operated = c.bedded = c.direct = 0


@inner
def draw_person(m, i):
    """Who casualty i is: group, template, rate, needs; his state is emptied."""
    p = m.par[0]
    c = m.body[U(i)]
    w = m.person[U(i)]
    source = m.source[U(w.source)]
    c.key = entity_key(m.control[0].rep_key, CASUALTY, w.id)
    group = np.int64(w.group)
    if group < 0:
        u = uniform(c.key, P_GROUP, 0)
        group = 0
        total = source.mix[0]
        while group < 3 and u >= total:
            group += 1
            total += source.mix[U(group)]
    c.template = w.template
    if w.template < 0:
        first, last = m.group_at[group], m.group_at[group + 1]
        c.template = m.grouped[first + np.int64(uniform(c.key, P_TEMPLATE, 0) * (last - first))]
    t = m.template[U(c.template)]
    c.rate = noise(p.rate_mu, p.rate_sigma, uniform(c.key, P_RATE, 0))
    c.needs = t.needs & ~NEED_CONTAMINATED
    if source.contaminated > 0.0 and uniform(c.key, P_CONTAMINATED, 0) < source.contaminated:
        c.needs |= NEED_CONTAMINATED
    if (c.needs & NEED_CHILD) != 0:
        c.rate *= p.child_rate
    out = m.control[0].outcome
    if t.surgical != 0:
        out.surgical += 1
    out.unscored += t.unscored
    if (c.needs & NEED_CHILD) != 0 and t.unscored == 0:
        out.children += 1
    c.truth = t.truth
    c.colour = w.colour
    c.resume = w.row
    c.phase = UNREACHED
    clear_body(m, i)
    return group


@inner
def begin_scene_casualty(m, i, group):
    """Injured at the scene's start; reachable after the finding delay, or leaves by himself."""
    c = m.body[U(i)]
    w = m.person[U(i)]
    source = m.source[U(w.source)]
    c.site = source.site
    c.injured_at = source.start_at
    u = uniform(c.key, P_DELAY, 0)
    alone = m.template[U(c.template)].walks != 0 and uniform(c.key, P_SELF, 0) < source.self_share[U(group)]
    if alone:
        c.alone = 1
        m.control[0].outcome.alone += 1
        law = np.int64(source.leave_law)
    else:
        c.on_scene = 1
        m.site[U(c.site)].remaining += 1
        law = np.int64(source.find_law)
    c.resume = -1
    at_seldom(m, source.start_at + value(m, law, u), CLASS_ARRIVAL, READY, i, np.int64(0))


@inner
def begin_given(m, i, previous):
    """A given arrival: its minute and hospital are given, follow from gaps, or from a curve. Returns the minute."""
    c = m.body[U(i)]
    w = m.person[U(i)]
    source = m.source[U(w.source)]
    when = w.at
    if w.timing != AT_MINUTE:
        when = (previous if w.timing == AFTER_GAP else w.at) + value(m, np.int64(source.given_law), uniform(c.key, P_GIVEN, 0))
    c.to = w.site if w.site >= 0 else race(m, np.int64(w.source), c.key, P_GIVEN_RACE)
    if c.to < 0:
        m.control[0].fault = FAULT_NO_HOSPITAL
        c.to = m.par[0].scenes
    c.site = c.to
    c.alone = 1
    c.injured_at = when - w.since_min
    c.phase = RIDING
    at_seldom(m, when, CLASS_ARRIVAL, ARRIVE, i, np.int64(0))
    return when


@inner
def remaining(m, i, law, pace, elapsed):
    """Time that a stage has still to run, given that it has run for some minutes: inversion of the conditional distribution."""
    ended = probability(m, law, elapsed / pace)
    u = uniform(m.body[U(i)].key, P_REMAINING, 0)
    left = value(m, law, min(ended + u * (1.0 - ended), 1.0 - 1e-12)) * pace - elapsed
    return max(0.0, left)


@inner
def begin_live(m, i):
    """A casualty of a live picture: waiting at a row, in a stage for some minutes, or riding; the rest of his story is drawn."""
    c = m.body[U(i)]
    w = m.person[U(i)]
    p = m.par[0]
    c.injured_at = -w.since_min
    c.site = w.site
    c.exposure = w.exposure if w.exposure >= 0.0 else c.rate * m.speed[c.needs & SPEED_MASK] * w.since_min
    t = m.template[U(c.template)]
    while c.crossing < t.crossings and t.cross_at[U(c.crossing)] <= c.exposure and t.cross_to[U(c.crossing)] < 4:
        c.truth = t.cross_to[U(c.crossing)]
        c.crossing += 1
    if w.needs >= 0:
        c.needs = w.needs | (c.needs & NEED_CHILD)
    if w.partial_min > 0.0:
        c.partial = w.partial
        c.soft_until = w.partial_min
    if w.held >= 0:
        c.place_row = own_row(m, i, np.int64(w.held))
        take_places(m, np.int64(w.site), np.int64(m.row[U(c.place_row)].station))
    if w.site < p.scenes:
        c.on_scene = 1
        m.site[U(w.site)].remaining += 1
    else:
        on_load(m, i, np.int64(w.site), np.int64(c.colour if c.colour >= 0 else c.truth))
    if w.live == LIVE_RIDING:
        c.phase = RIDING
        at_seldom(m, w.at, CLASS_ARRIVAL, ARRIVE, i, np.int64(0))
        return
    c.row = own_row(m, i, np.int64(w.row))
    c.resume = -1
    c.senior = m.control[0].queue_no
    m.control[0].queue_no += 1
    if w.live == LIVE_WAITING:
        c.direct = 1
        at_seldom(m, 0.0, CLASS_COMPLETION, ENTER, i, np.int64(0))
    else:
        r = m.row[U(c.row)]
        s, station = np.int64(w.site), np.int64(r.station)
        c.phase = IN_STAGE
        c.started_at = -w.running_min
        take_whole(m, i, s, station)
        if m.station[U(station)].has_place != 0:
            c.place_row = c.row
        c.protect = r.protect
        if (r.traits & F_CURE_AT_START) != 0:
            c.needs = (c.needs & ~r.cures) | r.adds
        pace = m.queue[U(s * p.stations + station)].pace
        c.done_key = at_seldom(m, remaining(m, i, np.int64(r.law), pace, w.running_min), CLASS_COMPLETION, DONE, i, np.int64(0))


@inner
def begin(m, seed, replication):
    """A replication at minute 0. Casualties of a live picture who wait join their queues by events of minute 0, longest wait first."""
    clear(m, seed, replication)
    clear_outcome(m, replication)
    begin_sites(m)
    begin_plan(m)
    out = m.control[0].outcome
    previous = 0.0
    source = np.int64(-1)
    for k in range(m.par[0].casualties):
        i = np.int64(k)
        w = m.person[U(i)]
        group = draw_person(m, i)
        c = m.body[U(i)]
        if w.source != source:
            source = np.int64(w.source)
            previous = m.source[U(source)].start_at
        if w.live != 0:
            begin_live(m, i)
        elif w.given != 0:
            previous = begin_given(m, i, previous)
        else:
            begin_scene_casualty(m, i, group)
        # the clock starts at injury; an injury before minute 0 has its exposure already
        c.clock_at = max(0.0, c.injured_at)
        set_speed(m, i)
        if c.injured_at < 0.0 and w.live == 0:
            c.exposure = -c.injured_at * c.full
        c.q = survival_q(m, i)
        c.charged = c.exposure
        out.reference_q += c.q
        if (c.needs & NEED_CHILD) != 0 and m.template[U(c.template)].unscored == 0:
            out.children_reference_q += c.q
        # who is injured later begins his clock then
        m.control[0].now = c.clock_at
        watch(m, i)
        m.control[0].now = 0.0
