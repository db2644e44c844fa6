"""The people of the demonstration: how they come in, and where their messages land."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.screens import Screens
from tests.browser.station import Station

LINK = re.compile(r" (\w+) +http://127\.0\.0\.1:\d+(/log-in/\S+)")


def links(village: Station) -> dict[str, str]:
    """The log-in links that the demonstration printed, by log-in name."""
    return dict(LINK.findall(village.said()))


def enter(screens: Screens, login: str, path: str = "", **options: Any) -> Page:
    """A screen of somebody of the village, who came in by the link that was printed for them."""
    station = screens.station
    if login in station.states:
        return screens.open(path, login=login, **options)
    page = screens.open(links(station)[login], **options)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/log-in/" not in url)
    station.states[login] = page.context.storage_state()
    if path:
        page.goto(path)
    return page


def prove(page: Page, to: str) -> None:
    """Say once more that it is she, whose log-in may be hours old by now, and go to a page."""
    page.goto(f"/log-in/again/?next={to}")
    page.get_by_role("button", name="Demonstration: it is me").click()
    page.wait_for_url(lambda url: "/log-in/again/" not in url)


def phone_of(page: Page, who: str) -> Locator:
    """What somebody received, on the page that shows everybody's telephone."""
    return page.locator(".phone").filter(has=page.get_by_role("heading", name=who, exact=True))
