"""The gate at rest, and the two taps that every act at it takes; bench/taps.py measures them."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import cast
from tests.browser.screens import PHONE, Screens

#: What is tapped first, and how the answer begins; each comes before the next in a cart's day.
ACTS = (("Sign out", "Signed out: {cart}"), ("Check in", "Noted"), ("Sign in", "{cart}"))


def at_gate(screens: Screens) -> Page:
    """The gate keeper's phone, at the gate at rest."""
    page = screens.open("/gate/", login=cast.KEEPER.login, viewport=PHONE)
    page.get_by_role("link", name=cast.GATE).click()
    expect(page.get_by_role("heading", name=cast.GATE)).to_be_visible()
    return page


def two_taps(page: Page, act: str, *, cart: str, answer: str) -> None:
    """Choose what is done and who does it; the stored answer must stand then."""
    page.get_by_role("link", name=act).click()
    page.get_by_role("button", name=cart).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(answer.format(cart=cart))
