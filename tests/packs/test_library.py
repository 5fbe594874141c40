"""The public face of the packs: typed, frozen, quick; overlays and parameters as a city reads them."""

from fractions import Fraction
from pathlib import Path

import pydantic
import pytest

from beiji.packs import PackError, load_packs, pack_hash, render, substitute
from beiji.packs.checker import check
from beiji.packs.engine_keys import engine_keys
from beiji.packs.overlay import apply_overlay
from beiji.packs.schemas.standards import Parameter


def test_a_library_is_typed_and_frozen(mini: Path) -> None:
    library = load_packs(mini)
    capability = library.capabilities["ed-clear-time"]
    assert capability.target["county"] == Fraction(20)
    assert library.standards["demo"].domains["TRI"].indicators["TRI-6"].reads == "ed-clear-time"
    assert library.capabilities["resus-teams"].target_for("large") == {0: 3, 30: 5, 60: 8, 120: 10}
    with pytest.raises(pydantic.ValidationError):
        capability.unit = "s"  # type: ignore[misc]


def test_broken_packs_raise_with_every_line(mini: Path) -> None:
    path = mini / "capabilities/core/ed.yaml"
    text = (
        path.read_text(encoding="utf-8")
        .replace("kind: quantity", "kind: quantum")
        .replace("per_campus: true", "per_campus: yes")
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as refused:
        load_packs(mini)
    assert len(refused.value.problems) == 3
    assert str(refused.value).count("\n") == 2


def test_the_hash_follows_content_not_line_ends_or_the_place(mini: Path, tmp_path: Path) -> None:
    folder = mini / "capabilities" / "core"
    files = sorted(folder.glob("*.yaml"))
    before = pack_hash(files, folder)
    for path in files:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert pack_hash(files, folder) == before
    files[0].write_bytes(files[0].read_bytes() + b"\n")
    assert pack_hash(files, folder) != before


def test_a_citys_overlay_sets_parameters_excludes_and_adds(mini: Path) -> None:
    city = mini / "cities/town/city.yaml"
    overlay = """overlay:
  demo:
    base: 1.1.0
    drill_interval_days: 365
    ed_clear_min: {small: 10}
    exclude:
      - id: TRI-6
        because:
          en: No emergency department.
          zh-Hans: 无急诊科。
          he: אין מלר"ד.
"""
    text = city.read_text(encoding="utf-8").replace(
        "overlay: {demo: {base: 1.1.0, drill_interval_days: 365}}\n", overlay
    )
    city.write_text(text, encoding="utf-8")
    tri = mini / "standards/demo/domains/tri.yaml"
    tri.write_text(tri.read_text(encoding="utf-8").replace("crit: must-pass", "crit: high"), encoding="utf-8")
    assert check([mini]) == []
    library = load_packs(mini)
    plain = library.standards["demo"]
    own = apply_overlay(plain, library.cities["town"])
    assert [indicator.id for _, indicator in plain.indicators()] == ["TRI-6"]
    assert [indicator.id for _, indicator in own.indicators()] == []
    assert own.excluded[0].because["en"] == "No emergency department."
    assert own.parameters["drill_interval_days"].value == 365
    assert own.parameters["ed_clear_min"].value == {"large": 15, "tertiary": 15, "county": 20, "small": 10}
    assert plain.parameters["drill_interval_days"].value == 730


def test_an_unknown_parameter_of_an_overlay_is_named(mini: Path) -> None:
    city = mini / "cities/town/city.yaml"
    city.write_text(
        city.read_text(encoding="utf-8").replace("drill_interval_days: 365", "drill_intervall_days: 365"),
        encoding="utf-8",
    )
    (problem,) = check([mini])
    assert 'P121 Parameter "drill_intervall_days" is unknown. Did you mean drill_interval_days?' in str(problem)


def test_parameters_are_filled_in_by_class(mini: Path) -> None:
    standard = load_packs(mini).standards["demo"]
    title = standard.indicator("TRI-6").title
    assert render(title, standard.parameters, "county")["zh-Hans"] == "急诊科能在20分钟内腾空"
    assert render(title, standard.parameters)["en"] == "The emergency department can be emptied within 15 to 20 min"
    assert render(title, standard.parameters)["he"].count(" עד ") == 1
    assert substitute("{{ third }} {{gone}}", {"third": Parameter(value=Fraction(1, 3))}) == "1/3 {{gone}}"
    assert substitute("{{x}}", {"x": Parameter(value=Fraction(4, 5))}) == "0.8"


def test_a_timetable_answers_for_every_minute(mini: Path) -> None:
    capacity = load_packs(mini).cities["town"].hospitals["alpha"].capacity
    assert capacity.value("hospital.resus_teams", minute=59) == 2
    assert capacity.value("hospital.resus_teams", minute=500) == 4
    assert capacity.value("hospital.resus_teams", night=True, minute=60) == 2


def test_the_engine_register_is_complete() -> None:
    keys = engine_keys()
    assert len(keys) == 46
    assert {row.kind for row in keys.values()} == {"scalar", "timetable", "choice"}
