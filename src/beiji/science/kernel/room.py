"""The waiting room of a hospital: who finds it full goes on if he came on foot, and waits in the vehicle if he was brought."""
import math

import numpy as np

from .calendar import at_seldom
from .codes import (
    ARRIVE,
    BLACK,
    CLASS_ARRIVAL,
    CLASS_COMPLETION,
    FREE,
    IN_VEHICLE,
    NO_SEAT,
    P_HAND_OVER,
    P_RIDE,
    RIDING,
    SEATED,
    T_WALK,
    U,
    outlined,
)
from .draws import noise, uniform, value
from .queues import off_load, on_load
from .trace import log


@outlined
def hand_over(m, i, h):
    """The ambulance that brought casualty i begins its hand-over."""
    length = value(m, m.par[0].hand_over_law, uniform(m.body[U(i)].key, P_HAND_OVER, 0))
    at_seldom(m, m.control[0].now + length, CLASS_COMPLETION, FREE, i, h)


@outlined
def room_elsewhere(m, i, here):
    """The nearest other hospital that takes his colour and has a seat, or -1."""
    p = m.par[0]
    c = m.body[U(i)]
    lane = np.int64(c.truth if c.truth < BLACK else 0)
    best, chosen = math.inf, np.int64(-1)
    for h in range(p.scenes, p.scenes + p.hospitals):
        site = m.site[U(h)]
        minutes = m.travel[U(here), U(h)]
        if h != here and minutes < best and (site.accepts >> lane) & 1 and (site.room <= 0 or site.seated < site.room):
            best, chosen = minutes, np.int64(h)
    return chosen


@outlined
def goes_on(m, i, h):
    """Who came on foot to a full waiting room goes on to the nearest hospital with a seat, once; is there none, he stands."""
    c = m.body[U(i)]
    p = m.par[0]
    site = m.site[U(h)]
    if c.alone == 0 or c.turned != 0 or c.dead != 0 or site.seated < site.room:
        return False
    other = room_elsewhere(m, i, h)
    if other < 0:
        return False
    c.turned = 1
    m.control[0].outcome.turned_away += 1
    log(m, T_WALK, i, h, -1, other)
    off_load(m, i)
    on_load(m, i, other, np.int64(c.truth if c.truth < BLACK else 0))
    minutes = m.travel[U(h), U(other)] * p.self_factor * noise(p.noise_mu, p.noise_sigma, uniform(c.key, P_RIDE, c.rides))
    c.rides += 1
    c.site = h
    c.phase = RIDING
    c.started_at = m.control[0].now
    at_seldom(m, m.control[0].now + minutes, CLASS_ARRIVAL, ARRIVE, i, np.int64(0))
    return True


@outlined
def take_seat(m, i, h):
    """He sits down in the waiting room, or, brought to a full one, stays in the vehicle. Is the vehicle free?"""
    c = m.body[U(i)]
    site = m.site[U(h)]
    if c.alone == 0 and site.seated >= site.room:
        c.seat = IN_VEHICLE
        site.outside += 1
        m.control[0].outcome.held_vehicles += 1
        return False
    c.seat = SEATED
    site.seated += 1
    return True


@outlined
def leave_seat(m, i):
    """He is called in, moved, or gone: his seat is for who has been longest in a vehicle before the door."""
    c = m.body[U(i)]
    h = np.int64(c.site)
    site = m.site[U(h)]
    if c.seat == IN_VEHICLE:
        site.outside -= 1
        hand_over(m, i, h)
    else:
        site.seated -= 1
    c.seat = NO_SEAT
    while site.outside > 0 and site.seated < site.room:
        first = np.int64(-1)
        for j in range(m.par[0].casualties):
            b = m.body[U(j)]
            if b.seat == IN_VEHICLE and b.site == h and (first < 0 or b.senior < m.body[U(first)].senior):
                first = np.int64(j)
        m.body[U(first)].seat = SEATED
        site.outside -= 1
        site.seated += 1
        hand_over(m, first, h)
