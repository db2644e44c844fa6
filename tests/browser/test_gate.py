"""The gate: two taps (how long they take, bench/taps.py measures), and by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import cast
from tests.browser.gate_taps import ACTS, at_gate, two_taps
from tests.browser.screens import Screens


@pytest.mark.parametrize(("act", "answer"), ACTS)
def test_two_taps(screens: Screens, act: str, answer: str) -> None:
    two_taps(at_gate(screens), act, cart=cast.cart(1), answer=answer)


def press_until(page: Page, name: str) -> None:
    """Press Tab until the element of this name has the focus, as somebody without a mouse does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        said = page.evaluate(  # a page that has just come has no focus yet: the body says it all
            "(({innerText, ariaLabel, labels}) => ariaLabel || innerText || labels?.[0]?.innerText)"
            "(document.activeElement === document.body ? {} : document.activeElement) || ''"
        )
        if name in said:
            return
    raise AssertionError(f"the Tab key never comes to {name}")


@pytest.mark.parametrize(("act", "answer"), [("Check in", "Noted"), ("Sign in", cast.cart(20))])
def test_by_keyboard_alone(screens: Screens, act: str, answer: str) -> None:
    page = at_gate(screens)
    if act == "Check in":  # the first of the two; the second one brings the cart home
        page.get_by_role("link", name="Sign out").click()
        page.get_by_role("button", name=cast.cart(20)).click()
        expect(page.get_by_role("heading", name="Signed out")).to_be_visible()
        page.get_by_role("link", name="Done").click()
    press_until(page, act)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Who is")).to_be_visible()
    press_until(page, "Search callsign or place")
    page.keyboard.type("cart 20")
    press_until(page, cast.cart(20))
    page.keyboard.press("Enter")
    page.wait_for_url("**/done/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text(answer)


def test_the_gate_at_rest_and_the_log_in_page_name_nobody(screens: Screens) -> None:
    nobody = screens.open("/log-in/")
    resting = at_gate(screens)
    for page in (nobody, resting):
        said = re.sub(r'value="\w{64}"', "", page.content())  # a mark of chance letters
        for member in cast.MEMBERS:
            assert member.name not in said
            assert member.callsign not in said
        assert cast.cart(1) not in said
