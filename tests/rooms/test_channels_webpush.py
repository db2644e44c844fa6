"""Web push: the cipher against the example of the standard, and a push service on the loopback that
opens what it is sent as the browser would."""

from __future__ import annotations

import dataclasses
import json
import os

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from homeby import clock
from homeby.comms.channels import ChannelSettings, Handed, Refused, channel
from homeby.comms.channels import push_encryption as cipher
from homeby.comms.channels.webpush import topic
from tests.rooms.test_channels_webhook import OUTGOING
from tests.sinks import HOST, free_port, http_sink

SETTINGS = ChannelSettings(
    webhook_allowed_hosts=(HOST,),
    webpush_key=bytes(range(1, 33)),
    webpush_contact="mailto:watch@example.org",
)


class Browser:
    """Who subscribed: it alone can open what was sealed for it."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)

    def address(self, endpoint: str) -> str:
        p256dh = cipher.b64(cipher.public_bytes(self.key.public_key()))
        keys = {"p256dh": p256dh, "auth": cipher.b64(self.auth)}
        return json.dumps({"endpoint": endpoint, "keys": keys})

    def opened(self, body: bytes) -> bytes:
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        ours, sealed = body[21 : 21 + length], body[21 + length :]
        assert size == 4096
        assert len(body) <= size
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), ours)
        mine = cipher.public_bytes(self.key.public_key())
        shared = self.key.exchange(ec.ECDH(), sender)
        secret = derived(shared, self.auth, b"WebPush: info\x00" + mine + ours, 32)
        key = derived(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = derived(secret, salt, b"Content-Encoding: nonce\x00", 12)
        plain = AESGCM(key).decrypt(nonce, sealed, None)
        assert plain.endswith(b"\x02")
        return plain[:-1]


def derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def send(address: str, *, chosen=SETTINGS, timeout_seconds: float = 5, **changes):
    outgoing = dataclasses.replace(OUTGOING, to_address=address, **changes)
    return channel("WEBPUSH", chosen).send(outgoing, timeout_seconds=timeout_seconds)


def test_the_example_of_rfc_8291():
    """Appendix A."""
    body = cipher.sealed(
        b"When I grow up, I want to be a watermelon",
        to=cipher.unb64(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIA"
            "iw4"
        ),
        auth=cipher.unb64("BTBZMqHH6r4Tts7J_aSIgg"),
        sender=cipher.private_key(cipher.unb64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")),
        salt=cipher.unb64("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert cipher.b64(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_the_browser_opens_it_and_the_push_service_reads_how_urgent_it_is():
    browser = Browser()
    with http_sink() as sink:
        sink.headers["Location"] = "https://push.example.org/m/1"
        sink.plan("201")
        assert send(browser.address(sink.url("/p/abc"))) == Handed(
            provider_ref="https://push.example.org/m/1"
        )
    [request] = sink.requests
    assert json.loads(browser.opened(request.body)) == {
        "title": OUTGOING.subject,
        "body": OUTGOING.text,
        "url": OUTGOING.link,
        "key": OUTGOING.key,
        "urgent": True,
    }
    assert OUTGOING.text.encode() not in request.body
    assert request.path == "/p/abc"
    assert request.headers["content-encoding"] == "aes128gcm"
    assert request.headers["urgency"] == "high"
    assert int(request.headers["ttl"]) > 3600
    assert request.headers["topic"] == topic(OUTGOING.key)


def test_the_station_proves_who_it_is():
    with http_sink() as sink:
        send(Browser().address(sink.url("/p/abc")))
    token, _, public = sink.requests[0].headers["authorization"].partition(", k=")
    head, claims, signature = token.removeprefix("vapid t=").split(".")
    key = cipher.browser_key(cipher.unb64(public))
    raw = cipher.unb64(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    key.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    said = json.loads(cipher.unb64(claims))
    assert said["aud"] == f"http://{HOST}:{sink.port}"
    assert said["sub"] == "mailto:watch@example.org"
    assert 0 < said["exp"] - clock.real_now().timestamp() <= 24 * 3600


def test_all_messages_of_one_alarm_have_one_topic_and_no_two_alarms_do():
    one, again, other = "alarm:1/2/ines", "alarm:1/3/owl", "alarm:2/2/ines"
    assert topic(one) == topic(again) != topic(other)
    assert len(topic(one)) == 32


@pytest.mark.parametrize(
    ("status", "permanent", "says"),
    [
        ("404", True, "listens no more"),
        ("410", True, "listens no more"),
        ("400", True, "refused the message"),
        ("413", True, "refused the message"),
        ("401", False, "the station's key"),
        ("403", False, "the station's key"),
        ("429", False, "asks for patience"),
        ("500", False, "in trouble itself"),
    ],
)
def test_what_a_status_means(status, permanent, says):
    with http_sink() as sink:
        sink.plan(status)
        result = send(Browser().address(sink.url("/s3cr3t")))
    assert isinstance(result, Refused)
    assert result.permanent is permanent
    assert says in result.sentence
    assert "s3cr3t" not in result.sentence


@pytest.mark.parametrize("trouble", ["slow", "trickle", "reset", "lost", "rubbish", "redirect"])
def test_a_push_service_in_trouble_is_tried_again(trouble):
    with http_sink() as sink:
        sink.plan(trouble)
        result = send(Browser().address(sink.url()), timeout_seconds=0.7)
    assert isinstance(result, Refused)
    assert not result.permanent
    assert f"The push service at {HOST}:{sink.port}" in result.sentence


def test_a_push_service_that_is_down():
    result = send(Browser().address(f"http://{HOST}:{free_port()}/"))
    assert isinstance(result, Refused)
    assert "takes no connections" in result.sentence


def test_a_long_text_fits_into_one_record_and_keeps_its_end():
    browser = Browser()
    with http_sink() as sink:
        result = send(browser.address(sink.url()), text="🏔" * 5000 + "Code: 123456")
    assert isinstance(result, Handed)
    fields = json.loads(browser.opened(sink.requests[0].body))
    assert fields["body"].endswith("Code: 123456")


@pytest.mark.parametrize("key", [b"", b"\x00" * 32, b"\xff" * 32])
def test_a_damaged_key_is_the_stations_trouble_and_no_address_is_at_fault(key):
    chosen = dataclasses.replace(SETTINGS, webpush_key=key)
    result = send(Browser().address("https://push.example.org/"), chosen=chosen)
    assert isinstance(result, Refused)
    assert not result.permanent
    assert "webpush.key" in result.sentence


def _with(**more) -> str:
    fields = json.loads(Browser().address("https://push.example.org/p"))
    return json.dumps(fields | more)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "rubbish",
        "[" * 90_000,
        "[]",
        "{}",
        "null",
        _with(keys={}),
        _with(keys={"p256dh": "AAAA", "auth": "AAAA"}),
        _with(keys={"p256dh": 1, "auth": None}),
        _with(endpoint=None),
        _with(endpoint="ftp://push.example.org/"),
        _with(endpoint="http://127.0.0.1/p"),
    ],
)
def test_what_is_no_subscription_is_said_before_sending(address):
    chosen = dataclasses.replace(SETTINGS, webhook_allowed_hosts=())
    problem = channel("WEBPUSH", chosen).problem_with(address)
    assert problem
    assert problem.endswith(".")
    assert send(address, chosen=chosen) == Refused(sentence=problem, permanent=True)
