"""What every test shares: its database mark, its order, its skips by name, the real records."""

from __future__ import annotations

import fnmatch
import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests import founded, pgplugin

if TYPE_CHECKING:
    from tests.world import World

#: No test judges how long an example takes: speed belongs in bench/, beside a limit.
hypothesis.settings.register_profile("homeby", deadline=None)
hypothesis.settings.load_profile("homeby")

HERE = Path(__file__).resolve().parent
DATABASE_FOLDERS = ("rooms", "promises", "browser")
DATABASE_FIXTURES = frozenset(
    {
        "db",
        "transactional_db",
        "django_db_reset_sequences",
        "live_server",
        "station_environment",
        "founded_environment",
    }
)
#: In the browser these run on either database; the others judge what stands on a page and what
#: scripts do there, and walk on PostgreSQL alone.
BROWSER_ON_BOTH = ("test_walk.py", "test_phone_killed.py")
ALLOWED_SKIPS = HERE / "house" / "allowed_skips.txt"

_skips: list[tuple[str, str]] = []


def _folder(item: pytest.Item) -> str:
    path = Path(item.path)
    return path.relative_to(HERE).parts[0] if path.is_relative_to(HERE) else ""


def _uses_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") is not None
    return marked or bool(fixtures & DATABASE_FIXTURES) or _folder(item) in DATABASE_FOLDERS


@pytest.hookimpl(tryfirst=True)  # before `-m database` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the database, and what is run once; keep tests/rules free of both; run the
    browser last."""
    for item in items:
        if pgplugin.chosen.absent and _uses_database(item):
            item.add_marker(pytest.mark.skip(reason=pgplugin.chosen.absent))
        if _folder(item) in ("house", "rules") and not _uses_database(item):
            item.add_marker(pytest.mark.once)
            item.add_marker(_folder(item))  # dev.py says beside which tests
        if _folder(item) == "browser" and Path(item.path).name not in BROWSER_ON_BOTH:
            item.add_marker(pytest.mark.looks)
        if _folder(item) == "rooms" and Path(item.path).name.startswith("test_web_"):
            item.add_marker(pytest.mark.pages)
        if _uses_database(item):
            item.add_marker(pytest.mark.database)
            if _folder(item) == "rules":
                raise pytest.UsageError(
                    f"{item.nodeid} uses the database. Tests in tests/rules decide without one; "
                    "move it to tests/rooms."
                )
    items.sort(key=lambda item: _folder(item) == "browser")


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the collector of garbage need not look at it again
    and again, which is a tenth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what was skipped, and why."""
    _remember(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Remember what was skipped as a whole file."""
    _remember(report)


def _remember(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _skips.append((report.nodeid, reason.removeprefix("Skipped: ")))


def unexpected(skips: list[tuple[str, str]], allowed: str) -> list[tuple[str, str]]:
    """The skips whose reason matches no line of the list (`*` stands for anything)."""
    lines = [line.strip() for line in allowed.splitlines()]
    patterns = [line for line in lines if line and not line.startswith("#")]
    return [
        (test, reason)
        for test, reason in skips
        if not any(fnmatch.fnmatchcase(reason, pattern) for pattern in patterns)
    ]


def _forbidden_skips() -> list[tuple[str, str]]:
    if os.environ.get("HOMEBY_CI") != "1":
        return []
    return unexpected(_skips, ALLOWED_SKIPS.read_text(encoding="utf-8"))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a skip that is not on the list fails the run; a narrow choice may select nothing."""
    if exitstatus == pytest.ExitCode.OK and _forbidden_skips():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and os.environ.get("HOMEBY_TEST_CHOICE"):
        session.exitstatus = pytest.ExitCode.OK


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name every skip and its reason."""
    if not _skips:
        return
    terminalreporter.section("skipped, by name")
    for test, reason in _skips:
        terminalreporter.line(f"{test}: {reason}")
    for test, _ in _forbidden_skips():
        terminalreporter.line(f"NOT ALLOWED in CI: {test}. See tests/house/allowed_skips.txt")


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest) -> None:
    """The tables of the run, made as a station makes its own."""
    from homeby.database import new_tables  # not before Django is set up

    with new_tables.added_alone():
        request.getfixturevalue("django_db_setup")


@pytest.fixture(scope="session")
def real_records() -> Path:
    """The folder of real records that `HOMEBY_DATA` names."""
    named = os.environ.get("HOMEBY_DATA", "")
    if not named:
        pytest.skip("the real records are not here: set HOMEBY_DATA to their folder")
    folder = Path(named)
    if not folder.is_dir():
        pytest.skip(f"the real records are not here: HOMEBY_DATA names no folder ({folder.name})")
    return folder


@pytest.fixture
def station_environment(tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    """The environment of a station started as a process of its own: a fresh folder, and on
    PostgreSQL a fresh database on the server of this run."""
    return pgplugin.own_station(folder=tmp_path, name=request.node.name)


@pytest.fixture
def founded_environment(tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    """As `station_environment`, of a station whose tables are made: for what judges no first start,
    which takes seconds."""
    return founded.founded_station(folder=tmp_path, name=request.node.name)


@pytest.fixture
def world(db: None) -> World:
    """The village, built: its people, its gate, its plans, its watch bill, and phones that ring."""
    from tests.village_kept import village  # not before Django is set up

    return village()
