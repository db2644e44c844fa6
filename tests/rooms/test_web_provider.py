"""Logging in by the provider of the organisation: linked by its person, and by no claim of it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from jwt.utils import base64url_encode

from homeby import settings
from homeby.comms.models import Message
from homeby.logbook.models import Entry
from homeby.people.models import Account
from tests.rooms.oidc_server import CLIENT, SECRET, Provider, a_provider
from tests.rooms.pages import Pages, sent, text_of
from tests.rooms.soft_key import SoftKey, add_passkey
from tests.rooms.test_web_invitations import invite
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    cache.clear()
    return Pages(world, monkeypatch)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Provider]:
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    with a_provider() as found:
        values = {
            "oidc_issuer": found.address,
            "oidc_name": "the university",
            "oidc_client_id": CLIENT,
            "oidc_secret_file": secret,
        }
        chosen = settings.current().model_copy(update=values)
        monkeypatch.setattr(settings, "current", lambda: chosen)
        yield found


def come_back(client: Client, provider: Provider, response: Any, **claims: Any) -> Any:
    """From the provider, which let somebody in, back to us."""
    assert response.headers["Location"].startswith(f"{provider.address}/in?")
    return client.get(provider.let_in(response.headers["Location"], **claims), follow=True)


def log_in(provider: Provider, **claims: Any) -> tuple[Client, str]:
    """Log in by the provider in a browser of its own; gives it, and what it shows then."""
    client = Client()
    leaves = client.post("/log-in/provider/", {"next": "/alarms/"})
    return client, text_of(come_back(client, provider, leaves, **claims))


def link(pages: Pages, provider: Provider, who: str, subject: str, **claims: Any) -> Client:
    client = pages.as_(who)
    come_back(client, provider, client.post("/me/log-in/provider/"), sub=subject, **claims)
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_who_linked_it_is_let_in_by_it(pages: Pages, provider: Provider, world: World) -> None:
    other = pages.as_("head")
    owner = link(pages, provider, "head", "h-1")
    assert "It opens your log-in, too." in text_of(owner.get("/me/log-in/"))
    assert not is_in(other)
    client, shown = log_in(provider, sub="h-1")
    assert is_in(client)
    assert "Alarms" in shown
    assert client.get("/me/").context["me"]["label"]
    entry = Entry.objects.get(kind="PROVIDER_LINKED")
    assert entry.person_id == world.people["head"]
    told = Message.objects.filter(person_id=world.people["head"])
    assert [one for one in told if "A provider was linked to your log-in." in one.text]


def test_a_provider_that_lies_about_the_e_mail_lets_nobody_in(
    pages: Pages, provider: Provider
) -> None:
    claims = {
        "email": "head@example.org",
        "email_verified": True,
        "preferred_username": "head",
        "name": "head by name",
    }
    link(pages, provider, "head", "h-1", **claims)
    accounts = Account.objects.count()
    client, shown = log_in(provider, sub="somebody else", **claims)
    assert "no log-in here is linked to it" in shown
    assert not is_in(client)
    assert Account.objects.count() == accounts


def test_the_same_subject_of_another_issuer_is_somebody_else(
    pages: Pages, provider: Provider
) -> None:
    link(pages, provider, "head", "h-1")
    provider.issuer = "https://evil.example.org"
    client, shown = log_in(provider, sub="h-1")
    assert "The provider did not let you in." in shown
    assert not is_in(client)


def test_a_claim_that_is_not_for_us_or_has_lapsed_lets_nobody_in(
    pages: Pages, provider: Provider
) -> None:
    """ASVS 5.0: 9.2.1, 9.2.3, 10.5.4. Nor does one that names nobody."""
    link(pages, provider, "head", "h-1")
    for lie in (
        {"sub": "h-1", "aud": "another client"},
        {"sub": "h-1", "exp": 1_000_000_000},
        {"sub": "h-1", "iss": "https://evil.example.org"},
        {"email": "head@example.org"},
        {"sub": ""},
    ):
        client, shown = log_in(provider, **lie)
        assert "did not let you in" in shown or "no log-in here is linked to it" in shown, lie
        assert not is_in(client), lie
    client, _shown = log_in(provider, sub="h-1", aud=[CLIENT])
    assert is_in(client)


def _with(key: Any, algorithm: str = "ES256", kid: str | None = "the only one") -> Any:
    headers = {} if kid is None else {"kid": kid}
    return lambda said: jwt.encode(said, key, algorithm=algorithm, headers=headers)


def _changed(provider: Provider) -> Any:
    """Signed by the provider about somebody else, and changed on its way."""

    def says(said: dict[str, Any]) -> str:
        head, _said, signature = provider.signed(said | {"sub": "somebody else"}).split(".")
        return ".".join((head, provider.signed(said).split(".")[1], signature))

    return says


def test_a_claim_that_the_provider_has_not_signed_lets_nobody_in(
    pages: Pages, provider: Provider
) -> None:
    """ASVS 5.0: 6.8.2, 9.1.1, 9.1.2. Whoever stands between us and the provider knows no key of
    its own page of keys."""
    link(pages, provider, "head", "h-1")
    public = provider.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    unsigned = _with(None, "none")
    lies = {
        "by no key": unsigned,
        "by another key": _with(ec.generate_private_key(ec.SECP256R1())),
        "by another key of another name": _with(provider.key, kid="another"),
        "by the secret that both know": _with(SECRET * 3, "HS256"),
        "by the public key as a secret": lambda said: _by_secret(public, said),
        "by a method that is not the key's": _with(
            rsa.generate_private_key(public_exponent=65537, key_size=2048), "RS256"
        ),
        "changed on its way": _changed(provider),
        "no claim at all": lambda _said: "a.b.c",
    }
    for lie, provider.signs in lies.items():
        client, shown = log_in(provider, sub="h-1")
        assert "The provider did not let you in." in shown, lie
        assert not is_in(client), lie
    provider.signs = _with(provider.key, kid=None)
    assert is_in(log_in(provider, sub="h-1")[0]), "there is one key that it can be"


def _by_secret(secret: bytes, said: dict[str, Any]) -> str:
    """A careless reader takes the public key for a secret that both know."""
    parts = [{"alg": "HS256", "typ": "JWT", "kid": "the only one"}, said]
    text = b".".join(base64url_encode(json.dumps(one).encode()) for one in parts)
    signature = hmac.new(secret, text, hashlib.sha256).digest()
    return (text + b"." + base64url_encode(signature)).decode()


def test_one_subject_opens_one_log_in(pages: Pages, provider: Provider) -> None:
    link(pages, provider, "head", "h-1")
    client = pages.as_("agent")
    page = come_back(client, provider, client.post("/me/log-in/provider/"), sub="h-1")
    assert "is linked to another log-in" in text_of(page)


def test_an_answer_counts_in_the_browser_that_asked(pages: Pages, provider: Provider) -> None:
    link(pages, provider, "head", "h-1")
    asked = pages.nobody().post("/log-in/provider/").headers["Location"]
    victim = pages.nobody()
    page = victim.get(provider.let_in(asked, sub="h-1"), follow=True)
    assert "The provider did not let you in." in text_of(page)
    assert not is_in(victim)
    for nonsense in ("", "?error=access_denied", "?code=x&state=y"):
        page = pages.nobody().get(f"/log-in/provider/back/{nonsense}", follow=True)
        assert "The provider did not let you in." in text_of(page)


def test_a_passkey_is_asked_for_after_the_provider_too(pages: Pages, provider: Provider) -> None:
    add_passkey(link(pages, provider, "head", "h-1"), SoftKey())
    client, shown = log_in(provider, sub="h-1")
    assert "One thing more" in shown
    assert not is_in(client)


def test_an_invitation_links_it_and_it_may_be_the_only_way_in(
    pages: Pages, provider: Provider, world: World
) -> None:
    path, client = invite(pages, world), pages.nobody()
    leaves = client.post(path, sent(login="fox", without="provider"))
    come_back(client, provider, leaves, sub="f-1")
    assert is_in(client)
    assert Account.objects.get(login="fox").person_id == world.people["agent"]
    page = client.post("/me/log-in/provider/removed/", sent(), follow=True)
    assert "This is your only way in." in text_of(page)
    late = pages.nobody()
    assert "This link has been used." in text_of(late.get(path))


def test_unlinked_it_opens_nothing(pages: Pages, provider: Provider) -> None:
    owner = link(pages, provider, "head", "h-1")
    owner.post("/me/log-in/provider/removed/", sent())
    assert is_in(owner)
    client, shown = log_in(provider, sub="h-1")
    assert "no log-in here is linked to it" in shown
    assert not is_in(client)


def test_a_form_may_leave_to_the_provider_from_the_pages_that_offer_it(
    pages: Pages, provider: Provider
) -> None:
    ours = f"form-action 'self' {provider.address};"
    client = pages.as_("head")
    for path in ("/log-in/", "/me/log-in/"):
        assert ours in client.get(path).headers["Content-Security-Policy"]
    assert provider.address not in client.get("/me/").headers["Content-Security-Policy"]


def test_without_a_provider_its_pages_are_not_there(pages: Pages) -> None:
    client = pages.as_("head")
    assert "form-action 'self';" in client.get("/log-in/").headers["Content-Security-Policy"]
    assert client.post("/log-in/provider/").status_code == 404
    assert client.post("/me/log-in/provider/").status_code == 404
    assert client.get("/log-in/provider/back/").status_code == 404


def test_a_provider_that_is_down_is_a_sentence(
    pages: Pages, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = settings.current().model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    monkeypatch.setattr(settings, "current", lambda: chosen)
    page = pages.nobody().post("/log-in/provider/", follow=True)
    assert "The provider did not let you in." in text_of(page)


NOT_OURS = """
account_signup account_login account_email account_reset_password account_change_password
account_reauthenticate mfa_index mfa_login_webauthn mfa_activate_totp socialaccount_signup
socialaccount_connections usersessions_list openid_connect_login
"""


def test_no_page_of_the_machinery_is_there() -> None:
    """Sign-up, reset by mail and whatever else it brings: closed, for it is not mounted."""
    for name in NOT_OURS.split():
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_its_own_addresses_lead_nowhere(pages: Pages) -> None:
    for path in ("signup", "login", "password/reset", "email", "2fa", "social/signup"):
        assert pages.nobody().get(f"/accounts/{path}/").status_code == 404
