"""Pictures: nothing but pixels is kept, upright, within a budget of memory."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from beiji.records import pictures
from tests.serving import environment

SECRET = b"Ward 7, 32.40 N 119.43 E"


def jpeg(size=(40, 20), exif: bytes = b"", **more) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, "JPEG", exif=exif, **more)
    return out.getvalue()


def with_segment(content: bytes, marker: int, payload: bytes) -> bytes:
    """The JPEG with one more segment after its first two bytes."""
    return content[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload + content[2:]


def chunk(name: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))


def png(*chunks: bytes, mode: str = "RGB", size=(40, 20), **more) -> bytes:
    """A PNG with further chunks after its header."""
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG", **more)
    content = out.getvalue()
    return content[:33] + b"".join(chunks) + content[33:]


def exif_with(tag: int, value: object) -> bytes:
    exif = Image.Exif()
    exif[tag] = value
    return exif.tobytes()


#: A resolution that is a text: little-endian TIFF, one entry, XResolution (0x011A) of type ASCII.
TEXT_AS_RESOLUTION = (
    b"Exif\0\0II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 0x011A, 2, 24, 26) + b"\0\0\0\0" + SECRET.ljust(24)
)

LEAKS = {
    "EXIF": jpeg(exif=exif_with(0x010E, SECRET.decode())),
    "XMP": with_segment(jpeg(), 0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>" + SECRET + b"</x>"),
    "IPTC": with_segment(jpeg(), 0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x40" + SECRET),
    "comment": with_segment(jpeg(), 0xFE, SECRET),
    "maker's own": with_segment(jpeg(), 0xE7, SECRET),
    "text in XResolution": with_segment(jpeg(), 0xE1, TEXT_AS_RESOLUTION),
    "after the picture": jpeg() + SECRET,
    "PNG text": png(chunk(b"tEXt", b"Comment\0" + SECRET)),
    "PNG packed text": png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(SECRET))),
    "PNG international text": png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + SECRET)),
    "PNG a megabyte of text": png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(SECRET * 100_000))),
    "PNG camera data": png(chunk(b"eXIf", exif_with(0x010E, SECRET.decode())[6:])),
    "PNG profile": png(icc_profile=b"\0" * 128 + SECRET),
    "PNG after its end": png() + SECRET,
}


@pytest.mark.parametrize("leak", LEAKS)
def test_no_word_beside_the_pixels_is_kept(leak):
    kind = "image/png" if leak.startswith("PNG") else "image/jpeg"
    kept = pictures.written_anew(LEAKS[leak], kind)
    assert SECRET not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.size == (40, 20)
        picture.load()
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}
    if kind == "image/png":
        names = {kept[at + 4 : at + 8] for at in chunk_places(kept)}
        assert names <= {b"IHDR", b"IDAT", b"IEND"}


def chunk_places(content: bytes) -> list[int]:
    found, at = [], 8
    while at < len(content):
        found.append(at)
        at += 12 + struct.unpack_from(">I", content, at)[0]
    return found


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright_as_its_camera_said(orientation):
    from PIL import ImageOps

    content = jpeg(exif=exif_with(0x0112, orientation), quality=95)
    with Image.open(io.BytesIO(content)) as picture:
        upright = ImageOps.exif_transpose(picture)
    with Image.open(io.BytesIO(pictures.written_anew(content, "image/jpeg"))) as kept:
        assert kept.size == upright.size
        corner = (1, 1), (kept.width - 2, kept.height - 2)
        assert all(abs(kept.getpixel(at)[0] - upright.getpixel(at)[0]) < 12 for at in corner)


def test_a_picture_in_print_colours_keeps_them():
    out = io.BytesIO()
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(out, "JPEG")
    with Image.open(io.BytesIO(pictures.written_anew(out.getvalue(), "image/jpeg"))) as kept:
        red, green, _blue = kept.getpixel((4, 4))
    assert red > 200
    assert green < 60


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_taken(mode):
    with Image.open(io.BytesIO(pictures.written_anew(png(mode=mode), "image/png"))) as kept:
        assert kept.size == (40, 20)


def test_a_transparent_colour_stays_transparent():
    image = Image.new("P", (8, 8))
    image.putpalette([255, 0, 0] * 256)
    out = io.BytesIO()
    image.save(out, "PNG", transparency=0)
    with Image.open(io.BytesIO(pictures.written_anew(out.getvalue(), "image/png"))) as kept:
        assert kept.convert("RGBA").getpixel((4, 4))[3] == 0


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff\xe1\x00",
        b"\xff\xd8\xff\xe0\x00\x00",
        b"\xff\xd8\xffgarbage",
        jpeg()[:120],
        png()[:40],
        png()[:8] + b"\xff" * 40,
    ],
)
def test_a_damaged_picture_raises_and_never_hangs(content):
    with pytest.raises(Exception, match=r"."):
        pictures.written_anew(content, "image/png" if content.startswith(b"\x89PNG") else "image/jpeg")


def hollow_png(width: int, height: int) -> bytes:
    """So many pixels in a few kilobytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    line = zlib.compressobj()
    body = b"".join(line.compress(bytes(1 + 3 * width)) for _ in range(height)) + line.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(7700, 7700), (60_000, 60_000)])
def test_a_few_kilobytes_that_unfold_into_gigabytes_are_refused_before_they_do(size):
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)) + chunk(b"IDAT", b"")
    with pytest.raises((pictures.TooManyPixels, Image.DecompressionBombError, Image.DecompressionBombWarning)):
        pictures.written_anew(content, "image/png")


def test_a_progressive_picture_beyond_the_budget_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "LARGEST_WHOLE", 500)
    with pytest.raises(pictures.TooManyPixels):
        pictures.written_anew(jpeg(progressive=True), "image/jpeg")
    with Image.open(io.BytesIO(pictures.written_anew(jpeg(), "image/jpeg"))) as kept:
        assert kept.size == (20, 10), "a plain one is taken at half its size"


MEASURE = """
import re, sys
from beiji.records import pictures
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024
before = peak()
pictures.written_anew(sys.stdin.buffer.read(), sys.argv[1])
print(peak() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")
@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "size"), [("image/jpeg", (7700, 7700)), ("image/jpeg", (5700, 4500)), ("image/png", (5700, 4500))]
)
def test_the_largest_pictures_that_are_taken_stay_within_their_budget(tmp_path, kind, size):
    """59 million pixels had taken 540 MB."""
    content = jpeg(size, exif_with(0x0112, 6)) if kind == "image/jpeg" else hollow_png(*size)
    command = [sys.executable, "-c", MEASURE, kind]
    done = subprocess.run(command, input=content, env=environment(tmp_path), capture_output=True, check=True)
    assert int(done.stdout) < 260, f"{int(done.stdout)} MB"


def test_a_description_that_a_program_adds_when_saving_would_be_found():
    """The look for words in `test_no_word_beside_the_pixels_is_kept` finds them where they are."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", SECRET.decode())
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG", pnginfo=words)
    assert SECRET in out.getvalue()
