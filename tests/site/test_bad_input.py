"""Bad input on the whole demo: one clear sentence, nothing half-written, nothing lost.

What one room refuses is tested in that room; here stand the cases that cross rooms, cities or the command line.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_scopes import scope

from beiji.assess.models import Visit
from beiji.programme.models import City, Person, Subject
from beiji.readiness.models import Evidence
from beiji.records.models import Attachment, Operation
from beiji.reports.models import Snapshot

ROOT = Path(__file__).resolve().parent.parent.parent
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R/Size 4>>\n%%EOF\n"
)


def run(*words: str, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """One command with a data folder of its own, without the bootstrap."""
    place = os.environ | {"BEIJI_DATA": str(data), "PYTHONPATH": str(ROOT / "src")} | more
    command = [sys.executable, "-m", "beiji.cli", *words]
    return subprocess.run(command, env=place, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What the command said; never a traceback."""
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode != 0
    return done.stderr.strip()


def running_visit(demo) -> Visit:
    with scope(city=demo.city.pk):
        return Visit.objects.filter(subject__code="ginkgo").exclude(phase=Visit.Phase.LOCKED).get()


# ---- the command line -----------------------------------------------------------------------------------------------
def test_a_second_demo_on_the_same_port_is_one_sentence_and_makes_no_database(tmp_path):
    with socket.socket() as first:
        first.bind(("127.0.0.1", 0))
        first.listen()
        port = first.getsockname()[1]
        said = one_sentence(run("demo", "--port", str(port), data=tmp_path / "data"))
    assert f"port {port} is taken" in said
    assert f"--port {port + 1}" in said
    assert said.count("\n") == 0
    assert not list((tmp_path / "data").glob("*.sqlite3*"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("report", "yangzhou", "--audience", "ministers", "--as-of", "2026-13-01", "-o", "x.pdf"), "not a date"),
        (("report", "yangzhou", "--audience", "press", "-o", "x.pdf"), "press"),
        (("serve", "--port", "70000"), "70000"),
        (("serve", "--port", "eighty"), "eighty"),
    ],
)
def test_a_wrong_word_on_the_command_line_is_named(tmp_path, words, sentence):
    assert sentence in one_sentence(run(*words, data=tmp_path / "data"))


def test_a_report_before_there_is_a_database_says_how_to_make_one(tmp_path):
    said = one_sentence(
        run("report", "yangzhou", "--audience", "ministers", "--language", "he", "--format", "pdf",
            "-o", str(tmp_path / "x.pdf"), data=tmp_path / "data")
    )  # fmt: skip
    assert "init" in said or "demo" in said
    assert not (tmp_path / "x.pdf").exists()


def test_a_pack_with_several_faults_names_each_with_its_place(tmp_path):
    """Duplicate key, a clock time and a "no" without quotes, a quote inside Hebrew."""
    bad = tmp_path / "bad.yaml"
    bad.write_text('code: a\ncode: b\nat: 12:30\nmust_pass: no\nhe: "אר"ן"\n', encoding="utf-8")
    done = run("pack", "check", str(bad), data=tmp_path / "data")
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode == 1
    assert "bad.yaml:" in done.stdout + done.stderr


# ---- files ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content", "indicator"),
    [("roster.pdf", b"PK\x03\x04zip", "TRI-2"), ("big.jpg", b"\xff\xd8\xff" + b"0" * 50_000_000, "TRI-2"),
     ("roster.pdf", PDF, "NO-SUCH"), ("roster.pdf", PDF, "")],
    ids=["zip-called-pdf", "fifty-megabytes", "unknown-item", "no-item"],
)  # fmt: skip
def test_a_refused_file_leaves_nothing_behind(demo, name, content, indicator):
    visit = running_visit(demo)
    address = reverse("assess:attachments", kwargs={"city": demo.city.pk, "visit": visit.pk})
    with scope(city=demo.city.pk):
        before = Attachment.objects.count(), Operation.objects.count()
    upload = SimpleUploadedFile(name, content)
    answer = demo.clients["lead"].post(address, {"file": upload, "indicator": indicator}, follow=True)
    assert answer.status_code == 200
    assert "messages" in answer.context
    assert list(answer.context["messages"])
    with scope(city=demo.city.pk):
        assert (Attachment.objects.count(), Operation.objects.count()) == before


# ---- whose is it ----------------------------------------------------------------------------------------------------
def test_ids_of_one_visit_are_nothing_in_the_address_of_another(demo):
    """A file of Ginkgo's running visit is not given out through a visit that the same person may also see."""
    visit = running_visit(demo)
    with scope(city=demo.city.pk):
        other = Visit.objects.exclude(pk=visit.pk).filter(subject__code="ginkgo").first()
        key = Attachment.objects.order_by("-added_at").first().pk
    manager = demo.clients["manager"]
    here = reverse("assess:attachment", kwargs={"city": demo.city.pk, "visit": visit.pk, "attachment": key})
    there = reverse("assess:attachment", kwargs={"city": demo.city.pk, "visit": other.pk, "attachment": key})
    assert (manager.get(here).status_code, manager.get(there).status_code) == (200, 404)


