"""What all channels share: the registry, masks, and the limit on time; and the console."""

from __future__ import annotations

import datetime as dt
import sys
import threading

import pytest

from homeby.comms import channels
from homeby.comms.channels import ChannelSettings, Handed, Outgoing, Refused, channel, masked
from homeby.comms.channels.base import Attempts, Line, is_inner, one_line, shortened
from homeby.people.rules import ChannelName
from tests.sinks import HOST, raw_sink

OUTGOING = Outgoing(
    key="k",
    to_address="ines@example.org",
    subject="OVERDUE",
    text="Falke is not back.\nCode 4711.",
    link="https://homeby.example.org/m/secret",
    urgent=True,
    from_name="North hut",
    sent_as="ALARM",
    written_at=dt.datetime(2026, 3, 1, 14, 31, tzinfo=dt.UTC),
)


def test_every_name_of_a_contact_point_has_its_channel():
    assert set(channels.NAMES) == set(ChannelName)
    for name in ChannelName:
        assert channel(name, ChannelSettings()).name == name


def test_a_name_that_nobody_knows():
    with pytest.raises(ValueError, match=r"There is no channel 'FAX'\. The channels are: EMAIL"):
        channel("FAX", ChannelSettings())


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ines@example.org", "i…@example.org"),
        ("https://example.org/hook/s3cr3t?x=s3cr3t", "https://example.org/…"),
        ("https://user:s3cr3t@example.org:8443/", "https://example.org/…"),
        ("tgram://s3cr3t/1", "tgram://…"),
        ("https://[s3cr3t", "https://…"),
        ("+4366412345", "+…"),
        ("\r\ns3cr3t", "s…"),
        ("", "…"),
    ],
)
def test_masks(address, shown):
    assert masked(address) == shown


def test_the_link_stands_once():
    assert OUTGOING.whole_text.endswith("Code 4711.\n\nhttps://homeby.example.org/m/secret")


@pytest.mark.parametrize(
    ("text", "line"), [("a\r\nb", "a b"), ("a\u2028\u202eb", "a b"), ("x" * 9, "xx…xx")]
)
def test_one_line(text, line):
    assert one_line(text, most=5) == line


@pytest.mark.parametrize("most", range(1, 12))
def test_shortened_is_never_longer(most):
    assert len(shortened("0123456789", most=most)) == min(most, 10)


@pytest.mark.parametrize(
    ("host", "inner"),
    [("127.0.0.1", True), ("fe80::1%eth0", True), ("93.184.216.34", False), ("example.org", False)],
)
def test_inner_addresses(host, inner):
    assert is_inner(host) is inner


def test_work_that_breaks_is_a_refusal_without_its_text(caplog):
    def work(line: Line):
        raise RuntimeError("s3cr3t")

    result = Attempts().within(seconds=5, who="It", work=work)
    assert isinstance(result, Refused)
    assert "RuntimeError" in result.sentence
    assert "s3cr3t" not in result.sentence + caplog.text
    assert "test_channels_base.py" in caplog.text


def test_an_answer_that_is_settled_stands_though_the_rest_hangs_or_breaks():
    gate = threading.Event()

    def hangs(line: Line):
        line.settled = Handed(provider_ref="1")
        gate.wait(10)
        return line.settled

    def breaks(line: Line):
        line.settled = Handed(provider_ref="2")
        raise OSError

    assert Attempts().within(seconds=0.2, who="It", work=hangs) == Handed(provider_ref="1")
    assert Attempts().within(seconds=5, who="It", work=breaks) == Handed(provider_ref="2")
    gate.set()


def test_hanging_attempts_do_not_pile_up():
    gate = threading.Event()
    attempts = Attempts(most=1)

    def hangs(line: Line):
        gate.wait(10)
        return Handed(provider_ref="")

    late = attempts.within(seconds=0.1, who="It", work=hangs)
    full = attempts.within(seconds=0.1, who="It", work=hangs)
    gate.set()
    assert isinstance(late, Refused)
    assert late.sentence == "It did not answer within 0.1 s."
    assert isinstance(full, Refused)
    assert "still hang" in full.sentence


def test_a_line_that_is_cut_ends_the_waiting():
    ended = threading.Event()

    def work(line: Line):
        connection = line.connect(host, port)
        assert connection.recv(10) == b""
        connection.close()
        ended.set()
        return Handed(provider_ref="too late")

    with raw_sink(lambda connection, closing: closing.wait(10)) as (host, port):
        result = Attempts().within(seconds=0.3, who="It", work=work)
        assert ended.wait(3), "the attempt still waits after its line was cut"
    assert isinstance(result, Refused)


def test_a_line_that_was_cut_does_not_connect_any_more():
    line = Line(seconds=1)
    line.cut()
    with (
        raw_sink(lambda connection, closing: None) as (host, port),
        pytest.raises(TimeoutError),
    ):
        line.connect(host, port)
    assert host == HOST


def test_the_console_writes_one_line_to_standard_error(capsys):
    result = channel("CONSOLE", ChannelSettings()).send(OUTGOING, timeout_seconds=1)
    assert result == Handed(provider_ref="console")
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert "Falke is not back." in printed.err
    assert "i…@example.org" in printed.err


def test_a_console_that_is_gone_refuses(monkeypatch):
    class Gone:
        def write(self, text: str) -> int:
            raise BrokenPipeError

        def flush(self) -> None:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Gone())
    result = channel("CONSOLE", ChannelSettings()).send(OUTGOING, timeout_seconds=1)
    assert isinstance(result, Refused)
    assert not result.permanent
