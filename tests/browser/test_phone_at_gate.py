"""A phone that looks at the code of a gate: what it says there is noted with the gate, without a
line, too, and not any more when the page is looked at somewhere else."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import cast
from tests.browser.looks import faults
from tests.browser.pockets import come_home, open_again, plan, pocket, said, tap, use
from tests.browser.screens import PHONE, Screens

AT_GATE = "At Green gate: what you say now is noted with it."


def _code_of_the_gate(screens: Screens) -> str:
    """The address that the sheet at the gate shows."""
    guard = screens.open("/gate/", login=cast.KEEPER.login)
    guard.get_by_role("link", name=cast.GATE).click()
    guard.get_by_role("link", name="QR code for phones").click()
    address = guard.get_by_text("/my/?gate=").inner_text()
    return address[address.index("/my/") :]


def _sign_out(page: Page) -> None:
    tap(page, "Sign out")
    page.locator("#my-party-say").click()
    expect(said(page, "Sign out")).to_have_attribute("data-state", "told")


def test_the_code_at_the_gate_says_which(screens: Screens) -> None:
    """By the code the gate is known at once, with and without a line; later it is not."""
    code = _code_of_the_gate(screens)
    fox = screens.open(login=cast.FOX.login, viewport=PHONE)
    plan(fox, "Up to the saddle", other=cast.OWL.callsign)
    fox.close()
    fox = pocket(screens, cast.FOX)
    use(fox)
    fox.goto(code)
    expect(fox.locator("#my-gate")).to_contain_text(AT_GATE)
    assert "gate=" not in fox.url, "or whoever opens it up there brings the gate along"
    assert faults(fox) == []
    _sign_out(fox)
    fox = open_again(fox)
    expect(fox.locator("#my-gate")).to_be_hidden()
    tap(fox, "I am fine")
    expect(said(fox, "I am fine")).to_have_attribute("data-state", "told")
    fox.context.set_offline(True)
    fox.goto(code)
    expect(fox.locator("#my-gate")).to_contain_text(AT_GATE)
    tap(fox, "I am fine")
    expect(said(fox, "I am fine")).to_have_attribute("data-state", "waiting")
    fox.get_by_role("button", name="I am not there").click()
    expect(fox.locator("#my-gate")).to_be_hidden()
    fox.context.set_offline(False)
    expect(said(fox, "I am fine")).to_have_attribute("data-state", "told")
    fox.get_by_role("link", name="The mission's page").click()
    timeline = fox.locator(".timeline")
    expect(timeline.get_by_text("at Green gate")).to_have_count(2)
    fox.goto("/my/")
    come_home(fox)
    expect(said(fox, "I am back")).to_have_attribute("data-state", "told")
