"""Anchors put in order by somebody who had not written them, from a shuffled list without levels (seed 8)."""

from beiji.packs import load_packs, packs_root
from beiji.packs.blind import agreement, read_answers, shuffled

SEED = 8
NOT_ORDERED_YET = {"CLN", "CMD", "COM", "GOV", "INF", "LOG", "PLN", "RSK", "STF", "SUP"}
"""Domains written after those orderings, or by the reader himself; nobody who has not seen them has put their anchors in order."""


def test_the_anchors_say_by_themselves_which_state_is_worse():
    """84 sets ordered on 24 November 2026 and 84 on 29 November, in the wording of the day; reworded anchors need a new ordering."""
    library = load_packs()
    sets = list(shuffled(library, "mci-hospital", SEED))
    answers = read_answers(packs_root() / "standards" / "mci-hospital" / "blind-order.csv")
    ordered = {answer["indicator"].split("-")[0] for answer in answers}
    assert {one.indicator.split("-")[0] for one in sets} - ordered == NOT_ORDERED_YET
    sets = [one for one in sets if one.indicator.split("-")[0] in ordered]
    right, wrong = agreement(sets, answers)
    assert len(answers) >= 0.9 * len(sets)
    assert right >= 0.95 * len(answers), wrong


def test_a_wrong_order_is_named():
    sets = list(shuffled(load_packs(), "mci-hospital", SEED))
    first = sets[0]
    turned = first.key[::-1]
    right, wrong = agreement(sets, [{"indicator": first.indicator, "language": first.language, "order": turned}])
    assert (right, len(wrong)) == (0, 1)
    assert turned in wrong[0]
