"""People brought in by a table: what is wrong is named by its cell, nothing is kept before somebody says yes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_scopes import scope
from openpyxl import Workbook, load_workbook

from beiji.programme import changes
from beiji.programme.changes import bringing
from beiji.programme.models import Account, Person, RoleGrant
from beiji.programme.pages import tables
from beiji.records.models import Job
from beiji.records.running import Run
from beiji.site import nightly
from beiji.ui.importing import MOST_ROWS, Column, read_table
from tests.cast import NOW
from tests.programme.test_people import HERE, come_in, signed_in
from tests.work import work_off

TABLE = HERE + "table/"
HEADS = [
    "Name in Chinese characters",
    "Name in Latin letters",
    "Institution",
    "Post",
    "Staff number",
    "Role",
    "User name",
]


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def administrator(world):
    return signed_in("chen-wei")


def xlsx(rows, heads=HEADS) -> bytes:
    book = Workbook()
    book.active.append(heads)
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(rows, heads=HEADS, encoding="utf-8") -> bytes:
    return "\n".join(",".join(str(cell) for cell in row) for row in [heads, *rows]).encode(encoding)


def look(client, content: bytes, name: str = "people.xlsx"):
    return client.post(TABLE, {"table": SimpleUploadedFile(name, content)})


def people() -> int:
    with scope(city="yangzhou"):
        return Person.objects.count()


def agree(client, looked):
    """Press "Add them"; gives the page that tells how far the work is."""
    packed = re.search(r'name="people" value="([^"]+)"', looked.content.decode())[1]
    return client.post(TABLE + "bringing/", {"people": packed})


def say_yes(client, looked) -> str:
    """Agree, let the worker do it, and read what came out."""
    answer = agree(client, looked)
    work_off(NOW)
    return client.get(answer["Location"]).content.decode()


def sheets(client, page: str, pile: int = 1):
    """The sheets of a pile, of the work whose page this is."""
    address = re.search(r'href="([^"]+/sheets/)"', page)[1]
    return client.post(address, {"pile": pile})


NURSES = [
    ["王芳", "Wang Fang", "ginkgo", "Head nurse", 1024, "coordinator", "ginkgo-1024"],
    ["李强", "", "Ginkgo", "", "1025", "", ""],
    ["", "Noa Bar", "Egret", "Physician", "", "Hospital emergency coordinator", "noa.bar"],
]


def test_staff_are_brought_in_and_a_nurse_comes_in_with_her_printed_code(administrator):
    before = people()
    looked = look(administrator, xlsx(NURSES))
    assert "3 people can be added. Nothing has been kept yet." in looked.content.decode()
    assert people() == before
    done = say_yes(administrator, looked)
    assert "3 people are in the list now. 2 accounts wait for their first sign-in." in done
    assert people() == before + 3
    printed = sheets(administrator, done, pile=2)  # Egret's comes first
    assert "no-store" in printed["Cache-Control"]
    assert "noa.bar" not in printed.content.decode()
    code = re.search(r"ginkgo-1024.*?([2-9A-Z]{5}-[2-9A-Z]{5})", printed.content.decode(), re.S)[1]
    client, answer = come_in("ginkgo-1024", code)
    assert answer.status_code == 302
    assert client.get("/yangzhou/").status_code == 200
    with scope(city="yangzhou"):
        assert RoleGrant.objects.get(person__staff_number="1024").subject.code == "ginkgo"


def test_a_pile_of_sheets_holds_the_same_people_whoever_has_signed_in_meanwhile(administrator, monkeypatch):
    monkeypatch.setattr(tables, "MOST_SHEETS", 2)
    rows = [[f"王{n}", "", "ginkgo", "", n, "", f"ginkgo-{n}"] for n in range(4)]
    done = say_yes(administrator, look(administrator, xlsx(rows)))
    first, second = (sheets(administrator, done, pile).content.decode() for pile in (1, 2))
    assert ["ginkgo-0" in first, "ginkgo-2" in first, "ginkgo-2" in second] == [True, False, True]
    codes = re.findall(r"[2-9A-Z]{5}-[2-9A-Z]{5}", first)
    assert come_in("ginkgo-0", codes[0])[1].status_code == 302
    again = sheets(administrator, done, pile=1).content.decode()
    assert ["ginkgo-0" in again, "ginkgo-1" in again, "ginkgo-2" in again] == [False, True, False]
    assert come_in("ginkgo-1", codes[1])[1].status_code != 302, "the earlier sheet no longer works"
    code = re.search(r"ginkgo-2.*?([2-9A-Z]{5}-[2-9A-Z]{5})", second, re.S)[1]
    assert come_in("ginkgo-2", code)[1].status_code == 302, "the other pile's still does"


def _make_the_manager_administrator(world):
    """Whoever lets people in has no other role, so he is manager no longer."""
    person, by = world.people["manager"], world.people["administrator"].pk
    for grant in RoleGrant.objects.filter(person=person):
        changes.end_role(grant=grant, by=by, now=NOW)
    changes.give_role(person=person, role="administrator", subject=None, since=NOW.date(), until=None, by=by, now=NOW)


def test_work_that_its_starter_may_no_longer_do_is_refused(administrator, world):
    before = people()
    page = agree(administrator, look(administrator, xlsx(NURSES)))["Location"]
    with scope(city="yangzhou"):
        _make_the_manager_administrator(world)
        for grant in RoleGrant.objects.filter(person=world.people["administrator"], role="administrator"):
            changes.end_role(grant=grant, by=world.people["manager"].pk, now=NOW)
    (job,) = work_off(NOW)
    assert "may not let people in any more" in job.sentence
    assert people() == before
    assert administrator.get(page).status_code in (302, 404)


def test_five_thousand_are_stopped_in_the_middle_and_nobody_is_added(administrator, monkeypatch):
    monkeypatch.setattr(bringing, "TOGETHER", 2)
    before = people()
    page = agree(administrator, look(administrator, xlsx([[f"王{n}", "", "ginkgo", "", n, "", ""] for n in range(6)])))
    tell = Run.tell

    def stop_at_four(run, done, total):
        run.stop_asked = done == 4
        tell(run, done, total)

    monkeypatch.setattr(Run, "tell", stop_at_four)
    (job,) = work_off(NOW)
    assert (job.state, people()) == ("stopped", before)
    assert "Nothing of it has been kept" in administrator.get(page["Location"]).content.decode()
    assert (
        "ended before it could be stopped"
        in administrator.post(page["Location"] + "stopping/", follow=True).content.decode()
    )


def test_the_nightly_pass_is_seen_and_not_stopped_by_an_administrator(administrator):
    nightly.ask(NOW)
    with scope(city="yangzhou"):
        night = Job.objects.get()
    page = f"/yangzhou/work/{night.pk}/"
    text = administrator.get(page).content.decode()
    assert "the programme itself" in text
    assert "stopping/" not in text
    refused = administrator.post(page + "stopping/", follow=True).content.decode()
    assert "is none that can be" in refused
    assert {job.state for job in work_off(NOW)} == {"done"}


def test_what_waits_too_long_says_that_no_worker_is_there(administrator, monkeypatch):
    page = agree(administrator, look(administrator, xlsx(NURSES)))["Location"]
    assert "Nobody has begun" not in administrator.get(page).content.decode()
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=2))
    assert "Nobody has begun this work yet" in administrator.get(page).content.decode()
    fragment = administrator.get(page, headers={"hx-request": "true"}).content.decode()
    assert fragment.lstrip().startswith("<div id=")
    assert 'hx-trigger="live, every 20s"' in fragment
    answer = administrator.post(page + "stopping/", follow=True).content.decode()
    assert "Stopped before it was done" in answer
    assert "every 20s" not in answer
    assert 'data-hears=""' in answer


def test_the_same_table_again_adds_nobody_twice(administrator):
    rows = [[*NURSES[0][:6], ""], NURSES[1]]
    assert "2 people are in the list now." in say_yes(administrator, look(administrator, xlsx(rows)))
    again = look(administrator, xlsx(rows))
    assert "2 people with staff numbers of the list are left as they are there." in again.content.decode()
    assert 'name="people"' not in again.content.decode()


@pytest.mark.parametrize(
    ("row", "cell", "sentence"),
    [
        (["王芳", "", "Nowhere", "", "", "", ""], "C2", "No institution of this city has this name or code"),
        (["", "", "ginkgo", "", "7", "", ""], "A2", "Write the name in at least one script"),
        (["王芳", "", "", "", "", "", ""], "C2", "“Institution” is empty"),
        (["=1+1", "", "ginkgo", "", "", "", ""], "A2", "This is a formula"),
        (["长" * 81, "", "ginkgo", "", "", "", ""], "A2", "longer than 80 signs"),
        (["王芳", "", "ginkgo", "", "", "king", ""], "F2", "“king” is none of the words"),
        (["王芳", "", "ginkgo", "", "", "administrator", ""], "F2", "none of the words"),
        (["王芳", "", "university", "", "", "coordinator", ""], "F2", "has no coordinator"),
        (["王芳", "", "ginkgo", "", "", "", "a b"], "G2", "no spaces"),
        (["王芳", "", "ginkgo", "", "", "", "ZHAO-MIN"], "G2", "is taken"),
        (["zhao-min", "", "ginkgo", "", "", "", ""], "A2", "Somebody of this name is in the list"),
    ],
)
def test_a_cell_that_cannot_be_is_named_and_nobody_is_added(administrator, row, cell, sentence):
    before = people()
    answer = look(administrator, xlsx([row, NURSES[1]]))
    text = answer.content.decode()
    assert re.search(rf'<bdi dir="ltr">{cell}</bdi>', text), text
    assert sentence in text
    assert "Nobody has been added" in text
    assert 'name="people"' not in text
    assert people() == before


def test_every_bad_cell_of_a_row_is_named(administrator):
    text = look(administrator, xlsx([["", "", "Nowhere", "", "", "king", "a b"]])).content.decode()
    assert re.findall(r'<b><bdi dir="ltr">([A-Z]\d)</bdi></b>', text) == ["A2", "C2", "F2", "G2"]


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        (["张三", "", "ginkgo", "", "1024", "", ""], "Row 2 says the same"),
        (["张三", "", "ginkgo", "", "9", "", "GINKGO-1024"], "Row 2 says the same"),
    ],
)
def test_two_rows_that_say_the_same_are_named(administrator, second, sentence):
    text = look(administrator, xlsx([NURSES[0], second])).content.decode()
    assert sentence in text


def test_two_people_of_one_name_are_told_apart_by_their_staff_numbers(administrator):
    twins = [["王芳", "", "ginkgo", "", "1", "", ""], ["王芳", "", "ginkgo", "", "2", "", ""]]
    assert "2 people can be added" in look(administrator, xlsx(twins)).content.decode()
    unnumbered = [[*row[:4], "", "", ""] for row in twins]
    assert "tell them apart by staff number" in look(administrator, xlsx(unnumbered)).content.decode()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_table_from_a_chinese_spreadsheet_is_read(administrator, encoding):
    heads = ["中文姓名", "机构", "工号"]
    text = look(administrator, csv([["王芳", "ginkgo", "5"]], heads, encoding), "人员.csv").content.decode()
    assert "1 person can be added" in text
    assert "王芳" in text


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 no archive", b"\xff\xfe\x00\x01", xlsx([]), b"\0" * 100],
    ids=["empty", "cut off", "no text", "heads alone", "zeros"],
)
def test_what_is_no_table_is_one_sentence(administrator, content):
    answer = look(administrator, content)
    assert answer.status_code in (200, 422)
    assert "Nobody has been added" in answer.content.decode() or "empty" in answer.content.decode()


def test_a_workbook_with_a_document_type_is_not_read():
    good = zipfile.ZipFile(io.BytesIO(xlsx(NURSES)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bad:
        for name in good.namelist():
            part = good.read(name)
            if name.endswith("sheet1.xml"):
                part = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + part
            bad.writestr(name, part)
    assert [f.sentence for f in read_table(out.getvalue(), [Column("a", "A", 10)]).faults] == [
        "This is no table that can be read. Save it as .xlsx without a password, or as .csv."
    ]


def test_a_missing_column_is_named(administrator):
    assert "The column “Institution” is missing" in look(administrator, csv([["a"]], ["Name"])).content.decode()


def test_twenty_thousand_rows_are_refused_in_one_sentence(administrator):
    rows = [[f"n{n}", "", "ginkgo", "", n, "", ""] for n in range(20_000)]
    assert f"more than {MOST_ROWS} rows" in look(administrator, csv(rows)).content.decode()


def test_what_somebody_took_between_looking_and_saying_yes_keeps_everybody_out(administrator, world):
    looked = look(administrator, xlsx(NURSES))
    with scope(city="yangzhou"):
        changes.open_account(
            person=changes.add_person(city=world.city, names={"en": "Other"}, by=None, now=NOW),
            username="ginkgo-1024", by=None, now=NOW,
        )  # fmt: skip
    before = (people(), Account.objects.count())
    assert "has taken a staff number or a user name of this table meanwhile" in say_yes(administrator, looked)
    assert (people(), Account.objects.count()) == before


def test_a_yes_that_is_pressed_twice_adds_nobody_twice(administrator):
    looked = look(administrator, xlsx([["张三", "", "ginkgo", "", "", "", ""]]))
    first = agree(administrator, looked)["Location"]
    assert agree(administrator, looked)["Location"] == first, "the same piece of work"
    work_off(NOW)
    before = people()
    assert agree(administrator, looked)["Location"] == first
    assert work_off(NOW) == []
    assert people() == before


def test_a_table_that_was_looked_at_twice_adds_nobody_twice(administrator):
    row = ["张三", "", "ginkgo", "", "", "", ""]
    looked, again = look(administrator, xlsx([row])), look(administrator, xlsx([["李四", *row[1:]], row]))
    say_yes(administrator, looked)
    before = people()
    assert "is in the list already" in say_yes(administrator, again)
    assert people() == before


def test_a_table_whose_work_was_stopped_can_be_agreed_to_again(administrator):
    looked = look(administrator, xlsx(NURSES))
    before = people()
    first = agree(administrator, looked)["Location"]
    assert agree(administrator, looked)["Location"] == first, "one job, while it is still to be done"
    administrator.post(first + "stopping/")
    assert work_off(NOW) == []
    second = agree(administrator, looked)["Location"]
    assert second != first
    work_off(NOW)
    assert people() == before + 3
    assert agree(administrator, looked)["Location"] == second, "what is done is not done again"


def test_full_width_letters_are_the_same_name_and_number(administrator):
    rows = [["张三", "", "ginkgo", "", "１０２４", "", "ｇｉｎｋｇｏ-7"]]
    printed = sheets(administrator, say_yes(administrator, look(administrator, xlsx(rows))))
    code = re.search(r"([2-9A-Z]{5}-[2-9A-Z]{5})", printed.content.decode())[1]
    assert come_in("ginkgo-7", code)[1].status_code == 302
    again = look(administrator, xlsx([["张三", "", "ginkgo", "", "1024", "", ""]]))
    assert "is left as it is there" in again.content.decode()


def test_a_page_for_one_reader_is_no_yes_of_another(administrator, world):
    looked = look(administrator, xlsx(NURSES))
    with scope(city="yangzhou"):
        _make_the_manager_administrator(world)
    before = people()
    answer = agree(signed_in("li-wen"), looked)
    assert answer["Location"] == TABLE
    assert work_off(NOW) == []
    assert people() == before


def test_the_template_is_read_as_it_is_in_each_language(administrator):
    for language in ("en", "zh-hans", "he"):
        administrator.cookies["beiji_language"] = language
        book = load_workbook(io.BytesIO(administrator.get(TABLE + "template/").content))
        heads = [cell.value for cell in book.worksheets[0][1]]
        table = read_table(xlsx([["王芳", "", "", "ginkgo"]], heads), _columns())
        assert not table.faults, language
        assert table.lines[0].words["organisation"] == "ginkgo"


def _columns():
    from beiji.programme.imports import COLUMNS

    return COLUMNS
