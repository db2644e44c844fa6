"""A team outside of which no welfare officer stands has nobody who could hear of a signal: whoever
gives roles is told so, whether there is any signal or not, so that it says nothing of anybody."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.queries import visible_entries
from homeby.people.queries import holders, team_choices
from homeby.people.rules import STATION, Role
from homeby.people.texts import Words
from homeby.watch.actions.notices import notify
from homeby.welfare.queries.concerns import outside_of
from homeby.welfare.queries.search import members_now
from homeby.welfare.queries.switch import search
from homeby.welfare.rules import switch as rules

#: It is said again after so long.
AGAIN = dt.timedelta(days=30)
#: Who can mend it, or looks after those who look after others.
TOLD = (Role.ADMINISTRATOR, Role.SAFEGUARDING_LEAD, Role.WELFARE_OFFICER)


def tell(*, now: dt.datetime) -> int:
    """Say it of each such team that has members, once in so long; gives of how many. Safe to
    repeat."""
    if not search(STATION).is_on:
        return 0
    names = dict(team_choices(STATION))
    without = {
        f"team:{team}": names[team]
        for team in members_now()
        if team in names and not outside_of([team], now=now)
    }
    lately = visible_entries(STATION).filter(
        kind=rules.OFFICER_MISSING, subject__in=without, recorded_at__gt=now - AGAIN
    )
    known = set(lately.values_list("subject", flat=True))
    for subject, name in without.items():
        if subject not in known:
            _tell(subject, name, now=now)
    return len(without.keys() - known)


def _tell(subject: str, name: str, *, now: dt.datetime) -> None:
    def words() -> Words:
        text = _(
            "Whoever is in this team, or leads it, hears of nothing that concerns it. Give the "
            "role of a welfare officer to somebody else: office, people. This is said whether "
            "anything was found or not."
        )
        return _("No welfare officer outside %s") % name, text

    to = dict.fromkeys(key for role in TOLD for key in holders(role, now=now))
    with logbook.writing(now=now, by=None, device="station") as book:
        page = book.entry(rules.OFFICER_MISSING, subject=subject)
        notify(page, to, words, key=f"officer:{page.entry.entry_id}", about="search",
               in_danger=False)  # fmt: skip
