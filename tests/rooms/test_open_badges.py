"""Open Badges 3.0: signed here, and checked by two who know nothing of us, without a network.

`openbadgeslib` reads a credential as Open Badges 3.0 asks and brings the contexts with it;
`jwcrypto` checks the signature by the published key alone.
"""

from __future__ import annotations

import datetime as dt
import hmac
import json
import socket
from collections.abc import Callable
from functools import partial
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import jwt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from django.urls import reverse
from jwcrypto import jwk, jws
from jwcrypto.common import base64url_decode, base64url_encode
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier
from pyld import jsonld

from homeby import clock, settings
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.people.models import Person
from homeby.readiness.actions.holdings import withdraw
from homeby.readiness.models import Holding
from homeby.readiness.queries import open_badges
from homeby.readiness.rules.open_badges import CONTEXTS
from tests.promises.learning import hold, join, read
from tests.rooms.pages import Pages, sent
from tests.world import ZONE, World

pytestmark = pytest.mark.django_db

CONTEXT_FILES = {CONTEXTS[0]: "credentials-v2.json", CONTEXTS[1]: "ob-v3p0-context-3.0.3.json"}


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    """The village on this very day, for verifiers go by the clock of the machine; no network."""
    read(world)
    join(world, "agent", "mate")
    address = settings.current().model_copy(update={"public_url": "https://home.example.org"})
    monkeypatch.setattr(settings, "current", lambda: address)
    return Pages(world, monkeypatch)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kinds: object) -> None:
        raise AssertionError("a verifier went out for something")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def take(pages: Pages, who: str, held: object) -> str:
    answer = pages.as_(who).post(reverse("my-badge", args=[held]), sent())
    assert answer.status_code == 200, answer.content.decode()[:500]
    assert answer["Content-Type"] == "application/vc+jwt"
    assert "attachment" in answer["Content-Disposition"]
    return answer.content.decode()


def published(name: str) -> Any:
    """What anybody fetches, without a log-in."""
    answer = Client().get(reverse(name))
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    return answer


def key() -> jwk.JWK:
    return jwk.JWK.from_json(published("badge-key").content.decode())


def verifier() -> OB3Verifier:
    pem = key().export_to_pem()
    return OB3Verifier(pubkey_pem=pem)


def contexts(address: str, _options: object) -> dict[str, Any]:
    """The contexts that the verifier brings with it; asking for another one is a fault."""
    folder = resources.files("openbadgeslib.ob3") / "contexts"
    text = (folder / CONTEXT_FILES[address]).read_text(encoding="utf-8")
    return {"contextUrl": None, "documentUrl": address, "document": json.loads(text),
            "contentType": "application/ld+json"}  # fmt: skip


def listed(found: Any) -> Any:
    """The same with every type as a list: a processor writes one alone without."""
    if isinstance(found, list):
        return [listed(one) for one in found]
    if not isinstance(found, dict):
        return found
    return {
        name: [one] if name == "type" and isinstance(one, str) else listed(one)
        for name, one in found.items()
    }


def today(world: World) -> int:
    """How many days ago the village's day is by the clock of this machine."""
    return (clock.real_now().date() - world.now.date()).days


def test_a_badge_is_verified_by_others_without_a_network(
    world: World, pages: Pages, no_network: None
) -> None:
    held = hold(world, "agent", "AID", since=400, days=300 + today(world))
    token = take(pages, "agent", held)
    found = verifier().verify(token, check_status=False)
    assert found.achievement.name == "First aid"
    assert found.issuer.name == "The village"
    assert found.issuer.id == "https://home.example.org/open-badges/issuer"

    signed = jws.JWS()
    signed.deserialize(token, key())
    header = json.loads(signed.objects["protected"])
    kid = f"https://home.example.org/open-badges/key#{key().thumbprint()}"
    assert header == {"alg": "RS256", "typ": "JWT", "kid": kid}
    said = json.loads(signed.payload)
    row = Holding.objects.get(pk=held)
    begins = dt.datetime.combine(row.from_date, dt.time(), tzinfo=ZoneInfo(ZONE))
    assert dt.datetime.fromisoformat(said["validFrom"]) == begins
    assert row.expires_date is not None
    ends = dt.datetime.fromtimestamp(said["exp"], tz=dt.UTC)
    assert f"{ends:%Y-%m-%dT%H:%M:%SZ}" == said["validUntil"]
    assert ends.date() == row.expires_date, "through the end of its day"
    assert said["nbf"] == begins.timestamp()
    assert (said["iss"], said["jti"]) == (found.issuer.id, f"urn:uuid:{held}")
    assert said["sub"] == said["credentialSubject"]["id"] == f"urn:uuid:{held}#holder"


