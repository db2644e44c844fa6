"""Letting go of a connection that broke, so that the next question opens a new one."""

from __future__ import annotations

from django.db import connection


def let_go() -> None:
    """Close the connection of the thread that calls. Hand on this, and never `connection.close`:
    that is the one of the thread which looked it up."""
    connection.close()
