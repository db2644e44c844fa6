"""How a station starts: its tables, its keys, its files, and when it refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_BEGIN = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "homeby.django_settings"
django.setup()
from django.db import connection
from homeby.settings import current
from homeby.station import start
from homeby.station.supervisor import CannotStart
def prepare():
    try:
        return start.prepare(settings=current())
    except CannotStart as refusal:
        sys.exit(str(refusal))
"""

_NEWER = """
prepare()
with connection.cursor() as cursor:
    cursor.execute(
        "INSERT INTO django_migrations (app, name, applied)"
        " VALUES ('watch', '0999_of_next_year', '2027-01-01T00:00:00+00:00')"
    )
"""


def _begin(code: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _BEGIN + code],
        env={**environment, "HOMEBY_ALLOW_UNSAFE_DATABASE": "1"},  # PostgreSQL without fsync
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _run(code: str, environment: dict[str, str]) -> tuple[int, str, str]:
    process = _begin(code, environment)
    out, err = process.communicate(timeout=60)
    return process.returncode, out.strip(), err.strip()


def test_two_first_starts_at_once_make_one_station(station_environment: dict[str, str]) -> None:
    both = [_begin("print(len(prepare()) > 0)", station_environment) for _ in range(2)]
    answers = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    assert sorted(out.strip() for out, _err in answers) == ["False", "True"]
    home = Path(station_environment["HOMEBY_HOME"])
    assert sorted(path.name for path in (home / "keys").iterdir()) == ["people.key", "secret.key"]


def test_a_second_start_has_nothing_to_do(station_environment: dict[str, str]) -> None:
    code = "prepare(); print(prepare(), start.collect_files(source=__import__('pathlib').Path("
    code += "start.django_settings.STATICFILES_DIRS[0])))"
    assert _run(code, station_environment) == (0, "() False", "")


def test_files_stand_under_hashed_names(station_environment: dict[str, str]) -> None:
    code, _out, err = _run("prepare()", station_environment)
    assert (code, err) == (0, "")
    static = Path(station_environment["HOMEBY_HOME"]) / "static"
    assert (static / "staticfiles.json").is_file()


@pytest.mark.parametrize("step", ["prepare()", "start.refuse()"])
def test_a_database_of_a_newer_version_is_refused(
    founded_environment: dict[str, str], step: str
) -> None:
    assert _run(_NEWER, founded_environment)[0] == 0
    code, _out, err = _run(step, founded_environment)
    assert code == 1
    last = err.splitlines()[-1]
    assert "newer version of Homeby" in last
    assert "watch 0999_of_next_year" in last
    if step == "prepare()":
        assert "Traceback" not in err


def test_a_database_of_an_older_version_asks_for_migrate(
    founded_environment: dict[str, str],
) -> None:
    code, out, _err = _run(
        "prepare()\n"
        "from django.core.management import call_command\n"
        "call_command('migrate', 'watch', 'zero', verbosity=0)\n"
        "try:\n    start.refuse()\nexcept CannotStart as refusal:\n    print(refusal)",
        founded_environment,
    )
    assert code == 0, _err
    assert "older version" in out
    assert "`homeby migrate`" in out


def test_a_lost_people_key_stops_the_start(founded_environment: dict[str, str]) -> None:
    assert _run("prepare()", founded_environment)[0] == 0
    key = Path(founded_environment["HOMEBY_HOME"]) / "keys" / "people.key"
    key.unlink()
    code, _out, err = _run("prepare()", founded_environment)
    assert code == 1
    assert "people.key is missing" in err
    assert "Traceback" not in err
    assert not key.exists(), "no new key is made behind anybody's back"


def test_a_lost_people_key_stops_the_watchkeeper(founded_environment: dict[str, str]) -> None:
    """It would judge and sign, and no message could leave."""
    assert _run("prepare()", founded_environment)[0] == 0
    (Path(founded_environment["HOMEBY_HOME"]) / "keys" / "people.key").unlink()
    code, _out, err = _run(
        "from homeby.station import keeping\n"
        "try:\n    keeping.run(name='one')\nexcept CannotStart as refusal:\n"
        "    sys.exit(str(refusal))",
        founded_environment,
    )
    assert code == 1
    assert "people.key is missing" in err
    assert "Traceback" not in err


def test_a_misspelt_setting_is_a_sentence_and_no_traceback(
    station_environment: dict[str, str],
) -> None:
    code, _out, err = _run("prepare()", {**station_environment, "HOMEBY_PROT": "1"})
    assert code == 1
    assert err == "The variable HOMEBY_PROT is not a setting of Homeby. Did you mean HOMEBY_PORT?"


def homeby(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "homeby", *words],
        env={**environment, "HOMEBY_ALLOW_UNSAFE_DATABASE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_an_empty_folder_is_told_apart_from_an_older_version(
    station_environment: dict[str, str],
) -> None:
    for words in (("status",), ("doctor",), ("verify",), ("run",)):
        found = homeby(station_environment, *words)
        said = found.stdout + found.stderr
        assert found.returncode in (1, 2), words
        assert "homeby init" in said, words
        assert "older version" not in said, words
        assert "Traceback" not in said, words


def test_an_address_that_cannot_work_founds_no_station(
    station_environment: dict[str, str],
) -> None:
    words = ["--name", "Hut", "--zone", "UTC", "--site", "Hut", "--gate", "Door"]
    words += ["--administrator", "Ada", "--login", "ada", "--deputy", "Bo", "--deputy-email", ""]
    wrong = homeby(station_environment, "init", *words, "--email", "notanemail")
    assert wrong.returncode == 2
    assert "notanemail" in wrong.stderr or "e-mail" in wrong.stderr
    right = homeby(station_environment, "init", *words, "--email", "ada@hut.example.org")
    assert right.returncode == 0, right.stderr
