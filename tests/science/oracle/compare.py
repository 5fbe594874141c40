"""Kernel and twin on the same draws: every difference as a sentence, the stories of the casualties first, so that a disagreement names the casualty and the minute.

Minutes agree to 1e-5 (sums over replications to 1e-3: the kernel sums integers of 2^-20 minutes), survival to a few units of 2^-40 a casualty and boundary, what a
wait is charged to to a millionth of a life, counts exactly."""

import dataclasses
import functools

from beiji.science.casualties import build_pool
from beiji.science.playback import CODES
from beiji.science.run import simulate

from . import twin

MINUTE = 2.0**-20
LIFE = 2.0**-40
ENDS = ("service", "death", "horizon", "move")
SORTS = ("place", "people", "both")
NOT_COMPARED = ("replication", "loss_q", "sites", "story", "waits")
ANYWHERE = tuple(CODES.index(name) for name in ("truth", "colour", "die"))  # told of who is on the way at either end of it
SAID_OTHERWISE = tuple(CODES.index(name) for name in ("die", "arrive"))
TOLD = 6  # of the stories so many differences: the later ones follow from the first


def differences(city, scenario, *, replications=2, seed=1, unlimited=False, twin_city=None, twin_scenario=None, twin_class=None, inputs_class=None, **options):
    """Sentences on whatever differs; empty when both programs agree. `twin_city`, `twin_scenario`, `twin_class`, `inputs_class`: seeded faults."""
    scenario, other = ready(scenario, **options), ready(twin_scenario or scenario, **options)
    results = simulate(city, scenario, replications=replications, seed=seed, threads=1, unlimited=unlimited, detail="casualty", **options)
    inputs = (inputs_class or twin.Inputs)(twin_city or city, other, **options)
    made = twin_class or twin.Replication
    runs = [made(inputs, seed, k).run() for k in range(replications)]
    found = list(apart(results, runs))
    if unlimited:
        ideal = [made(inputs, seed, k, unlimited=True).run()["survivors_q"] for k in range(replications)]
        found += [f"replication {k}: unlimited hospitals, survivors: twin {a}, kernel {b}"
                  for k, (a, b) in enumerate(zip(ideal, results.out["unlimited_q"], strict=True)) if abs(a - int(b)) > room(scenario)]
    return found


def apart(results, runs):
    """All that differs between the engine's results and the twin's runs of the same replications."""
    for k, run in enumerate(runs):
        yield from by_replication(results, k, run)
    for s, site in enumerate(results.model.sites):
        yield from by_site(results, [run["sites"][s] for run in runs], s, site)


def ready(scenario, deterioration="sacco", **_):
    """The scenario with its casualty templates, which are data to both programs and slow to build."""
    if scenario.pool is not None or not isinstance(scenario.mechanism, str):
        return scenario
    return dataclasses.replace(scenario, pool=pool(scenario.mechanism, scenario.rule, deterioration, scenario.child_share))


@functools.cache
def pool(mechanism, rule, model, child_share):
    """Casualty templates of a kind of incident."""
    return build_pool(mechanism=mechanism, rule=rule, model=model, child_share=child_share)


def room(scenario):
    """Units of 2^-40 that rounding may move."""
    return 1000 * max(1, scenario.casualties())


# ---- casualty by casualty ------------------------------------------------------------------------------------------
def by_casualty(results, k, story):
    """The first differences of one replication's stories, earliest first."""
    model, theirs, ours = results.model, {}, {}
    for line in results.trace[k]:
        if line["casualty"] >= 0 and not (line["code"] == CODES.index("truth") and line["value"] == 4):
            theirs.setdefault(int(line["casualty"]), []).append(tuple(line[name] for name in ("at", "code", "site", "station", "value")))
    for minute, what, who, site, station, value in story:
        ours.setdefault(who, []).append((minute, CODES.index(what), site, station, value))
    found = []
    for who in sorted({*theirs, *ours}):
        one, other = ours.get(who, []), theirs.get(who, [])
        for n in range(max(len(one), len(other))):
            a, b = one[n] if n < len(one) else None, other[n] if n < len(other) else None
            if a is None or b is None or not alike(a, b):
                found.append((min(x[0] for x in (a, b) if x), f"replication {k}, casualty {who}: twin {told(model, a)}, kernel {told(model, b)}"))
                break
    return [sentence for _, sentence in sorted(found)[:TOLD]]


