"""How old the newest backup is, as a line of the page "Is the watch awake?" and of doctor. Pure."""

from __future__ import annotations

import datetime as dt

from homeby import instants
from homeby.findings import Finding, amber, green
from homeby.sentences import gettext as _

BACKUP = "backup"


def finding(made_at: dt.datetime | None, *, days_max: int, now: dt.datetime) -> Finding:
    """When a backup was last made (None: never), and whether that is too long ago; `days_max` is a
    setting (`RELIABILITY.md` section 12, threats 13 and 14)."""
    if made_at is None:
        return amber(BACKUP, _("No backup of this station was ever made."), _what_to_do())
    age = now - made_at
    said = instants.span(max(0.0, age.total_seconds()))
    sentence = _("The newest backup was made %s ago.") % said
    if age > dt.timedelta(days=days_max):
        return amber(BACKUP, sentence, _what_to_do())
    return green(BACKUP, sentence)


def _what_to_do() -> str:
    return _("Run: homeby backup. Carry the file to another place, and try a restore of it.")
