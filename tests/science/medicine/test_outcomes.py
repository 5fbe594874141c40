"""Claims of `outcomes` hold, and each fault that once passed every test is found by the claim named beside it.

A fault is a piece of source put in place of another. Those of the kernel run without the compiler, all in one process of their own.
"""

import importlib
import inspect
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from . import outcomes

ROOT = Path(__file__).resolve().parents[3]
CLAIMS = [claim for name, claim in vars(outcomes).items() if getattr(claim, "__module__", "") == outcomes.__name__ and claim.__doc__ and name.count("_") > 3]

#: (module, function, what is there, the fault, the claim that finds it)
FAULTS = [
    ("beiji.science.city", "Hospital.values", "self.night if night else self.day", "self.day", "the_night_has_the_nights_people"),
    ("beiji.science.scenario", "Scenario.night", "self.hour, own", "self.hour, own | {'shift.night_from_hour': 20.0}", "the_night_has_the_nights_people"),
    ("beiji.science.scenario", "Scenario.night", "self.hour, own", "self.hour, own | {'shift.day_from_hour': 7.0}", "the_night_has_the_nights_people"),
    ("beiji.science.tally", "Tally.interval", "0.5 + LEVEL / 2", "0.5 + 0.90 / 2", "the_interval_of_a_mean_covers_it_as_often_as_it_says"),
    ("beiji.science.tally", "Tally.events", "(1.0 - EVENTS)", "(1.0 - 0.80)", "nine_of_ten_events_lie_in_the_range_that_says_so"),
    ("beiji.science.tally", "Tally.events", "(1.0 - EVENTS)", "(1.0 - 0.99)", "nine_of_ten_events_lie_in_the_range_that_says_so"),
    ("beiji.science.results", "Results.replications", 'o["surgery_min"] / o["operated"]', 'o["surgery_min"] / o["surgical"]', "minutes_to_theatre_are_of_those_operated"),
    ("beiji.science.summary", "_saturated", "row.first_min < first[row.site].first_min", "row.first_min > first[row.site].first_min", "the_kind_that_is_full_first_is_named"),
    ("beiji.packs.simulation", "_hospital", 'round(pack.beds * limits["hospital.bed_occupancy"])', "round(pack.beds)", "only_occupied_beds_can_be_emptied"),
    ("beiji.science.capacity", "reverse_triage", "hospital.occupied_beds if", "hospital.occupied_beds / 0.9 if", "only_occupied_beds_can_be_emptied"),
]
KERNEL = "beiji.science.kernel."
KERNEL_FAULTS = [
    (KERNEL + "draws", "later", "ended + u * (1.0 - ended)", "u", "a_live_stage_ends_by_its_remaining_minutes"),
    (KERNEL + "live", "begin_running", "* pace - w.running_min", "* pace", "a_live_stage_ends_by_its_remaining_minutes"),
    (KERNEL + "live", "lived_so_far", "w.partial_min > 0.0", "w.partial_min < 0.0", "a_live_start_remembers_what_still_protects"),
    (KERNEL + "moving", "on_reschedule", "w.after * m.site[U(s)].callin_pace", "w.after", "a_called_wave_comes_at_its_own_pace"),
    (KERNEL + "moving", "on_reschedule", "w.at + w.after * m.site[U(s)].callin_pace", "w.at", "a_called_wave_comes_at_its_own_pace"),
]


def faulty(module, name, old, new):
    """(where it hangs, its name, the faulty function)."""
    home = owner = importlib.import_module(module)
    *parts, name = name.split(".")
    for part in parts:
        owner = getattr(owner, part)
    found = vars(owner)[name]
    source = textwrap.dedent(inspect.getsource(getattr(found, "fget", found)))
    assert source.count(old) == 1, f"{module}.{name} has no single {old!r}: the fault must be seeded anew"
    made = {}
    exec(compile(source.replace(old, new), "<fault>", "exec", flags=__import__("__future__").annotations.compiler_flag), vars(home), made)
    return owner, name, made[name]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.__name__)
def test_the_claim_holds(claim):
    claim()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault[1]}: {fault[3]}")
def test_a_fault_is_found(fault, monkeypatch):
    monkeypatch.setattr(*faulty(*fault[:4]))
    with pytest.raises(AssertionError):
        getattr(outcomes, fault[4])()


@pytest.fixture(scope="module")
def verdicts():
    """What the claims say of each fault of the kernel, and of the kernel without one."""
    program = "from tests.science.medicine.test_outcomes import judge; judge()"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("at", range(len(KERNEL_FAULTS)), ids=lambda at: f"{KERNEL_FAULTS[at][1]}: {KERNEL_FAULTS[at][3]}")
def test_a_fault_of_the_kernel_is_found(at, verdicts):
    assert verdicts["without"] == []
    assert verdicts["found"][at]


def judge():
    """Print which claims fail without a fault, and which faults are found."""
    def holds(name):
        try:
            getattr(outcomes, name)()
        except AssertionError:
            return False
        return True

    without = sorted({fault[4] for fault in KERNEL_FAULTS if not holds(fault[4])})
    found = []
    for fault in KERNEL_FAULTS:
        _, name, made = faulty(*fault[:4])
        whole = {m: vars(m)[name] for m in list(sys.modules.values()) if getattr(m, "__name__", "").startswith(KERNEL) and name in vars(m)}
        for module in whole:
            setattr(module, name, made)
        found.append(not holds(fault[4]))
        for module, function in whole.items():
            setattr(module, name, function)
    print(json.dumps({"without": without, "found": found}))
