"""Kernel and twin on the same draws: every difference as a sentence. Minutes agree to 1e-5 (sums over replications to 1e-3: the kernel sums integers of
2^-20 minutes), survival to a few units of 2^-40 a casualty and boundary, counts exactly.

twin: pending. Both run on `known_pathway`. What a wait is charged to is compared in sum over all kinds, since the kernel charges each minute to what is
lacking in it and the twin the whole wait to the last refusal; first minutes of lacking are not compared."""

from beiji.science.run import simulate

from . import twin
from .known_pathway import known

MINUTE = 2.0**-20
ENDS = ("service", "death", "horizon", "move")
NOT_COMPARED = ("replication", "loss_q", "sites")


def differences(city, scenario, *, replications=2, seed=1, unlimited=False, twin_city=None, twin_scenario=None, twin_class=None, **options):
    """Sentences on whatever differs; empty when both programs agree. `twin_city`, `twin_scenario`, `twin_class`: seeded faults."""
    scenario = known(city, scenario)
    twin_scenario = known(twin_city or city, twin_scenario) if twin_scenario else None
    results = simulate(city, scenario, replications=replications, seed=seed, threads=1, unlimited=unlimited, **options)
    inputs = twin.Inputs(twin_city or city, twin_scenario or scenario, **options)
    made = twin_class or twin.Replication
    runs = [made(inputs, seed, k).run() for k in range(replications)]
    found = list(by_replication(results, runs))
    for s, site in enumerate(results.model.sites):
        found += by_site(results, [run["sites"][s] for run in runs], s, site)
    if unlimited:
        ideal = [made(inputs, seed, k, unlimited=True).run()["survivors_q"] for k in range(replications)]
        found += [f"replication {k}: unlimited hospitals, survivors: twin {a}, kernel {b}"
                  for k, (a, b) in enumerate(zip(ideal, results.out["unlimited_q"], strict=True)) if abs(a - int(b)) > room(scenario)]
    return found


def room(scenario):
    """Units of 2^-40 that rounding may move."""
    return 1000 * max(1, scenario.casualties())


def by_replication(results, runs):
    """Every figure of every replication, and every cause."""
    for k, run in enumerate(runs):
        row = results.out[k]
        for name, mine in run.items():
            if name in NOT_COMPARED:
                continue
            limit = 1000 * run["casualties"] if name.endswith("_q") else 1e-5
            if abs(float(mine) - float(row[name])) > limit:
                yield f"replication {k}: {name}: twin {mine}, kernel {row[name]}"
        for cause in ("waiting", "unreached", "travel", "care"):
            ours, theirs = lost(results.model, row["loss_q"], cause), sum(q for name, q in run["loss_q"].items() if cause in (name, sort_of(name)))
            if abs(ours - theirs) > 1000 * run["casualties"]:
                yield f"replication {k}: lost by {cause}: twin {theirs}, kernel {ours}"
        if sum(run["loss_q"].values()) != run["reference_q"] - run["survivors_q"]:
            yield f"replication {k}: the twin's causes do not add up"


def by_site(results, mine, s, code):
    """Loads, waits, lacks and losses of one site, summed over replications."""
    model = results.model
    stations, kinds = len(model.stations), len(model.kinds)
    for name, field in (("arrived", "arrived_total"), ("peak_load", "peak_load_total")):
        total = sum(getattr(site, name) for site in mine)
        if total != results.site[s][field]:
            yield f"{code}: {name}: twin {total}, kernel {results.site[s][field]}"
    for t, station in enumerate(model.stations):
        row = results.queue[s * stations + t]
        longest = sum(site.longest[t] for site in mine)
        if longest != row["longest_total"]:
            yield f"{code}, {station}: longest queue: twin {longest}, kernel {row['longest_total']}"
        for e, how in enumerate(ENDS):
            waits, minutes = (sum(site.ended.get((t, how), (0, 0.0))[k] for site in mine) for k in (0, 1))
            theirs = float(row["wait_q"][e]) * MINUTE
            if waits != row["ended"][e] or abs(minutes - theirs) > 1e-3:
                yield f"{code}, {station}: waits ended by {how}: twin {waits} of {minutes:.4f} min, kernel {row['ended'][e]} of {theirs:.4f} min"
    ours = sum(int(results.unit[s * kinds + k]["lacked_q"]) for k in range(kinds)) * MINUTE
    theirs = sum(sum(site.lacked.values()) for site in mine)
    if abs(ours - theirs) > 1e-2:
        yield f"{code}: waited for all kinds: twin {theirs:.4f}, kernel {ours:.4f} min"
    for cause in ("waiting", "unreached", "travel", "care"):
        lost_ours = lost(model, results.loss[s], cause)
        lost_theirs = sum(q for site in mine for name, q in site.loss.items() if cause in (name, sort_of(name)))
        if abs(lost_theirs - lost_ours) > 1000 * len(mine) * 100:
            yield f"{code}: lost by {cause}: twin {lost_theirs}, kernel {lost_ours}"


def sort_of(cause):
    """Waiting for any kind is one sort of cause."""
    return cause if cause in ("unreached", "travel", "care", "left") else "waiting"


def lost(model, row, cause):
    """Survival lost by a sort of cause."""
    return sum(int(row[at]) for at, name in enumerate(model.causes) if sort_of(name) == cause)
