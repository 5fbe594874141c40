"""The start of a replication: what is drawn at minute 0 and what is scheduled, in the order that fixes the sequence numbers."""
import numpy as np

from .body import set_speed, survival_q, watch
from .calendar import at_seldom
from .codes import (
    AFTER_GAP,
    AMBULANCE,
    ARRIVE,
    AT_MINUTE,
    CASUALTY,
    CLASS_ARRIVAL,
    CLASS_COMPLETION,
    CLASS_STEP,
    ENTER,
    EXTRA_CAUSES,
    FAULT_NO_HOSPITAL,
    HOSPITAL,
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
    P_SELF,
    P_TEMPLATE,
    READY,
    RIDING,
    SCENE,
    STEP,
    UNREACHED,
    VEHICLE,
    U,
    inner,
    outlined,
)
from .draws import entity_key, later, noise, noise_over, replication_key, uniform
from .live import FLEET_FIRST, begin_live, begin_rounds, begin_vehicle, leaves_alone, stand
from .moving import on_step
from .policies import race


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
    out.turned_away = out.held_vehicles = 0
    for group in range(4):
        out.group_n[U(group)] = out.group_q[U(group)] = 0
    out.dead_left = out.care_n = out.lived = out.unlimited_lived = 0
    out.care_sum = out.crew_min = 0.0
    out.surgery_min = out.bed_min = out.bed_lane0_min = out.last_at = out.scene_cleared_at = 0.0
    for k in range(m.par[0].kinds + EXTRA_CAUSES):
        out.loss_q[U(k)] = 0


@outlined
def clear(m, seed, replication):
    """Empty calendar, queues and counters of one replication; sums over replications stay."""
    control = m.control[0]
    control.rep_key = replication_key(seed, replication)
    control.now = m.par[0].clock
    control.sequence = control.queue_no = control.events = control.heap = control.todo = control.fault = control.traced = 0
    control.free = control.day = control.go = control.look = control.clear = control.retag = control.joined = -1
    for k in range(len(m.calendar)):
        m.calendar[U(k)] = -1
    for k in range(len(m.unit)):
        u = m.unit[U(k)]
        u.cap = u.cap0
        u.busy = u.busy0
        u.held = u.held0
        u.stay = u.busy0 - u.held0
        u.peak = 0
        u.outage = u.outage0
        u.sleepers = u.uppers
        u.saturated_at = -1.0
    for k in range(len(m.queue)):
        q = m.queue[U(k)]
        q.waiting = q.longest = 0
        q.lacks = 0
        q.lack_since = control.now
        for need in range(MOST_NEEDS):
            q.lacked[U(need)] = 0.0
        for lane in range(4):
            q.head[U(lane)] = -1
            q.tail[U(lane)] = -1
    for s in range(m.sent.shape[0]):
        for lane in range(3):
            for h in range(m.sent.shape[2]):
                m.sent[s, lane, h] = m.sent0[s, lane, h]


@outlined
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
        site.remaining = site.seated = site.outside = 0
        site.opened = 1 if site.open_at <= p.clock else 0
        site.arrived = 0
        site.peak_load = 0
        for lane in range(3):
            site.load[U(lane)] = 0
        site.callin_pace = 1.0
        if scene:
            continue
        site.callin_pace = site.pace0
        if site.pace0 <= 0.0:
            site.callin_pace = noise_over(p.callin_mu, p.callin_sigma, uniform(site.key, P_CALLIN, 0), site.pace_over)
        if site.occupied_share > 0.0 and site.live == 0:
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


@outlined
def past_step(m, k):
    """A step before the clock of a live picture has been taken; where its kind is known by count, it is in the count."""
    w = m.step[U(k)]
    if w.known == 0:
        on_step(m, k)
    w.done = 1
    w.key = -1


@outlined
def begin_plan(m):
    """What is known beforehand: capacity steps, first rides of ambulances, scenes that open later."""
    p = m.par[0]
    for k in range(len(m.step)):
        w = m.step[U(k)]
        w.done = 0
        when = w.at + w.after * m.site[U(w.site)].callin_pace
        if p.clock > 0.0 and when <= p.clock:
            past_step(m, k)
        else:
            w.key = at_seldom(m, when, CLASS_STEP, STEP, np.int64(k), np.int64(0))
    for k in range(len(m.vehicle)):
        v = m.vehicle[U(k)]
        if v.state != FLEET_FIRST:
            begin_vehicle(m, np.int64(k))
            continue
        key = entity_key(m.control[0].rep_key, AMBULANCE, v.id)
        start = m.site[U(v.scene)].open_at
        leave = max(p.clock, start + v.leave_min)
        hour = np.int64(np.floor(p.start_hour + leave / 60.0)) % 24
        pace = noise(p.noise_mu, p.noise_sigma, uniform(key, P_FIRST_RIDE, 0))
        arrival = max(start + p.first_crew_min, leave + v.travel_min * p.hour_factor[U(hour)] * pace)
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
    c.seat = c.turned = 0
    c.work = c.spent = c.care = c.care_from = c.marked_at = 0.0
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
    waited = max(0.0, m.par[0].clock - source.start_at)
    if m.template[U(c.template)].walks != 0 and leaves_alone(m, source, np.int64(group), waited, uniform(c.key, P_SELF, 0)) != 0:
        c.alone = 1
        m.control[0].outcome.alone += 1
        law = np.int64(source.leave_law)
    else:
        c.on_scene = 1
        m.site[U(c.site)].remaining += 1
        law = np.int64(source.find_law)
    c.resume = -1
    at_seldom(m, source.start_at + later(m, law, u, waited), CLASS_ARRIVAL, READY, i, np.int64(0))


@outlined
def begin_given(m, i, previous):
    """A given arrival: its minute and hospital are given, follow from gaps, or from a curve. Returns the minute."""
    c = m.body[U(i)]
    w = m.person[U(i)]
    source = m.source[U(w.source)]
    when = w.at
    if w.timing != AT_MINUTE:
        begun = previous if w.timing == AFTER_GAP else w.at
        when = begun + later(m, np.int64(source.given_law), uniform(c.key, P_GIVEN, 0), max(0.0, m.par[0].clock - begun))
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
def begin(m, seed, replication):
    """A replication at minute 0, or at the clock of a live picture: then all of it stands in its queues before anybody is served."""
    clear(m, seed, replication)
    clear_outcome(m, replication)
    begin_sites(m)
    begin_plan(m)
    out = m.control[0].outcome
    previous = 0.0
    clock = m.par[0].clock
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
        c.clock_at = max(clock, c.injured_at)
        set_speed(m, i)
        if c.injured_at < clock and w.live == 0:
            c.exposure = (clock - c.injured_at) * c.full
        c.q = survival_q(m, i)
        c.charged = c.exposure
        out.reference_q += c.q
        if (c.needs & NEED_CHILD) != 0 and m.template[U(c.template)].unscored == 0:
            out.children_reference_q += c.q
        # who is injured later begins his clock then
        m.control[0].now = c.clock_at
        watch(m, i)
        m.control[0].now = clock
    if len(m.live) > 0:
        for k in range(len(m.live)):
            stand(m, m.par[0].live_first + k)
            begin_rounds(m, m.par[0].live_first + k)
        at_seldom(m, clock, CLASS_COMPLETION, ENTER, np.int64(0), np.int64(0))
