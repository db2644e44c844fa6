"""What people prove themselves with beside a password: passkeys, an app with codes, recovery codes.

The rows are allauth's own table, so they are no state rows: each change of them is an entry of the
same commit, which names the kind of change and never a secret. Whoever changes how an account is
opened has all other log-ins of it ended (ASVS 5.0, 7.4.3), and the person is told: `beside` writes
what is said to her in the same commit (this room knows no messages).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code, normalize_user_code
from allauth.mfa import app_settings as limits
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import kinds, private, rules
from homeby.people.actions.log_outs import end_others
from homeby.people.models import Account
from homeby.people.rules import Viewer

Beside = Callable[[Page], None]
NAME_MAX = 80
PASSKEYS_MAX = 20
TYPES = Authenticator.Type


@dataclass(frozen=True, kw_only=True)
class NewApp:
    """An app with codes that has read our square: the secret in it, and the code it shows now."""

    secret: str
    code: str


@dataclass(frozen=True, kw_only=True)
class NewPasskey:
    """A passkey that a browser has made and that was verified: what its person calls it, and its
    registration as allauth keeps it."""

    name: str
    credential: Mapping[str, Any]


def locked(account_id: uuid.UUID, *, by: Viewer) -> Account:
    """An account of one's own, locked. Raises Refused for anybody else's."""
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None or by.person_id is None or account.person_id != by.person_id:
        raise Refused(_("This is not your log-in."))
    return account


def _changed(book: Book, account: Account, kind: str, *, tap: Tap | None, answer: str) -> Page:
    page = book.entry(
        kind, subject=f"person:{account.person_id}", person=account.person_id, tap=tap,
        answer=answer,
    )  # fmt: skip
    end_others(page, account, now=book.now)
    return page


@logbook.once
def add_passkey(
    *,
    account_id: uuid.UUID,
    passkey: NewPasskey,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
    beside: Beside,
) -> str:
    """Let an account be opened by one more passkey. Raises Refused."""
    name = _named(passkey.name)
    answer = _("The passkey %s opens your log-in from now on.") % name
    with logbook.writing(now=now, by=by.person_id) as book:
        account = locked(account_id, by=by)
        if _of(account, TYPES.WEBAUTHN).count() >= PASSKEYS_MAX:
            raise Refused(
                _("You have %d passkeys already. Remove one that you no longer use.") % PASSKEYS_MAX
            )
        page = _changed(book, account, rules.PASSKEY_ADDED, tap=tap, answer=answer)
        put_passkey(account, NewPasskey(name=name, credential=passkey.credential), now=now)
        beside(page)
    return answer


def put_passkey(account: Account, passkey: NewPasskey, *, now: dt.datetime) -> None:
    """Keep a passkey, inside the transaction of the entry that says so."""
    data = {"name": passkey.name, "credential": dict(passkey.credential)}
    Authenticator.objects.create(user=account, type=TYPES.WEBAUTHN, data=data, created_at=now)


@logbook.once
def remove_passkey(
    *,
    account_id: uuid.UUID,
    passkey_id: int,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
    beside: Beside,
) -> str:
    """From this commit on the passkey opens nothing. The last way in is not taken away. Raises
    Refused."""
    with logbook.writing(now=now, by=by.person_id) as book:
        account = locked(account_id, by=by)
        own = _of(account, TYPES.WEBAUTHN)
        found = own.filter(pk=passkey_id).first()
        if found is None:
            raise Refused(_("This passkey is here no more."))
        others = SocialAccount.objects.filter(user=account).exists()
        if own.count() == 1 and not (others or account.has_usable_password()):
            raise Refused(
                _("This is your only way in. Add another passkey, or a password, before it goes.")
            )
        answer = _("Removed: %s opens nothing any more.") % str(found.data["name"])
        page = _changed(book, account, rules.PASSKEY_REMOVED, tap=tap, answer=answer)
        found.delete()
        beside(page)
    return answer


@logbook.once
def rename_passkey(  # noqa: PLR0913 - an act, its new name and what is said of it
    *,
    account_id: uuid.UUID,
    passkey_id: int,
    name: str,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
    beside: Beside,
) -> str:
    """Call a passkey something else. It opens what it opened, so no log-in ends. Raises Refused."""
    name = _named(name)
    answer = _("The passkey is called %s now.") % name
    with logbook.writing(now=now, by=by.person_id) as book:
        account = locked(account_id, by=by)
        found = _of(account, TYPES.WEBAUTHN).filter(pk=passkey_id).first()
        if found is None:
            raise Refused(_("This passkey is here no more."))
        page = book.entry(
            kinds.PASSKEY_RENAMED,
            subject=f"person:{account.person_id}",
            person=account.person_id,
            tap=tap,
            answer=answer,
        )
        found.data["name"] = name
        found.save(update_fields=["data"])
        beside(page)
    return answer


def _named(name: str) -> str:
    """What a passkey is called. Raises Refused."""
    name = name.strip()
    if not name or len(name) > NAME_MAX:
        raise Refused(name=_("Call the passkey something, in at most %d characters.") % NAME_MAX)
    return name


@logbook.once
def remove_password(
    *, account_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap, beside: Beside
) -> str:
    """Do without a password, which a passkey stands in for. Raises Refused."""
    answer = _("Your log-in has no password any more; a passkey opens it.")
    with logbook.writing(now=now, by=by.person_id) as book:
        account = locked(account_id, by=by)
        if not account.has_usable_password():
            raise Refused(_("Your log-in has no password."))
        if not _of(account, TYPES.WEBAUTHN).exists():
            raise Refused(_("Add a passkey first, so that something opens your log-in."))
        page = _changed(book, account, kinds.PASSWORD_REMOVED, tap=tap, answer=answer)
        account.set_unusable_password()
        page.change(account, password=account.password)
        beside(page)
    return answer


@logbook.once
def add_code_app(  # noqa: PLR0913 - an act, its secret and what is said of it
    *,
    account_id: uuid.UUID,
    app: NewApp,
    by: Viewer,
    now: dt.datetime,
    real_now: dt.datetime,
    tap: Tap,
    beside: Beside,
) -> str:
    """Have the log-in ask for the code of an app (TOTP, RFC 6238), once the app has shown a right
    one, by the machine's own time. An earlier app counts no more. Raises Refused."""
    counter = _counter_of(app.secret, app.code, now=real_now, after=-1)
    if counter is None:
        raise Refused(
            code=_("This is not the code that the app shows now. Look at the phone's clock, too.")
        )
    answer = _("From now on the log-in asks for the code of your app after the password.")
    with logbook.writing(now=now, by=by.person_id) as book:
        account = locked(account_id, by=by)
        page = _changed(book, account, rules.CODE_APP_ADDED, tap=tap, answer=answer)
        _of(account, TYPES.TOTP).delete()
        data = {"secret": private.seal_log_in_secret(app.secret), "counter": counter}
        Authenticator.objects.create(user=account, type=TYPES.TOTP, data=data, created_at=now)
        beside(page)
    return answer


