"""The kernel's calendar and queues in Numba against a C port of just these, on the same work, interleaved: python benchmarks/event_calendar.py

Needs gcc. Each event joins and leaves a queue and schedules its successor; gaps are exponential and drawn beforehand, so that nothing else is measured.
"""

import ctypes
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
CASUALTIES, QUEUES, REPEATS, ROUNDS, LIMIT = 500, 300, 60, 9, 1.3


def c_port(folder: str, body: np.dtype, queue: np.dtype):
    """Compile the C file with the offsets of the kernel's own records."""
    offsets = {f"BODY_{f.upper()}": body.fields[f][1] for f in ("lane", "next", "previous")} | {
        f"QUEUE_{f.upper()}": queue.fields[f][1] for f in ("head", "tail", "waiting")
    }
    macros = [f"-D{k}={v}" for k, v in (offsets | {"BODY_SIZE": body.itemsize, "QUEUE_SIZE": queue.itemsize}).items()]
    library = f"{folder}/calendar.so"
    subprocess.run(
        [
            "gcc",
            "-O3",
            "-march=native",
            "-shared",
            "-fPIC",
            *macros,
            str(ROOT / "benchmarks" / "event_calendar.c"),
            "-o",
            library,
        ],
        check=True,
    )
    hold = ctypes.CDLL(library).hold
    pointer, whole, real = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
    hold.argtypes, hold.restype = [pointer] * 5 + [whole, real, real, whole, whole, pointer, whole, whole], whole
    return hold


def numba_port():
    """The same loop over the kernel's own functions."""
    from beiji.science.kernel import calendar, codes, queues

    @codes.entry
    def hold(m, gap, repeats):
        done, g = np.int64(0), np.int64(0)
        c = m.control[0]
        for _ in range(repeats):
            c.heap = c.events = c.sequence = c.queue_no = c.todo = 0
            c.free = c.day = -1
            for k in range(len(m.calendar)):
                m.calendar[codes.U(k)] = -1
            for i in range(CASUALTIES):
                calendar.at(m, gap[codes.U(g)], codes.CLASS_ARRIVAL, codes.ARRIVE, np.int64(i), np.int64(0))
                g = g + 1 if g + 1 < len(gap) else 0
            while True:
                e = calendar.next_event(m)
                if e < 0:
                    break
                calendar.pop_today(m.event, m.heap, m.control)
                v = m.event[codes.U(e)]
                c.now = v.at
                who = np.int64(v.who)
                calendar.recycle(m, e)
                q = (who * 7 + done) % QUEUES
                s, station = q // m.par[0].stations, q % m.par[0].stations
                queues.join(m, who, s, station, who & 3)
                queues.unjoin(m, who, s, station)
                calendar.at(m, c.now + gap[codes.U(g)], np.int64(1) + (who & 1), codes.ARRIVE, who, np.int64(0))
                g = g + 1 if g + 1 < len(gap) else 0
                done += 1
        return done

    return hold


def main() -> int:
    """Print nanoseconds an event of both and the ratio; 1 when it is above the limit."""
    from tests.science.kernel import cities

    from beiji.science.kernel.records import BODY_STATE, QUEUE
    from beiji.science.run import prepare

    model = prepare(cities.city(), cities.scenario(CASUALTIES))
    gap = np.random.default_rng(1).exponential(280.0, 100_003)
    one, two = model.fresh(), model.fresh()
    for sim in (one, two):
        sim.queue["head"], sim.queue["tail"] = -1, -1
    numba_hold = numba_port()
    with tempfile.TemporaryDirectory() as folder:
        c_hold = c_port(folder, BODY_STATE, QUEUE)
        address = [getattr(two, name).ctypes.data for name in ("event", "heap", "calendar", "body", "queue")]
        par = two.par[0]

        def c_run(repeats: int) -> int:
            return c_hold(
                *address,
                len(two.calendar),
                par["buckets_per_min"],
                par["horizon"],
                CASUALTIES,
                QUEUES,
                gap.ctypes.data,
                len(gap),
                repeats,
            )

        assert numba_hold(one, gap, 2) == c_run(2)
        ratios, cost = [], []
        for _ in range(ROUNDS):
            begin = time.process_time()
            events = numba_hold(one, gap, REPEATS)
            middle = time.process_time()
            c_run(REPEATS)
            end = time.process_time()
            ratios.append((middle - begin) / (end - middle))
            cost.append(1e9 * (middle - begin) / events)
    ratio = statistics.median(ratios)
    print(
        f"calendar and queues: {statistics.median(cost):.1f} ns an event in Numba, {statistics.median(cost) / ratio:.1f} ns in C, ratio {ratio:.2f} (at most {LIMIT})"
    )
    return int(ratio > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
