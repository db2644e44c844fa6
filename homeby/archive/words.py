"""What somebody looked at, in words: for the page of looks and for an archive."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from homeby.logbook.reading import ReadKind

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
