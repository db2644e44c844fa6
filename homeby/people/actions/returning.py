"""Who left and comes back: nothing of what she held before comes back with her by itself."""

from __future__ import annotations

import uuid

from homeby.logbook.actions import Page
from homeby.people import rules
from homeby.people.actions.factors import end_others
from homeby.people.models import Account, Device, Membership, PersonalToken, RoleHeld


def bring_nothing_back(page: Page, person_id: uuid.UUID) -> None:
    """Beside the entry that she is here again: roles and memberships that nobody ended have ended,
    tokens and phones of before open nothing, and every log-in is over; each by an entry of its own.
    What she may do now, somebody decides anew."""
    book, own = page.book, {"person_id": person_id}
    for model, kind, about in (
        (RoleHeld, rules.ROLE_ENDED, lambda row: ({"role": row.role}, f"person:{person_id}")),
        (Membership, rules.MEMBERSHIP_ENDED, lambda row: ({}, f"team:{row.team_id}")),
    ):
        rows = model._default_manager.select_for_update().filter(**own, to_at=None)
        for row in rows.order_by("pk"):
            facts, subject = about(row)
            entry = book.entry(kind, subject=subject, person=row.person_id, facts=facts)
            entry.change(row, to_at=max(book.now, row.from_at))
    for model, kind, word in (
        (PersonalToken, rules.TOKEN_REVOKED, "token"),
        (Device, rules.DEVICE_REVOKED, "device"),
    ):
        rows = model._default_manager.select_for_update().filter(**own, revoked_at=None)
        for row in rows.order_by("pk"):
            entry = book.entry(kind, subject=f"{word}:{row.pk}", person=row.person_id)
            entry.change(row, revoked_at=book.now, revoked_by_id=book.by or person_id)
    for account in Account.objects.select_for_update().filter(**own):
        end_others(page, account, now=book.now)
