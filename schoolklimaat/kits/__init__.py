"""Kits: which hangs where and when, when it was last heard, and what it said that could not be used."""
