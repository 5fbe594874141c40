"""Anchors put in order by somebody who had not written them, from a shuffled list without levels."""

from pathlib import Path

import pytest
from tests.packs.test_command import run

from beiji.packs import load_packs, packs_root
from beiji.packs.blind import agreement, read_answers, shuffled

SEED = 8
#: Standard → the seed by which its sets were shuffled.
SEEDS = {"mci-hospital": SEED, "mci-city": 11}


@pytest.mark.parametrize("standard", SEEDS)
def test_the_anchors_say_by_themselves_which_state_is_worse(standard: str):
    """Hospitals: 84 sets ordered on 24 November 2026 and 333 on 29 November; city: 105 on 30 November. In the wording of the day;
    reworded anchors need a new ordering."""
    library = load_packs()
    sets = list(shuffled(library, standard, SEEDS[standard]))
    answers = read_answers(packs_root() / "standards" / standard / "blind-order.csv")
    assert len(answers) >= 0.9 * len(sets)
    for domain in {one.indicator.split("-")[0] for one in sets}:
        of_domain = [answer for answer in answers if answer["indicator"].startswith(f"{domain}-")]
        right, wrong = agreement(sets, of_domain)
        assert right >= 0.95 * len(of_domain) > 0, wrong


def test_what_was_mended_or_added_later_was_ordered_anew():
    """On 30 November 2026: an item of release 1.2.0 and six whose anchors had been mended after their ordering."""
    answers = read_answers(Path(__file__).with_name("blind-order-30-november.csv"))
    right, wrong = agreement(list(shuffled(load_packs(), "mci-hospital", 21)), answers)
    assert (right, wrong) == (len({(a["indicator"], a["language"]) for a in answers}), [])
    assert right == 21


def test_a_wrong_order_is_named():
    sets = list(shuffled(load_packs(), "mci-hospital", SEED))
    first = sets[0]
    turned = first.key[::-1]
    right, wrong = agreement(sets, [{"indicator": first.indicator, "language": first.language, "order": turned}])
    assert (right, len(wrong)) == (0, 1)
    assert turned in wrong[0]


def test_the_command_prints_sets_without_levels_and_judges_the_answers(tmp_path, monkeypatch, capsys):
    assert run(monkeypatch, "blind", "mci-city", "--seed", "11", "--language", "he") == 0
    printed = capsys.readouterr().out
    assert printed.count("\n  A  ") == 35
    assert "CG-1" in printed
    answers = tmp_path / "answers.csv"
    answers.write_text("indicator,language,order\nCG-1,he,ABC\nCG-2,he,ABC\nCG-99,he,ABC\n", encoding="utf-8")
    assert run(monkeypatch, "blind", "mci-city", "--seed", "11", "--answers", str(answers)) == 1
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "CG-1 he: put ABC, levels say CBA",
        f"{answers}: CG-99 he is no set of mci-city. Take the line away.",
        "1 of 2 sets are in the order of their levels.",
    ]
    assert run(monkeypatch, "blind", "mci-citty") == 2
    assert "mci-city" in capsys.readouterr().err
