"""The engine beside SimPy, Ciw and salabim on work that all four can express: an M/M/3 queue and a tandem of two stations.

    python benchmarks/others.py            the page (about a minute)
    python benchmarks/others.py --quick    three rounds
    python benchmarks/others.py --json     machine-readable

Needs `requirements/bench.txt`; a program that is not installed is named and left out. Every program begins empty, serves the same number of customers first
come, first served, and reports the mean wait at every station, zero waits included; the page prints them beside the exact values of Erlang's C formula. SimPy,
Ciw and salabim serve the very same customers (`draws`), so that their waits must agree to the last digit; the engine makes draws of its own, as it always does.
Process CPU time, one thread, draws included; what an earlier stretch left behind is cleared off the clock. A round is a stretch of each program, in an order
that moves by one from round to round; a ratio is the median of the rounds' ratios. SimPy runs without records and salabim with the monitors of its resources
off; Ciw always writes a record a customer. The engine's arrays and Ciw's network are made outside the clock, as both are made once for any number of
replications. salabim stands there twice: with a component a customer, and with components used again, which spares it the examination of
signatures that it makes for every new component.
"""

import argparse
import gc
import importlib
import importlib.util
import json
import math
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

CUSTOMERS = 5000
ROUNDS, QUICK_ROUNDS = 9, 3
ENGINE_REPLICATIONS = 100  # of the engine a round, so that its stretch is long enough to be timed; of the others one
LIMIT = 5.0  # standard errors over the rounds, by which a mean wait may miss the exact value
EMPTY_START = 0.02  # share of the exact wait by which a run that begins empty may fall short of the long run
SAME = 1e-6  # minutes by which the waits of those with the same draws may differ

Run = Callable[[int], list[float]]  # a seed → the mean wait at every station, in minutes


@dataclass(frozen=True)
class Case:
    """Stations in a row: arrivals a minute, then (servers, mean service in minutes) of each."""

    name: str
    rate: float
    stations: tuple[tuple[int, float], ...]

    def exact(self) -> list[float]:
        """Mean wait at every station by Erlang's C formula; behind a queue of this kind arrivals are Poisson again (Burke)."""
        return [erlang_c(self.rate, servers, mean) for servers, mean in self.stations]


CASES = (
    Case("M/M/3, 2 arrivals a minute", 2.0, ((3, 1.0),)),
    Case("M/M/2, then M/M/1, 1.5 arrivals a minute", 1.5, ((2, 1.0), (1, 0.5))),
)

ABLE = (
    ("", "engine", "SimPy", "Ciw", "salabim"),
    ("several kinds of staff and rooms for one casualty, all or nothing", "data", "by hand", "no", "ready"),
    ("death in the queue at a given time", "data", "by hand", "ready", "ready"),
    ("a state that worsens through all waits and is held by treatment", "data", "by hand", "part", "by hand"),
    ("a destination by travel and by the load at that minute", "data", "by hand", "by hand", "by hand"),
    ("the same draws for the same casualty in every alternative", "ready", "by hand", "by hand", "by hand"),
)
ABLE_NOTES = (
    "Data: said in the scenario, without a program. Ready: a call of the library. By hand: a program of one's own, as `tests/science/oracle` is one in SimPy.",
    "SimPy's AllOf of two requests keeps the first while it waits for the second; all or nothing needs a queue of one's own. salabim grants several at once or none.",
    "Ciw gives a customer one server of one node. Customers may renege, change class while they queue and join the shortest queue; travel is a node of its own.",
    "The engine in turn has no shared processors and no free processes: for those take Ciw, SimPy or salabim. They are Python, the engine is machine code.",
)


def erlang_c(rate: float, servers: int, mean: float) -> float:
    """Mean wait of M/M/c in minutes: P(wait) / (c/mean − rate). Source: Erlang 1917; any textbook of queues."""
    load = rate * mean
    full = load**servers / math.factorial(servers) / (1 - load / servers)
    return full / (sum(load**k / math.factorial(k) for k in range(servers)) + full) / (servers / mean - rate)


def draws(case: Case, seed: int) -> list[tuple[float, ...]]:
    """A tuple a customer: the gap before the arrival, then the service at every station; minutes, exponential."""
    draw, rates = random.Random(seed).expovariate, [case.rate, *(1 / mean for _, mean in case.stations)]
    return [tuple(map(draw, rates)) for _ in range(CUSTOMERS)]


