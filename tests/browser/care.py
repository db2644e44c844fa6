"""A word through the door, and what a welfare officer makes of it, for pages to show."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import looks
from tests.browser.screens import PHONE, Screens
from tests.browser.village import enter


def faults_of_care(screens: Screens) -> list[str]:
    """What is wrong with the pages of a concern, for whoever speaks and whoever answers. The
    officer is one by `tests.browser.private`."""
    own = enter(screens, "naruto", "/help/", viewport=PHONE)
    own.get_by_label("I am being left out").check()
    own.get_by_label("In your own words").fill("The last three trainings fell on my shifts.")
    own.get_by_role("button", name="Say it").click()
    own.get_by_role("link", name="What you said").click()
    found = looks.faults(own)
    officer = enter(screens, "izumo", "/welfare/", viewport=PHONE)
    found += looks.faults(officer)
    officer.locator("main").get_by_role("link", name="Toad").first.click()
    expect(officer.get_by_text("The last three trainings")).to_be_visible()
    found += looks.faults(officer)
    return found
