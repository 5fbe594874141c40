"""Queues: joining, waiting, settling, leaving care (structure.md, 6 and 7)."""

from beiji.science.pathway import AIRWAY, CHEST, COMPRESSIBLE, NON_COMPRESSIBLE

from .draws import LOOK, TRIAGE, u
from .state import ARRIVAL_CLASS, COLOURS, LEFT, WAITING


class Queues:
    """Who stands where, and who is next."""

    def proceed(self, c, r, relabelled=None):
        """Join the first row from r on that is taken, or leave."""
        passed_over = False
        while (row := self.inputs.rows[r]) is not None:
            if (not row.is_else or passed_over) and self.wants(c, row):
                away = self.free_elsewhere(c, row) if row.is_if_free else None
                if away is not None:
                    self.go_at_once(c, row, away, relabelled)
                    return
                if self.free(c.site, row.station) if row.is_if_free else not row.is_skip or self.possible(c.site, row) or self.may_move(c, row):
                    self.join(c, row, relabelled)
                    return
                passed_over = True
            else:
                passed_over = False
            r += 1
        self.leave_care(c, relabelled)

    def leave_care(self, c, relabelled=None):
        """Places back, off the load. The clock stops unless an open need runs it."""
        if relabelled is not None:
            self.end_wait(c, "move", relabelled)
        self.charge(c)
        self.leave_seat(c)
        self.release_places(c)
        self.off_load(c)
        c.state = LEFT
        c.stopped = not self.inputs.p["rule.open_needs"] or self.inputs.speed[c.needs & 1023] <= 0.0
        self.note("leave", c, value=-1 if c.colour is None else c.colour)
        self.look_at_body(c)

    def possible(self, site, row):
        """Could the station ever start here? Everything is there in the reference of unlimited hospitals."""
        return site.plan.possible[row.station.at] or (self.unlimited and not site.is_scene)

    def wants(self, c, row):
        """Do needs and the take draw ask for the row?"""
        if (row.needs_any and not c.needs & row.needs_any) or c.needs & row.needs_none or c.needs & row.needs_all != row.needs_all:
            return False
        return not row.take_purpose or row.take_from <= u(c.key, row.take_purpose, c.moves) < row.take_to

    def may_move(self, c, row):
        """Is there another hospital for a row that is impossible here?"""
        return row.is_transfer and self.can_transfer(c) and self.other_hospital(c, row) is not None

    def can_transfer(self, c):
        """May he still be moved? Some times a casualty, not in the reference of unlimited hospitals."""
        return self.inputs.transfers and not self.unlimited and not c.site.is_scene and c.moves < self.inputs.p["transfer.most_moves"]

    def lane_in(self, c, row):
        """Lane in a row's queue."""
        if row.is_deferred:
            return 3
        if row.is_surgery and not row.is_fifo and self.inputs.p["rule.surgery_order"] and c.colour in (0, 1, 2):
            return self.order_of_surgery(c)
        return 0 if row.is_fifo or c.colour is None else c.colour

    def order_of_surgery(self, c):
        """Airway and chest, and who bleeds and is red; who bleeds; the rest."""
        injury = self.inputs.needs[c.template]
        if injury & (AIRWAY | CHEST):
            return 0
        if injury & (NON_COMPRESSIBLE | COMPRESSIBLE):
            return 0 if c.colour == 0 else 1
        return 2

    def join(self, c, row, relabelled=None, kept=False):
        """Join a row's queue by seniority; where its station is impossible, another hospital is looked for at once. `relabelled`: the row that he waited for
        until now; `kept`: his place was kept for him, he stands first."""
        if row.is_transfer and self.can_transfer(c) and not self.possible(c.site, row):
            hospital = self.other_hospital(c, row)
            if hospital is not None:
                self.go_at_once(c, row, hospital, relabelled)
                return
        same = relabelled is not None and relabelled.station is row.station
        if row.is_retag and not same:
            self.look(c)
        if relabelled is not None and not same:
            self.end_wait(c, "move", relabelled)
        if not same:
            c.wait_from = self.now
        if kept:
            c.seniority = 0
        site, t = c.site, row.station.at
        c.row, c.state = row, WAITING
        c.wait_number += 1
        self.accrue(site, t)
        self.stand(c, t, 0 if kept else self.lane_in(c, row))
        site.longest[t] = max(site.longest[t], site.waiting[t])
        c.snapshot = dict(site.charged[t])
        self.note("join", c, t, c.lane)
        if row.is_load:
            self.call_ambulance(c)
        if row.is_transfer and self.can_transfer(c):
            self.joined.append((c, c.wait_number))

    def go_at_once(self, c, row, hospital, relabelled):
        """He goes to another hospital without having joined."""
        if relabelled is not None:
            self.end_wait(c, "move", relabelled)
        self.prepare_move(c, row, hospital)

    def free(self, site, station):
        """Could somebody start there now with everything: nobody waiting, units for all kinds?"""
        possible = site.plan.possible[station.at] or (self.unlimited and not site.is_scene)
        return possible and not site.waiting.get(station.at) and all(self.fits(site, k, n) for k, n in station.needs)

    def free_elsewhere(self, c, row):
        """The hospital that secondary transfer would find, where the row is not free here and is there; None if there is none."""
        if self.free(c.site, row.station) or not (row.is_transfer and self.can_transfer(c)):
            return None
        hospital = self.other_hospital(c, row)
        return hospital if hospital is not None and self.free(hospital, row.station) else None

    def number(self, c):
        """A number of seniority, higher than all before."""
        self.numbers += 1
        c.seniority = self.numbers

    def stand(self, c, q, lane):
        """Into a queue, before all of the lane who are less senior; where seniority does not count, at the tail."""
        if not self.inputs.p["rule.seniority"]:
            self.number(c)
        c.lane, line = lane, c.site.queue[q][lane]
        at = len(line)
        while at and line[at - 1].seniority > c.seniority:
            at -= 1
        line.insert(at, c)
        c.site.waiting[q] = c.site.waiting.get(q, 0) + 1
        self.touch(c.site, (q,))

    def step_out(self, c, q):
        """Out of a queue; the head may have changed."""
        c.site.queue[q][c.lane].remove(c)
        c.site.waiting[q] -= 1
        if not c.site.waiting[q]:
            del c.site.waiting[q]
        self.touch(c.site, (q,))

    def leave_queue(self, c):
        """Out of the queue in which he waits."""
        t = c.row.station.at
        self.accrue(c.site, t)
        self.step_out(c, t)
        if t not in c.site.waiting:
            c.site.lacks[t] = ()

    def end_wait(self, c, how, row=None):
        """Count a wait and how it ended."""
        site, t, minutes = c.site, (row or c.row).station.at, self.now - c.wait_from
        entry = site.ended.setdefault((t, how), [0, 0.0])
        entry[0] += 1
        entry[1] += minutes
        self.waits.append((c.at, site.at, t, c.wait_from, self.now, how))

    def check_later(self, c, wait_number):
        """CHECK after the limit."""
        self.his(self.now + self.inputs.p["transfer.wait_limit_min"], ARRIVAL_CLASS, self.on_check, c, wait_number)

    # ---- settling -----------------------------------------------------------------------------------------------
    def settle(self):
        """Start whoever can start, at all touched sites in the order of touching; the best head first. Who joined and still waits will be looked at after the limit."""
        while self.touched:
            site = self.touched[0]
            while self.start_one(site):
                pass
            self.touched.remove(site)
        for c, wait_number in self.joined:
            if c.state == WAITING and c.wait_number == wait_number:
                self.check_later(c, wait_number)
        self.joined.clear()

    def start_one(self, site):
        """Try the heads of a site, best first; True if one has started. A thorough twin tries all heads, so that it would start one that the model's page forgot to
        touch; a lean one only those of queues that have changed."""
        heads = []
        for q in site.waiting if self.thorough else site.changed & site.waiting.keys():
            for lane in site.queue[q]:
                if lane:
                    heads.append((lane[0].lane, lane[0].seniority, q, lane[0]))
                    break
        heads.sort(key=lambda head: head[:3])
        for _, _, q, head in heads:
            if q >= len(self.inputs.stations):
                if self.improves(head):
                    self.top_up(head)
                    return True
            else:
                lacks = self.lacking(head)
                if not lacks:
                    self.start(head)
                    return True
                self.lack(site, q, lacks)
            site.changed.discard(q)
        return False

    # ---- the door's load ----------------------------------------------------------------------------------------
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

    # ---- colours ------------------------------------------------------------------------------------------------
    def worse(self, c):
        """Would his truth change his tag?"""
        return c.truth == 3 or c.truth < c.colour

    def relabel(self, c):
        """A crossing makes the tag more urgent, or black; who waits changes his place."""
        if c.dead or c.state == LEFT or not self.worse(c) or c.truth == c.colour:
            return
        c.colour = c.truth
        self.note("colour", c, value=c.colour)
        if c.state == WAITING:
            row = c.row
            if row.is_fifo or row.is_deferred:
                return
            self.charge(c)
            self.leave_queue(c)
            if row.is_entry and not c.site.is_scene:
                self.proceed(c, self.inputs.begins[COLOURS[c.colour]], relabelled=row)
            else:
                self.join(c, row, relabelled=row)
        elif c.in_second:
            q = c.row.station.second
            self.step_out(c, q)
            self.stand(c, q, self.lane_in(c, c.row))

    def triage(self, c):
        """Write the colour, with the observer's error of the site."""
        draw = u(c.key, TRIAGE, 0 if c.site.is_scene else 1 + c.moves)
        c.colour = c.truth
        if c.truth == 0 and draw < c.site.plan.under:
            c.colour = 1
        elif c.truth in (1, 2) and draw < c.site.plan.over:
            c.colour = 0
        self.note("colour", c, value=c.colour)

    def look(self, c):
        """A look sets the colour right: the clinical one, with the error of a look."""
        p, group = self.inputs.p, self.inputs.group_of[c.template]
        draw = u(c.key, LOOK, c.looks)
        c.looks += 1
        colour = 0 if group in (0, 3) or (c.crossing > 0 and c.truth in (0, 3)) else group
        if self.inputs.expectant and group == 3 and c.truth == 3 and self.others_wait(c.site):
            colour = 3
        elif colour == 0:
            colour = 1 if draw < p["look.undertriage"] else 0
        elif draw < p["look.overtriage"]:
            colour = 0
        c.colour = colour
        self.note("colour", c, value=colour)

    def others_wait(self, site):
        """Does anybody red or yellow wait for resuscitation or life-saving surgery, or, where operations have an order, anybody but black for surgery?"""
        ordered = [t for t in self.inputs.first_in_line if self.inputs.p["rule.surgery_order"] and self.inputs.stations[t].name == "theatre_lifesaving"]
        return any(c.colour in (0, 1) or (t in ordered and c.colour == 2) for t in self.inputs.first_in_line for lane in site.queue[t] for c in lane)
