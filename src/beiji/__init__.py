"""Beiji 备急: one open system for a city's hospital emergency-preparedness programme."""

__version__ = "0.1.0"
