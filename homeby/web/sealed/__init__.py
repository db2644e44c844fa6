"""Sealed debriefs: written, read, and the keys they are sealed to."""
