"""My mission on a phone: one button, and entries that outlive the line, the page and the clock."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import cast
from tests.browser.screens import PHONE, Screens

WAITS = "not yet told"


def plan(page: Page, where: str, *, others: tuple[str, ...] = (), back: str = "+5h") -> None:
    """A mission that waits to leave, led by whoever looks."""
    page.goto("/plan/")
    for other in others:
        page.get_by_label(other, exact=True).check()
    page.get_by_label("Where").first.fill(where)
    page.get_by_label("Expected back").fill(back)
    page.get_by_role("button", name="Plan it").click()
    page.wait_for_url("**/missions/**")


def use_this_phone(page: Page) -> None:
    """Give the phone a key, and wait until it keeps the page."""
    page.goto("/my/")
    page.get_by_label("Name of the phone").fill("Pocket")
    page.get_by_role("button", name="Use this phone").click()
    expect(page.locator("#my-acts")).to_be_visible()


def said(page: Page, number: int = 0) -> str:
    return page.locator("#my-said li").nth(number).inner_text()


def test_one_button_from_the_gate_and_home(screens: Screens) -> None:
    page = screens.open(login=cast.FOX.login, viewport=PHONE)
    plan(page, "Hut on the ridge", others=("Owl",))
    page.goto("/my/")
    expect(page.get_by_role("link", name="Sign out")).to_be_visible()
    use_this_phone(page)
    page.get_by_role("button", name="Sign out").click()
    page.locator("#my-party-say").click()
    expect(page.locator("#my-said li").first).to_contain_text("told")
    expect(page.get_by_role("button", name="I am back")).to_be_visible()
    page.get_by_role("button", name="I am late").click()
    page.get_by_role("button", name="+1 h").click()
    expect(page.locator("#my-said li").first).to_contain_text("The old time")
    page.get_by_role("button", name="I am back").click()
    page.get_by_label("Fox").check()
    page.get_by_label("Owl").check()
    page.get_by_label("How many heads").fill("2")
    page.locator("#my-party-say").click()
    expect(page.get_by_text("You are back")).to_be_visible()
