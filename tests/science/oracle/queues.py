"""Queues, resources and stages (structure.md, 5 to 7)."""

from .draws import inverse, u
from .state import ARRIVAL_CLASS, DONE_CLASS, IN_STAGE, LEFT, WAITING


class Queues:
    """Joining, waiting, starting, giving back."""

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
        if (row.needs_any and not c.needs & row.needs_any) or c.needs & row.needs_none:
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
        self.touch(site, (t,))
        if row.is_load:
            self.call_ambulance(c)
        if row.is_transfer and self.can_transfer(c) and self.possible_elsewhere(c, row):
            limit = self.inputs.p["transfer.wait_limit_min"]
            self.clock.at(self.now + limit, ARRIVAL_CLASS, self.on_check, c, c.wait_number)

    def leave_queue(self, c):
        """Out of the queue; the head may have changed."""
        t = c.row.station.at
        c.site.queue[t][c.lane].remove(c)
        c.site.waiting[t] -= 1
        if not c.site.waiting[t]:
            del c.site.waiting[t]
        self.touch(c.site, (t,))

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
        """Try the heads of a site, best first; True if one has started. A thorough twin tries all heads, so that it would start one that the model's page forgot to
        touch; a lean one only those of stations that have changed."""
        heads, cap, busy = [], site.cap, site.busy
        for t in site.waiting if self.thorough else site.changed & site.waiting.keys():
            for lane in site.queue[t]:
                if lane:
                    head = lane[0]
                    heads.append((head.lane, head.queued_at, head.queue_number, t, head))
                    break
        heads.sort()
        for _, _, _, t, head in heads:
            for kind, units in self.inputs.stations[t].needs:
                if busy[kind] + units > cap[kind]:
                    if t in site.changed:
                        site.changed.discard(t)
                        site.lacks[t] = kind
                        site.saturated.setdefault(kind, self.now)
                    break
            else:
                self.start(head)
                return True
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
            if taken:
                self.touch(site, self.inputs.users[station.blood])
            missing = 1.0 - taken / wanted
        if station.places:
            self.release_places(c)
            c.holds = station.places
        if row.is_inpatient:
            self.off_load(c)
        c.protect = row.protect + (max(row.short, row.protect) - row.protect) * missing
        c.partial_after = row.partial + (max(row.short, row.partial) - row.partial) * missing
        if row.is_cure_at_start:
            c.needs = c.needs & ~row.cures | row.adds
        if row.is_surgery and c.operated_at is None:
            c.operated_at = self.now
        if row.is_entry and c.bed_at is None:
            c.bed_at, c.bed_lane = self.now, c.lane
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
