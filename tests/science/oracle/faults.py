"""Faults on the way of a casualty: the twin with one sentence of the model card left out or got wrong, as a careless reader might write it."""

import dataclasses

from . import twin
from .inputs import Inputs


class AllOrNobody(twin.Replication):
    """Care waits for the whole team."""

    def team_of(self, site, station, own=()):
        """The whole team or none of it."""
        come, heads = super().team_of(site, station, own)
        return (come, heads) if heads >= self.full_team(station) else ([], 0.0)


class NobodyStepsAside(twin.Replication):
    """A full place is waited for."""

    def free_beside(self, c, station):
        """Never."""


class SecondPlaceFirst(twin.Replication):
    """Of the places beside the last is taken first."""

    def free_beside(self, c, station):
        """From the end of the list."""
        lies = [k for k, _ in c.holds]
        return next((j for j, k in reversed(list(enumerate(station.beside))) if k in lies or self.fits(c.site, k, 1)), None)


class NobodyIsToppedUp(twin.Replication):
    """Who began with fewer ends with fewer."""

    def improves(self, c):
        """Never."""
        return False


class OwnPeopleAreNotIdle(twin.Replication):
    """Only others could come to who is cared for by fewer."""

    def improves(self, c):
        """Without his own people."""
        return self.team_of(c.site, c.row.station)[1] > self.heads(c)


class OnlyForMorePeople(twin.Replication):
    """A free bay alone brings nobody up."""

    def improves(self, c):
        """More heads only."""
        return self.team_of(c.site, c.row.station, c.people)[1] > self.heads(c)


class WorkIsLost(twin.Replication):
    """Who goes up begins anew."""

    def top_up(self, c):
        """The minutes done do not count."""
        c.began = self.now
        super().top_up(c)


class MinutesDoNotStretch(twin.Replication):
    """Half a team works as fast as a whole."""

    def take(self, c):
        """The strength counts for the factor only."""
        super().take(c)
        c.strength = 1.0


class HalfATeamProtectsAsWell(twin.Replication):
    """The factor does not hang on who came."""

    def weakened(self, c, factor):
        """Blood only."""
        return factor + (max(c.row.short, factor) - factor) * c.missing_blood


class BesideIsAsGood(twin.Replication):
    """The own place's factor holds beside it."""

    def take(self, c):
        """As if he lay in the bay."""
        super().take(c)
        self.set_protect(c, self.weakened(c, c.row.protect))


class BloodAtEachTopUp(twin.Replication):
    """People and place are taken anew, and blood too."""

    def top_up(self, c):
        """What is missing is asked for again."""
        c.missing_blood = min(c.missing_blood, self.take_blood(c))
        super().top_up(c)


class TheDeadAreToppedUp(twin.Replication):
    """Who dies in care by fewer still stands for more."""

    def die(self, c):
        """He goes on standing until his stage ends."""
        second, c.in_second = c.in_second, False
        super().die(c)
        c.in_second = second


class PlacesAreNeededTwice(twin.Replication):
    """Who lies in a place needs another of the kind."""

    def missing_places(self, c, station):
        """Whatever he lies in."""
        return [k for k, n in station.places if not self.fits(c.site, k, n)]


class LooksSeeOnlyTheInjury(twin.Replication):
    """Signs that have become red do not make a casualty red."""

    def look(self, c):
        """As if nothing had been crossed."""
        crossing, c.crossing = c.crossing, 0
        super().look(c)
        c.crossing = crossing


class LooksNeverErr(twin.Replication):
    """A look is always right."""

    def look(self, c):
        """Without its error."""
        inputs, self.inputs = self.inputs, _without_error(self.inputs)
        super().look(c)
        self.inputs = inputs


def _without_error(inputs):
    """The same inputs, in which looks do not err."""
    clear = object.__new__(Inputs)
    clear.__dict__ = {**inputs.__dict__, "p": {"look.undertriage": 0.0, "look.overtriage": 0.0}}
    return clear


class EachLookDrawsTheSame(twin.Replication):
    """The error of a look is drawn once for all."""

    def look(self, c):
        """Always the first."""
        c.looks = 0
        super().look(c)


class OneLookOnly(twin.Replication):
    """Nobody is looked at again before scanner, theatre and intensive care."""

    def join(self, c, row, relabelled=None, kept=False):
        """Without the look at joining."""
        retag, row.is_retag = row.is_retag, False
        super().join(c, row, relabelled, kept)
        row.is_retag = retag


class LooksLeaveThePath(twin.Replication):
    """A new colour after a look changes the lane, not the path."""

    def after_look(self, c, row):
        """The next row."""
        self.proceed(c, row.at + 1)


class WhoGoesDownKeepsTheBay(twin.Replication):
    """The bay is kept until the next place is granted."""

    going_down = False

    def after_look(self, c, row):
        """Nothing is given back."""
        self.going_down = True
        super().after_look(c, row)

    def proceed(self, c, r, relabelled=None):
        """Now he goes."""
        self.going_down = False
        super().proceed(c, r, relabelled)

    def release_places(self, c):
        """Not for going down."""
        if not self.going_down:
            super().release_places(c)


