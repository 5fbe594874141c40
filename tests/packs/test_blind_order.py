"""Anchors put in order by somebody who had not written them, from a shuffled list without levels (seed 8)."""

from beiji.packs import load_packs, packs_root
from beiji.packs.blind import agreement, read_answers, shuffled

SEED = 8


def test_the_anchors_say_by_themselves_which_state_is_worse():
    """84 sets ordered on 24 November 2026 and 333 on 29 November, in the wording of the day; reworded anchors need a new ordering."""
    library = load_packs()
    sets = list(shuffled(library, "mci-hospital", SEED))
    answers = read_answers(packs_root() / "standards" / "mci-hospital" / "blind-order.csv")
    assert len(answers) >= 0.9 * len(sets)
    for domain in {one.indicator.split("-")[0] for one in sets}:
        of_domain = [answer for answer in answers if answer["indicator"].startswith(f"{domain}-")]
        right, wrong = agreement(sets, of_domain)
        assert right >= 0.95 * len(of_domain) > 0, wrong


def test_a_wrong_order_is_named():
    sets = list(shuffled(load_packs(), "mci-hospital", SEED))
    first = sets[0]
    turned = first.key[::-1]
    right, wrong = agreement(sets, [{"indicator": first.indicator, "language": first.language, "order": turned}])
    assert (right, len(wrong)) == (0, 1)
    assert turned in wrong[0]
