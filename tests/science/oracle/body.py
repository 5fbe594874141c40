"""The body: exposure clock, outcome law, attribution, crossings and death (structure.md, 4)."""

import math

from .state import BODY_CLASS, COLOURS, DEAD, GONE, IN_STAGE, LEFT, RIDING, UNREACHED, WAITING, quantum, survival


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
        self.expose(c)
        while c.crossing < len(c.crossings) and c.exposure >= c.crossings[c.crossing][0] - 1e-9:
            self.charge(c)
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
                self.proceed(c, self.inputs.begins[COLOURS[c.colour]], relabelled=row)
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
