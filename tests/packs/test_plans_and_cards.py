"""Plan templates and role cards: what the loader gives to the rooms, and one fault for each rule."""

from collections.abc import Callable
from pathlib import Path

import pytest

from beiji.packs import load_packs, render
from beiji.packs.checker import check
from beiji.packs.problems import Problem
from beiji.packs.schemas.plans import blanks

CARDS = "role-cards/demo/cards/all.yaml"
ROLES = "role-cards/demo/pack.yaml"
PACK = "plan-templates/demo/pack.yaml"
ALERT = "plan-templates/demo/chapters/alert.yaml"
LISTS = "plan-templates/demo/annexes/lists.yaml"
NIGHT = "role-cards/demo/night-sets.yaml"

# file, what stands there, what somebody writes instead, code and words of the sentence
CASES = [
    (ALERT, "          zh-Hans: 值班台在{{answer_min}}分钟内接听[[号码]]。\n", "", 'P110 "body" of who has no zh-Hans'),
    (ALERT, "  he: הדלפק עונה ראשון.\n", "", 'P110 "headline" of alert has no he'),
    (CARDS, "      he: ללכת.\n", "", "P110 "),
    (ALERT, "zh-Hans: 首选", "zh-Hans: 首选2条，备用3条", "L12 "),
    (ALERT, "en: First\n              zh-Hans: 首选", "en: First 2\n              zh-Hans: 首选3", "P120 "),
    (ALERT, "the beds within {{ed_clear_min}} min.", "the beds within {{ed_cleer_min}} min.", "Did you mean ed_clear_min?"),
    (ALERT, "by: answer_min", "by: anser_min", 'P121 Parameter "anser_min" is unknown. Did you mean answer_min?'),
    (ALERT, "Write it down.", "Write it down within 4 min.", "L27 "),
    (ALERT, "who: desk", "who: dsek", 'P170 Role "dsek" is unknown. Did you mean desk?'),
    (ALERT, "roles: [desk, chief]", "roles: [desk, cheif]", 'P170 Role "cheif" is unknown. Did you mean chief?'),
    (ALERT, "内接听[[号码]]。", "内接听。", "P174 "),
    (ALERT, "kind: contacts", "kind: text", "P173 "),
    (ALERT, "          - - en: Fixed\n              zh-Hans: 固定\n            - en: First", "          - - en: First", "P173 "),
    (ALERT, "headline:", "hedline:", 'P113 "hedline" is no field of alert. Did you mean headline?'),
    (ALERT, "- id: steps", "- id: who", "P152 who is used twice, here and in call"),
    (LISTS, "- id: capacity", "- id: call", "P152 call is used twice, here and in alert"),
    (LISTS, "fills: capacity-timetable", "fills: capacity-table", "Did you mean capacity-timetable?"),
    (PACK, "chapters: [alert]", "chapters: [allert]", "P136 chapters/allert.yaml is not there. Did you mean alert?"),
    (PACK, "annexes: [lists]", "annexes: []", "P136 annexes/lists.yaml is not listed"),
    (PACK, "    src: assumption/answer\n", "", "P175 Parameter answer_min has no src"),
    (PACK, "src: assumption/answer", "src: assumption/anwser", 'P133 Source "assumption/anwser" is unknown.'),
    (PACK, "  answer_min:", "  ed_clear_min:", "P152 Parameter ed_clear_min is there already"),
    (PACK, "cards: demo-cards", "cards: demo-card", 'P134 Pack of role cards "demo-card" is unknown.'),
    (ROLES, "standard: demo", "standard: dmo", 'P134 Standard "dmo" is unknown.'),
    (CARDS, "- id: desk", "- id: dead", "P152 dead is used twice among the role card entries"),
    (CARDS, "number: 6", "number: 5", "P152 desk has the number of dead"),
    (CARDS, "incompatible: [dead]", "incompatible: [deed]", 'P170 Role "deed" is unknown. Did you mean dead?'),
    (CARDS, "incompatible: [dead]", "incompatible: [dying]", "P172 dying is incompatible with itself"),
    (CARDS, "  reports_outside:\n    en: The city.\n    zh-Hans: 本市。\n", "", "P171 chief reports to nobody"),
    (CARDS, "  reports_outside:\n    en: The city.\n    zh-Hans: 本市。\n", "  reports_to: door\n", "P171 chief reports in a circle: chief → door → chief"),
    (CARDS, "  level: full\n\n- id: theatre", "  level: standby\n\n- id: theatre", "P171 door is held from standby, chief above it only from full"),
    (CARDS, "incompatible:", "incompatibel:", 'P113 "incompatibel" is no field of door. Did you mean incompatible?'),
]  # fmt: skip


