"""Whoever walks the path, and how: a screen for each of them, and what is found on a page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from tests.browser.cast import ZONE, Member
from tests.browser.learners import LEARNER
from tests.browser.screens import PHONE, Screens
from tests.browser.station import Station


@dataclass(kw_only=True)
class Path:
    """A station, its screens, and addresses that were met on the way."""

    station: Station
    screens: Screens
    known: dict[str, str] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)

    def of(self, who: Member, path: str = "/me/") -> Page:
        """The screen of this person, at this page; the learner holds a telephone."""
        if who.login not in self.pages:
            looks: dict[str, Any] = (
                {"viewport": PHONE, "device_scale_factor": 2} if who is LEARNER else {}
            )
            self.pages[who.login] = self.screens.open(login=who.login, **looks)
        page = self.pages[who.login]
        page.goto(path)
        return page

    def later(self, **ahead: float) -> None:
        """Let so much time pass."""
        for page in self.pages.values():
            page.context.close()
        self.pages.clear()
        self.station.jump(dt.timedelta(**ahead))

    def day(self, at: dt.datetime) -> str:
        """The day of this instant by the village's clock, as a field for days takes it."""
        return at.astimezone(ZoneInfo(ZONE)).date().isoformat()

    def is_nothing_for(self, *who: Member, at: str) -> None:
        """These people find no such page."""
        for one in who:
            page = self.pages.get(one.login) or self.of(one)
            answer = page.request.get(at)
            assert answer.status == 404, f"{one.callsign} at {at}: {answer.status}"


def card(page: Page, title: str) -> Locator:
    """The card of this title."""
    return page.locator(".card").filter(has=page.get_by_role("heading", name=title, exact=True))


def follow(page: Page, *links: str) -> None:
    """Go from page to page by links of these names."""
    for name in links:
        page.locator("main").get_by_role("link", name=name).first.click()


def says(page: Page, *sentences: str) -> None:
    """The page shows these words."""
    for one in sentences:
        expect(page.locator("body")).to_contain_text(one)
