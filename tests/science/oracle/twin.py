"""The whole model in plain Python on SimPy's event list. Sections and words are those of docs/model-card/structure.md.

Lists are queues, loops look at everything that could start, nothing is remembered that can be counted. One class is one replication; a handler is
one line of the event table. SimPy orders events by (time, priority, sequence), which is the model's own order when the priority is the class.
"""


import math

from . import draws
from .beginning import Beginning
from .body import Body
from .doors import Doors
from .draws import Factor, key_of, u
from .inputs import CHILD, Inputs
from .journeys import Journeys
from .plans import CHANGE, CLEAR, OUTAGE
from .queues import Queues
from .stages import Stages
from .state import (
    ARRIVAL_CLASS,
    DONE_CLASS,
    IN_STAGE,
    LEFT,
    RIDING,
    UNREACHED,
    WAITING,
    Clock,
    Site,
    quantum,
)


class Replication(Beginning, Body, Queues, Stages, Journeys, Doors):
    """One replication: `run()` gives its results."""

    def __init__(self, inputs, seed, replication, *, unlimited=False, thorough=True):
        self.inputs, self.seed, self.replication, self.unlimited = inputs, seed, replication, unlimited
        self.clock = Clock(inputs.horizon, self.settle)
        self.sites = [Site(k, plan, len(inputs.stations), len(inputs.queues)) for k, plan in enumerate(inputs.sites)]
        p = inputs.p
        self.noise, self.rate = Factor(p["travel.noise_cv"]), Factor(p["body.rate_cv"])
        self.touched, self.joined, self.numbers, self.thorough = [], [], 0, thorough
        self.waits, self.story = [], []
        self.sent = {}
        self.count = dict.fromkeys(
            ("dead_unreached", "dead_at_scene", "dead_riding", "dead_waiting", "dead_in_stage", "dead_left", "alone", "moved", "turned_away", "held_vehicles"), 0
        )
        self.scene_cleared = self.crew_min = 0.0

    def key(self, entity_kind, stable_id):
        """Key of an entity of this replication."""
        return key_of(self.seed, self.replication, entity_kind, stable_id)

    @property
    def now(self):
        """The minute it is."""
        return self.clock._now

    # ---- the beginning ------------------------------------------------------------------------------------------
    def run(self):
        """Begin, let everything happen, close the books at the horizon."""
        self.begin_sites()
        self.begin_fleet()
        self.begin_casualties()
        self.clock.run_out()
        return self.close()

    # ---- small words --------------------------------------------------------------------------------------------
    def hour_factor(self, minute):
        """Travel factor at a minute."""
        return self.inputs.hour_factor[int(self.inputs.scenario.hour + minute / 60.0) % 24]

    def race(self, key, purpose, weights):
        """Exponential race among hospitals: the position of the least −ln(u)/w."""
        best, winner = math.inf, None
        for h, weight in enumerate(weights):
            if weight > 0.0:
                value = -math.log(u(key, purpose, self.inputs.sites[self.inputs.S + h].id)) / weight
                if value < best:
                    best, winner = value, h
        return winner

    def touch(self, site, stations):
        """Note that a site must be settled, and which of its stations have changed."""
        site.changed.update(stations)
        if site not in self.touched:
            self.touched.append(site)

    def use(self, site, kind, units):
        """More units busy, or fewer."""
        site.busy[kind] += units
        self.touch(site, self.inputs.users[kind])

    def note(self, what, c, station=-1, value=0):
        """A line of his story."""
        self.story.append((self.now, what, c.at, c.site.at, station, value))

    def his(self, minute, order, handler, c, *what):
        """An event of a casualty's own: a boundary of his story, also where it turns out void."""
        self.clock.at(minute, order, self.event_of, c, handler, what)

    def event_of(self, c, handler, what):
        """The boundary, then the handler."""
        self.charge(c)
        handler(c, *what)

    # ---- events (7) ---------------------------------------------------------------------------------------------
    def on_step(self, site, kind, amount, mode, part):
        """STEP: changes a capacity, or gives back a quarter of the occupied units."""
        if mode == CHANGE:
            if kind in site.dark:
                site.outage[kind] += amount
            else:
                site.cap[kind] += amount
        elif mode == CLEAR:
            site.busy[kind] -= site.held[kind] * part // 4 - site.held[kind] * (part - 1) // 4
        elif mode == OUTAGE:
            site.outage[kind] = site.cap[kind]
            site.cap[kind] = 0
            site.dark.add(kind)
        else:
            site.cap[kind] = site.outage[kind]
            site.dark.discard(kind)
        self.touch(site, self.inputs.users[kind])

    def on_open(self, scene):
        """OPEN: parked ambulances, and idle ones at scenes with nobody left, set out for it, sites in order."""
        scene.opened = True
        key, number = self.key(draws.SCENE, scene.plan.id), 0
        for site in self.sites:
            going = site.parked
            site.parked = 0
            if site.is_scene and site is not scene and site.left == 0:
                going = self.idle(site)
                site.cap[self.inputs.ambulances] -= going
            for _ in range(going):
                self.drive(site, scene, u(key, draws.CALLED, number))
                number += 1

    def depart(self, c):
        """The ambulance leaves with him for the hospital that the policy chooses."""
        scene = c.site
        hospital = self.choose(c, scene)
        scene.cap[self.inputs.ambulances] -= 1
        self.touch(scene, self.inputs.users[self.inputs.ambulances])
        self.scene_cleared = self.now
        self.leave_scene(c)
        self.note("depart", c, value=hospital.at)
        self.ride(c, hospital, "ambulance")

    def ride(self, c, hospital, kind):
        """Under way to a hospital."""
        minutes = self.inputs.travel[c.site.at][hospital.at] * self.noise.at(u(c.key, draws.RIDE, c.rides))
        minutes *= self.inputs.p["self.speed_factor"] if kind == "alone" else self.hour_factor(self.now)
        c.rides += 1
        c.site, c.state, c.ride_kind = hospital, RIDING, kind
        self.on_load(c, hospital)
        self.his(self.now + minutes, ARRIVAL_CLASS, self.on_arrive, c)

    def on_ready(self, c):
        """READY: a casualty becomes reachable and proceeds to the scene's first row."""
        if not c.dead:
            self.number(c)
            self.note("reached", c, value=c.truth)
            self.proceed(c, self.inputs.begins["scene"])

    def on_walk(self, c, source):
        """READY of who leaves on foot."""
        if not c.dead:
            hospital = self.sites[self.inputs.S + self.race(c.key, draws.SELF_RACE, source["weights"])]
            self.note("walk", c, value=hospital.at)
            self.ride(c, hospital, "alone")

    def on_arrive(self, c):
        """ARRIVE: a casualty comes to a hospital."""
        hospital, kind = c.site, c.ride_kind
        if kind != "moved" and self.goes_on(c):
            return
        if kind == "given" and c.loaded is None:
            self.on_load(c, hospital)
        if kind != "moved" and self.sit_down(c) and kind == "ambulance":
            self.hand_over(c, hospital)
        if kind == "moved":
            origin = c.destination[1]
            minutes = self.inputs.travel[hospital.at][origin.at] * self.hour_factor(self.now) * self.noise.at(u(c.key, draws.CREW_BACK, c.moves - 1))
            self.crew_min += self.now + minutes - c.crew_from
            self.clock.at(self.now + minutes, DONE_CLASS, self.on_back, origin)
        else:
            hospital.arrived += 1
        self.number(c)
        c.came = c.seniority
        self.note("arrive", c)
        if c.bed_at is None:
            c.arrived_at = self.now
        if c.dead:
            c.holds, c.kept = c.kept, []
            self.clear_away(c)
            return
        self.begin_care(c)
        if kind == "moved":
            self.come_moved(c)
        elif kind == "given" and c.destination is not None:
            row = self.inputs.rows[c.destination]
            self.join(c, self.inputs.rows[row.at + 1] if row.needs_none & c.needs & CHILD else row)
        else:
            self.proceed(c, self.inputs.begins["hospital"])

    def on_vehicle(self, scene):
        """VEHICLE: an ambulance reaches a scene."""
        scene.coming -= 1
        scene.cap[self.inputs.ambulances] += 1
        self.touch(scene, self.inputs.users[self.inputs.ambulances])

    def on_free(self, c, hospital):
        """FREE: an ambulance has handed over and sets out for the scene in greatest need, or parks."""
        scenes = [s for s in self.sites if s.is_scene and s.opened and s.left > 0]
        if not scenes:
            hospital.parked += 1
            return
        self.drive(hospital, max(scenes, key=lambda s: (self.need(s), -s.at)), u(c.key, draws.WAY_BACK))

    def on_back(self, hospital):
        """BACK: a transfer crew is home and released."""
        for kind, units in self.inputs.stations[self.inputs.preparing].needs:
            self.use(hospital, kind, -units)

    def on_check(self, c, wait_number):
        """CHECK: who still waits the same wait looks for another hospital."""
        if c.state == WAITING and c.wait_number == wait_number:
            self.look_for_hospital(c, c.row)

    # ---- the end (9) --------------------------------------------------------------------------------------------
    def close(self):
        """Charge everybody up to the horizon and write down what the replication gave."""
        self.clock._now = self.inputs.horizon
        states = dict.fromkeys((LEFT, IN_STAGE, WAITING, RIDING, UNREACHED), 0)
        for c in self.casualties:
            self.charge(c)
            if c.state == WAITING:
                self.end_wait(c, "horizon")
            if not c.dead:
                states[c.state] += 1
            self.care_so_far(c)
        people, loss = self.casualties, {}
        children = [c for c in people if self.inputs.child[c.template] and not self.inputs.unscored[c.template]]
        levels = list(self.levels_of_care())
        operated = [c.operated_at - c.injured_at for c in people if c.operated_at is not None]
        beds = [(c.bed_at - c.arrived_at, c.bed_lane) for c in people if c.bed_at is not None]
        for site in self.sites:
            for cause, q in site.loss.items():
                loss[cause] = loss.get(cause, 0) + q
        return {
            "replication": self.replication,
            "casualties": len(people),
            "survivors_q": sum(c.q for c in people),
            "reference_q": sum(quantum(c.curve[0]) for c in people),
            "lived": sum(draws.u(c.key, draws.WHOLE_OUTCOME) * 2.0**40 < c.q for c in people),
            "dead": sum(c.dead for c in people),
            "unscored": sum(self.inputs.unscored[c.template] for c in people),
            "children": len(children),
            "children_q": sum(c.q for c in children),
            "children_reference_q": sum(quantum(c.curve[0]) for c in children),
            **self.count,
            **states,
            "arrived": sum(s.arrived for s in self.sites),
            "surgical": sum(self.inputs.surgical[c.template] for c in people),
            "operated": len(operated),
            "surgery_min": sum(operated),
            "beds": len(beds),
            "bed_min": sum(minutes for minutes, _ in beds),
            "bed_lane0": sum(lane == 0 for _, lane in beds),
            "bed_lane0_min": sum(minutes for minutes, lane in beds if lane == 0),
            "scene_cleared_at": self.scene_cleared,
            "care_n": len(levels),
            "care_sum": sum(levels),
            "crew_min": self.crew_min,
            "waits": self.waits,
            "story": self.story,
            "loss_q": loss,
            "sites": self.sites,
        }


    def levels_of_care(self):
        """Of each of the severe who arrived alive: one less the mean factor, from the door to the end of first care, over one less the bay's."""
        for c in self.casualties:
            if c.care_from is not None and self.inputs.bay_factor is not None and self.inputs.bay_factor < 1.0:
                span = (self.now if c.care_until is None else c.care_until) - c.care_from
                if span > 0.0:
                    yield c.cared / span / (1.0 - self.inputs.bay_factor)


def simulate(city, scenario, *, replications, seed=1, first=0, unlimited=False, thorough=True, **options):
    """Results of replications, one mapping each; options as of the engine's own `simulate` (deterioration, policy, horizon_min, parameters)."""
    return run_inputs(Inputs(city, scenario, **options), replications=replications, seed=seed, first=first, unlimited=unlimited, thorough=thorough)


def run_inputs(inputs, *, replications, seed=1, first=0, unlimited=False, thorough=True):
    """The same from inputs that are ready: what a benchmark measures."""
    return [Replication(inputs, seed, first + k, unlimited=unlimited, thorough=thorough).run() for k in range(replications)]
