"""Everything beside the password that lets a person in, or says that she was: gone with her.

The tables are allauth's and Django's own, so none of it is a state row: no entry holds a value of
theirs, and none is rebuilt.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from homeby.keys import KeyProblem
from homeby.people import private
from homeby.people.models import Account, LogInLink
from homeby.people.rules_log_ins import WHOSE

#: What points to an account, of others' tables and of ours that are no state. What hangs on these
#: (a token of a provider, a mail that asked) goes with them.
_HERS = (Authenticator, EmailAddress, SocialAccount, UserSession, LogInLink)


def forget_ways_in(account: Account) -> None:
    """Take away passkeys, apps and recovery codes, addresses, links to a provider, one-time links
    and sessions of an account, inside the transaction of the entry that erases its person."""
    for table in _HERS:
        table._default_manager.filter(**{_to_account(table): account}).delete()
    hers = [one.pk for one in Session.objects.iterator() if _is_of(account, one)]
    Session.objects.filter(pk__in=hers).delete()


def forget_ended(*, real_now: dt.datetime) -> int:
    """Take away sessions whose time is over, and what was typed in them; says how many."""
    return Session.objects.filter(expire_date__lt=real_now).delete()[0]


def _to_account(table: type) -> str:
    return "account" if table is LogInLink else "user"


def _is_of(account: Account, session: Session) -> bool:
    """A session names its account only in what it holds: whose log-in it is, or, after that ended
    by itself, whose it was and what she typed. One that nobody can read is nobody's."""
    held = session.get_decoded()
    if str(held.get(SESSION_KEY, "")) == str(account.pk):
        return True
    with suppress(private.Shredded, KeyProblem):
        return WHOSE in held and private.open_log_in_secret(held[WHOSE]) == str(account.pk)
    return False
