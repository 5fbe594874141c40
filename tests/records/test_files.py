"""Attachments: what is taken, what is refused and what the refused person reads."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from beiji.records import files
from beiji.records.models import Attachment
from tests.cast import NOW


def photograph(kind: str = "JPEG", **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(out, kind, **more)
    return out.getvalue()


def add(world, name: str, content: bytes) -> Attachment:
    return files.add_attachment(
        city="yangzhou", upload=SimpleUploadedFile(name, content), by=world.people["assessor"].pk, now=NOW
    )


def test_a_photograph_is_kept_without_its_metadata(yangzhou):
    exif = Image.Exif()
    exif[0x0110] = "Tablet 7"
    kept = add(yangzhou, "roster.jpg", photograph(exif=exif))
    stored = files.path_of(kept).read_bytes()
    assert b"Tablet 7" not in stored
    assert len(stored) == kept.size
    with Image.open(io.BytesIO(stored)) as picture:
        assert picture.size == (40, 20)


def test_a_change_that_runs_again_takes_the_same_upload_whole(yangzhou):
    upload = SimpleUploadedFile("roster.jpg", photograph())
    said = {"city": "yangzhou", "upload": upload, "by": yangzhou.people["assessor"].pk, "now": NOW}
    first, again = files.add_attachment(**said), files.add_attachment(**said)
    assert again.sha256 == first.sha256


def test_a_zip_that_is_called_pdf_is_refused(yangzhou):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x", "y")
    with pytest.raises(files.AttachmentError, match=r"plan\.pdf is called \.pdf but holds something else"):
        add(yangzhou, "plan.pdf", out.getvalue())
    assert not Attachment.objects.exists()


def test_a_file_over_the_limit_is_refused_before_it_is_read(yangzhou, settings):
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024
    with pytest.raises(files.AttachmentError, match="at most 1 MB"):
        add(yangzhou, "ward.png", b"\x89PNG\r\n\x1a\n" + b"0" * 2_000_000)


def test_a_damaged_picture_is_refused(yangzhou):
    with pytest.raises(files.AttachmentError, match="damaged"):
        add(yangzhou, "half.jpg", photograph()[:120])


def test_a_name_that_lies_about_the_kind_is_refused(yangzhou):
    with pytest.raises(files.AttachmentError, match="give it the ending"):
        add(yangzhou, "picture.png.pdf.png", photograph())


def test_a_path_in_the_name_stays_outside(yangzhou):
    assert add(yangzhou, "../../etc/roster.jpg", photograph()).name == "roster.jpg"


def test_a_refused_file_takes_those_before_it_along(yangzhou, settings):
    """Several files belong to one row: with the second refused, the first one's content must not stay behind."""

    def on_disk() -> list[str]:
        return [p.name for p in Path(settings.FILES).rglob("*") if p.is_file() and p.name != ".lock"]

    def two_files() -> None:
        with files.taken_whole():
            add(yangzhou, "roster.jpg", photograph())
            assert len(on_disk()) == 1
            add(yangzhou, "plan.pdf", b"MZ no paper")

    with pytest.raises(files.AttachmentError):
        two_files()
    assert (Attachment.objects.count(), on_disk()) == (0, [])
