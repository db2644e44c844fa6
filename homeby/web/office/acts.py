"""Acts of the office that are one button: no form, one answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from homeby.comms.actions import verify
from homeby.logbook.rules import Tap
from homeby.missions.actions.places import Place, end_place
from homeby.people.actions import kin, kin_links, proofs, teams
from homeby.people.actions.devices import revoke_device
from homeby.people.actions.ranks import end_rank
from homeby.people.rules import Role
from homeby.watch.actions import bill, reaching
from homeby.web.door import Door
from homeby.web.office import own_reach
from homeby.web.office.blanks_people import contact_owner

Do = Callable[[Door, uuid.UUID, Tap], str]
Where = Callable[[uuid.UUID], str]


@dataclass(frozen=True, kw_only=True)
class Act:
    """One button. `roles` empty: the action itself judges whose it is. `then` leads on, in place of
    the page the button stands on. `proves`: who presses it proves first that it is she, and as is
    asked of those who open doors to others; `proves_own`: that it is she."""

    do: Do
    roles: tuple[Role, ...] = ()
    proves: bool = False
    proves_own: bool = False
    then: Where | None = None


def _active(value: bool) -> Do:
    def do(door: Door, person_id: uuid.UUID, tap: Tap) -> str:
        return reaching.change_person(
            person_id=person_id,
            values={"is_active": value},
            by=door.viewer,
            now=door.now,
            tap=tap,
        )

    return do


def _end_role(door: Door, item: uuid.UUID, tap: Tap) -> str:
    return reaching.end_role(role_held_id=item, by=door.viewer, now=door.now, tap=tap)


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
    return own_reach.remove_contact(door, item, tap)


def _remove_kin(door: Door, item: uuid.UUID, tap: Tap) -> str:
    return own_reach.remove_kin(door, item, tap)


def _kin_up(door: Door, item: uuid.UUID, tap: Tap) -> str:
    return kin.move_up(kin_id=item, by=door.viewer, now=door.now, tap=tap)


def _renew_link(door: Door, item: uuid.UUID, tap: Tap) -> str:
    return kin_links.renew_link(kin_id=item, by=door.viewer, now=door.now, tap=tap)


def _withdraw_link(door: Door, item: uuid.UUID, tap: Tap) -> str:
    return kin_links.withdraw_link(kin_id=item, by=door.viewer, now=door.now, tap=tap)


def _place(place: Place, *, ended: bool) -> Do:
    def do(door: Door, key: uuid.UUID, tap: Tap) -> str:
        return end_place(place=place, key=key, ended=ended, by=door.viewer, now=door.now, tap=tap)

    return do


def _rank(*, ended: bool) -> Do:
    def do(door: Door, key: uuid.UUID, tap: Tap) -> str:
        return end_rank(rank_id=key, ended=ended, by=door.viewer, now=door.now, tap=tap)

    return do


def _revoke(door: Door, item: uuid.UUID, tap: Tap) -> str:
    return revoke_device(device_id=item, by=door.viewer, now=door.now, tap=tap)


def _remove_badge(door: Door, item: uuid.UUID, tap: Tap) -> str:
    return proofs.remove_badge(badge_id=item, by=door.viewer, now=door.now, tap=tap)


def _remove_pin(door: Door, item: uuid.UUID, tap: Tap) -> str:
    return proofs.remove_pin(person_id=item, by=door.viewer, now=door.now, tap=tap)


def _to_list(kind: str) -> Where:
    return lambda _item: reverse("office-list", args=[kind])


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
    ("contact-points", "remove"): Act(do=_remove_contact, proves_own=True),
    ("kin", "remove"): Act(do=_remove_kin, proves_own=True),
    ("kin", "up"): Act(do=_kin_up),
    ("kin", "renew"): Act(do=_renew_link),
    ("kin", "withdraw"): Act(do=_withdraw_link),
    ("bill", "remove"): Act(do=_remove_watch, roles=(Role.ADMINISTRATOR, Role.DUTY_OFFICER)),
    ("bill", "not_fit"): Act(do=_not_fit),
    ("devices", "revoke"): Act(do=_revoke),
    ("badges", "remove"): Act(do=_remove_badge),
    ("pins", "remove"): Act(do=_remove_pin, proves=True),
}
_ENDED: tuple[tuple[str, Callable[[bool], Do]], ...] = (
    ("sites", lambda ended: _place(Place.SITE, ended=ended)),
    ("gates", lambda ended: _place(Place.GATE, ended=ended)),
    ("reasons", lambda ended: _place(Place.REASON, ended=ended)),
    ("kinds", lambda ended: _place(Place.KIND, ended=ended)),
    ("debrief-items", lambda ended: _place(Place.DEBRIEF_ITEM, ended=ended)),
    ("ranks", lambda ended: _rank(ended=ended)),
)
for _kind, _make in _ENDED:
    for _act, _is_end in (("end", True), ("resume", False)):
        ACTS[_kind, _act] = Act(
            do=_make(_is_end), roles=(Role.ADMINISTRATOR,), then=_to_list(_kind)
        )
