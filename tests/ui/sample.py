"""A document with every kind of block, in three languages."""

from __future__ import annotations

from beiji.ui import figures
from beiji.ui.formats import isolate, range_text
from beiji.ui.languages import pick
from beiji.ui.print import (
    Bullets,
    CellMark,
    Column,
    Document,
    Facts,
    Figure,
    Heading,
    KeyFigure,
    KeyFigures,
    Legend,
    Note,
    Original,
    Paragraph,
    Signatures,
    Table,
    TableGroup,
)  # fmt: skip

HOSPITALS = (
    ("Ginkgo General", "银杏总医院", "גינקגו כללי"),
    ("Egret University", "白鹭大学医院", "אגרט האוניברסיטאי"),
    ("River Gull", "江鸥医院", "שחף הנהר"),
    ("Lotus Breeze", "荷风医院", "משב הלוטוס"),
)
DOMAINS = (
    ("Governance", "治理", "ניהול"), ("Risk", "风险", "סיכונים"), ("Plans", "预案", "תוכניות"), ("Activation", "启动", "הפעלה"),
    ("Command", "指挥", "פיקוד"), ("Communications", "通信", "תקשורת"), ("Triage", "分诊", "מיון"), ("Clinical care", "救治", "טיפול"),
    ("Surge", "扩容", "הרחבה"), ("Supplies", "物资", "ציוד"), ("Staff", "人员", "כוח אדם"), ("Logistics", "后勤", "לוגיסטיקה"),
    ("Infrastructure", "基建", "תשתיות"), ("Safety", "安全", "בטיחות"), ("Families", "家属", "משפחות"), ("Training", "培训", "הכשרה"),
    ("Learning", "改进", "למידה"),
)  # fmt: skip
_CELLS = (
    CellMark(3, "met", "exercised"), CellMark(2, "in-place", "seen"), CellMark(1, "below", "seen"), CellMark(0, "below", "exercised", must=True),
    CellMark(2, "stale", "seen"), CellMark(3, "met", "performed"), CellMark(2, "claimed", "stated"), CellMark(None, "unknown"),
    CellMark(None, "not-assessed"), CellMark(None, "not-applicable"), CellMark(1, "below", "stated", least=True),
)  # fmt: skip


