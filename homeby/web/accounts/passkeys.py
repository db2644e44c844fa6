"""The talk with a browser about passkeys (WebAuthn): what it is asked, whether its answer holds.

The challenge stands in the session. Every passkey of ours stays on its device and asks for finger,
face or PIN of its person ("user verification"), so that it is two factors in one and opens the
log-in alone.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.db import Error
from django.utils.translation import gettext as _

from homeby.logbook.rules import Refused

logger = logging.getLogger(__name__)

T = TypeVar("T")
#: No browser says more than some thousand characters.
LENGTH_MAX = 20_000


def asked_to_make(account: Any, *, anew: bool = False) -> dict[str, Any]:
    """What the browser is asked for a new passkey: on a device that has none of this account, or,
    where she begins `anew`, on any."""
    asked: dict[str, Any] = auth.begin_registration(account, passwordless=True)
    public = dict(asked["publicKey"])
    # So that it can open what is sealed to its person, too (web/static/homeby/js/sealed.js).
    public["extensions"] = {**public.get("extensions", {}), "prf": {}}
    if anew:
        public["excludeCredentials"] = []
    return {**asked, "publicKey": public}


def made(said: str) -> dict[str, Any]:
    """The new passkey that the browser speaks of. Raises Refused when it is not for us, or no
    answer to what was asked."""

    def check() -> dict[str, Any]:
        credential = _read(said)
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
        return credential

    return _judged(check)


def asked_to_prove(account: Any = None) -> dict[str, Any]:
    """What the browser is asked for: any passkey of ours, or one of this account."""
    asked: dict[str, Any] = auth.begin_authentication(account)
    return asked


def proven(said: str, *, account: Any = None) -> Authenticator:
    """The passkey that the browser has proven, of this account if one is named. Raises Refused."""

    def check() -> Authenticator:
        response = _read(said)
        holder = auth.extract_user_from_response(response)
        if account is not None and holder != account:
            raise ValueError("of another account")
        return auth.complete_authentication(holder, response)

    return _judged(check)


def _read(said: str) -> dict[str, Any]:
    found = json.loads(said[:LENGTH_MAX])
    if not isinstance(found, dict):
        raise TypeError("not an object")
    return found


def _judged(check: Callable[[], T]) -> T:
    """Whatever a stranger's bytes break in a parser below is a wrong passkey, and no error of ours;
    but for trouble of the database."""
    try:
        return check()
    except Error:
        raise
    except Exception as trouble:
        logger.info("a passkey was refused: %s", type(trouble).__name__)
        raise Refused(
            _(
                "This passkey does not open a log-in here. Take one that you made at this station, "
                "or try once more."
            )
        ) from trouble
