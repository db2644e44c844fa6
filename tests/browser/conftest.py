"""What browser tests share: one Chromium, one station a module, screens that tell their faults."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.screens import ARGUMENTS, Screens, find_chromium, screens_at
from tests.browser.station import Station, a_station

expect.set_options(timeout=15_000)
#: Pictures are taken when somebody asks for them; they are no test.
collect_ignore = [] if os.environ.get("HOMEBY_PICTURES") else ["test_pictures.py"]
FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The one browser of the run."""
    path = find_chromium()
    if path is None:
        pytest.skip("no browser is here: install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def station(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """A station at the pace of life, with its people and with carts that wait at the gate."""
    with a_station(tmp_path_factory, name="pace_of_life", has_tables=True) as found:
        found.found("carts")
        found.start()
        yield found


@pytest.fixture(scope="module")
def village(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """The demonstration, just started, as `homeby demo` starts it."""
    with a_station(tmp_path_factory, name="village") as found:
        found.start("demo", "--port", str(found.port))
        yield found


@pytest.fixture
def village_screens(
    request: pytest.FixtureRequest, chromium: Browser, village: Station
) -> Iterator[Screens]:
    """Screens at the demonstration."""
    with screens_at(village, chromium, failed=lambda: has_failed(request)) as opened:
        yield opened


@pytest.fixture(scope="session")
def bare_station(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """A station that a test founds and starts by itself."""
    with a_station(tmp_path_factory, name="bare") as found:
        yield found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember on the test whether it failed, for the fixture that then describes its screens."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


def has_failed(request: pytest.FixtureRequest) -> bool:
    """Whether the test of this fixture has failed."""
    return request.node.stash.get(FAILED, False)


@pytest.fixture
def screens(
    request: pytest.FixtureRequest, chromium: Browser, station: Station
) -> Iterator[Screens]:
    """Screens at the station that keeps the pace of life."""
    with screens_at(station, chromium, failed=lambda: has_failed(request)) as opened:
        yield opened


@pytest.fixture
def bare_screens(
    request: pytest.FixtureRequest, chromium: Browser, bare_station: Station
) -> Iterator[Screens]:
    """Screens at the station that the test starts by itself."""
    with screens_at(bare_station, chromium, failed=lambda: has_failed(request)) as opened:
        yield opened
