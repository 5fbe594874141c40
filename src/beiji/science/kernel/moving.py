"""Handlers of what moves between sites: casualties who become reachable and arrive, ambulances, transfer crews, capacity."""
import numpy as np

from .calendar import at, at_seldom
from .codes import (
    AMBULANCE,
    ARRIVE,
    BACK,
    BLACK,
    BY_MOVE,
    CHECK,
    CLASS_ARRIVAL,
    CLASS_COMPLETION,
    CLASS_STEP,
    FAULT_NO_HOSPITAL,
    GONE,
    P_CALLED,
    P_CREW_BACK,
    P_RIDE,
    P_SELF_RACE,
    P_WAY_BACK,
    RED,
    RIDING,
    SERVICE,
    STEP,
    STEP_CHANGE,
    STEP_CLEAR,
    STEP_OUTAGE,
    T_ARRIVE,
    T_MOVE,
    T_REACHED,
    T_STEP,
    T_WALK,
    VEHICLE,
    WAITING,
    U,
    inner,
    outlined,
)
from .draws import entity_key, noise, uniform
from .policies import choose_scene, hour_factor, other_hospital, race
from .queues import count_wait, on_load, release, touch_kind, touch_lookers, unjoin_seldom
from .room import goes_on, hand_over, leave_seat, take_seat
from .trace import log
from .waiting import reserve


@inner
def on_ready(m, i):
    """READY: a casualty becomes reachable and proceeds to the scene's first row; or leaves by himself for a hospital drawn by race."""
    c = m.body[U(i)]
    p = m.par[0]
    if c.dead != 0:
        return
    s = np.int64(c.site)
    c.senior = m.control[0].queue_no
    m.control[0].queue_no += 1
    if c.alone == 0:
        log(m, T_REACHED, i, s, -1, c.truth)
        c.row = p.scene_row
        m.control[0].go = i
        return
    h = race(m, np.int64(m.person[U(i)].source), c.key, P_SELF_RACE)
    if h < 0:
        m.control[0].fault = FAULT_NO_HOSPITAL
        return
    log(m, T_WALK, i, s, -1, h)
    on_load(m, i, h, np.int64(c.truth))
    minutes = m.travel[U(s), U(h)] * p.self_factor * noise(p.noise_mu, p.noise_sigma, uniform(c.key, P_RIDE, c.rides))
    c.rides += 1
    c.phase = RIDING
    c.started_at = m.control[0].now
    at(m, m.control[0].now + minutes, CLASS_ARRIVAL, ARRIVE, i, np.int64(0))


@inner
def on_arrive(m, i):
    """ARRIVE: a casualty comes to a hospital: the ambulance starts its hand-over, a crew its way home; the living go on to a row."""
    c = m.body[U(i)]
    p = m.par[0]
    now = m.control[0].now
    origin = np.int64(c.site)
    h = np.int64(c.to)
    if c.moved == 0 and m.site[U(h)].room > 0 and goes_on(m, i, h):
        return
    c.site = h
    c.senior = m.control[0].queue_no
    m.control[0].queue_no += 1
    log(m, T_ARRIVE, i, h, -1, c.moved)
    if c.moved != 0:
        pace = noise(p.noise_mu, p.noise_sigma, uniform(c.key, P_CREW_BACK, c.moved - 1))
        home = now + m.travel[U(h), U(origin)] * hour_factor(m) * pace
        m.control[0].outcome.crew_min += home - c.started_at
        at_seldom(m, home, CLASS_COMPLETION, BACK, origin, np.int64(0))
        if c.reserved != 0:
            c.place_row = c.resume
            c.senior = 0
    else:
        free = m.site[U(h)].room <= 0 or c.dead != 0 or take_seat(m, i, h)
        if c.alone == 0 and free:
            hand_over(m, i, h)
        if c.on_load < 0:
            on_load(m, i, h, np.int64(c.colour if c.colour >= 0 else c.truth))
        m.site[U(h)].arrived += 1
        m.site[U(h)].arrived_lane[U(min(np.int64(c.colour if c.colour >= 0 else c.truth), BLACK))] += 1
        m.control[0].outcome.arrived += 1
        c.door_at = now
        if c.dead == 0 and m.template[U(c.template)].group == RED:
            c.care_open = 1
            c.care_from = now
    c.arrived_at = now
    if c.dead != 0:
        c.phase = GONE
        m.control[0].clear = i
        return
    c.phase = WAITING
    c.direct = 1 if c.resume >= 0 else 0
    c.row = c.resume if c.resume >= 0 else p.hospital_row
    c.resume = -1
    m.control[0].go = i


@outlined
def on_free(m, i, h):
    """FREE: an ambulance has handed over; it sets out for the scene in greatest need, or parks."""
    p = m.par[0]
    s = choose_scene(m)
    if s < 0:
        m.site[U(h)].parked += 1
        return
    m.site[U(s)].coming += 1
    key = m.body[U(i)].key if i >= 0 else entity_key(m.control[0].rep_key, AMBULANCE, m.vehicle[U(-1 - i)].id)
    pace = noise(p.noise_mu, p.noise_sigma, uniform(key, P_WAY_BACK, 0))
    at_seldom(m, m.control[0].now + m.travel[U(h), U(s)] * hour_factor(m) * pace, CLASS_ARRIVAL, VEHICLE, s, np.int64(0))


