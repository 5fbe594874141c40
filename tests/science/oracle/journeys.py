"""Ambulances, secondary transfer and the choice of a hospital (structure.md, 7 and 8)."""

import math

from . import draws
from .draws import u
from .state import ARRIVAL_CLASS


class Journeys:
    """Who drives where."""

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
    def possible_elsewhere(self, c, row):
        """Other hospitals that take his colour and could do the row at all: (minutes, site, hospital); none where his own never has a crew."""
        lane, minutes = self.lane_of(c), self.inputs.travel[c.site.at]
        if not c.site.plan.possible[self.inputs.preparing]:
            return []
        return [(minutes[h.at], h.at, h) for h in self.sites if not h.is_scene and h is not c.site and self.takes(h, c, lane)
                and h.plan.possible[row.station.at] and minutes[h.at] < math.inf]

    def other_hospital(self, c, row):
        """Where a row is free now, nearest first; if it is impossible here, also where it is only possible."""
        reached, station = self.possible_elsewhere(c, row), row.station
        free = [r for r in reached if not r[2].waiting.get(station.at) and all(self.fits(r[2], k, n) for k, n in station.needs)]
        if not free and not c.site.plan.possible[station.at]:
            free = reached
        return min(free)[2] if free else None

    def look_for_hospital(self, c, row):
        """Join the transfer station with another hospital in mind, or look again later."""
        hospital = self.other_hospital(c, row)
        if hospital is None:
            if self.possible_elsewhere(c, row):
                self.check_later(c, c.wait_number)
            return
        self.charge(c)
        self.leave_seat(c)
        self.leave_queue(c)
        self.end_wait(c, "move")
        self.note("move", c, row.station.at, hospital.at)
        self.prepare_move(c, row, hospital)

    def prepare_move(self, c, row, hospital):
        """Wait for a crew of this hospital, keeping the places; those of the other are kept for him if all are free now."""
        c.destination = (row, c.site, hospital)
        places = row.station.places
        if places and self.inputs.p["transfer.reserve"] and all(self.fits(hospital, k, n) for k, n in places):
            c.kept = places
            for k, n in places:
                self.use(hospital, k, n)
        self.join(c, self.inputs.rows[self.inputs.begins["transfer"]])

    def give_up_kept(self, c):
        """What is kept for him is free."""
        for k, n in c.kept:
            self.use(c.destination[2], k, -n)
        c.kept = []

    def move(self, c):
        """Places released; he rides to the other hospital."""
        self.release_places(c)
        self.off_load(c)
        self.count["moved"] += 1
        c.moves += 1
        c.crew_from = c.began
        self.note("depart", c, value=c.destination[2].at)
        self.ride(c, c.destination[2], "moved")

    def come_moved(self, c):
        """He lies in what was kept for him, and stands first."""
        row, kept = c.destination[0], bool(c.kept)
        c.holds, c.kept = c.kept, []
        self.join(c, row, kept=kept)

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
            if self.takes(h, c, lane) and (cost := self.cost(c, scene, h, t, lane)) is not None
        ]
        chosen = min(costs)[2] if costs else min((t, h.at, h) for h, t in times.items())[2]
        where = (scene.at, lane, chosen.at - self.inputs.S)
        self.sent[where] = self.sent.get(where, 0) + 1
        return chosen

    def takes(self, h, c, lane):
        """Does a hospital take him? Some take children of colours of which they take no adult."""
        return h.plan.lanes[lane] or (self.inputs.child[c.template] and h.plan.child_lanes[lane])

    def detour(self, c, h, lane):
        """Minutes that a red or yellow child, or who is burned, may be driven on to where there are paediatric teams or burn beds; nothing where no hospital has them."""
        missing = [k for need, k in self.inputs.special if c.needs & need and h.plan.most[k] <= 0]
        return self.inputs.p["policy.special_min"] * len(missing) if lane < 2 else 0.0

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
            return t + self.detour(c, h, lane) + weight * load / capacity + (protect if lane != 0 else 0.0)
        if policy == "concentrate":
            if lane == 2:
                return t + protect
            full = 1000.0 if load >= p["policy.overflow"] * capacity else 0.0
            return 1000.0 * (inputs.top_level - h.plan.level) + full + t + self.detour(c, h, lane) + weight * max(0, load - capacity) / capacity
        value, quota = inputs.plan.get((scene.at, lane, h.at - inputs.S), (None, 0))
        sent = self.sent.get((scene.at, lane, h.at - inputs.S), 0)
        if value is None:
            return None
        if policy == "table":
            return value + (1000.0 if sent >= quota else 0.0)
        return (sent + 1) / value if value > 0 else None
