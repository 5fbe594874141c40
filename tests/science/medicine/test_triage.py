"""Triage rules against published vectors and at both sides of every threshold."""

import numpy as np
import pytest

from beiji.science import triage as t
from beiji.science.parameters import register

from .published_tables import numbers, rows

RULE_COLUMNS = ("start", "mstart", "sieve", "nasmed", "mptt24", "tst", "careflight", "ramp")


def found(text):
    values = numbers(text)
    return t.findings(**{name: (bool(v) if isinstance(t.DEFAULTS[name], bool) else v) for name, v in values.items()})


@pytest.mark.parametrize("row", rows("triage_vectors"), ids=lambda row: row["case"])
def test_published_vector(row):
    casualty = found(row["findings"])
    for rule in RULE_COLUMNS:
        if row[rule] != "-":
            assert t.label(rule, int(t.triage(rule, casualty))) == row[rule], rule
    assert t.rpm_codes(casualty).sum() == int(row["rpm"])


def test_mitt_is_mptt24_but_for_the_smallest_children():
    for row in rows("triage_vectors"):
        casualty = found(row["findings"])
        assert t.triage("mitt", casualty) == t.triage("mptt24", casualty), row["case"]


@pytest.mark.parametrize("row", rows("triage_edges"), ids=lambda row: f"{row['rule']} {row['findings']}")
def test_both_sides_of_each_threshold(row):
    assert t.label(row["rule"], int(t.triage(row["rule"], found(row["findings"])))) == row["expected"]


def test_every_rule_and_every_threshold_has_an_edge():
    assert {row["rule"] for row in rows("triage_edges")} == set(t.RULES)
    for name in register().names("triage."):
        rule = {"start": "start", "sieve": "sieve"}.get(name.split(".")[1], name.split(".")[1])
        sign = {"rate": "respiratory_rate", "refill": "capillary_refill_s", "pulse": "pulse", "age": "age_years"}[
            name.split(".")[2].split("_")[0]
        ]
        tested = [r for r in rows("triage_edges") if r["rule"] in (rule, "nasmed") and sign in r["findings"]]
        assert len(tested) >= 2, name


def test_rpm_codes_at_their_edges():
    for row in rows("rpm_codes"):
        sign = {"rate": "respiratory_rate", "pulse": "pulse"}[row["sign"]]
        codes = t.rpm_codes(t.findings(**{sign: float(row["value_per_min"])}))
        assert codes[{"rate": 0, "pulse": 1}[row["sign"]]] == int(row["code"]), row
    assert t.rpm_codes(t.findings(gcs_motor=np.arange(1, 7)))[2].tolist() == [0, 1, 1, 2, 3, 4]


def test_rules_work_on_any_shape():
    many = t.findings(respiratory_rate=np.array([[18.0, 31.0], [9.0, 24.0]]))
    assert t.triage("start", many).tolist() == [[t.YELLOW, t.RED], [t.YELLOW, t.YELLOW]]
    assert t.triage("start", t.where(many, (0, 1))) == t.RED


def test_observer_misses_reds_and_raises_others():
    u = np.linspace(0.005, 0.995, 100)
    red, green, black = (np.full(100, colour) for colour in (t.RED, t.GREEN, t.BLACK))
    assert (t.observed(red, u, undertriage=0.1, overtriage=0.3) == t.YELLOW).sum() == 10
    assert (t.observed(green, u, undertriage=0.1, overtriage=0.3) == t.RED).sum() == 30
    assert (t.observed(black, u, undertriage=1, overtriage=1) == t.BLACK).all()
    with pytest.raises(t.TriageError, match="between 0 and 1"):
        t.observed(red, u, undertriage=1.2, overtriage=0)


def test_mistakes_name_what_is_known():
    with pytest.raises(t.TriageError, match=r"Unknown triage rule strat\. Known rules: start"):
        t.triage("strat", t.findings())
    with pytest.raises(t.TriageError, match="Known rules"):
        t.label("strat", 0)
    with pytest.raises(t.TriageError, match="Unknown finding rate"):
        t.findings(rate=3)
    with pytest.raises(t.TriageError, match="pulse holds a negative number or no number"):
        t.findings(pulse=float("nan"))
