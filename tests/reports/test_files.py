"""A report is frozen only when everybody can print it; what people typed prints as they typed it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django_scopes import scope

from beiji.improve.models import Finding
from beiji.programme.models import Subject
from beiji.reports import rendering
from beiji.reports.changes import ReportError, make_snapshot
from beiji.reports.models import Snapshot
from beiji.ui.print.fonts import PrintError
from tests.cast import TODAY

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 4, tzinfo=UTC)


@pytest.fixture
def city(demo):
    with scope(city="yangzhou"):
        yield demo.city


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_nothing_is_frozen_when_one_of_its_files_cannot_be_made(city, monkeypatch, kind):
    before = Snapshot.objects.count()

    def refuses(document, language):
        raise PrintError("In Hebrew this does not fit on 1 page; shorten the findings or the requests.")

    monkeypatch.setitem(rendering.FORMATS, kind, ("x/y", refuses))
    with pytest.raises(ReportError, match="shorten the findings"):
        make_snapshot(city=city, audience="ministers", by=None, now=NOW)
    assert Snapshot.objects.count() == before


def test_a_mark_of_ours_that_somebody_typed_long_ago_names_nobody(city):
    from beiji.documents.models import TextVersion
    from beiji.programme.models import Person
    from beiji.reports import improving

    person = Person.objects.get(code="li-wen")
    finding = Finding.objects.exclude(ended_at__isnull=False).first()
    TextVersion.objects.create(
        city=city.pk, text=finding.text, language="en", body=f"See ⟦person:{person.pk}⟧.", hash="x" * 64,
        written_by=person.pk, written_at=NOW,
    )  # fmt: skip
    words = [w.body for line in improving.finding_lines(TODAY, NOW) for w in line.words.values()]
    assert f"See [person:{person.pk}]." in words
    assert not [w for w in words if "⟦" in w]


@pytest.mark.one_database
def test_a_list_of_a_hospital_lies_on_its_side_and_its_days_stay_whole(city):
    snapshot = make_snapshot(city=city, audience="ward", by=None, now=NOW, subject=Subject.objects.get(code="ginkgo"))
    for language in ("en", "zh-Hans", "he"):
        document = rendering.document_for(snapshot, language)
        assert document.landscape
        assert [c.head for b in document.blocks if hasattr(b, "columns") for c in b.columns if c.whole]
