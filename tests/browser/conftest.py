"""What browser tests share: one Chromium, one station a module, screens that tell their faults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import pgplugin
from tests.browser.screens import ARGUMENTS, Screens, find_chromium
from tests.browser.station import Station

expect.set_options(timeout=15_000)


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


@pytest.fixture(scope="module")
def bare_station(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Station]:
    """The station of a module, not founded and not started yet."""
    if pgplugin.chosen.absent:
        pytest.skip(pgplugin.chosen.absent)
    name = Path(request.node.path).stem
    folder = tmp_path_factory.mktemp(name)
    station = Station(environment=pgplugin.own_station(folder=folder, name=name), folder=folder)
    yield station
    station.stop()


@pytest.fixture(scope="module")
def station(chromium: Browser, bare_station: Station) -> Station:
    """A station at the pace of life, with its people and with carts that wait at the gate."""
    bare_station.found("carts")
    bare_station.start()
    return bare_station


@pytest.fixture
def screens(chromium: Browser, bare_station: Station) -> Iterator[Screens]:
    """Screens at the station of this module."""
    opened = Screens(browser=chromium, station=bare_station)
    yield opened
    opened.close()
