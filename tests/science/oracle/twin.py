"""The whole model in plain Python on SimPy's event list. Sections and words are those of docs/model-card/structure.md.

Lists are queues, loops look at everything that could start, nothing is remembered that can be counted. One class is one replication; a handler is
one line of the event table. SimPy orders events by (time, priority, sequence), which is the model's own order when the priority is the class.
"""

import math

import simpy

from . import draws
from .draws import Factor, inverse, key_of, u
from .inputs import CHANGE, CLEAR, OUTAGE, UNLIMITED, Inputs

STEP_CLASS, DONE_CLASS, ARRIVAL_CLASS, BODY_CLASS = range(4)
DEAD = 4
LIFE = 2.0**-40
UNREACHED, WAITING, IN_STAGE, RIDING, LEFT, GONE = "unreached", "waiting", "in_stage", "riding", "left", "gone"


class Clock(simpy.Environment):
    """SimPy's environment with one more word: `at`. What lies beyond the horizon is neither stored nor counted."""

    def __init__(self, horizon, after):
        super().__init__()
        self.horizon, self.after = horizon, after

    def at(self, minute, order, handler, *what):
        """Let `handler(*what)` happen at a minute, in its class."""
        if minute > self.horizon:
            return

        def happen(_):
            handler(*what)
            self.after()

        event = simpy.Event(self)
        event._ok, event._value = True, None
        event.callbacks.append(happen)
        self.schedule_at(event, minute, order)

    def schedule_at(self, event, minute, order):
        """SimPy's own schedule, with the minute itself and not a delay that would round it."""
        now, self._now = self._now, minute
        self.schedule(event, order)
        self._now = now

    def run_out(self):
        """All events up to the horizon."""
        while self._queue:
            self.step()


class Site:
    """A scene or a hospital during the run."""

    def __init__(self, at, plan, stations):
        self.at, self.plan, self.is_scene = at, plan, plan.is_scene
        self.cap, self.busy = list(plan.base), [0] * len(plan.base)
        self.held, self.outage = [0] * len(plan.base), [0] * len(plan.base)
        self.queue = [[[], [], [], []] for _ in range(stations)]
        self.waiting = {}  # station → how many wait, where somebody waits
        self.lacks = [None] * stations
        self.dark = set()                        # kinds without power
        self.load = [0, 0, 0]
        self.coming = self.parked = self.left = 0
        self.opened = plan.start <= 0.0
        self.arrived = self.peak_load = 0
        self.ended = {}  # (station, how) → [waits, minutes]
        self.longest = [0] * stations
        self.loss = {}  # cause → q lost
        self.saturated = {}  # kind → minute of the first refusal for lack of it
        self.lacked = {}  # kind → minutes waited for it


class Casualty:
    """A casualty during the run."""

    def __init__(self, at, key):
        self.at, self.key = at, key
        self.colour = self.row = self.loaded = self.destination = self.ride_kind = None
        self.body_at = self.arrived_at = self.bed_at = self.operated_at = None
        self.alone = self.dead = self.moved = False
        self.crossing = self.body_token = self.wait_number = self.rides = 0
        self.exposure, self.protect, self.partial, self.partial_until = 0.0, 1.0, 1.0, -math.inf
        self.holds, self.state, self.site = [], UNREACHED, None


