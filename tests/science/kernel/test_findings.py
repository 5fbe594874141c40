"""Findings of the model that a reader must not be spared. They are shown with their size and error, not asserted away."""

from beiji.science.experiment import compare
from beiji.science.run import simulate

from . import cities

TOWN, INCIDENT = cities.city(10, 40), cities.scenario(250)


def bigger(code, kind, more):
    """The city with more units of a kind at one hospital, at every minute of its plan."""
    h = TOWN.hospital(code)
    return TOWN.with_hospital(code, {f"hospital.{kind}": {m: v + more for m, v in h.day[f"hospital.{kind}"].items()}})


def standard_errors(difference):
    return difference.mean / ((difference.high - difference.low) / 3.92)


def test_beds_alone_can_harm_under_a_load_aware_policy():
    """Four more resuscitation bays, without teams, at one small hospital: the policy that looks at bays sends people after them. More deaths, many
    standard errors from nought, on 600 pairs. With destinations blind to load the same bays harm nobody."""
    base = simulate(TOWN, INCIDENT, replications=600, policy="spread", unlimited=False)
    harm = compare(
        base, simulate(bigger("h009", "resus_bays", 4), INCIDENT, replications=600, policy="spread", unlimited=False)
    )
    assert harm.mean > 0.05
    assert standard_errors(harm) > 4
    blind = simulate(TOWN, INCIDENT, replications=600, policy="nearest", unlimited=False)
    for code in ("h001", "h004", "h009"):
        other = simulate(bigger(code, "resus_bays", 4), INCIDENT, replications=600, policy="nearest", unlimited=False)
        assert compare(blind, other).high < 0.05


def test_bays_with_their_people_harm_less():
    """The same bays with people of every profession to work in them are less harmful: what binds is people, and the policy's guess about bays is then right."""
    base = simulate(TOWN, INCIDENT, replications=600, policy="spread", unlimited=False)
    staffed = bigger("h009", "resus_bays", 4).with_hospital(
        "h009",
        {f"hospital.{kind}": n for kind, n in (("resus_teams", 7), ("surgeons", 12), ("anaesthetists", 10), ("nurses", 40), ("declare_min", 0))},
    )
    with_teams = compare(base, simulate(staffed, INCIDENT, replications=600, policy="spread", unlimited=False))
    without = compare(
        base, simulate(bigger("h009", "resus_bays", 4), INCIDENT, replications=600, policy="spread", unlimited=False)
    )
    assert with_teams.mean < without.mean
