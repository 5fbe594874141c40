"""The science of Beiji: casualties, triage, deterioration, and the engine of a city in a multi-casualty incident. No Django.

Public names are loaded when first used; importing this package compiles nothing and loads neither NumPy nor Numba.
"""
import importlib

_HOME = {
    "City": "city", "Hospital": "city", "Base": "city", "Point": "city", "Scenario": "scenario", "Scene": "scenario", "Arrivals": "scenario",
    "rank": "ranking", "Ranking": "ranking", "Change": "ranking", "LiveCasualty": "live", "LiveVehicle": "live", "LiveSite": "live", "LiveCare": "live", "LiveMove": "live", "Picture": "live", "Problem": "errors", "ScienceError": "errors", "Cancelled": "errors", "check": "check", "simulate": "run",
    "simulate_until": "estimate", "Results": "results", "Session": "session", "Decision": "session", "compare": "experiment", "Difference": "experiment",
    "preventable": "outcome", "interval": "estimate", "Interval": "estimate", "triage": "triage", "warm": "run"}

__all__ = sorted(_HOME)  # noqa: PLE0605


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
