"""What the twin keeps while it runs: SimPy's clock with the model's tie rule, sites and casualties."""

import math

import simpy

STEP_CLASS, DONE_CLASS, ARRIVAL_CLASS, BODY_CLASS = range(4)
DEAD = 4
UNREACHED, WAITING, IN_STAGE, RIDING, LEFT, GONE = "unreached", "waiting", "in_stage", "riding", "left", "gone"
COLOURS = ("red", "yellow", "green", "black")


class Clock(simpy.Environment):
    """SimPy's environment with one more word: `at`. What lies beyond the horizon is neither stored nor counted."""

    def __init__(self, horizon, after):
        super().__init__()
        self.horizon, self.after = horizon, after

    def at(self, minute, order, handler, *what):
        """Let `handler(*what)` happen at a minute, in its class."""
        if minute > self.horizon:
            return

        def happen(_):
            handler(*what)
            self.after()

        event = simpy.Event(self)
        event._ok, event._value = True, None
        event.callbacks.append(happen)
        self.schedule_at(event, minute, order)

    def schedule_at(self, event, minute, order):
        """SimPy's own schedule, with the minute itself and not a delay that would round it."""
        now, self._now = self._now, minute
        self.schedule(event, order)
        self._now = now

    def run_out(self):
        """All events up to the horizon."""
        while self._queue:
            self.step()


class Site:
    """A scene or a hospital during the run."""

    def __init__(self, at, plan, stations, queues):
        self.at, self.plan, self.is_scene = at, plan, plan.is_scene
        self.cap, self.busy = list(plan.base), [0] * len(plan.base)
        self.held, self.outage = [0] * len(plan.base), [0] * len(plan.base)
        self.queue = [[[], [], [], []] for _ in range(queues)]
        self.waiting = {}  # queue → how many stand in it, where somebody does
        self.changed = set()  # queues whose head, line or kinds have changed since their head was last refused
        self.lacks = [()] * stations  # kinds that do not fit the head
        self.lacks_since = [0.0] * stations
        self.charged = [{} for _ in range(stations)]  # kind → minutes that each who waited all the time has been charged for it
        self.lack_sort = [[0.0, 0.0, 0.0] for _ in range(stations)]  # minutes waited for a place, people, both
        self.dark = set()                        # kinds without power
        self.load = [0, 0, 0]
        self.coming = self.parked = self.left = 0
        self.opened = plan.start <= 0.0
        self.arrived = self.peak_load = self.seated = 0
        self.outside = []  # who waits in the vehicle that brought him
        self.ended = {}  # (station, how) → [waits, minutes]
        self.longest = [0] * stations
        self.loss = {}  # cause → q lost
        self.saturated = {}  # kind → minute of the first refusal for lack of it
        self.lacked = {}  # kind → minutes waited for it


class Casualty:
    """A casualty during the run."""

    def __init__(self, at, key):
        self.at, self.key = at, key
        self.colour = self.row = self.loaded = self.destination = self.ride_kind = self.lane = None
        self.body_at = self.arrived_at = self.bed_at = self.operated_at = self.beside = None
        self.seat = None
        self.alone = self.dead = self.stopped = self.in_second = self.turned = False
        self.crossing = self.body_token = self.wait_number = self.rides = self.moves = self.looks = self.done_number = 0
        self.exposure, self.protect, self.partial, self.partial_until = 0.0, 1.0, 1.0, -math.inf
        self.holds, self.people, self.kept, self.state, self.site = [], [], [], UNREACHED, None
        self.seniority, self.snapshot = 0, {}
        self.work = self.began = self.strength = self.missing_blood = 0.0
        self.care_from, self.care_since, self.cared, self.care_until = None, 0.0, 0.0, None


def nth(values, number):
    """The given value of a casualty: one for all, or his own."""
    return values[number - 1 if len(values) > 1 else 0]


def quantum(s):
    """Survival as an integer of 2^-40."""
    return math.floor(s * 2.0**40 + 0.5)


def survival(curve, exposure):
    """Survival at an exposure: nodes every 5 minutes, linear between them, the last one holds."""
    at = exposure / 5.0
    node = int(at)
    if node >= len(curve) - 1:
        return curve[-1]
    return curve[node] + (at - node) * (curve[node + 1] - curve[node])
