"""The pictures of the documentation, from the demonstration; only with `HOMEBY_PICTURES=1`."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import Light, set_light
from tests.browser.private import toad_asks_for_help
from tests.browser.screens import DESK, PHONE, Screens
from tests.browser.station import ROOT
from tests.browser.village import enter, phone_of, prove

FOLDER = ROOT / "docs" / "pictures"
MOST_BYTES = 200_000
ALERT_SECONDS = 240


def picture(page: Page, name: str, light: Light = "light") -> None:
    """Keep what the screen shows now; what a picture may weigh is bounded."""
    set_light(page, light)
    page.evaluate("document.activeElement.blur()")
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path)
    set_light(page, "light")
    assert path.stat().st_size < MOST_BYTES, f"{path.name} is too heavy"


def plan_two(page: Page) -> None:
    """A mission that waits at the gate, for the picture of its promise."""
    page.goto("/plan/")
    page.get_by_label("Leader").select_option(label="Mirage")
    page.get_by_label("Turtle", exact=True).check()
    page.get_by_label("Where").first.fill("Tower on the ridge")
    page.get_by_label("What optional", exact=True).fill("Night watch")
    page.get_by_label("Expected back").fill("+5h")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mirage")


def to_gate(page: Page) -> None:
    """To the gate at rest."""
    page.goto("/gate/")
    page.get_by_role("link", name="Big green gates").click()
    expect(page.get_by_role("link", name="Sign out")).to_be_visible()


@pytest.mark.timeout(400)
def test_take_the_pictures(village_screens: Screens) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    head = enter(village_screens, "tsunade", "/board/", viewport=DESK)
    phone = enter(village_screens, "tsunade", viewport=PHONE, device_scale_factor=2)
    plan_two(phone)
    gate = enter(village_screens, "izumo", viewport=PHONE, device_scale_factor=2)
    to_gate(gate)
    picture(gate, "gate-390")
    gate.get_by_role("link", name="Sign out").click()
    gate.locator("main .tile").filter(has_text="Mirage").first.click()
    expect(gate.get_by_role("heading", name="Our promise")).to_be_visible()
    picture(gate, "confirm-390")
    fox = head.get_by_role("row").filter(has_text="Fox")
    expect(fox.get_by_text("Alert")).to_be_visible(timeout=ALERT_SECONDS * 1000)
    picture(head, "board-alarm-1280")
    picture(head, "board-night", "night")
    phone.goto("/board/")
    expect(phone.get_by_role("row").filter(has_text="Fox")).to_be_visible()
    picture(phone, "board-390")
    what_kin_see(village_screens)
    duty_room(head)
    head.goto("/office/messages/")
    expect(phone_of(head, "Head").get_by_text("ALERT").first).to_be_visible()
    picture(head, "received-1280")
    on_phone(phone, "/board/", "Fox", "mission-390")
    on_phone(phone, "/alarms/", "Fox", "alarm-390")


@pytest.mark.timeout(400)
def test_take_the_pictures_of_the_kiosk(village_screens: Screens) -> None:
    office = enter(village_screens, "tsunade", viewport=DESK)
    prove(office, "/office/devices/")
    gate = office.locator("option").filter(has_text="Big green gates")
    office.get_by_label("Whose it is").select_option(value=gate.get_attribute("value"))
    office.get_by_label("Name of the device").fill("Tablet")
    office.get_by_label("HELP").check()
    office.get_by_role("button", name="Make its key").click()
    link = str(office.get_by_role("link", name="/kiosk/").get_attribute("href"))
    tablet = village_screens.open(viewport=DESK)
    tablet.goto(link)
    touch = tablet.get_by_role("button", name="Touch to sign in or out")
    expect(touch).to_be_visible()
    picture(tablet, "kiosk-1280")
    touch.click()
    tablet.get_by_label("Callsign").fill("Fox")
    tablet.get_by_role("button", name="Go on").click()
    tablet.set_viewport_size({"width": 390, "height": 844})
    picture(tablet, "kiosk-acts-390", "night")


def test_take_the_pictures_of_who_looked(village_screens: Screens) -> None:
    toad_asks_for_help(village_screens)
    guard = enter(village_screens, "izumo", "/board/", viewport=PHONE, device_scale_factor=2)
    guard.locator("main").get_by_role("link", name="Toad").first.click()
    guard.get_by_role("link", name="Break-glass").click()
    why = "He pressed HELP and answers nobody. His kin may know where he is."
    asks = guard.get_by_label("Why must this be opened?")
    again = guard.get_by_role("button", name="Demonstration: it is me")
    expect(asks.or_(again)).to_be_visible()
    if again.is_visible():  # half an hour of the station has passed since the guard logged in
        again.click()
    asks.fill(why)
    guard.get_by_role("button", name="Open it for 60 minutes").click()
    expect(guard.get_by_text("Closes by itself")).to_be_visible()
    guard.reload()
    picture(guard, "break-glass-390")
    toad = enter(village_screens, "naruto", "/me/looks/", viewport=PHONE, device_scale_factor=2)
    picture(toad, "looks-390")


def test_take_the_pictures_of_the_path(village_screens: Screens) -> None:
    head = enter(village_screens, "tsunade", "/skill-matrix/", viewport=DESK)
    expect(head.get_by_role("heading", name="Skill matrix")).to_be_visible()
    picture(head, "skill-matrix-1280")
    fox = enter(village_screens, "sakura", "/qualifications/", viewport=DESK)
    fox.locator("summary").filter(has_text="Field stations and teaching").click()
    fox.get_by_role("link", name="Field party leader").first.click()
    ladder = fox.get_by_role("region", name="The ladder")
    ladder.scroll_into_view_if_needed()
    picture(fox, "ladder-1280")
    phone = enter(village_screens, "sakura", "/me/mentoring/", viewport=PHONE,
                  device_scale_factor=2)  # fmt: skip
    expect(phone.get_by_role("heading", name="My plan")).to_be_visible()
    picture(phone, "development-plan-390")


def what_kin_see(screens: Screens) -> None:
    """The page of whoever waits for Fox, who is late."""
    fox = enter(screens, "sakura", "/me/", viewport=PHONE)
    link = str(fox.get_by_role("link", name="/k/").first.get_attribute("href"))
    kin = screens.open(viewport=PHONE, device_scale_factor=2)
    kin.goto(link)
    expect(kin.get_by_role("heading", name="Later than expected.")).to_be_visible()
    picture(kin, "kin-390")


def duty_room(page: Page) -> None:
    """The siren while an alarm waits, and the cards of those who are out."""
    page.goto("/siren/")
    expect(page.locator("div[data-siren=ALARM]")).to_be_visible()
    picture(page, "siren-1280")
    page.goto("/board/cards/")
    expect(page.locator(".t-card").first).to_be_visible()
    picture(page, "cards-1280")


def on_phone(page: Page, path: str, name: str, to: str) -> None:
    """Open the page of this name from a list, and take its picture."""
    page.goto(path)
    page.locator("main").get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    picture(page, to)
