"""Spreading changes nothing but the clock; a replay prints width, coverage and score, and does not count what calibration used."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from beiji.packs import simulation
from beiji.science import replay as r
from beiji.science import spread as s
from beiji.science.errors import ScienceError
from beiji.science.run import simulate


@pytest.fixture(scope="module")
def world():
    library = simulation.find_library()
    city = simulation.load_city(simulation.find_city(library, "yangzhou"))
    return city, simulation.load_scenario(simulation.find_scenario(library, "g2-fog-pileup"))


@pytest.fixture(scope="module")
def whole(world):
    return simulate(*world, replications=60, seed=5, threads=1)


@pytest.mark.parametrize("cut", [7, 25, 60])
def test_any_cut_gives_the_numbers_of_one_machine(world, whole, cut):
    with ThreadPoolExecutor(2) as executor:
        merged = s.spread({"base": world}, executor=executor, replications=60, seed=5, task_replications=cut)["base"]
    for name, values in whole.replications.items():
        assert np.array_equal(merged.replications[name], values, equal_nan=True), name
    assert merged.causes == whole.causes
    assert merged.stations == whole.stations
    assert merged.hospitals == whole.hospitals
    assert merged.saturation == whole.saturation
    assert merged.lacking == whole.lacking


def test_variants_run_on_the_same_draws_and_report_progress(world):
    city, scenario = world
    calls = []
    more = replace(scenario, policy="spread")
    with ThreadPoolExecutor(2) as executor:
        made = s.spread(
            {"nearest": world, "spread": (city, more)},
            executor=executor,
            replications=20,
            seed=5,
            task_replications=10,
            progress=lambda *n: calls.append(n),
        )
    assert calls[-1] == (40, 40)
    a, b = (made[name].measure("survivors") for name in ("nearest", "spread"))
    assert np.corrcoef(a, b)[0, 1] > 0.3, "common draws correlate"
    assert made["spread"].provenance["policy"] == "spread"


def test_a_variant_that_cannot_run_is_named_and_stops_the_others(world):
    city, _ = world
    with ThreadPoolExecutor(1) as executor, pytest.raises(ScienceError):
        s.spread({"none": (replace(city, hospitals=()), world[1])}, executor=executor, replications=5)
    with ThreadPoolExecutor(1) as executor, pytest.raises(ScienceError, match="Give 1 or more"):
        s.spread({"base": world}, executor=executor, replications=0)


def test_without_dask_one_sentence_says_what_to_install(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ScienceError, match="pip install distributed"):
        s.dask_executor("tcp://nowhere:8786")


def test_interval_score_punishes_width_and_missing():
    assert r.interval_score(5, 0, 10) == 10
    assert r.interval_score(5, 4, 6) == 2
    assert r.interval_score(7, 4, 6) == pytest.approx(2 + 40)


def test_a_replay_counts_only_what_calibration_did_not_use(world, whole):
    observed = {"survivors": 55.0, "deaths": 40.0, "operated": 3.0}
    incident = r.Incident("pile-up", *world, observed, "made up for the test", calibrated=frozenset({"operated"}))
    report = r.ReplayReport(tuple(("pile-up", row) for row in r.hold_against(incident, whole)))
    assert (report.covered, report.counted) == (1, 2)
    assert report.score > 1
    text = "\n".join(report.sentences())
    assert "used in calibration, not counted" in text
    assert "1 of 2 counted figures lie inside the middle 95%" in text
    assert "width" in text


def test_the_models_own_events_are_covered_nine_times_in_ten(world):
    city, scenario = world
    truth = simulate(city, scenario, replications=60, seed=99, threads=1)
    model = simulate(city, scenario, replications=200, seed=5, threads=1)
    inside = 0
    for value in truth.measure("survivors"):
        (row,) = r.hold_against(r.Incident("own", city, scenario, {"survivors": float(value)}, "the model"), model)
        inside += row.inside
    assert 0.78 <= inside / 60 <= 0.99


@pytest.mark.parametrize(
    ("observed", "calibrated", "words"),
    [
        ({"surviors": 3.0}, frozenset(), "There is no such measure"),
        ({"survivors": 3.0}, frozenset({"deaths"}), "Name only observed figures"),
    ],
)
def test_wrong_figures_are_named(world, whole, observed, calibrated, words):
    with pytest.raises(ScienceError, match=words):
        r.hold_against(r.Incident("x", *world, observed, "none", calibrated), whole)


def test_too_few_events_are_refused(world):
    with pytest.raises(ScienceError, match="40 or more"):
        r.replay(r.Incident("x", *world, {"survivors": 50.0}, "none"), replications=10)
    report = r.replay(r.Incident("x", *world, {"survivors": 52.0}, "none"), replications=40)
    assert report.counted == 1
