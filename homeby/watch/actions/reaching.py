"""What somebody does to another person's way of being reached, or to her part in the watch.

The act is that of `people`; in the same commit the person hears of it at once, and so does whoever
holds the watch, if she is out or is one of those whom the watch would tell. Nobody is made
unreachable in silence (P17). What she does herself, she knows.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from homeby.comms.actions.tell import tell
from homeby.comms.rules import MESSAGE_QUEUED, MessageKind, Order
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Tap
from homeby.people import queries as people
from homeby.people.actions import contacts, kin, organisation, persons, teams
from homeby.people.queries import OrganisationFacts
from homeby.people.queries.apart import read_as
from homeby.people.queries.who import role_holder
from homeby.people.rules import MayKnow, Recipient, Viewer
from homeby.people.texts import Words, named, spoken_to
from homeby.watch.actions import kin_care
from homeby.watch.actions.notices import keepers, notify_naming, officers
from homeby.watch.actions.recipients import officers_about
from homeby.watch.queries import pauses

Act = Callable[[], str]


def _done_to(
    person_id: uuid.UUID | None, act: Act, what: Act, *, by: Viewer, now: dt.datetime
) -> str:
    """Do an act and tell whoever it was done to `what` it was, in the reader's language. Whoever is
    no person (the station) has no need to be told on."""
    if by.person_id in (None, person_id) or person_id is None:
        return act()
    before = people.recipients([person_id]).get(person_id)
    watched = _is_watched(person_id, now=now)
    with logbook.writing(now=now, by=by.person_id) as book:
        answer = act()
        page = book.entry(MESSAGE_QUEUED, subject=f"person:{person_id}", person=person_id)
        page.state(what=what())
        _tell_person(page, people.recipients([person_id]).get(person_id) or before, what, by)
        if watched:
            who = people.names([person_id]).get(person_id, "?")

            def words(names: Mapping[uuid.UUID, str]) -> Words:
                head = _("%(who)s: %(what)s") % {"who": who, "what": what()}
                return head, _("By %s.") % named(by, names)

            to = officers_about([person_id], now=now, knows=(by.person_id,))
            key, about = _key(page), f"person:{person_id}"
            notify_naming(page, to, words, naming=[by.person_id], key=key, about=about)
    return answer


def _is_watched(person_id: uuid.UUID, *, now: dt.datetime) -> bool:
    """Whether she is out, or is one of those whom the watch tells."""
    out = any(str(person_id) in subject.party for subject in pauses.watched())
    return out or person_id in keepers(now=now)


def _key(page: Page) -> str:
    return f"done:{page.entry.entry_id}"


def _tell_person(page: Page, one: Recipient | None, what: Act, by: Viewer) -> None:
    if one is None:
        return
    with spoken_to(one):
        head = _("About you: %s") % what()
        text = _("By %s. If this is wrong, tell the duty officer or an administrator.")
        text %= named(by, read_as([by.person_id]).to(one.person_id))
    order = Order(
        key=f"{_key(page)}/{one.person_id}",
        about=f"person:{one.person_id}",
        recipient=one,
        kind=MessageKind.NOTICE,
        subject=head,
        text=text,
        in_danger=True,
    )
    tell(page, [order], now=page.book.now)


@logbook.once
def remove_contact(*, contact_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Remove a contact point."""
    owner = people.recipient_at(contact_id)

    def act() -> str:
        return contacts.remove_contact(contact_id=contact_id, by=by, now=now, tap=tap)

    def what() -> str:
        return _("a contact point was removed")

    return _done_to(owner.person_id if owner else None, act, what, by=by, now=now)


@logbook.once
def order_contacts(
    *,
    person_id: uuid.UUID,
    ranks: Mapping[uuid.UUID, contacts.Ranks],
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Set the order in which a person's contact points are used."""

    def act() -> str:
        return contacts.order_contacts(person_id=person_id, ranks=ranks, by=by, now=now, tap=tap)

    def what() -> str:
        return _("the order of the contact points was changed")

    return _done_to(person_id, act, what, by=by, now=now)


@logbook.once
def remove_kin(*, kin_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Remove kin; they are told nothing from now on, nor what still waits to be sent."""
    owner = next((one.kin_of for one in people.kin_by_id([kin_id])), None)

    def act() -> str:
        with logbook.writing(now=now, by=by.person_id) as book:
            answer = kin.remove_kin(kin_id=kin_id, by=by, now=now, tap=tap)
            kin_care.silence(book, kin_id)
        return answer

    def what() -> str:
        return _("somebody was taken from the kin")

    return _done_to(owner, act, what, by=by, now=now)


@logbook.once
def change_kin(
    *, kin_id: uuid.UUID, values: kin.KinFields, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Change what was said of kin; if nothing may be told any more, nothing that waits is sent."""
    with logbook.writing(now=now, by=by.person_id) as book:
        answer = kin.change_kin(kin_id=kin_id, kin=values, by=by, now=now, tap=tap)
        if values.may_know is MayKnow.NOTHING:
            kin_care.silence(book, kin_id)
    return answer


@logbook.once
def end_role(*, role_held_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """End a role now; whoever held it is no longer told by it."""
    held = role_holder(role_held_id)

    def act() -> str:
        return teams.end_role(role_held_id=role_held_id, by=by, now=now, tap=tap)

    def what() -> str:
        return _("the role %s was ended") % (held.role if held else "?")

    return _done_to(held.person_id if held else None, act, what, by=by, now=now)


@logbook.once
def change_person(
    *, person_id: uuid.UUID, values: dict[str, Any], by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Change a person's details; whoever is made inactive is told nothing any more, and hears
    that."""

    def act() -> str:
        return persons.change_person(person_id=person_id, values=values, by=by, now=now, tap=tap)

    def what() -> str:
        return _("no longer active: the watch tells nothing any more")

    if values.get("is_active") is not False:
        return act()
    return _done_to(person_id, act, what, by=by, now=now)


#: Limits by which the watch over everybody is measured.
_LIMITS = ("grace_minutes", "grace_minutes_solo", "check_in_minutes_solo", "acknowledge_minutes")


@logbook.once
def set_organisation(*, values: OrganisationFacts, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Set the organisation's name and limits; whoever holds the watch hears of changed limits."""
    before = people.organisation()
    changed = [
        name
        for name in _LIMITS
        if before is not None and getattr(before, name) != getattr(values, name)
    ]

    def act() -> str:
        return organisation.set_organisation(values=values, by=by, now=now, tap=tap)

    if not changed or by.person_id is None:
        return act()
    with logbook.writing(now=now, by=by.person_id) as book:
        answer = act()
        page = book.entry(MESSAGE_QUEUED, subject="organisation")
        page.state(what=changed)

        def words(names: Mapping[uuid.UUID, str]) -> Words:
            text = _("By %s: grace, check-ins of one alone, or how long an alarm stays taken.")
            return _("The limits of the watch were changed"), text % named(by, names)

        to, naming = officers(now=now, without=(by.person_id,)), [by.person_id]
        notify_naming(page, to, words, naming=naming, key=_key(page), about="organisation")
    return answer
