"""Faults at the doors: waiting rooms and the order of operations, got wrong as a careless reader of the card might."""

from . import twin


class SurgeryByColour(twin.Replication):
    """Life-saving operations are done in the lane of the colour, whatever the injury is."""

    def order_of_surgery(self, c):
        """The colour."""
        return c.colour


class HeadsFirst(twin.Replication):
    """The order of operations is got wrong: heads before those who bleed."""

    def order_of_surgery(self, c):
        """The third lane first."""
        return (super().order_of_surgery(c) + 1) % 3


class NobodyGoesOn(twin.Replication):
    """Who comes on foot to a full room stands there."""

    def goes_on(self, c):
        """Never."""
        return False


class AnyDoorIsNearest(twin.Replication):
    """Who is turned away goes on again at the next full door."""

    def goes_on(self, c):
        """As often as he meets one."""
        c.turned = False
        return super().goes_on(c)


class VehiclesAreFreeAtOnce(twin.Replication):
    """The hand-over begins at the door, whatever the room."""

    def sit_down(self, c):
        """He waits in the vehicle, and it is free."""
        super().sit_down(c)
        return True


class LastVehicleFirst(twin.Replication):
    """A free seat is for who came last."""

    def call_in(self, hospital):
        """The least senior."""
        first = max(hospital.outside, key=lambda c: c.came)
        hospital.outside.remove(first)
        first.seat = "seat"
        hospital.seated += 1
        self.hand_over(first, hospital)


class SeatsUntilTriage(twin.Replication):
    """A seat is free as soon as he has been triaged."""

    def triage(self, c):
        """He stands from now on."""
        super().triage(c)
        if not c.site.is_scene:
            self.leave_seat(c)