class SecondLookForBlack(twin.Replication):
    """Black has rows of his own: who is seen to be red begins red's."""

    def after_look(self, c, row):
        """A tag that was black begins anew."""
        if self.was == 3 and c.colour == 0 and row.path == "red":
            self.proceed(c, self.inputs.begins["red"])
        else:
            super().after_look(c, row)

    def look(self, c):
        """Remembers the tag."""
        self.was = c.colour
        super().look(c)


class FirstCareKeepsThePath(twin.Replication):
    """Who is red after first care in an urgent place goes on from there."""

    def next_row(self, c, row):
        """The next row."""
        first, row.is_first_care = row.is_first_care, False
        super().next_row(c, row)
        row.is_first_care = first


class WorseIsSeenAtOnce(twin.Replication):
    """Nobody waits for the round."""

    def becomes_worse(self, c):
        """At once."""
        if c.colour is not None:
            self.relabel(c)


class NewTagsGoToTheTail(twin.Replication):
    """A new tag costs the place in the line."""

    def relabel(self, c):
        """A new number."""
        if c.state == "waiting" and self.worse(c):
            self.number(c)
        super().relabel(c)


class EveryQueueAtItsTail(twin.Replication):
    """Who joins a queue stands behind all of his lane."""

    def join(self, c, row, relabelled=None, kept=False):
        """A new number at each joining."""
        self.number(c)
        super().join(c, row, relabelled, kept)


class DeferredByColour(twin.Replication):
    """Operations that can wait are done in the lane of the colour."""

    def lane_in(self, c, row):
        """The colour."""
        return 0 if row.is_fifo or c.colour is None else c.colour


class OpenNeedsStop(twin.Replication):
    """Who leaves is cured."""

    def leave_care(self, c, relabelled=None):
        """The clock stops."""
        super().leave_care(c, relabelled)
        c.stopped = True


class NothingIsKept(twin.Replication):
    """The bed at the other hospital is taken by who is there first."""

    def prepare_move(self, c, row, hospital):
        """No promise."""
        places, row.station.places = row.station.places, []
        super().prepare_move(c, row, hospital)
        row.station.places = places


class KeptForTheDead(twin.Replication):
    """What is kept for who dies before he sets out stays kept."""

    def give_up_kept(self, c):
        """Nothing."""


class WhoComesMovedQueues(twin.Replication):
    """Who has been moved stands in his own lane, by his arrival."""

    def come_moved(self, c):
        """As everybody."""
        c.holds, c.kept = c.kept, []
        self.join(c, c.destination[0])


class MovedOnce(twin.Replication):
    """Nobody is moved twice."""

    def can_transfer(self, c):
        """Once."""
        return c.moves < 1 and super().can_transfer(c)


class LimitForTheImpossible(twin.Replication):
    """Also where a row is impossible, another hospital is looked for after the limit only."""

    def possible(self, site, row):
        """Joins first."""
        return True


class BlackHoldsTheTheatre(twin.Replication):
    """Who is black but alive is treated as red, whoever waits."""

    def others_wait(self, site):
        """Nobody."""
        return False


class SecondQueuesWait(twin.Replication):
    """Who is in care by fewer counts as waiting."""

    def accrue(self, site, t):
        """The second queue is charged to what the first one's head lacks."""
        q = self.inputs.stations[t].second
        more = site.waiting.get(q, 0) if q is not None and t in site.waiting else 0
        if more:
            site.waiting[t] += more
        super().accrue(site, t)
        if more:
            site.waiting[t] -= more


class TheLastRefusalGetsItAll(twin.Replication):
    """A wait is put down to what was lacking at its end."""

    def share_wait(self, c, amount):
        """To the first that lacks now."""
        self.lose(c, amount, self.cause(c))


class CareEndsAtTheLook(twin.Replication):
    """First care is over when he has been looked at."""

    def after_look(self, c, row):
        """Already."""
        self.end_care(c)
        super().after_look(c, row)


class NoShifts(Inputs):
    """Whoever is there at minute 0 stays."""

    def changes_of_shift(self, h, kind):
        """None."""
        return ()


class NobodyIsSentHome(Inputs):
    """The coming shift adds its people, the going one stays."""

    def changes_of_shift(self, h, kind):
        """Only more."""
        return [(at, apart) for at, apart in super().changes_of_shift(h, kind) if apart > 0]


class WholeReportReads(Inputs):
    """The minutes of a report hold those of its reading again."""

    def pace_of(self, station, key):
        """The key alone."""
        return key(self.paced[station.name]) if station.name in self.paced and station.name != "load" else 1.0


class RadiologistInTheHouse(Inputs):
    """A lone radiologist is there at night."""

    def timetable(self, plan, h, kind, declare, key):
        """As by day."""
        night, self.night = self.night, False
        values = h.values(night)
        super().timetable(plan, dataclasses.replace(h, day=values), kind, declare, key)
        self.night = night


class NursesOfBeforeAreFree(twin.Replication):
    """Patients of before the alert hold places and nobody."""

    def occupy(self, site, key, share):
        """No nurses."""
        super().occupy(site, key, share)
        nurses = self.inputs.kinds.index("nurses")
        site.busy[nurses] = site.held[nurses] = 0


class AllOfBeforeAreCleared(twin.Replication):
    """Everybody of before the alert goes."""

    def occupy(self, site, key, share):
        """All that is busy is held."""
        super().occupy(site, key, share)
        site.held = list(site.busy)
