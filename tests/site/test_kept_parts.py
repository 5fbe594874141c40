"""What is kept of a page equals the page drawn afresh: after every kind of write, for every role, in every language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from django_scopes import scope

from beiji.assess import asked, given
from beiji.assess import changes as visits
from beiji.assess.models import Visit
from beiji.assess.rules.answers import Key
from beiji.documents import changes as texts
from beiji.documents.access import queue_for
from beiji.documents.models import Translation, UserText
from beiji.improve import changes as improving
from beiji.improve.models import Action, Decision, Finding
from beiji.improve.rules import ActionState
from beiji.programme import access, parts
from beiji.programme import changes as programme
from beiji.programme.models import City, Organisation, Person, Stage, Subject
from beiji.programme.writing import change, hold_city
from beiji.readiness import changes as ledger
from beiji.readiness import queries
from beiji.readiness.models import Evidence, Indicator
from beiji.readiness.rules.rows import Evaluator, Method
from beiji.records import recent
from beiji.records.recent import Recent
from tests.cast import NOW, TODAY, names
from tests.pages import address_of

LANGUAGES = ("en", "zh-hans", "he")
READERS = ("manager", "coordinator", "coordinator_other", "lead", "assessor", "translator", "leader")
PAGES = (
    "", "readiness/", "readiness/?view=pillars", "readiness/?view=bodies", "readiness/?day=2026-08-01",
    "readiness/change/", "readiness/items/?show=open&sort=-lapses", "readiness/gaps/",
    "readiness/capabilities/ed-clear-time/", "readiness/ginkgo/ed-clear-time/", "readiness/ginkgo/", "readiness/egret/", "readiness/ginkgo/gaps/",
    "readiness/standard/", "readiness/self-check/", "readiness/ginkgo/self-check/", "actions/", "actions/?only=mine", "actions/gaps/", "translations/", "actions/board/", "actions/board/?only=mine&q=a",
    "assessments/", "reports/", "improve:decision", "readiness:row", "readiness:record", "reports:snapshot",
    "assess:visit", "assess:rate", "assess:differences", "assess:reply",
)  # fmt: skip
#: What is each reader's own in the frame, and the ids that a form of an assessor's operation carries, new each time.
TOKEN = re.compile(r'(X-CSRFToken": |name="csrfmiddlewaretoken" value=|name="operation_id" value=)"[^"]*"')


@pytest.fixture
def keeping(demo, monkeypatch) -> Iterator[Any]:
    """The demo as if outside a transaction: one connection, and nothing here is rolled back before the end."""
    for module in (parts, recent):
        monkeypatch.setattr(module, "is_in_transaction", lambda: False)
    for module, name, most in (
        (parts, "_KEPT", parts.MOST_KEPT),
        (parts, "_OWN", 100),
        (given, "_KEPT", 100),
        (asked, "_KEPT", 500),
    ):
        monkeypatch.setattr(module, name, Recent(most))
    monkeypatch.setattr(queries, "connection", SimpleNamespace(in_atomic_block=False))
    monkeypatch.setattr(queries, "_KEPT", Recent(queries.MOST_KEPT))
    with scope(city=demo.city.pk):
        yield demo


@contextmanager
def nothing_kept(monkeypatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        for module in (parts, recent):
            patch.setattr(module, "is_in_transaction", lambda: True)
        yield


def seen(demo, role: str, page: str, language: str) -> str:
    """What a reader gets, without the tokens."""
    client = demo.clients[role]
    client.cookies["beiji_language"] = language
    answer = client.get((address_of(page) or "") if ":" in page else f"/yangzhou/{page}")
    return f"{answer.status_code} {TOKEN.sub('', answer.content.decode())}"


def differing(demo, monkeypatch, role: str, language: str, pages=PAGES, got=None) -> list[str]:
    """Pages on which a reader gets something else than the page drawn afresh; `got`: what he got already."""
    got = got or {page: seen(demo, role, page, language) for page in pages}
    with nothing_kept(monkeypatch):
        return [
            f"{role} {language} {page or 'home'}" for page in pages if seen(demo, role, page, language) != got[page]
        ]


def test_every_reader_gets_in_his_language_what_a_fresh_page_says(keeping, monkeypatch):
    """Drawn by whoever came first, in an order in which other roles and languages have just left theirs."""
    wrong = []
    for number, (role, language) in enumerate((r, language) for r in READERS for language in LANGUAGES):
        wrong += differing(keeping, monkeypatch, role, language, PAGES[number % 4 :: 4])
    assert wrong == []
    assert len(parts._KEPT) > 50


def markup_of(value: Any) -> str:
    """What is kept as markup; nothing for words from which a page is drawn, among them names of responsible people."""
    if isinstance(value, parts.Part):
        return value.head + value.main
    texts = value.values() if isinstance(value, dict) else [value]
    return "".join(texts) if all(isinstance(text, str) for text in texts) else ""


def test_what_is_kept_holds_nothing_of_one_person(keeping):
    for role in ("manager", "coordinator"):
        for page in PAGES:
            seen(keeping, role, page, "en")
    people = [p.names["en"] for p in Person.objects.filter(accounts__username__in=("manager", "coordinator"))]
    markup = [markup_of(value) for value in parts._KEPT._values.values()]
    assert sum(map(bool, markup)) > 20
    for text in markup:
        assert 'method="post"' not in text
        assert "todo" not in text
        assert not [name for name in people if name in text]
    for value in (*parts._KEPT._values.values(), *parts._OWN._values.values()):
        assert "csrfmiddlewaretoken" not in f"{markup_of(value)}{value}"


def _person(username: str) -> Person:
    return access.enter(Person.objects.get(accounts__username=username), TODAY)


def _by() -> dict[str, Any]:
    return {"by": _person("manager"), "now": NOW}


def _by_id() -> dict[str, Any]:
    return {"by": _person("manager").pk, "now": NOW}


def _city() -> City:
    return City.objects.get(pk="yangzhou")


def _evidence() -> None:
    draft = ledger.Draft(
        subject="ginkgo-east", capability="ed-clear-time", method=Method.SPOT_CHECK, evaluator=Evaluator.EXTERNAL,
        as_of=TODAY, level=0,
    )  # fmt: skip
    ledger.record_evidence(city=_city(), draft=draft, office="integrator", **_by_id())


def _withdrawal() -> None:
    row = Evidence.objects.filter(whole__code="ginkgo", withdrawal=False, capability__code="ed-clear-time").last()
    evaluator = Evaluator(row.evaluator)
    ledger.withdraw_evidence(evidence=row, evaluator=evaluator, reason="Typed twice.", office=row.office, **_by_id())


def _target() -> None:
    ledger.change_target(
        city=_city(), capability="ed-clear-time", size="large", values={None: Fraction(1)}, from_day=TODAY, **_by_id()
    )


def _not_applicable() -> None:
    ledger.declare_not_applicable(
        city=_city(), subject=Subject.objects.get(code="egret"), standard="mci-hospital", indicator="TRI-4",
        reason={"en": "It is not asked here."}, evaluator=Evaluator.CITY, office="commission", from_day=TODAY,
        **_by_id(),
    )  # fmt: skip


def _signature() -> None:
    item = Indicator.objects.filter(code="TRI-6", domain__pack__code="mci-hospital").last()
    read = f"{item.hashes['en']} {item.hashes['he']}"
    ledger.sign_review(
        city=_city(), indicator=item, language="he", kind="clinical", read=read, office="commission", **_by_id()
    )


def _night() -> None:
    ledger.rewrite_city(city=_city(), now=NOW)


def _step() -> None:
    action = next(a for a in Action.objects.with_state() if a.state is ActionState.IN_PROGRESS)
    improving.move_by_hand(action=action, to=ActionState.PLANNED, **_by())


def _action_ends() -> None:
    action = next(a for a in Action.objects.with_state() if a.state is ActionState.IN_PROGRESS)
    improving.withdraw_action(action=action, reason="Other ways.", language="en", **_by())


def _finding() -> None:
    improving.write_finding(city=_city(), body="Nobody was called.", language="en", found_on=TODAY, order=1, **_by())


def _finding_ends() -> None:
    improving.end_finding(finding=Finding.objects.filter(ended_at__isnull=True).first(), **_by())


def _ruling() -> None:
    decision = next(d for d in Decision.objects.all() if not d.rulings.exists())
    improving.record_ruling(
        decision=decision,
        word="taken",
        decided_on=TODAY,
        decided_by=_person("leader").pk,
        seen=decision.version,
        **_by(),
    )


def _translation() -> None:
    waiting = next(w for w in queue_for(_person("translator")) if not w.is_proposed and "{" not in w.source.body)
    text = UserText.objects.get(pk=waiting.text)
    texts.propose_translation(
        text=text, language=waiting.language, body="翻译", source_hash=waiting.source.hash, **_by()
    )


def _approval() -> None:
    _translation()
    proposal = Translation.objects.filter(body="翻译").last()
    texts.approve_translation(translation=proposal, by=_person("translator"), now=NOW)


def _remark() -> None:
    """An assessor's operation holds no city, yet its words wait for translation."""
    visit = Visit.objects.filter(subject__code="ginkgo").exclude(phase=Visit.Phase.LOCKED).get()
    payload = {"indicator": "TRI-2", "text": "The second door was locked.", "language": "en"}
    visits.take_typed(visit=visit, kind="note", payload=payload, by=_person("lead"), now=NOW)


