"""How somebody is reached and who is told of her: what is changed, and what she hears of it.

Whoever has taken her phone may be the one who changes it, so she is told at every contact point.
What somebody else takes away or re-orders is told by `watch.actions.reaching`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from homeby.comms.actions import credentials
from homeby.logbook.rules import Tap
from homeby.people import queries as people
from homeby.people.actions import contacts, kin
from homeby.watch.actions import reaching
from homeby.web.door import Door


def _done(
    door: Door, whose: uuid.UUID, act: Callable[[], str], said: Callable[[], str], tap: Tap
) -> str:
    return credentials.done(whose, act, said, by=door.viewer, now=door.now, tap=tap)


def add_contact(door: Door, *, person_id: uuid.UUID, tap: Tap, **fields: Any) -> str:
    """Add a contact point; told at those that count already."""

    def act() -> str:
        return contacts.add_contact(
            person_id=person_id, by=door.viewer, now=door.now, tap=tap, **fields
        )

    return _done(door, person_id, act, lambda: _("A contact point of yours was added."), tap)


def order_contacts(door: Door, *, person_id: uuid.UUID, ranks: Any, tap: Tap) -> str:
    """Set the order in which contact points are used."""

    def act() -> str:
        return reaching.order_contacts(
            person_id=person_id, ranks=ranks, by=door.viewer, now=door.now, tap=tap
        )

    if door.viewer.person_id != person_id:
        return act()
    return _done(
        door, person_id, act, lambda: _("The order of your contact points was changed."), tap
    )


def remove_contact(door: Door, contact_id: uuid.UUID, tap: Tap) -> str:
    """Remove a contact point; told at those that are left."""

    def act() -> str:
        return reaching.remove_contact(contact_id=contact_id, by=door.viewer, now=door.now, tap=tap)

    owner = people.recipient_at(contact_id)
    if owner is None or owner.person_id != door.viewer.person_id:
        return act()
    return _done(
        door, owner.person_id, act, lambda: _("A contact point of yours was removed."), tap
    )


def name_kin(door: Door, *, person_id: uuid.UUID, fields: kin.KinFields, tap: Tap) -> str:
    """Name somebody who is told of her."""

    def act() -> str:
        return kin.name_kin(person_id=person_id, kin=fields, by=door.viewer, now=door.now, tap=tap)

    return _done(door, person_id, act, lambda: _("Somebody was named who is told of you."), tap)


def change_kin(door: Door, *, kin_id: uuid.UUID, fields: kin.KinFields, tap: Tap) -> str:
    """Change what was said of one whom the viewer has named."""

    def act() -> str:
        return reaching.change_kin(
            kin_id=kin_id, values=fields, by=door.viewer, now=door.now, tap=tap
        )

    assert door.viewer.person_id is not None, "whoever is here is logged in"
    return _done(
        door,
        door.viewer.person_id,
        act,
        lambda: _("What one of your kin is told, or where, was changed."),
        tap,
    )


def remove_kin(door: Door, kin_id: uuid.UUID, tap: Tap) -> str:
    """Take one of her kin from those who are told."""

    def act() -> str:
        return reaching.remove_kin(kin_id=kin_id, by=door.viewer, now=door.now, tap=tap)

    owner = next((one.kin_of for one in people.kin_by_id([kin_id])), None)
    if owner is None or owner != door.viewer.person_id:
        return act()
    return _done(
        door, owner, act, lambda: _("Somebody was taken from those who are told of you."), tap
    )
