"""Texts that people type: each carries its language and passes a translation queue; the original is always kept."""
