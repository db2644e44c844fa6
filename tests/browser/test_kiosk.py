"""The tablet at a gate, in Chromium: opened once by its link, five seconds to be back, no name on
any of its screens, and what waits on it sealed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import cast
from tests.browser.looks import faults
from tests.browser.pockets import at_width, picture
from tests.browser.screens import DESK, PHONE, Screens, has_no_sideways_scroll

#: All that lies in the tablet, as text.
STORED = """
async () => {
  const database = await new Promise((done) => {
    const asked = indexedDB.open("homeby-kiosk");
    asked.onsuccess = () => done(asked.result);
  });
  const all = (store) => new Promise((done) => {
    const asked = database.transaction(store).objectStore(store).getAll();
    asked.onsuccess = () => done(asked.result);
  });
  return JSON.stringify([await all("tablet"), await all("waiting"), {...localStorage}]);
}
"""


#: What waits in the tablet, as if it were sealed for another station.
DAMAGED = """
() => new Promise((done) => {
  const asked = indexedDB.open("homeby-kiosk");
  asked.onsuccess = () => {
    const whole = asked.result.transaction("waiting", "readwrite");
    whole.objectStore("waiting").openCursor().onsuccess = ({ target: { result } }) => {
      const { id, sealed } = result.value;
      result.update({ id, sealed: sealed.slice(0, -8) + "AAAAAAAA" });
    };
    whole.oncomplete = () => { asked.result.close(); done(); };
  };
})
"""


#: Done once the tablet would start without the station.
STARTS_ALONE = """
() => new Promise((done) => {
  const workers = navigator.serviceWorker;
  if (workers.controller) done();
  else workers.addEventListener("controllerchange", () => done(), { once: true });
})
"""


def link_of_a_kiosk(screens: Screens, name: str) -> str:
    """An administrator makes its key; the link that opens it."""
    screens.station.states.pop(cast.OFFICE.login, None)  # whoever makes a key came in just now
    office = screens.open("/office/devices/", login=cast.OFFICE.login)
    gate = office.locator("option").filter(has_text=f"Kiosk: Village, {cast.GATE}")
    office.get_by_label("Whose it is").select_option(value=gate.get_attribute("value"))
    office.get_by_label("Name of the device").fill(name)
    office.get_by_label("HELP").check()
    office.get_by_role("button", name="Make its key").click()
    for size in (DESK, PHONE):
        at_width(office, size)
        assert has_no_sideways_scroll(office)
        assert not faults(office)
    expect(office.get_by_role("img", name="QR code of the link above")).to_be_visible()
    return str(office.get_by_role("link", name="/kiosk/").get_attribute("href"))


def at_rest(page: Page) -> None:
    """The screen that waits for whoever comes."""
    expect(page.get_by_role("button", name="Touch to sign in or out")).to_be_visible()


def were_refused(screens: Screens) -> None:
    """That a key, or an act, was refused is what the test wanted, and no fault of a page."""
    assert any(fault.startswith("401 ") for fault in screens.faults)
    screens.faults[:] = [one for one in screens.faults if not one.startswith(("401 ", "422 "))]


def offline(screens: Screens) -> None:
    """That nothing got through without a network is what the test wanted."""
    screens.faults[:] = [fault for fault in screens.faults if "ERR_INTERNET" not in fault]


def nobody_is_named(page: Page) -> None:
    """No name of anybody stands in the page, not even where nobody sees it."""
    said = page.content()
    for member in cast.MEMBERS:
        assert member.name not in said
        assert member.callsign not in said
    assert "Cart" not in said


#: Keys as a reader types them: a browser that a test drives may be too slow for one.
READ = """
(code) => {
  for (const key of [...code, "Enter"]) {
    const typed = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    (document.activeElement ?? document.body).dispatchEvent(typed);
  }
}
"""


def touch(page: Page) -> None:
    """Somebody touches the screen at rest."""
    page.get_by_role("button", name="Touch to sign in or out").click()


def who(page: Page, callsign: str, pin: str = "") -> None:
    """Somebody says who they are."""
    touch(page)
    page.get_by_label("Callsign").fill(callsign)
    page.get_by_label("PIN", exact=True).fill(pin)
    assert callsign not in page.locator("body").inner_text()
    nobody_is_named(page)
    page.get_by_role("button", name="Go on").click()
    nobody_is_named(page)


def within_three_seconds(page: Page, act: str, said: str) -> None:
    """The button of an act, what is answered, and that it is gone in time; by the tablet's own
    clock, which stands still between the steps."""
    page.clock.install()
    page.get_by_role("button", name=act).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(said)
    nobody_is_named(page)
    page.clock.run_for(2900)
    at_rest(page)
    nobody_is_named(page)
    page.clock.resume()


def stored(page: Page) -> list[Any]:
    """What lies in the tablet: [its own things, acts that wait, the local storage]."""
    found: list[Any] = json.loads(page.evaluate(STORED))
    return found


@pytest.fixture
def tablet(screens: Screens) -> Page:
    """A tablet that was opened by its link."""
    page = screens.open(viewport=DESK)
    page.goto(link_of_a_kiosk(screens, "Tablet"))
    at_rest(page)
    assert page.url.endswith("/kiosk/")
    page.evaluate(STARTS_ALONE)
    return page


def test_out_and_back_and_nobody_is_named(screens: Screens, tablet: Page) -> None:
    expect(tablet.get_by_text(cast.GATE)).to_be_visible()
    expect(tablet.get_by_text("The station hears this tablet.")).to_be_visible()
    nobody_is_named(tablet)
    found = faults(tablet)
    touch(tablet)
    found += faults(tablet)
    tablet.get_by_role("button", name="Start again").click()
    who(tablet, cast.cart(25))
    found += faults(tablet)
    within_three_seconds(tablet, "I go out", "Recorded.")
    who(tablet, cast.cart(25), "4711")
    within_three_seconds(tablet, "I am back", "It does not count yet")
    who(tablet, cast.cart(25))
    within_three_seconds(tablet, "I am back", "Recorded.")
    assert tablet.context.cookies() == []
    assert not found, "\n".join(found)


def test_a_reader_types_the_badge(screens: Screens, tablet: Page) -> None:
    office = screens.open("/office/people/", login=cast.OFFICE.login)
    office.get_by_role("link", name=cast.cart(26)).click()
    office.get_by_role("link", name="Badges and PIN").click()
    found = faults(office)
    office.get_by_label("Name of the badge").fill("yellow card")
    office.get_by_label("What it says").fill("04A2B8C9")
    office.get_by_role("button", name="Add it").click()
    expect(office.get_by_role("button", name="Remove yellow card")).to_be_visible()
    for act, answer in (("I go out", "Expected back"), ("I am back", "Recorded.")):
        tablet.evaluate(READ, "04A2B8C9")
        expect(tablet.get_by_role("heading", name="What is it?")).to_be_visible()
        assert tablet.get_by_label("Callsign").input_value() == ""
        within_three_seconds(tablet, act, answer)
    assert not found, "\n".join(found)


def test_what_waits_is_sealed_and_told_when_the_station_hears(
    screens: Screens, tablet: Page
) -> None:
    tablet.context.set_offline(True)
    who(tablet, cast.cart(27))
    within_three_seconds(tablet, "I go out", "Kept here; told as soon as the station hears.")
    tablet.reload()
    at_rest(tablet)
    expect(tablet.get_by_text("1 act waits here")).to_be_visible()
    expect(tablet.get_by_text("does not hear this tablet just now")).to_be_visible()
    picture(tablet, "kiosk-no-line-1280")
    (waiting,) = stored(tablet)[1]
    assert set(waiting) == {"id", "sealed"}
    assert cast.cart(27).lower() not in json.dumps(stored(tablet)).lower()
    assert "sign_out" not in waiting["sealed"]
    tablet.context.set_offline(False)
    expect(tablet.get_by_text("1 act waits here")).to_be_hidden()
    assert stored(tablet)[1] == []
    board = screens.open("/board/", login=cast.OFFICE.login)
    expect(board.get_by_role("link", name=cast.cart(27))).to_be_visible()
    offline(screens)


def test_what_is_refused_stays_and_is_told_to_the_gate_keeper(
    screens: Screens, tablet: Page
) -> None:
    """As an act that was sealed for a station whose key is another now: nobody can open it."""
    tablet.context.set_offline(True)
    who(tablet, cast.cart(11))
    within_three_seconds(tablet, "I am back", "Kept here")
    tablet.evaluate(DAMAGED)
    tablet.context.set_offline(False)
    expect(tablet.get_by_text("1 act could not be recorded. Tell the gate keeper.")).to_be_visible()
    expect(tablet.get_by_text("1 act waits here")).to_be_hidden()
    (kept,) = stored(tablet)[1]
    assert kept["became"] == "refused"
    office = screens.open("/office/devices/", login=cast.OFFICE.login)
    office.get_by_role("button", name="Revoke Tablet").first.click()
    expect(tablet.get_by_role("alert")).to_contain_text("1 act could not be recorded")
    assert stored(tablet)[1] == [kept]
    were_refused(screens)
    offline(screens)


def test_a_stolen_key_is_over_and_what_it_kept_goes_to_a_person(
    screens: Screens, tablet: Page
) -> None:
    tablet.context.set_offline(True)
    who(tablet, cast.cart(28))
    within_three_seconds(tablet, "I am back", "Kept here")
    office = screens.open("/office/devices/", login=cast.OFFICE.login)
    office.get_by_role("button", name="Revoke Tablet").first.click()
    expect(office.get_by_text("Revoked. What it sends")).to_be_visible()
    tablet.context.set_offline(False)
    expect(tablet.get_by_text("This tablet's key was revoked.")).to_be_visible()
    assert stored(tablet)[:2] == [[], []]
    office.goto("/office/list/unmatched/")
    expect(office.get_by_text(f"its key was revoked. “{cast.cart(28)}”")).to_be_visible()
    tablet.get_by_label("Key").fill("homeby-device-of-nobody")
    tablet.get_by_role("button", name="Begin").click()
    expect(tablet.get_by_text("it was used already, or revoked")).to_be_visible()
    assert faults(tablet) == []
    were_refused(screens)
    offline(screens)
