"""The engine: event loop, settling, end of a replication; entry points. Order: time, class, sequence."""
import numpy as np

from .beginning import begin
from .body import REACHED, advance, charge_now, watch
from .calendar import at_seldom, next_event, pop_today, recycle
from .codes import (
    ADVANCE,
    ARRIVE,
    BACK,
    BEGIN,
    BIN_MIN,
    BODY,
    BY_HORIZON,
    CHANGE,
    CHECK,
    CLASS_STEP,
    CLOSE,
    DEAD,
    DECIDE,
    DONE,
    ENTER,
    FIRST,
    FREE,
    FUTURE,
    GONE,
    IN_STAGE,
    NEED_CHILD,
    NO_PLACE,
    NOTICE,
    ONE_LIFE,
    ONE_MINUTE,
    OPEN,
    OWN_PLACE,
    P_OUTCOME,
    READY,
    RESCHEDULE,
    RIDING,
    RUN,
    SEND,
    STEP,
    T_TRUTH,
    TAG,
    UNREACHED,
    VEHICLE,
    WAITING,
    U,
    entry,
    inner,
    outlined,
)
from .draws import mix, uniform
from .handle import handle as pointer_to
from .looks import on_first, on_notice, relabel, tag
from .moving import (
    on_arrive,
    on_back,
    on_change,
    on_check,
    on_free,
    on_open,
    on_ready,
    on_reschedule,
    on_send,
    on_step,
    on_vehicle,
)
from .queues import ask, bring, count_wait, fall_short, heads, lowest_bit, off_load, release_places, sleep
from .stages import close_care, count_care, die, on_done, start
from .trace import log
from .waiting import keep_waiting, proceed


@inner
def on_body(m, i, key):
    """BODY: the exposure reaches a crossing: truth changes and the tag follows, or he dies."""
    c = m.body[U(i)]
    if c.body_key != key:
        return
    c.body_key = -1
    advance(m, i)
    t = m.template[U(c.template)]
    if c.exposure >= t.cross_at[U(c.crossing)] - REACHED:
        c.truth = t.cross_to[U(c.crossing)]
        c.crossing += 1
        if c.truth == DEAD:
            die(m, i)
            return
        log(m, T_TRUTH, i, c.site, -1, c.truth)
        relabel(m, i)
    m.control[0].look = i


@inner
def first_lane(m, s, station):
    """The lane of a station's head; somebody waits there."""
    q = m.queue[U(s * m.par[0].stations + station)]
    lane = np.int64(0)
    while q.head[U(lane)] < 0:
        lane += 1
    return lane


@inner
def best_head(m, s, ready):
    """Among the stations of a mask, the one whose head is served first: by lane, then queue number, which rises with queued at."""
    chosen = lowest_bit(ready)
    ready &= ready - 1
    if ready == 0:
        return chosen
    lane_best = first_lane(m, s, chosen)
    number = m.body[U(m.queue[U(s * m.par[0].stations + chosen)].head[U(lane_best)])].queue_no
    while ready != 0:
        station = lowest_bit(ready)
        ready &= ready - 1
        lane = first_lane(m, s, station)
        if lane <= lane_best:
            no = m.body[U(m.queue[U(s * m.par[0].stations + station)].head[U(lane)])].queue_no
            if lane < lane_best or no < number:
                chosen, lane_best, number = station, lane, no
    return chosen


@inner
def refuse(m, s, station):
    """The head does not fit: its station sleeps until something changes. What it lacks is noted; the first minute of it is the kind's saturation minute."""
    control = m.control[0]
    site = m.site[U(s)]
    bit = np.int64(1) << station
    site.dirty &= ~bit
    site.relook &= ~bit
    w = m.station[U(station)]
    q = m.queue[U(s * m.par[0].stations + station)]
    if w.own != station or control.lacks == q.lacks:
        return
    sleep(m, s, station, np.int64(control.lacks))
    bring(m, s, station)
    q.lacks = control.lacks
    for k in range(w.count):
        if (q.lacks >> k) & 1:
            fall_short(m, s, np.int64(w.kind[U(k)]))


