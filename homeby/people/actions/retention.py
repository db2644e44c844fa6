"""Setting rules of retention, and erasing what is sealed of people: contact points, kin, home,
health, note, and the key under which they were."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import kinds
from homeby.people.actions.organisation import require
from homeby.people.actions.ways_in import forget_ways_in
from homeby.people.models import (
    Account,
    Badge,
    Block,
    CallsignDue,
    ContactPoint,
    Device,
    Health,
    Home,
    Kin,
    LogInTry,
    Membership,
    Minor,
    Person,
    PersonalToken,
    PersonKey,
    Pin,
    Retention,
    RoleHeld,
    StayAway,
    WhereIWouldBe,
)
from homeby.people.rules import Role, Viewer
from homeby.people.rules_callsigns import ERASED_NAME
from homeby.people.rules_private import UNCOUNTED, Lasting, problem_with_days

#: What stands in place of the name of somebody who was erased; no text of ours, but data.
_SEALED = (ContactPoint, Kin, Home, Health, WhereIWouldBe, Minor)
_HERS_ALONE = (Badge, Pin, Block, StayAway)
#: Tables of which no row of hers is left once she is erased.
REMOVED = (*_SEALED, *_HERS_ALONE, LogInTry)


@logbook.once
def set_retention(
    *, lasting: Lasting, days: int | None, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Keep one kind of data for so many days, or (None) for ever."""
    require(by, Role.ADMINISTRATOR)
    if problem := problem_with_days(days):
        raise Refused(**{lasting.lower(): problem})
    answer = _("Saved.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Retention.objects.select_for_update().filter(lasting=lasting).first()
        page = book.entry(
            kinds.RETENTION_SET,
            subject="retention",
            facts={"lasting": lasting, "days": days, "was": row.days if row else None},
            tap=tap,
            answer=answer,
        )
        if row is None:
            page.add(Retention(lasting=lasting, days=days))
        else:
            page.change(row, days=days)
    return answer


def note_applied(done: Mapping[Lasting, int], *, by: uuid.UUID | None, now: dt.datetime) -> None:
    """Note that every rule that is set was applied, and how much each erased that is counted."""
    counted = {one: count for one, count in done.items() if one not in UNCOUNTED}
    with logbook.writing(now=now, by=by, device="retention") as book:
        book.entry(kinds.RETENTION_APPLIED, subject="retention", facts={"erased": counted})


def note_failed(*, why: str, now: dt.datetime) -> None:
    """Note that the rules could not be applied; what was erased before stays erased."""
    with logbook.writing(now=now, by=None, device="retention") as book:
        book.entry(kinds.RETENTION_FAILED, subject="retention", facts={"why": why})


def forget_contacts(*, person_id: uuid.UUID, by: uuid.UUID | None, now: dt.datetime) -> None:
    """Erase what is sealed of somebody who left: the rows go, and so does the key, by which the
    logbook's cipher text of them can be read no more."""
    with logbook.writing(now=now, by=by, device="retention") as book:
        person = Person.objects.select_for_update().get(pk=person_id)
        if person.is_active:
            raise Refused(_("This person is with us again; nothing of her is erased."))
        page = book.entry(kinds.CONTACTS_FORGOTTEN, subject=f"person:{person_id}", person=person_id)
        shred(page, person_id)


def shred(page: Page, person_id: uuid.UUID) -> None:
    """Remove all sealed rows of a person and destroy her key, as part of an entry."""
    for table in _SEALED:
        rows = table._default_manager.select_for_update().filter(person_id=person_id)
        for row in rows.order_by("pk"):
            page.remove(row)
    for key in PersonKey.objects.select_for_update().filter(person_id=person_id):
        page.change(key, wrapped=None)


def erase_rows(page: Page, person: Person) -> None:
    """Take everything that names or lets in a person out of the room's tables, as part of an entry:
    what is sealed, her names, log-in and all that opens it, PIN, badges, tokens, devices, roles and
    memberships. The rows to which others point (the person, ended roles) stay without a name."""
    now, own = page.book.now, {"person_id": person.pk}
    shred(page, person.pk)
    for due in CallsignDue.objects.select_for_update().filter(**own):
        page.remove(due)
    LogInTry.objects.filter(**own).delete()
    _remove_rows(page, person.pk)
    by = page.book.by
    for token in PersonalToken.objects.select_for_update().filter(**own).order_by("pk"):
        ended = {} if token.revoked_at else {"revoked_at": now, "revoked_by_id": by}
        page.change(token, name=ERASED_NAME, **ended)
    for device in Device.objects.select_for_update().filter(**own).order_by("pk"):
        ended = {} if device.revoked_at else {"revoked_at": now, "revoked_by_id": by}
        page.change(device, name=ERASED_NAME, **ended)
    for ends in (RoleHeld, Membership):
        held = ends._default_manager.select_for_update().filter(**own, to_at__isnull=True)
        for one in held.order_by("pk"):
            page.change(one, to_at=now)
    for account in Account.objects.select_for_update().filter(**own):
        forget_ways_in(account)
        account.set_unusable_password()
        page.change(
            account,
            login=f"erased-{person.pk}",
            is_active=False,
            password=account.password,
            last_login=None,
            logged_out_at=now,
        )
    page.change(person, name=ERASED_NAME, callsign="", key=None, rank_id=None, is_active=False)


def _remove_rows(page: Page, person_id: uuid.UUID) -> None:
    """What nobody else points to goes: badges, the PIN, blocks by her and of her, and whom she was
    kept away from for her own sake. Of what was filed for the sake of others stays that somebody
    was kept away, and no person: she is here no more, and their kin are told no sooner for it."""
    for table in _HERS_ALONE:
        rows = table._default_manager.select_for_update().filter(person_id=person_id)
        for row in rows.order_by("pk"):
            page.remove(row)
    for block in Block.objects.select_for_update().filter(blocked_id=person_id).order_by("pk"):
        page.remove(block)
    for column in ("other_id", "filed_by_id"):
        filed = StayAway.objects.select_for_update(of=("self",)).filter(**{column: person_id})
        for one in filed.order_by("pk"):
            page.change(one, **{column: None})
