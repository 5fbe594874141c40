"""The body: exposure clock, outcome law, attribution, crossings and death (structure.md, 4)."""

import math

from .draws import ROUND, u
from .state import ARRIVAL_CLASS, BODY_CLASS, DEAD, GONE, IN_STAGE, LEFT, RIDING, UNREACHED, WAITING, quantum, survival


class Body:
    """What happens to a casualty's body."""

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
        if self.is_still(c) or c.crossing >= len(c.crossings):
            return
        if since is None:
            self.expose(c)
        minute = c.exposed_at + self.minutes_to(c, c.crossings[c.crossing][0])
        if minute <= self.inputs.horizon and (c.body_at is None or minute < c.body_at):
            c.body_at = minute
            c.body_token += 1
            self.his(minute, BODY_CLASS, self.on_body, c, c.body_token)

    def is_still(self, c):
        """Does his clock stand for good?"""
        return c.dead or c.state == GONE or (c.state == LEFT and c.stopped)

    def charge(self, c):
        """A boundary of his story: survival is computed anew and its fall written to the site and the cause."""
        if self.is_still(c):
            return
        self.expose(c)
        q = quantum(survival(c.curve, c.exposure))
        if c.state == WAITING:
            self.share_wait(c, c.q - q)
        elif q != c.q:
            self.lose(c, c.q - q, self.cause(c))
        c.q = q

    def lose(self, c, amount, cause):
        """Add a loss to a cause at the site where he is."""
        c.site.loss[cause] = c.site.loss.get(cause, 0) + amount

    def cause(self, c):
        """What he is suffering from just now; while waiting the kind that is lacking first."""
        if c.state == WAITING:
            return self.inputs.kinds[self.first_lacking(c)]
        return {UNREACHED: "unreached", RIDING: "travel", IN_STAGE: "care", LEFT: "left"}[c.state]

    # ---- what a wait is charged to ------------------------------------------------------------------------------
    def first_lacking(self, c):
        """The first kind that is lacking now, else the station's first."""
        station = c.row.station
        return next(iter(c.site.lacks[station.at]), station.needs[0][0] if station.needs else 0)

    def accrue(self, site, t):
        """Bring the minutes waited at a station up to now: each is shared equally over what its head lacks."""
        span, lacks, there = self.now - site.lacks_since[t], site.lacks[t], site.waiting.get(t, 0)
        site.lacks_since[t] = self.now
        if span <= 0.0 or not there or not lacks:
            return
        for k in lacks:
            site.charged[t][k] = site.charged[t].get(k, 0.0) + span / len(lacks)
            site.lacked[k] = site.lacked.get(k, 0.0) + there * span / len(lacks)
        people = [self.inputs.kind_specs[k].people for k in lacks]
        site.lack_sort[t][1 if all(people) else 2 if any(people) else 0] += there * span

    def lack(self, site, t, lacks):
        """From now on the head of a station lacks these kinds."""
        self.accrue(site, t)
        site.lacks[t] = lacks
        for k in lacks:
            site.saturated.setdefault(k, self.now)

    def share_wait(self, c, amount):
        """A fall while waiting is shared over the kinds by what they were charged since his last boundary; what is left over goes to the first that lacks now."""
        t = c.row.station.at
        self.accrue(c.site, t)
        charged = c.site.charged[t]
        minutes = {k: m - c.snapshot.get(k, 0.0) for k, m in charged.items()}
        total, left = sum(minutes.values()), amount
        if total > 0.0 and amount:
            for k, m in minutes.items():
                part = int(amount * (m / total))
                left -= part
                self.lose(c, part, self.inputs.kinds[k])
        if left:
            self.lose(c, left, self.cause(c))
        c.snapshot = dict(charged)

    # ---- crossings ----------------------------------------------------------------------------------------------
    def on_body(self, c, token):
        """BODY: the exposure reaches a crossing: truth changes, or he dies."""
        if token != c.body_token or self.is_still(c):
            return
        c.body_at = None
        while c.crossing < len(c.crossings) and c.exposure >= c.crossings[c.crossing][0] - 1e-9:
            c.truth = c.crossings[c.crossing][1]
            c.crossing += 1
            if c.truth == DEAD:
                self.die(c)
                return
            self.note("truth", c, value=c.truth)
            self.becomes_worse(c)
        self.look_at_body(c)

    def becomes_worse(self, c):
        """The tag follows at once where somebody is with him, else when the round comes."""
        if c.colour is None or c.state == LEFT or not self.worse(c) or c.truth == c.colour:
            return
        minutes = self.inputs.p["retriage.round_min"]
        if c.state == IN_STAGE or minutes <= 0.0:
            self.relabel(c)
        else:
            self.his(self.now + minutes * u(c.key, ROUND, c.crossing), ARRIVAL_CLASS, self.relabel, c)

    def die(self, c):
        """All survival that is left is lost; who waits is cleared away, who is in a stage or rides stays until its end."""
        self.charge(c)
        self.lose(c, c.q, self.cause(c))
        c.q, c.dead = 0, True
        where = {UNREACHED: "dead_unreached", WAITING: "dead_waiting", IN_STAGE: "dead_in_stage", RIDING: "dead_riding", LEFT: "dead_left"}[c.state]
        at_scene = c.site.is_scene and c.state in (WAITING, IN_STAGE)
        self.count["dead_at_scene" if at_scene else where] += 1
        self.note("die", c)
        self.end_care(c)
        if c.scene is not None and c.state != RIDING and c.site is c.scene:
            self.leave_scene(c)
        if c.state != RIDING:
            self.give_up_kept(c)
        self.leave_seat(c)
        if c.state == WAITING:
            self.leave_queue(c)
            self.end_wait(c, "death")
            self.clear_away(c)
        elif c.state == UNREACHED:
            c.state = GONE
        elif c.in_second:
            self.step_out(c, c.row.station.second)
            c.in_second = False

    def clear_away(self, c):
        """Places back, off the load, gone."""
        self.release_places(c)
        self.off_load(c)
        c.state = GONE

    def leave_scene(self, c):
        """One fewer at the scene; who will leave on foot is never counted."""
        c.scene.left -= not c.alone
