"""Accounts and log-in links."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Callable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import rules
from homeby.people.actions.organisation import require
from homeby.people.models import Account, LogInLink
from homeby.people.rules import Role, Viewer


@logbook.once
def open_account(
    *,
    person_id: uuid.UUID,
    login: str,
    password: str | None,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Open a log-in for a person; without a password only a log-in link opens it."""
    require(by, Role.ADMINISTRATOR)
    login = login.strip().lower()
    if not login:
        raise Refused(login=_("Give a log-in name."))
    if Account.objects.filter(login=login).exists():
        raise Refused(login=_("This log-in name is taken."))
    if Account.objects.filter(person_id=person_id).exists():
        raise Refused(login=_("This person has an account already."))
    account = Account(id=tap.entry_id, person_id=person_id, login=login)
    set_password(account, password)
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            rules.ACCOUNT_OPENED,
            subject=f"person:{person_id}",
            person=person_id,
            tap=tap,
            answer=_("Account opened."),
        )
        page.add(account)
    return _("Account opened.")


def set_password(account: Account, password: str | None) -> None:
    """Give an account in memory a password, or none that anybody could type. Raises Refused."""
    if password is None:
        account.set_unusable_password()
        return
    try:
        validate_password(password, account)
    except ValidationError as trouble:
        raise Refused(password=" ".join(trouble.messages)) from trouble
    account.set_password(password)


@logbook.once
def change_password(
    *,
    account_id: uuid.UUID,
    password: str,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
    beside: Callable[[Page], None] | None = None,
) -> str:
    """Set a new password; its hash stays out of the logbook. All log-ins of the account end with
    it, and `beside` writes what its person is told in the same commit."""
    with logbook.writing(now=now, by=by.person_id) as book:
        account = Account.objects.select_for_update().get(pk=account_id)
        if account.person_id != by.person_id:
            require(by, Role.ADMINISTRATOR)
        set_password(account, password)
        page = book.entry(
            rules.PASSWORD_CHANGED,
            subject=f"person:{account.person_id}",
            person=account.person_id,
            tap=tap,
            answer=_("Password changed."),
        )
        page.change(account, password=account.password, logged_out_at=now)
        if beside is not None:
            beside(page)
    return _("Password changed.")


def log_in_link(*, login: str, now: dt.datetime, minutes: int = 60) -> str:
    """A one-time secret that logs this account in within `minutes`; only its hash is stored."""
    secret = secrets.token_urlsafe(24)
    account = Account.objects.get(login=login.lower())
    LogInLink.objects.filter(expires_at__lt=now).delete()
    LogInLink.objects.create(
        token_hash=hashlib.sha256(secret.encode()).hexdigest(),
        account=account,
        expires_at=now + dt.timedelta(minutes=minutes),
    )
    return secret


def use_log_in_link(*, secret: str, now: dt.datetime) -> Account | None:
    """The account of a valid link, which is used up by it; None for a lapsed or unknown one."""
    hashed = hashlib.sha256(secret.encode()).hexdigest()
    link = LogInLink.objects.filter(token_hash=hashed, expires_at__gt=now).first()
    if link is None or LogInLink.objects.filter(token_hash=hashed).delete()[0] != 1:
        return None
    return link.account
