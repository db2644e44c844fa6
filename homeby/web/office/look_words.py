"""Looks in words: what was looked at, and why."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.archive.words import LOOKED_AT
from homeby.logbook.reading import ReadKind, list_of
from homeby.web import words

#: The reason that stands for itself: the office searched by name, and found a callsign.
BY_NAME = "BY_NAME"

_LISTS: words.Words = {
    "board": gettext_lazy("the board"),
    "cards": gettext_lazy("the T-cards"),
    "siren": gettext_lazy("the siren page"),
    "alarms": gettext_lazy("the list of alarms"),
    "calendar": gettext_lazy("the calendar"),
    "missions": gettext_lazy("the list of missions"),
    "unmatched": gettext_lazy("entries that fit nothing"),
    "unconfirmed": gettext_lazy("out, unconfirmed"),
}
_LOGBOOKS: words.Words = {
    "export:entries": gettext_lazy("the logbook, as a file"),
    "export:looks": gettext_lazy("who looked at whom, as a file"),
}
LINK = "LINK"


def what_of(kind: str, what: str, named: Mapping[str, str]) -> str:
    """What was looked at; `named` says what the missions are whose names the reader may know."""
    if kind == ReadKind.BOARD:
        known = list_of(what) if what.partition(":")[0] != "mission" else ""
        return words.word(_LISTS, known) if known else str(LOOKED_AT[ReadKind.BOARD])
    said = str(_LOGBOOKS.get(what) or words.word(LOOKED_AT, kind))
    if kind == ReadKind.LOGBOOK and "/" in what:
        return _("what the logbook says of one person")
    mission = named.get(what.partition("/")[0], "")
    return _("%(what)s: %(mission)s") % {"what": said, "mission": mission} if mission else said


def why_of(viewed_as: str, why: str) -> str:
    """Why: the reason that was typed, else the part in which somebody looked."""
    if why == BY_NAME:
        return _("found by a search for the name")
    if why:
        return _("“%s”") % why
    if viewed_as == LINK:
        return _("by the link in a message")
    return _("as %s") % words.word(words.ROLES, viewed_as)