def engine(case: Case) -> Run:
    """The engine, its stages as rows of data; the mean is over all replications of the round."""
    from tests.science.kernel.cities import queue_case

    from beiji.science.draws import exponential
    from beiji.science.results import MINUTE
    from beiji.science.run import prepare, run_model
    from beiji.science.scenario import Arrivals

    arrivals = Arrivals(
        "a", count=CUSTOMERS, gap=exponential(1 / case.rate), hospital="q", stage="s0", colours=("green",)
    )
    servers = {f"r{k}": count for k, (count, _) in enumerate(case.stations)}
    stages = {f"s{k}": (f"r{k}", exponential(mean)) for k, (_, mean) in enumerate(case.stations)}
    model = prepare(*queue_case(servers, stages, (arrivals,)), horizon_min=2 * CUSTOMERS / case.rate)
    places = [model.stations.index(name) for name in servers]

    def run(seed: int) -> list[float]:
        queue = run_model(model, replications=ENGINE_REPLICATIONS, seed=seed, unlimited=False)[1]["queue"]
        rows = [queue[len(queue) - len(model.stations) + place] for place in places]
        if any(row["ended"].sum() != CUSTOMERS * ENGINE_REPLICATIONS for row in rows):
            raise SystemExit("The engine has not served every customer; the comparison would be of unequal work.")
        return [float(row["wait_q"].sum()) * MINUTE / int(row["ended"].sum()) for row in rows]

    return run


def simpy(case: Case) -> Run:
    """SimPy: a process a customer, a resource a station."""
    library = importlib.import_module("simpy")

    def run(seed: int) -> list[float]:
        env = library.Environment()
        stations = [library.Resource(env, count) for count, _ in case.stations]
        waited = [0.0] * len(stations)

        def customer(services):
            for k, resource in enumerate(stations):
                begin = env.now
                with resource.request() as request:
                    yield request
                    waited[k] += env.now - begin
                    yield env.timeout(services[k])

        def source():
            for gap, *services in draws(case, seed):
                yield env.timeout(gap)
                env.process(customer(services))

        env.process(source())
        env.run()
        return [total / CUSTOMERS for total in waited]

    return run


def ciw(case: Case) -> Run:
    """Ciw: a network of nodes, whose distributions hand out the draws by the customer's number."""
    library = importlib.import_module("ciw")
    size, customers = len(case.stations), []

    class Gap(library.dists.Distribution):
        def __init__(self):
            self.at = -1

        def sample(self, t=None, ind=None):
            self.at += 1
            return customers[self.at][0] if self.at < CUSTOMERS else math.inf

    class Service(library.dists.Distribution):
        def __init__(self, place):
            self.place = place

        def sample(self, t=None, ind=None):
            return customers[ind.id_number - 1][self.place]

    network = library.create_network(
        arrival_distributions=[Gap(), *[None] * (size - 1)],
        service_distributions=[Service(k + 1) for k in range(size)],
        number_of_servers=[count for count, _ in case.stations],
        routing=[[float(to == at + 1) for to in range(size)] for at in range(size)],
    )

    def run(seed: int) -> list[float]:
        customers[:] = draws(case, seed)
        simulation = library.Simulation(network)
        simulation.simulate_until_max_customers(CUSTOMERS)
        waited = [0.0] * size
        for record in simulation.get_all_records():
            waited[record.node - 1] += record.waiting_time
        return [total / CUSTOMERS for total in waited]

    return run


def salabim(case: Case, again: bool = False) -> Run:
    """salabim: a component a customer, in the style with yield, which needs nothing else; `again`: components that are done take the next customer."""
    library = importlib.import_module("salabim")

    def run(seed: int) -> list[float]:
        env = library.Environment(trace=False, yieldless=False)
        stations = [library.Resource("station.", count, monitor=False, env=env) for count, _ in case.stations]
        waited, idle = [0.0] * len(stations), []

        class Customer(library.Component):
            def process(self):
                for k, resource in enumerate(stations):
                    begin = env.now()
                    yield self.request(resource)
                    waited[k] += env.now() - begin
                    yield self.hold(self.services[k])
                    self.release(resource)
                if again:
                    idle.append(self)

        class Source(library.Component):
            def process(self):
                for gap, *services in draws(case, seed):
                    yield self.hold(gap)
                    if idle:
                        customer = idle.pop()
                        customer.activate(process="process")
                    else:
                        customer = Customer(env=env)
                    customer.services = services

        Source(env=env)
        env.run()
        return [total / CUSTOMERS for total in waited]

    return run


PROGRAMS: dict[str, Callable[[Case], Run]] = {
    "engine": engine,
    "SimPy": simpy,
    "Ciw": ciw,
    "salabim": salabim,
    "salabim, components used again": partial(salabim, again=True),
}


def package(name: str) -> str:
    """The distribution and module behind a row's name."""
    return name.split(",")[0].lower()


