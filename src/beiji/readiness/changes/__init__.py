"""The only write path of the ledger; web, import, sync and jobs all call these functions.

Each opens its own transaction, leaves an audit line, rewrites the standings and roll-ups of the subjects concerned in
the same transaction, tells the listeners of `readiness.listeners` inside it, and publishes an event on commit's side.
A refusal is a `rules.rows.LedgerError`; `readiness.messages.sentence(error)` is its translated sentence.
"""

from .applicability import declare_not_applicable, end_not_applicable
from .by_hand import confirm_by_hand, record_by_hand
from .counts import record_count, sample_count
from .evidence import (
    Draft,
    confirm_evidence,
    record_batch,
    record_coverage,
    record_evidence,
    reopen_source,
    withdraw_evidence,
)
from .methodology import change_target, change_validity, load_packs
from .nightly import refresh_expired
from .notified import call_off_drill, notify_drill
from .refresh import rewrite_city
from .reviewing import note_reviews_taken, sign_review, take_review_back
from .standards import named_by, refused_standards
from .striking import lift_striking_off, strike_off

__all__ = [
    "Draft",
    "call_off_drill",
    "change_target",
    "change_validity",
    "confirm_by_hand",
    "confirm_evidence",
    "declare_not_applicable",
    "end_not_applicable",
    "lift_striking_off",
    "load_packs",
    "named_by",
    "note_reviews_taken",
    "notify_drill",
    "record_batch",
    "record_by_hand",
    "record_count",
    "record_coverage",
    "record_evidence",
    "refresh_expired",
    "refused_standards",
    "reopen_source",
    "rewrite_city",
    "sample_count",
    "sign_review",
    "strike_off",
    "take_review_back",
    "withdraw_evidence",
]
