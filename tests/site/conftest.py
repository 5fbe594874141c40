"""The whole demo city inside one transaction, for tests that walk through every page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone
from django_scopes import scope

from beiji.readiness import queries
from beiji.records.recent import Recent
from tests.cast import NOW, TODAY


@dataclass
class Demo:
    """The seeded demo, with one signed-in browser for each role, and the folder of its files."""

    clients: dict[str, Client]
    city: Any
    files: Path


@pytest.fixture(scope="module")
def demo_of_module(shelf, library, django_db_blocker) -> Iterator[Demo]:
    from beiji.programme.models import City

    base, files = seeded_with(1, library), shelf.folder / f"{shelf.run}_demo_files"
    with django_db_blocker.unblock(), shelf.started_from("demo", lambda: _told(files), base) as cookies:
        yield Demo(_clients(cookies), City.objects.get(pk="yangzhou"), files)


def _clients(cookies: dict[str, dict[str, str]]) -> dict[str, Client]:
    clients = {role: Client() for role in cookies}
    for role, jar in cookies.items():
        clients[role].cookies.load(jar)
    return clients


def _told(files: Path) -> dict[str, dict[str, str]]:
    """What the demo lacks to have an example of every page, with its picture in `files`; gives each role's cookies."""
    from beiji.programme.models import City

    cookies = _signed_in()
    demo = Demo(_clients(cookies), City.objects.get(pk="yangzhou"), files)
    with override_settings(FILES=files), pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: NOW)
        _photograph(demo)
        _sheet(demo)
        _in_library(demo)
        _in_document(demo)
    return cookies


def seeded_with(seed: int, library: Any) -> tuple[str, Any]:
    """The demo under one seed and nothing else, as a state to start from."""
    from beiji.site import demo

    return f"seed_{seed}", lambda: demo.seed(library=library, today=TODAY, seed=seed) and None