@outlined
def on_back(m, s):
    """BACK: a transfer crew is home and released."""
    release(m, s, np.int64(m.row[U(m.par[0].transfer_row)].station), SERVICE)


@outlined
def on_vehicle(m, s):
    """VEHICLE: an ambulance reaches a scene: one more ambulance there."""
    m.site[U(s)].coming -= 1
    m.unit[U(s * m.par[0].kinds + m.par[0].ambulance_kind)].cap += 1
    touch_kind(m, s, m.par[0].ambulance_kind)


@outlined
def on_open(m, s):
    """OPEN: a late scene begins: parked ambulances, and idle ones at scenes with nobody left, set out for it."""
    p = m.par[0]
    m.site[U(s)].opened = 1
    ride = np.int64(0)
    for o in range(p.scenes + p.hospitals):
        site = m.site[U(o)]
        going = np.int64(site.parked)
        site.parked = 0
        if o < p.scenes and site.opened != 0 and site.remaining <= 0:
            u = m.unit[U(o * p.kinds + p.ambulance_kind)]
            idle = np.int64(u.cap - u.busy)
            u.cap -= idle
            going += idle
        for _ in range(going):
            pace = noise(p.noise_mu, p.noise_sigma, uniform(m.site[U(s)].key, P_CALLED, ride))
            ride += 1
            m.site[U(s)].coming += 1
            minutes = m.travel[U(o), U(s)] * hour_factor(m) * pace
            at_seldom(m, m.control[0].now + minutes, CLASS_ARRIVAL, VEHICLE, s, np.int64(0))


@outlined
def on_step(m, k):
    """STEP: changes a capacity by the row's amount, gives back occupied places, cuts power or restores it."""
    w = m.step[U(k)]
    w.done = 1
    s = np.int64(w.site)
    u = m.unit[U(s * m.par[0].kinds + w.kind)]
    if w.mode == STEP_CHANGE:
        if u.outage >= 0:
            u.outage += w.amount
        else:
            u.cap += w.amount
    elif w.mode == STEP_CLEAR:
        u.busy -= (u.held * w.part) // 4 - (u.held * (w.part - 1)) // 4
    elif w.mode == STEP_OUTAGE:
        if u.outage < 0:
            u.outage = u.cap
            u.cap = 0
    elif u.outage >= 0:
        u.cap = u.outage
        u.outage = -1
    touch_kind(m, s, np.int64(w.kind))
    touch_lookers(m, s, np.int64(w.kind))
    log(m, T_STEP, -1, s, w.kind, u.cap)


@outlined
def on_send(m, i, h):
    """SEND, a decision, or the outcome of a CHECK: who waits at a transferable row is moved to a hospital; its place is kept for him if it is free."""
    c = m.body[U(i)]
    s, station = np.int64(c.site), np.int64(m.row[U(c.row)].station)
    c.check_key = -1
    if c.seat != 0:
        leave_seat(m, i)
    unjoin_seldom(m, i, s, station)
    count_wait(m, i, s, station, BY_MOVE)
    c.dest = h
    c.resume = c.row
    reserve(m, i, h, station)
    c.row = m.par[0].transfer_row
    log(m, T_MOVE, i, s, station, h)
    m.control[0].go = i


@outlined
def on_check(m, i, key):
    """CHECK: a casualty who still waits at a transferable row looks for another hospital, else waits another spell."""
    c = m.body[U(i)]
    p = m.par[0]
    if c.check_key != key or c.phase != WAITING:
        return
    c.check_key = -1
    station = np.int64(m.row[U(c.row)].station)
    h = other_hospital(m, i, station)
    if h >= 0:
        on_send(m, i, h)
    elif h == -1:
        c.check_key = at_seldom(m, m.control[0].now + p.wait_limit_min, CLASS_ARRIVAL, CHECK, i, np.int64(0))


@outlined
def on_change(m, k, amount):
    """A decision: units opened or closed now at a site; who is in place stays."""
    u = m.unit[U(k)]
    if u.outage >= 0:
        u.outage += amount
    else:
        u.cap += amount
    touch_kind(m, np.int64(k // m.par[0].kinds), np.int64(k % m.par[0].kinds))
    touch_lookers(m, np.int64(k // m.par[0].kinds), np.int64(k % m.par[0].kinds))


@outlined
def on_reschedule(m, s, wave):
    """A decision: declared earlier or later (wave 0: all steps that hang on the declaration are moved by the shift), or a wave called now."""
    control = m.control[0]
    for k in range(len(m.step)):
        w = m.step[U(k)]
        if w.site == s and w.declared != 0 and w.done == 0 and (wave == 0 or w.wave == wave):
            w.at = w.at + control.shift if wave == 0 else control.now
            when = max(control.now, w.at + w.after * m.site[U(s)].callin_pace)
            w.key = at_seldom(m, when, CLASS_STEP, STEP, np.int64(k), np.int64(0))
