"""What allauth asks us for: under which name passkeys are made, and how its secrets are kept."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from allauth.account.utils import user_pk_to_url_str
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
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


#: The name under which allauth keeps apart what it stashes; there is one provider.
PROVIDER_ID = "back"


class Provider(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The one provider of the settings. allauth speaks with it; what follows from its answer is
    judged by us alone, so none of allauth's own ways in (by sign-up, by e-mail) is ever reached."""

    def list_apps(
        self, request: HttpRequest | None, provider: Any = None, client_id: Any = None
    ) -> list[Any]:
        """The provider that the settings name; never one out of the database."""
        from allauth.socialaccount.models import SocialApp  # its registry forbids this at the top

        chosen = settings.current()
        if not chosen.oidc_issuer:
            return []
        secret = chosen.oidc_secret_file
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=PROVIDER_ID,
                name=chosen.oidc_label,
                client_id=chosen.oidc_client_id,
                secret=secret.read_text(encoding="utf-8").strip() if secret else "",
                settings={"server_url": chosen.oidc_issuer, "fetch_userinfo": False},
            )
        ]

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Take over from allauth, whatever it would do next."""
        from homeby.web.accounts import provider  # which needs this module

        raise ImmediateHttpResponse(provider.judged(request, sociallogin))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **why: Any) -> None:
        """The provider said no, or nonsense: a sentence of ours."""
        from homeby.web.accounts.provider import refused

        raise ImmediateHttpResponse(refused(request, why.get("exception")))
