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
        if c["phase"] == WAITING:
            waiting[c["site"], row[c["row"]]["station"]] += 1
        for r, classes in ((c["place_row"], (0,)), (c["row"] if c["phase"] == IN_STAGE else -1, (1,))):
            if r >= 0 and c["phase"] not in (GONE,):
                w = station[row[r]["station"]]
                for k in range(w["count"]):
                    if sim.unit[c["site"] * K + w["kind"][k]]["kind_class"] in classes:
                        held[c["site"], w["kind"][k]] += w["units"][k]
    crews = crews_away(session)
    for s in range(len(model.sites)):
        for k in range(K):
            u = sim.unit[s * K + k]
            if u["kind_class"] == 2:
                continue
            cleared = sum((u["held"] * p) // 4 - (u["held"] * (p - 1)) // 4
                          for p in (w["part"] for w in sim.step if w["site"] == s and w["kind"] == k and w["mode"] == 1 and w["done"]))
            own = held[s, k] + u["held"] - cleared + crews.get((s, k), 0)
            if u["busy"] != own:
                found.append(f"{model.sites[s]} {model.kinds[k]}: busy {u['busy']}, held {own}")
        for t in range(T):
            q = sim.queue[s * T + t]
            if q["waiting"] != waiting[s, t]:
                found.append(f"{model.sites[s]} {model.stations[t]}: queue {q['waiting']}, casualties {waiting[s, t]}")
            if q["waiting"] and fits(sim, K, s, station[t]):
                found.append(f"{model.sites[s]} {model.stations[t]}: a startable head waits")
        if s >= S and list(sim.site["load"][s]) != list(load[s]):
            found.append(f"{model.sites[s]}: load {sim.site['load'][s]}, casualties {load[s]}")
    return found


def fits(sim, kinds, s, w):
    """Would all kinds of a station fit now?"""
    return all(sim.unit[s * kinds + w["kind"][k]]["busy"] + w["units"][k] <= sim.unit[s * kinds + w["kind"][k]]["cap"] for k in range(w["count"]))


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
