"""What the tests of pages share: browsers of the cast, what a reader sees, addresses, photographs."""

from __future__ import annotations

import io
import json
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from beiji.assess.models import Visit


def signed_in(world, part: str, language: str = "en") -> Client:
    """A browser of one of the cast."""
    client = Client()
    client.force_login(world.people[part].accounts.get())
    client.cookies["beiji_language"] = language
    return client


def text_of(response) -> str:
    """What a reader sees, without marks."""
    body = re.sub(r"<(script|style|template)\b.*?</\1>", "", response.content.decode(), flags=re.S)
    body = re.sub("[\u2066-\u2069]", "", body)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).replace("&#x27;", "'")


def url(name: str, visit: Visit, **more: object) -> str:
    return reverse(f"assess:{name}", kwargs={"city": "yangzhou", "visit": visit.pk, **more})


def item(visit: Visit, code: str = "TRI-3", name: str = "rate") -> str:
    return url(name, visit, indicator=code)


def photograph(name: str = "roster.png") -> SimpleUploadedFile:
    picture = io.BytesIO()
    Image.new("RGB", (20, 10)).save(picture, "PNG")
    return SimpleUploadedFile(name, picture.getvalue(), "image/png")


def send(client: Client, visit: Visit, *parcel: object):
    return client.post(url("operations", visit), json.dumps({"operations": parcel}), content_type="application/json")


def attached(client: Client, visit: Visit) -> str:
    client.post(url("attachments", visit), {"file": photograph(), "indicator": "TRI-3"})
    page = client.get(item(visit)).content.decode()
    return re.search(r'<img src="([^"]+)"', page)[1]
