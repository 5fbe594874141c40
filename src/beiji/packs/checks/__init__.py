"""Rules over a whole library: what one file alone cannot show. Each check notes its problems in the sources."""

from __future__ import annotations

from collections.abc import Callable

from beiji.packs.checks.instruments import check_instruments
from beiji.packs.checks.languages import check_languages
from beiji.packs.checks.numbers import check_capabilities, check_capacity, check_parameters
from beiji.packs.checks.plans import check_plan_templates
from beiji.packs.checks.references import check_cities, check_needs, check_standards, check_standards_named
from beiji.packs.checks.roles import check_role_cards
from beiji.packs.checks.scenarios import check_scenarios
from beiji.packs.checks.stories import check_stories
from beiji.packs.library import Library
from beiji.packs.overlay_merge import check_overlays
from beiji.packs.reviews import check_reviews

CHECKS: tuple[Callable[[Library], None], ...] = (
    check_needs,
    check_standards,
    check_standards_named,
    check_capabilities,
    check_capacity,
    check_parameters,
    check_cities,
    check_overlays,
    check_stories,
    check_scenarios,
    check_instruments,
    check_role_cards,
    check_plan_templates,
    check_reviews,
    check_languages,
)
