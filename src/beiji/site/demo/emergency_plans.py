"""One hospital's emergency plan: approved once, revised, commented on; and a second hospital's that waits for its review."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

import uuid6
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from beiji.documents import changes as documents
from beiji.documents import reading
from beiji.documents.changes import NewBlock
from beiji.documents.models import Document, Revision
from beiji.documents.structured import STRUCTURED
from beiji.plans import changes as plans
from beiji.plans.capacity.grid import CORE, Known
from beiji.plans.capacity.listed import listed_of
from beiji.plans.capacity.reading import Typed, last_number
from beiji.programme import changes as programme
from beiji.programme.models import Person
from beiji.records import files
from beiji.records.operations import Said

from .city import World, open_account
from .log_ins import PASSWORD

HOSPITAL, SECOND, THIRD = "ginkgo", "egret", "reedflower"
TEXT = {
    "1 目的与范围": (
        "text",
        "本预案用于短时间内有 **10 名以上伤员** 送达我院，或按现有人力、床位不能常规救治的突发事件。与市级医疗救援预案衔接，涵盖东、西两个院区。",
    ),
    "2 启动与分级": (
        "text",
        "接到 120 或市卫健委通知后，总值班核实来源、地点、伤员估计数，3 分钟内报告值班院领导。\n\n"
        "- 待命：事件已证实，伤员 10 人以下\n- 部分启动：11–30 人\n- 全面启动：31–80 人\n- 超负荷：80 人以上，或医院受损\n\n"
        "夜间和节假日由总值班先行启动，同时报告，不等批准。",
    ),
    "3 指挥岗位": (
        "checklist",
        "总指挥到位，宣布启动级别和时间\n指定医疗、护理、后勤、信息四个组长\n打开指挥室，接通 120 和卫健委两条电话\n每 30 分钟通报一次：已到、在途、手术间、ICU 床",
    ),
    "4 接收与分诊": (
        "table",
        "区域 | 负责人 | 位置 | 可同时接收\n红区 | 急诊主任 | 抢救室 | 6\n黄区 | 外科副主任 | 急诊留观 | 14\n绿区 | 门诊护士长 | 门诊大厅 | 40\n黑区 | 医务科 | 地下一层 | 10",
    ),
    "5 人员召回": ("waves", ""),
    "6 手术与 ICU": (
        "text",
        "全面启动后 60 分钟内开放 6 个手术间。择期手术不再开台，正在进行的按创伤控制原则尽快结束。ICU 可转出患者由两名主治医师共同确定，送至外科监护病房。",
    ),
    "7 逆向分诊": ("text", "各病区护士长 20 分钟内报出可出院、可转出人数。出院休息区设在康复楼一层，由社工登记去向。"),
    "8 血液与物资": ("text", "输血科保有 O 型红细胞 60 单位。全面启动即通知市血站，第一批 40 分钟内送达。"),
    "9 家属与媒体": ("text", "家属接待点设在行政楼一层，不与急诊入口同路。对外只公布卫健委核定的数字。"),
    "10 解除": ("text", "最后一名红、黄标伤员离开急诊科，或总指挥与 120 确认不再送达后解除。72 小时内完成复盘。"),
}
WAVES = (
    ("急诊科、值班外科和麻醉科全员", 10, "科室群发加电话"),
    ("手术室护士、麻醉科二线、ICU", 30, "短信与电话"),
    ("其余外科系统和门诊护士", 75, "短信"),
)


def write(world: World) -> None:
    """The head signs in; one plan through its life, and one under way."""
    today = world.plan.today
    for code in (HOSPITAL, SECOND):
        programme.grant_role(
            person=world.director(code), role="head", subject=world.subjects[code], since=world.plan.start, by=None,
            now=world.at(world.plan.start, 2),
        )  # fmt: skip
    open_account(world.director(HOSPITAL), "head", make_password(PASSWORD), world.at(world.plan.start, 2))
    document = _begin(world, HOSPITAL, world.at(today - timedelta(days=200), 1), WAVES)
    _approve(world, document, world.at(today - timedelta(days=190), 1))
    _revise(world, document, world.at(today - timedelta(days=2), 1))
    second = _begin(world, SECOND, world.at(today - timedelta(days=12), 1), WAVES[:2])
    draft = reading.draft_of(second)
    assert draft is not None
    documents.submit(draft=draft, by=world.coordinator(SECOND), now=world.at(today - timedelta(days=3), 2))
    for code, cells in ((HOSPITAL, 36), (SECOND, 36), (THIRD, 18)):
        _fill_capacity(world, code, cells, world.at(today - timedelta(days=30), 1))


def _fill_capacity(world: World, code: str, cells: int, now: datetime) -> None:
    """The first numbers of the sheet as the city's list has them, all assumed; what is whole is put in force."""
    hospital = world.subjects[code]
    listed = listed_of(hospital, world.city).values()
    typed = [Typed(place, listed[place], Known.ASSUMED) for place in CORE[:cells]]
    plans.fill_cells(subject=hospital, typed=typed, by=world.coordinator(code), now=now)
    if cells == len(CORE):
        seen, later = last_number(hospital), now + timedelta(days=3)
        plans.put_in_force(subject=hospital, seen=seen, by=world.director(code), now=later)


