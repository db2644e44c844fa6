"""Live pages: what others do appears by itself; a watch that has stopped is said on every page."""

from __future__ import annotations

import os
import signal

import pytest
from playwright.sync_api import Page, expect

from homeby import clock
from tests.browser import cast
from tests.browser.screens import PHONE, Screens
from tests.browser.station import Station, until

#: A page says it a minute after the last look of the watch; a few seconds for slow machines.
SAID_WITHIN_SECONDS = 66
PAGES = ("/board/", "/board/?wall=1", "/missions/", "/plan/", "/alarms/", "/office/", "/me/")


def test_a_sign_out_made_elsewhere_appears_by_itself(screens: Screens) -> None:
    board = screens.open("/board/", login=cast.OFFICE.login)
    board.evaluate("document.sameDocument = true")
    strip = board.get_by_role("row", name=cast.cart(5))
    expect(strip).to_have_count(0)
    gate = screens.open("/gate/", login=cast.KEEPER.login, viewport=PHONE)
    gate.get_by_role("link", name=cast.GATE).click()
    gate.get_by_role("link", name="Sign out").click()
    gate.get_by_role("button", name=cast.cart(5)).click()
    gate.wait_for_url("**/done/**")
    expect(strip).to_be_visible(timeout=5000)
    expect(board.locator("[data-announce]")).not_to_be_empty()
    assert board.evaluate("document.sameDocument"), "the board was loaded again"


def silent(page: Page) -> None:
    """The page says that the watch is silent."""
    bar = page.locator("#watch-bar")
    expect(bar.get_by_text("The watch is silent")).to_be_visible(timeout=SAID_WITHIN_SECONDS * 1000)


@pytest.mark.timeout(180)
def test_every_page_says_within_a_minute_that_the_watch_is_silent(
    screens: Screens, station: Station
) -> None:
    gate = screens.open("/gate/", login=cast.KEEPER.login, viewport=PHONE)
    gate.get_by_role("link", name=cast.GATE).click()
    pages = [gate, screens.open(PAGES[0], login=cast.OFFICE.login)]
    assert station.ask("/healthz").status == 200
    watchkeeper = station.process_of("watchkeeper")
    os.kill(watchkeeper, signal.SIGSTOP)  # it is there and does nothing: nobody starts it again
    stopped_at = clock.real_now()
    try:
        pages.append(screens.open("/log-in/", viewport=PHONE))
        pages += [screens.open(path, login=cast.OFFICE.login) for path in PAGES[1:]]
        for page in pages:
            expect(page.locator("#watch-bar")).to_be_hidden()
        for page in pages:
            silent(page)
        took_seconds = (clock.real_now() - stopped_at).total_seconds()
        print(f"every page said so {took_seconds:.1f} s after the watch stopped")
        assert took_seconds < SAID_WITHIN_SECONDS
        health = station.ask("/healthz")
        assert health.status == 503
        assert "nobody is watched" in str(health.json["sentence"])
        silent(screens.open("/log-in/", java_script_enabled=False))
    finally:
        os.kill(watchkeeper, signal.SIGCONT)
    for page in pages:
        expect(page.locator("#watch-bar")).to_be_hidden()
    until(lambda: station.ask("/healthz").status == 200, seconds=10, what="the watch is awake")