@inner
def improves(m, i, s, station, place):
    """Would more people, or his own place with no fewer, come to a casualty in care by fewer? His own people count as idle for the question."""
    c = m.body[U(i)]
    w = m.station[U(station)]
    kinds = m.par[0].kinds
    for k in range(w.count):
        m.unit[U(s * kinds + w.kind[U(k)])].busy -= c.took[U(k)]
    team = heads(m, s, station) / w.team
    for k in range(w.count):
        m.unit[U(s * kinds + w.kind[U(k)])].busy += c.took[U(k)]
    return team > c.strength + 1e-9 or (place == OWN_PLACE and c.aside >= 0 and team >= c.strength - 1e-9)


@inner
def grant(m, s, station):
    """Start the station's head if he fits; else False."""
    i = np.int64(m.queue[U(s * m.par[0].stations + station)].head[U(first_lane(m, s, station))])
    control = m.control[0]
    base = np.int64(m.station[U(station)].own)
    ask(m, i, s, base)
    if base == station:
        if control.lacks != 0:
            return False
    elif control.place == NO_PLACE or not improves(m, i, s, base, np.int64(control.place)):
        return False
    start(m, i, s, station, np.int64(control.place))
    return True


@inner
def settle(m):
    """The one place that grants: every touched site starts all heads that fit, best first; then what those lack is looked at whose kinds were taken."""
    control = m.control[0]
    k = np.int64(0)
    while k < control.todo:
        s = np.int64(m.todo[U(k)])
        site = m.site[U(s)]
        while True:
            ready = site.dirty & site.nonempty
            if ready != 0:
                station = best_head(m, s, ready)
            else:
                ready = site.relook & site.nonempty
                if ready == 0:
                    break
                station = lowest_bit(ready)
            if not grant(m, s, station):
                refuse(m, s, station)
        site.dirty = 0
        site.relook = 0
        site.marked = 0
        k += 1
    control.todo = 0


@inner
def handle(m, kind, who, aux, key):
    """One event, one handler."""
    if kind == DONE:
        if m.body[U(who)].done_key == key:
            on_done(m, who)
    elif kind == BODY:
        on_body(m, who, key)
    elif kind == ARRIVE:
        on_arrive(m, who)
    elif kind == READY:
        on_ready(m, who)
    elif kind == STEP:
        if m.step[U(who)].key == key:
            on_step(m, who)
    elif kind == FREE:
        on_free(m, who, aux)
    elif kind == VEHICLE:
        on_vehicle(m, who)
    elif kind == CHECK:
        on_check(m, who, key)
    elif kind == BACK:
        on_back(m, who)
    elif kind == OPEN:
        on_open(m, who)
    elif kind == ENTER:
        pass                     # all of a live picture stand in their queues: what follows is settling
    elif kind == CHANGE:
        on_change(m, who, aux)
    elif kind == TAG:
        if m.body[U(who)].dead == 0 and m.body[U(who)].phase != GONE:
            m.control[0].retag = who
            m.control[0].retag_to = aux
    elif kind == SEND:
        on_send(m, who, aux)
    elif kind == FIRST:
        on_first(m, who)
    elif kind == NOTICE:
        on_notice(m, who)
    elif kind == RESCHEDULE:
        on_reschedule(m, who, aux)


