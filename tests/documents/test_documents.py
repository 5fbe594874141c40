"""Documents: never a lost sentence, one life for all, versions that stay what they were, translations by the hash of their source."""

from __future__ import annotations

import io
import re

import pytest
import uuid6
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from beiji.documents import access, changes, reading, structured
from beiji.documents.changes import DocumentError, NewBlock, Overtaken
from beiji.documents.markdown import as_html
from beiji.documents.models import Revision
from beiji.documents.pages.blocks import views_of
from beiji.documents.rules import State
from beiji.programme import changes as programme
from beiji.records import files
from beiji.records.models import Operation
from tests.cast import NOW


def test_what_is_typed_is_kept_as_an_operation_that_counts_once(desk):
    key = uuid6.uuid7()
    first = desk.type(1, "Call wave 2 at T+20.", key=key)
    again = changes.save_block(
        draft=desk.draft,
        said=desk.said(1, "Call wave 2 at T+20.", key=key),
        by=desk.person("coordinator"),
        now=desk.now,
    )
    assert first == again
    assert desk.says() == ["1 Purpose", "Call wave 2 at T+20."]
    [operation] = Operation.objects.filter(stream=f"document:{desk.document.pk}")
    assert operation.pk == first.pk
    assert "body" not in operation.payload, "words stand where they can be blanked, operations hold their hash"


def test_the_same_words_again_make_no_revision(desk):
    before = Revision.objects.count()
    desk.type(1, "Call wave 2 at T+30.  ")
    assert Revision.objects.count() == before


def test_two_tabs_of_one_person_never_overwrite_each_other(desk):
    old = desk.written()[1].revision
    desk.type(1, "From the first tab.", tab="one")
    with pytest.raises(Overtaken, match="another window") as refused:
        desk.type(1, "From the second tab.", tab="two", base=old, later=1)
    assert refused.value.body == "From the first tab.", "what stands there is shown beside what was typed"
    assert desk.says()[1] == "From the first tab."


def test_a_block_is_held_by_who_writes_and_can_be_taken_over(desk):
    block = desk.written()[1].block.id
    changes.hold_block(draft=desk.draft, block=block, tab="one", by=desk.person("coordinator"), now=desk.now)
    with pytest.raises(Overtaken, match="zhao-min is writing here"):
        changes.hold_block(draft=desk.draft, block=block, tab="x", by=desk.person("manager"), now=desk.now)
    with pytest.raises(Overtaken):
        changes.remove_block(draft=desk.draft, block=block, by=desk.person("manager"), now=desk.now)
    changes.hold_block(draft=desk.draft, block=block, tab="x", by=desk.person("manager"), now=desk.now, take_over=True)
    desk.type(1, "Taken over.", by="manager", tab="x", later=0)
    with pytest.raises(Overtaken, match="li-wen is writing here"):
        desk.type(1, "But I was writing.", later=1)
    with pytest.raises(Overtaken, match="li-wen wrote here meanwhile"):  # the hold has ended, the words have changed
        desk.type(1, "But I was writing.", later=10, base=Revision.objects.earliest("written_at").pk)


def test_a_block_that_was_taken_out_can_be_put_back(desk):
    revision = Revision.objects.get(pk=desk.written()[1].revision)
    changes.remove_block(draft=desk.draft, block=revision.block, by=desk.person("coordinator"), now=desk.now)
    with pytest.raises(DocumentError, match="taken out"):
        changes.move_block(
            draft=desk.draft, block=revision.block, by_places=1, by=desk.person("coordinator"), now=desk.now
        )
    assert [one.block.body for one in reading.taken_out(desk.draft)] == ["Call wave 2 at T+30."]
    changes.put_back(draft=desk.draft, revision=revision, by=desk.person("coordinator"), now=desk.now)
    assert desk.says() == ["1 Purpose", "Call wave 2 at T+30."]


def test_blocks_are_added_where_they_belong_and_moved(desk):
    first = desk.written()[0].block.id
    coordinator = desk.person("coordinator")
    changes.add_block(draft=desk.draft, new=NewBlock("text", "Scope."), below=first, by=coordinator, now=desk.now)
    assert desk.says() == ["1 Purpose", "Scope.", "Call wave 2 at T+30."]
    changes.move_block(draft=desk.draft, block=first, by_places=5, by=coordinator, now=desk.now)
    assert desk.says() == ["Scope.", "Call wave 2 at T+30.", "1 Purpose"]


