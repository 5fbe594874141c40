"""The pool: injuries that can be, signs that agree with RPM at every stage, and a colour for every stage by every rule."""

import itertools

import numpy as np
import pytest

from beiji.science import casualties as c
from beiji.science import triage
from beiji.science.scores import ATTAINABLE, iss

SMALL = {"size": 400, "seed": 3}


@pytest.fixture(scope="module", params=c.mechanisms())
def pool(request):
    return c.build_pool(mechanism=request.param, **SMALL)


def test_injuries_are_attainable_and_agree_with_severity(pool):
    assert set(pool.iss.tolist()) <= ATTAINABLE
    assert set(pool.niss.tolist()) <= ATTAINABLE
    assert (pool.niss >= pool.iss).all()
    assert (pool.iss == iss(pool.ais)).all()
    means = [pool.iss[pool.group == group].mean() for group in range(4)]
    assert means[2] < means[1] < means[0] < means[3]
    assert pool.iss[pool.group == 2].max() < 9


def test_signs_add_up_to_the_rpm_of_every_state(pool):
    codes = triage.rpm_codes(pool.found).sum(axis=0)
    expected = np.maximum(pool.rpm[:, None] - np.arange(13)[None, :], 0)
    assert (codes == expected).all()


def test_who_decays_has_a_need_and_who_has_none_stays(pool):
    alive = pool.group != 3
    critical = (pool.needs & c.TIME_CRITICAL) != 0
    assert (pool.rpm[alive & ~critical] >= 10).all()
    assert (pool.cross_count[alive & ~critical] == 0).all()
    assert critical[pool.group == 0].all(), "every red has a time-critical need"


def test_crossings_ascend_and_death_comes_last(pool):
    for i in range(len(pool)):
        n = pool.cross_count[i]
        assert (np.diff(pool.cross_at[i, :n]) > 0).all()
        assert np.isinf(pool.cross_at[i, n:]).all()
        colours = [int(pool.category[i]), *pool.cross_category[i, :n].tolist()]
        assert all(a != b for a, b in itertools.pairwise(colours)), "a crossing changes the colour"
        assert 4 not in colours[:-1], "nothing follows death"


def test_walking_needs_good_signs(pool):
    walking = pool.found.walks
    assert not (walking & ~pool.found.obeys).any()
    assert not (walking & ~pool.found.breathes).any()
    assert pool.walks[pool.group == 2].mean() > 0.8


def test_blood_is_a_heavy_tail(pool):
    wanting = pool.blood[pool.blood > 0]
    if len(wanting) > 30:
        top = np.sort(wanting)[-max(1, len(wanting) // 4) :].sum()
        assert top > 0.5 * wanting.sum()


@pytest.mark.parametrize("rule", sorted(triage.RULES))
def test_every_rule_runs_on_the_same_casualties(rule):
    made = c.build_pool(mechanism="explosion", rule=rule, **SMALL)
    base = c.build_pool(mechanism="explosion", **SMALL)
    assert (made.rpm == base.rpm).all()
    assert (made.ais == base.ais).all()
    assert made.cross_count.max() <= 8
    assert set(made.category.tolist()) <= {0, 1, 2, 3}


def test_a_longer_pool_with_the_same_groups_moves_no_draw():
    """The draws of a template are keyed by its id: only its severity group depends on the size."""
    short, long = (c.build_pool(mechanism="collapse", size=size, seed=5) for size in (400, 800))
    same = short.group == long.group[:400]
    assert same.sum() > 100
    assert (short.age[same] == long.age[:400][same]).all()
    assert (short.rpm[same] == long.rpm[:400][same]).all()


def test_children_are_triaged_by_jumpstart_beside_start():
    made = c.build_pool(mechanism="blunt-traffic", child_share=1.0, **SMALL)
    assert made.child.all()
    assert made.age.max() <= 12
    assert made.age.min() >= 1
    assert (made.category[made.rpm > 0] == triage.triage("jumpstart", made.found)[:, 0][made.rpm > 0]).all()


def test_undertriage_comes_out_of_the_rule():
    """START misses reds with good signs, MPTT-24 misses fewer and overtriages more (Vassallo 2017)."""
    missed, raised = {}, {}
    for rule in ("start", "mptt24"):
        made = c.build_pool(mechanism="blunt-traffic", rule=rule, size=2000)
        missed[rule] = (made.category[made.group == 0] != triage.RED).mean()
        raised[rule] = (made.category[(made.group == 1) | (made.group == 2)] == triage.RED).mean()
    assert missed["mptt24"] < missed["start"] < 0.5
    assert raised["mptt24"] > raised["start"]


def test_mortality_of_the_critical_with_immediate_care_leaves_room_for_delays():
    """Published critical mortality includes delays: pooled 12.4 % (Frykberg and Tepas 1988), London 15 %, Madrid 17 to 19.5 %."""
    for mechanism in set(c.mechanisms()) - set(c.UNSCORED_MECHANISMS):
        made = c.build_pool(mechanism=mechanism, size=2000)
        dead = 1 - made.curves[made.curve, 0][(made.group == 0) & (made.unscored == 0)].mean()
        assert 0.08 < dead < 0.15, mechanism


def test_rates_of_the_clock_by_remaining_need():
    rates = c.need_rates()
    assert rates.shape == (1024,)
    assert rates[0] == rates[1 << c.Need.ORTHOPAEDIC] == rates[1 << c.Need.CONTAMINATED] == 0
    assert rates[1 << c.Need.HEAD] == 1
    assert 0 < rates[1 << c.Need.ICU] < rates[1 << c.Need.BURN] < 1
    assert rates[1 << c.Need.BURN | 1 << c.Need.AIRWAY] == 1


def test_a_mix_of_mechanisms_holds_its_shares():
    made = c.build_pool(mechanism={"burn": 0.25, "chemical": 0.75}, size=2000)
    assert np.mean([name == "burn" for name in made.mechanism]) == pytest.approx(0.25, abs=0.03)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"mechanism": "lava"}, "Unknown mechanism lava. Known mechanisms: blunt-traffic"),
        ({"mechanism": {"burn": 0.5}}, "sum to 0.5"),
        ({"mechanism": "burn", "rule": "stat"}, "Unknown triage rule stat"),
        ({"mechanism": "burn", "model": "weibull"}, "Unknown deterioration model weibull"),
        ({"mechanism": "burn", "child_share": 2.0}, "share of children is 2"),
        ({"mechanism": "burn", "size": 5}, "at least 100"),
    ],
)
def test_mistakes_name_the_mend(arguments, words):
    with pytest.raises(c.CasualtyError, match=words):
        c.build_pool(**arguments)
