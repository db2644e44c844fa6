"""A demonstration lets anybody in, so a real station's folder may never call itself one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client


def test_a_real_station_refuses_to_be_a_demonstration(station_environment: dict[str, str]) -> None:
    own = station_environment | {"HOMEBY_DEMONSTRATION": "true"}
    found = subprocess.run(
        [sys.executable, "-m", "homeby", "migrate"], env=own, capture_output=True, text=True
    )
    assert found.returncode == 2
    assert "homeby demo" in found.stderr
    assert "Traceback" not in found.stderr


def test_a_demonstration_leaves_other_folders_alone(tmp_path: Path) -> None:
    from homeby.station.demonstration import fresh

    (tmp_path / "diary.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(fresh.NotADemonstration):
        fresh.clear(home=tmp_path)
    assert (tmp_path / "diary.txt").read_text(encoding="utf-8") == "mine"


def test_a_second_demonstration_does_not_empty_the_folder_of_the_first(tmp_path: Path) -> None:
    home, keep = tmp_path / "demonstration", [sys.executable, "-c"]
    code = "import sys; from pathlib import Path; from homeby.station.demonstration import fresh; "
    code += f"fresh.clear(home=Path({str(home)!r})); print('mine', flush=True); sys.stdin.read()"
    first = subprocess.Popen([*keep, code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert first.stdout is not None
        assert first.stdout.readline() == b"mine\n"
        (home / "homeby.sqlite3").write_bytes(b"records")
        second = subprocess.run([*keep, code], input=b"", capture_output=True)
        assert b"A demonstration runs in" in second.stderr
        assert (home / "homeby.sqlite3").exists()
    finally:
        first.kill()
        first.communicate()
    third = subprocess.run([*keep, code], input=b"", capture_output=True)
    assert third.stdout == b"mine\n", "the kernel gives the lock back, whatever ended the first"
    assert not (home / "homeby.sqlite3").exists()


@pytest.mark.parametrize("address", ["/?q=%00", "/missions/?q=a%00b", "/log-in/?next=%00"])
def test_a_nul_is_a_sentence_and_no_error(db: None, client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert "could not be understood" in answer.content.decode()
