"""Step mode: run to a minute, look, decide, go on; branch into futures. Step mode gives the batch's numbers bit for bit."""
import math
from collections.abc import Sequence

import numpy as np

from .build import Model
from .city import City
from .decisions import (
    Decision,
    call_wave,
    divert,
    faults,
    open_units,
    retag,
    shift_declaration,
    theatre_order,
    transfer,
)
from .errors import ScienceError
from .kernel.records import Sim
from .live import Picture
from .live_arrays import reachable
from .parameters import Register
from .picture import take_picture
from .playback import events
from .results import LIFE
from .run import FAULTS, prepare, written
from .scenario import COLOURS, Scenario

PHASES = ("unreached", "waiting", "in_stage", "riding", "gone")
__all__ = ["Decision", "Session", "call_wave", "divert", "open_units", "retag", "shift_declaration", "theatre_order", "transfer"]


class Session:
    """One replication in step mode. `state`: start from a copy of another session's state (see `futures`, `branch`)."""

    def __init__(self, city: City, scenario: Scenario, *, seed: int = 1, replication: int = 0, deterioration: str = "sacco", policy: str | None = None,
                 horizon_min: float | None = None, parameters: Register | None = None, state: Sim | None = None, model: Model | None = None,
                 trace: bool = False) -> None:
        from .kernel import codes, records
        self._codes, self._records = codes, records
        self.model = model or prepare(city, scenario, deterioration=deterioration, policy=policy, horizon_min=horizon_min, parameters=parameters)
        self.city, self.scenario = city, scenario
        self._out = np.zeros(1, records.OUT)
        self.sim: Sim
        self.log: list[tuple[float, Decision]] = []
        if state is not None:
            self.sim = state
        else:
            self.sim = self.model.fresh(self.model.trace_lines if trace else 0)
            self._call(codes.BEGIN, seed, replication)
        self._start = self.copy()

    def _call(self, action: object, a: int = 0, b: int = 0, c: int = 0, x: float = 0.0) -> None:
        from .kernel import command
        fault = command(self.sim, action, np.int64(a), np.int64(b), np.int64(c), float(x), self._out)
        if fault:
            raise ScienceError.one("session", FAULTS[fault], "Report this with the scenario: it is a fault of the engine.")

    @property
    def now_min(self) -> float:
        """The present minute."""
        return float(self.sim.control["now"][0])

    def advance(self, to_min: float) -> "Session":
        """Process every event up to a minute."""
        if not self.now_min <= to_min < math.inf:
            raise ScienceError.one("to_min", f"{to_min!r} is no minute after the present one: it lies before the present minute {self.now_min:g}, or is none.", "Advance to a later minute, or start a new session.")
        self._call(self._codes.ADVANCE, x=to_min)
        return self

    def apply(self, decision: Decision) -> "Session":
        """Apply a decision now and grant what fits; it is written into `log`."""
        if problems := list(faults(decision, self.model, self.sim)):
            raise ScienceError(problems)
        self._carry_out(decision)
        self.log.append((self.now_min, decision))
        return self

    def undo(self) -> Decision:
        """Take the last decision back: the log without it is replayed from the start to the present minute. Returns it; refuses if there is none."""
        if not self.log:
            raise ScienceError.one("undo", "No decision has been taken in this session.", "There is nothing to take back.")
        now, (*kept, (_, last)) = self.now_min, self.log
        self.replay(kept, now)
        return last

    def replay(self, log: Sequence[tuple[float, Decision]], to_min: float) -> "Session":
        """From the session's start: each decision of a log at its minute, then on to a minute. The same log gives the same state, bit for bit."""
        self.sim, self.log = self._records.copy_state(self._start), []
        for minute, decision in log:
            self.advance(minute).apply(decision)
        return self.advance(to_min)

    def _carry_out(self, decision: Decision) -> None:
        c = self._codes
        if decision.kind == "change":
            row = self.model.site(decision.site) * len(self.model.kinds) + self.model.kind(decision.what)
            units = int(decision.amount) * self.model.parts[self.model.kind(decision.what)]
            self._make_possible(self.model.site(decision.site), row, units)
            self._call(c.DECIDE, int(c.CHANGE), row, units)
        elif decision.kind == "divert":
            mask = sum(1 << k for k, colour in enumerate(COLOURS[:3]) if colour in decision.colours)
            self.sim.site["accepts"][self.model.site(decision.site)] = mask
        elif decision.kind in ("wave", "declare"):
            wave = decision.amount if decision.kind == "wave" else 0
            self._call(c.DECIDE, int(c.RESCHEDULE), self.model.site(decision.site), wave, decision.minutes)
        elif decision.kind == "transfer":
            self._call(c.DECIDE, int(c.SEND), decision.casualty, self.model.site(decision.site))
        elif decision.kind == "theatre":
            for who in decision.order:
                self._call(c.DECIDE, int(c.FIRST), who)
        else:
            self._call(c.DECIDE, int(c.TAG), decision.casualty, COLOURS.index(decision.what))

    def _make_possible(self, s: int, row: int, units: int) -> None:
        """Opened where there was none: what needs it can be given from now on."""
        if s < self.model.scenes or units <= 0:
            return
        K, T = len(self.model.kinds), len(self.model.stations)
        unit = self.sim.unit[s * K:(s + 1) * K].copy()
        unit["cap"][row - s * K] += units
        self.sim.queue["possible"][s * T:(s + 1) * T] |= reachable(self.sim.station, unit, self.sim.step[self.sim.step["site"] == s], "cap")

    def snapshot(self) -> dict[str, object]:
        """What can be seen now: queues, units, casualties by phase and colour, loads, expected survivors so far."""
        sim, model = self.sim, self.model
        K, T = len(model.kinds), len(model.stations)
        body = sim.body
        queues = [{"site": model.sites[k // T], "station": model.stations[k % T], "waiting": int(q["waiting"])}
                  for k, q in enumerate(sim.queue) if q["waiting"]]
        units = [{"site": model.sites[k // K], "kind": model.kinds[k % K], "capacity": u["cap"] / model.parts[k % K], "busy": u["busy"] / model.parts[k % K]}
                 for k, u in enumerate(sim.unit) if u["cap"] or u["busy"]]
        loads = {model.sites[s]: [int(x) for x in sim.site["load"][s]] for s in range(model.scenes, len(model.sites))}
        phases = {name: int(((body["phase"] == k) & (body["dead"] == 0)).sum()) for k, name in enumerate(PHASES)}
        return {"minute": self.now_min, "queues": queues, "units": units, "loads": loads, "phases": phases, "dead": int(body["dead"].sum()),
                "survivors_so_far": float(body["q"].sum()) * LIFE}

    def copy(self) -> Sim:
        """The state, to be kept or branched from."""
        return self._records.copy_state(self.sim)

    def branch(self) -> "Session":
        """A second session from here with the same future draws: what another decision would have done."""
        return Session(self.city, self.scenario, model=self.model, state=self.copy())

    def futures(self, n: int) -> list["Session"]:
        """n sessions from here with the same past and new draws for all that is not drawn yet."""
        made = []
        for k in range(n):
            session = self.branch()
            session._call(self._codes.FUTURE, k)
            session._start = session.copy()
            made.append(session)
        return made

    def close(self) -> np.ndarray:
        """Run to the horizon and end: the record of results (kernel.records.OUT), as in a batch."""
        self._call(self._codes.ADVANCE, x=float(self.model.sim.par["horizon"][0]))
        self._call(self._codes.CLOSE)
        closed: np.ndarray = self._out[0].copy()
        return closed

    def events(self) -> list[dict[str, object]]:
        """Every step of every casualty so far, in words, when the session was opened with trace=True: for playback."""
        return list(events(self.model, written(self.sim)))

    def picture(self) -> Picture:
        """The present as a live picture that another scenario can start from (`Picture.onto`): what is known, not the draws."""
        return take_picture(self.model, self.sim)
