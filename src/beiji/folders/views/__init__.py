"""Views: load, ask, render."""
