"""Log-ins of an account: who is in where, and ending them.

A log-in is a session of Django's, listed in allauth's table beside it; neither is a state row. What
counts is the account's `logged_out_at`: whatever the lists know, a session from before it is over
with its next look. The address it came from is not kept: browser and hours say enough.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import models
from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import rules
from homeby.people.actions.factors import Beside, locked
from homeby.people.actions.log_outs import end_others
from homeby.people.actions.organisation import require
from homeby.people.models import Account, LogInTry
from homeby.people.rules import Role, Viewer
from homeby.people.rules_log_ins import Proof

#: "No address" (RFC 4291, 2.5.2): the column is allauth's and wants one.
_NO_ADDRESS = "::"
#: So many tries are kept of a person, whatever the rule of retention says.
TRIES_MOST = 500


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A log-in that is at work: whose, which session, in which browser."""

    account_id: uuid.UUID
    session_key: str
    browser: str


def note_seen(seen: Seen, *, now: dt.datetime) -> None:
    """Note that a log-in is at work; the first time it joins the list, and what has ended leaves
    it."""
    own = UserSession.objects.filter(user_id=seen.account_id)
    if own.filter(session_key=seen.session_key).update(last_seen_at=now):
        return
    kept = Session.objects.filter(expire_date__gt=now).values("session_key")
    own.exclude(session_key__in=kept).delete()
    UserSession.objects.get_or_create(
        session_key=seen.session_key,
        defaults={
            "user_id": seen.account_id,
            "ip": _NO_ADDRESS,
            "user_agent": seen.browser[:200],
            "created_at": now,
            "last_seen_at": now,
        },
    )


@dataclass(frozen=True, kw_only=True)
class Came:
    """Somebody at the log-in of a person: with what, in which browser, and whether she got in."""

    person_id: uuid.UUID
    proof: Proof
    proof_too: Proof | None = None
    browser: str = ""
    succeeded: bool = True


def note_try(came: Came, *, now: dt.datetime) -> int:
    """Note that somebody came in, or was turned away; gives how many wrong tries there were since
    the last time that somebody came in. The oldest make room for the newest."""
    own = LogInTry.objects.filter(person_id=came.person_id)
    last = own.filter(succeeded=True).order_by("-at", "-pk").first()
    wrong = own.filter(succeeded=False, **({"at__gt": last.at} if last else {}))
    count = wrong.aggregate(n=models.Sum("times"))["n"] or 0
    hour = int(now.timestamp()) // 3600
    same = wrong.filter(hour=hour, proof=came.proof)
    browser = came.browser[:200]
    more = {"times": models.F("times") + 1, "at": now, "browser": browser}
    if not came.succeeded and same.update(**more):
        return count + 1
    LogInTry.objects.create(
        person_id=came.person_id,
        at=now,
        hour=hour,
        succeeded=came.succeeded,
        proof=came.proof,
        proof_too=came.proof_too or "",
        browser=browser,
    )
    too_old = own.order_by("-at", "-pk").values_list("pk", flat=True)[TRIES_MOST : 2 * TRIES_MOST]
    own.filter(pk__in=list(too_old)).delete()
    return count


def forget_tries(*, before: dt.datetime) -> int:
    """Forget log-ins that were tried before an instant; gives how many rows."""
    return LogInTry.objects.filter(at__lt=before).delete()[0]


@logbook.once
def end_log_in(
    *, account_id: uuid.UUID, log_in_id: int, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """End one log-in of one's own. Raises Refused."""
    answer = _("This log-in has ended.")
    with logbook.writing(now=now, by=by.person_id) as book:
        account = locked(account_id, by=by)
        found = UserSession.objects.filter(user=account, pk=log_in_id).first()
        if found is None:
            raise Refused(_("This log-in has ended already."))
        subject = f"person:{account.person_id}"
        book.entry(
            rules.LOG_IN_ENDED, subject=subject, person=account.person_id, tap=tap, answer=answer
        )
        Session.objects.filter(session_key=found.session_key).delete()
        found.delete()
    return answer


@logbook.once
def end_log_ins(
    *, account_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap, beside: Beside
) -> str:
    """End every log-in of an account: one's own (whoever asks is let in anew at the door), or by
    an administrator somebody else's, who is told. Raises Refused."""
    answer = _("All other log-ins have ended.")
    with logbook.writing(now=now, by=by.person_id) as book:
        account = Account.objects.select_for_update().get(pk=account_id)
        if account.person_id != by.person_id:
            require(by, Role.ADMINISTRATOR)
            answer = _("All their log-ins have ended.")
        subject = f"person:{account.person_id}"
        page = book.entry(
            rules.LOG_INS_ENDED, subject=subject, person=account.person_id, tap=tap, answer=answer
        )
        end_others(page, account, now=now)
        forget_sessions(account)
        if account.person_id != by.person_id:
            beside(page)
    return answer


def forget_sessions(account: Account) -> None:
    """Take the sessions of an account away, inside the transaction of the entry that ends them."""
    keys = UserSession.objects.filter(user=account).values("session_key")
    Session.objects.filter(
        session_key__in=list(keys.values_list("session_key", flat=True))
    ).delete()
    UserSession.objects.filter(user=account).delete()
