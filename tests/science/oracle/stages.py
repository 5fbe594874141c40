"""Stages: what a station gives, starting, topping up, ending (structure.md, 5 to 7)."""

from .draws import inverse, u
from .state import COLOURS, DONE_CLASS, IN_STAGE


class Stages:
    """Care by as many as are there."""

    # ---- what there is ------------------------------------------------------------------------------------------
    def fits(self, site, kind, units):
        """Are so many units free?"""
        return site.busy[kind] + units <= site.cap[kind]

    def missing_places(self, c, station):
        """Kinds of the own place that are not free; who already lies in a place of the kind needs no other."""
        lies = [k for k, _ in c.holds]
        return [k for k, n in station.places if k not in lies and not self.fits(c.site, k, n)]

    def free_beside(self, c, station):
        """The best place beside that has a free unit or in which he lies already: its position, or None."""
        lies = [k for k, _ in c.holds]
        return next((j for j, k in enumerate(station.beside) if k in lies or self.fits(c.site, k, 1)), None)

    def team_of(self, site, station, own=()):
        """Who would come: (kind, units), and their heads. His own people count as idle."""
        here, come, heads = dict(own), [], 0.0
        for k, n in station.team:
            idle = max(0, site.cap[k] - site.busy[k] + here.get(k, 0))
            units = n if idle >= n else idle // self.inputs.parts[k] * self.inputs.parts[k]
            heads += units / self.inputs.parts[k]
            if units:
                come.append((k, units))
        return come, heads

    def full_team(self, station):
        """Heads of the whole team."""
        return sum(n / self.inputs.parts[k] for k, n in station.team)

    def lacking(self, c):
        """Kinds that he lacks to start, in the station's order; empty if he can start."""
        site, station = c.site, c.row.station
        lacks = {k for k, n in station.others if not self.fits(site, k, n)}
        places = self.missing_places(c, station)
        if places and (not station.beside or self.free_beside(c, station) is None):
            lacks.update(places)
        if station.team and not self.team_of(site, station)[1]:
            lacks.update(k for k, _ in station.team)
        return [k for k, _ in station.needs if k in lacks]

    def improves(self, c):
        """Who is cared for by fewer, or beside: could more come, or is the own place free and no fewer could?"""
        station = c.row.station
        heads, mine = self.team_of(c.site, station, c.people)[1], self.heads(c)
        return heads > mine or (c.beside is not None and heads >= mine and not self.missing_places(c, station))

    def heads(self, c):
        """Heads of those who care for him."""
        return sum(n / self.inputs.parts[k] for k, n in c.people)

    # ---- a stage begins, is topped up, ends ---------------------------------------------------------------------
    def start(self, c):
        """A stage begins."""
        site, row, station = c.site, c.row, c.row.station
        self.charge(c)
        self.leave_queue(c)
        self.end_wait(c, "service")
        c.state = IN_STAGE
        c.work = inverse(row.law, u(c.key, row.purpose, c.moves)) * site.plan.pace[station.at]
        c.missing_blood = self.take_blood(c)
        for k, n in station.others:
            self.use(site, k, n)
        self.take(c)
        if row.is_inpatient:
            self.off_load(c)
        if not row.is_fifo:
            self.leave_seat(c)
        if row.is_cure_at_start:
            c.needs = c.needs & ~row.cures | row.adds
        if row.is_surgery and c.operated_at is None:
            c.operated_at = self.now
        if row.is_entry and c.bed_at is None:
            c.bed_at, c.bed_lane = self.now, c.lane
        self.note("start", c, station.at, 1000 * c.strength)
        self.go_on(c)

    def take_blood(self, c):
        """Takes what is there of the blood he wants; the share that is missing."""
        station, site = c.row.station, c.site
        wanted = self.inputs.blood[c.template] if c.row.is_blood and station.blood is not None else 0
        if not wanted:
            return 0.0
        taken = max(0, min(wanted, site.cap[station.blood] - site.busy[station.blood]))
        if taken:
            self.use(site, station.blood, taken)
        return 1.0 - taken / wanted

    def take(self, c):
        """Place and people: the own place if it is free, else the best beside; whoever of the team is idle."""
        site, row, station = c.site, c.row, c.row.station
        c.beside = self.free_beside(c, station) if self.missing_places(c, station) else None
        if station.places:
            places = station.places if c.beside is None else [(station.beside[c.beside], 1)]
            lies = [k for k, _ in c.holds]
            for k, n in places:
                if k not in lies:
                    self.use(site, k, n)
            for k, n in c.holds:
                if k not in [kind for kind, _ in places]:
                    self.use(site, k, -n)
            c.holds = places
        c.people, heads = self.team_of(site, station)
        self.lack_in_care(c)
        for k, n in c.people:
            self.use(site, k, n)
        c.strength = heads / self.full_team(station) if station.team else 1.0
        own = row.protect if c.beside is None else row.aside_protect[c.beside]
        self.set_protect(c, self.weakened(c, own))
        c.partial_after = self.weakened(c, row.partial)

    def lack_in_care(self, c):
        """What a full team in the own place would have needed besides was lacking from now on at the latest."""
        came = dict(c.people)
        lacks = [k for k, n in c.row.station.team if came.get(k, 0) < n]
        if c.beside is not None:
            lacks += self.missing_places(c, c.row.station)
        for k in lacks:
            c.site.saturated.setdefault(k, self.now)

    def weakened(self, c, factor):
        """A factor by the strength of the team, then by the blood that is missing."""
        factor += (1.0 - factor) * (1.0 - c.strength)
        return factor + (max(c.row.short, factor) - factor) * c.missing_blood

    def go_on(self, c):
        """The end is scheduled for the work that is left; with less than everything he stands in the second queue."""
        c.began = self.now
        c.done_number += 1
        self.his(self.now + c.work / c.strength, DONE_CLASS, self.on_done, c, c.done_number)
        c.in_second = bool(c.row.station.team) and (c.strength < 1.0 or c.beside is not None)
        if c.in_second:
            self.stand(c, c.row.station.second, c.lane)
        self.look_at_body(c)

    def top_up(self, c):
        """Care is interrupted: the work done is credited, people and place are taken anew."""
        self.charge(c)
        self.step_out(c, c.row.station.second)
        c.work -= c.strength * (self.now - c.began)
        self.release_people(c)
        self.take(c)
        self.note("more", c, c.row.station.at, 1000 * c.strength)
        self.go_on(c)

    def on_done(self, c, number):
        """DONE: ends the stage."""
        if number != c.done_number:
            return
        row = c.row
        self.note("done", c, row.station.at)
        if c.in_second:
            self.step_out(c, row.station.second)
            c.in_second = False
        self.end_services(c)
        if c.dead:
            self.clear_away(c)
            return
        if row.partial_min > 0.0 and not (self.now < c.partial_until and c.partial < c.partial_after):
            c.partial, c.partial_until = c.partial_after, self.now + row.partial_min
        self.set_protect(c, 1.0)
        if not row.is_cure_at_start:
            c.needs = c.needs & ~row.cures | row.adds
        if row.is_first_care:
            self.end_care(c)
        self.look_at_body(c)
        self.next_row(c, row)

    def end_services(self, c):
        """People and machines come back; a transfer crew stays with the casualty, blood is gone."""
        self.release_people(c)
        if c.row.is_move and not c.dead:
            return
        for k, n in c.row.station.others:
            if self.inputs.classes[k] == 1:
                self.use(c.site, k, -n)

    def next_row(self, c, row):
        """By the row's flags: triage, departure, look, branch; then on."""
        begins = self.inputs.begins
        if row.is_triage:
            self.triage(c)
        if row.is_load:
            self.depart(c)
        elif row.is_move:
            self.move(c)
        elif row.is_branch:
            self.proceed(c, begins[COLOURS[c.colour]])
        elif row.is_look:
            self.look(c)
            self.after_look(c, row)
        elif row.is_first_care and c.colour == 0 and row.path in ("yellow", "green"):
            self.proceed(c, begins["red"])
        else:
            self.proceed(c, row.at + 1)

    def after_look(self, c, row):
        """Same path: the next row. Another path: its start; who goes down releases his places. Comfort begins again."""
        begin = self.inputs.begins[COLOURS[c.colour]]
        if begin != self.inputs.begins[row.path]:
            if c.colour > COLOURS.index(row.path):
                self.release_places(c)
            self.proceed(c, begin)
        elif c.colour == 3 and self.inputs.expectant:
            self.proceed(c, begin)
        else:
            self.proceed(c, row.at + 1)

    # ---- giving back --------------------------------------------------------------------------------------------
    def release_people(self, c):
        """His team goes."""
        for k, n in c.people:
            self.use(c.site, k, -n)
        c.people = []

    def release_places(self, c):
        """Places are given back."""
        for k, n in c.holds:
            self.use(c.site, k, -n)
        c.holds = []

    # ---- level of care ------------------------------------------------------------------------------------------
    def set_protect(self, c, value):
        """A factor holds from now on; what the last one gave is added up from the door to the end of first care."""
        self.care_so_far(c)
        c.protect = value

    def care_so_far(self, c):
        """Add up until now."""
        if c.care_from is not None and c.care_until is None:
            c.cared += (1.0 - c.protect) * (self.now - c.care_since)
            c.care_since = self.now

    def begin_care(self, c):
        """The door: the severe who arrive alive."""
        if c.care_from is None and self.inputs.group_of[c.template] == 0:
            c.care_from = c.care_since = self.now

    def end_care(self, c):
        """First care ends."""
        self.care_so_far(c)
        if c.care_from is not None and c.care_until is None:
            c.care_until = self.now
