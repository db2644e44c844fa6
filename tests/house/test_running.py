"""How tests and tasks are run: skips by name in CI, parts that stop at the first failure."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

import dev
from tests.conftest import unexpected
from tests.house.tree import ROOT
from tests.pgplugin import Absent, create_database, start_postgresql


def test_in_ci_only_listed_skips_are_allowed() -> None:
    skips = [("a", "Chromium is not here"), ("b", "the real records are not here: x")]
    assert unexpected(skips, "# a comment\n\n") == skips
    assert unexpected(skips, "Chromium is not here\n") == skips[1:]
    assert unexpected(skips, "Chromium is not here\nthe real records are not here*\n") == []


def test_parts_stop_at_the_first_that_fails(capfd: pytest.CaptureFixture[str]) -> None:
    todo: list[dev.Part] = [("one", ["true"], {}), ("two", ["false"], {}), ("three", ["true"], {})]
    assert dev.parts("test", todo) == 1
    table = capfd.readouterr().out.rpartition("test: FAILED")[2]
    assert [line.split()[0] for line in table.strip().splitlines()] == ["passed", "FAILED", "not"]
    assert dev.parts("test", todo[:1]) == 0


def test_parts_side_by_side_all_run_to_their_end(capfd: pytest.CaptureFixture[str]) -> None:
    talk = ["sh", "-c", "echo said; exit 3"]
    suites: list[dev.Part] = [("a", ["true"], {}), ("b", talk, {}), ("c", ["true"], {})]
    assert dev.parts("test", [], suites) == 1
    said = capfd.readouterr().out
    assert "said" in said
    table = said.rpartition("test: FAILED")[2]
    assert [line.split()[0] for line in table.strip().splitlines()] == [
        "passed",
        "FAILED",
        "passed",
    ]
    assert dev.parts("test", [("first", ["false"], {})], suites) == 1
    table = capfd.readouterr().out.rpartition("test: FAILED")[2]
    assert table.count("not run") == 3
    assert dev.parts("test", [], suites[:1]) == 0


def test_what_is_started_keeps_what_it_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in dev.environment()


def test_a_second_start_installs_nothing_and_dev_serves_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calls: list[tuple[object, ...]] = []

    def remember(*command: object) -> int:
        calls.append(command)
        return 0

    monkeypatch.setattr(dev, "STAMP", tmp_path / "stamp.json")
    monkeypatch.setattr(dev, "LISTS", tmp_path)
    monkeypatch.setattr(dev, "PYTHON", Path(__file__))
    monkeypatch.setattr(dev, "uv", lambda: ["uv"])
    monkeypatch.setattr(dev, "run", remember)
    for kind in ("run", "dev"):
        (tmp_path / f"{kind}.txt").write_text(kind, encoding="utf-8")

    def synced(kind: str) -> list[str]:
        calls.clear()
        dev.install(kind)
        return [str(call[-1]).rpartition("/")[2] for call in calls if "sync" in call]

    assert [synced("run"), synced("run")] == [["run.txt"], []]
    assert [synced("dev"), synced("run")] == [["dev.txt"], []]
    (tmp_path / "dev.txt").write_text("newer", encoding="utf-8")
    assert synced("run") == ["dev.txt"]
    assert json.loads(dev.STAMP.read_text(encoding="utf-8"))["kind"] == "dev"
    dev.STAMP.write_text("half a stam", encoding="utf-8")
    assert synced("run") == ["run.txt"]


def test_no_requirement_names_a_host_and_dev_holds_all_of_run() -> None:
    pins = {}
    for kind in ("run", "dev", "uv"):
        text = (ROOT / "requirements" / f"{kind}.txt").read_text(encoding="utf-8")
        assert "://" not in text
        pins[kind] = {line.split(" ")[0] for line in text.splitlines() if "==" in line[:80]}
    assert pins["run"] <= pins["dev"]
    assert pins["uv"] == {dev.UV}


def test_the_makefile_knows_every_task() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    listed = next(line for line in text.splitlines() if line.startswith("TASKS"))
    assert sorted(listed.partition(":=")[2].split()) == sorted(dev.TASKS)


def test_postgresql_starts_serves_and_leaves_nothing_behind() -> None:
    try:
        url, stop = start_postgresql()
    except Absent as absent:
        pytest.skip(str(absent))
    folder = Path(url.partition("host=")[2])
    try:
        assert create_database(url=url, name="homeby").partition("?")[0].endswith("@/homeby")
        assert folder.exists()
    finally:
        stop()
    assert not folder.exists()


def test_no_file_that_tests_read_is_kept_out_of_git() -> None:
    """What git ignores is not on a clean checkout: a fixture that is ignored is a test that fails
    there and nowhere else."""
    if not (ROOT / ".git").exists():
        return  # a copy of the sources, as `make planted` makes it, has no ignored files to lose
    listing = ["git", "ls-files", "--others", "--ignored", "--exclude-standard", "--", "tests"]
    found = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    caches = ("__pycache__", ".pyc")
    assert [name for name in found.splitlines() if not any(part in name for part in caches)] == []
