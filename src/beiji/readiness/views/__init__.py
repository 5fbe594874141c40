"""Pages of the ledger: load what the person may see, ask the rules, render finished words."""

from .checking import self_check, self_check_of
from .city import capability_page, change_page, city_map, items_page, shared_gaps_page
from .evaluators import striking, striking_back
from .hospital import gaps_page, hospital_page, why_page
from .recording import confirmation, evaluators, record_page, row_page, sheet, withdrawal
from .standard import review, reviews_file, standard_item, standard_page

__all__ = [
    "capability_page",
    "change_page",
    "city_map",
    "confirmation",
    "evaluators",
    "gaps_page",
    "hospital_page",
    "items_page",
    "record_page",
    "review",
    "reviews_file",
    "row_page",
    "self_check",
    "self_check_of",
    "shared_gaps_page",
    "sheet",
    "standard_item",
    "standard_page",
    "striking",
    "striking_back",
    "why_page",
    "withdrawal",
]
