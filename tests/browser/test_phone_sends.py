"""What waits on a phone goes out whoever else's words wait beside it, and with the page closed."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser import cast
from tests.browser.pockets import KEPT, come_home, plan, said, tap, use
from tests.browser.screens import PHONE, Screens
from tests.browser.station import until

WAITS = "not yet told"
OTHER = "homeby-device-of-another"
#: Of somebody who logged out: her words wait here, and her name is the first on the list.
ANOTHER_WAITS = """
(key) => new Promise((done) => {
  const asked = indexedDB.open("homeby-queue", 1);
  asked.onsuccess = () => {
    const whole = asked.result.transaction(["owners", "entries"], "readwrite");
    const owner = "person:0", id = crypto.randomUUID();
    const claim = { id, act: "check_in", sequence: 1 };
    whole.objectStore("owners").put({ owner, key, device: "0", sequence: 1, left: true });
    whole.objectStore("entries").put({ id, owner, claim, state: "waiting", sentence: "" });
    whole.oncomplete = () => { asked.result.close(); done(); };
  };
})
"""


@pytest.fixture
def fox(screens: Screens) -> Page:
    """The phone of somebody who leads a mission that waits to leave."""
    page = screens.open(login=cast.FOX.login, viewport=PHONE)
    plan(page, "Spring in the gorge", other=cast.OWL.callsign)
    page.goto("/my/")
    use(page)
    return page


def states(page: Page) -> dict[str, str]:
    """How each act stands that the phone keeps."""
    return {one["claim"]["act"]: one["state"] for one in page.evaluate(KEPT)["entries"]}


def test_what_another_said_on_this_phone_holds_up_no_help(screens: Screens, fox: Page) -> None:
    """The station is in trouble with the other's words alone: HELP goes first, and is told."""
    came: list[str] = []

    def answer(route: Route) -> None:
        key = route.request.headers.get("authorization", "")
        came.append(key.removeprefix("Bearer "))
        if key.endswith(OTHER):
            route.fulfill(status=503, json={"sentence": "Not now."})
        else:
            route.continue_()

    tap(fox, "Sign out")
    fox.locator("#my-party-say").click()
    expect(said(fox, "Sign out")).to_have_attribute("data-state", "told")
    fox.context.route("**/intake/v1/entries", answer)  # the worker of the page sends, too
    fox.evaluate(ANOTHER_WAITS, OTHER)
    tap(fox, "HELP")
    fox.get_by_role("button", name="Yes: HELP now").click()
    expect(said(fox, "HELP")).to_have_attribute("data-state", "told")

    def tried() -> bool:
        """By asking, it hears more."""
        return bool(fox.evaluate("1")) and OTHER in came

    until(tried, seconds=15, what="the other's words are tried, too")
    assert came[0] != OTHER, "HELP goes before what else waits"
    assert states(fox) == {"sign_out": "told", "check_in": "waiting", "help": "told"}
    are_home(fox)
    screens.faults[:] = [one for one in screens.faults if not one.startswith("503 ")]


def are_home(page: Page) -> None:
    """Both come back, so that nobody is out for the tests that follow."""
    come_home(page)
    expect(said(page, "I am back")).to_have_attribute("data-state", "told")


def wake(context: BrowserContext, page: Page, origin: str) -> None:
    """The browser finds that there is a line again, and wakes the worker."""
    browser = context.new_cdp_session(page)
    found: list[str] = []
    browser.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: found.extend(one["registrationId"] for one in said["registrations"]),
    )
    browser.send("ServiceWorker.enable")
    until(lambda: page.evaluate("1") and found, seconds=15, what="the worker is there")
    words = {"origin": origin, "registrationId": found[0], "tag": "homeby-sends"}
    browser.send("ServiceWorker.dispatchSyncEvent", {**words, "lastChance": False})


def test_what_waits_is_sent_with_the_page_closed(screens: Screens, fox: Page) -> None:
    """Nothing is told before the station has answered; a wake without a line changes nothing."""
    context = fox.context
    other = context.new_page()
    other.goto("/me/")  # any page but the phone's own
    fox.bring_to_front()
    context.set_offline(True)
    tap(fox, "Sign out")
    fox.locator("#my-party-say").click()
    expect(said(fox, "Sign out")).to_contain_text(WAITS)
    fox.close()
    wake(context, other, screens.station.address)
    other.wait_for_timeout(500)
    assert states(other) == {"sign_out": "waiting"}
    context.set_offline(False)
    wake(context, other, screens.station.address)
    is_told = {"sign_out": "told"}
    until(lambda: states(other) == is_told, seconds=15, what="the worker has sent it")
    (claim,) = [one["claim"] for one in other.evaluate(KEPT)["entries"]]
    other.goto(f"/missions/{claim['mission']}/")
    expect(other.locator(".timeline li").filter(has_text="Signed out").first).to_be_visible()
    other.goto("/my/")
    are_home(other)
