"""Who somebody is to the provider of the organisation: linked by herself, never by an e-mail.

A link is the issuer and the subject that it names (OpenID Connect Core, 5.7: the only two that
together name somebody for ever). An e-mail or a name that a provider claims is not even read.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import rules
from homeby.people.actions.factors import Beside, locked
from homeby.people.actions.log_outs import end_others
from homeby.people.models import Account
from homeby.people.rules import Viewer


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whom a provider has let in: its issuer, and what it calls her."""

    issuer: str
    name: str


@logbook.once
def link(
    *,
    account_id: uuid.UUID,
    subject: Subject,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
    beside: Beside,
) -> str:
    """Let one's own account be opened by the provider, too. Raises Refused."""
    answer = _("From now on the provider opens your log-in, too.")
    with logbook.writing(now=now, by=by.person_id) as book:
        account = locked(account_id, by=by)
        page = book.entry(
            rules.PROVIDER_LINKED,
            subject=f"person:{account.person_id}",
            person=account.person_id,
            tap=tap,
            answer=answer,
        )
        end_others(page, account, now=now)
        put_link(account, subject)
        beside(page)
    return answer


def put_link(account: Account, subject: Subject) -> None:
    """Keep a link, inside the transaction of the entry that says so. Raises Refused where somebody
    else has it."""
    known = SocialAccount.objects.filter(provider=subject.issuer, uid=subject.name).first()
    if known is not None and known.user_id != account.pk:
        raise Refused(_("This account of the provider is linked to another log-in."))
    SocialAccount.objects.filter(user=account).delete()
    SocialAccount.objects.create(user=account, provider=subject.issuer, uid=subject.name)


@logbook.once
def unlink(*, account_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap, beside: Beside) -> str:
    """From this commit on the provider opens nothing here. The last way in is not taken away.
    Raises Refused."""
    answer = _("The provider opens your log-in no more.")
    with logbook.writing(now=now, by=by.person_id) as book:
        account = locked(account_id, by=by)
        if not SocialAccount.objects.filter(user=account).exists():
            raise Refused(_("Your log-in is not linked to the provider."))
        if not (account.has_usable_password() or _has_passkey(account)):
            raise Refused(
                _("This is your only way in. Add another passkey, or a password, before it goes.")
            )
        page = book.entry(
            rules.PROVIDER_UNLINKED,
            subject=f"person:{account.person_id}",
            person=account.person_id,
            tap=tap,
            answer=answer,
        )
        end_others(page, account, now=now)
        forget_links(account)
        beside(page)
    return answer


def _has_passkey(account: Account) -> bool:
    own = Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN)
    return bool(own.exists())


def forget_links(account: Account) -> None:
    """Whatever an account is linked to counts no more, inside the transaction of an entry."""
    SocialAccount.objects.filter(user=account).delete()
