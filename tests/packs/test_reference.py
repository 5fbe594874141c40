"""The reference of the packs cannot rot: every field and every rule has its place in the documentation."""

import re
from pathlib import Path

import pytest

from beiji.packs import pages
from beiji.packs.faults import field_names
from beiji.packs.schemas.capabilities import Capability
from beiji.packs.schemas.cities import CityHeader, Hospital, People
from beiji.packs.schemas.common import Header
from beiji.packs.schemas.declared import Release
from beiji.packs.schemas.glossary import Term
from beiji.packs.schemas.instruments import Instrument
from beiji.packs.schemas.plans import Chapter, PlanTemplateHeader
from beiji.packs.schemas.roles import NightSet, RoleCard, RoleCardsHeader
from beiji.packs.schemas.scenarios import Scenario
from beiji.packs.schemas.standards import Evidence, Indicator, PackSource, StandardHeader
from beiji.packs.schemas.story import Story

DOCS = Path(__file__).resolve().parents[2] / "docs"
MODELS = (
    Header, Capability, StandardHeader, Indicator, Evidence, PackSource, Release, CityHeader, Hospital, People, Term,
    Scenario, Story, Instrument, Chapter, PlanTemplateHeader, NightSet, RoleCard, RoleCardsHeader,
)  # fmt: skip


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_is_in_the_reference(model: type) -> None:
    text = (DOCS / "reference" / "packs.md").read_text(encoding="utf-8")
    words = set(re.findall(r"[a-zA-Z][\w-]*", text))
    assert set(field_names(model)) - words == set()


def test_the_rules_in_the_documentation_are_those_of_the_code() -> None:
    """Mend: beiji pack explain > docs/reference/pack-rules.md"""
    assert (DOCS / "reference" / "pack-rules.md").read_text(encoding="utf-8") == pages.every_page()
