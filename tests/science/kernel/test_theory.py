"""Exact results of queueing theory, held in standard errors over independent replications. Values: reference table 5.1 to 5.5 of the simulation notes,
computed to six digits from the textbook formulas named at each test."""
import math

import numpy as np
import pytest

from beiji.science.draws import exponential, fixed, lognormal, triangular
from beiji.science.run import simulate
from beiji.science.scenario import Arrivals

from .cities import plain_pool, queue_case

REPLICATIONS, CUSTOMERS = 16, 12_000
LIMIT = 4.0                      # standard errors; the seed is fixed, so that this either holds or does not


def mean_waits(case, horizon, *, station=None, count=REPLICATIONS):
    """Mean wait of those served, one value a replication; all waits are weighed in, of the dead too, when station is None."""
    values = []
    for k in range(count):
        rows = [r for r in simulate(*case, replications=1, first=k, seed=7, threads=1, unlimited=False, horizon_min=horizon).stations
                if station in (None, r["station"])]
        values.append(sum(r["waits"] * r["mean_min"] for r in rows) / sum(r["waits"] for r in rows))
    return np.array(values)


def near(values, exact, *, bias=0.0):
    """|mean − exact| within LIMIT standard errors (and a named start-up bias of a run that begins empty)."""
    error = values.std(ddof=1) / math.sqrt(len(values))
    assert abs(values.mean() - exact) < LIMIT * error + bias, (values.mean(), exact, error)
    assert error < 0.06 * exact, "too noisy to bite"


def single(arrival_rate, law, servers, count=CUSTOMERS):
    arrivals = Arrivals("a", count=count, gap=exponential(1 / arrival_rate), hospital="q", stage="serve", colours=("green",))
    return queue_case({"server": servers}, {"serve": ("server", law)}, (arrivals,))


@pytest.mark.parametrize(("rate", "servers", "wait"), [(0.5, 1, 1.0), (2, 3, 0.444444), (3, 4, 0.509434), (4, 5, 0.554113), (8, 10, 0.204590)])
def test_erlang_c(rate, servers, wait):
    """M/M/c, service mean 1: mean wait by Erlang's C formula."""
    near(mean_waits(single(rate, exponential(1.0), servers), 1.05 * CUSTOMERS / rate), wait)


@pytest.mark.parametrize(("law", "wait"), [(fixed(1.0), 2.0), (lognormal(1.0, 0.5), 2.5), (exponential(1.0), 4.0)])
def test_pollaczek_khinchine(law, wait):
    """M/G/1 at load 0.8: mean wait depends on the service law by its variance only."""
    near(mean_waits(single(0.8, law, 1, 20_000), 30_000), wait, bias=0.01)


def test_pollaczek_khinchine_triangular():
    """M/G/1 with triangular(41, 95, 210) minutes and an arrival each 160 min: mean wait 162.800373 min."""
    near(mean_waits(single(1 / 160, triangular(41, 95, 210), 1), 160 * CUSTOMERS * 1.05), 162.800373)


@pytest.mark.parametrize(("laws", "rates", "waits"), [
    ((exponential(1.0),) * 3, (0.2, 0.3, 0.3), (1.0, 2.0, 8.0)),
    ((exponential(2.0), fixed(1.0), exponential(0.5)), (0.15, 0.3, 0.4), (1.214286, 3.035714, 10.625))])
def test_cobham(laws, rates, waits):
    """Non-preemptive priorities at one server (Cobham), also with classes of different service laws."""
    colours = ("red", "yellow", "green")
    lists = tuple(Arrivals(c, count=int(24_000 * r), gap=exponential(1 / r), hospital="q", stage=f"serve_{c}", colours=(c,))
                  for c, r in zip(colours, rates, strict=True))
    case = queue_case({"server": 1}, {f"serve_{c}": ("server", law) for c, law in zip(colours, laws, strict=True)}, lists,
                      paths={c: (f"serve_{c}",) for c in colours})
    found = {c: [] for c in colours}
    for k in range(12):
        trace = simulate(*case, replications=1, first=k, seed=3, threads=1, unlimited=False, horizon_min=24_000.0, detail="casualty")
        edges = np.cumsum([0, *(a.count for a in sorted(lists, key=lambda a: a.code))])
        order = sorted(colours)
        sums = {c: [0.0, 0] for c in colours}
        for row in trace.casualties:
            c = order[int(np.searchsorted(edges, row["casualty"], side="right")) - 1]
            sums[c][0] += row["end_min"] - row["start_min"]
            sums[c][1] += 1
        for c in colours:
            found[c].append(sums[c][0] / sums[c][1])
    for c, exact in zip(colours, waits, strict=True):
        error = np.std(found[c], ddof=1) / math.sqrt(12)
        assert abs(np.mean(found[c]) - exact) < LIMIT * error + 0.01 * exact, (c, np.mean(found[c]), exact, error)


