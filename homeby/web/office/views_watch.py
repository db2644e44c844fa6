"""Is the watch awake? Every part of it in a sentence, for administrators and duty officers."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from homeby import clock, settings
from homeby.findings import Finding, Level, worst
from homeby.logbook import queries as logbook
from homeby.people.rules import Role
from homeby.retention import daily
from homeby.watch import wakefulness
from homeby.watch.rules import CHANNEL, backups
from homeby.web import reads, words
from homeby.web.accounts import lost_passwords
from homeby.web.context import WATCH_PAGE_ROLES
from homeby.web.door import Door, page


@page(*WATCH_PAGE_ROLES)
def office_watch(door: Door) -> HttpResponse:
    """The page."""
    return render(door.request, "office/watch.html", _shown(door))


@page(*WATCH_PAGE_ROLES)
def office_watch_rows(door: Door) -> HttpResponse:
    """The live part of the page."""
    return render(door.request, "office/_watch.html", _shown(door))


def findings(door: Door) -> list[Finding]:
    """What is known of the watch now; to an administrator also how old the newest backup is,
    and whether what is no longer kept was erased."""
    found = wakefulness.findings(
        door.viewer, now=door.now, real_now=clock.real_now(), pace=clock.speed()
    )
    found = [*found, *reads.findings(), *lost_passwords.findings()]
    if Role.ADMINISTRATOR not in door.viewer.roles or settings.current().demonstration:
        return found
    last = logbook.last_backup()
    days_max = settings.current().backup_days_max
    kept = daily.finding(now=door.now)
    return [
        *found,
        backups.finding(last[0] if last else None, days_max=days_max, now=door.now),
        *([kept] if kept is not None else []),
    ]


def _shown(door: Door) -> dict[str, Any]:
    found = findings(door)
    bad = sum(one.level is Level.RED for one in found)
    doubtful = sum(one.level is Level.AMBER for one in found)
    return {
        "level": worst(found).name.lower(),
        "bad": bad,
        "doubtful": doubtful,
        "parts": [
            {
                "title": _title(one.what),
                "level": one.level.name.lower(),
                "sentence": one.sentence,
                "what_to_do": one.what_to_do,
            }
            for one in found
        ],
    }


def _title(what: str) -> str:
    if what.startswith(CHANNEL):
        return _("Channel: %s") % words.word(words.CHANNELS, what.removeprefix(CHANNEL))
    return words.word(words.PARTS, what)
