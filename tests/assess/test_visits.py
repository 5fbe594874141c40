"""A visit from its plan to its lock: who may what, what refuses the lock, what the ledger holds afterwards."""

from datetime import date, timedelta

import pytest

from beiji.assess import access, changes, given
from beiji.assess.changes import AssessError, LockRefused, Seat
from beiji.assess.models import Lock, Visit
from beiji.assess.rules.answers import Key
from beiji.documents.models import UserText
from beiji.readiness.methodology import not_applicable_on
from beiji.readiness.models import Evidence, NotApplicable
from beiji.records.models import Operation
from beiji.records.operations import OperationError
from tests.assess.conftest import FIRST_DAY, Device
from tests.cast import NOW, TODAY

MUST_PASS = ("TRI-1", "TRI-2", "TRI-6", "ACT-2")


def answer_must_pass(visit, *devices, but=()):
    from beiji.assess import asked

    for item in asked.asked_in(visit):
        if item.question.must_pass and item.code not in but:
            for device in devices:
                for part in item.parts:
                    device.say("rate", indicator=item.code, part=part, level=2, how="check")


def to_consensus(visit):
    changes.move_visit(visit=visit, to="consensus", by=visit.planned_by, now=NOW)


def test_the_team_may_rate_while_the_role_lasts_and_nobody_else(yangzhou, visit):
    people = yangzhou.people
    assert access.may_rate(people["lead"], visit)
    assert access.may_rate(people["assessor"], visit)
    assert not access.may_rate(people["coordinator"], visit)
    assert not access.may_rate(people["manager"], visit)


def test_a_visit_of_another_hospital_does_not_exist_for_its_coordinator(yangzhou, visit):
    assert visit in access.visits_of(yangzhou.people["coordinator_other"])
    assert visit not in access.visits_of(yangzhou.people["coordinator"])


def test_dates_in_the_wrong_order_are_one_sentence(yangzhou, visit):
    with pytest.raises(AssessError, match="put the dates in order"):
        changes.plan_visit(
            city=yangzhou.city, subject=visit.subject, round=1, kind="external", scope="full",
            first_day=TODAY, last_day=FIRST_DAY, team=[Seat(yangzhou.people["lead"], "lead")], by=visit.planned_by, now=NOW,
        )  # fmt: skip


def test_a_visit_without_a_lead_is_refused(yangzhou, visit):
    with pytest.raises(AssessError, match="exactly one lead"):
        changes.plan_visit(
            city=yangzhou.city, subject=visit.subject, round=1, kind="external", scope="full",
            first_day=FIRST_DAY, last_day=TODAY, team=[], by=visit.planned_by, now=NOW,
        )  # fmt: skip


def test_level_three_cannot_be_chosen(assessor):
    with pytest.raises(AssessError, match="Level 3 is computed"):
        assessor.say("rate", indicator="TRI-2", level=3)
    assert not Operation.objects.filter(kind="rate").exists()


