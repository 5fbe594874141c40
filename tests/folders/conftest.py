"""The cast on the real standard, and files to put into a library."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from beiji.folders import changes
from tests.cast import NOW, TODAY


@pytest.fixture(scope="module")
def world_of_module(loaded_of_module):
    """Every file stands beside the methodology."""
    return loaded_of_module


@pytest.fixture(autouse=True)
def the_clock(monkeypatch):
    """The cast's own day."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def picture(name: str = "roster.png", grey: int = 0) -> SimpleUploadedFile:
    """A small picture; another grey is another file."""
    out = io.BytesIO()
    Image.new("L", (20, 10), grey).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def browser(world, part: str, language: str = "en") -> Client:
    client = Client()
    client.force_login(world.people[part].accounts.get())
    client.cookies["beiji_language"] = language
    return client


def page_of(name: str, subject: str = "ginkgo", **more: object) -> str:
    return reverse(f"folders:{name}", kwargs={"city": "yangzhou", "subject": subject, **more})


@pytest.fixture
def add(yangzhou):
    """Put a file into Ginkgo's library as its coordinator."""

    def added(name: str = "roster.png", grey: int = 0, **said):
        values = {
            "subject": yangzhou.subjects["ginkgo"], "title": "Signed plan", "language": "en", "kind": "plan",
            "day": TODAY - timedelta(days=30), "by": yangzhou.people["coordinator"], "now": NOW,
        }  # fmt: skip
        return changes.add_file(**{"upload": picture(name, grey), **values, **said})

    return added
