"""The page of a row leads back to the visit that it came from, with what was said and attached about its item."""

from __future__ import annotations

import pytest
from django.utils import timezone

from beiji.assess import changes
from beiji.readiness.models import Evidence
from tests.assess.browsing import attached, signed_in, url
from tests.assess.test_visits import answer_must_pass, to_consensus
from tests.cast import NOW


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    """The clock of the cast."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def test_a_row_of_a_visit_shows_its_visit_remark_and_photograph(yangzhou, visit, lead):
    answer_must_pass(visit, lead)
    lead.say("rate", indicator="TRI-3", level=1)
    lead.say("note", indicator="TRI-3", language="zh-Hans", text="两个病区标签不同。")
    attached(signed_in(yangzhou, "lead"), visit)
    to_consensus(visit)
    changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    row = Evidence.objects.get(source_id=str(visit.pk), capability__indicators__code="TRI-3")
    page = signed_in(yangzhou, "coordinator_other").get(f"/yangzhou/readiness/rows/{row.pk}/").content.decode()
    assert f'href="{url("visit", visit)}"' in page
    assert "Assessment of Egret, 23 November 2026 to 24 November 2026" in page
    assert '<p class="typed" lang="zh-Hans" dir="ltr">两个病区标签不同。</p>' in " ".join(page.split())
    assert "roster.png" in page
    other = Evidence.objects.filter(source_id=str(visit.pk)).exclude(capability=row.capability).first()
    page = signed_in(yangzhou, "coordinator_other").get(f"/yangzhou/readiness/rows/{other.pk}/").content.decode()
    assert "roster.png" not in page, "a file belongs to its item"