def test_no_object_of_another_city_answers_under_ones_own_address(demo):
    """Ids of the second city's rows, visits and reports, asked for below one's own city and below theirs."""
    other = City.objects.exclude(pk=demo.city.pk).get()
    with scope(city=other.pk):
        rows = list(Evidence.objects.values_list("pk", flat=True)[:3])
        visits = list(Visit.objects.values_list("pk", flat=True)[:3])
        numbers = list(Snapshot.objects.values_list("number", flat=True)[:3])
        subjects = list(Subject.objects.values_list("code", flat=True))
        people = list(Person.objects.values_list("pk", flat=True))
    assert min(len(subjects), len(people)) > 0, "the second city holds something to be hidden"
    for city in (demo.city.pk, other.pk):
        addresses = [reverse("readiness:row", kwargs={"city": city, "row": row}) for row in rows]
        addresses += [reverse("assess:visit", kwargs={"city": city, "visit": visit}) for visit in visits]
        addresses += [reverse("reports:snapshot", kwargs={"city": city, "number": number}) for number in numbers]
        addresses += [reverse("readiness:hospital", kwargs={"city": city, "subject": code}) for code in subjects]
        for address in [*addresses, reverse("site:home", kwargs={"city": other.pk})]:
            assert demo.clients["manager"].get(address).status_code == 404, address


def test_a_snapshot_number_with_a_file_of_an_unknown_kind_or_language_is_not_found(demo):
    with scope(city=demo.city.pk):
        number = Snapshot.objects.values_list("number", flat=True)[0]
    for language, kind in (("en", "exe"), ("xx", "pdf"), ("EN", "pdf")):
        address = reverse(
            "reports:file", kwargs={"city": demo.city.pk, "number": number, "language": language, "kind": kind}
        )
        assert demo.clients["manager"].get(address).status_code == 404


# ---- addresses and forms --------------------------------------------------------------------------------------------
NO_DAYS = (
    "?day=31-12-2026", "?day=2026-02-30", "?day=9999-12-31", "?known=x", "?known=9999-12-31", "?day=0001-01-01", "?day=%00",
    "?known_at=9999",
)  # fmt: skip


def test_a_day_that_is_none_breaks_no_page(demo, pictures_kept):
    for name, query in product(("readiness:map", "readiness:change", "readiness:shared-gaps"), NO_DAYS):
        address = reverse(name, kwargs={"city": demo.city.pk})
        assert demo.clients["manager"].get(address + query).status_code in (200, 404, 422), (name, query)


def test_a_number_too_large_for_the_database_is_not_found(demo):
    address = reverse("readiness:row", kwargs={"city": demo.city.pk, "row": 10**30})
    assert demo.clients["manager"].get(address).status_code == 404
    address = reverse("documents:approve", kwargs={"city": demo.city.pk, "translation": 10**30})
    assert demo.clients["translator"].post(address).status_code == 404


def test_the_language_is_switched_only_to_a_place_of_this_house(demo):
    answer = demo.clients["lead"].post("/language/", {"language": "he", "next": "https://elsewhere.example/"})
    assert "elsewhere" not in answer["Location"]


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example/", "/other/assessments/"])
def test_an_answer_leads_on_only_within_the_city(demo, onward):
    visit = running_visit(demo)
    address = reverse("assess:answers", kwargs={"city": demo.city.pk, "visit": visit.pk, "indicator": "TRI-2"})
    answer = demo.clients["lead"].post(address, {"level": "1", "then": onward})
    assert onward not in answer["Location"]


# ---- the environment ------------------------------------------------------------------------------------------------
def test_an_environment_that_cannot_be_made_is_one_sentence_and_is_tried_again(tmp_path):
    """No package tool answers: the sentence says so, nothing claims to be ready."""
    shutil.copy(ROOT / "beiji", tmp_path / "beiji")
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "base.txt").write_text("no-such-package==1 --hash=sha256:" + "0" * 64 + "\n")
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "uv").write_text("#!/bin/sh\nexit 7\n")
    (tools / "uv").chmod(0o755)
    place = {"PATH": f"{tools}:/usr/bin:/bin", "BEIJI_ENVIRONMENT": str(tmp_path / "environment")}
    command = [sys.executable, str(tmp_path / "beiji"), "doctor"]
    done = subprocess.run(command, env=place, capture_output=True, text=True, timeout=60, check=False)
    said = one_sentence(done)
    assert "run the same command again" in said
    assert not (tmp_path / "environment" / "beiji-locks.json").exists()