def _answer() -> None:
    """Nor does his answer, which the pages of the visit show."""
    visit = Visit.objects.filter(subject__code="ginkgo").exclude(phase=Visit.Phase.LOCKED).get()
    lead = _person("lead")
    mine = given.answers_of(visit).of(lead.pk)
    code, part = next((i.code, p) for i in asked.asked_in(visit) for p in i.parts if Key(i.code, p) not in mine)
    payload = {"indicator": code, "level": 1, "how": "check"} | ({"part": part} if part else {})
    visits.take_typed(visit=visit, kind="rate", payload=payload, by=lead, now=NOW)


def _subject() -> None:
    district = Subject.objects.get(code="ginkgo").district
    programme.add_subject(
        city=_city(), code="newhope", kind="hospital", names=names("New Hope"), size="large", district=district,
        **_by_id(),
    )  # fmt: skip


def _subject_ends() -> None:
    programme.end_subject(subject=Subject.objects.get(code="planetree"), until=TODAY, **_by_id())


def _role_given() -> None:
    programme.grant_role(
        person=_person("coordinator"), role="coordinator", subject=Subject.objects.get(code="pine"), since=TODAY,
        **_by_id(),
    )  # fmt: skip


def _gate() -> None:
    programme.decide_gate(
        stage=Stage.objects.get(number=2), passed=True, open_conditions=[], decided_on=TODAY, note={}, **_by_id()
    )


