"""A partner station that lies, and whoever stands between two stations: nothing they say delays the
watch, keeps a silence unnoticed, or reaches further than it should. Real HTTP on the loopback."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from wsgiref.simple_server import WSGIServer

import pytest

from homeby.logbook import queries as logbook
from homeby.logbook.rules import Refused, canonical, new_tap
from homeby.people.rules import STATION
from homeby.watch.actions.partners import line, pairing, signing
from homeby.watch.actions.partners.pairing import INVITATION, SEALED, Code
from homeby.watch.actions.partners.signing import PairingKey, Signer
from homeby.watch.models import Alarm, Partner, PartnerMark
from homeby.watch.rules import AlarmKind
from homeby.watch.rules.partners import Point, Said, written
from tests.promises.partnered import answering, minute
from tests.sinks import http_sink, raw_sink
from tests.world import World

LIAR = Signer(bytes(range(7, 39)))
LIAR_ID = uuid.UUID("11111111-0000-4000-8000-000000000001")


class Liar:
    """A station that holds a key and knows the protocol, and no logbook, watch or conscience."""

    def __init__(self, world: World, server: WSGIServer) -> None:
        self.world, self.server = world, server
        self.sequence = 0

    def raw(self, path: str, body: bytes, *, length: int | None = None) -> tuple[int, bytes]:
        to = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=10)
        size = len(body) if length is None else length
        to.request("POST", path, body, headers={"Content-Length": str(size)})
        self.server.handle_request()
        answer = to.getresponse()
        found = (answer.status, answer.read())
        to.close()
        return found

    def request(self, code: str, signer: Signer = LIAR, **more: Any) -> tuple[int, dict[str, Any]]:
        """Bring a card to whoever made this code."""
        key = PairingKey.of(Code.read(code).secret)
        card = {
            "station": str(LIAR_ID),
            "name": "Liar",
            "url": "http://127.0.0.1:9",
            "key": signer.public_key,
            "officers": [],
        } | more
        values = {"card": card, "signature": signer.sign(canonical(card), purpose=signing.CARD)}
        sealed = key.seal(values, purpose=signing.REQUEST_SEAL)
        body = json.dumps({INVITATION: str(key.invitation), SEALED: sealed}).encode()
        status, answer = self.raw("/partner/pair", body)
        return status, json.loads(answer)

    def pair(self) -> None:
        status, _answer = self.request(self.code())
        assert status == 200
        self.world.look()

    def code(self) -> str:
        return pairing.invite(by=STATION, now=self.world.now, tap=new_tap())

    def said(self, **more: Any) -> Said:
        self.sequence += 1
        now = self.world.now
        honest = minute(sender=LIAR_ID, name="Liar", sequence=self.sequence, now=now)
        return replace(honest, **more)

    def letter(self, said: Said, *, signer: Signer = LIAR) -> bytes:
        text = written(said)
        signature = signer.sign(text, purpose=signing.MESSAGE)
        values = {"sender": str(LIAR_ID), "message": text, "signature": signature}
        return json.dumps(values).encode()

    def say(self, **more: Any) -> str:
        """A signed message; the verdict."""
        status, answer = self.raw("/partner/message", self.letter(self.said(**more)))
        self.world.look()
        return str(json.loads(json.loads(answer)["message"])["verdict"]) if status == 200 else ""

    def alarm(self) -> Alarm | None:
        return Alarm.objects.filter(kind=AlarmKind.PARTNER).first()


@pytest.fixture
def liar(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Liar]:
    with answering(world, monkeypatch) as server:
        yield Liar(world, server)


def test_what_nobody_we_know_has_signed_is_answered_and_changes_nothing(liar: Liar) -> None:
    liar.pair()
    assert liar.say() == "heard"
    before, mark = logbook.last_number(), PartnerMark.objects.values().get()
    other, path = Signer(bytes(32)), "/partner/message"
    us = logbook.station()
    assert us is not None
    nested = b'{"message": ' + b"[" * 20_000 + b"}"
    answers = [
        liar.raw(path, b"not JSON"),
        liar.raw(path, nested),
        liar.raw(path, b"[]"),
        liar.raw(path, b"{}", length=50_000_000),
        liar.raw(path, liar.letter(liar.said(), signer=other)),
        liar.raw(path, liar.letter(liar.said(receiver=uuid.uuid4()))),
        liar.raw(path, liar.letter(liar.said(sender=us.pk))),
        liar.raw(path, liar.letter(liar.said()).replace(b'\\"out\\":0', b'\\"out\\":1')),
        liar.raw(path, json.dumps({"sender": str(uuid.uuid4())}).encode()),
    ]
    assert {status for status, _body in answers} == {403, 413}
    assert all(json.loads(body)["sentence"] for _status, body in answers)
    text = '{"verb":"MINUTE","sequence":"many"}'
    signature = LIAR.sign(text, purpose=signing.MESSAGE)
    half = json.dumps({"sender": str(LIAR_ID), "message": text, "signature": signature})
    assert liar.raw(path, half.encode())[0] == 403
    assert (logbook.last_number(), PartnerMark.objects.values().get()) == (before, mark)


def test_a_replay_keeps_no_dead_station_alive(liar: Liar) -> None:
    liar.pair()
    letter, heard_at = liar.letter(liar.said()), liar.world.now
    assert liar.raw("/partner/message", letter)[0] == 200
    for _ in range(6):
        liar.world.fast_forward(minutes=1)
        liar.raw("/partner/message", letter)
    assert PartnerMark.objects.get().heard_at == heard_at
    assert liar.alarm() is not None


@pytest.mark.parametrize(
    "lie",
    [
        {"at": dt.datetime(2099, 1, 1, tzinfo=dt.UTC)},
        {"next_act_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
        {"unsent_seconds": 121},
        {"is_awake": False},
        {"point": Point(entries=9, last="x", digest="a" * 64)},
        {"point": Point(entries=10, last="x", digest="b" * 64)},
        {"earlier": Point(entries=10, last="y", digest="c" * 64)},
    ],
    ids=lambda lie: "-".join(lie),
)
def test_what_it_says_of_itself_is_an_alarm_at_once(liar: Liar, lie: dict[str, Any]) -> None:
    liar.pair()
    assert liar.say() == "heard"
    liar.world.fast_forward(minutes=1)
    assert liar.say(**lie) == "heard"
    alarm = liar.alarm()
    assert alarm is not None
    assert alarm.opened_at == liar.world.now
    assert [one for one in liar.world.phone("head") if one.code]


def test_a_logbook_never_shown_to_fit_is_an_alarm_in_the_end(liar: Liar) -> None:
    liar.pair()
    liar.say()
    for number in range(5):
        assert liar.alarm() is None
        liar.world.fast_forward(minutes=1)
        liar.say(point=Point(entries=20 + number, last="z", digest="d" * 64), earlier=None)
    assert liar.alarm() is not None


def test_a_flood_of_messages_is_not_written_down(liar: Liar) -> None:
    liar.pair()
    assert liar.say() == "heard"
    before = logbook.last_number()
    assert {liar.say(is_awake=False) for _ in range(5)} == {"soon"}
    assert logbook.last_number() == before


def test_a_code_serves_one_station_and_lapses(liar: Liar) -> None:
    code = liar.code()
    assert liar.request(code)[0] == 200
    assert liar.request(code)[0] == 200  # its first answer was lost: the same station asks again
    status, answer = liar.request(code, Signer(bytes(32)), station=str(uuid.uuid4()))
    assert (status, "was used, or has lapsed" in answer["sentence"]) == (403, True)
    assert Partner.objects.count() == 1
    late = liar.code()
    liar.world.now += dt.timedelta(minutes=11)
    assert liar.request(late, station=str(uuid.uuid4()))[0] == 403


def test_a_card_that_asks_for_too_much_is_refused(liar: Liar) -> None:
    us = logbook.station()
    assert us is not None
    inner, own = {"url": "http://192.168.1.1"}, {"station": str(us.pk)}
    for wrong in (inner, own, {"url": "http://127.0.0.1:9/office?x=1"}, {"officers": 7}):
        status, answer = liar.request(liar.code(), **wrong)
        assert (status, bool(answer["sentence"])) == (403, True)
    assert not Partner.objects.exists()


def accept(world: World, code: str) -> str:
    with pytest.raises(Refused) as refused:
        pairing.accept(code=code, by=STATION, now=world.now, tap=new_tap())
    return str(refused.value)


def test_a_code_is_checked_before_anybody_is_asked(liar: Liar) -> None:
    world, code = liar.world, liar.code()
    assert "no pairing code" in accept(world, "HOMEBY1-abc")
    assert "no pairing code" in accept(world, code[:-6] + "AAAAAA")
    world.now += dt.timedelta(minutes=11)
    assert "has lapsed" in accept(world, code)


def test_somebody_between_the_stations_gets_nothing(liar: Liar) -> None:
    """He reads the address in the code and answers in its place; redirects lead nowhere."""
    with http_sink() as sink:
        code = Code(
            url=sink.url("").rstrip("/"),
            fingerprint=signing.fingerprint(LIAR.public_key),
            secret=bytes(16),
            expires_at=liar.world.now + dt.timedelta(minutes=5),
        ).as_text()
        sink.plan("200", "302")
        assert accept(liar.world, code)
        assert accept(liar.world, code)
        sent = b"".join(request.body for request in sink.requests)
        assert len(sink.requests) == 2
    assert b"head" not in sent  # the card travels sealed
    key = PairingKey.of(bytes(16))
    other = Signer(bytes(32))
    card = {"station": str(uuid.uuid4()), "name": "x", "url": "http://127.0.0.1:9", "officers": []}
    card |= {"key": other.public_key}
    values = {"card": card, "signature": other.sign(canonical(card), purpose=signing.CARD)}
    sealed = {SEALED: key.seal(values, purpose=signing.ANSWER_SEAL)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line, "post", lambda *_: line.Answered(values=sealed))
        assert "its key is not the code's" in accept(liar.world, code)
    assert not Partner.objects.exists()


def test_a_partner_that_hangs_takes_a_bounded_time(liar: Liar) -> None:
    def hang(connection: Any, closing: Any) -> None:
        closing.wait(5)

    with raw_sink(hang) as (host, port):
        came = line.post(f"http://{host}:{port}", line.MESSAGE_PATH, {}, seconds=0.3)
    assert (came.values, "did not answer" in came.sentence) == (None, True), came
