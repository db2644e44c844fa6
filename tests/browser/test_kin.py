"""Kin in a browser: the person hands on a link; whoever has it reads it on a telephone, without an
account and without scripts, and tells the watch that she is worried."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser import cast, looks
from tests.browser.kin_states import fox_is
from tests.browser.pockets import at_width, picture
from tests.browser.screens import DESK, PHONE, Screens


def test_the_link_of_ones_own_page_opens_what_kin_may_see(screens: Screens) -> None:
    fox = screens.open("/me/", login=cast.FOX.login, viewport=PHONE)
    link = fox.get_by_role("link", name="/k/")
    path = urlsplit(str(link.get_attribute("href"))).path
    found = looks.faults(fox)
    page = screens.open(path, viewport=PHONE)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Homeby")).to_have_count(0)
    assert "Fox" not in page.locator("body").inner_text()
    assert not page.context.cookies()
    found += looks.faults(page)
    page.get_by_role("button", name="Tell the watch").click()
    expect(page.get_by_text("Tick it first")).to_be_visible()
    found += looks.faults(page)
    assert not found, "\n".join(found)
    plain = screens.open(path, viewport=PHONE, java_script_enabled=False)
    plain.get_by_label("I am worried").check()
    plain.get_by_role("button", name="Tell the watch").click()
    expect(plain.get_by_text("You told the watch at")).to_be_visible()
    fox.reload()
    fox.get_by_role("button", name="Withdraw it").click()
    expect(fox.get_by_text("there is no link")).to_be_visible()
    answer = plain.goto(path)
    assert answer is not None
    assert answer.status == 404


def test_out_late_held_and_back_are_seen_by_everybody_and_so_is_the_desk(screens: Screens) -> None:
    fox = screens.open("/me/", login=cast.FOX.login, viewport=PHONE)
    link = fox.get_by_role("link", name="/k/")
    if not link.count():  # the walk before withdrew it
        fox.get_by_role("button", name="Make a link").click()
    page = screens.open(urlsplit(str(link.get_attribute("href"))).path, viewport=PHONE)
    heads = {
        "out": "Out, expected back",
        "late": "Later than expected.",
        "back": "Back.",
        "held": "Anna Keller will call you.",
    }
    found, mission = [], ""
    for state in ("out", "late", "back", "out", "held"):
        mission = fox_is(screens, state)
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_contain_text(heads[state])
        expect(page.get_by_text("When to call")).to_be_visible()
        if state == "out":
            found += looks.faults(fox)
        found += looks.faults(page)
        if state == "late":
            at_width(page, DESK)
            picture(page, "kin-1280")
            at_width(page, PHONE)
    head = screens.open(f"{mission}kin/", login=cast.OFFICE.login, viewport=PHONE)
    expect(head.get_by_text("Anna Keller speaks with them")).to_be_visible()
    found += looks.faults(head)
    head.get_by_role("button", name="End this: messages go on").click()
    expect(head.get_by_role("button", name="Say it to them")).to_be_visible()
    found += looks.faults(head)
    fox_is(screens, "back")
    own = fox_is(screens, "plan")
    fox.goto(f"{own}sign-out/")
    expect(fox.get_by_role("heading", name="Who waits for you")).to_be_visible()
    found += looks.faults(fox)
    fox.get_by_role("button", name="This is right").click()
    expect(fox.get_by_text("Confirmed for this mission").last).to_be_visible()
    found += looks.faults(fox)
    fox_is(screens, "home")
    assert not found, "\n".join(found)
