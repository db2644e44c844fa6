"""My mission on a phone: one button, and entries that outlive the line, the page and the clock."""

from __future__ import annotations

import json
import re
from functools import partial

import pytest
from playwright.sync_api import CDPSession, Page, Request, expect

from homeby import clock
from homeby.missions.rules.intake import Claim
from homeby.people.signing_keys import has_signed
from homeby.web.intake.reading import read
from tests.browser import cast
from tests.browser.looks import faults
from tests.browser.pockets import (
    AGAIN,
    CACHED,
    KEPT,
    WRONG_CLOCK,
    at_width,
    come_home,
    open_again,
    picture,
    plan,
    pocket,
    said,
    tap,
    use,
)
from tests.browser.screens import DESK, PHONE, Screens, has_no_sideways_scroll
from tests.browser.station import until

WAITS = "not yet told"
RUNG = """
async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(one => one.title)
"""
FULL = """
() => {
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); };
  window.roomAgain = () => { IDBObjectStore.prototype.add = add; };
}
"""
NO_PUSH_SERVICE = "() => { PushManager.prototype.getSubscription = () => new Promise(() => {}); }"
THREE_DAYS_MILLISECONDS = 3 * 24 * 3600 * 1000


@pytest.fixture
def fox(screens: Screens) -> Page:
    """The phone of somebody who leads a mission that waits to leave."""
    page = screens.open(login=cast.FOX.login, viewport=PHONE)
    plan(page, "Hut on the ridge", other=cast.OWL.callsign)
    page.goto("/my/")
    return page


def leave(page: Page) -> None:
    """Sign the whole party out from the leader's phone."""
    tap(page, "Sign out")
    page.locator("#my-party-say").click()
    is_told(page, "Sign out")


def note_sent(sent: list[bytes], one: Request) -> None:
    """Keep the body of what goes to the door of devices."""
    if "/intake/" in one.url:
        sent.append(one.post_data_buffer or b"")


def are_signed(page: Page, sent: list[bytes]) -> bool:
    """Whether all that was sent bears the signature of the key that this phone made."""
    (owner,) = page.evaluate(KEPT)["owners"]
    found = [one for body in sent for one in read(body, now=clock.now())]
    return bool(found) and all(
        isinstance(one, Claim)
        and one.signed is not None
        and has_signed(one.signed.text, one.signed.signature, key=owner["signer"]["open"])
        for one in found
    )


def is_told(page: Page, words: str) -> None:
    """The station has answered for it: "not yet told" has the word in it, too."""
    expect(said(page, words)).to_have_attribute("data-state", "told")


def is_home(page: Page) -> None:
    """The station says so: that it does not know yet is said in the same words."""
    expect(page.get_by_text(re.compile(r"^You are back"))).to_be_visible()


def test_one_button_out_and_home(screens: Screens, fox: Page) -> None:
    """The page knows the next sensible thing; a headcount that disagrees is said, and kept."""
    expect(fox.get_by_role("link", name="Sign out")).to_be_visible()
    use(fox)
    sent: list[bytes] = []
    fox.on("request", lambda one: note_sent(sent, one))
    expect(fox.get_by_text("Nobody watches over you yet")).to_be_visible()
    leave(fox)
    expect(fox.locator(".my-buttons .big")).to_have_text("I am back")
    expect(fox.get_by_text(re.compile(r"If nobody hears from you by .*\d\d:\d\d"))).to_be_visible()
    expect(fox.get_by_text(re.compile(r"in 4 h 5\d")).first).to_be_visible()
    expect(fox.locator("#my-part .phase")).to_have_text("Out")
    picture(fox, "my-mission-390")
    at_width(fox, DESK)
    picture(fox, "my-mission-1280")
    at_width(fox, PHONE)
    tap(fox, "I am late")
    fox.get_by_role("button", name="+1 h").click()
    expect(said(fox, "More time")).to_contain_text("stands until somebody has granted it")
    tap(fox, "HELP")
    assert faults(fox) == []
    at_width(fox, PHONE)
    fox.evaluate(FULL)
    fox.context.set_offline(True)
    fox.get_by_role("button", name="Yes: HELP now").click()
    expect(fox.locator("#my-now")).to_contain_text("cannot keep what you say")
    expect(said(fox, "HELP")).to_contain_text(WAITS)
    fox.context.set_offline(False)
    expect(said(fox, "HELP")).to_contain_text("The duty officer is being told now")
    expect(fox.get_by_text("Distress")).to_be_visible()
    fox.evaluate("roomAgain()")
    come_home(fox, heads=3)
    expect(fox.get_by_text("You counted 3 heads, but 2 names are ticked")).to_be_visible()
    fox.locator("#my-party-say").click()
    expect(said(fox, "I am back")).to_contain_text("does not count yet")
    come_home(fox)
    is_home(fox)
    assert are_signed(fox, sent)
    expect(fox.locator(".my-buttons").get_by_role("button")).to_have_text(["HELP"])
    assert faults(fox) == []
    fox.get_by_role("link", name="The mission's page").click()
    expect(fox.get_by_text("HELP: somebody is in danger")).to_be_visible()


