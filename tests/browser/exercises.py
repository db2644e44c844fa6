"""A paused watch and a drill, for pages to show: each brought about as people do it, and ended."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import looks
from tests.browser.screens import PHONE, Screens
from tests.browser.village import enter

#: As long as a reason may be, and without a place to break it.
LONG = "Exercise" * 37


def faults_of_a_pause(screens: Screens) -> list[str]:
    """What is wrong with the pages of a pause: refused, asked for, under way, over."""
    head = enter(screens, "tsunade", "/office/pause/", viewport=PHONE)
    _ask(head, until="x" * 60)
    expect(head.locator(".errorlist").first).to_be_visible()
    found = looks.faults(head)
    _ask(head, until="+2h")
    expect(head.get_by_role("heading", name="A pause is asked for")).to_be_visible()
    found += looks.faults(head)
    second = enter(screens, "shizune", "/office/pause/", viewport=PHONE)
    found += looks.faults(second)
    second.get_by_role("button", name="Agree").click()
    expect(second.get_by_role("heading", name="The watch is paused")).to_be_visible()
    for path in ("/office/pause/", "/board/"):
        second.goto(path)
        expect(second.locator("[data-bar=pause] b")).to_be_visible()
        found += looks.faults(second)
    expect(head.locator("[data-bar=pause] b")).to_be_visible()  # the page that stood open is live
    second.goto("/office/pause/")
    second.get_by_role("button", name="End the pause now").click()
    expect(second.get_by_text("ended by Needle")).to_be_visible()
    expect(second.locator("[data-bar=pause]")).to_be_hidden()
    expect(head.locator("[data-bar=pause]")).to_be_hidden()
    return found + looks.faults(second)


def _ask(page: Page, *, until: str) -> None:
    page.get_by_label("Why").fill(LONG)
    page.get_by_label("Until").fill(until)
    page.get_by_role("button", name="Ask", exact=True).click()


def faults_of_a_drill(screens: Screens) -> list[str]:
    """What is wrong with the pages of a drill: refused, under way, stood down."""
    head = enter(screens, "tsunade", "/office/drill/", viewport=PHONE)
    head.get_by_label("Ends by itself after").fill("1")
    head.get_by_role("button", name="Begin now").click()
    expect(head.locator(".errorlist").first).to_be_visible()
    found = looks.faults(head)
    head.get_by_label("Ends by itself after").fill("60")
    head.get_by_role("button", name="Begin now").click()
    expect(head.get_by_role("link", name="To the exercise")).to_be_visible()
    expect(head.get_by_role("button", name="Begin now")).to_have_count(0)
    found += looks.faults(head)
    head.get_by_role("link", name="To the exercise").click()
    expect(head.get_by_text("Nobody is missing.")).to_be_visible()
    found += looks.faults(head)
    head.locator("#acts form").filter(has_text="Stand down").get_by_label("Why").fill("Enough")
    head.get_by_role("button", name="Stand down", exact=True).click()
    head.goto("/office/drill/")
    expect(head.get_by_role("button", name="Begin now")).to_be_visible()
    return found + looks.faults(head)
