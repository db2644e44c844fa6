"""Reads of welfare. What a team decided is kept by the rooms below; nothing is kept here yet."""
