"""The arrays of a simulation: field, unit, meaning. What a replication reads and what it changes.

Copying the changing arrays is a snapshot. i4 and f8 fields only: int8 would overflow when the kernel runs without the compiler.
`_id` stable identity, `_at` a minute on the clock, `_q` an integer of 2**-40 lives or 2**-20 minutes.
"""
from typing import NamedTuple

import numpy as np
from numba import config

MAX_KINDS, MAX_STATIONS = 48, 60
MAX_CAUSES = MAX_KINDS + 4

# ---- what a replication reads ------------------------------------------------------------------------------
PAR = np.dtype([
    ("casualties", "i8"), ("scenes", "i8"), ("hospitals", "i8"), ("kinds", "i8"), ("stations", "i8"),
    ("horizon", "f8"), ("clock", "f8"), ("fleet_known", "i8"), ("live_first", "i8"), ("buckets_per_min", "f8"), ("start_hour", "f8"), ("hour_factor", "f8", 24),
    ("noise_mu", "f8"), ("noise_sigma", "f8"), ("rate_mu", "f8"), ("rate_sigma", "f8"),
    ("occupancy_mu", "f8"), ("occupancy_sigma", "f8"), ("callin_mu", "f8"), ("callin_sigma", "f8"),
    ("self_factor", "f8"), ("first_crew_min", "f8"), ("hand_over_law", "i8"), ("wait_limit_min", "f8"),
    ("policy", "i8"), ("spread_weight_min", "f8"), ("protect_min", "f8"), ("overflow", "f8"), ("top_level", "i8"),
    ("front_kind", "i8", 3), ("ambulance_kind", "i8"), ("theatre_kind", "i8"), ("icu_kind", "i8"),
    ("scene_row", "i8"), ("hospital_row", "i8"), ("colour_row", "i8", 4), ("transfer_row", "i8"),
    ("transfers", "i8"), ("load_station", "i8"), ("move_station", "i8"), ("nurse_kind", "i8"), ("seniority", "i8"), ("open_needs", "i8"),
    ("reserve", "i8"), ("most_moves", "i8"), ("expectant", "i8"), ("round_min", "f8"), ("look_undertriage", "f8"), ("look_overtriage", "f8"), ("theatre_row", "i8"),
    ("bay_rate", "f8"), ("ordinary_share", "f8"), ("child_rate", "f8"), ("special_min", "f8"), ("child_row", "i8"),
    ("surgery_order", "i8"), ("surgery_first", "i8"), ("surgery_bleeding", "i8")], align=True)
LAW = np.dtype([("dist", "i8"), ("a", "f8"), ("b", "f8"), ("c", "f8")], align=True)
STATION = np.dtype([                     # part > 0: people, of whom fewer may come, in heads of so many units; up, own: who is cared for by fewer waits at `up`
    ("count", "i4"), ("kind", "i4", 6), ("units", "i4", 6), ("part", "i4", 6), ("aside", "i4", 2), ("has_place", "i4"), ("blood", "i4"),
    ("partial", "i4"), ("up", "i4"), ("own", "i4"), ("team", "f8")], align=True)
ROW = np.dtype([
    ("station", "i4"), ("needs_any", "i4"), ("needs_all", "i4"), ("needs_none", "i4"), ("take_purpose", "i4"), ("duration_purpose", "i4"), ("law", "i4"),
    ("cures", "i4"), ("adds", "i4"), ("traits", "i4"), ("path", "i4"), ("take_from", "f8"), ("take_to", "f8"),
    ("protect", "f8"), ("partial", "f8"), ("partial_min", "f8"), ("short", "f8"), ("aside_protect", "f8", 2)], align=True)
TEMPLATE = np.dtype([
    ("curve", "i4"), ("needs", "i4"), ("truth", "i4"), ("walks", "i4"), ("blood", "i4"), ("surgical", "i4"),
    ("group", "i4"), ("unscored", "i4"), ("specialty", "i4"), ("crossings", "i4"), ("cross_to", "i4", 8), ("cross_at", "f8", 8)], align=True)
SOURCE = np.dtype([                      # scenes first, then lists of given arrivals
    ("mix", "f8", 4), ("contaminated", "f8"), ("self_share", "f8", 4), ("start_at", "f8"), ("site", "i4"),
    ("find_law", "i4"), ("leave_law", "i4"), ("given_law", "i4")], align=True)
PERSON = np.dtype([                      # a casualty as given
    ("id", "u8"), ("source", "i4"), ("given", "i4"), ("timing", "i4"), ("site", "i4"), ("row", "i4"), ("group", "i4"),
    ("template", "i4"), ("colour", "i4"), ("at", "f8"), ("since_min", "f8"), ("live", "i4"), ("running_min", "f8"),
    ("exposure", "f8"), ("held", "i4"), ("needs", "i4"), ("partial", "f8"), ("partial_min", "f8")], align=True)
