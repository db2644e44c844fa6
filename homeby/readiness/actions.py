"""Writes of this room: none yet, for it has no tables."""
