"""Pages of the ledger: load what the person may see, ask the rules, render finished words."""

from .city import capability_page, city_map, shared_gaps_page
from .hospital import gaps_page, hospital_page, why_page

__all__ = ["capability_page", "city_map", "gaps_page", "hospital_page", "shared_gaps_page", "why_page"]