def document(language: str, mark: str = "illustrative") -> Document:
    """The sample in one language."""

    def t(en: str, zh: str, he: str) -> str:
        return pick({"en": en, "zh-Hans": zh, "he": he}, language)

    mirrored = language == "he"
    rows: list[tuple[str | CellMark, ...] | TableGroup] = [
        TableGroup(t("Centre and trauma", "市区与创伤中心", "מרכז וטראומה"))
    ]
    for at, names in enumerate(HOSPITALS):
        rows.append((t(*names), *(_CELLS[(at * 5 + column * 3) % len(_CELLS)] for column in range(len(DOMAINS)))))
    estimate = [
        (t("Today", "今天", "היום"), figures.Estimate(38, 31, 46, 35, 41), f"38 ({range_text(31, 46, language)})"),
        (t("After", "整改后", "לאחר"), figures.Estimate(55, 45, 66, 51, 59), f"55 ({range_text(45, 66, language)})"),
    ]
    phone = isolate("+86 514-5555-0199") if mirrored else "+86 514-5555-0199"
    return Document(
        title=t(
            "By night Yangzhou manages an event of about 38 casualties alone, by day about 64",
            "扬州夜间能独立应对约 38 名伤员的事件，白天约 64 名",
            "בלילה יאנג־ג׳ואו מנהלת לבדה אירוע של כ־38 נפגעים, ביום כ־64",
        ),
        subtitle=t("Second round, 14 hospitals", "第二轮评估，14 家医院", "סבב שני, 14 בתי חולים"),
        running=t("Yangzhou · hospital preparedness", "扬州市医院应急能力", "יאנג־ג׳ואו · היערכות בתי החולים"),
        snapshot="YZ-2-0007 · 9f3c1e",
        as_of=t("23 November 2026", "2026-11-23", "23.11.2026"),
        mark=mark,
        blocks=(
            Paragraph(
                t(
                    "The framework stands; essential capabilities on target rose from 48 to 61 %. What is weak is staff by night and clearing the emergency department, not equipment.",
                    "框架已建立，达标的核心能力从 48% 升至 61%。主要短板是夜间人员到位与急诊腾空，而不是设备。",
                    "המסגרת קיימת; היכולות החיוניות העומדות ביעד עלו מ־48% ל־61%. החולשה היא צוות בלילה ופינוי המיון, לא ציוד.",
                ),
                "lead",
            ),
            KeyFigures(
                (
                    KeyFigure(
                        "61%",
                        t("of essential capabilities on target", "核心能力达标", "מהיכולות החיוניות ביעד"),
                        t("48 % in round 1", "第一轮 48%", "48% בסבב הראשון"),
                    ),
                    KeyFigure("9", t("must-pass items open", "项一票否决项未达标", "תנאי סף פתוחים")),
                    KeyFigure("23", t("pieces of evidence expire soon", "份佐证材料即将到期", "אסמכתאות יפוגו בקרוב")),
                )
            ),
            Figure(
                figures.intervals(estimate, "x", 20, 80, mirrored=mirrored, names=90),
                t("Today 38, after the actions 55", "今天 38，整改后 55", "היום 38, לאחר הפעולות 55"),
                t(
                    "Largest event managed alone by night",
                    "夜间可独立应对的最大事件",
                    "האירוע הגדול ביותר שמנוהל לבד בלילה",
                ),
                t("line: 95 % interval", "横线为 95% 区间", "קו: רווח 95%"),
            ),
            Heading(t("Five findings", "五项发现", "חמישה ממצאים")),
            Bullets(
                (
                    (
                        t(
                            "Theatre staff by night arrive after about 75 minutes",
                            "夜间手术人员约 75 分钟到齐",
                            "צוותי הניתוח בלילה מגיעים לאחר כ־75 דקות",
                        ),
                        t("exercised", "演练检验", "תורגל"),
                    ),
                    (
                        t("No family centre is named", "家属接待与信息中心未指定", "לא נקבע מרכז מידע ומשפחות"),
                        t("on paper", "书面规定", "על הנייר"),
                    ),
                ),
                numbered=True,
            ),
            Heading(t("Hospital by domain", "医院 × 领域", "בית חולים לפי תחום")),
            Table(
                (
                    Column(t("Hospital", "医院", "בית חולים"), share=1),
                    *(Column(t(*domain), turned=True) for domain in DOMAINS),
                ),
                tuple(rows),
                t("Map", "热力图", "מפה"),
            ),
            Legend(),
            Heading(t("Actions", "整改任务", "משימות"), 2),
            Table(
                (
                    Column(t("Action", "任务", "משימה"), share=2),
                    Column(t("Lead unit", "牵头单位", "אחראי"), share=1),
                    Column(t("Deadline", "期限", "מועד")),
                    Column(t("Cost", "费用", "עלות"), t("¥ thousand", "千元", "אלפי יואן"), number=True),
                ),
                (
                    (
                        t("Second call-in wave by T+30", "第二梯队 T+30 到位", "גל שני עד T+30"),
                        t("Ginkgo General", "银杏总医院", "גינקגו כללי"),
                        "2026-12-15" if not mirrored else isolate("15.12.2026"),
                        "40",
                    ),
                )
                * 3,
            ),
            Note(
                t(
                    "theatre teams at 60 min need 6 anaesthetists; the roster has 5.",
                    "T+60 手术组 6 需要麻醉医师 6 名；排班上只有 5 名。",
                    "צוותי ניתוח ב־60 דקות דורשים 6 מרדימים; בסידור יש 5.",
                ),
                t("To check:", "核对：", "לבדיקה:"),
                "warn",
            ),
            Original(
                "急诊腾空用时 24 分钟。" if language != "zh-hans" else "הפינוי נמשך 24 דקות.",
                "zh-Hans" if language != "zh-hans" else "he",
                t("original; translation not yet approved", "原文；译文尚未审定", "מקור; התרגום טרם אושר"),
            ),
            Facts(
                (
                    (t("Call", "电话", "טלפון"), phone),
                    (t("Item", "条目", "פריט"), isolate("TRI-2") if mirrored else "TRI-2"),
                )
            ),
            Paragraph(
                t(
                    "Method: external visits, drills and simulation; limits stand in the model card.",
                    "方法：外部评估、演练与仿真；局限见模型说明。",
                    "שיטה: ביקורים חיצוניים, תרגילים וסימולציה; המגבלות בכרטיס המודל.",
                ),
                "quiet",
            ),
            Signatures(
                (t("Health commission", "市卫生健康委", "רשות הבריאות"), t("Expert team", "联合专家组", "צוות המומחים"))
            ),
        ),
    )
