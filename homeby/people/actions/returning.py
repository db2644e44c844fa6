"""Who left and comes back: nothing of what she held before comes back with her by itself."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from homeby.logbook.actions import Page
from homeby.people import rules
from homeby.people.actions.log_outs import end_others
from homeby.people.actions.teams import end_roles
from homeby.people.models import Account, Device, Membership, PersonalToken

End = Callable[[Page, uuid.UUID], None]
_ends: list[End] = []


def end_by(end: End) -> None:
    """Have this called for everybody who comes back, from now on: another room knows of more that
    she held."""
    _ends.append(end)


def bring_nothing_back(page: Page, person_id: uuid.UUID) -> None:
    """Beside the entry that she is here again: roles and memberships that nobody ended have ended,
    tokens and phones of before open nothing, and every log-in is over; each by an entry of its own.
    What she may do now, somebody decides anew."""
    _end_roles_and_memberships(page, person_id)
    _revoke(page, person_id)
    for end in _ends:
        end(page, person_id)
    for account in Account.objects.select_for_update().filter(person_id=person_id):
        end_others(page, account, now=page.book.now)


def _end_roles_and_memberships(page: Page, person_id: uuid.UUID) -> None:
    book = page.book
    end_roles(book, person_id=person_id)
    places = Membership.objects.select_for_update().filter(person_id=person_id, to_at__isnull=True)
    for place in places.order_by("pk"):
        team = f"team:{place.team_id}"
        ended = book.entry(rules.MEMBERSHIP_ENDED, subject=team, person=person_id)
        ended.change(place, to_at=max(book.now, place.from_at))


def _revoke(page: Page, person_id: uuid.UUID) -> None:
    book = page.book
    values = {"revoked_at": book.now, "revoked_by_id": book.by or person_id}
    tokens = PersonalToken.objects.select_for_update().filter(
        person_id=person_id, revoked_at__isnull=True
    )
    for token in tokens.order_by("pk"):
        about = f"token:{token.pk}"
        book.entry(rules.TOKEN_REVOKED, subject=about, person=person_id).change(token, **values)
    devices = Device.objects.select_for_update().filter(
        person_id=person_id, revoked_at__isnull=True
    )
    for device in devices.order_by("pk"):
        about = f"device:{device.pk}"
        book.entry(rules.DEVICE_REVOKED, subject=about, person=person_id).change(device, **values)
