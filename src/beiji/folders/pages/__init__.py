"""Finished words and numbers of each page."""