@pytest.mark.parametrize(
    ("kind", "payload", "sentence"),
    [
        ("rate", {"indicator": "TRI-99", "level": 1}, "TRI-99 is not among the items"),
        ("rate", {"indicator": "TRI-3", "level": True}, "Choose 0, 1 or 2"),
        ("rate", {"indicator": "TRI-3", "level": "na"}, "Give the reason"),
        ("measure", {"indicator": "TRI-6", "value": "NaN", "method": "timed-test", "condition": "day"}, "not a number"),
        (
            "measure",
            {"indicator": "TRI-6", "value": "1E-99999999", "method": "timed-test", "condition": "day"},
            "not a number that can be measured",
        ),
        (
            "measure",
            {"indicator": "TRI-6", "value": "10081", "method": "timed-test", "condition": "day"},
            "too large",
        ),
        (
            "measure",
            {"indicator": "TRI-7", "typed": "0.5", "method": "timed-test", "condition": "day"},
            "less than one per cent",
        ),
        (
            "measure",
            {"indicator": "TRI-6", "value": "9", "method": "timed-test", "condition": "day", "sample": 10**400},
            "cannot be kept",
        ),
        ("rate", {"indicator": "TRI-3", "level": 1, "ballast": "x"}, "The field ballast is unknown"),
        ("rate", {"indicator": "TRI-3", "level": 1, "reason": "x" * 6000}, "The field reason holds something"),
        ("rate", {"indicator": "TRI-3", "level": [0]}, "Choose 0, 1 or 2"),
        ("rate", {"indicator": "TRI-3", "level": 1, "how": ["check"]}, "checked on the spot"),
        ("note", {"indicator": "TRI-3", "language": "he", "text": "\x00\ufeff"}, "The note is empty"),
        ("undo", {"operation": "0190a1b2-0000-7000-8000-000000000000"}, "nothing to take back"),
        (
            "measure",
            {"indicator": "TRI-6", "value": "12", "method": "timed-test", "condition": "any"},
            "by day, by night",
        ),
        (
            "measure",
            {"indicator": "TRI-6", "value": "12", "shown": True, "method": "timed-test", "condition": "day"},
            "either a number",
        ),
        ("note", {"indicator": "TRI-6", "language": "fr", "text": "non"}, "which language"),
        ("attach", {"indicator": "TRI-6", "attachment": "0190a1b2-0000-7000-8000-000000000000"}, "not known here"),
        ("settle", {"indicator": "TRI-6", "level": 1}, "settled by the lead"),
    ],
)
def test_bad_input_is_one_sentence_and_keeps_nothing(assessor, kind, payload, sentence):
    with pytest.raises((AssessError, OperationError), match=sentence):
        assessor.say(kind, **payload)
    assert not Operation.objects.exists()


def test_the_same_operation_twice_counts_once(visit, assessor):
    word = assessor.word("rate", indicator="TRI-3", level=1)
    first, again = assessor.send(word), assessor.send(word)
    assert (first[0], first[1], again) == (again[0], True, (first[0], False))
    assert Operation.objects.filter(stream=visit.stream).count() == 1


def test_a_device_that_uses_its_number_twice_is_told(assessor):
    word = assessor.word("rate", indicator="TRI-3", level=1)
    assessor.send(word)
    assessor.seq -= 1
    with pytest.raises(OperationError, match="something else"):
        assessor.say("rate", indicator="TRI-3", level=2)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("made_at", "9999-12-31T23:59:59+00:00", "the year 9999"),
        ("made_at", "2026-11-24T02:00:00", "a time with a zone"),
        ("made_at", "2026-11-24T02:00:00+00:00" + " " * 9000, "a time with a zone"),
        ("device", "tab\x00let", "names no device"),
        ("seq", 2**53, "seq is not a whole number"),
        ("seq", 1.5, "seq is not a whole number"),
        ("id", "{0190a1b2-0000-7000-8000-000000000000}", "not a UUID"),
        ("base", 17, "not a UUID"),
        ("kind", {"rate": 1}, "The kind"),
        ("kind", "x" * 1_000_000, "The kind"),
        ("payload", [["indicator", "TRI-3"]], "no payload"),
        ("payload", {"indicator": {"deep": {"deeper": []}}, "level": 1}, "The field indicator holds"),
        ("payload", {f"field_{n}": "" for n in range(30)}, "field"),
    ],
)
def test_a_field_that_cannot_be_kept_is_named(assessor, field, value, sentence):
    word = assessor.word("rate", indicator="TRI-3", level=1) | {field: value}
    with pytest.raises(OperationError, match=sentence) as refused:
        assessor.send(word)
    assert len(str(refused.value)) < 200
    assert not Operation.objects.exists()


