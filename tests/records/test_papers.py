"""A PDF is taken when it is only paper: nothing that runs, opens, sends or unpacks something at the reader's."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from beiji.records import files, papers
from beiji.records.models import Attachment
from tests.cast import NOW


def written(change: Callable[[PdfWriter], None] = lambda writer: None) -> bytes:
    """A paper of one page, after a change."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def entries(**pairs: object) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in pairs.items()})


def action(kind: str, **more: object) -> DictionaryObject:
    return entries(S=NameObject(kind), **more)


def opened_with(what: DictionaryObject) -> Callable[[PdfWriter], None]:
    return lambda writer: writer.root_object.__setitem__(NameObject("/OpenAction"), what)


def clicked(what: DictionaryObject) -> Callable[[PdfWriter], None]:
    """A link on the page."""

    def change(writer: PdfWriter) -> None:
        link = entries(Type=NameObject("/Annot"), Subtype=NameObject("/Link"), A=what)
        writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(link)])

    return change


def page_with(name: str, what: object) -> Callable[[PdfWriter], None]:
    return lambda writer: writer.pages[0].__setitem__(NameObject(name), what)


def packed(inner: bytes, spaces: int = 0) -> bytes:
    """A paper whose objects lie in a compressed stream, where no look at the bytes sees them; object 5 is `inner`.

    `spaces`: megabytes of spaces that the stream unfolds to.
    """
    parts = [b"<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
             b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>", inner]  # fmt: skip
    numbers, at = [], 0
    for number, part in zip((1, 2, 3, 5), parts, strict=True):
        numbers.append(f"{number} {at}")
        at += len(part) + 1
    head = " ".join(numbers).encode() + b"\n"
    pump = zlib.compressobj()
    body = pump.compress(head + b"\n".join(parts))
    body += b"".join(pump.compress(b" " * (1 << 20)) for _ in range(spaces)) + pump.flush()
    out = b"%PDF-1.5\n"
    stream_at = len(out)
    out += b"4 0 obj<</Type/ObjStm/N 4/First %d/Length %d/Filter/FlateDecode>>stream\n" % (len(head), len(body))
    out += body + b"\nendstream endobj\n"
    xref_at = len(out)
    rows = [(0, 0, 0), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, stream_at, 0), (2, 4, 3), (1, xref_at, 0)]
    table = b"".join(bytes([kind]) + where.to_bytes(4, "big") + bytes([index]) for kind, where, index in rows)
    out += b"6 0 obj<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(table)
    return out + table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % xref_at


PAPER = {
    "a page": written(),
    "opens at a page": written(opened_with(action("/GoTo", D=ArrayObject([NumberObject(0), NameObject("/Fit")])))),
    "a web address": written(clicked(action("/URI", URI=TextStringObject("https://www.who.int/")))),
    "a title": written(lambda writer: writer.add_metadata({"/Title": "Plan", "/Author": "Chen Wei"})),
    "packed objects": packed(b"<</S/GoTo/D[3 0 R/Fit]>>"),
}
ACTIVE = {
    "script at opening": written(opened_with(action("/JavaScript", JS=TextStringObject("app.alert(1)")))),
    "script by name": packed(b"<</Names<</JavaScript<</Names[(x) 7 0 R]>>>>>>"),
    "script in packed objects": packed(b"<</S/JavaScript/JS(app.alert(1))>>"),
    "script with an escaped name": packed(b"<</S/J#61vaScript/#4AS(app.alert(1))>>"),
    "escaped in the bytes": written() .replace(b"/Type /Pages", b"/Type /Pages /Kept << /S /L#61unch >>"),
    "starts a program": written(clicked(action("/Launch", F=TextStringObject("cmd.exe")))),
    "sends a form": written(clicked(action("/SubmitForm", F=TextStringObject("https://elsewhere.example/")))),
    "opens another file": written(clicked(action("/GoToR", F=TextStringObject("\\\\elsewhere\\x")))),
    "another file in packed objects": packed(b"<</S/GoToR/F(x)>>"),
    "web address at opening": packed(b"<</S/URI/URI(https://elsewhere.example/)>>"),
    "attached file": written(lambda writer: writer.add_attachment("x.exe", b"MZ")),
    "acts when a page is turned": written(page_with("/AA", entries(O=action("/Named", N=NameObject("/Print"))))),
    "form with a program": packed(b"<</Fields[]/XFA(x)>>"),
    "film": written(page_with("/Media", entries(Type=NameObject("/RichMedia")))),
    "object that no page uses": written(lambda writer: writer._add_object(action("/Launch")) and None),
}  # fmt: skip


@pytest.mark.parametrize("paper", PAPER)
def test_paper_is_taken(paper):
    assert papers.look(PAPER[paper]) == papers.PAPER


@pytest.mark.parametrize("active", ACTIVE)
def test_what_is_more_than_paper_is_found(active):
    assert papers.look(ACTIVE[active]) == papers.ACTIVE


def locked() -> bytes:
    return written(lambda writer: writer.encrypt("secret", algorithm="RC4-128"))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (locked(), papers.LOCKED),
        (b"%PDF-1.4\n%%EOF\n", papers.UNREADABLE),
        (b"%PDF-1.7 shopping list", papers.UNREADABLE),
        (written()[:200], papers.UNREADABLE),
        (PAPER["a page"], papers.PAPER),
        (ACTIVE["script in packed objects"], papers.ACTIVE),
    ],
)
def test_the_look_in_a_process_of_its_own_says_the_same(content, found):
    assert papers.look_apart(content) == found


@pytest.mark.slow
def test_a_paper_that_unfolds_without_end_ends_only_the_look():
    """More than a gigabyte in one megabyte; a little of it is paper."""
    assert papers.look_apart(packed(b"<</S/GoTo>>", spaces=1)) == papers.PAPER
    assert papers.look_apart(packed(b"<</S/GoTo>>", spaces=1200)) == papers.UNREADABLE


def test_a_refused_paper_is_one_sentence_and_leaves_nothing(yangzhou, settings):
    upload = SimpleUploadedFile("plan.pdf", ACTIVE["script at opening"])
    with pytest.raises(files.AttachmentError, match=r"plan\.pdf is more than paper: .* print it to a new PDF"):
        files.add_attachment(city="yangzhou", upload=upload, by=yangzhou.people["assessor"].pk, now=NOW)
    assert not Attachment.objects.exists()
    assert not list(settings.FILES.rglob("*")) if settings.FILES.exists() else True


def test_paper_is_kept_as_it_is(yangzhou, settings):
    upload = SimpleUploadedFile("plan.pdf", PAPER["a page"])
    kept = files.add_attachment(city="yangzhou", upload=upload, by=yangzhou.people["assessor"].pk, now=NOW)
    assert files.path_of(kept).read_bytes() == PAPER["a page"]
    places = [settings.FILES, *settings.FILES.rglob("*")]
    assert {place.stat().st_mode & 0o077 for place in places if place.name != ".lock"} == {0}, "its owner's alone"
