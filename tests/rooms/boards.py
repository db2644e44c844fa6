"""Asking for the live part of the board as a screen does."""

from __future__ import annotations

from typing import Any

from django.test import Client


def ask(client: Client, etag: str = "", since: str = "") -> Any:
    """The rows, for who shows the picture of this mark, or this version."""
    headers = {"if-none-match": etag} if etag else {}
    return client.get("/board/rows/", {"since": since} if since else {}, headers=headers)