def test_an_entry_is_taken_back_by_whoever_made_it_and_stays_so(visit, lead, assessor):
    noam = assessor.say("rate", indicator="TRI-3", level=2)
    with pytest.raises(AssessError, match="only by whoever made it"):
        lead.say("undo", operation=str(noam))
    undo = assessor.say("undo", operation=str(noam))
    with pytest.raises(AssessError, match="only by whoever made it"):
        lead.say("undo", operation=str(undo))
    with pytest.raises(AssessError, match="stays so"):
        assessor.say("undo", operation=str(undo))
    assert Key("TRI-3") not in given.answers_of(visit).by_key


def test_a_difference_is_settled_only_on_the_answers_that_stand(visit, lead, assessor):
    one, two = lead.say("rate", indicator="TRI-3", level=0), assessor.say("rate", indicator="TRI-3", level=2)
    assessor.say("rate", indicator="TRI-3", level=1)
    with pytest.raises(AssessError, match="have changed since you read them"):
        lead.say("settle", indicator="TRI-3", level=1, reason="x", settles=[str(one), str(two)])
    assert not given.answers_of(visit).settled


def test_undoing_after_seeing_the_other_keeps_the_lock_open(visit, lead, assessor):
    answer_must_pass(visit, lead, assessor, but=("TRI-3",))
    lead.say("rate", indicator="TRI-3", level=2)
    first = assessor.send(assessor.word("rate", indicator="TRI-3", level=0), NOW + timedelta(minutes=1))[0]
    assessor.send(assessor.word("undo", operation=str(first)), NOW + timedelta(minutes=2))
    assessor.send(assessor.word("rate", indicator="TRI-3", level=2), NOW + timedelta(minutes=3))
    changes.move_visit(visit=visit, to="consensus", by=visit.planned_by, now=NOW + timedelta(minutes=4))
    with pytest.raises(LockRefused) as refused:
        changes.lock_visit(visit=visit, by=lead.person, now=NOW + timedelta(minutes=5))
    assert [(h.code, h.key.indicator) for h in refused.value.hindrances] == [("difference", "TRI-3")]


def test_the_hospital_does_not_reply_once_the_visit_is_locked(yangzhou, visit, lead):
    answer_must_pass(visit, lead)
    to_consensus(visit)
    changes.move_visit(visit=visit, to="reply", by=visit.planned_by, now=NOW)
    changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    with pytest.raises(AssessError, match="does not wait for the hospital's word"):
        changes.reply(
            visit=visit, stance="agree", language="en", body="", by=yangzhou.people["coordinator_other"], now=NOW
        )


def test_the_others_answer_is_hidden_until_ones_own_is_in(yangzhou, visit, lead, assessor):
    lead.say("rate", indicator="TRI-3", level=1)
    seen = access.answers_shown_to(assessor.person, visit, given.answers_of(visit))
    assert Key("TRI-3") not in seen.by_key
    assessor.say("rate", indicator="TRI-3", level=2)
    seen = access.answers_shown_to(assessor.person, visit, given.answers_of(visit))
    assert {a.said for a in seen.by_key[Key("TRI-3")].values()} == {1, 2}


def test_a_note_waits_for_translation_in_the_language_it_was_typed_in(visit, assessor):
    assessor.say("note", indicator="TRI-3", language="he", text="הכרטיסים שונים מאלה של האמבולנס.")
    assert [v.language for v in UserText.objects.get(kind="note").versions.all()] == ["he"]


def test_the_lock_is_refused_until_differences_are_settled(visit, lead, assessor):
    answer_must_pass(visit, lead, assessor)
    one = lead.say("rate", indicator="TRI-3", level=0)
    two = assessor.say("rate", indicator="TRI-3", level=2)
    to_consensus(visit)
    with pytest.raises(LockRefused) as refused:
        changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    assert [(h.code, h.key.indicator) for h in refused.value.hindrances] == [("difference", "TRI-3")]
    assert not Evidence.objects.exists()

    lead.say("settle", indicator="TRI-3", level=1, reason="Tags differ on one campus.", settles=[str(one), str(two)])
    changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    row = Evidence.objects.get(capability__indicators__code="TRI-3", level__isnull=False)
    assert (row.level, row.method, row.evaluator) == (1, "spot-check", 3)


