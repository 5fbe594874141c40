"""Whatever a device may word: what is accepted renders on every page of the visit, and is cheap to read."""

from __future__ import annotations

import json
import time
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beiji.assess.models import Visit
from beiji.assess.pages.words import measured_words
from beiji.assess.rules.answers import Key, Measurement
from beiji.records import options
from beiji.records.models import Operation
from tests.assess.browsing import item, send, signed_in, url
from tests.assess.conftest import Device
from tests.cast import NOW

#: Texts that have broken something, beside whatever Hypothesis finds.
ODD = ("\x00", "\ud800", "\ufeff", "\u202e", "⟦person:1⟧", "{0}", "%s", "<script>", "\u2028", "𠮷" * 40, "ﷺ" * 600)
TEXTS = st.one_of(st.sampled_from(ODD), st.text(st.characters(), max_size=60))
NUMBERS = st.one_of(
    st.sampled_from(
        ("1E-99999999", "1e308", "NaN", "-0", "٣٫٥", "１２", "0,350", "9" * 30, "0." + "0" * 30 + "1", "7.5")
    ),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.integers(0, 600).map(str),
    TEXTS,
)
ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), TEXTS, st.lists(TEXTS, max_size=3),
    st.recursive(st.none(), lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2), max_leaves=6),
)  # fmt: skip
INSTANTS = st.one_of(
    st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat()),
    st.sampled_from(("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00", "1970-01-01T00:00:00+14:00", "now", "")),
)


def either(good, odd=ANYTHING):
    """Mostly what a tablet says, now and then something else."""
    return st.one_of(good, good, good, odd)


WHERE = {"indicator": either(st.sampled_from(("TRI-3", "TRI-6", "TRI-7", "ACT-2")))}
SAID = {
    "level": either(st.sampled_from((0, 1, 2, "na", "unable"))),
    "how": either(st.sampled_from(("check", "document", "interview"))),
    "reason": TEXTS,
    "language": either(st.sampled_from(("en", "zh-Hans", "he"))),
}
PAYLOADS = {
    "rate": st.fixed_dictionaries(
        WHERE | {"level": SAID["level"]}, optional={name: SAID[name] for name in ("how", "reason", "language")}
    ),
    "settle": st.fixed_dictionaries(WHERE | SAID | {"settles": either(st.lists(st.uuids().map(str), max_size=2))}),
    "measure": st.fixed_dictionaries(
        WHERE | {"method": either(st.just("timed-test")), "condition": either(st.sampled_from(("day", "night")))},
        optional={
            "typed": NUMBERS, "value": NUMBERS, "shown": either(st.booleans()), "at_min": st.one_of(st.none(), ANYTHING),
            "sample": either(st.integers(-1, 10**7)), "notice": ANYTHING,
        },
    ),
    "note": st.fixed_dictionaries(WHERE | {"language": SAID["language"], "text": TEXTS}),
    "attach": st.fixed_dictionaries(WHERE | {"attachment": either(st.uuids().map(str))}),
    "undo": st.fixed_dictionaries({"operation": either(st.uuids().map(str))}),
}  # fmt: skip
WORDS = st.sampled_from(sorted(PAYLOADS)).flatmap(
    lambda kind: st.fixed_dictionaries(
        {"kind": st.just(kind), "payload": st.one_of(PAYLOADS[kind], PAYLOADS[kind], ANYTHING)},
        optional={"made_at": INSTANTS, "device": TEXTS, "base": ANYTHING, "more": TEXTS},
    )
)


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def pages_of(visit: Visit) -> list[str]:
    questions = [item(visit, code) for code in ("TRI-3", "TRI-6", "TRI-7", "ACT-2")]
    return [url("visit", visit), url("differences", visit), "/yangzhou/assessments/", "/yangzhou/", *questions]


@settings(
    max_examples=100 if options.read("BEIJI_FULL") else 10, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(words=st.lists(WORDS, min_size=1, max_size=8))
def test_what_is_accepted_renders_on_every_page(yangzhou, visit, words):
    client: Client = signed_in(yangzhou, "assessor")
    device = Device(visit, yangzhou.people["assessor"])
    parcel = [device.word("") | word for word in words]
    with transaction.atomic():
        answer = send(client, visit, *parcel)
        assert answer.status_code == 200, answer.content
        results = answer.json()["results"]
        assert [r.get("again") for r in results] == [None] * len(parcel), "a fault of ours, see the log"
        assert sum(r["kept"] for r in results) == Operation.objects.filter(stream=visit.stream).count()
        assert all(len(r["error"]) < 300 for r in results if not r["kept"])
        start = time.perf_counter()
        for address in pages_of(visit):
            assert client.get(address).status_code == 200, (
                address,
                [p for p, r in zip(parcel, results, strict=True) if r["kept"]],
            )
        assert time.perf_counter() - start < 30
        transaction.set_rollback(True)


def test_a_word_of_each_kind_is_accepted_so_that_the_sweep_tries_something(yangzhou, visit):
    device = Device(visit, yangzhou.people["assessor"])
    good = [
        device.word("rate", indicator="TRI-3", level="na", reason="𠮷" * 500, language="zh-Hans"),
        device.word("measure", indicator="TRI-6", typed="１２．５", method="timed-test", condition="day", sample="٣"),
        device.word("note", indicator="TRI-3", language="he", text="⟦person:1⟧ \u202e"),
    ]
    results = send(signed_in(yangzhou, "assessor"), visit, *json.loads(json.dumps(good))).json()["results"]
    assert [r["kept"] for r in results] == [True] * 3
    kept = Operation.objects.get(kind="measure").payload
    assert (kept["value"], kept["sample"], kept["typed"]) == ("12.5", 3, "１２．５")
    assert Operation.objects.get(kind="note").payload["text"] == "[person:1] "


def test_a_number_that_the_first_landing_took_is_shown_as_it_was_typed_at_once():
    kept = Measurement(
        uuid4(), uuid4(), Key("TRI-6"), "timed-test", "day", "1E-99999999", None, None, 1, None, NOW
    )  # fmt: skip
    began = time.monotonic()
    assert "1E-99999999" in measured_words(kept, "min")
    assert time.monotonic() - began < 1
