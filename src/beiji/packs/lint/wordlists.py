"""Words that the linters look for, by language."""

from __future__ import annotations

import re

DEGREE: dict[str, tuple[str, ...]] = {
    "en": (
        "partly", "partially", "fully", "completely", "entirely", "largely", "mostly", "mainly", "somewhat", "some",
        "most", "all", "every", "each", "few", "a few", "many", "several", "any", "always", "usually", "often",
        "sometimes", "rarely", "seldom", "occasionally", "regularly", "frequently", "well", "better", "very", "quite",
        "only", "almost", "nearly", "generally", "clearly", "quickly", "slowly", "in part", "in full", "the", "a", "of",
    ),
    "zh-Hans": (
        "大部分", "绝大多数", "部分", "全部", "完全", "全面", "基本", "较为", "比较", "非常", "十分", "少数", "多数",
        "个别", "所有", "各个", "一些", "若干", "有时", "经常", "偶尔", "定期", "不定期", "总是", "通常", "均", "都",
        "较", "很", "的",
    ),
    "he": (
        "חלקית", "חלקי", "באופן חלקי", "מלאה", "מלא", "במלואו", "במלואה", "באופן מלא", "כל", "רוב", "מרבית", "מעט",
        "כמה", "מספר", "חלק מן", "חלק מ", "תמיד", "לפעמים", "לעיתים", "לעתים", "בדרך כלל", "לגמרי", "כולם", "כולן",
        "בעיקר", "היטב", "מאוד", "רק", "לרוב",
    ),
}  # fmt: skip

HEDGES: dict[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:in)?(?:adequate|sufficient|appropriate)(?:ly)?\b|\b(?:suitabl[ey]|satisfactor(?:y|ily)|proper(?:ly)?|robust|"
        r"comprehensive|optimal|reasonabl[ey]|good|strengthen(?:ed)?|as needed|where necessary|as far as possible|"
        r"effectively|timely|in good time|well[- ](?:organised|equipped|trained|known))\b",
        re.IGNORECASE,
    ),
    "zh-Hans": re.compile(
        r"完善|加强|健全|充分|适当|合理|良好|较好|足够|进一步|到位|得当|妥善|有力|有效(?!期)|及时|尽量|必要时|基本(?:满足|具备)"
    ),
    "he": re.compile(
        r"(?<![א-ת])[והבלמשכ]{0,2}(?:מתאימ(?:ה|ים|ות)|מתאים|מספק(?:ת|ים|ות)?|נאות(?:ה|ים)?|ראוי(?:ה|ים)?|הולמ(?:ת|ים)|הולם|"
        r"מיטבי(?:ת|ים)?|יעיל(?:ה|ים|ות)?|כראוי|כנדרש|בזמן סביר|ככל האפשר|במידת הצורך|לפי הצורך|טוב(?:ה|ים|ות)?)(?![א-ת])"
    ),
}

OBSERVABLE = re.compile(
    r"\d|\{\{|[\"“]|\b(?:"
    r"ask|name|show|point|find|found|open|carr|hold|held|list|log|count|tim(?:e|ed)|measur|writ|sign|dat(?:e|ed)|photo|"
    r"stand|hang|lie|lay|wear|answer|recite|read|call|dial|ring|print|record|mark|label|number|lock|guard|walk|"
    r"draw|tell|say|said|know|fetch|bring|push|drive|reach|stay|go|come|leave|enter|arriv|send|sent|test|check|"
    r"roster|plan|card|tag|sheet|table|map|door|gate|entrance|phone|radio|board|trolley|bed|bay|room|wall|shelf|box|"
    r"form|chart|letter|agreement|minutes|report|protocol|procedure|rule|order|note|page|folder|file|screen|"
    r"nurse|doctor|surgeon|guard|porter|officer|crew|team|staff|patient|casualt|ambulance|ward|theatre|unit|post|key|"
    r"paper|copy|copies|script|diagram|text|picture|line|tape|arrow|lamp|cupboard|drill|exercise|nobody|no one|none"
    r")\w*",
    re.IGNORECASE,
)
