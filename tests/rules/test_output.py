"""What a line of the output tells, and what it leaves out."""

from __future__ import annotations

import json
import logging
import sys
import uuid
from enum import Enum
from io import StringIO

import pytest

from homeby import output
from homeby.output import WITHHELD, ForTheEye, Lines, Word, event_name, facts_of, shown

ENTRY = uuid.UUID("0b1c2d3e-0000-4000-8000-000000000001")


class Colour(Enum):
    RED = "red"


class Alarm:
    """Stands for a row that may be named."""

    pk = ENTRY


class Person:
    """Stands for a row that may not."""

    pk = ENTRY


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (3, 3),
        (2.5, 2.5),
        (None, None),
        (True, True),
        (ENTRY, str(ENTRY)),
        (str(ENTRY), str(ENTRY)),
        (f"mission:{ENTRY}", f"mission:{ENTRY}"),
        (f"mission:{ENTRY}/approval", f"mission:{ENTRY}/approval"),
        (Colour.RED, "red"),
        (ValueError("Fox is at 12 Mill Lane"), "ValueError"),
        (Word("web"), "web"),
        (Alarm(), f"alarm:{ENTRY}"),
        (Person(), WITHHELD),
        ("Fox", WITHHELD),
        ("+41 79 555 01 02", WITHHELD),
        (41795550102, WITHHELD),
        ("192.0.2.7", WITHHELD),
        (f"mission:{ENTRY} Fox", WITHHELD),
        ("https://example.org/m/secret", WITHHELD),
        ("/m/secret", "/m/<str:token>"),
        ("/k/secret", "/k/<str:secret>"),
        ("/nowhere/Fox", "/" + WITHHELD),
        (["Fox"], WITHHELD),
        (b"Fox", WITHHELD),
    ],
)
def test_only_what_is_about_nobody_is_told(value: object, told: object) -> None:
    assert shown(value) == told


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("a look failed; looking again", "a_look_failed"),
        ("alarm %s could not be judged", "alarm_could_not_be_judged"),
        ("database trouble (%s) at %s: %s", "database_trouble"),
        ("%(child)s started (process %(number)d)", "started"),
        ("%s", "event"),
    ],
)
def test_an_event_is_named_by_its_sentence_in_the_code(template: str, name: str) -> None:
    assert event_name(template) == name


def record(message: object, *args: object, name: str = "homeby.watch", **more: object):
    made = logging.LogRecord(name, logging.ERROR, "/srv/x/lib.py", 7, message, args, None)
    made.__dict__.update(more)
    return made


def broken() -> logging.LogRecord:
    try:
        try:
            raise KeyError("Fox, +41 79 555 01 02")
        except KeyError as inner:
            raise RuntimeError("no Fox at 12 Mill Lane") from inner
    except RuntimeError:
        return record("a look of %s failed", "Fox", exc_info=sys.exc_info())


def test_a_line_is_one_json_object_and_an_error_is_told_without_its_text() -> None:
    line = Lines("json").format(broken())
    found = json.loads(line)
    assert "\n" not in line
    assert "Fox" not in line
    assert "Mill Lane" not in line
    assert found["event"] == "a_look_of_failed"
    assert (found["error"], found["cause"]) == ("RuntimeError", "KeyError")
    assert found["trace"][-1].endswith(" broken")
    assert found["level"] == "error"
    assert found["at"].endswith("Z")
    assert found["facts"] == [WITHHELD]


def test_the_plain_formatter_would_have_told_all_of_it() -> None:
    """The control: the record does hold what the line leaves out."""
    told = logging.Formatter().format(broken())
    assert "Fox" in told
    assert "Mill Lane" in told


def test_on_a_terminal_a_sentence_says_no_more() -> None:
    said = Lines("text").format(broken())
    assert "a look of … failed [RuntimeError: " in said
    assert "Fox" not in said
    assert "Mill Lane" not in said


def test_what_is_for_the_eye_stays_on_the_terminal() -> None:
    made = record("ready at %s", ForTheEye("http://10.0.0.7:8765"))
    assert Lines("text").format(made).endswith("ready at http://10.0.0.7:8765")
    assert facts_of(made)["facts"] == [WITHHELD]


def test_a_sentence_of_a_library_is_not_told() -> None:
    """It may quote anything: a host that was sent, an address that did not answer."""
    made = record("Invalid HTTP_HOST header: 'Fox'", name="django.security.DisallowedHost")
    found = facts_of(made)
    assert (found["event"], found["place"]) == ("django_security_disallowedhost", "lib.py:7")
    assert "Fox" not in Lines("json").format(made) + Lines("text").format(made)


def test_named_facts_keep_their_names() -> None:
    made = record("%(why)s at %(page)s", {"why": Colour.RED, "page": "/k/sesame", "at": "never"})
    found = facts_of(made)
    assert (found["why"], found["page"]) == ("red", "/k/<str:secret>")
    assert found["at"] != "never", "what a line always tells is not overwritten"


def test_json_unless_somebody_sits_at_the_terminal() -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    made = record("stopped")
    assert json.loads(Lines("auto", StringIO()).format(made))["event"] == "stopped"
    assert Lines("auto", Terminal()).format(made).endswith(": stopped")


def test_what_nobody_catches_is_a_line_too(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr("threading.excepthook", None)
    output.catch_all()
    logging.captureWarnings(False)
    try:
        raise RuntimeError("Fox")
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    assert [one.msg for one in caplog.records] == ["the process broke"]
