"""The duress PIN in Chromium: set on one's own page, typed at the kiosk while nobody hears it. What
the tablet shows and keeps is that of the right PIN; those who keep the watch read what it meant."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import cast
from tests.browser.looks import faults
from tests.browser.pockets import at_width, plan, said, tap, use
from tests.browser.screens import DESK, PHONE, Screens, has_no_sideways_scroll
from tests.browser.test_kiosk import at_rest, offline, stored, who, within_three_seconds
from tests.browser.test_kiosk import tablet as tablet
from tests.browser.test_phone import is_told

PIN, DURESS = "4711", "9027"
#: All that the phone keeps of what was said, as text.
KEPT_HERE = """
async () => {
  const database = await new Promise((done) => {
    const asked = indexedDB.open("homeby-queue");
    asked.onsuccess = () => done(asked.result);
  });
  const all = (store) => new Promise((done) => {
    const asked = database.transaction(store).objectStore(store).getAll();
    asked.onsuccess = () => done(asked.result);
  });
  return JSON.stringify([await all("entries"), {...localStorage}, {...sessionStorage}]);
}
"""


@pytest.fixture
def own_page(screens: Screens) -> Iterator[Page]:
    """Fox has set both PINs; she does without them afterwards."""
    page = screens.open("/me/pin/", login=cast.FOX.login, viewport=PHONE)
    page.get_by_label("New PIN").fill(PIN)
    page.get_by_label("Once more", exact=True).fill(PIN)
    page.get_by_label("Duress PIN", exact=False).first.fill(DURESS)
    page.get_by_label("Duress PIN, once more").fill(DURESS)
    found = faults(page)
    assert has_no_sideways_scroll(page)
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("The PIN is set")).to_be_visible()
    assert not found, "\n".join(found)
    yield page
    page.goto("/me/pin/")
    page.get_by_role("button", name="Do without a PIN").click()


def test_the_tablet_is_silent_and_the_duty_officer_reads_it(
    screens: Screens, tablet: Page, own_page: Page
) -> None:
    kept = []
    for pin in (PIN, DURESS):
        who(tablet, cast.FOX.callsign, pin)
        within_three_seconds(tablet, "I am back", "Recorded.")
        tablet.context.set_offline(True)
        who(tablet, cast.FOX.callsign, pin)
        within_three_seconds(tablet, "I am fine", "Kept here")
        expect(tablet.get_by_text("1 act waits here")).to_be_visible()
        (waiting,) = stored(tablet)[1]
        kept.append((set(waiting), len(waiting["sealed"])))
        tablet.context.set_offline(False)
        expect(tablet.get_by_text("1 act waits here")).to_be_hidden()
        at_rest(tablet)
    assert kept[0] == kept[1]
    the_officer_reads(screens, "Fox signed in with the duress PIN")
    offline(screens)


def the_officer_reads(screens: Screens, words: str) -> None:
    """Who keeps the watch finds it among the alarms, and stands it down; the siren page is calm."""
    officer = screens.open("/alarms/", login=cast.OFFICE.login, viewport=DESK)
    line = officer.get_by_role("link").filter(has_text="with the duress PIN")
    expect(line).to_contain_text(words)
    found = faults(officer)
    line.click()
    expect(officer.get_by_text("do not call or write to their phone first")).to_be_visible()
    for size in (DESK, PHONE):
        at_width(officer, size)
        found += faults(officer)
        assert has_no_sideways_scroll(officer)
    at_width(officer, DESK)
    siren = screens.open("/siren/", login=cast.OFFICE.login, viewport=DESK)
    assert "Fox" not in siren.locator("main").inner_text()
    officer.locator("#stand_down_reason").fill("Spoken to her by the agreed words; an exercise.")
    officer.get_by_role("button", name="Stand down").click()
    expect(officer.get_by_text("is over")).to_be_visible()
    assert not found, "\n".join(found)


def with_pin(page: Page, pin: str) -> None:
    """The phone asks for the PIN, and says it."""
    expect(page.get_by_role("heading", name="Your PIN")).to_be_visible()
    page.locator("#my-pin-typed").fill(pin)
    page.locator("#my-pin-say").click()


def test_a_phone_asks_for_it_and_keeps_it_sealed(screens: Screens, own_page: Page) -> None:
    fox = own_page
    plan(fox, "Chapel above the bend", other=cast.OWL.callsign)
    fox.goto("/my/")
    use(fox)
    tap(fox, "Sign out")
    fox.locator("#my-party-say").click()
    is_told(fox, "Sign out")
    fox.context.set_offline(True)
    tap(fox, "I am fine")
    found = []
    for size in (PHONE, DESK):
        at_width(fox, size)
        found += faults(fox)
    at_width(fox, PHONE)
    with_pin(fox, DURESS)
    expect(said(fox, "I am fine")).to_have_attribute("data-state", "waiting")
    lies_here = fox.evaluate(KEPT_HERE)
    assert DURESS not in lies_here
    assert "sealed" in lies_here
    assert fox.locator("#my-pin-typed").input_value() == ""
    fox.context.set_offline(False)
    is_told(fox, "I am fine")
    tap(fox, "I am back")
    for name in (cast.FOX.callsign, cast.OWL.callsign):
        fox.get_by_label(name).check()
    fox.get_by_label("How many heads").fill("2")
    fox.locator("#my-party-say").click()
    with_pin(fox, PIN)
    is_told(fox, "I am back")
    the_officer_reads(screens, "Fox checked in with the duress PIN")
    assert not found, "\n".join(found)
    offline(screens)
