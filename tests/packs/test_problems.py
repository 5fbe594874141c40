"""Every message of the loader and the checker, fired once, at its place and with its mend."""

from collections.abc import Callable
from pathlib import Path

import pytest

from beiji.packs import pages
from beiji.packs.checker import check
from beiji.packs.problems import Problem

ED = "capabilities/core/ed.yaml"
TRI = "standards/demo/domains/tri.yaml"
PACK = "standards/demo/pack.yaml"
HOSPITALS = "cities/town/hospitals.yaml"
CITY = "cities/town/city.yaml"
PEOPLE = "cities/town/people.yaml"
SCENARIO = "scenarios/pile-up.yaml"

# file, what stands there, what somebody writes instead, the line that the checker must say (without the folder)
CASES = [
    (TRI, "  crit: must-pass\n", "  crit: must-pass\n\tcore: true\n", "tri.yaml:5:1 P100 A tab indents this line. Use spaces"),
    (TRI, "  effort: M\n", "  effort: [M\n", "tri.yaml:46:11 P100 The [ that opens here is never closed."),
    (TRI, "  core: true", '  pillar: "T"\n  core: true', 'tri.yaml:5:3 P101 "pillar" of TRI-6 is given twice (first on line 3). Keep one.'),
    (TRI, 'המלר"ד מתפנה', '"המלר"ד מתפנה', 'tri.yaml:10:9 P102 The quote in המלר"ד ends the text. Take away the outer quotes.'),
    (TRI, "crit: must-pass", "crit: X", 'tri.yaml:4:9 P103 crit "X" of TRI-6 is not must-pass, high or normal. Write must-pass only if failing it must cap the level.'),
    (ED, "unit: min", "unit: minutes", "ed.yaml:3:9 P103 \"unit\" of ed-clear-time \"minutes\" is not a unit of the packs. Did you mean min?"),
    (ED, "how: value", "how: valu", 'ed.yaml:10:44 P103 how "valu" of ed-clear-time is not value, share_of_baseline or by_level. Did you mean value?'),
    (TRI, "看板旁张贴有腾空规则。", "腾空规则: 张贴", "tri.yaml:22:20 P104 A colon and a space inside text begin a new field."),
    (TRI, "A clearing rule hangs beside the board.", "A clearing rule #3 hangs.", "tri.yaml:21:26 P105 The text is cut here"),
    (ED, "zero_at: 60", "zero_at: 060", 'ed.yaml:11:12 P106 "zero_at" of ed-clear-time "060" is not a plain number.'),
    (ED, "large: 15", 'large: "15"', 'ed.yaml:5:19 P106 "target.large" of ed-clear-time "15" is not a plain number.'),
    (ED, "county: 20", "county: no", 'ed.yaml:5:45 P106 "target.county" of ed-clear-time "no" is not a number. Write digits.'),
    (TRI, "edition: 1", "edition: one", 'tri.yaml:2:12 P106 "edition" of TRI-6 needs a whole number, not "one".'),
    (ED, "per_campus: true", "per_campus: no", 'ed.yaml:9:15 P107 "per_campus" of ed-clear-time is "no". Write false.'),
    (TRI, "en: Stand at the board and ask where each patient would go.", "en: 12", 'tri.yaml:12:5 P108 "look_at" of TRI-6 has 12 in en, which is no text. Put it in quotes'),
    (SCENARIO, 'hour: "05:50"', "hour: 05:50", 'pile-up.yaml:4:7 P109 05:50 without quotes is a number elsewhere. Write "05:50".'),
    (TRI, "      he: כלל הפינוי תלוי ליד הלוח.\n", "", "tri.yaml:21:7 P110 Anchor 1 of TRI-6 has no he. Add it, or promise"),
    (TRI, "    zh-Hans: 站在看板前，询问每位患者会转到哪里。\n    he: לעמוד ליד הלוח ולשאול לאן יעבור כל מטופל.", "    he: לעמוד ליד הלוח ולשאול לאן יעבור כל מטופל.\n    zh-Hans: 站在看板前，询问每位患者会转到哪里。", 'tri.yaml:12:5 P111 "look_at" of TRI-6 has its languages as en, he, zh-Hans.'),
    (TRI, "effort: M", "effort: &m M", "tri.yaml:46:11 P112 &m is an anchor. Write the value out where it is needed."),
    (TRI, "effort: M", "effort: !!str M", "tri.yaml:46:11 P112 !!str is a tag. Take it away"),
    (TRI, "effort: M", "effrot: M", 'tri.yaml:46:3 P113 "effrot" is no field of TRI-6. Did you mean effort?'),
    (TRI, "  effort: M\n", "", 'tri.yaml:1:3 P114 TRI-6 has no "effort". Add it.'),
    (TRI, "effort: M", "effort:", 'tri.yaml:46:10 P115 "effort" of TRI-6 has no value.'),
    (TRI, "evidence: {2: [paper-clearing-log], 3: [timed-ed-clearing]}", "evidence:", 'tri.yaml:32:12 P115 "evidence" of TRI-6 has no value. Write it, or take the line away.'),
    (ED, "prove_in: [day, night]", "prove_in: day", 'ed.yaml:8:13 P116 "prove_in" of ed-clear-time needs a list.'),
    (HOSPITALS, "as_of: 2026-10-01", "as_of: 1.10.2026", 'hospitals.yaml:8:12 P117 "as_of" of alpha "1.10.2026" is not a day. Write it as 2026-10-01.'),
    (SCENARIO, 'hour: "05:50"', 'hour: "5:50"', 'pile-up.yaml:4:7 P117 "hour" of pile-up "5:50" is not a time of day.'),
    (PACK, "version: 1.1.0", "version: 1.1", 'pack.yaml:3:10 P118 "version" of demo "1.1" is not a version. Write three numbers as in 1.0.0.'),
    (TRI, "当班2人能指出", "当班3人能指出", "tri.yaml:26:16 P120 Anchor 2 of TRI-6: en says 2, zh-Hans 3. Write the same digits, or one {{parameter}} in all."),
    (PACK, "parameters: {drill_interval_days", "parameters: {drill_interval_weeks", "tri.yaml:29:9 P121 \"proven_by\" of TRI-6 uses {{drill_interval_days}}, which no parameter has as its name. Did you mean drill_interval_weeks?"),
    (TRI, "急诊科能在{{ed_clear_min}}分钟内腾空", "急诊科能按时腾空", 'tri.yaml:9:14 P122 "title" of TRI-6: {{ed_clear_min}} stands in en or zh-Hans but not in both.'),
    (TRI, "3: [timed-ed-clearing]", "3: [timed-ed-claering]", 'tri.yaml:32:43 P130 Evidence "timed-ed-claering" is unknown. Did you mean timed-ed-clearing?'),
    (TRI, "reads: ed-clear-time", "reads: ed-cleer-time", 'tri.yaml:6:10 P131 Capability "ed-cleer-time" is unknown. Did you mean ed-clear-time?'),
    (ED, "hospital.ed_clear_min", "hospital.ed_clear", 'ed.yaml:10:16 P132 Engine key "hospital.ed_clear" is unknown. Did you mean hospital.ed_clear_min?'),
    (TRI, "src: who-hsi", "src: who-his", 'tri.yaml:48:13 P133 Source "who-his" is unknown. Did you mean who-hsi?'),
    (HOSPITALS, "district: centre", "district: center", 'hospitals.yaml:4:13 P134 District "center" is unknown. Did you mean centre?'),
    (PEOPLE, "subject: alpha}", "subject: alpah}", 'people.yaml:22:38 P134 Subject "alpah" is unknown. Did you mean alpha?'),
    (SCENARIO, ", self_evacuation: assumption/a31}", "}", 'pile-up.yaml:10:6 P169 "self_evacuation" of pile-up has no source. Add self_evacuation: with a source or assumption/<id> under src.'),
    (SCENARIO, "arrivals: {curve: extrication, src: assumption/a31}", "arrivals: {curve: extrication, src: [assumption/a31, press-2006]}", 'pile-up.yaml:8:37 P133 Source "press-2006" is unknown.'),
    (PACK, '">=1,<2"', '">=2"', "pack.yaml:5:28 P135 demo needs core-capabilities >=2; here is 1.0.0."),
    (PACK, "ed_clear_min: {large: 15, tertiary: 15, county: 20, small: 20}", "ed_clear_min: {value: 15, unit: min, target_of: ed-clear-time}", "pack.yaml:11:88 P166 ed_clear_min makes 15 the target of ed-clear-time for county; the capability has another."),
    (PACK, "file: domains/tri.yaml", "file: domains/try.yaml", "pack.yaml:15:11 P136 TRI names domains/try.yaml, which is not there. Did you mean domains/tri.yaml?"),
    (ED, "large: {0: 3, 30: 5, 60: 8, 120: 10}", "large: {0: 3, 60: 8, 120: 10}", "ed.yaml:21:12 P140 resus-teams has no value at 30 min. hospital.resus_teams needs 0, 30, 60 and 120."),
    (ED, "large: {0: 3, 30: 5, 60: 8, 120: 10}", "large: {0: 3, 30: 5, 60: 4, 120: 10}", "ed.yaml:21:30 P141 resus-teams (large) falls from 5 at 30 min to 4 at 60 min."),
    (HOSPITALS, "    night:\n      hospital.declare_min: 20", "    night:\n      hospital.declare_min: 5", "hospitals.yaml:47:29 P142 alpha hospital.declare_min is better by night (5) than by day (10)."),
    (ED, "large: 15", "large: 900", "ed.yaml:5:19 P143 ed-clear-time: 900 is outside 0 to 240 min of hospital.ed_clear_min. Check number and unit."),
    (ED, "unit: min", "unit: s", "ed.yaml:3:9 P144 ed-clear-time is in s; hospital.ed_clear_min needs min. Write unit: min and convert the targets."),
    (ED, "target: {large: 15, tertiary: 15, county: 20, small: 20}", "target: {large: 15, tertiary: 15, county: 20}", "ed.yaml:5:11 P145 ed-clear-time has no target for small. Every hospital class needs one."),
    (TRI, "  effort: M\n", "  effort: M\n  classes: [blood]\n", "tri.yaml:47:12 P145 TRI-6 is asked of blood; demo is about large, tertiary, county, small. Correct one."),
    (ED, "  better: lower\n", "", "ed.yaml:1:3 P146 ed-clear-time is a quantity and has no better. Add it."),
    (ED, "{seen: 730}", "{seen: 730, exercised: 365}", "ed.yaml:33:18 P146 named-executive is a document: no drill can show it."),
    (ED, "zero_at: 60", "zero_at: 10", "ed.yaml:11:12 P147 zero_at 10 of ed-clear-time meets the target 15 of large. Set it above every target."),
    (ED, "levels: {0: 30, 1: 20", "levels: {0: 30, 1: 40", "ed.yaml:46:61 P147 The values of entrance-guarded do not get better from level 0 to 3."),
    (PACK, "weight: 40", "weight: 30", "pack.yaml:13:3 P148 The weights of the domains add up to 90. Make them 100."),
    (HOSPITALS, "      hospital.theatres: {0: 1, 30: 2, 60: 3, 120: 4}\n", "", "hospitals.yaml:10:7 P149 alpha has no hospital.theatres by day. Add it."),
    (TRI, "- id: TRI-6", "- id: TRI-4", "tri.yaml:1:7 P151 TRI-4 was retired in 1.1.0; ids are never used again. Next free: TRI-5."),
    (ED, "- id: resus-teams", "- id: ed-clear-time", "ed.yaml:16:7 P152 ed-clear-time is used twice among the capability entries. Give this one its own id."),
    (TRI, "  effort: M\n", "  effort: M\n  allow: {L02: A law says so.}\n", "tri.yaml:47:16 P153 allow L02 of TRI-6 excepts nothing. Take it away."),
    (TRI, "急诊科未能在{target}分钟内腾空", "急诊科未能按时腾空", "tri.yaml:51:14 P158 The failure title of TRI-6 lacks {target} in zh-Hans; ed-clear-time has one number to meet. Say it in the sentence."),
]  # fmt: skip

ELSEWHERE = {
    "P119",
    "P160",
    "P161",
    "P162",
    "P163",
    "P164",
    "P150",
    "P154",
    "P155",
    "P156",
    "P157",
    "P159",
    "P167",
    "P168",
    "P170",
    "P171",
    "P172",
    "P173",
    "P174",
    "P175",
}


def test_the_small_packs_have_no_fault(mini: Path) -> None:
    assert check([mini]) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "line"), CASES, ids=[f"{case[3].split()[1]}-{n}" for n, case in enumerate(CASES)]
)
def test_a_fault_is_named_with_place_and_mend(
    broken: Callable[[str, str, str], list[Problem]], file: str, old: str, new: str, line: str
) -> None:
    printed = [str(problem) for problem in broken(file, old, new)]
    assert any(line in text for text in printed), "\n".join(printed)


def test_every_code_has_a_page_and_every_page_a_case() -> None:
    fired = {case[3].split()[1] for case in CASES} | ELSEWHERE
    written = {code for code in pages.codes() if code.startswith("P")}
    assert written == fired
