"""Sentences of the pure rules, listed for the catalogues: rules know no translation, whoever shows them translates."""

from django.utils.translation import gettext_noop

SENTENCES = (
    gettext_noop("The undo names no operation."),
    gettext_noop("{indicator} is not among the items of this visit."),
    gettext_noop("Level 3 is computed from a measurement; nobody can choose it."),
    gettext_noop("Choose 0, 1 or 2, not applicable, or not seen."),
    gettext_noop("Say whether it was checked on the spot, read or heard."),
    gettext_noop("Give the reason why it does not apply."),
    gettext_noop("The campus or place is unknown."),
    gettext_noop("Say which answers are settled."),
    gettext_noop("Give the reason for the team's word; the hospital will ask."),
    gettext_noop("A measurement is either a number, or shown yes or no."),
    gettext_noop("“{value}” is not a number."),
    gettext_noop("“{value}” is not a number that can be measured."),
    gettext_noop("Say how it was measured: timed test, drill, event or series."),
    gettext_noop("Say whether it was measured by day, by night or on a holiday."),
    gettext_noop("Say whether the drill was scripted, announced or unannounced."),
    gettext_noop("The minute since the alert is a whole number."),
    gettext_noop("The number of cases is a whole number from 1 up."),
    gettext_noop("Say in which language the note is written."),
    gettext_noop("The note is empty."),
    gettext_noop("The note is too long; 4000 characters are kept."),
    gettext_noop("The attachment is not known here."),
    gettext_noop("{indicator} is a document; say at which level it is, nothing is measured."),
    gettext_noop("This visit cannot measure {indicator} in that way."),
    gettext_noop("{indicator} is a number; enter what was measured."),
    gettext_noop("{indicator} is not a number; say whether it was shown."),
    gettext_noop("{indicator} is judged at {minutes} min; say at which."),
    gettext_noop("{indicator} has no timetable; leave the minute out."),
)