LIVE = np.dtype([                        # what is known besides of a casualty of a live picture; -1: not known
    ("rate", "f8"), ("alone", "i4"), ("counts", "i4"), ("moved", "i4"), ("origin", "i4"), ("dest", "i4"), ("resume", "i4"), ("kept", "i4"), ("order", "i8"), ("seat", "i4"),
    ("aside", "i4"), ("took", "i4", 6), ("strength", "f8"), ("dose", "f8"), ("ridden", "f8"), ("waited", "f8"), ("notice", "f8"), ("check", "f8")], align=True)
VEHICLE_ROW = np.dtype([("id", "u8"), ("scene", "i4"), ("state", "i4"), ("leave_min", "f8"), ("travel_min", "f8")], align=True)

# ---- what a replication changes ----------------------------------------------------------------------------
STEP_ROW = np.dtype([                    # time = at + after * call-in pace of the site
    ("at", "f8"), ("after", "f8"), ("key", "i8"), ("site", "i4"), ("kind", "i4"), ("amount", "i4"), ("mode", "i4"),
    ("part", "i4"), ("declared", "i4"), ("done", "i4"), ("wave", "i4"), ("known", "i4")], align=True)
SITE = np.dtype([
    ("id", "u8"), ("key", "u8"), ("dirty", "i8"), ("nonempty", "i8"), ("relook", "i8"), ("marked", "i4"), ("level", "i4"), ("accepts", "i4"), ("without", "i4"),
    ("load", "i4", 3), ("coming", "i4"), ("parked", "i4"), ("remaining", "i4"), ("remaining0", "i4"), ("opened", "i4"),
    ("open_at", "f8"), ("undertriage", "f8"), ("overtriage", "f8"), ("occupied_share", "f8"), ("callin_pace", "f8"), ("pace0", "f8"), ("pace_over", "f8"), ("live", "i4"), ("room", "i4"), ("seated", "i4"), ("outside", "i4"),
    ("weight", "f8", 3), ("declare_at", "f8"),
    ("arrived", "i8"), ("arrived_total", "i8"), ("arrived_squares", "i8"), ("peak_load", "i8"), ("peak_load_total", "i8"),
    ("arrived_lane", "i8", 4)], align=True)
UNIT = np.dtype([                        # one kind at one site
    ("stations", "i8"), ("lookers", "i8"), ("uppers", "i8"), ("sleepers", "i8"), ("most", "i4"), ("kind_class", "i4"), ("cap0", "i4"), ("busy0", "i4"), ("held0", "i4"), ("outage0", "i4"), ("cap", "i4"), ("busy", "i4"), ("held", "i4"), ("stay", "i4"), ("occupiable", "i4"),
    ("outage", "i4"), ("people", "i4"), ("watch", "i4"), ("peak", "i4"), ("saturated_at", "f8"), ("saturated_n", "i8"), ("saturated_q", "i8"), ("lacked_q", "i8"),
    ("peak_total", "i8")], align=True)
QUEUE = np.dtype([                       # one station at one site
    ("pace", "f8"), ("possible", "i4"), ("waiting", "i4"), ("lacks", "i4"), ("head", "i4", 4), ("tail", "i4", 4),
    ("longest", "i4"), ("lack_since", "f8"), ("lacked", "f8", 6), ("ended", "i8", 4), ("wait_q", "i8", 4), ("longest_total", "i8"),
    ("lack_q", "i8", 3)], align=True)
BODY_STATE = np.dtype([                  # a casualty in the run
    ("key", "u8"), ("q", "i8"), ("body_key", "i8"), ("check_key", "i8"), ("done_key", "i8"), ("queue_no", "i8"), ("senior", "i8"),
    ("rate", "f8"), ("exposure", "f8"), ("charged", "f8"), ("clock_at", "f8"), ("soft", "f8"), ("full", "f8"), ("soft_until", "f8"),
    ("partial", "f8"), ("protect", "f8"), ("dose", "f8"), ("body_at", "f8"), ("wait_from", "f8"),
    ("injured_at", "f8"), ("arrived_at", "f8"), ("door_at", "f8"), ("started_at", "f8"), ("work", "f8"), ("spent", "f8"), ("strength", "f8"), ("care", "f8"), ("care_from", "f8"),
    ("marked_at", "f8"), ("lacked", "f8", 6), ("took", "i4", 6),
    ("next", "i4"), ("previous", "i4"), ("template", "i4"), ("needs", "i4"), ("crossing", "i4"), ("truth", "i4"),
    ("colour", "i4"), ("lane", "i4"), ("site", "i4"), ("to", "i4"), ("row", "i4"), ("place_row", "i4"), ("phase", "i4"),
    ("rides", "i4"), ("moved", "i4"), ("on_load", "i4"), ("dead", "i4"), ("alone", "i4"), ("resume", "i4"),
    ("on_scene", "i4"), ("operated", "i4"), ("bedded", "i4"),
    ("dest", "i4"), ("rejoin", "i4"), ("direct", "i4"), ("aside", "i4"), ("up", "i4"), ("looks", "i4"), ("care_open", "i4"), ("reserved", "i4"), ("seat", "i4"), ("turned", "i4")], align=True)