def test_what_is_said_without_a_line_outlives_the_page(screens: Screens, fox: Page) -> None:
    """Cut, closed, opened, closed, sent; and a hundred times again it changes nothing."""
    use(fox)
    fox.context.set_offline(True)
    fox = open_again(fox)
    expect(fox.locator("#my-cut")).to_be_visible()
    tap(fox, "Sign out")
    fox.locator("#my-party-say").click()
    expect(said(fox, "Sign out")).to_contain_text(WAITS)
    expect(fox.get_by_text("does not know yet that you are out")).to_be_visible()
    for size in (PHONE, DESK):
        at_width(fox, size)
        assert has_no_sideways_scroll(fox)
    at_width(fox, PHONE)
    fox = open_again(fox)
    expect(said(fox, "Sign out")).to_contain_text(WAITS)
    tap(fox, "I am fine")
    expect(said(fox, "I am fine")).to_contain_text(WAITS)
    expect(fox.locator("#my-cut")).to_be_visible()
    picture(fox, "my-mission-no-line-390")
    come_home(fox)
    expect(fox.locator(".my-buttons").get_by_role("button")).to_have_text(["HELP"])
    fox.get_by_role("button", name="Withdraw it").click()
    expect(fox.locator(".my-buttons").get_by_role("button")).to_have_count(4)
    fox.context.set_offline(False)
    fox = open_again(fox)
    for words in ("I am fine", "Sign out"):
        is_told(fox, words)
    expect(fox.locator("#my-now")).to_be_hidden()
    fox.context.clear_cookies()
    fox = open_again(fox)
    expect(fox.get_by_text("You are logged out, so this page is as it was")).to_be_visible()
    tap(fox, "I am late")
    fox.get_by_role("button", name="+30 min").click()
    expect(said(fox, "More time")).to_contain_text("stands until somebody has granted it")
    kept = fox.evaluate(KEPT)
    claims = [entry["claim"] for entry in kept["entries"]]
    assert [claim["act"] for claim in sorted(claims, key=lambda one: one["sequence"])] == [
        "sign_out",
        "check_in",
        "more_time",
    ]
    page = screens.open("/missions/", login=cast.FOX.login)
    page.goto(f"/missions/{claims[0]['mission']}/")
    expect(page.locator(".timeline li").first).to_be_visible()
    lines = page.locator(".timeline li").count()
    assert lines >= len(claims)
    again = {"key": kept["owners"][0]["key"], "claims": claims, "times": 100}
    assert fox.evaluate(AGAIN, again) == {"again": 300}
    page.reload()
    expect(page.locator(".timeline li").first).to_be_visible()
    assert page.locator(".timeline li").count() == lines
    come_home(fox)
    expect(said(fox, "I am back")).to_contain_text("Welcome back")


