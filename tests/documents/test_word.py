"""A Word file becomes a draft: every word of it stands somewhere, what cannot is named, and what is dangerous is refused in one sentence."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document as new_file
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from PIL import Image

from beiji.documents import changes, reading
from beiji.documents.changes import DocumentError
from beiji.documents.models import Comment, WordFile
from beiji.documents.pages.word import LEFT, TAKEN, TO_LOOK_AT, report
from beiji.documents.rules import LONGEST, Kind, rows_of
from beiji.documents.word import opened, read
from beiji.documents.word.numbering import figure
from beiji.records.files import path_of
from beiji.records.models import Attachment

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"


def saved(file) -> bytes:
    content = io.BytesIO()
    file.save(content)
    return content.getvalue()


def pixels(kind: str = "PNG", size=(20, 10)) -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", size, "red").save(made, kind)
    made.seek(0)
    return made


def from_file(file):
    return read(opened(saved(file)))


def told(brought) -> dict[str, int]:
    return {one.code: one.count for one in brought.told}


def paragraph(xml: str):
    return parse_xml(f"<w:p {nsdecls('w', 'r', 'a', 'wp')}>{xml}</w:p>")


def chinese_plan():
    """A plan as a hospital has it: styles, a numbered list, bold words before a colon, a table with merged cells, a picture."""
    file = new_file()
    file.add_heading("总则", 1)
    text = file.add_paragraph("为规范")
    text.add_run("突发事件：").bold = True
    text.add_run("医疗救援*工作*。")
    for words in ("第一项", "第二项"):
        file.add_paragraph(words, style="List Bullet")
    for words in ("接警", "出动"):
        file.add_paragraph(words, style="List Number")
    file.add_heading("组织", 4)
    table = file.add_table(2, 3)
    for at, words in enumerate(("岗位", "姓名", "电话")):
        table.cell(0, at).text = words
    table.cell(1, 0).merge(table.cell(1, 1)).text = "总指挥 | 院长"
    for words in ("☐ 打开大门", "□ 通知血库"):
        file.add_paragraph(words)
    file.add_picture(pixels())
    remarked = file.add_paragraph("有意见的段落")
    file.add_comment(remarked.runs, text="请核对电话", author="王主任", initials="W")
    file.sections[0].header.paragraphs[0].text = "银杏总医院应急预案"
    file.sections[0].footer.paragraphs[0].text = "第 1 页 共 9 页"
    return file


def test_a_plan_becomes_chapters_text_lists_tables_steps_pictures_and_comments():
    brought = from_file(chinese_plan())
    assert [(part.kind, part.level) for part in brought.parts] == [
        (Kind.HEADING, 1), (Kind.TEXT, 0), (Kind.HEADING, 3), (Kind.TABLE, 0), (Kind.CHECKLIST, 0), (Kind.IMAGE, 0), (Kind.TEXT, 0),
    ]  # fmt: skip
    assert brought.parts[1].body == ("为规范**突发事件**：医疗救援\\*工作\\*。\n\n- 第一项\n- 第二项\n1. 接警\n2. 出动")
    assert rows_of(brought.parts[3].body) == [["岗位", "姓名", "电话"], ["总指挥 | 院长", "", ""]]
    assert brought.parts[4].body == "打开大门\n通知血库"
    assert brought.parts[6].body == "有意见的段落\n\n银杏总医院应急预案"
    assert brought.parts[6].remarks == [("comment", "王主任", "请核对电话")]
    assert told(brought)["deep"] == told(brought)["merged"] == told(brought)["heads-and-feet"] == 1


def test_headings_that_were_typed_without_a_style_are_guessed_and_said():
    file = new_file()
    lines = ("银杏总医院应急预案", "第一章 总则", "一、目的", "为了救人，制定本预案。", "（一）原则", "一、二、三楼都要通知。", "二、范围", "第二章 组织")  # fmt: skip
    for words in lines:
        file.add_paragraph(words)
    brought = from_file(file)
    headings = [(part.level, part.body) for part in brought.parts if part.kind == Kind.HEADING]
    assert headings == [(1, "第一章 总则"), (2, "一、目的"), (3, "（一）原则"), (2, "二、范围"), (1, "第二章 组织")]
    assert told(brought)["guessed"] == 5
    file.add_heading("附件", 1)
    assert "guessed" not in told(from_file(file)), "where headings have a style nothing is guessed"


def test_numbers_that_word_writes_itself_stand_in_the_text():
    file = new_file()
    numbering = file.part.numbering_part.element
    numbering.append(
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">'
            '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="第%1章"/></w:lvl>'
            '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>'
        )
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for words, depth in (("总则", 0), ("目的", 1), ("范围", 1), ("组织", 0), ("总指挥", 1)):
        properties = file.add_heading(words, depth + 1)._p.get_or_add_pPr()
        num = OxmlElement("w:numPr")
        for name, value in (("w:ilvl", depth), ("w:numId", 77)):
            child = OxmlElement(name)
            child.set(qn("w:val"), str(value))
            num.append(child)
        properties.append(num)
    assert [part.body for part in from_file(file).parts] == [
        "第一章 总则", "一.1 目的", "一.2 范围", "第二章 组织", "二.1 总指挥",
    ]  # fmt: skip
    said = [
        figure(n, way)
        for n, way in ((21, "chineseCounting"), (28, "lowerLetter"), (14, "upperRoman"), (3, "decimalEnclosedCircle"))
    ]
    assert said == ["二十一", "bb", "XIV", "③"]


def test_notes_changes_links_and_boxes_stay_with_their_words():
    file = new_file()
    file.add_paragraph("Before")
    body = file.element.body
    link = file.part.relate_to("https://example.org/plan", "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink", is_external=True)  # fmt: skip
    far = file.part.relate_to("https://example.org/x.png", "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image", is_external=True)  # fmt: skip
    body.insert(1, paragraph(
        "<w:r><w:t>Call the </w:t></w:r><w:del w:id='1'><w:r><w:delText>night nurse</w:delText></w:r></w:del>"
        "<w:ins w:id='2'><w:r><w:t>duty chief</w:t></w:r></w:ins>"
        f"<w:hyperlink r:id='{link}'><w:r><w:t> as here</w:t></w:r></w:hyperlink>"
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>41</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
        f"<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><a:blip r:link='{far}'/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    ))  # fmt: skip
    brought = from_file(file)
    [part] = brought.parts
    assert part.body == "Before\n\nCall the duty chief as here (https://example.org/plan)\n\nIn a box"
    assert part.remarks == [("struck", "", "night nurse")]
    assert {name: told(brought)[name] for name in ("far-pictures", "boxes", "links")} == {
        "far-pictures": 1, "boxes": 1, "links": 1,
    }  # fmt: skip


def words_in(file) -> list[str]:
    """Every word that stands in the body of a file, as it would be printed."""
    return re.findall(r"\w+", " ".join(t.text or "" for t in file.element.body.iter(f"{W}t")))


def test_a_sign_that_is_none_is_a_dot():
    file = new_file()
    file.element.body.insert(0, paragraph("".join(f'<w:r><w:sym w:char="{code}"/></w:r>' for code in ("ZZ", "FFFFFFF", "D800", "", "F0FE", "2610"))))  # fmt: skip
    file.element.body.insert(1, paragraph('<w:r><w:t>a</w:t><w:sym w:char="00B7"/><w:t>b</w:t></w:r>'))
    assert [part.body for part in from_file(file).parts] == ["••••☑☐\n\na·b"]


def test_every_word_of_a_large_file_stands_somewhere_and_no_block_is_too_large():
    file = new_file()
    for chapter in range(60):
        file.add_heading(f"Chapter{chapter}", 1 + chapter % 3)
        for number in range(12):
            file.add_paragraph(
                f"w{chapter}x{number} " + "call the second wave. " * (400 if number == 3 and chapter == 7 else 12)
            )
        table = file.add_table(4, 3)
        for at, cell in enumerate(table._cells):
            cell.text = f"c{chapter}y{at}"
    wide = file.add_table(230, 15)
    for at, cell in enumerate(wide._cells[:-15]):
        cell.text = f"z{at}"
    wide._cells[-1].text = "long " * 1000
    brought = from_file(file)
    said = " ".join(part.body for part in brought.parts)
    assert set(words_in(file)) <= set(re.findall(r"\w+", said))
    assert max(len(part.body) for part in brought.parts) <= LONGEST
    assert told(brought)["tables-cut"] == 1
    assert told(brought)["tables-as-text"] == 1
    assert {one.code for one in brought.told} <= {*TAKEN, *TO_LOOK_AT, *LEFT}


def repacked(content: bytes, change) -> bytes:
    """The same archive with `change(name, bytes)` for each part; None leaves it out."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = change(entry.filename, old.read(entry))
            if part is not None:
                new.writestr(entry.filename, part)
    return made.getvalue()