#: Every kind of write, and pages of which at least one says something else after it; none for what is on no kept page
#: or says the same words again.
WRITES: dict[Callable[[], None], tuple[str, ...]] = {
    _evidence: ("readiness/ginkgo/",),
    _withdrawal: ("readiness/ginkgo/",),
    _target: ("readiness/ginkgo/", ""),
    _not_applicable: ("readiness/egret/",),
    _signature: ("readiness/standard/",),
    _night: (),
    _step: ("actions/",),
    _action_ends: ("actions/",),
    _finding: (),
    _finding_ends: (),
    _ruling: (),
    _translation: ("translations/",),
    _approval: ("translations/",),
    _remark: ("translations/",),
    _answer: ("assess:visit",),
    _subject: ("",),
    _subject_ends: ("",),
    _role_given: (),
    _gate: ("",),
}


@pytest.mark.slow
def test_what_was_kept_before_a_write_is_not_found_after_it(keeping, monkeypatch):
    """One write of every kind after another; the manager opens the pages that it concerns before and after it, another
    reader some others in another language."""
    wrong, silent = [], []
    for number, (write, told) in enumerate(WRITES.items()):
        before = {page: seen(keeping, "manager", page, "en") for page in told}
        role, language, some = READERS[number % len(READERS)], LANGUAGES[number % 3], PAGES[number % 13 :: 13]
        for page in some:
            seen(keeping, role, page, language)
        write()
        after = {page: seen(keeping, "manager", page, "en") for page in told}
        wrong += [f"{write.__name__}: {page}" for page in differing(keeping, monkeypatch, "manager", "en", told, after)]
        wrong += [f"{write.__name__}: {page}" for page in differing(keeping, monkeypatch, role, language, some)]
        if told and before == after:
            silent.append(write.__name__)
    assert wrong == []
    assert silent == [], "a write that shows on no page proves nothing"


def test_the_comparison_bites(keeping, monkeypatch):
    """With the count of changes out of the key the old pages would be shown."""
    real = parts.key_of

    def without_count(request, *name):
        key = real(request, *name)
        return key and key[:5]

    monkeypatch.setattr(parts, "key_of", without_count)
    pages = ("", "readiness/ginkgo/", "readiness/gaps/")
    assert differing(keeping, monkeypatch, "manager", "en", pages) == []
    _evidence()
    assert len(differing(keeping, monkeypatch, "manager", "en", pages)) > 1


def test_a_change_that_is_rolled_back_counts_nothing(keeping):
    from django.db import transaction

    @change
    def broken() -> None:
        hold_city(keeping.city.pk, NOW)
        raise ValueError

    before = _city().written
    with pytest.raises(ValueError, match=r"^$"), transaction.atomic():
        broken()
    assert _city().written == before


def test_a_part_lapses_at_the_city_s_midnight(keeping, monkeypatch):
    from django.utils import timezone

    first = seen(keeping, "manager", "readiness/", "en")
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=1))
    assert seen(keeping, "manager", "readiness/", "en") != first
    assert differing(keeping, monkeypatch, "manager", "en", ("readiness/", "")) == []


def test_offices_are_part_of_the_key(keeping):
    """Two people with the same roles from two offices do not share a part: some pages open by the office."""
    manager = _person("manager")
    other = Organisation.objects.exclude(pk=manager.organisation_id).first()
    assert seen(keeping, "manager", "readiness/ginkgo/", "en").startswith("200")
    count = len(parts._KEPT)
    Person.objects.filter(pk=manager.pk).update(organisation=other)
    seen(keeping, "manager", "readiness/ginkgo/", "en")
    assert len(parts._KEPT) == count + 1