def test_a_clock_that_is_three_days_wrong(screens: Screens, fox: Page) -> None:
    """What it says counts for when it was so, and the page shows the station's time."""
    fox.context.add_init_script(WRONG_CLOCK % -THREE_DAYS_MILLISECONDS)
    use(open_again(fox))
    fox = fox.context.pages[-1]
    expect(fox.locator("#my-clock")).to_contain_text("wrong by 3 d")
    leave(fox)
    tap(fox, "I am fine")
    is_told(fox, "I am fine")
    expect(said(fox, "I am fine")).not_to_contain_text(re.compile("Mon|Tue|Wed|Thu|Fri|Sat|Sun"))
    page = screens.open("/missions/", login=cast.FOX.login)
    page.goto(f"/missions/{fox.evaluate(KEPT)['entries'][0]['claim']['mission']}/")
    expect(page.get_by_text("Last heard").locator("xpath=..")).to_contain_text("now")
    come_home(fox)
    is_home(fox)


def test_a_revoked_key_loses_nothing(screens: Screens, fox: Page) -> None:
    """What a revoked phone says is kept by both; with a new key it goes out again as it was."""
    use(fox, "Lost and found")
    desk = screens.open("/me/devices/", login=cast.FOX.login)
    desk.get_by_role("button", name="Revoke Lost and found").click()
    expect(desk.get_by_text("What it sends from now on changes nothing")).to_be_visible()
    leave_unheard(fox)
    (before,) = fox.evaluate(KEPT)["entries"]
    fox = open_again(fox)
    expect(fox.get_by_text("The key of this phone is revoked")).to_be_visible()
    assert faults(fox) == []
    at_width(fox, PHONE)
    fox.get_by_role("button", name="Give this phone a new key").click()
    is_told(fox, "Sign out")
    expect(fox.locator("#my-revoked")).to_be_hidden()
    (after,) = fox.evaluate(KEPT)["entries"]
    assert (after["id"], after["claim"]) == (before["id"], before["claim"])
    come_home(fox)
    is_home(fox)


def leave_unheard(page: Page) -> None:
    tap(page, "Sign out")
    page.locator("#my-party-say").click()
    expect(said(page, "Sign out")).to_contain_text("does not count yet")


def test_logging_out_leaves_nothing_on_the_phone(screens: Screens) -> None:
    page = pocket(screens, cast.OWL)
    use(page)
    assert page.evaluate(CACHED)
    page.evaluate(NO_PUSH_SERVICE)
    page.locator("summary").filter(has_text=cast.OWL.callsign).click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Log-in name")).to_be_visible()
    assert page.evaluate(CACHED) == []
    assert page.evaluate(KEPT) == {"owners": [], "entries": []}
    screens.station.states.pop(cast.OWL.login)
    devices = screens.open("/me/devices/", login=cast.OWL.login)
    expect(devices.get_by_text("Revoked").first).to_be_visible()


def test_the_phone_rings(screens: Screens) -> None:
    """What is pushed is shown, and a newer word of one alarm takes the older one's place."""
    page = pocket(screens, cast.OWL, permissions=["notifications"])
    use(page)
    worker = page.context.new_cdp_session(page)
    found: list[str] = []
    worker.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: found.extend(one["registrationId"] for one in said["registrations"]),
    )
    worker.send("ServiceWorker.enable")
    expect(page.get_by_role("heading", name="Have this phone ring")).to_be_visible()
    for title in ("Fox is overdue", "Fox is back"):
        data = json.dumps({"title": title, "body": "At the ridge", "key": "alarm:7/1"})
        push = {"origin": screens.station.address, "registrationId": found[0], "data": data}
        until(partial(rings, page, worker, push, title), seconds=15, what=f"{title} is shown")
    assert page.evaluate(RUNG) == ["Fox is back"]


def rings(page: Page, worker: CDPSession, push: dict[str, str], title: str) -> bool:
    """Push it and look. A browser that is busy starting the worker may lose one."""
    worker.send("ServiceWorker.deliverPushMessage", push)
    page.wait_for_timeout(200)
    return title in page.evaluate(RUNG)
