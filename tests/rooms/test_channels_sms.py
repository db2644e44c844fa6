"""SMS, against a gateway on the loopback that speaks as its settings say, and that does not."""

from __future__ import annotations

import dataclasses
import json
from urllib.parse import parse_qs

import pytest

from homeby.comms.channels import ChannelSettings, Gateway, Handed, Refused, channel
from tests.rooms.test_channels_webhook import OUTGOING
from tests.sinks import HOST, free_port, http_sink

NUMBER = "+43 664 1234567"


def settings(url: str, **more) -> ChannelSettings:
    return ChannelSettings(sms=Gateway(url=url, **more), sms_secret="s3cr3t")


def send(chosen: ChannelSettings, to: str = NUMBER, *, timeout_seconds: float = 5, **changes):
    outgoing = dataclasses.replace(OUTGOING, to_address=to, **changes)
    return channel("SMS", chosen).send(outgoing, timeout_seconds=timeout_seconds)


def test_json_is_filled_in_and_the_id_is_found():
    template = '{"messages": [{"to": "{to}", "from": "{from}", "body": "{text}", "ref": "{key}"}]}'
    with http_sink() as sink:
        sink.body = b'{"messages": [{"id": 4711, "status": "queued"}]}'
        chosen = settings(
            sink.url("/v1/send"),
            template=template,
            sender="Homeby",
            headers=("Authorization: Bearer {secret}", "X-Account: hut"),
            id_path="messages.0.id",
        )
        assert send(chosen) == Handed(provider_ref="4711")
    [request] = sink.requests
    assert (request.method, request.path) == ("POST", "/v1/send")
    assert request.headers["authorization"] == "Bearer s3cr3t"
    assert request.headers["x-account"] == "hut"
    assert request.headers["idempotency-key"] == OUTGOING.key
    [message] = json.loads(request.body)["messages"]
    assert (message["to"], message["from"]) == ("+436641234567", "Homeby")
    assert message["ref"] == OUTGOING.key
    assert OUTGOING.subject in message["body"]
    assert message["body"].endswith(OUTGOING.link)


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_form_is_filled_in(method):
    with http_sink() as sink:
        chosen = settings(
            sink.url("/send?account=1"),
            method=method,
            form="form",
            template="to={to}&text={text}&flash=0",
        )
        assert isinstance(send(chosen, text="a&b=c +ü"), Handed)
    [request] = sink.requests
    query = request.body.decode() if method == "POST" else request.path.partition("?")[2]
    fields = parse_qs(query)
    assert fields["to"] == ["+436641234567"]
    assert "a&b=c +ü" in fields["text"][0]
    assert fields["flash"] == ["0"]


def test_no_text_breaks_out_of_the_template():
    evil = '", "to": "+1900", "x": "{to}{secret}'
    with http_sink() as sink:
        send(settings(sink.url()), subject=evil, text=evil)
    fields = json.loads(sink.requests[0].body)
    assert fields.keys() == {"to", "text"}
    assert fields["to"] == "+436641234567"
    assert "s3cr3t" not in fields["text"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"id": 1, "result": {"state": "Queued"}}', Handed(provider_ref="1")),
        (b'{"result": {"state": "sent"}}', Handed(provider_ref="HTTP 200")),
        (b'{"result": {"state": "no credit"}}', False),
        (b'{"result": "strange"}', False),
        (b"OK", False),
        (b"[" * 90_000, False),
        (b'{"result": {"state": "invalid number"}}', True),
    ],
)
def test_the_rule_of_success_is_that_of_the_settings(body, expected):
    with http_sink() as sink:
        sink.body = body
        chosen = settings(
            sink.url(),
            state_path="result.state",
            taken_words=("queued", "sent"),
            refused_words=("invalid number",),
        )
        result = send(chosen)
    if isinstance(expected, bool):
        assert isinstance(result, Refused)
        assert result.permanent is expected
    else:
        assert result == expected


@pytest.mark.parametrize("status", ["400", "401", "404", "429", "500", "503"])
def test_no_status_alone_condemns_a_number(status):
    with http_sink() as sink:
        sink.body = b'{"error": {"message": "low balance"}}'
        sink.plan(status)
        result = send(settings(sink.url("/s3cr3t"), error_path="error.message"))
    assert isinstance(result, Refused)
    assert not result.permanent
    assert f"HTTP {status}" in result.sentence
    assert status == "429" or "low balance" in result.sentence
    assert "s3cr3t" not in result.sentence


@pytest.mark.parametrize("trouble", ["slow", "trickle", "reset", "lost", "rubbish", "redirect"])
def test_a_gateway_in_trouble_is_tried_again(trouble):
    with http_sink() as sink:
        sink.plan(trouble)
        result = send(settings(sink.url()), timeout_seconds=0.7)
    assert isinstance(result, Refused)
    assert not result.permanent
    assert f"The SMS gateway at {HOST}:{sink.port}" in result.sentence


def test_a_gateway_that_is_down():
    result = send(settings(f"http://{HOST}:{free_port()}/"))
    assert isinstance(result, Refused)
    assert "takes no connections" in result.sentence


def test_a_status_counts_where_the_settings_ask_no_more_and_not_where_they_do():
    with http_sink() as sink:
        sink.plan("slow body", "slow body")
        assert send(settings(sink.url()), timeout_seconds=0.7) == Handed(provider_ref="HTTP 200")
        unsure = settings(sink.url(), state_path="state", taken_words=("ok",))
        assert isinstance(send(unsure, timeout_seconds=0.7), Refused)


def test_a_long_text_fits_into_three_parts_and_keeps_its_end():
    with http_sink() as sink:
        send(settings(sink.url()), text="x" * 5000 + "\nCode to take it: 123456")
    text = json.loads(sink.requests[0].body)["text"]
    assert len(text) <= 450
    assert "Code to take it: 123456" in text
    assert text.endswith(OUTGOING.link)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"url": ""}, "set sms_url"),
        ({"url": "gateway.example.org"}, "begins with https://"),
        ({"template": "to={to}&text={text}"}, "not JSON"),
        ({"template": "[" * 90_000}, "not JSON"),
        ({"template": '{"to": "{to}"}'}, "must hold {to} and {text}"),
        ({"method": "GET"}, "must be form"),
        ({"headers": ("Authorization",)}, "a colon and a value"),
        ({"headers": ("X: a\r\nY: b",)}, "a colon and a value"),
    ],
)
def test_settings_that_cannot_work_are_said_and_no_address_is_at_fault(more, says):
    chosen = ChannelSettings(sms=Gateway(**({"url": "https://sms.example.org/"} | more)))
    unready = channel("SMS", chosen).unready()
    assert unready
    assert says in unready
    assert send(chosen) == Refused(sentence=unready, permanent=False)


@pytest.mark.parametrize(
    "number", ["", "0664 1234567", "+0664", "+43", "+43 664 x", "+" + "1" * 16]
)
def test_a_number_without_its_country_is_refused(number):
    problem = channel("SMS", settings("https://sms.example.org/")).problem_with(number)
    assert problem
    assert problem.endswith(".")


@pytest.mark.parametrize("number", ["+43 664 1234567", "+1 (212) 555-0100", "+447700900123"])
def test_a_number_as_people_write_it(number):
    assert channel("SMS", settings("https://sms.example.org/")).problem_with(number) is None
