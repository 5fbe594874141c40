"""One finding, one number: map, lists, offers, gate, first page and report of the demo city say the same."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from pypdf import PdfReader

from beiji.programme.models import Subject
from beiji.readiness import queries
from beiji.reports import rendering
from beiji.reports.changes import make_snapshot
from beiji.site import gates
from tests.cast import TODAY

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 4, tzinfo=UTC)
SHORT = re.compile(r"([A-Z]{3}-\d+) (?:(?![A-Z]{3}-\d).){5,200}?falls short in (\d+) of (\d+) hospitals \(([^)]*)\)")


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def city(demo):
    with scope(city="yangzhou"):
        yield demo.city


def words_of(demo, name: str, query: str = "", **kwargs) -> str:
    """A page as a reader sees it."""
    client = demo.clients["manager"]
    client.cookies["beiji_language"] = "en"
    response = client.get(reverse(name, kwargs={"city": "yangzhou", **kwargs}) + query)
    assert response.status_code == 200
    body = re.sub(r"<(script|style|caption)\b.*?</\1>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).replace("&amp;", "&").replace("&#x27;", "'")


def shorts(text: str) -> dict[str, tuple[str, str, str]]:
    """Indicator → count, hospitals, grounds, wherever a page says it falls short."""
    return {code: (count, of, grounds) for code, count, of, grounds in SHORT.findall(text)}


def test_one_finding_has_one_number_on_every_page(demo, city):
    listed = {}
    for number in (1, 2, 3):  # the list is cut into pages
        listed |= shorts(words_of(demo, "readiness:shared-gaps", f"?page={number}"))
    on_map, offered = shorts(words_of(demo, "readiness:map")), shorts(words_of(demo, "improve:offers"))
    page = make_snapshot(city=city, audience="ministers", by=None, now=NOW, trial=False)
    reported = {f["indicator"]: f for f in page.content["numbers"]["findings"]}
    pdf = PdfReader(io.BytesIO(rendering.render(page, "en", "pdf")))
    printed = re.findall(r"(\d+)/(\d+) · ([^\n]*)", "\n".join(p.extract_text() for p in pdf.pages))
    assert len(reported) == len(printed) == 5
    assert len(listed) > 10
    assert len(on_map) == 5
    for pages in (on_map, offered):
        assert pages == {code: listed[code] for code in pages}
    for (count, of, grounds), finding in zip(printed, reported.values(), strict=True):
        assert (count, of, grounds.strip()) == listed[finding["indicator"]]
        assert int(count) == finding["short"]
    assert set(offered) & set(reported), "what the report finds can be planned against"


def test_the_managers_first_gaps_are_the_reports_findings(demo, city):
    first = re.search(r"What to mend first(.*)Ordered by how many", words_of(demo, "site:home"))[1]
    on_map = list(shorts(words_of(demo, "readiness:map")))
    page = make_snapshot(city=city, audience="ministers", by=None, now=NOW, trial=False)
    assert set(on_map) == {f["indicator"] for f in page.content["numbers"]["findings"]}
    found = queries.picture(city=city, subjects=Subject.objects.filter(kind="hospital"), now=NOW)
    titles = [g.indicator for g in found.shared_gaps[:5]]
    assert titles == on_map
    assert [int(n) for n in re.findall(r"falls short in (\d+) of \d+", first)] == [
        len(g.short) for g in found.shared_gaps[:5]
    ]


def test_core_share_and_open_items_are_one_number_on_map_first_page_gate_hospitals_and_report(demo, city):
    found = queries.picture(city=city, subjects=Subject.objects.filter(kind="hospital"), now=NOW)
    page = make_snapshot(city=city, audience="ministers", by=None, now=NOW, trial=False).content
    numbers = page["numbers"]
    share = f"{100 * numbers['core_met'] / numbers['core_items']:.0f}\u202f%"
    opened = f"must-pass items open {numbers['open_items']} in {numbers['open_hospitals']} hospitals"
    gaps = f"gaps in all {sum(numbers['gaps'].values())}"
    for name in ("readiness:map", "site:home"):
        text = words_of(demo, name)
        for said in (f"of core items on target, measured {share.replace(chr(0x202F), ' ')}", opened, gaps):
            assert said in text.replace("\u202f", " "), (name, said)
    checked = {c.code: c for gate in gates.gates(found, NOW) for c in gate.conditions}
    assert checked["core-exercised"].why == share
    clear = numbers["hospitals"] - numbers["open_hospitals"]
    assert checked["must-pass-clear"].why == f"{clear} of {numbers['hospitals']} hospitals"
    assert page["documents"]["en"]["blocks"][1]["items"][0]["value"] == share

    in_hospitals = 0
    for subject in found.subjects:
        text = words_of(demo, "readiness:hospital", subject=subject.code)
        count = int(re.search(r"must-pass items? open (\d+)", text)[1])
        ward = make_snapshot(city=city, audience="ward", subject=subject, by=None, now=NOW, trial=False).content
        figures = ward["documents"]["en"]["blocks"][0]["items"]
        assert int(figures[0]["value"]) == count
        assert re.search(rf"\bgaps? {figures[2]['value']}\b", text), subject.code
        in_hospitals += count
    assert in_hospitals == numbers["open_items"]
