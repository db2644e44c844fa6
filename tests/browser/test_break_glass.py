"""Break-glass in a browser: a gate keeper proves who she is, says why, sees what is closed, and
somebody else reviews it. Every page of it can be read and used by everybody."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import cast, looks
from tests.browser.screens import PHONE, Screens


def test_a_gate_keeper_opens_a_party_and_the_office_reviews_it(screens: Screens) -> None:
    keeper = screens.open("/missions/?show=planned", login=cast.KEEPER.login, viewport=PHONE)
    keeper.locator("main").get_by_role("link", name="Cart").first.click()
    keeper.get_by_role("link", name="Break-glass").click()
    found = asks_why(keeper)  # she has logged in just now: that is proof enough
    expect(keeper.get_by_text("Closes by itself")).to_be_visible()
    expect(keeper.get_by_role("alert").filter(has_text="You broke the glass")).to_be_visible()
    found += looks.faults(keeper)
    keeper.get_by_role("button", name="Close it now").click()
    bar = keeper.get_by_role("alert").filter(has_text="waits for somebody else's review")
    expect(bar).to_be_visible()
    found += reviewed(screens.open("/office/", login=cast.OFFICE.login, viewport=PHONE))
    keeper.reload()
    expect(bar).to_have_count(0)
    assert not found, "\n".join(found)


def asks_why(page: Page) -> list[str]:
    """The form: without a reason nothing is opened."""
    page.get_by_role("button", name="Open it for 60 minutes").click()
    expect(page.get_by_text("without a reason nothing is opened").first).to_be_visible()
    found = looks.faults(page)
    page.get_by_label("Why must this be opened?").fill("The driver answers nobody.")
    page.get_by_role("button", name="Open it for 60 minutes").click()
    return found


def reviewed(page: Page) -> list[str]:
    """Red in the office, until somebody has said what they found."""
    red = page.get_by_role("alert").filter(has_text="broke the glass for Cart")
    expect(red).to_be_visible()
    red.get_by_role("link", name="Review it").click()
    found = looks.faults(page)
    page.get_by_label("What did you find?").fill("Needed, and nothing follows.")
    page.get_by_role("button", name="Reviewed").click()
    expect(page.get_by_text("Needed, and nothing follows.")).to_be_visible()
    found += looks.faults(page)
    page.goto("/office/break-glass/")
    found += looks.faults(page)
    page.goto("/office/logbook/?show=looks")
    found += looks.faults(page)
    page.goto("/me/looks/")
    return found + looks.faults(page)
