"""The words about entries that are missing from the logbook."""

from __future__ import annotations

from django.utils.translation import gettext as _


def to_operators(why: str) -> tuple[str, str]:
    """To whoever holds the watch: (subject line, text)."""
    return _("Entries are missing from the logbook"), f"{why} {what_to_do()}"


def what_to_do() -> str:
    """What people do about it."""
    return _(
        "Whoever went out or came home meanwhile is not known here: count heads now, call those on "
        "the board, and enter again what is missing."
    )
