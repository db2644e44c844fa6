"""Settings: a variable beats the file, and every mistake gets a sentence that names it."""

from __future__ import annotations

import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from homeby import keys
from homeby import settings as station


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOMEBY_HOME", str(tmp_path))
    monkeypatch.delenv("HOMEBY_DATABASE_URL", raising=False)
    return tmp_path


def _write(home: Path, text: str) -> None:
    (home / "homeby.toml").write_text(text, encoding="utf-8")


def _problem() -> str:
    with pytest.raises(station.SettingsProblem) as caught:
        station.load()
    return str(caught.value)


def test_without_a_file_everything_has_a_usable_value(home: Path) -> None:
    found = station.load()
    assert found.home == home
    assert found.public_url == "http://127.0.0.1:8765"
    assert found.sender_address == "homeby@127.0.0.1"
    assert not found.demonstration


def test_a_variable_beats_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(home, 'station_name = "North hut"\nport = 9000\n')
    monkeypatch.setenv("HOMEBY_PORT", "9100")
    found = station.load()
    assert (found.station_name, found.port) == ("North hut", 9100)
    assert found.public_url == "http://127.0.0.1:9100", "links follow the port"


def test_an_empty_variable_counts_as_not_set(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMEBY_PORT", "")
    assert station.load().port == 8765


def test_a_list_is_written_plainly_in_a_variable(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMEBY_ALLOWED_HOSTS", "hut.example.org, 10.0.0.5")
    assert station.load().allowed_hosts == ("hut.example.org", "10.0.0.5")
    monkeypatch.delenv("HOMEBY_ALLOWED_HOSTS")
    _write(home, 'allowed_hosts = ["hut.example.org"]\n')
    assert station.load().allowed_hosts == ("hut.example.org",)


def test_a_misspelt_name_in_the_file_is_named_with_the_nearest_one(home: Path) -> None:
    _write(home, 'smpt_host = "mail.example.org"\n')
    problem = _problem()
    assert "smpt_host" in problem
    assert "Did you mean smtp_host?" in problem
    assert str(home / "homeby.toml") in problem


def test_a_misspelt_variable_is_named_with_the_nearest_one(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMEBY_DATABSE_URL", "sqlite:///x")
    problem = _problem()
    assert "HOMEBY_DATABSE_URL" in problem
    assert "HOMEBY_DATABASE_URL" in problem


def test_a_variable_far_from_every_setting_is_left_to_doctor(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMEBY_FLOWERS", "many")
    station.load()
    assert station.unknown_variables(names=["HOMEBY_FLOWERS", "HOMEBY_PORT", "PATH"]) == [
        "HOMEBY_FLOWERS"
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("port = 70000\n", ("port", "65535")),
        ('port = "near the lake"\n', ("port", "integer")),
        ('public_url = "hut.example.org"\n', ("public_url", "https://homeby.example.org")),
        ('public_url = "https://x.org/homeby"\n', ("public_url", "under a path")),
        ('database_url = "mysql://x/y"\n', ("database_url", "postgresql://")),
        ('smtp_security = "ssl"\n', ("smtp_security", "starttls")),
        ('station_name = ""\n', ("station_name", "at least 1")),
        ("station_name = North hut\n", ("not valid TOML", "station_name = ")),
        ('home = "/elsewhere"\n', ("home", "HOMEBY_HOME")),
    ],
)
def test_a_value_that_cannot_be_used_is_explained(
    home: Path, text: str, words: tuple[str, ...]
) -> None:
    _write(home, text)
    problem = _problem()
    assert all(word in problem for word in words), problem
    assert problem.endswith((".", "?"))


def test_the_variable_is_named_when_the_bad_value_came_from_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMEBY_PORT", "many")
    assert "the variable HOMEBY_PORT" in _problem()


def test_two_mistakes_give_two_sentences(home: Path) -> None:
    _write(home, "prot = 1\nweb_threads = 0\n")
    assert len(_problem().splitlines()) == 2


def test_a_file_that_cannot_be_read_as_text_is_named(home: Path) -> None:
    (home / "homeby.toml").write_bytes(b"\xff\xfe\x00")
    assert "homeby.toml cannot be read" in _problem()


def test_every_setting_is_described() -> None:
    described = {
        name: field.description or "" for name, field in station.Settings.model_fields.items()
    }
    assert [name for name, text in described.items() if not text.endswith(".")] == []


def test_passwords_do_not_stand_in_the_printed_settings(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMEBY_SMTP_PASSWORD", "quiet-word")
    monkeypatch.setenv("HOMEBY_WEBHOOK_SECRET", "quiet-word")
    monkeypatch.setenv("HOMEBY_DATABASE_URL", "postgresql://u:quiet-word@h/n")
    assert "quiet-word" not in repr(station.load())


def test_keys_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    first = keys.secret_key(home=tmp_path)
    keys.make_people_key(home=tmp_path)
    sealed_with = keys.people_key(home=tmp_path)
    keys.make_people_key(home=tmp_path)
    assert keys.secret_key(home=tmp_path) == first
    assert keys.people_key(home=tmp_path) == sealed_with
    assert len(first) >= 50
    assert len(sealed_with) == 32
    for name in ("secret.key", "people.key"):
        assert stat.S_IMODE((tmp_path / "keys" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == [
        "people.key",
        "secret.key",
    ]


def test_two_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    found: list[str] = []
    begin = threading.Barrier(8)

    def start() -> None:
        begin.wait()
        found.append(keys.secret_key(home=tmp_path / "new"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_lost_people_key_is_not_replaced_behind_anybodys_back(tmp_path: Path) -> None:
    with pytest.raises(keys.KeyProblem, match="missing"):
        keys.people_key(home=tmp_path)
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("content", ["", "not hexadecimal", "ab" * 31])
def test_a_damaged_people_key_is_refused(tmp_path: Path, content: str) -> None:
    keys.make_people_key(home=tmp_path)
    (tmp_path / "keys" / "people.key").write_text(content, encoding="ascii")
    with pytest.raises(keys.KeyProblem, match=r"from your copy\.$"):
        keys.people_key(home=tmp_path)


def test_the_key_of_open_badges_is_long_enough_and_stays(tmp_path: Path) -> None:
    keys.make_open_badges_key(home=tmp_path)
    first = keys.open_badges_key(home=tmp_path)
    assert first.key_size >= 3072
    path = tmp_path / "keys" / "open-badges.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text(encoding="ascii")
    keys._rsa_key.cache_clear()  # as another process reads it
    keys.make_open_badges_key(home=tmp_path)
    again = keys.open_badges_key(home=tmp_path)
    assert again.private_numbers() == first.private_numbers()
    assert path.read_text(encoding="ascii") == text


def pem(private: Any, *, password: bytes | None = None) -> str:
    sealed = BestAvailableEncryption(password) if password else NoEncryption()
    return str(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed).decode())


@pytest.mark.parametrize("how", ["empty", "digits", "cut", "short", "curve", "password"])
def test_what_is_no_key_for_open_badges_is_refused(tmp_path: Path, how: str) -> None:
    keys.make_open_badges_key(home=tmp_path)
    first = keys.open_badges_key(home=tmp_path)
    path = tmp_path / "keys" / "open-badges.key"
    whole = path.read_text(encoding="ascii")
    short = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    content = {
        "empty": "",
        "digits": "ab" * 32,
        "cut": whole[: len(whole) // 2],
        "short": pem(short),
        "curve": pem(ec.generate_private_key(ec.SECP256R1())),
        "password": pem(first, password=b"word"),
    }[how]
    path.write_text(content, encoding="ascii")
    with pytest.raises(keys.KeyProblem, match=r"from your copy\.$"):
        keys.open_badges_key(home=tmp_path)
    assert path.read_text(encoding="ascii") == content, "no key is replaced behind anybody's back"


def test_a_key_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("in the way", encoding="ascii")
    with pytest.raises(keys.KeyProblem, match="cannot be made"):
        keys.secret_key(home=tmp_path)
