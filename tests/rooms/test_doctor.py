"""`homeby doctor` and `homeby status`: a sentence for each finding, red only where it must be."""

from __future__ import annotations

import datetime as dt
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from homeby import keys
from homeby.findings import Finding, Level, amber, green, red
from homeby.people.models import ContactPoint, PersonKey
from homeby.settings import Settings
from homeby.station import doctor, status, who_is_told
from tests.world import World

NOW = dt.datetime(2026, 11, 22, 20, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOMEBY_HOME", "HOMEBY_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def _settings(**values: Any) -> Settings:
    return Settings(**{"home": Path("/hut"), "public_url": "https://hut.example.org", **values})


def _only(findings: list[Finding], what: str) -> Finding:
    [found] = [finding for finding in findings if finding.what == what]
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("values", "level", "words"),
    [
        ({}, Level.GREEN, "https://hut.example.org"),
        ({"public_url": ""}, Level.AMBER, "this machine only"),
        ({"public_url": "http://hut.example.org"}, Level.AMBER, "not encrypted"),
    ],
)
def test_the_address_in_messages_is_looked_at(
    values: dict[str, Any], level: Level, words: str
) -> None:
    found = doctor.problems_with_settings(settings=_settings(**values), names=())
    assert _only(found, "public_url").level is level
    assert words in _only(found, "public_url").sentence


def test_a_variable_that_nobody_reads_and_a_demonstration_are_said() -> None:
    found = doctor.problems_with_settings(
        settings=_settings(demonstration=True), names=("HOMEBY_FLOWERS",)
    )
    assert [f.level for f in found] == [Level.GREEN, Level.AMBER, Level.AMBER]
    assert "HOMEBY_FLOWERS" in found[1].sentence
    assert "demonstration" in found[2].sentence


def test_a_folder_and_keys_that_others_can_read_are_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    keys.secret_key(home=tmp_path)
    keys.make_people_key(home=tmp_path)
    sound = doctor.problems_with_folders(home=tmp_path, empty=False)
    assert [f.level for f in sound if f.what != "disk"] == [Level.GREEN, Level.GREEN]
    tmp_path.chmod(0o755)
    (tmp_path / "keys" / "people.key").chmod(0o644)
    found = doctor.problems_with_folders(home=tmp_path, empty=False)
    assert _only(found, "folder").level is Level.AMBER
    assert _only(found, "keys").level is Level.RED
    assert "chmod 600" in _only(found, "keys").what_to_do


def test_a_missing_people_key_is_red_only_when_there_are_records(tmp_path: Path) -> None:
    lost = doctor.problems_with_folders(home=tmp_path, empty=False)
    assert _only(lost, "keys").level is Level.RED
    fresh = doctor.problems_with_folders(home=tmp_path, empty=True)
    assert _only(fresh, "keys").level is Level.GREEN


def test_a_folder_that_is_not_there_is_red(tmp_path: Path) -> None:
    [found] = doctor.problems_with_folders(home=tmp_path / "nowhere", empty=True)
    assert found.level is Level.RED
    assert "homeby init" in found.what_to_do


def test_a_mail_server_that_answers_is_green_and_gets_no_mail() -> None:
    sink = Controller(Sink(), hostname="127.0.0.1", port=_free_port())
    sink.start()
    try:
        settings = _settings(smtp_host="127.0.0.1", smtp_port=sink.port, smtp_security="none")
        [found] = doctor.problems_with_channels(settings=settings)
        without_tls = _settings(smtp_host="127.0.0.1", smtp_port=sink.port)
        [refused] = doctor.problems_with_channels(settings=without_tls)
    finally:
        sink.stop()
    assert found.level is Level.GREEN
    assert refused.level is Level.RED
    assert "STARTTLS" in refused.sentence


def test_a_mail_server_that_is_not_there_is_red() -> None:
    settings = _settings(smtp_host="127.0.0.1", smtp_port=_free_port())
    [found] = doctor.problems_with_channels(settings=settings)
    assert found.level is Level.RED
    assert "cannot be reached" in found.sentence


def test_no_mail_server_is_amber() -> None:
    [found] = doctor.problems_with_channels(settings=_settings())
    assert found.level is Level.AMBER


@pytest.mark.parametrize(
    ("now", "moved", "last_entry_at", "level", "words"),
    [
        (NOW, None, None, Level.GREEN, "nobody moved it"),
        (NOW, 4.0, NOW, Level.GREEN, "nobody moved it"),
        (NOW, 7200.0, None, Level.AMBER, "forward by 7200 s"),
        (NOW, -60.0, None, Level.AMBER, "back by 60 s"),
        (NOW, None, NOW + dt.timedelta(seconds=1), Level.RED, "last entry of the logbook"),
        (dt.datetime(1970, 1, 1, tzinfo=dt.UTC), None, None, Level.RED, "cannot be"),
    ],
)
def test_the_clock_is_checked_against_boot_and_logbook(
    now: dt.datetime,
    moved: float | None,
    last_entry_at: dt.datetime | None,
    level: Level,
    words: str,
) -> None:
    found = doctor.problems_with_clock(now=now, moved=moved, last_entry_at=last_entry_at)
    assert _only(found, "clock").level is level
    assert words in _only(found, "clock").sentence
    assert _only(found, "time zones").level is not Level.RED


def test_the_worst_stands_first_and_json_says_the_same() -> None:
    findings = [green("a", "Well."), amber("b", "Hm.", "Look."), red("c", "Bad.", "Act.")]
    lines = doctor.as_text(findings).splitlines()
    assert lines == [
        "RED   c: Bad. Act.",
        "look  b: Hm. Look.",
        "ok    a: Well.",
        "1 red, 1 to look at, 3 in all.",
    ]
    told = json.loads(doctor.as_json_text(findings))
    assert told["level"] == "RED"
    assert [finding["what"] for finding in told["findings"]] == ["a", "b", "c"]


@pytest.mark.django_db
def test_doctor_looks_at_everything_and_says_how_it_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = doctor.run(settings=_settings(home=tmp_path), as_json=True)
    told = json.loads(capsys.readouterr().out)
    looked_at = {finding["what"] for finding in told["findings"]}
    assert {"settings", "folder", "keys", "database", "e-mail", "clock", "watch"} <= looked_at
    assert code == (1 if told["level"] == "RED" else 0)
    assert told["level"] == "RED", "the people key is missing in this folder"


@pytest.mark.django_db
def test_status_gives_figures_and_says_that_nobody_watches(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert status.run(as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["watch_is_fresh"] is False
    assert told["watch_age_seconds"] is None
    assert told["database"] in ("SQLite", "PostgreSQL")
    assert told["alarms_open"] == told["messages_queued"] == 0
    status.run(as_json=False)
    assert "alarms open: 0" in capsys.readouterr().out


def test_an_address_that_does_not_open_reaches_nobody(world: World) -> None:
    """The key of the station is not the one under which its people were sealed."""
    assert who_is_told.finding().level is Level.GREEN
    PersonKey.objects.filter(person_id=world.people["head"]).update(wrapped=b"\x00" * 60)
    found = who_is_told.finding()
    assert found.level is Level.RED
    assert "keys/people.key" in str(found)
    ContactPoint.objects.update(verified_at=None)
    assert "verified contact point: an alarm reaches nobody" in str(who_is_told.finding())
