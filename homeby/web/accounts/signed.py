"""What the provider of the organisation says of somebody, read only if it has signed it: by a key
that its own page of keys holds, by a method of our list (ASVS 5.0: 6.8.2, 9.1.1, 9.1.2).

The standard of OpenID asks for no more than the provider's own address over TLS; then whoever
stands between (a proxy that opens lines, a certificate wrongly given) could say who somebody is.
"""

from __future__ import annotations

from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter

#: By key pair only: what is signed with the secret that both know, either could have said.
METHODS = frozenset(
    ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
)


class Signed(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """allauth's way to the one provider, which takes no claim that is not signed."""

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        """What it claims. Raises OAuth2Error for whatever is not signed by the provider, is meant
        for another, or has lapsed."""
        try:
            method = str(jwt.get_unverified_header(id_token).get("alg"))
            key = self._key(id_token)
            if method not in METHODS or key.algorithm_name != method:
                raise OAuth2Error("a method of signing that we do not take")
            said: dict[str, Any] = jwt.decode(
                id_token,
                key=key.key,
                algorithms=[method],
                options={"require": ["iss", "aud", "exp"]},
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
            )
        except (jwt.PyJWTError, TypeError, AttributeError) as error:
            raise OAuth2Error("a claim that the provider has not signed for us") from error
        jwtkit.verify_jti(said)
        return said

    def _key(self, id_token: str) -> jwt.PyJWK:
        """The one key of the provider that the claim names; one of many is never guessed."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = answer.json()
        header = jwt.get_unverified_header(id_token)
        found = [
            one
            for one in keys.get("keys", [])
            if one.get("use", "sig") == "sig" and header.get("kid") in (None, one.get("kid"))
        ]
        if len(found) != 1:
            raise OAuth2Error("a key that the provider does not have")
        return jwt.PyJWK(found[0], algorithm=found[0].get("alg") or header.get("alg"))
