"""The story of a demonstration city (`story.yaml`): stages, visits, planted faults, courses, drills, actions, decisions.

A story says what is meant to be found, not thousands of ratings: the generator of the demo makes two rounds from it,
a profile per hospital and a seed. Months count from the programme's first; days are days of the month.
"""

from __future__ import annotations

from typing import Any, Literal

from beiji.packs.schemas.common import Flag, Header, Id, Number, Part, Text, Whole, Word

Language = Literal["en", "zh-Hans", "he"]
Shift = Literal["day", "night"]


class Moment(Part):
    """A day of the programme. A weekend day moves to the Monday after it."""

    month: Whole
    day: Whole = 10


class Typed(Part):
    """What a person typed in one language, with the translations that others made of it.

    `approved` are those that somebody else has approved; the rest wait in the queue, and reports print the original.
    """

    language: Language
    body: Word
    by: Word
    translations: dict[Language, Word] = {}
    approved: tuple[Language, ...] = ()


class Condition(Part):
    """A condition of a stage's gate. `check` names the calculation that answers it; without one a person does."""

    code: Id
    check: Word | None = None
    parameters: dict[Word, Any] = {}
    text: Text


class GateDecision(Moment):
    """The steering group's word on a gate."""

    passed: Flag
    open: tuple[Word, ...] = ()
    by: Word
    note: Text


class Stage(Part):
    """A stage of the programme."""

    number: Whole
    first_month: Whole
    last_month: Whole
    title: Text
    work: tuple[Text, ...]
    gate: tuple[Condition, ...]
    decision: GateDecision | None = None


class Team(Part):
    """Who visits: people by id."""

    lead: Word
    assessors: tuple[Word, ...]
    counterpart: Word
    interpreter: Word
    escort: Word | None = None


class Visit(Moment):
    """A visit from outside; `second` has a second assessor rate every item apart from the first."""

    round: Whole
    hospital: Word
    team: Word
    scope: Literal["full", "core"]
    days: Whole = 1
    second: Flag = False


class Profile(Part):
    """How a hospital stands apart from the planted faults, from 0 (weak) to 1 (strong), and how it sees itself."""

    strength: Number
    optimism: Number


class Fault(Part):
    """A planted fault: what round 1 finds in these hospitals under every seed, and what the page must say of it."""

    id: Id
    indicator: Word | None = None
    capability: Word | None = None
    level: Literal[0, 1] | None = None
    measured: tuple[Shift, ...] = ()
    hospitals: tuple[Word, ...]
    finding: Typed | None = None
    order: Whole = 0


class Course(Moment):
    """A course: the indicators that it lifts by one level in these hospitals, seen at the next visit."""

    id: Id
    hospitals: tuple[Word, ...]
    lifts: tuple[Word, ...]
    people: Whole
    title: Text


class Drill(Moment):
    """An unscripted drill before an outside evaluator, or a `real` event: what of it passed, where and when."""

    id: Id
    hospitals: tuple[Word, ...]
    shift: Shift
    notice: Literal["announced", "unannounced"] = "unannounced"
    real: Flag = False
    passes: tuple[Word, ...] = ()
    misses: tuple[Word, ...] = ()
    by: Word
    title: Text


class Action(Part):
    """An action of the plan: for these hospitals one each, or one of the city. `lifts`: the level seen afterwards."""

    id: Id
    indicator: Word | None = None
    capability: Word | None = None
    hospitals: tuple[Word, ...] = ()
    opened: Moment
    due: Moment
    declared: Moment | None = None
    lifts: Literal[1, 2] | None = None
    lead_unit: Word | None = None
    supporting_unit: Word | None = None
    leader: Word | None = None
    responsible: Word | None = None
    cost_low: Whole | None = None
    cost_high: Whole | None = None
    cost_source: Word | None = None
    effort: Literal["XS", "S", "M", "L", "XL"] = "M"
    stage: Whole = 1
    decision: Word | None = None
    text: Typed | None = None


class Decision(Part):
    """What the authorities are asked, and what came of it; `order` is its place on the page for leaders."""

    id: Id
    order: Whole
    asked: Moment
    owner: Word
    cost_class: Literal["none", "low", "middle", "high"]
    due: Moment
    state: Literal["asked", "taken", "deferred", "refused"]
    decided: Moment | None = None
    decided_by: Word | None = None
    text: Typed


class Note(Part):
    """A remark typed during a visit."""

    round: Whole
    hospital: Word
    indicator: Word
    text: Typed


class Reply(Part):
    """A hospital's word on the result of a visit; to a dispute the team's answer, so many days later, and who signed it."""

    round: Whole
    hospital: Word
    stance: Literal["agree", "dispute"]
    indicator: Word = ""
    text: Typed | None = None
    answer: Typed | None = None
    answered_after: Whole = 5
    signed_by: Word = ""


class BodyTest(Moment):
    """One item of a body of the city tried unscripted before an outside evaluator, who is `by`."""

    indicator: Word
    shift: Shift
    passes: Flag = True
    by: Word


class Body(Part):
    """A body of the city that is no hospital: when it was visited, what was not in place there, what was tried."""

    subject: Word
    team: Word
    visits: tuple[Moment, ...]
    weak: dict[Word, Literal[0, 1]] = {}
    tests: tuple[BodyTest, ...] = ()


class Running(Part):
    """The visit that is under way on the day the demo is made; `answered` of its items have an answer."""

    hospital: Word
    team: Word
    round: Whole
    scope: Literal["full", "core"]
    answered: Whole


class Story(Header):
    """`story.yaml`."""

    kind: Literal["story"]
    months: Whole
    pilots: tuple[Word, ...]
    stages: tuple[Stage, ...]
    teams: dict[Word, Team]
    self_ratings: tuple[Moment, ...]
    visits: tuple[Visit, ...]
    running: Running
    profiles: dict[Word, Profile]
    faults: tuple[Fault, ...]
    bodies: tuple[Body, ...] = ()
    courses: tuple[Course, ...] = ()
    drills: tuple[Drill, ...] = ()
    actions: tuple[Action, ...] = ()
    decisions: tuple[Decision, ...] = ()
    notes: tuple[Note, ...] = ()
    replies: tuple[Reply, ...] = ()
