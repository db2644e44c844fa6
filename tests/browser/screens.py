"""Screens in Chromium: who looks, how wide, by which light; and what no page of ours may do."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from tests.browser import cast
from tests.browser.station import Station

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CLOSE_SECONDS = 20
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


def find_chromium() -> str | None:
    """The browser that `HOMEBY_CHROMIUM` names, else the first on the path."""
    named = os.environ.get("HOMEBY_CHROMIUM")
    if named:
        return shutil.which(named)
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@dataclass
class Screens:
    """Opens screens at one station, and remembers what went wrong on any of them."""

    browser: Browser
    station: Station
    contexts: list[BrowserContext] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def open(self, path: str = "", *, login: str = "", **options: Any) -> Page:
        """A screen of its own, logged in if `login` names somebody, at `path` if it is given."""
        if login and login not in self.station.states:
            self._log_in(login)
        options = {"viewport": DESK, "storage_state": self.station.states.get(login)} | options
        context = self.browser.new_context(base_url=self.station.address, **options)
        self.contexts.append(context)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.set_default_timeout(15_000)
        page = context.new_page()
        if path:
            page.goto(path)
        return page

    def _log_in(self, login: str) -> None:
        page = self.open("/log-in/")
        log_in(page, login)
        self.station.states[login] = page.context.storage_state()
        page.context.close()

    def _said(self, message: ConsoleMessage) -> None:
        # A page that answers 404 is told as "Failed to load resource": _answered judges those.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text} ({message.location.get('url')})")

    def _asked(self, request: Request) -> None:
        ours = urlsplit(request.url)
        if (
            ours.scheme not in ("data", "blob")
            and ours.netloc != urlsplit(self.station.address).netloc
        ):
            self.faults.append(f"asked outside: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500 or (
            response.status >= 400 and response.request.resource_type != "document"
        ):
            self.faults.append(f"{response.status} for {response.url}")

    def describe(self, *, folder: Path) -> None:
        """Print what every screen shows, and keep a picture of each; for a test that failed."""
        for number, page in enumerate(page for each in self.contexts for page in each.pages):
            picture = folder / f"screen-{number}.png"
            page.screenshot(path=picture, full_page=True)
            print(f"--- {page.url} ({picture})\n{page.locator('body').inner_text()[:2000]}")
        print(f"--- the station\n{self.station.said()[-3000:]}")

    def close(self) -> None:
        """Close all screens, and fail when any page did what it may not."""
        for context in self.contexts:
            _close(context)
        assert not self.faults, "\n".join(self.faults)


def _close(context: BrowserContext) -> None:
    """Close what a test opened. Chromium now and then never says that it has disposed of it: then
    it is left to the end of the browser, for that is no fault of a page. Playwright's own words
    have no limit of time for this."""
    closing = asyncio.wait_for(context._impl_obj.close(reason=None), CLOSE_SECONDS)
    with contextlib.suppress(TimeoutError):
        context._sync(closing)


def log_in(page: Page, login: str, password: str = cast.PASSWORD, *, to: str = "") -> None:
    """Log in by name and password on the page that asks for them; `to` is where that leads."""
    page.get_by_label("Log-in name").fill(login)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(lambda url: to in url if to else "/log-in/" not in url)


def has_no_sideways_scroll(page: Page) -> bool:
    """Whether everything fits the width of the screen."""
    page.wait_for_load_state("domcontentloaded")  # a slow machine is still at the page before
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


@contextlib.contextmanager
def screens_at(
    station: Station, browser: Browser, *, failed: Callable[[], bool]
) -> Iterator[Screens]:
    """Screens at a station; described when the test has failed, and judged in any case."""
    opened = Screens(browser=browser, station=station)
    yield opened
    if failed():
        opened.describe(folder=station.folder)
    opened.close()
