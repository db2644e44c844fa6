"""Telling a person that somebody changed how her account is opened, wherever she is reached.

The message is a row of the same commit as the change (`people.actions.factors`, `beside`). It goes
to every verified contact point at once and not to one after the other: whoever has taken her phone
must not be the only one to read it (ASVS 5.0, 6.3.7).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from django.utils.translation import gettext as _

from homeby.comms.actions.tell import tell
from homeby.comms.rules import MESSAGE_QUEUED, MessageKind, Order
from homeby.logbook import actions as logbook
from homeby.logbook import queries as entries
from homeby.logbook.actions import Page
from homeby.logbook.rules import Tap
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.people.texts import Said, say_to


def told(person_id: uuid.UUID, said: Callable[[], str]) -> Callable[[Page], None]:
    """What writes the message: `said` says what has changed, in the language of its reader."""

    def words() -> tuple[str, str]:
        text = _(
            "%(what)s If this was you, there is nothing to do. If it was not, end all log-ins on "
            "your page and tell an administrator now."
        )
        return _("Your log-in at Homeby was changed"), text % {"what": said()}

    return partial(_everywhere, person_id, words)


def _everywhere(person_id: uuid.UUID, words: Said, page: Page, key: str = "log-in") -> None:
    found = people.recipients([person_id]).get(person_id)
    if found is None:
        return
    subject, text = say_to(found, words)
    reaches = found.reaches_ever(in_danger=False)
    tell(
        page,
        [
            Order(
                key=f"{key}:{page.entry.entry_id}/{place}",
                about=f"person:{person_id}",
                recipient=replace(found, reaches=(reach,)),
                kind=MessageKind.NOTICE,
                subject=subject,
                text=text,
            )
            for place, reach in enumerate(reaches)
        ],
        now=page.book.now,
    )


def done(  # noqa: PLR0913 - an act, whose it is, and what is said of it
    person_id: uuid.UUID,
    act: Callable[[], str],
    said: Callable[[], str],
    *,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
    others: Iterable[uuid.UUID] = (),
    to_others: Said | None = None,
) -> str:
    """Do what opens a door in her name or changes how she is reached, and tell her in the same
    commit; `others` hear `to_others` of it. Sent twice, it is done and told once."""
    if entries.answer_given(tap.entry_id) is not None:
        return act()
    with logbook.writing(now=now, by=by.person_id) as book:
        answer = act()
        page = book.entry(MESSAGE_QUEUED, subject=f"person:{person_id}", person=person_id)
        told(person_id, said)(page)
        for other in others if to_others is not None else ():
            if other != person_id:
                assert to_others is not None, "asked above"
                _everywhere(other, to_others, page, f"told:{other}")
    return answer