def night_set(size: str, hands: list[list[str]], called: list[str]) -> str:
    """One entry of night-sets.yaml."""
    lines = [f"- id: night-{size}", f"  hospital_class: {size}", "  merged:"]
    for number, cards in enumerate(hands):
        lines += [f"    - id: {size}-{number}"]
        lines += [
            "      title:",
            f"        en: Hand {number} of {size}",
            f"        zh-Hans: {size}手{number}",
            f"        he: יד {number}",
        ]
        lines += [
            "      held_by:",
            "        en: Somebody.",
            "        zh-Hans: 某人。",
            f"      cards: [{', '.join(cards)}]",
        ]
    return "\n".join([*lines, f"  called_in: [{', '.join(called)}]"]) + "\n"


GOOD = [["chief"], ["door"], ["theatre"], ["dying"], ["dead"]]


def write_night(mini: Path, changed: list[list[str]], called: list[str], *, skip: str = "") -> list[str]:
    """What the checker says when the county hospital has these hands and the others are right."""
    text = "".join(
        night_set(size, changed if size == "county" else GOOD, called if size == "county" else ["desk"])
        for size in ("large", "tertiary", "county", "small")
        if size != skip
    )
    (mini / NIGHT).write_text(text, encoding="utf-8")
    return [str(problem) for problem in check([mini])]


def test_the_rooms_get_chapters_blocks_cards_and_the_numbers_of_their_standard(mini: Path) -> None:
    assert write_night(mini, GOOD, ["desk"]) == []
    library = load_packs(mini)
    template, cards = library.plan_templates["demo-plan"], library.role_cards["demo-cards"]
    assert [(label, part.id) for label, part in template.parts()] == [("1", "alert"), ("A", "lists")]
    kinds = [block.kind for _, block in template.chapters[0].blocks()]
    assert kinds == ["text", "checklist", "table", "contacts"]
    who, steps, *_ = (block for _, block in template.chapters[0].blocks())
    assert render(who.body, template.parameters)["en"] == "The desk answers within 3 min at [[number]]."
    assert render(steps.steps[1].do, template.parameters, "county")["zh-Hans"] == "在20分钟内腾空床位。"
    assert blanks(who.body["zh-Hans"]) == ["号码"]
    assert list(cards.chain("dead")) == ["chief"]
    assert cards.incompatible_pairs() == {frozenset(("door", "theatre")), frozenset(("dying", "dead"))}
    assert [hand.cards for hand in cards.night_sets["small"].merged] == [(id,) for (id,) in GOOD]


def test_each_fault_is_named(mini: Path) -> None:
    for file, old, new, said in CASES:
        path = mini / file
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        printed = [str(problem) for problem in check([mini])]
        assert any(said in line for line in printed), (old, new, printed)
        path.write_text(text, encoding="utf-8")
    assert check([mini]) == []


@pytest.mark.parametrize(
    ("hands", "called", "said"),
    [
        ([["chief"], ["door", "theatre"], ["dying"], ["dead"]], ["desk"], "P172 night-county has 4 merged cards."),
        ([["chief"], ["door", "theatre"], ["dying"], ["dead"], ["desk"]], [], "P172 county-1 merges door and theatre"),
        ([*GOOD[:4], ["dead", "door"]], ["desk"], "P172 door stands in 2 places of night-county."),
        (GOOD, [], "P172 night-county says nothing of desk."),
        (GOOD, ["desc"], 'P170 Role "desc" is unknown. Did you mean desk?'),
    ],
)
def test_a_night_set_that_does_not_hold_is_named(
    mini: Path, hands: list[list[str]], called: list[str], said: str
) -> None:
    assert any(said in line for line in write_night(mini, hands, called))


def test_each_class_of_hospital_has_a_night(mini: Path) -> None:
    assert any(
        "P172 demo-cards has no night set for small." in line
        for line in write_night(mini, GOOD, ["desk"], skip="small")
    )


def test_a_sentence_that_stands_in_a_chapter_and_on_a_card_is_named(
    broken: Callable[[str, str, str], list[Problem]], mini: Path
) -> None:
    words = "The desk writes the place, the number and the hour on the sheet. "
    text = (mini / ALERT).read_text(encoding="utf-8")
    (mini / ALERT).write_text(text.replace("en: Write it down.", f"en: {words}Then it waits."), encoding="utf-8")
    found = broken(CARDS, "en: Desk is held.", f"en: {words}")
    assert [problem.code for problem in found if not problem.warning] == ["L26", "L26"]
