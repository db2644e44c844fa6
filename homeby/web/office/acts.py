"""Acts of the office that are one button: no form, one answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from homeby.comms.actions import verify
from homeby.logbook.rules import Tap
from homeby.people.actions import contacts, kin, persons, teams
from homeby.people.rules import Role
from homeby.watch.actions import bill
from homeby.web.door import Door
from homeby.web.office.blanks_people import contact_owner

Do = Callable[[Door, uuid.UUID, Tap], str]
Where = Callable[[uuid.UUID], str]


@dataclass(frozen=True, kw_only=True)
class Act:
    """One button. `roles` empty: the action itself judges whose it is. `then` leads on, in place of
    the page the button stands on."""

    do: Do
    roles: tuple[Role, ...] = ()
    then: Where | None = None


def _active(value: bool) -> Do:
    def do(door: Door, person_id: uuid.UUID, tap: Tap) -> str:
        return persons.change_person(
            person_id=person_id,
            values={"is_active": value},
            by=door.viewer,
            now=door.now,
            tap=tap,
        )

    return do


def _end_role(door: Door, item: uuid.UUID, tap: Tap) -> str:
    return teams.end_role(role_held_id=item, by=door.viewer, now=door.now, tap=tap)


def _leave(door: Door, item: uuid.UUID, tap: Tap) -> str:
    return teams.leave_team(membership_id=item, by=door.viewer, now=door.now, tap=tap)


def _send_code(door: Door, item: uuid.UUID, tap: Tap) -> str:
    contact_owner(door, item)
    return verify.send_code(contact_id=item, by=door.viewer, now=door.now, tap=tap)


def _send_test(door: Door, item: uuid.UUID, tap: Tap) -> str:
    contact_owner(door, item)
    return verify.send_test(contact_id=item, by=door.viewer, now=door.now, tap=tap)


def _remove_contact(door: Door, item: uuid.UUID, tap: Tap) -> str:
    contact_owner(door, item)
    return contacts.remove_contact(contact_id=item, by=door.viewer, now=door.now, tap=tap)


def _remove_kin(door: Door, item: uuid.UUID, tap: Tap) -> str:
    return kin.remove_kin(kin_id=item, by=door.viewer, now=door.now, tap=tap)


def _remove_watch(door: Door, item: uuid.UUID, tap: Tap) -> str:
    return bill.remove_watch(row_id=item, by=door.viewer, now=door.now, tap=tap)


def _not_fit(door: Door, item: uuid.UUID, tap: Tap) -> str:
    return bill.not_fit(by=door.viewer, now=door.now, tap=tap)


def _to_code(item: uuid.UUID) -> str:
    return reverse("office-form", args=["codes", item])


_STAFF = (Role.ADMINISTRATOR, Role.LEADER)
ACTS: dict[tuple[str, str], Act] = {
    ("people", "deactivate"): Act(do=_active(False), roles=_STAFF),
    ("people", "activate"): Act(do=_active(True), roles=_STAFF),
    ("roles", "end"): Act(do=_end_role, roles=(Role.ADMINISTRATOR,)),
    ("memberships", "leave"): Act(do=_leave, roles=_STAFF),
    ("contact-points", "send_code"): Act(do=_send_code, then=_to_code),
    ("contact-points", "test"): Act(do=_send_test),
    ("contact-points", "remove"): Act(do=_remove_contact),
    ("kin", "remove"): Act(do=_remove_kin),
    ("bill", "remove"): Act(do=_remove_watch, roles=(Role.ADMINISTRATOR, Role.DUTY_OFFICER)),
    ("bill", "not_fit"): Act(do=_not_fit),
}