@logbook.once
def remove_code_app(
    *, account_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap, beside: Beside
) -> str:
    """Do without the codes of an app from now on. Raises Refused."""
    answer = _("The log-in asks for no code of an app any more.")
    with logbook.writing(now=now, by=by.person_id) as book:
        account = locked(account_id, by=by)
        if not _of(account, TYPES.TOTP).exists():
            raise Refused(_("There is no app with codes."))
        page = _changed(book, account, rules.CODE_APP_REMOVED, tap=tap, answer=answer)
        _of(account, TYPES.TOTP).delete()
        beside(page)
    return answer


def make_recovery_codes(
    *, account_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap, beside: Beside
) -> list[str]:
    """New recovery codes, to be shown once; earlier ones count no more. Raises Refused."""
    with logbook.writing(now=now, by=by.person_id) as book:
        account = locked(account_id, by=by)
        if not Authenticator.objects.filter(user=account).exists():
            raise Refused(_("Recovery codes stand in for a passkey or an app: add one first."))
        answer = _("New recovery codes were made.")
        page = _changed(book, account, rules.RECOVERY_CODES_MADE, tap=tap, answer=answer)
        _of(account, TYPES.RECOVERY_CODES).delete()
        made: list[str] = RecoveryCodes.activate(account).generate_codes()
        beside(page)
    return made


class CodeFits(StrEnum):
    """What a typed code is: none that counts, that of the app, or a recovery code."""

    NO = "no"
    APP = "app"
    RECOVERY = "recovery"


def use_code(
    *,
    account_id: uuid.UUID,
    code: str,
    now: dt.datetime,
    real_now: dt.datetime,
    beside: Beside | None,
) -> CodeFits:
    """Compare a typed code with the app's, by the machine's own time, and with the recovery codes,
    where `beside` says what is told of one; whichever fits is used up. A recovery code is an entry
    and is told, that of an app is no news."""
    with logbook.writing(now=now, by=None, device="web") as book:
        account = Account.objects.select_for_update().get(pk=account_id)
        app = _of(account, TYPES.TOTP).first()
        if app is not None and _uses_app(app, code, now=real_now):
            return CodeFits.APP
        codes = _of(account, TYPES.RECOVERY_CODES).first()
        if beside is None or codes is None or not RecoveryCodes(codes).validate_code(code):
            return CodeFits.NO
        book.by = account.person_id
        subject = f"person:{account.person_id}"
        beside(book.entry(rules.RECOVERY_CODE_USED, subject=subject, person=account.person_id))
    return CodeFits.RECOVERY


def _uses_app(app: Authenticator, code: str, *, now: dt.datetime) -> bool:
    secret = private.open_log_in_secret(app.data["secret"])
    counter = _counter_of(secret, code, now=now, after=app.data["counter"])
    if counter is None:
        return False
    app.data["counter"] = counter
    app.last_used_at = now
    app.save(update_fields=["data", "last_used_at"])
    return True


def _counter_of(secret: str, code: str, *, now: dt.datetime, after: int) -> int | None:
    """Which step of 30 s this code belongs to; the one before and the one after the present count
    too (RFC 6238, 5.2), but none that was used."""
    present = int(now.timestamp()) // limits.TOTP_PERIOD
    for counter in range(present - 1, present + 2):
        expected = format_hotp_value(hotp_value(secret, counter))
        if counter > after and compare_user_code(
            actual=normalize_user_code(code), expected=expected
        ):
            return counter
    return None


def note_used(*, factor_id: int, now: dt.datetime) -> None:
    """Note when a passkey was last used, for its person's own list."""
    Authenticator.objects.filter(pk=factor_id).update(last_used_at=now)


def forget_all(account: Account) -> None:
    """Whatever somebody proved herself with counts no more, inside the transaction of the entry
    that says so: she lost it, or it is not hers any more."""
    Authenticator.objects.filter(user=account).delete()


def _of(account: Account, kind: str) -> Any:
    return Authenticator.objects.filter(user=account, type=kind)
