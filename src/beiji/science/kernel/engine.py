"""The engine: event loop, settling, end of a replication; entry points. Order: time, class, sequence."""
import math

import numpy as np

from .beginning import LIVE_WAITING, begin
from .body import REACHED, advance, cause_now, charge, charged_site, watch
from .calendar import next_event, pop_today, recycle
from .codes import (
    ARRIVE,
    BACK,
    BIN_MIN,
    BODY,
    BY_HORIZON,
    CHECK,
    DEAD,
    DONE,
    FREE,
    GONE,
    IN_STAGE,
    ONE_MINUTE,
    OPEN,
    READY,
    RIDING,
    STEP,
    T_TRUTH,
    UNREACHED,
    VEHICLE,
    WAITING,
    called,
    entry,
    inner,
)
from .draws import mix
from .moving import on_arrive, on_back, on_check, on_free, on_open, on_ready, on_step, on_vehicle
from .queues import count_wait, refusal
from .stages import die, log, on_done, proceed, relabel, start


@inner
def on_body(m, i, key):
    """BODY: the exposure reaches a crossing: truth changes and the tag follows, or he dies."""
    c = m.body[i]
    if c.body_key != key:
        return
    c.body_key = -1
    advance(m, i)
    t = m.template[c.template]
    if c.exposure >= t.cross_at[c.crossing] - REACHED:
        c.truth = t.cross_to[c.crossing]
        c.crossing += 1
        if c.truth == DEAD:
            die(m, i)
            return
        log(m, T_TRUTH, i, c.site, -1, c.truth)
        relabel(m, i)
    m.control[0].look = i


@inner
def best_head(m, s, ready):
    """Among the stations of a mask, the one whose head is served first: by lane, queued at, queue number."""
    p = m.par[0]
    chosen, lane_best, queued, number = np.int64(-1), np.int64(9), math.inf, np.int64(0)
    for station in range(p.stations):
        if (ready >> station) & 1 == 0:
            continue
        q = m.queue[s * p.stations + station]
        lane = np.int64(0)
        while q.head[lane] < 0:
            lane += 1
        c = m.body[q.head[lane]]
        if lane < lane_best or (lane == lane_best and (c.queued_at < queued or (c.queued_at == queued and c.queue_no < number))):
            chosen, lane_best, queued, number = np.int64(station), lane, c.queued_at, np.int64(c.queue_no)
    return chosen


@inner
def refuse(m, s, station, kind):
    """The head does not fit: its station sleeps until something changes; the first refusal is the kind's saturation minute."""
    m.site[s].dirty &= ~(np.int64(1) << station)
    m.queue[s * m.par[0].stations + station].lacks = kind
    u = m.unit[s * m.par[0].kinds + kind]
    if u.saturated_at < 0.0:
        u.saturated_at = m.control[0].now


@inner
def settle(m):
    """The one place that grants: every touched site starts all heads that fit, best first."""
    control = m.control[0]
    k = np.int64(0)
    while k < control.todo:
        s = np.int64(m.todo[k])
        site = m.site[s]
        while True:
            ready = site.dirty & site.nonempty
            if ready == 0:
                break
            station = best_head(m, s, ready)
            kind = refusal(m, s, station)
            if kind >= 0:
                refuse(m, s, station, kind)
                continue
            q = m.queue[s * m.par[0].stations + station]
            lane = np.int64(0)
            while q.head[lane] < 0:
                lane += 1
            start(m, np.int64(q.head[lane]), s, station)
        site.dirty = 0
        site.marked = 0
        k += 1
    control.todo = 0


@inner
def handle(m, kind, who, aux, key):
    """One event, one handler."""
    if kind == DONE:
        on_done(m, who)
    elif kind == BODY:
        on_body(m, who, key)
    elif kind == ARRIVE:
        on_arrive(m, who)
    elif kind == READY:
        on_ready(m, who)
    elif kind == STEP:
        if m.step[who].key == key:
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


