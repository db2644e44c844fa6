"""Switching the search for people who are left out on and off, telling everybody of it, and what
somebody wants not to be said about herself."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from django.utils.translation import gettext as _

from homeby.comms.queries import keys_written
from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people.actions.organisation import require
from homeby.people.queries import holders
from homeby.people.queries.in_teams import everybody_of_team
from homeby.people.rules import STATION, Role, Viewer
from homeby.people.texts import Words
from homeby.watch.actions.notices import notify
from homeby.welfare.actions.held import hold_nothing
from homeby.welfare.models import NotAbout, SearchPeriod
from homeby.welfare.queries.switch import search
from homeby.welfare.rules import switch as rules
from homeby.welfare.rules.switch import Unasked

#: So many are told in one commit.
TOLD_AT_ONCE = 200


@logbook.once
def set_search(*, is_on: bool, one_in_years: int, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Switch it on with a promise, give it another one, or switch it off: then nothing that it made
    up is kept."""
    require(by, Role.ADMINISTRATOR)
    if is_on and one_in_years not in rules.ONE_IN_YEARS:
        raise Refused(one_in_years=_("Choose one of the numbers that are offered."))
    if is_on and not holders(Role.WELFARE_OFFICER, now=now):
        raise Refused(
            _(
                "Nobody is a welfare officer yet, and somebody must be there to hear of it. Give "
                "somebody that role first: office, people."
            )
        )
    with logbook.writing(now=now, by=by.person_id) as book:
        row = SearchPeriod.objects.select_for_update().filter(is_open=True).first()
        if is_on and row is not None and row.one_in_years == one_in_years:
            raise Refused(_("It is on, and with this promise, already."))
        if not is_on and row is None:
            raise Refused(_("It is off already."))
        answer = _said(is_on=is_on, was_on=row is not None)
        page = book.entry(
            rules.SEARCH_SET,
            subject="search",
            facts={"is_on": is_on, "one_in_years": one_in_years if is_on else None},
            tap=tap,
            answer=answer,
        )
        if row is not None:
            page.change(row, to_at=max(now, row.from_at), is_open=None)
        if is_on:
            page.add(
                SearchPeriod(
                    id=tap.entry_id, from_at=now, one_in_years=one_in_years, by_id=by.person_id
                )
            )
        else:
            hold_nothing()
    return answer


def _said(*, is_on: bool, was_on: bool) -> str:
    if not is_on:
        return _("It is off. What it had made up of anybody is deleted.")
    if was_on:
        return _("Saved. The new promise counts from now on.")
    return _("It is on. Everybody is told within the hour what it looks at, and what it does not.")


def tell_everybody(*, now: dt.datetime, rest: Callable[[], None]) -> int:
    """Tell whoever was not told since it was switched on, also who has come since; gives how many.
    Safe to repeat and to interrupt."""
    found = search(STATION)
    if not found.is_on or found.since is None:
        return 0
    key, told = f"search:{found.since:%Y%m%dT%H%M%S}", 0
    everybody = everybody_of_team(None)
    for first in range(0, len(everybody), TOLD_AT_ONCE):
        several = everybody[first : first + TOLD_AT_ONCE]
        known = keys_written(f"{key}/{one}" for one in several)
        to = [one for one in several if f"{key}/{one}" not in known]
        if not to:
            continue
        with logbook.writing(now=now, by=None, device="station") as book:
            page = book.entry(rules.SEARCH_TOLD, subject="search", facts={"count": len(to)})
            notify(page, to, _words, key=key, about="search", in_danger=False)
        told += len(to)
        rest()
    return told


def _words() -> Words:
    text = _(
        "From now on Homeby compares whom your team asks, tells in time and picks with what an "
        "even hand would give. It looks at what is planned and decided; it reads no message, "
        "keeps no score and puts nobody in an order. If decisions go against you for long, you "
        "hear of it, and so does a welfare officer outside your team; you say whether anybody "
        "else is asked. Your own page shows what it counts about you, and there you can switch "
        "it off."
    )
    also = _(
        "Whoever is out of touch for long, says no far more often than before, or is picked far "
        "more often than the others, is asked how she is by that officer alone."
    )
    return _("Homeby now looks whether anybody is left out"), f"{text} {also}"


@logbook.once
def set_unasked(*, said: Unasked, wanted: bool, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Whether something may be said about herself though she did not ask. She alone says so, and
    nobody is told."""
    if by.person_id is None:
        raise Refused(_("Only she herself says so, with a log-in of her own."))
    answer = _("Saved. It may be said.") if wanted else _("Saved. It is not said.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = _open_row(by.person_id, said)
        page = book.entry(
            rules.UNASKED_SET,
            subject=f"person:{by.person_id}",
            person=by.person_id,
            facts={"said": said, "wanted": wanted},
            tap=tap,
            answer=answer,
        )
        if wanted and row is not None:
            page.change(row, to_at=max(now, row.from_at))
        elif not wanted and row is None:
            page.add(NotAbout(id=tap.entry_id, person_id=by.person_id, said=said, from_at=now))
    return answer


def _open_row(person_id: uuid.UUID, said: Unasked) -> NotAbout | None:
    rows = NotAbout.objects.select_for_update(of=("self",))
    return rows.filter(person_id=person_id, said=said, to_at__isnull=True).first()
