"""Invitations: links by which people open their own log-in, and begin anew after a lost phone.

Whoever makes the secret keeps it: it goes to the person and into no row and no entry. This room is
given its hash. Opening the page of a link uses nothing up, for scanners open links too.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import rules
from homeby.people.actions import factors, log_ins, providers
from homeby.people.actions.accounts import set_password
from homeby.people.actions.factors import Beside, NewPasskey
from homeby.people.actions.log_outs import end_others
from homeby.people.actions.organisation import require
from homeby.people.actions.providers import Subject
from homeby.people.models import Account, Device, Invitation, Person, PersonalToken
from homeby.people.rules import PersonKind, Role, Viewer

#: A first link waits for a week; one that lets somebody begin anew for a day, for it opens what is
#: open to its person already (ASVS 5.0, 6.4.1: such secrets are short-lived).
FIRST_DAYS = 7
ANEW_DAYS = 1


@logbook.once
def make_invitation(
    *,
    person_id: uuid.UUID,
    secret_hash: str,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
    beside: Beside,
) -> str:
    """Invite a person to open her own log-in, or, where she has one, to begin it anew, of which she
    is told. An earlier invitation counts no more. Its id is the tap's. Raises Refused."""
    require(by, Role.ADMINISTRATOR)
    with logbook.writing(now=now, by=by.person_id) as book:
        person = Person.objects.select_for_update().get(pk=person_id)
        if person.kind != PersonKind.HUMAN or not person.is_active:
            raise Refused(_("Only people who are with the organisation log in."))
        replaces = Account.objects.filter(person_id=person_id).exists()
        _revoke_open(book, person_id)
        answer = _("The link stands below, this once. Hand it to its person and nobody else.")
        page = _entry(book, rules.INVITATION_MADE, person_id, tap=tap, answer=answer)
        days = ANEW_DAYS if replaces else FIRST_DAYS
        page.add(
            Invitation(
                id=tap.entry_id,
                person_id=person_id,
                secret_hash=secret_hash,
                replaces=replaces,
                made_at=now,
                made_by_id=by.person_id,
                expires_at=now + dt.timedelta(days=days),
            )
        )
        if replaces:
            beside(page)
    return answer


def _entry(
    book: Book, kind: str, person_id: uuid.UUID, *, tap: Tap | None = None, answer: str = ""
) -> Page:
    subject = f"person:{person_id}"
    return book.entry(kind, subject=subject, person=person_id, tap=tap, answer=answer or None)


def _revoke_open(book: Book, person_id: uuid.UUID) -> None:
    rows = Invitation.objects.select_for_update().filter(person_id=person_id, used_at=None)
    for row in rows.filter(revoked_at=None, expires_at__gt=book.now):
        _entry(book, rules.INVITATION_REVOKED, person_id).change(row, revoked_at=book.now)


@logbook.once
def revoke_invitation(*, invitation_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """From this commit on the link opens nothing. Raises Refused."""
    require(by, Role.ADMINISTRATOR)
    answer = _("Revoked: the link opens nothing any more.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Invitation.objects.select_for_update().filter(pk=invitation_id).first()
        if row is None:
            raise Refused(_("There is no such invitation."))
        if row.used_at is not None:
            raise Refused(_("This invitation was used already; there is nothing to revoke."))
        page = _entry(book, rules.INVITATION_REVOKED, row.person_id, tap=tap, answer=answer)
        if row.revoked_at is None:
            page.change(row, revoked_at=now)
    return answer


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What whoever opened an invitation chose: a log-in name (nothing where she has one), and a
    passkey, a password, or who she is to the provider."""

    login: str = ""
    password: str | None = None
    passkey: NewPasskey | None = None
    subject: Subject | None = None


def use_invitation(
    *, secret_hash: str, chosen: Chosen, now: dt.datetime, tap: Tap, beside: Beside
) -> Account:
    """Open the log-in of an invitation's person by what she chose, once; gives the account. Where
    she had one, whatever opened it before counts no more, and no key of a phone or program of hers:
    what is lost may hold all of them. Raises Refused."""
    with logbook.writing(now=now, by=None, device=tap.device) as book:
        row = Invitation.objects.select_for_update().filter(secret_hash=secret_hash).first()
        if row is None or row.revoked_at is not None or row.expires_at <= now:
            raise Refused(_("This link has lapsed or was revoked. Ask for a new one."))
        if row.used_at is not None:
            raise Refused(_("This link has been used. Log in, or ask for a new one."))
        if not Person.objects.filter(pk=row.person_id, is_active=True).exists():
            raise Refused(_("This account is not in use any more. Ask an administrator."))
        book.by = row.person_id
        page = _entry(book, rules.INVITATION_USED, row.person_id, tap=tap)
        page.change(row, used_at=now)
        account = _opened(page, row, chosen, now=now)
        if chosen.passkey is not None:
            factors.put_passkey(account, chosen.passkey, now=now)
        if chosen.subject is not None:
            providers.put_link(account, chosen.subject)
        beside(page)
    return account


def _opened(page: Page, row: Invitation, chosen: Chosen, *, now: dt.datetime) -> Account:
    account = Account.objects.select_for_update().filter(person_id=row.person_id).first()
    if account is not None:
        factors.forget_all(account)
        providers.forget_links(account)
        log_ins.forget_sessions(account)
        set_password(account, chosen.password)
        end_others(page, account, now=now)
        _end_keys(page, row.person_id, now=now)
        page.change(account, password=account.password)
        return account
    login = chosen.login.strip().lower()
    if not login:
        raise Refused(login=_("Give a log-in name."))
    if Account.objects.filter(login=login).exists():
        raise Refused(login=_("This log-in name is taken."))
    account = Account(id=row.pk, person_id=row.person_id, login=login)
    set_password(account, chosen.password)
    page.add(account)
    return account


def _end_keys(page: Page, person_id: uuid.UUID, *, now: dt.datetime) -> None:
    for keys in (Device, PersonalToken):
        rows = keys._default_manager.select_for_update().filter(person_id=person_id)
        for row in rows.filter(revoked_at__isnull=True).order_by("pk"):
            page.change(row, revoked_at=now, revoked_by_id=person_id)
