"""The packs that ship: no fault, warnings that only fall, and a demo city that is nobody's real one."""

import csv
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from beiji.packs import Library, packs_root, scan
from beiji.packs.checker import check
from beiji.packs.engine_keys import OPTIONAL, engine_keys
from beiji.packs.lint import RULES
from beiji.packs.problems import Problem

COUNTS = Path(__file__).parent / "warning-counts.csv"

# Real hospitals of the city (public names only; nothing joins them to the fictional ones).
REAL_HOSPITALS = {
    "Northern Jiangsu (Subei) People's Hospital": "江苏省苏北人民医院",
    "Affiliated Hospital of Yangzhou University": "扬州大学附属医院",
    "Yangzhou First People's": "扬州市第一人民医院",
    "Jiangdu People's Hospital": "扬州市江都人民医院",
    "Yangzhou Third People's": "扬州市第三人民医院",
    "Yangzhou TCM Hospital": "扬州市中医院",
    "Yangzhou Maternal & Child Health Hospital": "扬州市妇幼保健院",
    "Wutaishan Hospital": "五台山医院",
    "Yizheng People's Hospital": "仪征市人民医院",
    "Gaoyou People's Hospital": "高邮市人民医院",
    "Gaoyou TCM Hospital": "高邮市中医院",
    "Baoying People's Hospital": "宝应县人民医院",
    "Jiangdu TCM Hospital": "江都中医院",
    "Hanjiang public-health hospital": "邗江公共卫生中心",
}
GENERIC = ("扬州市", "江苏省", "县", "市", "人民医院", "中医院", "中医医院", "医院", "中心", "附属", "第一", "第三")


@cache
def problems() -> tuple[Problem, ...]:
    return tuple(check([packs_root()]))


@cache
def library() -> Library:
    return scan(packs_root())


def test_no_pack_has_a_fault() -> None:
    assert [str(problem) for problem in problems() if not problem.warning] == []


def test_warnings_only_fall() -> None:
    """When a count has fallen, lower it in warning-counts.csv in the same commit."""
    with COUNTS.open(encoding="utf-8") as file:
        most = {row["code"]: int(row["most"]) for row in csv.DictReader(file)}
    assert set(most) == {rule.code for rule in RULES if rule.warning}
    found = Counter(problem.code for problem in problems() if problem.warning)
    assert {code: found[code] for code in most} == most


def test_the_city_has_its_fourteen_hospitals_and_says_that_they_are_invented() -> None:
    city = library().cities["yangzhou"]
    assert list(city.hospitals) == [
        "ginkgo", "egret", "pine", "reedflower", "bamboo", "gull", "lotus", "orchid", "reedmarsh", "pomegranate",
        "bluebridge", "stillwater", "azalea", "planetree",
    ]  # fmt: skip
    assert city.header.illustrative
    assert city.header.statement is not None
    assert sum(district.population for district in city.header.districts) == 4_559_797
    assert [campus.id for campus in city.hospitals["ginkgo"].campuses] == ["ginkgo-east", "ginkgo-west"]


def test_classes_are_averages_and_no_real_figure() -> None:
    beds: dict[str, list[int]] = {}
    for hospital in library().cities["yangzhou"].hospitals.values():
        beds.setdefault(hospital.hospital_class, []).append(hospital.beds)
    averages = {name: sum(figures) / len(figures) for name, figures in beds.items()}
    assert averages == {"large": 1850, "tertiary": 950, "county": 540, "small": 240}


@pytest.mark.parametrize("english", REAL_HOSPITALS)
def test_no_fictional_name_is_a_real_one(english: str) -> None:
    chinese = REAL_HOSPITALS[english]
    core = chinese
    for word in GENERIC:
        core = core.replace(word, "")
    for hospital in library().cities["yangzhou"].hospitals.values():
        assert hospital.title["zh-Hans"] not in chinese
        assert chinese not in hospital.title["zh-Hans"]
        assert not core or core not in hospital.title["zh-Hans"]
        assert hospital.title["en"].lower() not in english.lower()


def test_every_timetable_could_be_staffed() -> None:
    for hospital in library().cities["yangzhou"].hospitals.values():
        for night in (False, True):
            for minute in (0, 30, 60, 120):

                def value(key: str) -> float:
                    return float(hospital.capacity.value(f"hospital.{key}", night=night, minute=minute))  # noqa: B023

                assert value("theatres") <= value("anaesthetists"), (hospital.id, minute)
                assert value("theatres") <= value("scrub_nurses") / 2, (hospital.id, minute)
                assert value("resus_teams") <= value("resus_bays"), (hospital.id, minute)
                assert value("icu_beds") <= value("ventilators"), (hospital.id, minute)


def test_every_engine_key_has_a_value_by_day_and_by_night() -> None:
    city = library().cities["yangzhou"]
    wanted = {name for name, key in engine_keys().items() if key.scope == "hospital"} - OPTIONAL
    for hospital in city.hospitals.values():
        assert set(hospital.capacity.day) == set(hospital.capacity.night) == wanted
    assert city.header.capacity is not None
    assert set(city.header.capacity.day) == {name for name, key in engine_keys().items() if key.scope == "city"}


def test_no_two_hospitals_stand_on_one_spot() -> None:
    spots = sorted((h.position.lat, h.position.lon) for h in library().cities["yangzhou"].hospitals.values())
    assert all(one != other for one, other in pairwise(spots))


def test_every_role_of_the_programme_has_a_named_person_who_can_sign_in() -> None:
    people = library().cities["yangzhou"].people.values()
    roles = {grant.role for person in people if person.account for grant in person.grants}
    assert {"administrator", "manager", "coordinator", "translator", "leader"} <= roles
    assert {"lead", "assessor"} <= {person.team_role for person in people if person.account}
    assert len({person.account for person in people if person.account}) == sum(1 for p in people if p.account)


def test_the_readme_says_how_much_is_written() -> None:
    domains = list(library().standards["mci-hospital"].domains.values())
    items = sum(len(domain.indicators) for domain in domains)
    written = sum(domain.is_written for domain in domains)
    readme = (packs_root().parent / "README.md").read_text(encoding="utf-8")
    assert f"{items} indicators in {written} of {len(domains)} domains" in readme


def test_the_city_standard_asks_each_of_its_bodies_and_feeds_the_engine() -> None:
    standard = library().standards["mci-city"]
    asked = Counter(name for _, item in standard.indicators() for name in item.classes)
    assert asked == {"commission": 12, "ambulance": 10, "city": 9, "blood": 4}
    must_pass = {name for _, item in standard.indicators() if item.crit == "must-pass" for name in item.classes}
    assert must_pass == set(asked) == set(standard.header.asks)
    fed = {feed.key for capability in library().capabilities.values() for feed in capability.feeds}
    choices = {"city.distribution_policy", "city.expectant"}
    assert {name for name, key in engine_keys().items() if key.scope == "city"} - fed == choices


def test_every_written_domain_has_a_sheet_of_open_questions_or_was_ordered_blind() -> None:
    sheet = (packs_root().parent / "docs" / "review" / "mci-hospital.md").read_text(encoding="utf-8")
    for domain in library().standards["mci-hospital"].domains.values():
        if domain.is_written and domain.id not in ("ACT", "SUR", "TRI"):
            assert f"## {domain.id} ·" in sheet
    city = (packs_root().parent / "docs" / "review" / "mci-city.md").read_text(encoding="utf-8")
    assert all(f"## {domain} ·" in city for domain in library().standards["mci-city"].domains)
