"""Photographs and papers of a visit: taken in whole or not at all, shown to whoever may read the answers."""

from __future__ import annotations

import io
import re
import struct

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from beiji.assess import changes
from beiji.assess.models import Reply
from beiji.records.models import Attachment
from tests.assess.browsing import attached, photograph, send, signed_in, text_of, url
from tests.assess.test_visits import answer_must_pass, to_consensus
from tests.cast import NOW

pytestmark = pytest.mark.usefixtures("frozen")


def test_a_photograph_is_shown_to_the_team_and_to_nobody_else_yet(yangzhou, visit):
    address = attached(signed_in(yangzhou, "assessor"), visit)
    response = signed_in(yangzhou, "lead").get(address)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"] == 'inline; filename="roster.png"'
    assert "sandbox" in response.headers["Content-Security-Policy"]
    for part in ("coordinator_other", "coordinator", "stranger", "leader"):
        assert signed_in(yangzhou, part).get(address).status_code == 404


def to_reply(visit, lead):
    answer_must_pass(visit, lead)
    to_consensus(visit)
    changes.move_visit(visit=visit, to="reply", by=visit.planned_by, now=NOW)


def test_a_hospital_sends_files_with_its_reply_and_whoever_reads_the_reply_opens_them(yangzhou, visit, lead):
    to_reply(visit, lead)
    hospital = signed_in(yangzhou, "coordinator_other")
    form = {"indicator": "TRI-3", "stance": "dispute", "language": "en", "body": "The door is in the picture."}
    page = hospital.post(
        url("reply", visit), {**form, "uploads": [photograph("door.png"), photograph("sign.png")]}, follow=True
    )
    assert {"door.png", "sign.png"} <= set(re.findall(r"[a-z]+\.png", text_of(page)))
    address = re.search(r'href="([^"]+/files/[^"]+)"', page.content.decode())[1]
    for part in ("lead", "assessor", "manager", "coordinator_other"):
        answer = signed_in(yangzhou, part).get(address)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png"), part
    for part in ("coordinator", "stranger", "leader", "translator"):
        assert signed_in(yangzhou, part).get(address).status_code == 404
    assert address in signed_in(yangzhou, "lead").get(url("visit", visit)).content.decode()


def test_a_reply_with_a_file_that_is_not_taken_is_not_kept_and_says_why(yangzhou, visit, lead, settings):
    to_reply(visit, lead)
    bad = SimpleUploadedFile("door.jpg", b"MZ\x90 no picture", "image/jpeg")
    form = {"indicator": "TRI-3", "stance": "agree", "language": "en", "body": "", "uploads": [photograph(), bad]}
    page = signed_in(yangzhou, "coordinator_other").post(url("reply", visit), form)
    assert page.status_code == 422
    assert "door.jpg is called .jpg but holds something else" in text_of(page)
    assert (Reply.objects.count(), Attachment.objects.count(), files_on_disk(settings)) == (0, 0, [])


def test_what_is_no_picture_is_refused_in_one_sentence(yangzhou, visit):
    upload = SimpleUploadedFile("roster.jpg", b"MZ\x90 no picture", "image/jpeg")
    client = signed_in(yangzhou, "lead")
    response = client.post(url("attachments", visit), {"file": upload}, headers={"Accept": "application/json"})
    assert (response.status_code, "holds something else" in response.json()["error"]) == (422, True)
    empty = client.post(url("attachments", visit), {"indicator": "TRI-3"}, follow=True)
    assert "No file was sent; choose a photograph or a PDF." in text_of(empty)


def files_on_disk(settings) -> list[str]:
    from pathlib import Path

    return [path.name for path in Path(settings.FILES).rglob("*") if path.is_file() and path.name != ".lock"]


def test_a_photograph_that_is_refused_leaves_no_file_behind(yangzhou, visit, settings, monkeypatch):
    client = signed_in(yangzhou, "assessor")
    client.post(url("attachments", visit), {"file": photograph(), "indicator": "TRI-99"})
    assert (Attachment.objects.count(), files_on_disk(settings)) == (0, [])
    with monkeypatch.context() as broken:
        broken.setattr("beiji.records.files.audit.write", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            client.post(url("attachments", visit), {"file": photograph(), "indicator": "TRI-3"})
    assert files_on_disk(settings) == []
    attached(client, visit)
    client.post(url("attachments", visit), {"file": photograph(), "indicator": "TRI-99"})
    assert len(files_on_disk(settings)) == 1, "the same picture, kept before by somebody else, stays"


def exotic(kind: str) -> bytes:
    """Pictures that readers of pictures trip over: text where a number belongs, and a megabyte of text."""
    from PIL import PngImagePlugin

    out, picture = io.BytesIO(), Image.new("RGB", (20, 10))
    if kind == "jpeg":
        entries = ((0x0112, 3, 1, b"\0\6\0\0"), (0x011A, 2, 4, b"abc\0"))  # turned on its side; XResolution as text
        rows = b"".join(struct.pack(">HHI", *row[:3]) + row[3] for row in entries)
        tiff = b"MM\0*" + struct.pack(">IH", 8, len(entries)) + rows + b"\0" * 4
        picture.save(out, "JPEG", exif=b"Exif\0\0" + tiff)
    else:
        words = PngImagePlugin.PngInfo()
        words.add_text("remark", "x" * 2_000_000, zip=True)
        picture.save(out, "PNG", pnginfo=words)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_an_exotic_photograph_is_answered_in_words_and_blocks_no_other(yangzhou, visit, kind):
    client = signed_in(yangzhou, "assessor")
    upload = SimpleUploadedFile(f"photo.{kind}", exotic(kind), f"image/{kind}")
    headers = {"Accept": "application/json"}
    response = client.post(url("attachments", visit), {"file": upload, "indicator": "TRI-3"}, headers=headers)
    assert response.status_code in (200, 422)
    if response.status_code == 422:
        assert f"photo.{kind}" in response.json()["error"]
    assert client.post(url("attachments", visit), {"file": photograph()}, headers=headers).status_code == 200


def test_nobody_attaches_a_file_that_somebody_else_sent(yangzhou, visit, assessor):
    lead = signed_in(yangzhou, "lead")
    sent = lead.post(url("attachments", visit), {"file": photograph()}, headers={"Accept": "application/json"}).json()
    word = assessor.word("attach", indicator="TRI-3", attachment=sent["id"])
    result = send(signed_in(yangzhou, "assessor"), visit, word).json()["results"][0]
    assert result["error"] == "The attachment is not known here; attach it again."
