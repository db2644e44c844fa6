"""A provider of the tests' own (OpenID Connect): it lets in whomever a test wants, and demands what
a provider demands, PKCE above all."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from homeby import clock

CLIENT = "homeby at the village"
SECRET = "known to two only"


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class Provider:
    """What the provider knows: who stands behind each code that it has given out."""

    address: str = ""
    claims: dict[str, dict[str, Any]] = field(default_factory=dict)
    challenges: dict[str, str] = field(default_factory=dict)
    issuer: str = ""
    key: ec.EllipticCurvePrivateKey = field(default_factory=_new_key)
    signs: Callable[[dict[str, Any]], str] | None = None  # else with its key

    def signed(self, said: dict[str, Any]) -> str:
        """What it says, by its key."""
        return jwt.encode(said, self.key, algorithm="ES256", headers={"kid": "the only one"})

    def keys(self) -> dict[str, Any]:
        """The page of its keys: one to sign, and one to encrypt that is of no matter here."""
        mine = jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        named = {"kid": "the only one", "alg": "ES256", "use": "sig"}
        return {"keys": [mine | named, mine | named | {"use": "enc"}]}

    def let_in(self, asked: str, **claims: Any) -> str:
        """Let somebody in who came with this address; gives the address to go back to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked).query).items()}
        assert query["code_challenge_method"] == "S256"
        assert query["client_id"] == CLIENT
        assert query["scope"] == "openid"
        code = f"code-{len(self.claims)}"
        self.claims[code], self.challenges[code] = claims, query["code_challenge"]
        return f"{query['redirect_uri']}?code={code}&state={query['state']}"

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer or self.address,
            "authorization_endpoint": f"{self.address}/in",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def token(self, sent: dict[str, str]) -> dict[str, Any] | None:
        """The answer to a code; None where anything of it is wrong."""
        seen = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(seen).rstrip(b"=").decode()
        claims = self.claims.pop(sent.get("code", ""), None)
        if claims is None or self.challenges[sent["code"]] != challenge:
            return None
        if (sent["client_id"], sent["client_secret"]) != (CLIENT, SECRET):
            return None
        life = {"iss": self.issuer or self.address, "aud": CLIENT, "exp": _in_a_minute()}
        return {
            "access_token": "opens nothing",
            "token_type": "Bearer",
            "id_token": (self.signs or self.signed)(life | claims),
        }


def _in_a_minute() -> int:
    return int(clock.real_now().timestamp()) + 60


@contextmanager
def a_provider() -> Iterator[Provider]:
    """A provider that listens on this machine."""
    provider = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(provider.keys() if self.path == "/keys" else provider.configuration())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(provider.token({k: v[0] for k, v in parse_qs(body).items()}))

        def _say(self, answer: dict[str, Any] | None) -> None:
            body = json.dumps(answer or {"error": "invalid_grant"}).encode()
            self.send_response(200 if answer else 400)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: Any) -> None:
            """It keeps no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    serving = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    serving.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
