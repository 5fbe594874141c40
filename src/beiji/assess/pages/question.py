"""Puts the page of one question together: asks the room's selectors, hides what must stay hidden, finds the words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext

from beiji.programme.models import Person
from beiji.programme.people import people_by_id
from beiji.ui.languages import pick

from .. import access, asked, given
from ..asked import Asked
from ..models import Visit
from ..rules.answers import Answers, Key, Op
from . import rating, words
from .rating import RatingPage
from .steps import Way, rate_url, way_of


@dataclass(frozen=True)
class _Loaded:
    """What the page is made from."""

    person: Person
    visit: Visit
    item: Asked
    key: Key
    operations: list[Op]
    raw: Answers
    answers: Answers
    way: Way
    alone: bool


def item_or_404(visit: Visit, indicator: str, part: str) -> tuple[list[Asked], Asked, Key]:
    """The asked items, this one, and the key: an unknown or missing part gives the item's first."""
    items = asked.asked_in(visit)
    item = next((i for i in items if i.code == indicator), None)
    if item is None:
        raise Http404("no such item in this visit")
    return items, item, Key(item.code, part if part in item.parts else item.parts[0])


def rating_page(
    person: Person, visit: Visit, indicator: str, part: str, now: datetime, *, alone: bool = False
) -> RatingPage:
    """The page of one question for one reader; `alone`: as if nobody but the reader had ever said anything, to be taken along."""
    items, item, key = item_or_404(visit, indicator, part)
    said = given.given_of(visit).by(person.pk) if alone else given.given_of(visit)
    answers = access.answers_shown_to(person, visit, said.answers.copy())
    way = way_of(items, answers, person.pk, key, asked.must_pass_codes(items))
    return _page(_Loaded(person, visit, item, key, said.live, said.answers, answers, way, alone), items, now)


def _after_word(way: Way, items: list[Asked], names: words.Names, here: Key) -> str:
    if way.after is None:
        return gettext("To the visit")
    if way.after.indicator == here.indicator:
        return gettext("Next: %(what)s") % {"what": pick(names.get(way.after.part, {})) or way.after.part}
    return gettext("Next: %(what)s") % {"what": way.after.indicator}


def _page(loaded: _Loaded, items: list[Asked], now: datetime) -> RatingPage:
    person, visit, item, key = loaded.person, loaded.visit, loaded.item, loaded.key
    mine = loaded.answers.by_key.get(key, {}).get(person.pk)
    texts, names = asked.texts_of(visit, [item.code])[item.code], asked.part_names(visit)
    target = asked.target_of(visit, item, now)
    domain, pillar = rating.head_words(item, asked.domains_of(visit), asked.pillars_of(visit))
    hides_before = loaded.alone or access.must_answer_first(person, visit, mine is not None)
    before = None if hides_before else access.visit_before(visit)
    earlier = given.answers_of(before) if before is not None else None
    evidence = _evidence(loaded)
    return RatingPage(
        code=item.code,
        title=item.question.titles,
        look_at=texts["look_at"],
        proven_by=texts.get("proven_by", {}) if item.edition.kind != "document" else {},
        domain=domain,
        pillar=pillar,
        must_pass=item.question.must_pass,
        may_be_not_applicable=item.question.indicator.may_be_not_applicable and not item.question.must_pass,
        anchors=rating.anchors_of(texts, mine),
        evidence_of_3=[e["title"] for e in texts.get("evidence", {}).get("3", ())],
        tabs=rating.tabs_of(visit, item, loaded.answers, person.pk, key, names),
        part=key.part,
        part_name=pick(names.get(key.part, {})) if key.part else "",
        mine=mine,
        mine_said=words.said(mine.said if mine else None, mine.reason if mine else ""),
        history=rating.history_of(loaded.operations, person.pk, key),
        others=evidence.others,
        first_word=evidence.first_word,
        is_blind=access.is_blind(visit),
        settled=evidence.settled,
        previous=rating.previous_said(earlier, key),
        way=loaded.way,
        before_url=rate_url(visit, loaded.way.before) if loaded.way.before else "",
        after_url=rate_url(visit, loaded.way.after) if loaded.way.after else "",
        after_word=_after_word(loaded.way, items, names, key),
        meter=rating.meter_of(item, target, asked.measuring_of(visit, item, target)),
        measurements=evidence.measurements,
        notes=evidence.notes,
        files=evidence.files,
        editable=access.may_rate(person, visit),
    )


@dataclass(frozen=True)
class _Evidence:
    others: list[str]
    first_word: str
    settled: str
    measurements: list[rating.Line]
    notes: list[rating.Line]
    files: list[rating.Line]


def _evidence(loaded: _Loaded) -> _Evidence:
    """What hangs on the question, and what the other assessors said as far as the reader may know it."""
    visit, item, key, me = loaded.visit, loaded.item, loaded.key, loaded.person.pk
    if not access.may_read_answers(loaded.person, visit):
        return _Evidence([], "", "", [], [], [])
    raw, shown = loaded.raw.by_key.get(key, {}), loaded.answers.by_key.get(key, {})
    notes = access.notes_of(visit, loaded.answers.notes.get(item.code, ()))
    spoken = [a.operation for a in shown.values() if a.reason]
    spoken += [loaded.answers.settled[key].operation] if key in loaded.answers.settled else []
    reasons = access.reasons_of(visit, spoken)
    attached: list[UUID] = list(loaded.answers.attachments.get(item.code, ()))
    files = access.attachments_by_id(attached) if attached else {}
    people = people_by_id(
        {*raw, *(m.person for m in loaded.answers.measurements if m.key == key), *(note.by for note, _text in notes)}
        | {file.added_by for file in files.values()}
    )
    return _Evidence(
        others=rating.others_words(raw, shown, me, people, reasons),
        first_word=rating.first_word(loaded.raw, shown, key, me) if access.may_rate(loaded.person, visit) else "",
        settled=rating.settled_words(loaded.answers, key, reasons),
        measurements=rating.measurement_lines(visit, item, loaded.answers, key, me, people),
        notes=rating.note_lines(notes, me, people, hide_others=bool(set(raw) - set(shown) - {me})),
        files=rating.file_lines(visit, item.code, loaded.operations, files, me, people),
    )
