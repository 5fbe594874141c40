"""A plain second look at a running state: what the kernel counts is counted anew from the casualties."""
import numpy as np

from beiji.science.kernel.codes import GONE, IN_STAGE, RIDING, WAITING


def faults(session):
    """Sentences about every count that does not agree with the casualties; empty when all is well."""
    sim, model = session.sim, session.model
    K, T, S = len(model.kinds), len(model.stations), model.scenes
    body, row, station = sim.body, sim.row, sim.station
    found = []
    held = np.zeros((len(model.sites), K), int)
    waiting = np.zeros((len(model.sites), T), int)
    load = np.zeros((len(model.sites), 3), int)
    for c in body:
        if c["on_load"] >= 0:
            load[c["to"], c["on_load"]] += 1
        own = station[row[c["row"]]["station"]] if c["row"] >= 0 else None
        if c["phase"] == WAITING:
            waiting[c["site"], row[c["row"]]["station"]] += 1
        if c["up"]:
            waiting[c["site"], own["up"]] += 1
        if c["phase"] == GONE:
            continue
        for kind in places(sim, c):
            held[c["site"], kind] += 1
        if c["phase"] == IN_STAGE:
            for k in range(own["count"]):
                if sim.unit[c["site"] * K + own["kind"][k]]["kind_class"] == 1:
                    held[c["site"], own["kind"][k]] += c["took"][k]
    crews, kept = crews_away(session), reserved(session)
    cleared_parts = {}
    for w in sim.step[(sim.step["mode"] == 1) & (sim.step["done"] != 0)]:
        cleared_parts.setdefault((int(w["site"]), int(w["kind"])), []).append(w["part"])
    for s in range(len(model.sites)):
        for k in range(K):
            u = sim.unit[s * K + k]
            if u["kind_class"] == 2:
                continue
            cleared = sum((u["held"] * p) // 4 - (u["held"] * (p - 1)) // 4 for p in cleared_parts.get((s, k), ()))
            own = held[s, k] + u["held"] + u["stay"] - cleared + crews.get((s, k), 0) + kept.get((s, k), 0)
            if u["busy"] != own:
                found.append(f"{model.sites[s]} {model.kinds[k]}: busy {u['busy']}, held {own}")
        for t in range(T):
            q = sim.queue[s * T + t]
            if q["waiting"] != waiting[s, t]:
                found.append(f"{model.sites[s]} {model.stations[t]}: queue {q['waiting']}, casualties {waiting[s, t]}")
            if q["waiting"] and could_start(session, s, t):
                found.append(f"{model.sites[s]} {model.stations[t]}: a startable head waits")
        if s >= S and list(sim.site["load"][s]) != list(load[s]):
            found.append(f"{model.sites[s]}: load {sim.site['load'][s]}, casualties {load[s]}")
    return found


def places(sim, c):
    """Kinds of the places that a casualty lies in."""
    if c["place_row"] < 0:
        return []
    if c["aside"] >= 0:
        return [int(c["aside"])]
    w = sim.station[sim.row[c["place_row"]]["station"]]
    first = c["site"] * sim.par[0]["kinds"]
    return [int(kind) for kind in w["kind"][: w["count"]] if sim.unit[first + kind]["kind_class"] == 0]


def could_start(session, s, t):
    """Would the head of a queue start now, or, cared for by fewer, be better off? By the words of structure.md, 5."""
    sim = session.sim
    K, T = sim.par[0]["kinds"], sim.par[0]["stations"]
    q, w = sim.queue[s * T + t], sim.station[t]
    c = sim.body[next(head for head in q["head"] if head >= 0)]
    more = w["own"] != t
    unit, mine = sim.unit[s * K : (s + 1) * K], places(sim, c)
    need = [(int(w["kind"][k]), int(w["units"][k]), int(w["part"][k]), int(c["took"][k]) if more else 0) for k in range(w["count"])]
    own = all(unit[kind]["busy"] + units <= unit[kind]["cap"] or kind in mine for kind, units, part, _ in need if not part)
    beside = [int(kind) for kind in w["aside"] if kind >= 0 and (unit[kind]["busy"] < unit[kind]["cap"] or kind in mine)]
    idle = [(int(unit[kind]["cap"]) - int(unit[kind]["busy"]) + took, units, part) for kind, units, part, took in need if part]
    heads = sum((units if free >= units else max(0, free // part * part)) / part for free, units, part in idle)
    if not more:
        return (own or beside) and (heads > 0 or not idle)
    strength = heads / w["team"]
    return (own or beside) and (strength > c["strength"] + 1e-9 or (own and c["aside"] >= 0 and strength >= c["strength"] - 1e-9))


def reserved(session):
    """Places kept at the hospitals to which casualties are being moved."""
    sim = session.sim
    K = sim.par[0]["kinds"]
    kept = {}
    for c in sim.body:
        if not c["reserved"] or c["phase"] == GONE:      # who died on the way has given them back where he came to
            continue
        h = int(c["to"] if c["phase"] == RIDING else c["dest"])
        w = sim.station[sim.row[c["resume"]]["station"]]
        for k in range(w["count"]):
            if sim.unit[h * K + w["kind"][k]]["kind_class"] == 0:
                kept[(h, int(w["kind"][k]))] = kept.get((h, int(w["kind"][k])), 0) + int(w["units"][k])
    return kept


def crews_away(session):
    """Transfer crews on the way: riding with a moved casualty, or coming home."""
    sim, model = session.sim, session.model
    if "transfer_teams" not in model.kinds:
        return {}
    kind = model.kind("transfer_teams")
    away = {}
    for c in sim.body:
        if c["phase"] == RIDING and c["moved"]:
            away[(int(c["site"]), kind)] = away.get((int(c["site"]), kind), 0) + 1
    pending = live_events(sim)
    for e in pending[pending["kind"] == 4]:
        away[(int(e["who"]), kind)] = away.get((int(e["who"]), kind), 0) + 1
    return away


def live_events(sim):
    """Events that are pending: reached from today's heap and the calendar's lists."""
    c = sim.control[0]
    at = list(sim.heap[: c["heap"]])
    for day in range(max(0, int(c["day"]) + 1), len(sim.calendar)):
        e = sim.calendar[day]
        while e >= 0:
            at.append(e)
            e = sim.event[e]["next"]
    return sim.event[np.array(at, int)]