@pytest.mark.parametrize(("rate", "servers", "patience", "abandon"), [(5, 4, 0.5, 0.259026), (4, 5, 0.1, 0.032138)])
def test_erlang_a(rate, servers, patience, abandon):
    """Exponential patience is a death in the queue: share of the dead by Erlang's A formula, and λ·P(ab) = θ·Lq."""
    u = (np.arange(4000) + 0.5) / 4000
    pool = plain_pool(-np.log1p(-u) / patience)
    arrivals = Arrivals("a", count=CUSTOMERS, gap=exponential(1 / rate), hospital="q", stage="serve", colours=("green",))
    case = queue_case({"server": servers}, {"serve": ("server", exponential(1.0))}, (arrivals,), pool, protect=0.0)
    horizon = 1.05 * CUSTOMERS / rate
    shares, identity = [], []
    for k in range(REPLICATIONS):
        r = simulate(*case, replications=1, first=k, seed=5, threads=1, unlimited=False, horizon_min=horizon)
        shares.append(r.measure("dead")[0] / CUSTOMERS)
        total = sum(row["waits"] * row["mean_min"] for row in r.stations)
        identity.append(shares[-1] / (patience * total / CUSTOMERS))
    near(np.array(shares), abandon)
    assert np.mean(identity) == pytest.approx(1.0, abs=0.02)


def test_tandem():
    """M/M/2 (mean 1) then M/M/1 (mean ½), 1.5 arrivals a minute: waits 9/7 and 1.5, by Burke's theorem."""
    arrivals = Arrivals("a", count=CUSTOMERS, gap=exponential(1 / 1.5), hospital="q", stage="first", colours=("green",))
    case = queue_case({"one": 2, "two": 1}, {"first": ("one", exponential(1.0)), "second": ("two", exponential(0.5))}, (arrivals,))
    near(mean_waits(case, CUSTOMERS, station="one"), 2.285714 - 1.0)
    near(mean_waits(case, CUSTOMERS, station="two"), 2.0 - 0.5)


def test_infinite_servers_from_empty():
    """M/M/∞ from empty, 20 an hour, mean stay 2.5 h: a Poisson number present, mean 16.484, 34.940, 45.464 at 1, 3, 6 h."""
    for hours, exact in ((1, 16.483998), (3, 34.940289), (6, 45.464102)):
        arrivals = Arrivals("a", count=400, gap=exponential(3.0), hospital="q", stage="serve", colours=("green",))
        case = queue_case({"server": 10_000}, {"serve": ("server", exponential(150.0))}, (arrivals,))
        present = simulate(*case, replications=2000, seed=11, threads=2, unlimited=False, horizon_min=60.0 * hours).measure("in_stage")
        near(present, exact)
        assert present.var() == pytest.approx(exact, rel=0.15)


@pytest.mark.parametrize(("n", "servers", "minutes", "mean", "greatest", "clear"), [(30, 4, 45, 147, 315, 360), (20, 3, 60, 171, 360, 420)])
def test_burst_of_constant_times(n, servers, minutes, mean, greatest, clear):
    """n at once, c servers, constant service: exact to the last digit, every start a tie of n casualties at the same minute."""
    arrivals = Arrivals("a", minutes=(0.0,) * n, hospital="q", stage="serve", colours=("green",))
    r = simulate(*queue_case({"server": servers}, {"serve": ("server", fixed(minutes))}, (arrivals,)), replications=1, unlimited=False,
                 detail="casualty", horizon_min=2000.0)
    waits = [row["end_min"] - row["start_min"] for row in r.casualties]
    assert waits == [k // servers * minutes for k in range(n)]
    assert (sum(waits) / n, max(waits), r.out["last_at"][0]) == (mean, greatest, clear)


def test_burst_of_exponential_times():
    """30 at once, 4 servers, exponential mean 45: mean wait 131.625, all done at 386.25 on average."""
    arrivals = Arrivals("a", minutes=(0.0,) * 30, hospital="q", stage="serve", colours=("green",))
    case = queue_case({"server": 4}, {"serve": ("server", exponential(45.0))}, (arrivals,))
    r = simulate(*case, replications=3000, seed=2, threads=2, unlimited=False, horizon_min=5000.0)
    near(r.out["last_at"].astype(float), 386.25)
    assert sum(row["waits"] * row["mean_min"] for row in r.stations) / 30 == pytest.approx(131.625, abs=4 * 60 / math.sqrt(3000))