def test_a_changed_answer_opens_a_settled_difference_again(visit, lead, assessor):
    answer_must_pass(visit, lead, assessor)
    one, two = lead.say("rate", indicator="TRI-3", level=0), assessor.say("rate", indicator="TRI-3", level=2)
    lead.say("settle", indicator="TRI-3", level=1, reason="x", settles=[str(one), str(two)])
    assessor.say("rate", indicator="TRI-3", level=1)
    to_consensus(visit)
    with pytest.raises(LockRefused):
        changes.lock_visit(visit=visit, by=lead.person, now=NOW)


def test_an_unanswered_must_pass_item_keeps_the_lock_open(visit, lead, assessor):
    answer_must_pass(visit, lead, but=("TRI-1",))
    to_consensus(visit)
    with pytest.raises(LockRefused) as refused:
        changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    assert ("must-pass-unanswered", "TRI-1") in [(h.code, h.key.indicator) for h in refused.value.hindrances]


def test_locking_writes_one_row_per_indicator_and_one_per_measurement(visit, lead, assessor):
    answer_must_pass(visit, lead, assessor)
    lead.say("measure", indicator="TRI-6", value="13.5", method="timed-test", condition="day")
    lead.say("measure", indicator="TRI-6", value="21", method="timed-test", condition="night")
    before = {k.indicator for k in given.answers_of(visit).by_key}
    to_consensus(visit)
    lock = changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    rows = Evidence.objects.filter(source_id=str(visit.pk))
    assert lock.rows == rows.count() == len(before) + 2
    assert sorted(rows.filter(value__isnull=False).values_list("value", "condition")) == [
        ("21", "night"),
        ("27/2", "day"),
    ]
    assert set(rows.values_list("as_of", flat=True)) <= {FIRST_DAY, TODAY}


def test_two_people_locking_at_once_write_the_evidence_once(visit, lead, assessor):
    answer_must_pass(visit, lead)
    to_consensus(visit)
    twin = Visit.objects.get(pk=visit.pk)
    changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    with pytest.raises(AssessError, match="locked already"):
        changes.lock_visit(visit=twin, by=assessor.person, now=NOW)
    assert Lock.objects.count() == 1


def test_an_operation_that_arrives_after_the_lock_is_refused_in_one_sentence(visit, lead, assessor):
    answer_must_pass(visit, lead)
    to_consensus(visit)
    changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    with pytest.raises(AssessError, match="locked meanwhile"):
        assessor.say("rate", indicator="TRI-3", level=2)


def test_reopening_ends_the_rows_with_a_reason_and_a_second_lock_writes_new_ones(visit, lead, assessor):
    answer_must_pass(visit, lead)
    to_consensus(visit)
    first = changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    with pytest.raises(AssessError, match="Give the reason"):
        changes.reopen_visit(visit=visit, reason=" ", by=lead.person, now=NOW)
    assert changes.reopen_visit(visit=visit, reason="A campus was missed.", by=lead.person, now=NOW) == first.rows
    second = changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    assert (second.rows, Evidence.objects.filter(withdrawal=True).count()) == (first.rows, first.rows)


def test_not_applicable_never_holds_for_a_must_pass_item(visit, lead, assessor):
    answer_must_pass(visit, lead, but=("TRI-1",))
    lead.say("rate", indicator="TRI-1", level="na", reason="no entrance")
    to_consensus(visit)
    with pytest.raises(LockRefused) as refused:
        changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    assert "na-must-pass" in [h.code for h in refused.value.hindrances]


def test_roles_of_the_team_end_some_weeks_after_the_visit(yangzhou, visit):
    from beiji.programme import access as programme

    assert visit.subject_id in {r.subject_id for r in programme.roles_on(yangzhou.people["assessor"], TODAY)}
    assert visit.subject_id not in {
        r.subject_id for r in programme.roles_on(yangzhou.people["assessor"], date(2026, 12, 31))
    }