@called
def run_to(m, until):
    """Process every event up to a minute; call again to go on (step mode)."""
    control = m.control[0]
    while control.fault == 0:
        e = next_event(m)
        if e < 0 or m.event[e].at > until:
            break
        pop_today(m)
        v = m.event[e]
        kind, who, aux, key = np.int64(v.kind), np.int64(v.who), np.int64(v.aux), np.int64(v.key)
        control.now = v.at
        recycle(m, e)
        control.outcome.events += 1
        control.outcome.last_at = control.now
        control.go = -1
        control.look = -1
        handle(m, kind, who, aux, key)
        if control.go >= 0:
            proceed(m, np.int64(control.go))
        if control.look >= 0:
            watch(m, np.int64(control.look))
        settle(m)
    control.now = max(control.now, until)


@called
def begin_run(m, seed, replication):
    """Start a replication; casualties of a live picture who wait join their queues, longest wait first."""
    begin(m, seed, replication)
    if m.control[0].live != 0:
        for i in range(m.par[0].casualties):
            if m.person[i].live == LIVE_WAITING:
                proceed(m, np.int64(i))
                watch(m, np.int64(i))
        settle(m)


@called
def end(m):
    """The horizon: last charges, waits that did not end, survivors; sums over replications."""
    p = m.par[0]
    out = m.control[0].outcome
    for k in range(p.casualties):
        i = np.int64(k)
        c = m.body[i]
        if c.phase != GONE and c.dead == 0:
            charge(m, i, charged_site(m, i), cause_now(m, i))
        if c.phase == WAITING:
            out.waiting += 1
            count_wait(m, i, np.int64(c.site), np.int64(m.row[c.row].station), BY_HORIZON)
        elif c.dead == 0:
            if c.phase == IN_STAGE:
                out.in_stage += 1
            elif c.phase == RIDING:
                out.riding += 1
            elif c.phase == UNREACHED:
                out.unreached += 1
        out.survivors_q += c.q
    for s in range(p.scenes + p.hospitals):
        site = m.site[s]
        site.arrived_total += site.arrived
        site.arrived_squares += site.arrived * site.arrived
        site.peak_load_total += site.peak_load
    for k in range(len(m.unit)):
        u = m.unit[k]
        u.peak_total += u.peak
        if u.saturated_at >= 0.0:
            u.saturated_n += 1
            u.saturated_q += np.int64(u.saturated_at * ONE_MINUTE + 0.5)
            m.histogram[k, min(np.int64(u.saturated_at / BIN_MIN), m.histogram.shape[1] - 1)] += 1
    for k in range(len(m.queue)):
        m.queue[k].longest_total += m.queue[k].longest


@entry
def run_replications(m, seed, first, out):
    """Run len(out) replications from number `first`; a row of results each. Returns the fault code, 0 when all is well."""
    for k in range(len(out)):
        begin_run(m, seed, first + k)
        run_to(m, m.par[0].horizon)
        if m.control[0].fault != 0:
            return m.control[0].fault
        end(m)
        out[k] = m.control[0].outcome
    return m.control[0].fault


@entry
def open_session(m, seed, replication):
    """Step mode: put a replication at minute 0."""
    begin_run(m, seed, replication)


@entry
def advance_session(m, until):
    """Step mode: process every event up to a minute."""
    run_to(m, until)


@entry
def close_session(m):
    """Step mode: the end; the state is not to be advanced any further."""
    end(m)


@entry
def settle_session(m):
    """Step mode: after a decision has changed capacities or queues, grant what fits."""
    settle(m)


@entry
def new_future(m, number):
    """Step mode: same past, new draws for all that is not yet drawn: every entity's key is hashed anew."""
    stamp = mix(m.control[0].rep_key + np.uint64(number + 1))
    for i in range(m.par[0].casualties):
        m.body[i].key = mix(m.body[i].key ^ stamp)
    for s in range(len(m.site)):
        m.site[s].key = mix(m.site[s].key ^ stamp)
