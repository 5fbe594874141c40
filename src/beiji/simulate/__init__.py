"""Simulate: the engine's face on the web. Today one question: what more of one capacity at one hospital would change."""
