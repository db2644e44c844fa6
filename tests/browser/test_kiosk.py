"""The tablet at a gate, in Chromium: opened once by its link, five seconds to be back, no name on
any of its screens, and what waits on it sealed."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import cast
from tests.browser.looks import faults
from tests.browser.screens import DESK, Screens

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


def link_of_a_kiosk(screens: Screens, name: str) -> str:
    """An administrator makes its key; the link that opens it."""
    office = screens.open("/office/devices/", login=cast.OFFICE.login)
    gate = office.locator("option").filter(has_text=f"Kiosk: Village, {cast.GATE}")
    office.get_by_label("Whose it is").select_option(value=gate.get_attribute("value"))
    office.get_by_label("Name of the device").fill(name)
    office.get_by_label("HELP").check()
    office.get_by_role("button", name="Make its key").click()
    return str(office.get_by_role("link", name="/kiosk/").get_attribute("href"))


def at_rest(page: Page) -> None:
    """The screen that waits for whoever comes."""
    expect(page.get_by_role("button", name="Touch to sign in or out")).to_be_visible()


def were_refused(screens: Screens) -> None:
    """That a key was refused is what the test wanted, and no fault of a page."""
    assert any(fault.startswith("401 ") for fault in screens.faults)
    screens.faults[:] = [fault for fault in screens.faults if not fault.startswith("401 ")]


def nobody_is_named(page: Page) -> None:
    """No name of anybody stands in the page, not even where nobody sees it."""
    said = page.content()
    for member in cast.MEMBERS:
        assert member.name not in said
        assert member.callsign not in said
    assert "Cart" not in said


def says(page: Page, callsign: str, act: str) -> None:
    """Somebody touches the screen, says who they are and what it is."""
    page.get_by_role("button", name="Touch to sign in or out").click()
    page.get_by_label("Callsign").fill(callsign)
    nobody_is_named(page)
    page.get_by_role("button", name="Go on").click()
    nobody_is_named(page)
    page.get_by_role("button", name=act).click()


def test_a_kiosk(screens: Screens) -> None:
    link = link_of_a_kiosk(screens, "Tablet")
    page = screens.open(viewport=DESK)
    page.goto(link)
    at_rest(page)
    assert page.url.endswith("/kiosk/")
    expect(page.get_by_text(cast.GATE)).to_be_visible()
    expect(page.get_by_text("The station hears this tablet.")).to_be_visible()
    says(page, cast.cart(9), "I go out")
    expect(page.get_by_role("heading", name="Recorded.")).to_be_visible()
    at_rest(page)
    assert faults(page) == []
    page.reload()
    at_rest(page)
    assert page.context.cookies() == []
    used = screens.open(viewport=DESK)
    used.goto(link)
    expect(used.get_by_text("it was used already, or revoked")).to_be_visible()
    were_refused(screens)
