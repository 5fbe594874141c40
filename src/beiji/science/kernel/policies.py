"""Choosing a hospital and a scene. Least cost wins, ties go to the lower site: sites are sorted by code."""
import math

import numpy as np

from .codes import (
    CHILDREN_ONLY,
    CONCENTRATE,
    GREEN,
    NEAREST,
    NEED_CHILD,
    P_POLICY_RACE,
    PROPORTIONAL,
    SPREAD,
    TABLE,
    U,
    called,
    inner,
    outlined,
)
from .draws import uniform


@inner
def hour_factor(m):
    """Travel-time factor of the present hour of the day."""
    hour = np.int64(math.floor(m.par[0].start_hour + m.control[0].now / 60.0)) % 24
    return m.par[0].hour_factor[U(hour)]


@inner
def takes(m, i, h, lane):
    """Does hospital h take casualty i in this lane? Some take children in colours in which they take no adult."""
    accepts = np.int64(m.site[U(h)].accepts)
    if (m.body[U(i)].needs & NEED_CHILD) != 0:
        accepts |= accepts >> CHILDREN_ONLY
    return (accepts >> lane) & 1 != 0


@inner
def detour(m, i, h, lane):
    """Minutes that count against a hospital without what a child or a burned casualty, red or yellow, wants: paediatric teams, burn beds."""
    wanted = np.int64(m.body[U(i)].needs) & m.site[U(h)].without
    if wanted == 0 or lane == GREEN:
        return 0.0
    return m.par[0].special_min if wanted & (wanted - 1) == 0 else 2.0 * m.par[0].special_min


@inner
def cost(m, i, scene, h, lane, minutes):
    """Cost of sending casualty i to hospital h; negative when h is no candidate."""
    p = m.par[0]
    site = m.site[U(h)]
    if p.policy == NEAREST:
        return minutes
    if p.policy == PROPORTIONAL:
        weight = site.weight[U(lane)]
        return -math.log(uniform(m.body[U(i)].key, P_POLICY_RACE, site.id)) / weight if weight > 0.0 else -1.0
    load = np.float64(site.load[U(lane)])
    capacity = np.float64(max(1, m.unit[U(h * p.kinds + p.front_kind[U(lane)])].cap))
    protect = p.protect_min if site.level == p.top_level else 0.0
    minutes += detour(m, i, h, lane)
    if p.policy == SPREAD:
        return minutes + p.spread_weight_min * load / capacity + (protect if lane != 0 else 0.0)
    if p.policy == CONCENTRATE:
        if lane == GREEN:
            return minutes + protect
        full = 1000.0 if load >= p.overflow * capacity else 0.0
        return 1000.0 * (p.top_level - site.level) + full + minutes + p.spread_weight_min * max(0.0, load - capacity) / capacity
    plan = m.plan[scene, lane, h - p.scenes]
    sent = np.float64(m.sent[scene, lane, h - p.scenes])
    if plan < 0.0:
        return -1.0
    if p.policy == TABLE:
        return plan + (1000.0 if sent >= m.quota[scene, lane, h - p.scenes] else 0.0)
    return (sent + 1.0) / plan if plan > 0.0 else -1.0


@inner
def choose_hospital(m, i, scene, lane):
    """The hospital for a casualty who departs from a scene; -1 if none can be reached."""
    p = m.par[0]
    factor = hour_factor(m)
    best, nearest = math.inf, math.inf
    chosen, fallback = np.int64(-1), np.int64(-1)
    for h in range(p.scenes, p.scenes + p.hospitals):
        minutes = m.travel[U(scene), U(h)] * factor
        if not minutes < math.inf:
            continue
        if minutes < nearest:
            nearest, fallback = minutes, np.int64(h)
        if takes(m, i, h, lane):
            c = cost(m, i, scene, h, lane, minutes)
            if 0.0 <= c < best:
                best, chosen = c, np.int64(h)
    return chosen if chosen >= 0 else fallback


@called
def race(m, source, key, purpose):
    """Exponential race over the hospitals with the weights of a source; -1 if there is none."""
    p = m.par[0]
    best, chosen = math.inf, np.int64(-1)
    for h in range(p.hospitals):
        weight = m.race[source, h]
        if weight > 0.0:
            x = -math.log(uniform(key, purpose, m.site[U(p.scenes + h)].id)) / weight
            if x < best:
                best, chosen = x, np.int64(p.scenes + h)
    return chosen


@inner
def choose_scene(m):
    """The open scene in greatest need of ambulances, or -1 when nobody is left anywhere."""
    p = m.par[0]
    best, chosen = np.int64(-(2 ** 40)), np.int64(-1)
    for s in range(p.scenes):
        site = m.site[U(s)]
        if site.opened == 0 or site.remaining <= 0:
            continue
        u = m.unit[U(s * p.kinds + p.ambulance_kind)]
        need = np.int64(m.queue[U(s * p.stations + p.load_station)].waiting) - site.coming - (u.cap - u.busy)
        if need > best:
            best, chosen = need, np.int64(s)
    return chosen


@inner
def lending_scene(m, s):
    """Another scene with most idle ambulances where nobody waits for one, or -1."""
    p = m.par[0]
    best, chosen = np.int64(0), np.int64(-1)
    for o in range(p.scenes):
        if o == s or m.queue[U(o * p.stations + p.load_station)].waiting > 0:
            continue
        u = m.unit[U(o * p.kinds + p.ambulance_kind)]
        if u.cap - u.busy > best:
            best, chosen = np.int64(u.cap - u.busy), np.int64(o)
    return chosen


@outlined
def free_at(par, station_rows, queue, unit, h, station):
    """Is a station free at a hospital at this moment: nobody waits, and all that it needs is there?"""
    p = par[0]
    w = station_rows[U(station)]
    q = queue[U(h * p.stations + station)]
    free = q.possible != 0 and q.waiting == 0
    for k in range(w.count):
        u = unit[U(h * p.kinds + w.kind[U(k)])]
        if u.busy + w.units[U(k)] > u.cap:
            free = False
    return free


@inner
def free_now(m, h, station):
    """The same."""
    return free_at(m.par, m.station, m.queue, m.unit, h, station)


@called
def other_hospital(m, i, station):
    """Where a casualty who cannot go on here may be moved: free now and nearest, or possible if impossible here; -1 wait on, -2 never."""
    p = m.par[0]
    c = m.body[U(i)]
    here = np.int64(c.site)
    if m.queue[U(here * p.stations + p.move_station)].possible == 0:
        return np.int64(-2)
    must = m.queue[U(here * p.stations + station)].possible == 0
    lane = np.int64(c.colour if 0 <= c.colour < 3 else 0)
    best, best_any = math.inf, math.inf
    chosen, chosen_any = np.int64(-1), np.int64(-2)
    for h in range(p.scenes, p.scenes + p.hospitals):
        minutes = m.travel[U(here), U(h)]
        q = m.queue[U(h * p.stations + station)]
        if h == here or not minutes < math.inf or q.possible == 0 or not takes(m, i, h, lane):
            continue
        if minutes < best_any:
            best_any, chosen_any = minutes, np.int64(h)
        if minutes < best and free_now(m, np.int64(h), station):
            best, chosen = minutes, np.int64(h)
    if chosen >= 0:
        return chosen
    if must or chosen_any < 0:
        return chosen_any
    return np.int64(-1)
