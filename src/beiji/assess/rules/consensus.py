"""Where assessors differ, what must be talked about, what the team's word is, and what keeps a visit from its lock."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from .answers import Answer, Answers, Key, Settled


@dataclass(frozen=True)
class Difference:
    """Different things were said about one key, and the lead has not settled these very words.

    `changed` are first words that their assessors took back or replaced once another's could be seen: they stay.
    """

    key: Key
    answers: tuple[Answer, ...]
    must_discuss: bool
    changed: tuple[Answer, ...] = ()

    @property
    def words(self) -> tuple[Answer, ...]:
        """Everything that a settlement has to be made on."""
        return (*self.answers, *self.changed)


@dataclass(frozen=True)
class Final:
    """What the team says about a key: the settled word, or the one that all who answered share."""

    key: Key
    said: int | str
    how: str
    reason: str
    settled: bool
    answers: tuple[Answer, ...]
    changed: tuple[Answer, ...] = ()

    @property
    def words(self) -> tuple[Answer, ...]:
        """Everything that was said."""
        return (*self.answers, *self.changed)


def _settles(settled: Settled | None, words: Collection[Answer]) -> bool:
    """A settlement holds only for the words it was made on; a changed answer opens the difference again."""
    return settled is not None and settled.settles == frozenset(a.operation for a in words)


def differences(answers: Answers, must_pass: Collection[str]) -> list[Difference]:
    """Keys on which assessors differ and nothing holds yet, in order of their codes.

    They must be talked about when levels lie two apart, when one says a level and another does not, or when the
    indicator is must-pass (the threshold of two is the programme's choice, see the standard's method page).
    """
    differing = []
    for key in answers.all_keys():
        words = answers.words(key)
        said = {a.said for a in words}
        if len(said) < 2 or _settles(answers.settled.get(key), words):
            continue
        levels = [s for s in said if isinstance(s, int)]
        apart = len(levels) < len(said) or max(levels) - min(levels) >= 2
        differing.append(
            Difference(
                key,
                _by_word(answers.by_key.get(key, {}).values()),
                must_discuss=apart or key.indicator in must_pass,
                changed=_by_word(answers.changed(key)),
            )
        )
    return differing


def _by_word(words: Iterable[Answer]) -> tuple[Answer, ...]:
    return tuple(sorted(words, key=lambda a: (str(a.said), str(a.person))))


def finals(answers: Answers) -> list[Final]:
    """The team's word on every key that has one. A key on which a difference is open has none."""
    finals = []
    for key in answers.all_keys():
        words, settled = answers.words(key), answers.settled.get(key)
        changed = tuple(answers.changed(key))
        ordered = tuple(sorted(answers.by_key.get(key, {}).values(), key=lambda a: (a.made_at, str(a.operation))))
        if _settles(settled, words):
            assert settled is not None
            finals.append(Final(key, settled.said, settled.how, settled.reason, True, ordered, changed))
        elif ordered and len({a.said for a in words}) == 1:
            finals.append(Final(key, ordered[0].said, weakest_how(ordered), ordered[0].reason, False, ordered))
    return finals


def weakest_how(answers: Collection[Answer]) -> str:
    """How the shared word was found: a check on the spot only if one of the assessors made one."""
    ways = {a.how for a in answers}
    return next(way for way in ("check", "document", "interview") if way in ways)


@dataclass(frozen=True)
class Hindrance:
    """Something that keeps a visit from being locked: a code, the key concerned and how many."""

    code: str
    key: Key | None = None
    count: int = 0


def hindrances(
    answers: Answers, indicators: Collection[str], must_pass: Collection[str], *, outside: bool, raters: int
) -> list[Hindrance]:
    """Why a visit cannot be locked; empty when it can.

    Open differences · an approved *not applicable* on a must-pass item, or from a self-rating (approval comes from
    outside), or on one campus while it applies on another (it holds for the whole hospital) · nothing rated at all · must-pass items that nobody has answered.
    """
    open_points = [Hindrance("difference", d.key) for d in differences(answers, must_pass)]
    words = finals(answers)
    applies = {final.key.indicator for final in words if final.said != "na"}
    for final in words:
        if final.said == "na" and final.key.indicator in applies:
            open_points.append(Hindrance("na-part", final.key))
        elif final.said == "na" and final.key.indicator in must_pass:
            open_points.append(Hindrance("na-must-pass", final.key))
        elif final.said == "na" and not outside:
            open_points.append(Hindrance("na-self", final.key))
        elif final.said == "na" and not final.reason.strip():
            open_points.append(Hindrance("na-reason", final.key))
    if raters == 0:
        open_points.append(Hindrance("no-rater"))
    if not answers.by_key and not answers.measurements:
        open_points.append(Hindrance("nothing-rated"))
    answered = {key.indicator for key in answers.by_key}
    silent = [code for code in indicators if code in must_pass and code not in answered]
    if silent:
        open_points += [Hindrance("must-pass-unanswered", Key(code)) for code in silent]
    return open_points


def progress(answers: Answers, keys: Collection[Key], person: UUID) -> tuple[int, int]:
    """How many of the visit's questions a person has answered (`unable` is an answer), and how many there are."""
    return len(set(answers.of(person)) & set(keys)), len(keys)