def hostile() -> dict[str, bytes]:
    plain = saved(chinese_plan())

    def entities(name, part):
        return (
            part.replace(b"<w:document", b'<!DOCTYPE x [<!ENTITY a "b">]><w:document', 1)
            if name == "word/document.xml"
            else part
        )

    def in_two_bytes(name, part):
        return part.decode().replace("utf-8", "utf-16").replace("UTF-8", "UTF-16").replace("<w:document", '<!DOCTYPE x []><w:document', 1).encode("utf-16") if name == "word/document.xml" else part  # fmt: skip

    def macros(name, part):
        return part.replace(b"wordprocessingml.document.main+xml", b"ms-word.document.macroEnabled.main+xml") if name.startswith("[C") else part  # fmt: skip

    def deep(name, part):
        return part.replace(b"<w:body>", b"<w:body>" + b"<w:sdt><w:sdtContent>" * 5000 + b"</w:sdtContent></w:sdt>" * 5000) if name == "word/document.xml" else part  # fmt: skip

    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 60_000_000)
    with_program = io.BytesIO(plain)
    with zipfile.ZipFile(with_program, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    return {
        "password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "macros": with_program.getvalue(),
        "programs": repacked(plain, macros), "definitions": repacked(plain, entities), "hold definitions": repacked(plain, in_two_bytes),
        "unfolds": bomb.getvalue(), "no Word file": b"shopping list", "no Word file that": repacked(plain, deep),
        "no Word": repacked(plain, lambda name, part: None if name == "word/document.xml" else part),
        "read": plain[: len(plain) // 2], "empty": b"",
    }  # fmt: skip


def test_what_is_dangerous_or_broken_is_one_sentence():
    words = {"programs": "macros", "hold definitions": "definitions", "read": "no Word", "empty": "no Word"}
    for word, content in hostile().items():
        with pytest.raises(DocumentError) as refused:
            changes.read_word(content)
        assert words.get(word, word) in str(refused.value), word
        assert str(refused.value).count("\n") == 0


@pytest.fixture
def bring(desk):
    def bring(file, *, instead: bool = False, by: str = "coordinator"):
        content = saved(file)
        return changes.bring_word(
            draft=desk.draft, name="预案.docx", content=content, brought=changes.read_word(content), instead=instead,
            by=desk.person(by), now=desk.now,
        )  # fmt: skip

    return bring


def test_it_stands_below_the_draft_with_its_comments_and_can_be_taken_back(desk, bring):
    before = desk.says()
    word = bring(chinese_plan())
    assert desk.says()[: len(before)] == before
    assert desk.says()[len(before)] == "总则"
    assert len(desk.says()) == len(before) + 7
    [comment] = Comment.objects.filter(document=desk.document)
    assert comment.text.versions.get().body == "王主任, in the Word file: 请核对电话"
    assert {one["code"] for one in word.told} >= {"headings", "pictures"}
    assert Attachment.objects.count() == 1
    page = report(word, desk.draft)
    assert page.can_be_taken_back
    assert page.nothing_left
    desk.type(1, "Written beside it.")
    changes.take_word_back(draft=desk.draft, word=word, by=desk.person("manager"), now=desk.now)
    assert desk.says() == ["1 Purpose", "Written beside it."]
    with pytest.raises(DocumentError, match="already"):
        changes.take_word_back(draft=desk.draft, word=word, by=desk.person("manager"), now=desk.now)


def test_on_the_page_a_fault_stands_at_the_file_and_a_good_one_leads_to_its_report(desk):
    client = Client()
    client.force_login(desk.person("coordinator").accounts.get())
    where = {"city": "yangzhou", "document": desk.document.pk}
    page = reverse("documents:word", kwargs=where)
    bad = client.post(page, {"file": SimpleUploadedFile("x.docm", hostile()["macros"]), "where": "end"})
    assert bad.status_code == 422
    assert "The file carries macros" in bad.content.decode()
    good = client.post(
        page, {"file": SimpleUploadedFile("预案.docx", saved(chinese_plan())), "where": "end"}, follow=True
    )
    text = good.content.decode()
    assert "What became of the Word file" in text
    assert "Merged cells" in text
    assert "总则" in text
    word = WordFile.objects.get()
    draft = client.get(reverse("documents:draft", kwargs=where)).content.decode()
    assert str(word.pk) in draft
    back = client.post(reverse("documents:word-removal", kwargs={**where, "word": word.pk}), follow=True)
    assert back.status_code == 200
    assert desk.says() == ["1 Purpose", "Call wave 2 at T+30."]


def test_in_place_of_the_draft_it_replaces_everything_and_gives_it_back(desk, bring):
    before = desk.says()
    word = bring(chinese_plan(), instead=True)
    assert desk.says()[0] == "总则"
    changes.take_word_back(draft=desk.draft, word=word, by=desk.person("coordinator"), now=desk.now)
    assert desk.says() == before


def test_nobody_is_written_over_and_nothing_is_half_brought(desk, bring):
    block = desk.written()[1].block.id
    changes.hold_block(draft=desk.draft, block=block, tab="one", by=desk.person("manager"), now=desk.now)
    with pytest.raises(DocumentError, match="Somebody is writing"):
        bring(chinese_plan(), instead=True)
    with pytest.raises(DocumentError, match="no words"):
        bring(new_file())
    many = new_file()
    for number in range(2001):
        many.add_heading(f"Chapter {number}", 1)
    with pytest.raises(DocumentError, match="at most 2000 blocks"):
        bring(many)
    assert desk.says() == ["1 Purpose", "Call wave 2 at T+30."]
    assert not WordFile.objects.exists()
    assert not Attachment.objects.exists()


def test_a_large_picture_is_made_as_large_as_a_page_shows_it(desk, bring):
    file = new_file()
    file.add_picture(pixels("PNG", (3000, 1500)))
    bring(file)
    with Image.open(path_of(Attachment.objects.get())) as kept:
        assert kept.size == (2000, 1000)


def test_pictures_of_other_formats_are_drawn_anew_and_what_is_none_is_named(desk, bring):
    file = new_file()
    file.add_heading("Maps", 1)
    for kind in ("GIF", "BMP", "TIFF"):
        file.add_picture(pixels(kind))
    for part in file.part.package.iter_parts():
        if str(part.partname).endswith(".bmp"):
            part._blob = b"BM and then nothing that is a picture"
    word = bring(file)
    counts = {one["code"]: (one["count"], one["places"]) for one in word.told}
    assert counts["pictures"] == (2, ["Maps"])
    assert counts["pictures-left"] == (1, ["Maps"])
    assert {row.kind for row in Attachment.objects.all()} == {"image/png"}
    assert not report(word, desk.draft).nothing_left
    assert [one.block.kind for one in reading.blocks_of_draft(desk.draft)][-2:] == ["image", "image"]