def test_every_word_of_it_is_one_of_the_standards(
    world: World, pages: Pages, no_network: None
) -> None:
    token = take(pages, "agent", hold(world, "agent", "SCOUT"))
    signed = jws.JWS()
    signed.deserialize(token, key())
    said = json.loads(signed.payload)
    claims = {name: said.pop(name) for name in ("iss", "jti", "sub", "nbf", "exp")}
    assert claims["nbf"] < claims["exp"]
    expand = partial(jsonld.expand, options={"documentLoader": contexts})
    (expanded,) = expand(said)
    flat = json.dumps(expanded)
    for word in (
        "Finds the way back in fog",
        "The village",
        "urn:uuid:",
        "agent by name",
        "revocation",
    ):
        assert word in flat, "a word that no context knows is dropped when it is expanded"
    back = jsonld.compact(expanded, said["@context"], options={"documentLoader": contexts})
    assert listed(back) == listed(said), "nothing was dropped, and nothing means something else"


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_changed_badge_is_refused(
    world: World, pages: Pages, no_network: None, place: int
) -> None:
    parts = take(pages, "agent", hold(world, "agent", "AID")).split(".")
    middle = len(parts[place]) // 2
    letter = "A" if parts[place][middle] != "A" else "B"
    parts[place] = parts[place][:middle] + letter + parts[place][middle + 1 :]
    with pytest.raises(OB3VerificationError):
        verifier().verify(".".join(parts))


def forged(token: str, how: str) -> str:
    """The claims of a true badge, under our `kid`, by whoever has our public key alone."""
    header, claims, _signature = token.split(".")
    told = {**jws.json_decode(base64url_decode(header)), "alg": how.split()[0]}
    signed = f"{base64url_encode(json.dumps(told))}.{claims}".encode()
    strange = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    curve, public = ec.generate_private_key(ec.SECP256R1()), published("badge-key").content
    makers: dict[str, Callable[[], bytes]] = {
        "none": lambda: b"",
        "HS256 by PEM": lambda: hmac.digest(key().export_to_pem(), signed, "sha256"),
        "HS256 by JWK": lambda: hmac.digest(public, signed, "sha256"),
        "ES256": lambda: jwt.algorithms.ECAlgorithm(hashes.SHA256).sign(signed, curve),
        "RS256": lambda: strange.sign(signed, padding.PKCS1v15(), hashes.SHA256()),
    }
    return f"{signed.decode()}.{base64url_encode(makers[how]())}"


@pytest.mark.parametrize("how", ["none", "HS256 by PEM", "HS256 by JWK", "ES256", "RS256"])
def test_whoever_has_our_public_key_alone_makes_no_badge(
    world: World, pages: Pages, no_network: None, how: str
) -> None:
    token = take(pages, "agent", hold(world, "agent", "AID"))
    verifier().verify(token)
    made = forged(token, how)
    with pytest.raises(OB3VerificationError, match=r"not allowed for this key|Invalid signature"):
        verifier().verify(made)
    with pytest.raises(jws.InvalidJWSSignature):
        jws.JWS().deserialize(made, key())
    with pytest.raises(jwt.InvalidTokenError):
        jwt.decode(made, jwt.PyJWK(published("badge-key").json()))


