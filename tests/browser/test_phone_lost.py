"""A phone that was lost: once its key and its log-in have ended, it keeps no page any more."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import cast
from tests.browser.pockets import CACHED, KEPT, open_again, pocket, use
from tests.browser.screens import Screens


def test_a_lost_phone_lets_go_of_the_page(screens: Screens) -> None:
    """With the log-in alone gone the page stays: its key still speaks for somebody who is out. With
    the key revoked, too, the first line that the phone has takes the page from it, and it shows
    nothing without a line after that."""
    page = pocket(screens, cast.OWL)
    use(page, "Lost in the snow")
    page.context.clear_cookies()
    page = open_again(page)
    expect(page.locator("#my-logged-out")).to_be_visible()
    desk = screens.open("/me/devices/", login=cast.OWL.login)
    desk.get_by_role("button", name="Revoke Lost in the snow").click()
    expect(desk.get_by_text("What it sends from now on changes nothing")).to_be_visible()
    page.goto("/my/")
    expect(page.get_by_label("Log-in name")).to_be_visible()
    assert page.evaluate(CACHED) == []
    assert page.evaluate(KEPT)["entries"] == []
