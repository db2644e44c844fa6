"""A passkey in software, as a phone keeps one: it answers what a page asks, for the site that it
believes to be on."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from tests.rooms.pages import sent

_FLAGS = AuthenticatorData.FLAG
_PRESENT = _FLAGS.UP | _FLAGS.UV


def _hash(data: bytes) -> bytes:
    made = Hash(SHA256())
    made.update(data)
    return made.finalize()


@dataclass
class SoftKey:
    """One passkey. `site` is the host that the browser is on, and `verified` whether its person
    showed finger, face or PIN."""

    site: str = "localhost"
    verified: bool = True
    id: bytes = field(default_factory=lambda: os.urandom(32))
    holder: bytes = b""
    secret: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def made(self, asked: dict[str, Any]) -> str:
        """What the browser says of a new passkey."""
        self.holder = websafe_decode(asked["publicKey"]["user"]["id"])
        key = ES256.from_cryptography_key(self.secret.public_key())  # type: ignore[no-untyped-call]
        about = AttestedCredentialData.create(bytes(16), self.id, key)
        data = AuthenticatorData.create(self._site(), self._flags() | _FLAGS.AT, 0, about)
        told = AttestationObject.create("none", data, {})
        return self._said("webauthn.create", asked, attestationObject=websafe_encode(bytes(told)))

    def proven(self, asked: dict[str, Any]) -> str:
        """What the browser says when it proves the passkey."""
        data = AuthenticatorData.create(self._site(), self._flags(), 0)
        client = self._client("webauthn.get", asked)
        signed = self.secret.sign(bytes(data) + _hash(client), ec.ECDSA(SHA256()))
        return self._said(
            "webauthn.get",
            asked,
            authenticatorData=websafe_encode(bytes(data)),
            signature=websafe_encode(signed),
            userHandle=websafe_encode(self.holder),
        )

    def _site(self) -> bytes:
        return _hash(self.site.encode())

    def _flags(self) -> AuthenticatorData.FLAG:
        return _PRESENT if self.verified else _FLAGS.UP

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        challenge = websafe_decode(asked["publicKey"]["challenge"])
        scheme = "http" if self.site == "localhost" else "https"
        return bytes(CollectedClientData.create(kind, challenge, f"{scheme}://{self.site}"))

    def _said(self, kind: str, asked: dict[str, Any], **response: str) -> str:
        response["clientDataJSON"] = websafe_encode(self._client(kind, asked))
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "clientExtensionResults": {},
                "response": response,
            }
        )


def add_passkey(client: Client, key: SoftKey, name: str = "My phone") -> Any:
    """Add a passkey on the page for it; gives the answer."""
    asked = client.post("/me/log-in/passkey/asked/").json()
    fields = sent(name=name, credential=key.made(asked))
    return client.post("/me/log-in/passkey/", fields, headers={"host": "localhost"})


def prove(client: Client, key: SoftKey, path: str = "/log-in/passkey/", **more: str) -> Any:
    """Prove a passkey on a page that asks for one; gives the page that follows."""
    asked = client.post(f"{path}asked/").json()
    return client.post(path, {"credential": key.proven(asked), **more}, follow=True)