EVENT = np.dtype([("at", "f8"), ("key", "i8"), ("kind", "i4"), ("who", "i4"), ("aux", "i4"), ("next", "i4")], align=True)
TRACE = np.dtype([("at", "f8"), ("code", "i4"), ("casualty", "i4"), ("site", "i4"), ("station", "i4"), ("value", "i4")], align=True)
OUT = np.dtype([
    ("replication", "i8"), ("survivors_q", "i8"), ("reference_q", "i8"), ("unlimited_q", "i8"), ("casualties", "i8"),
    ("dead", "i8"), ("dead_unreached", "i8"), ("dead_at_scene", "i8"), ("dead_riding", "i8"), ("dead_waiting", "i8"),
    ("dead_in_stage", "i8"), ("left", "i8"), ("in_stage", "i8"), ("waiting", "i8"), ("riding", "i8"), ("unreached", "i8"),
    ("arrived", "i8"), ("alone", "i8"), ("moved", "i8"), ("surgical", "i8"), ("operated", "i8"), ("surgery_min", "f8"),
    ("beds", "i8"), ("bed_min", "f8"), ("bed_lane0", "i8"), ("bed_lane0_min", "f8"), ("events", "i8"), ("last_at", "f8"),
    ("scene_cleared_at", "f8"), ("dead_left", "i8"), ("unscored", "i8"), ("children", "i8"), ("children_q", "i8"), ("children_reference_q", "i8"), ("care_n", "i8"), ("care_sum", "f8"), ("crew_min", "f8"), ("lived", "i8"), ("unlimited_lived", "i8"), ("turned_away", "i8"), ("held_vehicles", "i8"), ("group_n", "i8", 4), ("group_q", "i8", 4), ("loss_q", "i8", MAX_CAUSES)], align=True)
CONTROL = np.dtype([
    ("now", "f8"), ("rep_key", "u8"), ("sequence", "i8"), ("queue_no", "i8"), ("events", "i8"), ("free", "i8"),
    ("heap", "i8"), ("day", "i8"), ("todo", "i8"), ("go", "i8"), ("look", "i8"), ("clear", "i8"), ("retag", "i8"), ("retag_to", "i8"), ("away", "i8"), ("joined", "i8"), ("place", "i8"), ("lacks", "i8"), ("fault", "i8"), ("traced", "i8"),
    ("shift", "f8"), ("outcome", OUT)], align=True)


class Sim(NamedTuple):
    """par … vehicles are read; the rest is changed by a replication. Rows of `queue` are site * stations + station, of `unit` site * kinds + kind."""
    par: np.ndarray
    law: np.ndarray
    table: np.ndarray         # f8, quantile tables
    station: np.ndarray
    row: np.ndarray
    template: np.ndarray
    group_at: np.ndarray      # i8[5]: templates of group g are group_at[g] .. group_at[g+1] in `grouped`
    grouped: np.ndarray       # i4: template positions, by group
    curve: np.ndarray         # f8[c, nodes]
    speed: np.ndarray         # f8[1024], by the mask of needs 0 to 9
    travel: np.ndarray        # f8[site, site], minutes
    race: np.ndarray          # f8[source, hospital]
    plan: np.ndarray          # f8[scene, lane, hospital]: rank or share of the policies table and split
    quota: np.ndarray         # i8[scene, lane, hospital]
    source: np.ndarray
    person: np.ndarray
    live: np.ndarray
    vehicle: np.ndarray
    sent0: np.ndarray         # i8[scene, lane, hospital]: sent before the clock of a live picture
    step: np.ndarray
    site: np.ndarray
    unit: np.ndarray
    queue: np.ndarray
    body: np.ndarray
    sent: np.ndarray          # i8[scene, lane, hospital]
    loss: np.ndarray          # i8[site, cause], summed over replications
    incision: np.ndarray      # i8[specialty, bin] of minutes from the first door to the incision, summed over replications
    histogram: np.ndarray     # i8[unit row, bin] of saturation minutes, summed over replications
    event: np.ndarray
    calendar: np.ndarray      # i4: head of each bucket's list
    heap: np.ndarray          # i4: today's events
    control: np.ndarray
    todo: np.ndarray          # i4: touched sites
    trace: np.ndarray


STATIC = Sim._fields.index("step")       # arrays before this one are never written


def seen(array: np.ndarray) -> np.ndarray:
    """Attribute access to fields also without the compiler."""
    return array.view(np.recarray) if array.dtype.names and config.DISABLE_JIT else array


def copy_state(sim: Sim) -> Sim:
    """A snapshot: the changing arrays copied, the others shared."""
    return Sim(*(a if k < STATIC else a.copy() for k, a in enumerate(sim)))
