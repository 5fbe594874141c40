"""A live picture becomes arrays: what is known of casualties besides, of sites and of their plans. Called by `build`."""
from collections.abc import Mapping, Sequence

import numpy as np

from .capacity import CHANGE
from .kernel import records as R
from .live import SEATS
from .pathway import PLACE, Pathway
from .people import live_order, stage_row
from .scenario import COLOURS, Scenario


def live_records(scenario: Scenario, sites: Mapping[str, int], names: list[str], begins: Mapping[str, int], records: np.ndarray,
                 kinds: tuple[str, ...], parts: Sequence[int], station: np.ndarray) -> np.ndarray:
    """What is known besides of each casualty of the live picture, in their order."""
    made = np.zeros(len(scenario.live), R.LIVE)
    first = 1 + max((c.order for c in scenario.live if c.order is not None), default=-1)
    for n, (x, c) in enumerate(zip(made, live_order(scenario.live), strict=True)):
        x["order"] = first + n if c.order is None else c.order
        x["rate"], x["moved"], x["seat"], x["strength"], x["dose"], x["waited"] = c.rate or -1.0, c.moved, SEATS.index(c.seat), 1.0, 1.0, c.waited_min
        x["alone"] = -1 if c.alone is None else int(c.alone)
        x["counts"] = -2 if c.counts_as is None else (COLOURS.index(c.counts_as) if c.counts_as else -1)
        x["origin"] = x["dest"] = x["resume"] = x["aside"] = -1
        x["took"] = -1
        x["ridden"], x["notice"], x["check"] = (-1.0 if v is None else v for v in (c.ridden_min, c.notice_in, c.check_in))
        if c.origin is not None:
            x["origin"] = sites[c.origin]
        if c.move is not None:
            x["dest"], x["kept"] = sites[c.move.to], c.move.kept
            x["resume"] = stage_row(c.move.stage, c.path or c.colour, names, begins, records)
            x["origin"] = x["origin"] if c.move.origin is None else sites[c.move.origin]
        if c.care is not None:
            x["strength"], x["dose"] = c.care.strength, c.care.dose
            x["aside"] = -1 if c.care.beside is None else kinds.index(c.care.beside)
            if c.care.took is not None and c.stage is not None:
                own = station[records[stage_row(c.stage, c.path or c.colour, names, begins, records)]["station"]]
                x["took"][:own["count"]] = [round(c.care.took.get(kinds[k], 0.0) * parts[k]) for k in own["kind"][:own["count"]]]
    return made


def place_live(scenario: Scenario, codes: Sequence[str], scenes: int, pathway: Pathway, site: np.ndarray, unit: np.ndarray, queue: np.ndarray,
               step: np.ndarray, station: np.ndarray) -> np.ndarray:
    """Writes what is known of the sites into their arrays; returns the steps with those of the picture in place of the timetable's."""
    unit["outage0"] = -1
    kinds, K, T = [kind.name for kind in pathway.kinds], len(pathway.kinds), len(pathway.stations)
    for code, known in scenario.live_sites.items():
        s = codes.index(code)
        site[s]["live"] = 1
        site[s]["pace0"], site[s]["pace_over"] = known.pace or 0.0, known.pace_over
        if known.accepts is not None:
            children = int(site[s]["accepts"]) & ~7
            site[s]["accepts"] = children | sum(1 << k for k, colour in enumerate(COLOURS[:3]) if colour in known.accepts)
        for field, table in (("cap0", known.capacity), ("busy0", known.taken), ("held0", known.clears), ("outage0", known.without_power)):
            for name, units in table.items():
                unit[s * K + kinds.index(name)][field] = round(units * pathway.kinds[kinds.index(name)].parts)
        if known.steps is None:
            step["known"][(step["site"] == s) & np.isin(step["kind"], [kinds.index(name) for name in known.capacity])] = 1
        else:
            own = np.zeros(len(known.steps), R.STEP_ROW)
            for n, x in enumerate(known.steps):
                k = kinds.index(x.kind)
                own[n] = (x.at_min, x.after_min, -1, s, k, x.amount * pathway.kinds[k].parts, x.mode, x.part, x.declared, 0, x.wave, 0)
            step = np.concatenate([step[step["site"] != s], own])
            step = step[np.lexsort((step["at"] + step["after"], step["kind"], step["site"]))]
        if s >= scenes:
            queue["possible"][s * T:(s + 1) * T] |= reachable(station, unit[s * K:(s + 1) * K], step[step["site"] == s], "cap0")
    return step


def reachable(station: np.ndarray, unit: np.ndarray, step: np.ndarray, field: str) -> np.ndarray:
    """Which stations of one site can ever be given from now on: its own place or one beside it, all else that it needs, and of a team one at least."""
    reach = np.maximum(unit[field], unit["outage0"] if field == "cap0" else unit["outage"]).astype(np.int64)
    for k in range(len(unit)):
        coming = step[(step["kind"] == k) & (step["mode"] == CHANGE) & (step["done"] == 0)]
        if len(coming):
            reach[k] = max(reach[k], reach[k] + int(np.cumsum(coming["amount"]).max()))
    found = []
    for w in station:
        need = [(int(w["kind"][k]), int(w["units"][k]), int(w["part"][k])) for k in range(w["count"])]
        place = [k for k, _, _ in need if unit[k]["kind_class"] == PLACE]
        own = all(reach[k] >= units for k, units, part in need if not part)
        beside = any(reach[k] >= 1 for k in w["aside"] if k >= 0) and all(reach[k] >= units for k, units, part in need if not part and k not in place)
        team = [(k, part) for k, _, part in need if part]
        found.append((own or beside) and (not team or any(reach[k] >= part for k, part in team)))
    return np.array(found, np.int32)


def sent_before(scenario: Scenario, codes: Sequence[str], scenes: int, hospitals: int) -> np.ndarray:
    """Casualties sent from each scene so far, by colour and hospital."""
    sent = np.zeros((max(scenes, 1), 3, hospitals), np.int64)
    for code, known in scenario.live_sites.items():
        for (colour, hospital), n in known.sent.items():
            sent[codes.index(code), COLOURS.index(colour), codes.index(hospital) - scenes] = n
    return sent
