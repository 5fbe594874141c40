"""Reading a trace: the waits of one replication, and its events in words for playback. No story joins a death to a hospital: whoever dies there has passed
the limit of his wait or care, and the story ends at that."""
from collections.abc import Iterator

import numpy as np

from .build import Model
from .results import LIMIT

CODES = ("reached", "join", "start", "done", "depart", "arrive", "leave", "die", "truth", "colour", "step", "walk", "move", "more")
TRUTH, DEAD = CODES.index("truth"), 4
JOIN, START, DIE, LEAVE, MOVE = CODES.index("join"), CODES.index("start"), CODES.index("die"), CODES.index("leave"), CODES.index("move")


def events(model: Model, lines: np.ndarray) -> Iterator[dict[str, object]]:
    """Every line of a trace in words: minute, what, casualty (position), site, station, value."""
    for line in lines:
        station = int(line["station"])
        names = model.kinds if line["code"] == CODES.index("step") else model.stations
        if line["code"] == TRUTH and line["value"] == DEAD:
            continue
        what = LIMIT if line["code"] == DIE and line["site"] >= model.scenes else CODES[line["code"]]
        yield {"minute": float(line["at"]), "what": what, "casualty": int(line["casualty"]), "site": model.sites[line["site"]],
               "station": names[station] if station >= 0 else None, "value": int(line["value"])}


def waits(model: Model, replication: int, lines: np.ndarray, horizon: float | None = None) -> list[dict[str, object]]:
    """A row per wait. It ends by service, move to another station or hospital, death or the horizon, and says which; at a
    hospital death and horizon are both the limit."""
    horizon = float(model.sim.par["horizon"][0]) if horizon is None else horizon
    open_waits: dict[int, tuple[int, int, float]] = {}
    rows: list[dict[str, object]] = []

    def close(who: int, minute: float, ended_by: str) -> None:
        site, station, start = open_waits.pop(who)
        rows.append({"replication": replication, "casualty": who, "site": model.sites[site], "stage": model.stations[station], "start_min": start,
                     "end_min": minute, "ended_by": LIMIT if ended_by in ("death", "horizon") and site >= model.scenes else ended_by})

    for line in lines:
        who, code, minute = int(line["casualty"]), int(line["code"]), float(line["at"])
        if code == JOIN:
            if who in open_waits:
                site, station, _ = open_waits[who]
                if (site, station) == (int(line["site"]), int(line["station"])):
                    continue
                close(who, minute, "move")
            open_waits[who] = (int(line["site"]), int(line["station"]), minute)
        elif who in open_waits and code in (START, DIE, LEAVE, MOVE):
            close(who, minute, {START: "service", DIE: "death", LEAVE: "move", MOVE: "move"}[code])
    for who in list(open_waits):
        close(who, horizon, "horizon")
    return rows


def wait_ends(lines: np.ndarray, horizon: float) -> dict[str, np.ndarray]:
    """The waits of one replication at once, as `waits` tells them one by one: site, station, start and end in minutes, and whether nothing served it (who
    died waiting or waited at the horizon)."""
    told = lines[np.isin(lines["code"], (JOIN, START, DIE, LEAVE, MOVE))]
    told = told[np.argsort(told["casualty"], kind="stable")]
    same = np.zeros(len(told), bool)
    if len(told) > 1:
        before, after = told[:-1], told[1:]
        same[1:] = (before["code"] == JOIN) & (after["code"] == JOIN)
        for name in ("casualty", "site", "station"):
            same[1:] &= before[name] == after[name]
    told = told[~same]
    joined = np.flatnonzero(told["code"] == JOIN)
    closed = np.zeros(len(joined), bool)
    inside = joined < len(told) - 1
    closed[inside] = told["casualty"][joined[inside]] == told["casualty"][joined[inside] + 1]
    following = np.minimum(joined + 1, max(0, len(told) - 1))
    end = np.where(closed, told["at"][following] if len(told) else 0.0, horizon)
    unserved = ~closed | (told["code"][following] == DIE if len(told) else False)
    return {"site": told["site"][joined], "station": told["station"][joined], "start": told["at"][joined], "end": end, "unserved": unserved}
