"""A hospital's plan from its first heading to its approval, as its people press the buttons; who may not; what is refused."""

from __future__ import annotations

from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beiji.documents import reading
from beiji.documents.changes import DocumentError
from beiji.documents.rules import LONGEST, cleaned
from beiji.packs.library import load_packs
from beiji.packs.texts import numbers_in
from beiji.plans import beginning, changes, waves
from beiji.plans.models import Plan
from beiji.programme import changes as programme
from tests.cast import NOW, PASSWORD, TODAY, names


@pytest.fixture
def world(yangzhou, monkeypatch):
    """The cast with the head of Ginkgo, on its own day."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    head = programme.add_person(
        city=yangzhou.city, code="gu-qing", names=names("Gu Qing"), organisation=yangzhou.organisations["ginkgo"], by=None, now=NOW
    )  # fmt: skip
    programme.grant_role(person=head, role="head", subject=yangzhou.subjects["ginkgo"], since=TODAY, by=None, now=NOW)
    programme.create_account(person=head, username="gu-qing", password=PASSWORD, by=None, now=NOW)
    yangzhou.people["head"] = head
    return yangzhou


TEMPLATE = load_packs().plan_templates[beginning.TEMPLATE]
CHAPTERS = TEMPLATE.chapters


def browser(world, part: str) -> Client:
    client = Client()
    client.force_login(world.people[part].accounts.get())
    return client


def press(client: Client, page: str, data=None, **where):
    address = reverse(page, kwargs={"city": "yangzhou", **where})
    return client.post(address, data or {}, follow=True)


def test_a_plan_from_its_first_heading_to_its_approval(world):
    coordinator, manager, head = (browser(world, part) for part in ("coordinator", "manager", "head"))
    begun = press(
        coordinator, "plans:new", {"hazard": "casualties", "begins": "template", "language": "en"}, subject="ginkgo"
    )
    plan = Plan.objects.get()
    assert plan.template.startswith("mci-hospital-plan@")
    assert "Awaiting clinical review" in begun.content.decode(), "what is not reviewed says so"
    assert f"1 {CHAPTERS[0].title.by_language['en']}" in begun.content.decode()
    where = {"document": plan.document_id}
    text = reading.blocks_of_draft(reading.draft_of(plan.document))[2]
    opened = coordinator.get(f"{reverse('documents:draft', kwargs={'city': 'yangzhou', **where})}?edit={text.block.id}")
    operation = opened.context["page"].open.operation
    said = {"body": "For ten or more.", "base": str(text.revision), "operation": str(operation), "tab": "form"}
    assert (
        "For ten or more." in press(coordinator, "documents:block", said, block=text.block.id, **where).content.decode()
    )
    other = press(coordinator, "documents:block", {**said, "body": "For five."}, block=text.block.id, **where)
    assert other.status_code == 200, "the same operation again counts once, whatever it says"
    said |= {"body": "For five.", "operation": "019a0000-0000-7000-8000-000000000001"}
    clash = press(coordinator, "documents:block", said, block=text.block.id, **where)
    assert clash.status_code == 409
    assert "For five." in clash.content.decode(), "what was typed comes back"
    assert "For ten or more." in clash.content.decode(), "beside what stands there"
    assert "waits for its review" in press(coordinator, "documents:submission", **where).content.decode()
    assert "second person reviews it" in press(coordinator, "documents:review", number=1, **where).content.decode()
    assert press(manager, "documents:approval", number=1, **where).status_code == 404
    assert "waits for its approval" in press(manager, "documents:review", number=1, **where).content.decode()
    assert "is in force" in press(head, "documents:approval", number=1, **where).content.decode()
    assert "Version 1" in browser(world, "manager").get("/yangzhou/plans/").content.decode()


def test_whoever_is_no_reader_of_the_hospital_finds_no_plan(world):
    plan = changes.begin_plan(
        subject=world.subjects["ginkgo"], hazard="chemical", language="en", by=world.people["coordinator"], now=NOW
    )
    address = reverse("documents:draft", kwargs={"city": "yangzhou", "document": plan.document_id})
    status = {
        part: browser(world, part).get(address).status_code for part in ("head", "coordinator_other", "lead", "leader")
    }
    assert status == {"head": 200, "coordinator_other": 404, "lead": 404, "leader": 404}
    assert "has a plan for this already" in press(
        browser(world, "coordinator"), "plans:new", {"hazard": "chemical", "begins": "template", "language": "en"}, subject="ginkgo"
    ).content.decode()  # fmt: skip


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["ICU", "1,0O0", ""], "Wave 1: “1,0O0” is no number of minutes"),
        (["ICU", "-5", ""], "“-5” is no number"),
        (["", "10", "SMS"], "Wave 1: say who is called"),
    ],
)
def test_minutes_that_are_none_are_refused_by_their_wave(row, sentence):
    with pytest.raises(DocumentError, match=sentence):
        waves.body_of([row])


def test_waves_are_read_back_as_they_were_typed():
    rows = [["ED and surgery", "10", "call"], ["ICU", "30", ""]]
    assert waves.rows(waves.body_of([*rows, ["", "", ""]])) == rows
    assert waves.values(waves.body_of(rows))["Wave 2: minutes from the declaration"] == "30"


def numbers(blocks) -> list[str]:
    return [number for block in blocks for number in numbers_in(block.body)]


def test_a_plan_begins_with_the_whole_template_in_the_numbers_of_its_class():
    """Nothing of the template is left out, in no language; each language says the same numbers, each class its own."""
    begun = {language: beginning.beginning_of("casualties", language, "county") for language in ("en", "zh-Hans", "he")}
    parts = list(TEMPLATE.parts())
    for one in begun.values():
        kinds = Counter(block.kind for block in one.blocks)
        assert kinds["heading"] == len(parts) + sum(len(part.sections) for _mark, part in parts)
        assert kinds["checklist"] == sum(block.kind == "checklist" for _m, part in parts for _s, block in part.blocks())
        assert not [block for block in one.blocks if "{{" in block.body or len(block.body) > LONGEST]
        assert all(
            cleaned(b.kind, b.body, b.level) == b.body for b in one.blocks if b.kind not in ("structured", "text")
        )
    english, chinese = begun["en"].blocks, begun["zh-Hans"].blocks
    assert [(b.kind, b.level) for b in english] == [(b.kind, b.level) for b in chinese]
    assert any("（总值班，5分钟内）" in block.body for block in chinese)
    hebrew = {block.language for block in begun["he"].blocks if block.kind == "checklist"}
    assert hebrew == {"en"}, "what the template says in no Hebrew stands in English and says so"
    assert numbers(beginning.beginning_of("casualties", "en", "small").blocks) != numbers(english)
