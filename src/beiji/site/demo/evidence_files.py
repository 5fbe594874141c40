"""One hospital's library of evidence files: small pictures that say what would stand there, tied to items and looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from beiji.folders import changes as folders

from .city import World

HOSPITAL = "ginkgo"


@dataclass(frozen=True)
class Paper:
    """A file as its coordinator put it in. `age`: days before today; `given`: days after today on which it ends, where
    the uploader said so; `mark`: word and reason of whoever looked at it."""

    name: str
    title: str
    kind: str
    age: int
    items: tuple[str, ...]
    given: int | None = None
    personal: bool = False
    mark: str = ""
    reason: str = ""


PAPERS = (
    Paper("plan-3", "医院批量伤员应急预案(第3版，院长签发)", "plan", 190, ("PLN-1", "PLN-4", "PLN-6", "ACT-4"), mark="checked"),
    Paper("command-chart", "指挥体系图和岗位行动卡目录", "plan", 190, ("CMD-1", "CMD-3", "CMD-6"), mark="checked"),
    Paper("executive-order", "分管院领导任命文件", "order", 340, ("GOV-1",), mark="checked"),
    Paper("committee-minutes", "应急管理委员会第二季度会议纪要", "order", 150, ("GOV-2", "GOV-7"), mark="read"),
    Paper("blood-agreement", "与市血站的应急供血协议", "order", 335, ("SUP-5",), mark="checked"),
    Paper("supplier-agreement", "药品耗材应急供应合同", "order", 700, ("LOG-4",), given=-20),
    Paper("door-roster", "急诊入口检伤夜班排班(11月)", "roster", 24, ("TRI-2", "STF-2"), given=7, personal=True, mark="read"),
    Paper("c1-attendance", "岗前培训签到和考核汇总", "training", 95, ("TRN-2", "STF-5"), personal=True),
    Paper("clearing-log", "急诊腾空计时原始记录", "drill", 60, ("TRI-6", "TRI-11"), mark="checked"),
    Paper("call-in-sheet", "夜间召回测试记录表", "drill", 44, ("ACT-6", "COM-3"), mark="refused",
          reason="缺少第二梯队的到岗时间，请补齐后再提交。"),
    Paper("generator-test", "发电机带载测试记录", "check", 28, ("INF-2",), mark="read"),
    Paper("antidote-cabinet", "解毒药柜照片和清点表", "photo", 75, ("LOG-3",)),
    Paper("yellow-area", "重症伤员收治区照片", "photo", 58, ("CLN-2",)),
    Paper("volunteer-form", "外来医务人员登记表(空白)", "other", 120, ()),
)  # fmt: skip


#: A list of the hospital's own making: number, words, items. The numbers are an example and nobody's official ones.
EDITION = "本院自编(示例)"
CLAUSES = (
    ("A.1", "有现行的批量伤员预案，院长签发，断电断网也能取到", ("PLN-1", "PLN-6")),
    ("A.2", "有应急管理委员会，定期开会并留有记录", ("GOV-2",)),
    ("A.3", "指定院领导负责应急准备，有书面文件", ("GOV-1",)),
    ("B.1", "夜间入口检伤有人值守", ("TRI-2",)),
    ("B.2", "能按时腾空急诊科，有计时记录", ("TRI-6", "TRI-11")),
    ("B.3", "夜间能召回人员，通讯录保持最新", ("ACT-6", "COM-3")),
    ("C.1", "药品耗材有应急供应合同", ("LOG-4",)),
    ("C.2", "备用电源定期带载测试", ("INF-2",)),
    ("C.3", "志愿者管理有登记表", ()),
    ("", "食堂应急供餐安排", ()),
)


def fill(world: World) -> None:
    """Put the papers in, in the order of their days; then the quality office's list of clauses."""
    for paper in sorted(PAPERS, key=lambda paper: -paper.age):
        _add(world, paper)
    _list_clauses(world)


def _list_clauses(world: World) -> None:
    """The list is brought in, tied to items, and a second table waits for its reader's yes."""
    today, by = world.plan.today, world.coordinator(HOSPITAL)
    now = world.at(today, 0, 30)
    clauses = folders.add_list(
        subject=world.subjects[HOSPITAL], title="示例：本院自拟迎检清单(非官方条款)", language="zh-Hans",
        inspection=today + timedelta(days=45), by=by, now=now,
    )  # fmt: skip
    rows = [(EDITION, number, body) for number, body, _items in CLAUSES]
    folders.bring_clauses(draft=folders.keep_table(clauses=clauses, rows=rows, by=by, now=now), by=by, now=now)
    for clause, (_number, _body, items) in zip(clauses.rows.order_by("order"), CLAUSES, strict=True):
        if items:
            folders.tie_clause(clause=clause, on=items, off=(), by=by, now=now)
    clauses.refresh_from_db()
    more = [*rows, (EDITION, "C.4", "手术室夜间至少可开两台")]
    folders.keep_table(clauses=clauses, rows=more, by=by, now=now)


def _add(world: World, paper: Paper) -> None:
    today, by = world.plan.today, world.coordinator(HOSPITAL)
    day = max(today - timedelta(days=paper.age), world.plan.start)
    added = max(day, today - timedelta(days=min(paper.age, 170)))
    row = folders.add_file(
        subject=world.subjects[HOSPITAL],
        upload=_picture(paper, day),
        title=paper.title,
        language="zh-Hans",
        kind=paper.kind,
        day=day,
        until=None if paper.given is None else today + timedelta(days=paper.given),
        personal=paper.personal,
        items=paper.items,
        by=by,
        now=world.at(added, 1),
    )
    if paper.mark:
        folders.mark_file(
            file=row,
            word=paper.mark,
            reason=paper.reason,
            language="zh-Hans",
            by=world.people["li-wen"],
            now=world.at(min(added + timedelta(days=9), today), 1, 30),
        )


def _picture(paper: Paper, day: date) -> SimpleUploadedFile:
    """In place of the paper: a sheet that says it is illustrative."""
    sheet = Image.new("L", (420, 594), 255)
    ImageDraw.Draw(sheet).text((36, 60), f"ILLUSTRATIVE\n{paper.name}\n{day:%Y-%m-%d}", fill=0, font_size=24)
    written = BytesIO()
    sheet.save(written, "PNG", optimize=True)
    return SimpleUploadedFile(f"{paper.name}.png", written.getvalue(), "image/png")
