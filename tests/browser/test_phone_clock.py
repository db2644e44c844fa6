"""A phone whose clock is moved while there is no line: what it said counts for when it was so."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import cast
from tests.browser.pockets import KEPT, come_home, open_again, plan, said, tap, use
from tests.browser.screens import PHONE, Screens

DAYS_MILLISECONDS = 3 * 24 * 3600 * 1000
#: The phone's clock is wrong by what is noted here, so that a test moves it while a page lives.
MOVABLE_CLOCK = """
(() => { const real = Date, wrong = () => Number(localStorage.getItem("wrong") ?? 0);
  window.Date = class extends real {
    constructor(...words) { if (words.length) super(...words); else super(real.now() + wrong()); }
    static now() { return real.now() + wrong(); } }; })()
"""
OTHER_DAY = re.compile(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b")
DUE = "[data-my-facts] time[data-relative]"
WAITS = "not yet told"


def set_clock(page: Page, wrong: int) -> None:
    """Move the phone's clock, so that it is wrong by so many milliseconds."""
    page.evaluate("wrong => localStorage.setItem('wrong', wrong)", wrong)


def is_told(page: Page, words: str) -> None:
    expect(said(page, words)).to_have_attribute("data-state", "told")
    expect(said(page, words)).not_to_contain_text(OTHER_DAY)


#: Slow is the graver case; both ways where HOMEBY_WHOLE_RECORDS is set.
WRONG = (-DAYS_MILLISECONDS, DAYS_MILLISECONDS)


@pytest.mark.parametrize("wrong", WRONG if os.environ.get("HOMEBY_WHOLE_RECORDS") else WRONG[:1])
def test_a_clock_that_puts_itself_right_before_the_line_is_back(
    screens: Screens, wrong: int
) -> None:
    """Three days wrong at each tap and right at each sending: while the page lives, with the page
    closed in between, and where the station had never heard the wrong clock."""
    fox = screens.open(login=cast.FOX.login, viewport=PHONE)
    plan(fox, "Hut on the ridge", other=cast.OWL.callsign)
    fox.context.add_init_script(MOVABLE_CLOCK)
    set_clock(fox, wrong)
    fox.goto("/my/")
    use(fox)
    expect(fox.locator("#my-clock")).to_contain_text("wrong by 3 d")
    due = fox.locator(DUE).first.inner_text()

    fox.context.set_offline(True)
    tap(fox, "Sign out")
    fox.locator("#my-party-say").click()
    expect(said(fox, "Sign out")).to_contain_text(WAITS)
    set_clock(fox, 0)
    fox.context.set_offline(False)
    is_told(fox, "Sign out")

    set_clock(fox, wrong)
    fox.reload()
    expect(fox.locator("body[data-my-kept]")).to_be_attached()
    fox.context.set_offline(True)
    tap(fox, "I am fine")
    expect(said(fox, "I am fine")).to_contain_text(WAITS)
    set_clock(fox, 0)
    fox = open_again(fox)
    expect(said(fox, "I am fine")).to_contain_text(WAITS)
    if wrong > 0:  # set ahead, it cannot be told from a phone that slept: then it seems later
        assert due[:4] == fox.locator(DUE).first.inner_text()[:4]
    fox.context.set_offline(False)
    fox = open_again(fox)
    is_told(fox, "I am fine")

    fox.context.set_offline(True)
    set_clock(fox, wrong)
    come_home(fox)
    expect(said(fox, "I am back")).to_contain_text(WAITS)
    set_clock(fox, 0)
    fox.context.set_offline(False)
    is_told(fox, "I am back")
    expect(said(fox, "I am back")).to_contain_text("Welcome back")

    claim = fox.evaluate(KEPT)["entries"][0]["claim"]
    page = screens.open(f"/missions/{claim['mission']}/", login=cast.FOX.login)
    lines = page.locator(".timeline li")
    for words in ("Signed out", "Checked in", "Signed in"):
        expect(lines.filter(has_text=words).first).not_to_contain_text(OTHER_DAY)