@pytest.mark.parametrize(
    ("kind", "body", "sentence"),
    [
        ("text", "x" * 4001, "4001 characters"),
        ("table", "\n".join(" | ".join("x" * 20) for _ in range(500)), "500 rows and 20 columns"),
        ("contacts", "Mr Li", "Choose people from the list"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_one_sentence(desk, kind, body, sentence):
    before = Revision.objects.count()
    with pytest.raises(DocumentError, match=sentence):
        desk.add(kind, body)
    assert Revision.objects.count() == before


def test_the_life_of_a_version(desk):
    comment = changes.add_comment(
        document=desk.document, revision=Revision.objects.get(pk=desk.written()[1].revision), body="Why 30?", language="en",
        by=desk.person("manager"), now=desk.now,
    )  # fmt: skip
    with pytest.raises(DocumentError, match="1 comment is open"):
        desk.submit()
    changes.resolve_comment(document=desk.document, comment=comment.pk, by=desk.person("coordinator"), now=desk.now)
    version = desk.submit()
    with pytest.raises(DocumentError, match="waits for its review"):
        changes.open_draft(document=desk.document, version=version, by=desk.person("coordinator"), now=desk.now)
    with pytest.raises(DocumentError, match="Not your own words"):
        changes.review(version=version, by=desk.person("coordinator"), now=desk.now)
    with pytest.raises(DocumentError, match="decided on this version meanwhile"):
        changes.approve(version=version, by=desk.person("leader"), now=desk.now)
    changes.send_back(version=version, reason="T+10.", language="en", by=desk.person("manager"), now=desk.now)
    desk.type(1, "Call wave 2 at T+10.")
    second = desk.in_force()
    with pytest.raises(DocumentError, match="decided on this version meanwhile"):  # the second of two at once
        changes.approve(version=second, by=desk.person("leader"), now=desk.now)
    changes.open_draft(document=desk.document, version=second, by=desk.person("coordinator"), now=desk.now)
    with pytest.raises(DocumentError, match="nothing to review"):
        desk.submit()
    desk.type(1, "Call wave 2 at T+5.")
    desk.in_force()
    assert desk.states() == {1: State.RETURNED, 2: State.SUPERSEDED, 3: State.APPROVED}


def test_who_wrote_in_a_version_that_was_sent_back_does_not_review_the_next(desk):
    desk.type(1, "Words of the manager.", by="manager")
    changes.send_back(version=desk.submit(), reason="More.", language="en", by=desk.person("lead"), now=desk.now)
    desk.type(0, "1 Purpose and scope")
    with pytest.raises(DocumentError, match="Not your own words"):
        changes.review(version=desk.submit(), by=desk.person("manager"), now=desk.now)


def test_an_older_version_is_taken_up_as_a_draft_that_says_the_same(desk):
    old = desk.in_force()
    changes.open_draft(document=desk.document, version=old, by=desk.person("coordinator"), now=desk.now)
    desk.type(1, "Something else.")
    changes.put_away(draft=desk.draft, by=desk.person("coordinator"), now=desk.now)
    changes.open_draft(document=desk.document, version=old, by=desk.person("coordinator"), now=desk.now)
    assert desk.written() == reading.blocks_of_version(old)
    assert desk.states() == {1: State.APPROVED, 2: State.PUT_AWAY}


def translated(desk, body: str):
    line = next(
        line for line in access.queue_for(desk.person("manager")) if line.language == "he" and line.kind == "block"
    )
    text = access.texts([line.text])[line.text]
    made = changes.propose_translation(
        text=text, language="he", body=body, source_hash=line.source.hash, by=desk.person("translator"), now=desk.now
    )
    changes.approve_translation(translation=made, by=desk.person("manager"), now=desk.now)


def shown_in_hebrew(desk, written):
    from django.utils import translation

    with translation.override("he"):
        return [(view.body, bool(view.mark)) for view in views_of(written, translate=True)]


def test_an_approved_version_passes_the_queue_and_a_changed_block_is_to_be_translated_anew(desk):
    assert access.queue_for(desk.person("manager")) == [], "a draft asks nobody for translations"
    version = desk.in_force()
    assert access.lines_waiting() == 4
    assert access.lines_waiting() == len(access.queue_for(desk.person("manager")))
    translated(desk, "1 מטרה")
    written = reading.blocks_of_version(version)
    assert shown_in_hebrew(desk, written) == [("1 מטרה", False), ("Call wave 2 at T+30.", True)]
    changes.open_draft(document=desk.document, version=version, by=desk.person("coordinator"), now=desk.now)
    desk.type(0, "1 Purpose and scope")
    assert reading.outdated_translations([one.block for one in desk.written()]) == {"he": 1}
    desk.type(0, "1 Purpose")
    assert reading.outdated_translations([one.block for one in desk.written()]) == {}
    changes.remove_block(
        draft=desk.draft, block=desk.written()[1].block.id, by=desk.person("coordinator"), now=desk.now
    )
    desk.add("heading", "1 Purpose", level=1)
    version = desk.in_force()
    assert shown_in_hebrew(desk, reading.blocks_of_version(version)) == [("1 מטרה", False)] * 2, "one memory for all"
    assert access.lines_waiting() == 1, "what no version in force says any more is not asked for"


def test_a_list_takes_only_people_whom_the_form_offers(desk):
    colleague, guest = desk.person("manager"), desk.person("lead")
    desk.add("contacts", "")
    desk.type(2, str(colleague.pk))
    for stranger in (uuid6.uuid7(), guest.pk):
        with pytest.raises(DocumentError, match="only who is in the programme"):
            desk.type(2, f"{colleague.pk}\n{stranger}")
    assert desk.says()[2] == str(colleague.pk)


def test_an_erased_person_stands_in_no_list_of_contacts(desk):
    person = programme.add_person(
        city=desk.world.city, code="xu", names=dict.fromkeys(("en", "zh-Hans", "he"), "Xu Jing"), by=None, now=NOW
    )
    desk.add("contacts", f"{person.pk}\n{person.pk}")
    assert [c.name for c in views_of(desk.written(), translate=True)[-1].people] == ["Xu Jing"]
    programme.erase_person(person=person, by=desk.person("administrator").pk, now=NOW)
    assert "Xu" not in str(views_of(desk.written(), translate=True)[-1])


def test_a_room_says_what_its_numbers_are(desk, monkeypatch):
    kind = structured.Structured(
        "tests.beds", "Beds", lambda: ["Ward", "Beds"], lambda body: [body.split("=")] if body else [],
        lambda rows: "=".join(rows[0]), lambda body: [body.split("=")], lambda body: dict([body.split("=")]) if body else {},
    )  # fmt: skip
    monkeypatch.setitem(structured.STRUCTURED, kind.name, kind)
    desk.add("structured", "", name="tests.beds")
    desk.type(2, "ICU | 4")
    assert desk.says()[2] == "ICU=4"
    assert structured.values_changed("tests.beds", "ICU=4", "ICU=6") == [("ICU", "4", "6")]
    assert views_of(desk.written(), translate=True)[2].rows == [["ICU", "4"]]


def test_a_picture_shows_a_file_of_its_own_block_and_no_other(desk, settings, tmp_path):
    """Whoever reads a document reads its pictures: so nobody can name a file that somebody else has sent elsewhere."""
    settings.FILES = tmp_path
    elsewhere = picture_of(desk, "manager")
    desk.add("image", f"{picture_of(desk, 'coordinator')}\nThe yard")
    with pytest.raises(DocumentError, match="Choose the picture again"):
        desk.type(2, f"{elsewhere}\nThe yard")
    own = desk.says()[2].partition("\n")[0]
    desk.type(2, f"{own}\nThe yard by night")
    assert desk.says()[2] == f"{own}\nThe yard by night"


def picture_of(desk, part: str) -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), (120, 130, 140)).save(buffer, "PNG")
    upload = SimpleUploadedFile("yard.png", buffer.getvalue(), "image/png")
    with files.taken_whole():
        return str(files.add_attachment(city="yangzhou", upload=upload, by=desk.person(part).pk, now=NOW).pk)


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "[here](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![a](x)",
        "<a href='x'>",
    ],
)
def test_markup_that_somebody_types_is_shown_as_he_typed_it(typed):
    shown = str(as_html(f"**Call** {typed}"))
    assert shown.startswith("<p><strong>Call</strong> ")
    assert not re.search(r"<(?!/?(p|strong)>)", shown), "no element but those of the rules"