def _signed_in() -> dict[str, dict[str, str]]:
    """Add reports and somebody who writes up; gives the cookies by which each role is signed in."""
    from beiji.programme.models import Account, City
    from beiji.site import demo

    city = City.objects.get(pk="yangzhou")
    _reports(city)
    clients = {"anonymous": Client(), "writer": _writer(city)}
    for role, name in demo.LOG_INS.items():
        clients[role] = Client()
        clients[role].force_login(
            Account.objects.get(username=name), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
    return {role: {name: part.value for name, part in client.cookies.items()} for role, client in clients.items()}


def _reports(city: Any) -> None:
    """A page for the top and Ginkgo's list, so that reports have examples."""
    from datetime import UTC, datetime

    from beiji.programme.models import Subject
    from beiji.reports.changes import make_snapshot

    now = datetime(TODAY.year, TODAY.month, TODAY.day, 4, tzinfo=UTC)
    with scope(city=city.pk):
        make_snapshot(city=city, audience="ministers", by=None, now=now, trial=False)
        make_snapshot(
            city=city, audience="ward", subject=Subject.objects.get(code="ginkgo"), by=None, now=now, trial=False
        )


def _writer(city: Any) -> Client:
    """Somebody whose visit to Ginkgo is over, and who writes it up."""
    from datetime import UTC, datetime, timedelta

    from beiji.assess.models import Member, Visit
    from beiji.programme import changes
    from beiji.programme.models import Organisation

    now = datetime(TODAY.year, TODAY.month, TODAY.day, 4, tzinfo=UTC)
    client = Client()
    with scope(city=city.pk):
        visit = Visit.objects.filter(subject__code="ginkgo").exclude(phase=Visit.Phase.LOCKED).get()
        office = Organisation.objects.filter(kind="integrator").first()
        person = changes.add_person(city=city, names={"en": "Writer"}, organisation=office, by=None, now=now)
        Member.objects.create(city=city, visit=visit, person=person, post=Member.Post.ASSESSOR)
        changes.grant_role(
            person=person, role="write-up", subject=visit.subject, since=TODAY, until=TODAY + timedelta(days=21),
            source=visit.stream, by=None, now=now,
        )  # fmt: skip
        account = changes.create_account(person=person, username="writer", password=None, by=None, now=now)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _photograph(demo: Demo) -> None:
    """A picture in the running visit."""
    import io

    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.urls import reverse
    from PIL import Image

    from beiji.assess.models import Visit

    with scope(city=demo.city.pk):
        visit = Visit.objects.filter(subject__code="ginkgo").exclude(phase=Visit.Phase.LOCKED).get()
    picture = io.BytesIO()
    Image.new("RGB", (8, 6)).save(picture, "PNG")
    upload = SimpleUploadedFile("roster.png", picture.getvalue(), "image/png")
    address = reverse("assess:attachments", kwargs={"city": demo.city.pk, "visit": visit.pk})
    demo.clients["lead"].post(address, {"file": upload, "indicator": "TRI-2"})


def _sheet(demo: Demo) -> None:
    """The same picture as the raw sheet behind one row of Ginkgo's ledger."""
    from beiji.improve.models import Ruling
    from beiji.readiness.backing import Sheet
    from beiji.readiness.models import Evidence
    from beiji.records.models import Attachment

    with scope(city=demo.city.pk):
        row = Evidence.objects.filter(whole__code="ginkgo", withdrawal=False).order_by("id")[0]
        picture = Attachment.objects.order_by("-added_at")[0]
        Sheet.objects.create(
            city=demo.city, evidence=row, attachment=picture, by=picture.added_by, added_at=picture.added_at
        )
        ruling = Ruling.objects.filter(decision__order__gt=0).order_by("-id").first()
        if ruling is not None:  # the same word once more, now with the signed paper
            ruling.pk, ruling.scan = None, picture
            ruling._state.adding = True
            ruling.save(force_insert=True)


def _in_library(demo: Demo) -> None:
    """The same picture in Ginkgo's library, and a list of clauses that was only begun."""
    from beiji.folders.changes import add_file, add_list
    from beiji.programme.models import Person, Subject
    from beiji.records.models import Attachment

    with scope(city=demo.city.pk):
        add_file(
            subject=Subject.objects.get(code="ginkgo"), attachment=Attachment.objects.order_by("-added_at")[0],
            title="Roster", language="en", kind="roster", day=TODAY, by=Person.objects.get(code="zhao-min"), now=NOW,
        )  # fmt: skip
        add_list(
            subject=Subject.objects.get(code="ginkgo"), title="Begun", language="en", inspection=None,
            by=Person.objects.get(code="zhao-min"), now=NOW,
        )  # fmt: skip


def _in_document(demo: Demo) -> None:
    """The same picture in the draft of Ginkgo's plan."""
    from beiji.documents.changes import NewBlock, add_block
    from beiji.documents.models import Draft
    from beiji.programme.models import Person
    from beiji.records.models import Attachment

    with scope(city=demo.city.pk):
        draft = Draft.objects.get(document__subject__code="ginkgo")
        picture = Attachment.objects.order_by("-added_at")[0]
        new = NewBlock("image", f"{picture.pk}\nThe door")
        add_block(draft=draft, new=new, below=None, by=Person.objects.get(code="zhao-min"), now=NOW)


@pytest.fixture
def pictures_kept(monkeypatch) -> None:
    """As on a server: a picture of what is known now is drawn again only after a change. Tests run in a transaction, where
    nothing is kept; a walk through many pages of one state would draw the same picture for each of them. That a page from
    what is kept is the page drawn afresh is shown in test_kept_parts.py; query budgets are counted without it."""
    monkeypatch.setattr(queries, "connection", SimpleNamespace(in_atomic_block=False))
    monkeypatch.setattr(queries, "_KEPT", Recent(queries.MOST_KEPT))


@pytest.fixture
def demo(demo_of_module: Demo, db, monkeypatch, settings) -> Demo:
    """The demo on its own day: rights of a visit end with the visit, whatever the clock of the machine says. Its files are
    copied, so that a test may write and remove some."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    shutil.copytree(demo_of_module.files, settings.FILES)
    return demo_of_module
