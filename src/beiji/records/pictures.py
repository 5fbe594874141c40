"""Pictures written anew: upright, without a word of what stood beside the pixels, within a budget of memory.

What is not pixels is cut away before a decoder sees it: descriptions and camera data have broken decoders more often than pixels have.
"""

from __future__ import annotations

import io
import struct
import threading
from collections.abc import Iterator

from PIL import Image

#: Largest picture that is decoded whole, in pixels. Three bytes each, and two copies while it is turned: about 200 MB with the encoder.
LARGEST_WHOLE = 26_000_000
#: A JPEG up to here is decoded at half or a quarter of its size, as its blocks allow; a progressive one cannot be.
LARGEST_REDUCED = 200_000_000
QUALITY = 88

#: One picture at a time in each process, so that the budget holds for all its threads together.
_ONE = threading.Lock()
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION = 0x0112
#: Chunks of a PNG that say how its pixels are to be shown; every other optional one is left out.
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})


class TooManyPixels(Exception):
    """The picture would not fit into the budget."""


def written_anew(content: bytes, kind: str) -> bytes:
    """The picture alone. Raises TooManyPixels; any other exception means that it is damaged."""
    bare, exif = _bare_jpeg(content) if kind == "image/jpeg" else _bare_png(content)
    with _ONE, Image.open(io.BytesIO(bare), formats=("JPEG" if kind == "image/jpeg" else "PNG",)) as picture:
        _into_budget(picture)
        picture.load()
        shown = _plain(picture, kind)
        turn = _TURNS.get(_orientation(exif))
        if turn is not None:
            shown = shown.transpose(turn)
        shown.info = {}
        out = io.BytesIO()
        if kind == "image/jpeg":
            shown.save(out, "JPEG", quality=QUALITY)
        else:
            shown.save(out, "PNG")
    return out.getvalue()


def _into_budget(picture: Image.Image) -> None:
    pixels = picture.width * picture.height
    if pixels <= LARGEST_WHOLE:
        return
    if picture.format != "JPEG" or pixels > LARGEST_REDUCED or picture.info.get("progressive"):
        raise TooManyPixels
    share = (LARGEST_WHOLE / pixels) ** 0.5
    for part in (2, 4, 8):
        if 1 / part <= share:
            picture.draft("RGB", (picture.width // part, picture.height // part))
            break


def _plain(picture: Image.Image, kind: str) -> Image.Image:
    """The pixels in a form that needs no further words: no palette, no transparent colour on the side."""
    if kind == "image/jpeg":
        return picture if picture.mode == "RGB" else picture.convert("RGB")
    if picture.mode in ("L", "RGB", "RGBA", "LA") and "transparency" not in picture.info:
        return picture
    return picture.convert("RGBA" if "transparency" in picture.info or picture.mode == "PA" else "RGB")


def _orientation(exif: bytes) -> int:
    """How the camera was held, 1 to 8; upright when it is not said or not readable."""
    try:
        tags = Image.Exif()
        tags.load(exif)
        return int(tags.get(_ORIENTATION, 1))
    except Exception:  # camera data are whatever a camera, or somebody else, has written
        return 1


def _bare_jpeg(content: bytes) -> tuple[bytes, bytes]:
    """The file without application segments and comments, and the camera data that were in them."""
    parts, exif = [b"\xff\xd8"], b""
    for marker, segment, rest in _segments(content):
        if marker == 0xDA:  # from the first scan on there are only pixels
            return b"".join([*parts, segment, rest]), exif
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0" and not exif:
            exif = segment[4:]
        is_word = 0xE0 <= marker <= 0xEF or marker == 0xFE
        if not is_word or (marker == 0xEE and segment[4:9] == b"Adobe"):
            parts.append(segment)
    raise ValueError("a JPEG without a scan")


def _segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Marker, segment and, with the scan, everything after it."""
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            raise ValueError("no marker where one must stand")
        marker = content[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        end = at + 2 + length
        yield marker, content[at:end], content[end:] if marker == 0xDA else b""
        at = end


def _bare_png(content: bytes) -> tuple[bytes, bytes]:
    """The file without text, time, colour profile and other optional chunks, and the camera data that were among them."""
    parts, exif, at = [content[:8]], b"", 8
    while at + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        name, end = content[at + 4 : at + 8], at + 12 + length
        if name == b"eXIf":
            exif = b"Exif\0\0" + content[at + 8 : end - 4]
        if name in _PNG_KEPT:
            parts.append(content[at:end])
        at = end
        if name == b"IEND":
            break
    return b"".join(parts), exif
