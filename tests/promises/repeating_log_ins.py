"""One way to do each act of log-ins, for the tests that do it twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession

from homeby.logbook.rules import new_tap
from homeby.people.actions import accounts, factors, invitations, log_ins, providers
from tests.promises.repeating_people import Act, call
from tests.world import World

SECRET = "JBSWY3DPEHPK3PXP"
PASSKEY = factors.NewPasskey(name="My phone", credential={})
SUBJECT = providers.Subject(issuer="https://login.example.org", name="f-1")


def _account(world: World) -> uuid.UUID:
    """The log-in of Fox; its id is the tap's."""
    tap, who = new_tap(), world.people["agent"]
    call(world, accounts.open_account, person_id=who, login="fox", password="a long walk home")(tap)
    return tap.entry_id


def _own(world: World, action: Callable[..., str], **values: Any) -> Act:
    """An act of Fox about her own log-in, of which she is told nothing here."""
    account_id = values.pop("account_id", None) or _account(world)
    values |= {"account_id": account_id, "beside": lambda page: None}
    return call(world, action, by="agent", **values)


def _add_app(world: World) -> Act:
    code = format_hotp_value(hotp_value(SECRET, int(world.now.timestamp()) // 30))
    app = factors.NewApp(secret=SECRET, code=code)
    return _own(world, factors.add_code_app, app=app, real_now=world.now)


def _remove_app(world: World) -> Act:
    _add_app(world)(new_tap())
    account_id = Authenticator.objects.get().user_id
    return _own(world, factors.remove_code_app, account_id=account_id)


def _remove_passkey(world: World) -> Act:
    _own(world, factors.add_passkey, passkey=PASSKEY)(new_tap())
    found = Authenticator.objects.get()
    return _own(world, factors.remove_passkey, account_id=found.user_id, passkey_id=found.pk)


def _rename_passkey(world: World) -> Act:
    _own(world, factors.add_passkey, passkey=PASSKEY)(new_tap())
    found = Authenticator.objects.get()
    given = {"account_id": found.user_id, "passkey_id": found.pk}
    return _own(world, factors.rename_passkey, name="My stick", **given)


def _remove_password(world: World) -> Act:
    _own(world, factors.add_passkey, passkey=PASSKEY)(new_tap())
    account_id = Authenticator.objects.get().user_id
    return _own(world, factors.remove_password, account_id=account_id)


def _end_one(world: World) -> Act:
    account_id = _account(world)
    seen = log_ins.Seen(account_id=account_id, session_key="s" * 32, browser="")
    log_ins.note_seen(seen, now=world.now)
    found = UserSession.objects.get().pk
    return call(world, log_ins.end_log_in, by="agent", account_id=account_id, log_in_id=found)


def _invite(world: World) -> Act:
    who = world.people["agent"]
    values = {"person_id": who, "secret_hash": "0" * 64, "beside": lambda page: None}
    return call(world, invitations.make_invitation, by="admin", **values)


def _revoke(world: World) -> Act:
    tap = new_tap()
    _invite(world)(tap)
    return call(world, invitations.revoke_invitation, by="admin", invitation_id=tap.entry_id)


def _unlink(world: World) -> Act:
    account_id = _account(world)
    _own(world, providers.link, account_id=account_id, subject=SUBJECT)(new_tap())
    return _own(world, providers.unlink, account_id=account_id)


LOG_INS: dict[str, Callable[[World], Act]] = {
    "people.factors.add_passkey": lambda w: _own(w, factors.add_passkey, passkey=PASSKEY),
    "people.factors.remove_passkey": _remove_passkey,
    "people.factors.rename_passkey": _rename_passkey,
    "people.factors.remove_password": _remove_password,
    "people.factors.add_code_app": _add_app,
    "people.factors.remove_code_app": _remove_app,
    "people.log_ins.end_log_in": _end_one,
    "people.log_ins.end_log_ins": lambda w: _own(w, log_ins.end_log_ins),
    "people.invitations.make_invitation": _invite,
    "people.invitations.revoke_invitation": _revoke,
    "people.providers.link": lambda w: _own(w, providers.link, subject=SUBJECT),
    "people.providers.unlink": _unlink,
}