@outlined
def end(m):
    """The horizon: last charges, waits that did not end, survivors; sums over replications."""
    p = m.par[0]
    out = m.control[0].outcome
    for k in range(p.casualties):
        i = np.int64(k)
        c = m.body[U(i)]
        if c.dead == 0:
            charge_now(m, i)
            if c.phase == IN_STAGE:
                count_care(m, i)
            close_care(m, i)
        if c.phase == WAITING:
            out.waiting += 1
            count_wait(m, i, np.int64(c.site), np.int64(m.row[U(c.row)].station), BY_HORIZON)
        elif c.dead == 0:
            if c.phase == IN_STAGE:
                out.in_stage += 1
            elif c.phase == RIDING:
                out.riding += 1
            elif c.phase == UNREACHED:
                out.unreached += 1
        out.survivors_q += c.q
        if m.template[U(c.template)].unscored == 0:
            group = np.int64(m.template[U(c.template)].group)
            out.group_n[U(group)] += 1
            out.group_q[U(group)] += c.q
        if (c.needs & NEED_CHILD) != 0 and m.template[U(c.template)].unscored == 0:
            out.children_q += c.q
        if uniform(c.key, P_OUTCOME, 0) * ONE_LIFE < np.float64(c.q):
            out.lived += 1
    for s in range(p.scenes + p.hospitals):
        site = m.site[U(s)]
        site.arrived_total += site.arrived
        site.arrived_squares += site.arrived * site.arrived
        site.peak_load_total += site.peak_load
    for k in range(len(m.unit)):
        u = m.unit[U(k)]
        u.peak_total += u.peak
        if u.saturated_at >= 0.0:
            u.saturated_n += 1
            u.saturated_q += np.int64(u.saturated_at * ONE_MINUTE + 0.5)
            m.histogram[U(k), U(min(np.int64(u.saturated_at / BIN_MIN), m.histogram.shape[1] - 1))] += 1
    for k in range(len(m.queue)):
        m.queue[U(k)].longest_total += m.queue[U(k)].longest


@outlined
def new_future(m, number):
    """Same past, new draws for all that is not yet drawn: every entity's key is hashed anew."""
    stamp = mix(m.control[0].rep_key + np.uint64(number + 1))
    for i in range(m.par[0].casualties):
        m.body[U(i)].key = mix(m.body[U(i)].key ^ stamp)
    for s in range(len(m.site)):
        m.site[U(s)].key = mix(m.site[U(s)].key ^ stamp)


@inner
def take_event(m, e):
    """Take the next event off the calendar and make its minute the present one."""
    control = m.control[0]
    pop_today(m.event, m.heap, m.control)
    control.now = m.event[U(e)].at
    recycle(m, e)
    control.outcome.events += 1
    control.outcome.last_at = control.now
    control.go = control.look = control.clear = control.retag = control.joined = -1


@entry
def command(sim, action, a, b, c, x, out):
    """The one entry point, so that the machine code exists once. Returns the fault code, 0 when all is well.

    RUN: len(out) replications of seed a from number b, a row each. BEGIN: seed a, number b, at minute 0. ADVANCE: to minute x. DECIDE: event
    kind a for b with c, shift x, at now. CLOSE: the end, its row in out. FUTURE: new draws, number a.
    """
    m = pointer_to(sim)
    control = m.control[0]
    until = m.par[0].horizon if action == RUN else x
    if action == DECIDE:
        control.shift = x
        until = control.now
        at_seldom(m, control.now, CLASS_STEP, a, b, c)
    elif action == FUTURE:
        new_future(m, a)
    for k in range(len(out) if action == RUN else 1):
        if action in (RUN, BEGIN):
            begin(m, a, b + k)
        while action in (RUN, ADVANCE, DECIDE) and control.fault == 0:
            e = next_event(m)
            if e < 0 or m.event[U(e)].at > until:
                control.now = max(control.now, until)
                break
            v = m.event[U(e)]
            kind, who, aux, key = np.int64(v.kind), np.int64(v.who), np.int64(v.aux), np.int64(v.key)
            take_event(m, e)
            if kind in (DONE, ARRIVE, READY, TAG, BODY, CHECK, NOTICE, SEND, FIRST) and m.body[U(who)].dead == 0:
                charge_now(m, who)
            handle(m, kind, who, aux, key)
            if control.retag >= 0:
                tag(m, np.int64(control.retag), np.int64(control.retag_to))
            if control.go >= 0:
                proceed(m, np.int64(control.go))
            if control.clear >= 0:
                release_places(m, np.int64(control.clear))
                off_load(m, np.int64(control.clear))
            if control.look >= 0:
                watch(m, np.int64(control.look))
            settle(m)
            if control.joined >= 0:
                keep_waiting(m, np.int64(control.joined))
        if control.fault != 0:
            return control.fault
        if action in (RUN, CLOSE):
            end(m)
            out[k] = control.outcome
    return control.fault
