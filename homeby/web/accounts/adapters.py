"""What allauth asks us for: under which name passkeys are made, and how its secrets are kept."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from homeby import settings
from homeby.people import private

_LOOPBACK = "localhost"


def place() -> str:
    """The host name that passkeys of this station belong to (WebAuthn: the relying party's id), ""
    where it has none: browsers make no passkey for a bare network address. On the machine itself
    the name is localhost."""
    host = settings.current().public_host
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return _LOOPBACK if address.is_loopback else ""


def works_here(request: HttpRequest) -> bool:
    """Whether this page was asked for under the name that passkeys belong to."""
    return bool(place()) and urlsplit(f"//{request.get_host()}").hostname == place()


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's second factors at this station. Its mails are not ours: people are told by the
    outbox (`comms.actions.credentials`)."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Whom a passkey is made for: the station's public host, whatever host was asked."""
        return {"id": place(), "name": settings.current().station_name}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """Whose it is: the log-in name is all that a browser shows, and no name of the person."""
        handle = user_pk_to_url_str(user).encode()
        return {"id": handle, "display_name": user.login, "name": user.login}

    def get_totp_issuer(self) -> str:
        """What an app with codes calls this log-in."""
        return settings.current().station_name

    def encrypt(self, text: str) -> str:
        """Under the people key, which lies outside the database."""
        return private.seal_log_in_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises `private.Shredded` under another key."""
        return private.open_log_in_secret(encrypted_text)
