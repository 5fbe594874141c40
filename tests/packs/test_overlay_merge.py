"""A city's overlay survives the next release: what fits goes through, everything else is named with place and mend."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beiji.packs.__main__ import main
from beiji.packs.checker import check
from beiji.packs.frozen import Frozen, freeze
from beiji.packs.library import Library, load_packs, scan
from beiji.packs.overlay import adapted, own_targets
from beiji.packs.overlay_merge import merge_overlay
from beiji.packs.schemas.cities import Overlay
from beiji.packs.schemas.declared import Change, Release
from beiji.packs.schemas.standards import Parameter, Standard

MINI = Path(__file__).parent / "mini"
REASON = {"en": "None here.", "zh-Hans": "本市没有。", "he": "אין כאן."}


@pytest.fixture(scope="module")
def library() -> Library:
    return load_packs(MINI)


@pytest.fixture(scope="module")
def base(library: Library) -> Frozen:
    """Release 1.1.0 of the small standard, with a second item that nobody must pass."""
    standard = library.standards["demo"]
    return freeze(_with(library, two_items(standard)), "demo")


def two_items(standard: Standard) -> Standard:
    """The small standard with GOV-1 beside TRI-6."""
    tri = standard.indicator("TRI-6")
    gov = tri.model_copy(update={"id": "GOV-1", "crit": "high", "reads": "entrance-guarded"})
    domains = dict(standard.domains)
    domains["GOV"] = domains["GOV"].model_copy(update={"indicators": {"GOV-1": gov}})
    return standard.model_copy(update={"domains": domains})


def _with(library: Library, standard: Standard) -> Library:
    from beiji.packs.library import Item

    other = Library(library.root, standards={"demo": standard}, capabilities=library.capabilities)
    source = next(library.of_kind("indicator")).source
    other.items = [Item("indicator", "demo", item, source, (0,)) for _, item in standard.indicators()]
    return other


def release(standard: Standard, version: str, *changes: dict[str, Any], without: str = "", **update: Any) -> Standard:
    """The next release: an item gone, declared changes, other fields of the standard."""
    domains = {
        code: domain.model_copy(update={"indicators": {k: v for k, v in domain.indicators.items() if k != without}})
        for code, domain in standard.domains.items()
    }
    header = standard.header.model_copy(update={"version": version})
    own = Release(version=version, changes=tuple(Change.model_validate(change) for change in changes))
    return standard.model_copy(
        update={"header": header, "domains": domains, "releases": (*standard.releases, own), **update}
    )


def said(library: Library, base: Frozen, overlay: dict[str, Any], now: Standard) -> list[tuple[str, str, bool]]:
    own = Overlay.model_validate({"base": base.version, **overlay})
    found = merge_overlay("town", own, now, [base], library.capabilities)
    return [(one.code, one.sentence, one.warning) for one in found]


EXCLUDED = {"exclude": [{"id": "GOV-1", "because": REASON}]}


def test_an_overlay_that_fits_goes_through(library: Library, base: Frozen) -> None:
    now = release(two_items(library.standards["demo"]), "1.2.0")
    assert said(library, base, {**EXCLUDED, "drill_interval_days": 365}, now) == []
    own = Overlay.model_validate({"base": "1.1.0", **EXCLUDED, "drill_interval_days": 365})
    assert [item.id for _, item in adapted(now, own, "town").indicators()] == ["TRI-6"]


def test_an_excluded_item_that_was_retired_says_so_and_stops_nothing(library: Library, base: Frozen) -> None:
    now = release(
        two_items(library.standards["demo"]), "1.2.0", {"item": "GOV-1", "change": "retired"}, without="GOV-1"
    )
    ((code, sentence, warning),) = said(library, base, EXCLUDED, now)
    assert (code, warning) == ("P162", True)
    assert sentence == "GOV-1 was retired in 1.2.0. Take the exclusion away."


def test_an_excluded_item_that_was_split_waits_for_a_person(library: Library, base: Frozen) -> None:
    changes = {"item": "GOV-1", "change": "split", "into": ["GOV-2", "GOV-3"]}
    now = release(two_items(library.standards["demo"]), "2.0.0", changes, without="GOV-1")
    ((code, sentence, warning),) = said(library, base, EXCLUDED, now)
    assert (code, warning) == ("P162", False)
    assert sentence == (
        "GOV-1 was split into GOV-2 and GOV-3 in 2.0.0. Exclude what does not fit of GOV-2 and GOV-3, each with its reason, "
        "take this line away, then write base: 2.0.0."
    )


def test_an_excluded_item_that_says_otherwise_now_asks_for_a_look(library: Library, base: Frozen) -> None:
    standard = two_items(library.standards["demo"])
    item = standard.indicator("GOV-1").model_copy(update={"core": False, "pillar": "S"})
    domains = {**standard.domains, "GOV": standard.domains["GOV"].model_copy(update={"indicators": {"GOV-1": item}})}
    ((code, sentence, warning),) = said(
        library, base, EXCLUDED, release(standard.model_copy(update={"domains": domains}), "1.2.0")
    )
    assert (code, warning) == ("P164", True)
    assert "GOV-1 says otherwise than in 1.1.0 (pillar, core)." in sentence


def test_what_everybody_must_pass_is_never_left_out(library: Library, base: Frozen) -> None:
    overlay = {"exclude": [{"id": "TRI-6", "because": REASON}]}
    ((code, sentence, _),) = said(library, base, overlay, two_items(library.standards["demo"]))
    assert code == "P163"
    assert sentence.startswith("TRI-6 must be passed by everybody; a city cannot leave it out.")


def test_a_parameter_that_both_changed_is_a_conflict(library: Library, base: Frozen) -> None:
    standard = two_items(library.standards["demo"])
    parameters = {**standard.parameters, "drill_interval_days": Parameter(value="400")}
    now = release(standard, "1.2.0", parameters=parameters)
    ((code, sentence, warning),) = said(library, base, {"drill_interval_days": 365}, now)
    assert (code, warning) == ("P162", False)
    assert sentence == (
        "1.2.0 says 400 for drill_interval_days where 1.1.0 said 730, and the city 365. Keep the city's number or take the "
        "new one, then write base: 1.2.0."
    )
    gone = {name: one for name, one in standard.parameters.items() if name != "drill_interval_days"}
    ((code, sentence, warning),) = said(
        library, base, {"drill_interval_days": 365}, release(standard, "1.2.0", parameters=gone)
    )
    assert (code, warning) == ("P162", True)
    assert sentence == "drill_interval_days is no parameter any more since 1.2.0. Take it away."


def test_own_items_carry_the_citys_name_so_that_no_release_uses_it(library: Library, base: Frozen) -> None:
    standard = two_items(library.standards["demo"])
    item = standard.indicator("TRI-6")

    def own(id: str, **update: Any) -> dict[str, Any]:
        return {"add": {"TRI": [item.model_copy(update={"id": id, **update})]}}

    assert said(library, base, own("town-TRI-1"), standard) == []
    assert said(library, base, own("GOV-1"), standard) == [
        ("P160", "GOV-1 of the city is an id of the standard, which means something else. Call it town-TRI-1.", False)
    ]
    assert "TRI-9 does not carry the city's name" in said(library, base, own("TRI-9"), standard)[0][1]
    assert said(library, base, own("town-TRI-1", reads="ed-cleer-time"), standard) == [
        ("P131", 'Capability "ed-cleer-time" is unknown. Did you mean ed-clear-time?', False)
    ]
    twice = {"add": {"TRI": [item.model_copy(update={"id": "town-TRI-1"})] * 2}}
    assert [code for code, *_ in said(library, base, twice, standard)] == ["P152"]
    lost = {"add": {"RSK": [item.model_copy(update={"id": "town-RSK-1"})]}}
    assert [code for code, *_ in said(library, base, lost, standard)] == ["P134"]


def test_a_citys_parameter_moves_the_target_and_may_not_make_it_meaningless(library: Library, base: Frozen) -> None:
    standard = library.standards["demo"]
    linked = standard.parameters["ed_clear_min"].model_copy(update={"unit": "min", "target_of": "ed-clear-time"})
    standard = standard.model_copy(update={"parameters": {**standard.parameters, "ed_clear_min": linked}})
    own = Overlay.model_validate({"base": "1.1.0", "ed_clear_min": {"small": 30}})
    assert own_targets(standard, own, library.capabilities) == {
        "ed-clear-time": {"large": 15, "tertiary": 15, "county": 20, "small": 30}
    }
    ((code, sentence, _),) = said(library, base, {"ed_clear_min": {"small": 60}}, standard)
    assert code == "P147"
    assert "ed_clear_min makes 60 the target of ed-clear-time for small, but 60 is so bad" in sentence


def test_an_overlay_says_which_release_it_was_written_against(library: Library, base: Frozen) -> None:
    standard = library.standards["demo"]
    own = Overlay.model_validate({"drill_interval_days": 365})
    (found,) = merge_overlay("town", own, standard, [base], library.capabilities)
    assert (found.code, found.sentence) == (
        "P161", "The overlay does not say which release it was written against. Add base: 1.1.0."
    )  # fmt: skip
    own = Overlay.model_validate({"base": "0.9.0", "drill_interval_days": 365})
    (found,) = merge_overlay("town", own, standard, [base], library.capabilities)
    assert found.sentence == "There is no release 0.9.0 of demo. Write one of: 1.1.0."


values = st.integers(1, 9)


@settings(max_examples=150, deadline=None)
@given(old=values, mine=st.none() | values, new=st.none() | values, excluded=st.booleans(), retired=st.booleans())
def test_the_three_ways_of_a_merge(
    library: Library, base: Frozen, old: int, mine: int | None, new: int | None, excluded: bool, retired: bool
) -> None:
    """Whatever goes through says what the city said; a conflict appears exactly where both changed, or the item went."""
    header = {**base.header, "parameters": {"p": {"value": old}}}
    frozen = Frozen(base.pack, base.version, base.hash, header, base.items)
    standard = two_items(library.standards["demo"])
    parameters = {} if new is None else {"p": Parameter.model_validate({"value": new})}
    changes = [{"item": "GOV-1", "change": "retired"}] if retired else []
    now = release(standard, "1.2.0", *changes, without="GOV-1" if retired else "", parameters=parameters)
    overlay = {} if mine is None else {"p": mine}
    overlay |= EXCLUDED if excluded else {}
    found = said(library, frozen, overlay, now)
    both = mine is not None and new is not None and old != new != mine
    gone = mine is not None and new is None
    assert [code for code, _, warning in found if not warning] == (["P162"] if both else [])
    assert sum(warning for *_, warning in found) == gone + (excluded and retired)
    city = adapted(now, Overlay.model_validate({"base": "1.1.0", **overlay}), "town")
    if mine is not None:
        assert city.parameters["p"].value == mine
    asked = {item.id for _, item in city.indicators()}
    assert ("GOV-1" in asked) == (not excluded and not retired)


def test_the_command_names_the_place_and_raises_the_base(
    mini: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def call(*words: str) -> int:
        monkeypatch.setattr("sys.argv", ["beiji pack", *words, "--root", str(mini)])
        return main()

    assert call("release", "demo") == 0
    changes = mini / "standards/demo/changes.yaml"
    changes.write_text(changes.read_text(encoding="utf-8") + "- version: 1.2.0\n  changes: []\n", encoding="utf-8")
    pack = mini / "standards/demo/pack.yaml"
    pack.write_text(pack.read_text(encoding="utf-8").replace("version: 1.1.0", "version: 1.2.0"), encoding="utf-8")
    own = tmp_path / "harbour.yaml"
    own.write_text("# ours\ndemo:\n  base: 1.1.0  # looked at in May\n  drill_interval_dais: 300\n", encoding="utf-8")
    capsys.readouterr()
    assert call("overlay", "harbour", "--file", str(own)) == 1
    out = capsys.readouterr()
    assert re.search(
        r'harbour.yaml:4:24 P121 Parameter "drill_interval_dais" is unknown. Did you mean drill_inter', out.out
    )
    own.write_text(own.read_text(encoding="utf-8").replace("dais", "days"), encoding="utf-8")
    assert call("overlay", "harbour", "--file", str(own), "--apply") == 0
    assert own.read_text(encoding="utf-8").startswith("# ours\ndemo:\n  base: 1.2.0  # looked at in May\n")
    assert "demo: base 1.1.0 → 1.2.0" in capsys.readouterr().err
    assert call("overlay", "harbor") == 2
    town = mini / "cities/town/city.yaml"
    town.write_text(town.read_text(encoding="utf-8").replace("base: 1.1.0, ", ""), encoding="utf-8")
    assert any(problem.code == "P161" for problem in check([mini]))


def test_the_city_of_the_house_fits() -> None:
    from beiji.packs.library import packs_root
    from beiji.packs.overlay_merge import overlay_findings

    assert overlay_findings(scan(packs_root()), "yangzhou", "mci-hospital") == []
