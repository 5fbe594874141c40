"""Waiting rooms that can be full (structure.md, 5): seats, who goes on, who waits in the vehicle that brought him."""

import math

from . import draws
from .draws import inverse, u
from .state import DONE_CLASS

SEAT, VEHICLE = "seat", "vehicle"


class Doors:
    """Who sits where before first care."""

    def room(self, hospital):
        """Seats of a hospital; infinite where they are not limited, and in the reference of unlimited hospitals."""
        return hospital.plan.room if hospital.plan.room and not self.unlimited else math.inf

    def goes_on(self, c):
        """On foot to a full room: on to the nearest other hospital that takes his true colour and has a seat, once; False where he stays."""
        here = c.site
        if c.ride_kind == "ambulance" or c.turned or c.dead or here.seated < self.room(here):
            return False
        lane, minutes = (c.truth if c.truth < 3 else 0), self.inputs.travel[here.at]
        others = [(minutes[h.at], h.at, h) for h in self.sites
                  if not h.is_scene and h is not here and h.plan.lanes[lane] and h.seated < self.room(h) and minutes[h.at] < math.inf]
        if not others:
            return False
        c.turned, kind, colour = True, c.ride_kind, c.colour
        self.count["turned_away"] += 1
        self.off_load(c)
        self.note("walk", c, value=min(others)[2].at)
        c.colour = None                          # the load is of his true colour
        self.ride(c, min(others)[2], "alone")
        c.colour, c.ride_kind = colour, kind
        return True

    def sit_down(self, c):
        """Who came alive takes a seat; brought to a full room he stays in the vehicle. May the hand-over begin?"""
        hospital = c.site
        if c.dead or self.room(hospital) == math.inf:
            return True
        if c.ride_kind == "ambulance" and hospital.seated >= self.room(hospital):
            c.seat = VEHICLE
            hospital.outside.append(c)
            self.count["held_vehicles"] += 1
            return False
        c.seat = SEAT
        hospital.seated += 1
        return True

    def hand_over(self, c, hospital):
        """The vehicle that brought him is free after the hand-over."""
        minutes = inverse(self.inputs.hand_over, u(c.key, draws.HAND_OVER))
        self.clock.at(self.now + minutes, DONE_CLASS, self.on_free, c, hospital)

    def leave_seat(self, c):
        """Called in, moved or gone: his seat, or his vehicle; a free seat is for the most senior in a vehicle."""
        if c.seat is None:
            return
        hospital, seat, c.seat = c.site, c.seat, None
        if seat == VEHICLE:
            hospital.outside.remove(c)
            self.hand_over(c, hospital)
        else:
            hospital.seated -= 1
        while hospital.outside and hospital.seated < self.room(hospital):
            self.call_in(hospital)

    def call_in(self, hospital):
        """The most senior in a vehicle sits down."""
        first = min(hospital.outside, key=lambda c: c.came)
        hospital.outside.remove(first)
        first.seat = SEAT
        hospital.seated += 1
        self.hand_over(first, hospital)
