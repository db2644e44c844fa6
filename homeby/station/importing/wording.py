"""Showing a stranger's text inside our sentences: short, and without anything a terminal obeys."""

from __future__ import annotations

SHOWN_MAX = 60


def quoted(text: str) -> str:
    """The text in quotation marks, cut to 60 characters, what cannot be printed replaced by �."""
    shown = "".join(c if c.isprintable() else "�" for c in text[: SHOWN_MAX + 1])
    return f"“{shown[:SHOWN_MAX]}…”" if len(shown) > SHOWN_MAX else f"“{shown}”"
