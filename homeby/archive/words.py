"""What somebody looked at, and what was done about a concern, in words: for pages and for an
archive."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from homeby.logbook.reading import ReadKind
from homeby.welfare.rules.concerns import NoteKind

#: What was looked at, as she reads it.
LOOKED_AT: dict[str, str | Promise] = {
    ReadKind.BOARD: gettext_lazy("a list of who is out"),
    ReadKind.PEOPLE: gettext_lazy("the list of people"),
    ReadKind.LOGBOOK: gettext_lazy("the logbook"),
    ReadKind.MESSAGES: gettext_lazy("what people received"),
    ReadKind.STATUS: gettext_lazy("how it stands with a party"),
    ReadKind.PLACE: gettext_lazy("coordinates or route"),
    ReadKind.REPORT: gettext_lazy("a report"),
    ReadKind.PERSON: gettext_lazy("the page in the office"),
    ReadKind.CALLSIGN: gettext_lazy("the name behind the callsign"),
    ReadKind.CONTACTS: gettext_lazy("how one is reached"),
    ReadKind.KIN: gettext_lazy("kin"),
    ReadKind.HOME: gettext_lazy("home"),
    ReadKind.HEALTH: gettext_lazy("health"),
    ReadKind.PRIVATE: gettext_lazy("something private"),
    ReadKind.CONCERN: gettext_lazy("what was said of a concern"),
}

#: What was said or done about a concern.
NOTED: dict[str, str | Promise] = {
    NoteKind.SAID: gettext_lazy("What was said"),
    NoteKind.ANSWER: gettext_lazy("Answer to whoever spoke"),
    NoteKind.ASKED: gettext_lazy("She was asked"),
    NoteKind.HER_WORD: gettext_lazy("Her own words"),
    NoteKind.ORGANISER_ASKED: gettext_lazy("The organiser was asked"),
    NoteKind.ORGANISER_SAID: gettext_lazy("What the organiser says"),
    NoteKind.STEP: gettext_lazy("A next step"),
    NoteKind.TEAM: gettext_lazy("What changes for the team"),
    NoteKind.CALLED_HER: gettext_lazy("Called her"),
    NoteKind.CALLED_CONTACT: gettext_lazy("Called whom she named"),
    NoteKind.WENT: gettext_lazy("Went there"),
    NoteKind.FOUND: gettext_lazy("Found"),
    NoteKind.FOLLOWED_UP: gettext_lazy("Asked again"),
    NoteKind.NOTE: gettext_lazy("Note for welfare officers"),
    NoteKind.ENDED: gettext_lazy("How it ended"),
}
