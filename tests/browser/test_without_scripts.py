"""Everything but the live parts works without scripts: log in, plan, sign out, sign in."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser import cast
from tests.browser.pockets import plan_it
from tests.browser.screens import PHONE, Screens, has_no_sideways_scroll, log_in


def test_plan_sign_out_and_sign_in_without_scripts(screens: Screens) -> None:
    page = screens.open("/plan/", java_script_enabled=False, viewport=PHONE)
    log_in(page, cast.FOX.login)
    expect(page.get_by_role("heading", name="Plan a mission")).to_be_visible()
    page.get_by_label(cast.OWL.callsign, exact=True).check()
    page.get_by_label(re.compile("^Where")).fill("Lake")
    page.get_by_label("What optional", exact=True).fill("Fishing")
    page.get_by_label("Expected back").fill("last week")
    page.get_by_role("button", name="Plan it").click()
    expect(page.locator(".errorlist").first).to_be_visible()
    expect(page.get_by_label(re.compile("^Where"))).to_have_value("Lake")  # nothing is lost
    page.get_by_label("Expected back").fill("+3h")
    plan_it(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Fox, Owl")
    expect(page.get_by_text("Planned.").or_(page.locator(".note.success")).first).to_be_visible()
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("Signed out: Fox, Owl").first).to_be_visible()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label(cast.FOX.callsign).check()
    page.get_by_label(cast.OWL.callsign).check()
    page.get_by_label("heads").fill("2")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Signed in: Fox, Owl").first).to_be_visible()
    assert has_no_sideways_scroll(page)


def test_the_gate_without_scripts(screens: Screens) -> None:
    page = screens.open("/gate/", java_script_enabled=False)
    log_in(page, cast.KEEPER.login)
    page.get_by_role("link", name=cast.GATE).click()
    for act in ("Sign out", "Sign in"):
        page.get_by_role("link", name=act).click()
        page.get_by_role("searchbox").fill("cart 07")
        page.get_by_role("button", name="Search", exact=True).click()
        expect(page.get_by_role("button", name="Cart")).to_have_count(1)
        page.get_by_role("button", name=cast.cart(7)).click()
        page.wait_for_url("**/done/**")
        page.get_by_role("link", name="Done").click()