class Replication:
    """One replication: `run()` gives its results."""

    def __init__(self, inputs, seed, replication, *, unlimited=False):
        self.inputs, self.seed, self.replication, self.unlimited = inputs, seed, replication, unlimited
        self.clock = Clock(inputs.horizon, self.settle)
        self.sites = [Site(k, plan, len(inputs.stations)) for k, plan in enumerate(inputs.sites)]
        p = inputs.p
        self.noise, self.rate = Factor(p["travel.noise_cv"]), Factor(p["body.rate_cv"])
        self.touched, self.queue_numbers = [], 0
        self.sent = {}
        self.count = dict.fromkeys(
            ("dead_unreached", "dead_at_scene", "dead_riding", "dead_waiting", "dead_in_stage", "alone", "moved"), 0
        )
        self.scene_cleared = 0.0

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

    def begin_sites(self):
        """Draws of the hospitals, then the steps in table order."""
        inputs, p = self.inputs, self.inputs.p
        callin, occupancy = Factor(p["hospital.callin_cv"]), Factor(p["hospital.occupancy_cv"])
        for site in self.sites:
            pace = 1.0
            if not site.is_scene:
                key = self.key(draws.HOSPITAL, site.plan.id)
                pace = callin.at(u(key, draws.CALLIN))
                share = site.plan.occupied * occupancy.at(u(key, draws.OCCUPANCY))
                if self.unlimited:
                    site.cap = [UNLIMITED] * len(site.cap)
                    continue
                for k, kind in enumerate(inputs.kind_specs):
                    if kind.occupiable:
                        site.busy[k] = site.held[k] = math.floor(share * site.cap[k] + u(key, draws.OCCUPIED_UNIT, k))
            for kind, at, after, amount, mode, part in site.plan.steps:
                self.clock.at(at + after * pace, STEP_CLASS, self.on_step, site, kind, amount, mode, part)

    def begin_fleet(self):
        """Every ambulance is under way to its first scene; later scenes open later."""
        first_crew = self.inputs.values.get("city.first_crew_min", self.inputs.p["city.first_crew_min"])
        for vehicle, scene, leaves, minutes in self.inputs.vehicles:
            site = self.sites[scene]
            leave_at = site.plan.start + leaves
            ride = (
                minutes
                * self.hour_factor(leave_at)
                * self.noise.at(u(self.key(draws.AMBULANCE, vehicle), draws.FIRST_RIDE))
            )
            site.coming += 1
            self.clock.at(max(site.plan.start + first_crew, leave_at + ride), ARRIVAL_CLASS, self.on_vehicle, site)
        for site in self.sites:
            if site.is_scene and site.plan.start > 0.0:
                self.clock.at(site.plan.start, STEP_CLASS, self.on_open, site)

    def begin_casualties(self):
        """structure.md, 3."""
        inputs, self.casualties, previous = self.inputs, [], {}
        for at, (source, number) in enumerate(inputs.people):
            c = Casualty(at, self.key(draws.CASUALTY, draws.numbered(source["code"], number)))
            self.casualties.append(c)
            self.begin_body(c, source, number)
            if source["list"] is None:
                self.begin_at_scene(c, source)
            else:
                self.begin_given(c, source, number, previous)
            c.exposed_at = c.injured_at
            self.look_at_body(c, c.injured_at)

    def begin_body(self, c, source, number):
        """Group, template, needs, personal rate."""
        inputs, given = self.inputs, source["list"]
        mix = [source["mix"].get(colour, 0.0) for colour in ("red", "yellow", "green", "black")]
        draw, group = u(c.key, draws.GROUP), 0
        while group < 3 and draw >= sum(mix[: group + 1]):
            group += 1
        if given is not None and given.groups:
            group = ("red", "yellow", "green", "black").index(nth(given.groups, number))
        members = inputs.groups[group]
        c.template = members[int(u(c.key, draws.TEMPLATE) * len(members))] if members else 0
        if given is not None and given.templates:
            c.template = nth(given.templates, number)
        c.needs = inputs.needs[c.template] & ~512
        if u(c.key, draws.CONTAMINATED) < source["contaminated"]:
            c.needs |= 512
        c.truth, c.crossings, c.curve = (
            inputs.truth[c.template],
            inputs.crossings[c.template],
            inputs.curves[inputs.curve_of[c.template]],
        )
        c.kappa = self.rate.at(u(c.key, draws.RATE))
        c.q = quantum(c.curve[0])

    def begin_at_scene(self, c, source):
        """Reachable after finding, or leaves on foot."""
        site = c.site = self.sites[source["site"]]
        c.scene, c.injured_at = site, site.plan.start
        alone = (
            self.inputs.walks[c.template] and u(c.key, draws.SELF) < source["self"][self.inputs.group_of[c.template]]
        )
        law = source["leave"] if alone else source["find"]
        minute = site.plan.start + inverse(law, u(c.key, draws.DELAY))
        c.alone = alone
        site.left += not alone
        if alone:
            self.clock.at(minute, ARRIVAL_CLASS, self.on_walk, c, source)
        else:
            self.clock.at(minute, ARRIVAL_CLASS, self.on_ready, c)

    def begin_given(self, c, source, number, previous):
        """An arrival of a list: minute, hospital, perhaps a colour and a row."""
        given = source["list"]
        if given.minutes:
            minute = given.minutes[number - 1]
        elif given.gap is not None:
            minute = previous[source["code"]] = previous.get(source["code"], source["start"]) + inverse(
                source["law"], u(c.key, draws.GIVEN)
            )
        else:
            minute = source["start"] + inverse(source["law"], u(c.key, draws.GIVEN))
        if given.hospital:
            index = next(k for k, h in enumerate(self.inputs.hospitals) if h.code == given.hospital)
        else:
            index = self.race(c.key, draws.GIVEN_RACE, source["weights"])
        c.scene, c.site, c.state, c.ride_kind = None, self.sites[self.inputs.S + index], RIDING, "given"
        c.injured_at = minute - given.since_min
        if given.colours:
            c.colour = ("red", "yellow", "green", "black").index(nth(given.colours, number))
        if given.stage:
            c.destination = self.inputs.row_named(given.stage, nth(given.colours, number) if given.colours else None)
        self.clock.at(minute, ARRIVAL_CLASS, self.on_arrive, c)

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

    def touch(self, site):
        """Note that a site must be settled."""
        if site not in self.touched:
            self.touched.append(site)

    def use(self, site, kind, units):
        """More (or fewer) units busy."""
        site.busy[kind] += units
        self.touch(site)

    # ---- body (4) -----------------------------------------------------------------------------------------------
    def expose(self, c):
        """Bring the exposure up to now."""
        span = self.now - c.exposed_at
        if span <= 0.0:
            return
        speed = c.kappa * self.inputs.speed[c.needs & 1023]
        if speed > 0.0:
            partly = min(max(c.partial_until - c.exposed_at, 0.0), span)
            c.exposure += speed * (partly * min(c.protect, c.partial) + (span - partly) * c.protect)
        c.exposed_at = self.now

    def minutes_to(self, c, target):
        """Minutes until the exposure gets to the target under the present speed, from when it was last brought up."""
        speed = c.kappa * self.inputs.speed[c.needs & 1023]
        missing = max(0.0, target - c.exposure)
        if speed <= 0.0:
            return math.inf
        slow, fast = speed * min(c.protect, c.partial), speed * c.protect
        partly = max(0.0, c.partial_until - c.exposed_at)
        if partly > 0.0:
            if missing <= slow * partly:
                return missing / slow if slow > 0.0 else 0.0
            missing -= slow * partly
        return partly + missing / fast if fast > 0.0 else math.inf

    def look_at_body(self, c, since=None):
        """Schedule the next crossing if it comes earlier than the pending one."""
        if c.dead or c.state in (LEFT, GONE) or c.crossing >= len(c.crossings):
            return
        if since is None:
            self.expose(c)
        minute = c.exposed_at + self.minutes_to(c, c.crossings[c.crossing][0])
        if minute <= self.inputs.horizon and (c.body_at is None or minute < c.body_at):
            c.body_at = minute
            c.body_token += 1
            self.clock.at(minute, BODY_CLASS, self.on_body, c, c.body_token)

    def charge(self, c, cause=None):
        """Compute survival anew and write its fall to the site and the cause."""
        if c.dead or c.state in (LEFT, GONE):
            return
        self.expose(c)
        q = quantum(survival(c.curve, c.exposure))
        if q != c.q:
            self.lose(c, c.q - q, cause)
            c.q = q

    def lose(self, c, amount, cause=None):
        """Add a loss to what he is suffering from just now."""
        cause = cause or self.cause(c)
        c.site.loss[cause] = c.site.loss.get(cause, 0) + amount

    def cause(self, c):
        """What is being waited for."""
        if c.state == WAITING:
            lacks = c.site.lacks[c.row.station.at]
            return self.inputs.kinds[c.row.station.needs[0][0] if lacks is None else lacks]
        return {UNREACHED: "unreached", RIDING: "travel", IN_STAGE: "care"}[c.state]

    def on_body(self, c, token):
        """BODY: the exposure reaches a crossing: truth changes, or he dies."""
        if token != c.body_token or c.dead or c.state in (LEFT, GONE):
            return
        c.body_at = None
        self.charge(c)
        while c.crossing < len(c.crossings) and c.exposure >= c.crossings[c.crossing][0] - 1e-9:
            c.truth = c.crossings[c.crossing][1]
            c.crossing += 1
            if c.truth == DEAD:
                self.die(c)
                return
            self.relabel(c)
        self.look_at_body(c)

    def relabel(self, c):
        """A crossing makes the tag more urgent, or black."""
        if c.colour is None or not (c.truth == 3 or c.truth < c.colour) or c.truth == c.colour:
            return
        c.colour = c.truth
        if c.state == WAITING and not c.row.is_fifo:
            row = c.row
            self.charge(c)
            self.leave_queue(c)
            if row.is_entry and not c.site.is_scene:
                self.proceed(c, self.inputs.begins[("red", "yellow", "green", "black")[c.colour]], relabelled=row)
            else:
                self.join(c, row, relabelled=row)

    def die(self, c):
        """All survival that is left is lost; who waits is cleared away, who is in a stage or rides stays until its end."""
        self.charge(c)
        self.lose(c, c.q)
        c.q, c.dead = 0, True
        where = {
            UNREACHED: "dead_unreached",
            WAITING: "dead_waiting",
            IN_STAGE: "dead_in_stage",
            RIDING: "dead_riding",
        }[c.state]
        at_scene = c.site.is_scene and c.state in (WAITING, IN_STAGE)
        self.count["dead_at_scene" if at_scene else where] += 1
        if c.scene is not None and c.state != RIDING and c.site is c.scene:
            self.leave_scene(c)
        if c.state == WAITING:
            self.leave_queue(c)
            self.end_wait(c, "death")
            self.clear_away(c)
        elif c.state == UNREACHED:
            c.state = GONE

    def clear_away(self, c):
        """Places back, off the load, gone."""
        self.release_places(c)
        self.off_load(c)
        c.state = GONE

    def leave_scene(self, c):
        """One fewer at the scene; who will leave on foot is never counted."""
        c.scene.left -= not c.alone

    # ---- queues and resources (5, 7) ----------------------------------------------------------------------------
    def proceed(self, c, r, relabelled=None):
        """Join the first row from r on that is taken, or leave."""
        passed_over = False
        while (row := self.inputs.rows[r]) is not None:
            if (not row.is_else or passed_over) and self.wants(c, row):
                if (
                    not row.is_skip
                    or c.site.plan.possible[row.station.at]
                    or self.unlimited_at(c.site)
                    or self.may_move(c, row)
                ):
                    self.join(c, row, relabelled)
                    return
                passed_over = True
            else:
                passed_over = False
            r += 1
        if relabelled is not None:
            self.end_wait(c, "move", relabelled)
        self.charge(c)
        self.release_places(c)
        self.off_load(c)
        c.state = LEFT

    def unlimited_at(self, site):
        """Is everything there, by the reference of unlimited hospitals?"""
        return self.unlimited and not site.is_scene

    def wants(self, c, row):
        """Do needs and the take draw ask for the row?"""
        if row.needs_any and not c.needs & row.needs_any or c.needs & row.needs_none:
            return False
        return not row.take_purpose or row.take_from <= u(c.key, row.take_purpose, int(c.moved)) < row.take_to

    def may_move(self, c, row):
        """Is there another hospital for a row that is impossible here?"""
        return row.is_transfer and self.can_transfer(c) and self.other_hospital(c, row) is not None

    def can_transfer(self, c):
        """Transfers happen from hospitals that have crews at all, once a casualty, not in the reference of unlimited hospitals."""
        return self.inputs.transfers and not self.unlimited and not c.site.is_scene and not c.moved and c.site.plan.possible[self.inputs.preparing]

    def join(self, c, row, relabelled=None):
        """Join a row's queue at its tail; where its station is impossible, another hospital is looked for at once."""
        if row.is_transfer and self.can_transfer(c) and not c.site.plan.possible[row.station.at]:
            hospital = self.other_hospital(c, row)
            if hospital is not None:
                self.prepare_move(c, row, hospital)
                return
        same = relabelled is not None and relabelled.station is row.station
        if relabelled is not None and not same:
            self.end_wait(c, "move", relabelled)
        if not same:
            c.wait_from = self.now
        site, t = c.site, row.station.at
        c.row, c.state, c.queued_at = row, WAITING, self.now
        self.queue_numbers += 1
        c.queue_number = self.queue_numbers
        c.wait_number += 1
        c.lane = 0 if row.is_fifo or c.colour is None else c.colour
        site.queue[t][c.lane].append(c)
        site.waiting[t] = site.waiting.get(t, 0) + 1
        site.longest[t] = max(site.longest[t], site.waiting[t])
        self.touch(site)
        if row.is_load:
            self.call_ambulance(c)
        if row.is_transfer and self.can_transfer(c):
            if not site.plan.possible[t]:
                self.look_for_hospital(c, row)
            else:
                self.clock.at(
                    self.now + self.inputs.p["transfer.wait_limit_min"], ARRIVAL_CLASS, self.on_check, c, c.wait_number
                )

    def leave_queue(self, c):
        """Out of the queue; the head may have changed."""
        t = c.row.station.at
        c.site.queue[t][c.lane].remove(c)
        c.site.waiting[t] -= 1
        if not c.site.waiting[t]:
            del c.site.waiting[t]
        self.touch(c.site)

    def end_wait(self, c, how, row=None):
        """Count a wait and how it ended."""
        site, t, minutes = c.site, (row or c.row).station.at, self.now - c.wait_from
        entry = site.ended.setdefault((t, how), [0, 0.0])
        entry[0] += 1
        entry[1] += minutes
        lacks = site.lacks[t]
        if minutes > 0.0:
            kind = (row or c.row).station.needs[0][0] if lacks is None else lacks
            site.lacked[kind] = site.lacked.get(kind, 0.0) + minutes

    def settle(self):
        """Start whoever can start, at all touched sites in the order of touching; the best head first."""
        while self.touched:
            site = self.touched[0]
            while self.start_one(site):
                pass
            self.touched.remove(site)

    def start_one(self, site):
        """Try the heads of a site, best first; True if one has started."""
        heads = []
        for t in site.waiting:
            head = next(lane for lane in site.queue[t] if lane)[0]
            heads.append((head.lane, head.queued_at, head.queue_number, t, head))
        for _, _, _, t, head in sorted(heads):
            lacking = next(
                (k for k, units in self.inputs.stations[t].needs if site.busy[k] + units > site.cap[k]), None
            )
            if lacking is None:
                self.start(head)
                return True
            site.lacks[t] = lacking
            site.saturated.setdefault(lacking, self.now)
        return False

    def start(self, c):
        """A stage begins."""
        site, row, station = c.site, c.row, c.row.station
        self.charge(c)
        self.leave_queue(c)
        self.end_wait(c, "service")
        c.state = IN_STAGE
        for kind, units in station.needs:
            self.use(site, kind, units)
        wanted = self.inputs.blood[c.template] if row.is_blood and station.blood is not None else 0
        missing = 0.0
        if wanted:
            taken = max(0, min(wanted, site.cap[station.blood] - site.busy[station.blood]))
            self.use(site, station.blood, taken)
            missing = 1.0 - taken / wanted
        if station.places:
            self.release_places(c)
            c.holds = station.places
        if row.is_inpatient:
            self.off_load(c)
        c.protect = row.protect + (max(row.short, row.protect) - row.protect) * missing
        c.ride_kind = row.partial + (max(row.short, row.partial) - row.partial) * missing
        if row.is_cure_at_start:
            c.needs = c.needs & ~row.cures | row.adds
        if row.is_surgery and c.operated_at is None:
            c.operated_at = self.now
        if row.is_entry and c.bed_at is None:
            c.bed_at = self.now
        minutes = inverse(row.law, u(c.key, row.purpose, int(c.moved))) * site.plan.pace[station.at]
        self.clock.at(self.now + minutes, DONE_CLASS, self.on_done, c)
        self.look_at_body(c)

    def release_places(self, c):
        """Places are given back."""
        for kind, units in c.holds:
            self.use(c.site, kind, -units)
        c.holds = []

    def on_load(self, c, site):
        """One more at a hospital's front door, in the lane of his colour or, without a colour, of his true one; black as red."""
        lane = c.truth if c.colour is None else c.colour
        c.loaded = (site, lane if lane < 3 else 0)
        site.load[c.loaded[1]] += 1
        site.peak_load = max(site.peak_load, sum(site.load))

    def off_load(self, c):
        """One fewer at the front door."""
        if c.loaded is not None:
            site, lane = c.loaded
            site.load[lane] -= 1
            c.loaded = None

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
        self.touch(site)

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

    def on_done(self, c):
        """DONE: ends the stage."""
        row, site = c.row, c.site
        self.charge(c)
        for kind, units in row.station.services:
            if row.is_move and not c.dead:
                continue
            self.use(site, kind, -units)
        if c.dead:
            self.clear_away(c)
            return
        if row.partial_min > 0.0 and not (self.now < c.partial_until and c.partial < c.ride_kind):
            c.partial, c.partial_until = c.ride_kind, self.now + row.partial_min
        c.protect = 1.0
        if not row.is_cure_at_start:
            c.needs = c.needs & ~row.cures | row.adds
        self.look_at_body(c)
        if row.is_triage:
            self.triage(c)
        if row.is_load:
            self.depart(c)
        elif row.is_move:
            self.move(c)
        elif row.is_branch:
            self.proceed(c, self.inputs.begins[("red", "yellow", "green", "black")[c.colour]])
        else:
            self.proceed(c, row.at + 1)

    def triage(self, c):
        """Write the colour, with the observer's error of the site."""
        draw = u(c.key, draws.TRIAGE, 0 if c.site.is_scene else 1 + int(c.moved))
        c.colour = c.truth
        if c.truth == 0 and draw < c.site.plan.under:
            c.colour = 1
        elif c.truth in (1, 2) and draw < c.site.plan.over:
            c.colour = 0

    def depart(self, c):
        """The ambulance leaves with him for the hospital that the policy chooses."""
        scene = c.site
        hospital = self.choose(c, scene)
        scene.cap[self.inputs.ambulances] -= 1
        self.touch(scene)
        self.scene_cleared = self.now
        self.leave_scene(c)
        self.ride(c, hospital, "ambulance")

    def ride(self, c, hospital, kind):
        """Under way to a hospital."""
        minutes = self.inputs.travel[c.site.at][hospital.at] * self.noise.at(u(c.key, draws.RIDE, c.rides))
        minutes *= self.inputs.p["self.speed_factor"] if kind == "alone" else self.hour_factor(self.now)
        c.rides += 1
        c.site, c.state, c.ride_kind = hospital, RIDING, kind
        self.on_load(c, hospital)
        self.clock.at(self.now + minutes, ARRIVAL_CLASS, self.on_arrive, c)

    def on_ready(self, c):
        """READY: a casualty becomes reachable and proceeds to the scene's first row."""
        if not c.dead:
            self.charge(c)
            self.proceed(c, self.inputs.begins["scene"])

    def on_walk(self, c, source):
        """READY of who leaves on foot."""
        if not c.dead:
            self.charge(c)
            self.count["alone"] += 1
            self.ride(c, self.sites[self.inputs.S + self.race(c.key, draws.SELF_RACE, source["weights"])], "alone")

    def on_arrive(self, c):
        """ARRIVE: a casualty comes to a hospital."""
        hospital, kind = c.site, c.ride_kind
        self.charge(c)
        if kind == "given":
            self.on_load(c, hospital)
        if kind == "ambulance":
            self.clock.at(
                self.now + inverse(self.inputs.hand_over, u(c.key, draws.HAND_OVER)),
                DONE_CLASS,
                self.on_free,
                c,
                hospital,
            )
        if kind == "moved":
            origin = c.destination[1]
            minutes = (
                self.inputs.travel[hospital.at][origin.at]
                * self.hour_factor(self.now)
                * self.noise.at(u(c.key, draws.CREW_BACK))
            )
            self.clock.at(self.now + minutes, DONE_CLASS, self.on_back, origin)
        if kind != "moved":
            hospital.arrived += 1
            c.arrived_at = self.now
        if c.dead:
            self.clear_away(c)
        elif kind == "moved":
            self.join(c, c.destination[0])
        elif kind == "given" and c.destination is not None:
            self.proceed(c, c.destination)
        else:
            self.proceed(c, self.inputs.begins["hospital"])

    def on_vehicle(self, scene):
        """VEHICLE: an ambulance reaches a scene."""
        scene.coming -= 1
        scene.cap[self.inputs.ambulances] += 1
        self.touch(scene)

    def on_free(self, c, hospital):
        """FREE: an ambulance has handed over and sets out for the scene in greatest need, or parks."""
        scenes = [s for s in self.sites if s.is_scene and s.opened and s.left > 0]
        if not scenes:
            hospital.parked += 1
            return
        self.drive(hospital, max(scenes, key=lambda s: (self.need(s), -s.at)), u(c.key, draws.WAY_BACK))

    def on_back(self, hospital):
        """BACK: a transfer crew is home and released."""
        for kind, units in self.inputs.stations[self.inputs.preparing].services:
            self.use(hospital, kind, -units)

    def on_check(self, c, wait_number):
        """CHECK: who still waits the same wait looks for another hospital."""
        if c.state == WAITING and c.wait_number == wait_number:
            self.look_for_hospital(c, c.row)

    # ---- ambulances (7) -----------------------------------------------------------------------------------------
    def idle(self, scene):
        """Ambulances at a scene that load nobody."""
        return scene.cap[self.inputs.ambulances] - scene.busy[self.inputs.ambulances]

    def need(self, scene):
        """How much a scene needs ambulances."""
        return scene.waiting.get(self.inputs.loading, 0) - scene.coming - self.idle(scene)

    def drive(self, start, scene, draw):
        """An empty ambulance goes to a scene."""
        scene.coming += 1
        minutes = self.inputs.travel[start.at][scene.at] * self.hour_factor(self.now) * self.noise.at(draw)
        self.clock.at(self.now + minutes, ARRIVAL_CLASS, self.on_vehicle, scene)

    def call_ambulance(self, c):
        """A scene without ambulances, idle or coming, calls an idle one from another."""
        scene = c.site
        if self.idle(scene) > 0 or scene.coming > 0:
            return
        others = [
            s
            for s in self.sites
            if s.is_scene and s is not scene and self.idle(s) > 0 and not s.waiting.get(self.inputs.loading)
        ]
        if others:
            lender = max(others, key=lambda s: (self.idle(s), -s.at))
            lender.cap[self.inputs.ambulances] -= 1
            self.drive(lender, scene, u(c.key, draws.CALLED))

    # ---- secondary transfer (7) ---------------------------------------------------------------------------------
    def other_hospital(self, c, row):
        """Where a row is free now, nearest first; if it is impossible here, also where it is only possible."""
        lane, station = self.lane_of(c), row.station
        reached = [
            (self.inputs.travel[c.site.at][h.at], h.at, h)
            for h in self.sites
            if not h.is_scene
            and h is not c.site
            and h.plan.lanes[lane]
            and h.plan.possible[station.at]
            and self.inputs.travel[c.site.at][h.at] < math.inf
        ]
        free = [
            r
            for r in reached
            if not r[2].waiting.get(station.at) and all(r[2].busy[k] + n <= r[2].cap[k] for k, n in station.needs)
        ]
        if not free and not c.site.plan.possible[station.at]:
            free = reached
        return min(free)[2] if free else None

    def possible_elsewhere(self, c, row):
        """Other hospitals that take his colour and could do the row at all: (minutes, site, hospital)."""
        lane, minutes = self.lane_of(c), self.inputs.travel[c.site.at]
        return [(minutes[h.at], h.at, h) for h in self.sites if not h.is_scene and h is not c.site and h.plan.lanes[lane]
                and h.plan.possible[row.station.at] and minutes[h.at] < math.inf]

    def any_hospital(self, c, row):
        """Could another hospital do it at all?"""
        return bool(self.possible_elsewhere(c, row))

    def look_for_hospital(self, c, row):
        """Join the transfer station with another hospital in mind, or look again later."""
        hospital = self.other_hospital(c, row)
        if hospital is None:
            if self.any_hospital(c, row):
                self.clock.at(
                    self.now + self.inputs.p["transfer.wait_limit_min"], ARRIVAL_CLASS, self.on_check, c, c.wait_number
                )
            return
        self.charge(c)
        self.leave_queue(c)
        self.end_wait(c, "move")
        self.prepare_move(c, row, hospital)

    def prepare_move(self, c, row, hospital):
        """Wait for a crew of this hospital, keeping the places."""
        c.destination = (row, c.site, hospital)
        self.join(c, self.inputs.rows[self.inputs.begins["transfer"]])

    def move(self, c):
        """Places released; he rides to the other hospital."""
        self.release_places(c)
        self.off_load(c)
        self.count["moved"] += 1
        c.moved = True
        self.ride(c, c.destination[2], "moved")

    # ---- choosing the hospital (8) ------------------------------------------------------------------------------
    def lane_of(self, c):
        """Lane of the load: black, and who has no colour, as red."""
        return c.colour if c.colour in (1, 2) else 0

    def choose(self, c, scene):
        """The hospital of least cost; ties to the lower site."""
        lane, factor = self.lane_of(c), self.hour_factor(self.now)
        times = {
            h: self.inputs.travel[scene.at][h.at] * factor
            for h in self.sites
            if not h.is_scene and self.inputs.travel[scene.at][h.at] < math.inf
        }
        costs = [
            (cost, h.at, h)
            for h, t in times.items()
            if h.plan.lanes[lane] and (cost := self.cost(c, scene, h, t, lane)) is not None
        ]
        chosen = min(costs)[2] if costs else min((t, h.at, h) for h, t in times.items())[2]
        where = (scene.at, lane, chosen.at - self.inputs.S)
        self.sent[where] = self.sent.get(where, 0) + 1
        return chosen

    def cost(self, c, scene, h, t, lane):
        """Cost of a candidate; None if it is none."""
        inputs, p, policy = self.inputs, self.inputs.p, self.inputs.policy
        load, capacity = h.load[lane], max(1, h.cap[inputs.front[lane]])
        weight, protect = (
            p["policy.load_weight_min"],
            p["policy.protect_min"] if h.plan.level == inputs.top_level else 0.0,
        )
        if policy == "nearest":
            return t
        if policy == "proportional":
            w = h.plan.weights[lane]
            return -math.log(u(c.key, draws.POLICY_RACE, h.plan.id)) / w if w > 0 else None
        if policy == "spread":
            return t + weight * load / capacity + (protect if lane != 0 else 0.0)
        if policy == "concentrate":
            if lane == 2:
                return t + protect
            full = 1000.0 if load >= p["policy.overflow"] * capacity else 0.0
            return 1000.0 * (inputs.top_level - h.plan.level) + full + t + weight * max(0, load - capacity) / capacity
        value, quota = inputs.plan.get((scene.at, lane, h.at - inputs.S), (None, 0))
        sent = self.sent.get((scene.at, lane, h.at - inputs.S), 0)
        if value is None:
            return None
        if policy == "table":
            return value + (1000.0 if sent >= quota else 0.0)
        return (sent + 1) / value if value > 0 else None

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
        people = self.casualties
        operated = [c.operated_at - c.injured_at for c in people if c.operated_at is not None]
        treated = [c.bed_at - c.arrived_at for c in people if c.bed_at is not None]
        loss = {}
        for site in self.sites:
            for cause, q in site.loss.items():
                loss[cause] = loss.get(cause, 0) + q
        return {
            "replication": self.replication,
            "casualties": len(people),
            "survivors_q": sum(c.q for c in people),
            "reference_q": sum(quantum(c.curve[0]) for c in people),
            "dead": sum(c.dead for c in people),
            **self.count,
            **states,
            "arrived": sum(s.arrived for s in self.sites),
            "surgical": sum(self.inputs.surgical[c.template] for c in people),
            "operated": len(operated),
            "surgery_min": sum(operated),
            "beds": len(treated),
            "bed_min": sum(treated),
            "scene_cleared_at": self.scene_cleared,
            "loss_q": loss,
            "sites": self.sites,
        }


def nth(values, number):
    """The given value of a casualty: one for all, or his own."""
    return values[number - 1 if len(values) > 1 else 0]


def quantum(s):
    """Survival as an integer of 2^-40."""
    return math.floor(s * 2.0**40 + 0.5)


def survival(curve, exposure):
    """Survival at an exposure: nodes every 5 minutes, linear between them, the last one holds."""
    at = exposure / 5.0
    node = int(at)
    if node >= len(curve) - 1:
        return curve[-1]
    return curve[node] + (at - node) * (curve[node + 1] - curve[node])


def simulate(city, scenario, *, replications, seed=1, first=0, unlimited=False, **options):
    """Results of replications, one mapping each; options as of the engine's own `simulate` (deterioration, policy, horizon_min, parameters)."""
    inputs = Inputs(city, scenario, **options)
    return [Replication(inputs, seed, first + k, unlimited=unlimited).run() for k in range(replications)]