def _begin(world: World, hospital: str, now: datetime, waves: tuple[tuple[str, int, str], ...]) -> Document:
    blocks: list[NewBlock] = []
    picture = _picture(world, hospital, now)
    for heading, (kind, body) in TEXT.items():
        blocks.append(NewBlock("heading", heading, level=1))
        if kind == "waves":
            rows = [[who, str(minute), channel] for who, minute, channel in waves]
            blocks.append(NewBlock("structured", STRUCTURED["plans.waves"].body(rows), name="plans.waves"))
            blocks.append(NewBlock("contacts", str(world.coordinator(hospital).pk)))
        else:
            blocks.append(NewBlock(kind, body))
        if kind == "table":
            blocks.append(NewBlock("image", f"{picture}\n分区示意：伤员由东门进、由北通道出，单向流动"))
    return plans.begin_plan(
        subject=world.subjects[hospital], hazard="casualties", language="zh-Hans", by=world.coordinator(hospital), now=now,
        blocks=tuple(blocks),
    ).document  # fmt: skip


def _approve(world: World, document: Document, now: datetime) -> None:
    """Handed in, reviewed by the city, approved by the head; its headings are translated."""
    draft = reading.draft_of(document)
    assert draft is not None
    version = documents.submit(draft=draft, by=world.coordinator(HOSPITAL), now=now)
    documents.review(version=version, by=world.people["li-wen"], now=now + timedelta(days=2))
    documents.approve(version=version, by=world.director(HOSPITAL), now=now + timedelta(days=4))


def _revise(world: World, document: Document, now: datetime) -> None:
    """The next draft: the second wave comes earlier, a number is higher, and the head asks something."""
    by = world.coordinator(HOSPITAL)
    [line] = reading.versions_of_document(document)
    version = reading.version_in_force([line])
    assert version is not None
    version.row.refresh_from_db()
    draft = documents.open_draft(document=document, version=version.row, by=by, now=now)
    written = {one.block.body: one for one in reading.blocks_of_draft(draft)}
    waves = next(one for one in written.values() if one.block.kind == "structured")
    theatres = next(one for body, one in written.items() if body.startswith("全面启动后 60 分钟"))
    blood = next(one for body, one in written.items() if body.startswith("输血科保有"))
    typed = (
        (waves, "\n".join(f"{who} | {20 if minute == 30 else minute} | {channel}" for who, minute, channel in WAVES)),
        (theatres, theatres.block.body.replace("6 个手术间", "8 个手术间")),
        (blood, blood.block.body.replace("60 单位", "80 单位")),
    )
    for number, (one, body) in enumerate(typed, 1):
        at = now + timedelta(minutes=9 * number)
        said = Said(
            uuid6.uuid7(), "block", "desk", number, one.revision, at, {"block": str(one.block.id), "body": body}
        )
        documents.save_block(draft=draft, said=said, by=by, now=at)
        documents.leave_block(draft=draft, block=UUID(str(one.block.id)), tab="desk", by=by, now=at)
    _bring_word(world, document, now + timedelta(minutes=50))
    _remark(
        document, theatres.block.id, "夜间 60 分钟内麻醉医师够开 8 间吗？请麻醉科确认。", world.director(HOSPITAL), now
    )


def _bring_word(world: World, document: Document, now: datetime) -> None:
    """The office had an annex in Word: a heading, two paragraphs, a table, a colleague's comment."""
    from docx import Document as new_file

    file, out = new_file(), BytesIO()
    file.add_heading("附件 夜间门急诊应急值守", 1)
    file.add_paragraph("夜间 18:00 至次日 08:00，总值班代行总指挥，直至院领导到位。")
    said = file.add_paragraph("总值班电话两部，一部接 120，一部只用于院内召回。")
    file.add_comment(said.runs, text="第二部电话的号码已更换，请核对。", author="院办 陈洁", initials="陈")
    rows = (
        ("岗位", "人数", "到岗"),
        ("急诊医师", "3", "在岗"),
        ("麻醉医师", "1", "在岗"),
        ("手术室护士", "2", "20 分钟"),
    )
    table = file.add_table(len(rows), len(rows[0]))
    for cell, words in zip(table._cells, (word for row in rows for word in row), strict=True):
        cell.text = words
    file.save(out)
    draft, by = reading.draft_of(document), world.coordinator(HOSPITAL)
    assert draft is not None
    brought = documents.read_word(out.getvalue())
    documents.bring_word(
        draft=draft, name="夜间应急值守.docx", content=out.getvalue(), brought=brought, instead=False, by=by, now=now
    )


def _remark(document: Document, block: UUID, body: str, by: Person, now: datetime) -> None:
    revision = Revision.objects.filter(document=document, block=block).order_by("-written_at", "-id")[0]
    documents.add_comment(
        document=document, revision=revision, body=body, language="zh-Hans", by=by, now=now + timedelta(hours=5)
    )


def _picture(world: World, hospital: str, now: datetime) -> UUID:
    """A schematic of the four areas, drawn; no floor plan of a real house."""
    sheet = Image.new("RGB", (720, 240), "#ffffff")
    pen = ImageDraw.Draw(sheet)
    for place, (colour, word) in enumerate((("#bb0916", "1"), ("#fadb2c", "2"), ("#3db75a", "3"), ("#0f0f0f", "0"))):
        left = 40 + place * 165
        pen.rectangle((left, 60, left + 140, 180), outline=colour, width=6)
        pen.text((left + 58, 92), word, fill="#14202b", font_size=44)
        if place:
            pen.line((left - 22, 120, left - 4, 120), fill="#14202b", width=3)
    out = BytesIO()
    sheet.save(out, "PNG", optimize=True)
    upload = SimpleUploadedFile(f"areas-{hospital}.png", out.getvalue(), "image/png")
    by = world.coordinator(hospital)
    return UUID(str(files.add_attachment(city=world.city.pk, upload=upload, by=by.pk, now=now).pk))