def test_what_has_ended_is_refused_by_the_verifier(
    world: World, pages: Pages, no_network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.now -= dt.timedelta(days=900)
    held = hold(world, "agent", "SCOUT")
    token = open_badges.signed_badge
    assert token(world.as_("agent"), held, now=world.now) is None, "no place in the list yet"
    old = take(pages, "agent", held)
    with pytest.raises(OB3VerificationError, match="expired"):
        verifier().verify(old)


def test_once_it_is_withdrawn_others_see_that(world: World, pages: Pages, no_network: None) -> None:
    world.now = clock.real_now().replace(microsecond=0)
    kept, gone = hold(world, "mate", "AID"), hold(world, "agent", "AID")
    badges = {who: take(pages, who, held) for who, held in (("mate", kept), ("agent", gone))}

    def fetched(address: str) -> bytes:
        assert address == "https://home.example.org/open-badges/withdrawn"
        return bytes(published("badge-withdrawn").content)

    for token in badges.values():
        verifier().verify(token, check_status=True, download=fetched)
    withdraw(holding_id=gone, why="The paper was forged.", by=world.as_("head"), now=world.now,
             tap=new_tap())  # fmt: skip
    verifier().verify(badges["mate"], check_status=True, download=fetched)
    with pytest.raises(OB3VerificationError, match="status 'revocation' is set"):
        verifier().verify(badges["agent"], check_status=True, download=fetched)
    answer = pages.as_("agent").post(reverse("my-badge", args=[gone]), sent(), follow=True)
    assert "only of what you hold validly today" in answer.content.decode()
    listed = published("badge-withdrawn").content.decode()
    signed = jws.JWS()
    signed.deserialize(listed, key())
    text = signed.payload.decode()
    assert str(gone) not in text
    assert "Fox" not in text


def test_nobody_takes_the_badge_of_another(world: World, pages: Pages) -> None:
    held = hold(world, "agent", "AID")
    for who in ("mate", "head", "admin", "outsider"):
        answer = pages.as_(who).post(reverse("my-badge", args=[held]), sent(), follow=True)
        assert "eyJ" not in answer.content.decode()
    assert Client().post(reverse("my-badge", args=[held]), sent()).status_code == 302
    assert Entry.objects.filter(kind="QUALIFICATION_BADGED").count() == 0
    assert Holding.objects.get().badge_place is None


def test_her_page_offers_what_is_valid_and_taking_it_is_recorded(
    world: World, pages: Pages
) -> None:
    hold(world, "agent", "SCOUT", since=800)
    held = hold(world, "agent", "AID")
    mine = pages.as_("agent").get(reverse("my-qualifications")).content.decode()
    assert mine.count("/badge/") == 1
    first = take(pages, "agent", held)
    place = Holding.objects.get(pk=held).badge_place
    take(pages, "agent", held)
    assert Holding.objects.get(pk=held).badge_place == place
    entries = Entry.objects.filter(kind="QUALIFICATION_BADGED", person_id=world.people["agent"])
    assert entries.count() == 2
    assert "eyJ" not in str([one.content.body for one in entries])
    name = Person.objects.get(pk=world.people["agent"]).name
    signed = jws.JWS()
    signed.deserialize(first, key())
    subject = json.loads(signed.payload)["credentialSubject"]
    assert subject["identifier"][0]["identityHash"] == name
    assert str(world.people["agent"]) not in signed.payload.decode()


def test_the_issuer_publishes_her_public_key_and_never_the_private_one(
    world: World, pages: Pages
) -> None:
    profile = published("badge-issuer").json()
    assert profile["name"] == "The village"
    assert profile["publicKey"] == "https://home.example.org/open-badges/key"
    shown = published("badge-key").json()
    assert set(shown) == {"kty", "n", "e", "alg", "use", "kid"}
    assert (shown["kty"], shown["alg"]) == ("RSA", "RS256")
    assert shown["kid"] == f"{profile['publicKey']}#{key().thumbprint()}"
    assert not key().has_private
    numbers = settings.open_badges_key().public_key()
    assert numbers.key_size >= 3072
    pem = numbers.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert pem == key().export_to_pem()