def alike(a, b):
    """The same line of a story? Minutes to 1e-5, shares of a team to a thousandth."""
    return abs(max(0.0, a[0]) - b[0]) <= 1e-5 and a[1] == b[1] and (a[1] in ANYWHERE or a[2:4] == b[2:4]) and (abs(a[4] - b[4]) <= 1 or a[1] in SAID_OTHERWISE)


def told(model, line):
    """A line of a story in words."""
    if line is None:
        return "nothing more"
    minute, code, site, station, value = line
    return f"{CODES[code]} at {minute:.5f} in {model.sites[site]}" + (f", {model.stations[station]}" if station >= 0 else "") + f" ({value:g})"


# ---- sums ----------------------------------------------------------------------------------------------------------
def by_replication(results, k, run):
    """Every story, every figure and every cause of one replication."""
    row = results.out[k]
    yield from by_casualty(results, k, run["story"])
    for name, mine in run.items():
        if name in NOT_COMPARED:
            continue
        limit = 1000 * run["casualties"] if name.endswith("_q") else 1e-5
        if abs(float(mine) - float(row[name])) > limit:
            yield f"replication {k}: {name}: twin {mine}, kernel {row[name]}"
    yield from by_cause(f"replication {k}", results.model, row["loss_q"], run["loss_q"], 1e-6)
    if sum(run["loss_q"].values()) != run["reference_q"] - run["survivors_q"]:
        yield f"replication {k}: the twin's causes do not add up"


def by_cause(where, model, theirs, ours, limit):
    """Lives lost by every cause."""
    for at, cause in enumerate(model.causes):
        a, b = ours.get(cause, 0) * LIFE, float(theirs[at]) * LIFE
        if abs(a - b) > limit:
            yield f"{where}: lives lost by {cause}: twin {a:.7f}, kernel {b:.7f}"


def by_site(results, mine, s, code):
    """Loads, waits, lacks and losses of one site, summed over replications."""
    model = results.model
    stations, kinds = len(model.stations), len(model.kinds)
    for name, field in (("arrived", "arrived_total"), ("peak_load", "peak_load_total")):
        total = sum(getattr(site, name) for site in mine)
        if total != results.site[s][field]:
            yield f"{code}: {name}: twin {total}, kernel {results.site[s][field]}"
    for t in range(len(mine[0].longest)):
        yield from by_station(f"{code}, {model.stations[t]}", results.queue[s * stations + t], mine, t)
    for k, kind in enumerate(model.kinds):
        yield from by_kind(f"{code}, {kind}", results.unit[s * kinds + k], mine, k)
    ours = {cause: sum(site.loss.get(cause, 0) for site in mine) for cause in model.causes}
    yield from by_cause(code, model, results.loss[s], ours, 1e-6 * len(mine))


def by_station(where, row, mine, t):
    """Longest queue, waits by how they ended, what was lacking in them."""
    longest = sum(site.longest[t] for site in mine)
    if longest != row["longest_total"]:
        yield f"{where}: longest queue: twin {longest}, kernel {row['longest_total']}"
    for e, how in enumerate(ENDS):
        waits, minutes = (sum(site.ended.get((t, how), (0, 0.0))[k] for site in mine) for k in (0, 1))
        theirs = float(row["wait_q"][e]) * MINUTE
        if waits != row["ended"][e] or abs(minutes - theirs) > 1e-3:
            yield f"{where}: waits ended by {how}: twin {waits} of {minutes:.4f} min, kernel {row['ended'][e]} of {theirs:.4f} min"
    for e, sort in enumerate(SORTS):
        ours, theirs = sum(site.lack_sort[t][e] for site in mine), float(row["lack_q"][e]) * MINUTE
        if abs(ours - theirs) > 1e-2:
            yield f"{where}: waited for {sort}: twin {ours:.4f}, kernel {theirs:.4f} min"


def by_kind(where, row, mine, k):
    """Minutes waited for a kind; where and when it was lacking first."""
    ours, theirs = sum(site.lacked.get(k, 0.0) for site in mine), float(row["lacked_q"]) * MINUTE
    if abs(ours - theirs) > 1e-2:
        yield f"{where}: minutes waited for it: twin {ours:.4f}, kernel {theirs:.4f}"
    first = [site.saturated[k] for site in mine if k in site.saturated]
    theirs = float(row["saturated_q"]) * MINUTE
    if len(first) != row["saturated_n"] or abs(sum(first) - theirs) > 1e-3:
        yield f"{where}: lacking first: twin {len(first)} times, minutes {sum(first):.4f}, kernel {row['saturated_n']} times, minutes {theirs:.4f}"