def test_not_applicable_on_one_campus_only_keeps_the_lock_open(yangzhou, library, visit):
    ginkgo = changes.plan_visit(
        city=yangzhou.city, subject=yangzhou.subjects["ginkgo"], round=1, kind="external", scope="full",
        first_day=FIRST_DAY, last_day=TODAY, team=[Seat(yangzhou.people["lead"], "lead")], by=visit.planned_by, now=NOW,
    )  # fmt: skip
    changes.move_visit(visit=ginkgo, to="on-site", by=visit.planned_by, now=NOW)
    lead = Device(ginkgo, yangzhou.people["lead"], may_settle=True)
    answer_must_pass(ginkgo, lead)
    lead.say("rate", indicator="TRI-7", part="ginkgo-east", level="na", reason="No entrance for walkers.")
    lead.say("rate", indicator="TRI-7", part="ginkgo-west", level=1)
    to_consensus(ginkgo)
    with pytest.raises(LockRefused) as refused:
        changes.lock_visit(visit=ginkgo, by=lead.person, now=NOW)
    assert [(h.code, h.key.part) for h in refused.value.hindrances] == [("na-part", "ginkgo-east")]
    lead.say("rate", indicator="TRI-7", part="ginkgo-west", level="na", reason="Nor here.")
    changes.lock_visit(visit=ginkgo, by=lead.person, now=NOW)
    assert NotApplicable.objects.filter(subject=ginkgo.subject, indicator="TRI-7").count() == 1


def test_not_applicable_ends_when_the_visit_is_reopened_and_when_the_item_is_rated(yangzhou, visit, lead):
    answer_must_pass(visit, lead)
    lead.say("rate", indicator="TRI-7", level="na", reason="Nobody walks in here.")
    to_consensus(visit)
    changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    assert not_applicable_on([visit.subject], "mci-hospital", TODAY, NOW)[visit.subject_id] == {"TRI-7"}
    changes.reopen_visit(visit=visit, reason="They do.", by=lead.person, now=NOW)
    assert not_applicable_on([visit.subject], "mci-hospital", TODAY, NOW)[visit.subject_id] == set()
    changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    changes.reopen_visit(visit=visit, reason="Rate it.", by=lead.person, now=NOW)
    lead.say("rate", indicator="TRI-7", level=1)
    changes.lock_visit(visit=visit, by=lead.person, now=NOW)
    assert not_applicable_on([visit.subject], "mci-hospital", TODAY, NOW)[visit.subject_id] == set()


def test_a_queue_is_taken_whole_in_its_order_or_not_at_all(visit, lead, assessor):
    told = assessor.say("rate", indicator="TRI-2", level=0, how="check")
    first = lead.word("rate", indicator="TRI-2", level=2, how="check")
    wrong = lead.word("rate", indicator="TRI-3", level=0, how="check")
    queue = [
        first,
        wrong,
        lead.word("undo", operation=wrong["id"]),
        lead.word("settle", indicator="TRI-2", level=1, settles=[str(told), first["id"]], reason="Seen together."),
    ]

    def send(*words):
        entries = [(word, NOW) for word in words]
        return changes.take_operations(visit=visit, entries=entries, person=lead.person, may_settle=True)

    with pytest.raises(AssessError, match="There is nothing to take back"):
        send(*queue, lead.word("undo", operation=str(visit.pk)))
    assert Operation.objects.count() == 1
    assert [is_new for _key, is_new in send(*queue)] == [True] * 4
    assert [is_new for _key, is_new in send(*queue)] == [False] * 4
    answers = given.answers_of(visit)
    assert answers.settled[Key("TRI-2")].said == 1
    assert Key("TRI-3") not in {key for key, words in answers.by_key.items() if lead.person.pk in words}
