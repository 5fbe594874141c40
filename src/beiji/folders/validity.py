"""Until when a document counts that shows an item: the days that the capability names for what is *stated*, as on the document's
own day. The number is the ledger's; here it is only read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from beiji.programme.models import Subject
from beiji.readiness.book import Book, local, size_class
from beiji.readiness.methodology import Question, standard_in_force
from beiji.readiness.rules.facts import edition_in_force, valid_until
from beiji.readiness.rules.words import Proof
from beiji.ui.languages import pick


def questions_of(subject: Subject, day: date, now: datetime) -> dict[str, Question]:
    """The items that the standard in force asks this hospital or body, by code, in its order."""
    method = standard_in_force(subject.city, day, local(now, subject.city), of=subject)
    return {question.code: question for question in method.questions_for(subject)} if method else {}


def domains_of(subject: Subject, day: date, now: datetime) -> list[tuple[str, str]]:
    """The domains of that standard, code and name in the reader's language."""
    method = standard_in_force(subject.city, day, local(now, subject.city), of=subject)
    return [(domain.code, pick(domain.titles)) for domain in method.domains] if method else []


def ends_by_item(subject: Subject, items: Iterable[str], day: date, today: date, now: datetime) -> dict[str, date]:
    """Item → first day on which a document of `day` no longer counts for it; an item that is no longer asked says nothing."""
    asked = questions_of(subject, today, now)
    read = {code: asked[code] for code in items if code in asked}
    if not read:
        return {}
    known = local(now, subject.city)
    book = Book(subject.city, {question.indicator.capability_id for question in read.values()})
    ends = {}
    for code, question in read.items():
        edition = edition_in_force(book.facts(question.capability, size_class(subject)), day, known)
        if edition is not None:
            ends[code] = valid_until(edition, day, Proof.STATED, known)
    return ends