def present() -> tuple[list[str], list[str]]:
    """Rows whose program is installed, and the packages that are not."""
    found = [name for name in PROGRAMS if name == "engine" or importlib.util.find_spec(package(name))]
    missing = sorted({package(name) for name in PROGRAMS if name not in found})
    return found, missing


def measure(case: Case, names: list[str], rounds: int) -> dict[str, dict[str, object]]:
    """By program: customers a second of CPU time, the engine's rate over its own, mean waits and their standard errors over the rounds."""
    runs = {name: PROGRAMS[name](case) for name in names}
    rates: dict[str, list[float]] = {name: [] for name in names}
    waits: dict[str, list[list[float]]] = {name: [] for name in names}
    for run in runs.values():
        run(1)
    for k in range(rounds):
        for name in names[k % len(names) :] + names[: k % len(names)]:
            gc.collect()
            begin = time.process_time()
            waits[name].append(runs[name](1000 + k))
            work = CUSTOMERS * (ENGINE_REPLICATIONS if name == "engine" else 1)
            rates[name].append(work / (time.process_time() - begin))
    out: dict[str, dict[str, object]] = {}
    for name in names:
        ratios = [a / b for a, b in zip(rates["engine"], rates[name], strict=True)]
        columns = list(zip(*waits[name], strict=True))
        out[name] = {
            "customers_per_s": statistics.median(rates[name]),
            "ratio": statistics.median(ratios),
            "ratio_range": [min(ratios), max(ratios)],
            "wait_min": [statistics.mean(c) for c in columns],
            "standard_error": [statistics.stdev(c) / math.sqrt(rounds) for c in columns],
        }
    return out


def misses(case: Case, found: dict[str, dict[str, object]]) -> list[str]:
    """Programs whose mean wait is not that of the case, or not that of another program with the same draws."""
    wrong, shared = [], [row["wait_min"] for name, row in found.items() if name != "engine"]
    for name, row in found.items():
        rows = zip(row["wait_min"], row["standard_error"], case.exact(), strict=True)
        far = any(abs(wait - exact) > LIMIT * error + EMPTY_START * exact for wait, error, exact in rows)
        apart = name != "engine" and max(abs(a - b) for a, b in zip(row["wait_min"], shared[0], strict=True)) > SAME
        if far or apart:
            wrong.append(name)
    return wrong


def page(case: Case, found: dict[str, dict[str, object]], rounds: int) -> str:
    """The table of a case, in Markdown."""
    exact = ", ".join(f"{w:.3f}" for w in case.exact())
    lines = [
        f"{case.name}; {CUSTOMERS:,} customers a replication, {rounds} rounds. Exact mean wait by Erlang C: {exact} min.",
        "",
        "| Program | Customers a second and core | Engine is quicker by | Least to greatest | Mean wait, min (± standard error) |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    for name, row in found.items():
        waits = ", ".join(f"{w:.3f} ± {e:.3f}" for w, e in zip(row["wait_min"], row["standard_error"], strict=True))
        title = name if name == "engine" else f"{name} ({version(package(name))})"
        ratio, span = (
            ("1", "") if name == "engine" else (f"{row['ratio']:.0f} ×", "{:.0f} to {:.0f}".format(*row["ratio_range"]))
        )
        lines.append(f"| {title} | {row['customers_per_s']:,.0f} | {ratio} | {span} | {waits} |")
    return "\n".join(lines)


def abilities() -> str:
    """What the comparison leaves out, because not every program has it."""
    rows = ["| " + " | ".join(row) + " |" for row in ABLE]
    rows.insert(1, "| --- " * len(ABLE[0]) + "|")
    return "\n".join(["Left out of the comparison, as not all four have it:", "", *rows, "", *ABLE_NOTES])


def main() -> int:
    """Print the page; 1 when a program's waits are not those of the case, so that its speed means nothing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    names, missing = present()
    rounds = QUICK_ROUNDS if options.quick else ROUNDS
    wrong: list[str] = []
    found = {}
    for case in CASES:
        found[case.name] = measure(case, names, rounds)
        wrong += [f"{name} ({case.name})" for name in misses(case, found[case.name])]
        if not options.json:
            print(page(case, found[case.name], rounds), end="\n\n")
    print(json.dumps({"missing": missing, "cases": found}, indent=1) if options.json else abilities())
    for name in missing:
        print(f"{name} is not installed and was left out: pip install -r requirements/bench.txt", file=sys.stderr)
    if wrong:
        print(
            f"Not the same work, the mean wait is neither Erlang's nor its neighbour's: {', '.join(wrong)}",
            file=sys.stderr,
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
