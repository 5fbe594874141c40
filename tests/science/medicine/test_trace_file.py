"""The playback file: five hundred casualties in a small file from which a city can be drawn, and in which no death stands beside a hospital."""
import json

import numpy as np
import pytest

from beiji.packs import simulate as command
from beiji.science.parameters import register
from beiji.science.playback import CODES
from beiji.science.session import Session
from beiji.science.trace_file import PlaybackError, limits_of, playback, read_playback, stories, write_playback

from ..kernel import cities
from .test_command import WORDS, run

TOWN = cities.city(6, {0: 20, 30: 45}, factor=0.45)
INCIDENT = cities.scenario(500)


@pytest.fixture(scope="module")
def whole():
    """A session of five hundred casualties to its end, with what each casualty came to."""
    session = Session(TOWN, INCIDENT, seed=2, trace=True)
    session.close()
    return session


@pytest.fixture(scope="module")
def lines(whole):
    return whole.sim.trace[: whole.sim.control["traced"][0]]


@pytest.fixture(scope="module")
def file(whole, lines, tmp_path_factory):
    path = tmp_path_factory.mktemp("trace") / "event.beiji"
    size = write_playback(path, playback(whole.model, lines, TOWN, INCIDENT, register(), names={"h000": "一院"}))
    assert size == path.stat().st_size
    return path


def test_five_hundred_casualties_are_a_small_file(file):
    print(f"500 casualties: {file.stat().st_size / 1000:.0f} kB")
    assert file.stat().st_size < 160_000


@pytest.mark.parametrize("minute", [12.0, 40.0, 95.0, 240.0, 900.0])
def test_the_reader_draws_the_queues_rides_and_units_of_the_run(file, whole, minute):
    """Against the state of a session stopped at the minute: who waits where (but for those whose story has ended), who rides, what capacity is."""
    session = Session(TOWN, INCIDENT, seed=2).advance(minute)
    read, T, K = read_playback(file), len(session.model.stations), len(session.model.kinds)
    frame = read.frame(minute)
    waits = {(session.model.sites[k // T], session.model.stations[k % T]): int(q["waiting"]) for k, q in enumerate(session.sim.queue)
             if q["waiting"] and session.sim.station[k % T]["own"] == k % T}
    drawn = read.queues(minute)
    gone = sum(p.phase == "past" for p in frame.values())
    assert sum(abs(waits.get(k, 0) - drawn.get(k, 0)) for k in {*waits, *drawn}) <= gone
    riding = {k for k, c in enumerate(session.sim.body) if c["phase"] == 3 and not c["dead"]}
    assert riding == {who for who, p in frame.items() if p.phase == "riding"}
    assert all(0.0 <= p.share <= 1.0 and p.origin for p in frame.values() if p.phase == "riding")
    care = {k for k, c in enumerate(session.sim.body) if c["phase"] == 2 and not c["dead"]}
    assert care <= {who for who, p in frame.items() if p.phase == "care"}
    units = read.capacity(minute)
    for k, u in enumerate(session.sim.unit):
        name = session.model.kinds[k % K]
        if name != "ambulances":
            assert units.get((session.model.sites[k // K], name), 0) == int(u["cap"]) // session.model.parts[k % K], name


def test_no_line_joins_a_death_to_a_hospital(file, whole, lines):
    read = read_playback(file)
    died = {int(w["casualty"]) for w in lines if w["code"] == CODES.index("die") and w["site"] >= whole.model.scenes}
    assert len(died) > 15
    hospitals = {site["code"] for site in read.record["sites"] if site["kind"] == "hospital"}
    told = list(read.events())
    assert not [e for e in told if e["what"] == "die" and e["site"] in hospitals]
    assert not [e for e in told if e["what"] == "truth" and e["value"] > 3]
    past = {e["casualty"] for e in told if e["what"] == "limit"}
    assert len(past - died) > 15, "the living pass limits too"
    last = {e["casualty"]: e for e in told if e["casualty"] >= 0}
    for who in died:
        assert last[who]["what"] in ("limit", "start", "more"), last[who]
    assert "q" not in json.dumps(list(read.record))


def test_a_wait_passes_its_limit_at_its_minute(whole, lines):
    """By a second reading: who is not in first care so many minutes after he came, by his colour, has passed the limit at that minute."""
    red, yellow, green, _ = limits = limits_of(register())
    rows = stories(whole.model, lines, limits)
    assert (red, yellow, green) == (10.0, 30.0, 60.0)
    firsts = {}
    for minute, what, who, *_ in rows:
        if what == len(CODES):
            firsts.setdefault(who, minute)
    body, checked = whole.sim.body, 0
    for who, minute in firsts.items():
        own = lines[lines["casualty"] == who]
        came = own[own["code"] == CODES.index("arrive")]
        if len(came) and body[who]["moved"] == 0 and not body[who]["dead"]:
            late = minute - float(came["at"][0])
            starts = own[(own["code"] == CODES.index("start")) & (own["site"] >= whole.model.scenes)]
            if any(np.isclose(late, x) for x in (red, yellow, green)):
                entry = [s for s in starts if whole.model.stations[s["station"]] in ("resus", "urgent_look", "minor_look")]
                assert not entry or entry[0]["at"] > minute
                checked += 1
    assert checked > 20


def test_another_file_or_version_is_refused_in_a_sentence(file, tmp_path):
    other = tmp_path / "x"
    other.write_text("no")
    with pytest.raises(PlaybackError, match="no playback file"):
        read_playback(other)
    record = dict(read_playback(file).record) | {"version": 2}
    write_playback(other, record)
    with pytest.raises(PlaybackError, match="version 2; this program reads beiji-playback version 1"):
        read_playback(other)


def test_the_command_writes_the_file_and_says_its_size(tmp_path, capsys):
    path = tmp_path / "event.beiji"
    assert command.add_words is not None
    assert run(*WORDS[3:], "--trace", str(path)) == 0
    said = capsys.readouterr().err
    assert f"{path}" in said
    assert f"{path.stat().st_size / 1000:.0f} kB" in said
    record = read_playback(path).record
    assert record["provenance"]["replication"] == 0
    assert {site["name"] for site in record["sites"]} != {site["code"] for site in record["sites"]}
