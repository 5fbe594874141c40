"""A leader is told first what he is asked, and sees the paper on which he answered."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django_scopes import scope
from PIL import Image

from beiji.improve import changes
from tests import cast

from .test_pages import at


def test_a_leader_is_told_what_he_is_asked_and_sees_the_scan_of_what_he_signed(client, city):
    request = {"city": city.city, "language": "en", "owner": city.organisations["government"], "cost_class": "low"}
    days = {"asked_on": date(2026, 9, 1), "due": date(2026, 12, 1)}
    manager = {"by": city.people["manager"], "now": cast.NOW}
    with scope(city="yangzhou"):
        decision = changes.ask_decision(body="Fund the night test.", order=1, **request, **days, **manager)
    client.login(username="gao-yuan", password=cast.PASSWORD)
    page = client.get("/yangzhou/").content.decode()
    assert "1 decision waits for you" in page
    assert "Fund the night test." in page
    scan = SimpleUploadedFile("signed.png", png(), "image/png")
    with scope(city="yangzhou"):
        ruling = changes.record_ruling(
            decision=decision, word="taken", decided_on=date(2026, 10, 1), decided_by=city.people["leader"].pk,
            scan=scan, **manager,
        )  # fmt: skip
    address = at("scan", decision=decision.pk, ruling=ruling.pk)
    assert address in client.get(at("decision", decision=decision.pk)).content.decode()
    assert client.get(address)["Content-Type"] == "image/png"
    assert "No decision waits for you." in client.get("/yangzhou/").content.decode()
    client.login(username="sun-yue", password=cast.PASSWORD)
    assert client.get(address).status_code == 404


def png() -> bytes:
    written = BytesIO()
    Image.new("RGB", (20, 10)).save(written, "PNG")
    return written.getvalue()
