"""How a replication begins: capacities, ambulances, casualties (structure.md, 3, 5, 7 and the reset order of 9)."""

import math

from . import draws
from .draws import Factor, inverse, u
from .plans import UNLIMITED
from .state import ARRIVAL_CLASS, COLOURS, RIDING, STEP_CLASS, Casualty, nth, quantum


class Beginning:
    """Everything that is there or known at the alert."""

    def begin_sites(self):
        """Draws of the hospitals, then the steps in table order."""
        p = self.inputs.p
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
                self.occupy(site, key, share)
            for kind, at, after, amount, mode, part in site.plan.steps:
                self.clock.at(at + after * pace, STEP_CLASS, self.on_step, site, kind, amount, mode, part)

    def occupy(self, site, key, share):
        """Patients of before the alert: their places, and what they hold of the nurses. Some stay for good, the rest is held until it is cleared."""
        inputs = self.inputs
        for k, kind in enumerate(inputs.kind_specs):
            if kind.occupiable:
                taken = math.floor(share * site.cap[k] + u(key, draws.OCCUPIED_UNIT, k))
                site.busy[k] = taken
                site.held[k] = taken - math.floor(inputs.p["hospital.ordinary_share"] * taken + 0.5)
                if kind.watch:
                    nurses = inputs.kinds.index("nurses")
                    site.busy[nurses] += kind.watch * taken
                    site.held[nurses] += kind.watch * site.held[k]

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
        mix = [source["mix"].get(colour, 0.0) for colour in COLOURS]
        draw, group = u(c.key, draws.GROUP), 0
        while group < 3 and draw >= sum(mix[: group + 1]):
            group += 1
        if given is not None and given.groups:
            group = COLOURS.index(nth(given.groups, number))
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
        c.kappa = self.rate.at(u(c.key, draws.RATE)) * (inputs.p["body.child_rate"] if inputs.child[c.template] else 1.0)
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
        self.count["alone"] += alone
        if alone:
            self.his(minute, ARRIVAL_CLASS, self.on_walk, c, source)
        else:
            self.his(minute, ARRIVAL_CLASS, self.on_ready, c)

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
            c.colour = COLOURS.index(nth(given.colours, number))
        if given.stage:
            c.destination = self.inputs.row_named(given.stage, nth(given.colours, number) if given.colours else None)
        self.his(minute, ARRIVAL_CLASS, self.on_arrive, c)
