"""A device that slept: its counter stood still and its clock went on. What a page says of now, and
what a tablet stamps, goes by what has passed."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import cast
from tests.browser.pockets import plan
from tests.browser.screens import DESK, PHONE, Screens
from tests.browser.test_kiosk import at_rest, link_of_a_kiosk, offline

MINUTE_MILLISECONDS = 60_000
HOURS_MILLISECONDS = 3 * 60 * MINUTE_MILLISECONDS
#: The counter stands still from when `asleep` is noted, and the clock is then so far ahead.
SLEEPS = """
(() => { const real = Date, asleep = () => globalThis.asleep ?? 0;
  window.Date = class extends real {
    constructor(...words) { if (words.length) super(...words); else super(real.now() + asleep()); }
    static now() { return real.now() + asleep(); } };
})()
"""
#: How far a page's time has gone by two old words, and by a third once the device has slept.
OLD_WORDS = """
async (milliseconds) => {
  const { StationTime } = await import(document.querySelector("script[src*=passing]").src);
  const began = Date.UTC(2026, 10, 20);
  const time = new StationTime(began, 1);
  for (const late of [milliseconds, milliseconds - 5000]) time.heard(began - late);
  const awake = time.now() - began;
  globalThis.asleep = milliseconds;
  time.heard(began - milliseconds + 10_000);
  return [awake, time.now() - began];
}
"""
DUE = "[data-my-facts] time[data-relative]"


def sleep(page: Page) -> None:
    """Let the device sleep for three hours, as its scripts can know of it."""
    page.evaluate("milliseconds => { globalThis.asleep = milliseconds; }", HOURS_MILLISECONDS)


def test_a_countdown_goes_on_while_the_phone_sleeps(screens: Screens) -> None:
    """And the station's own word puts right what a clock that was set ahead has made of it."""
    fox = screens.open(login=cast.FOX.login, viewport=PHONE)
    plan(fox, "Tower by the lake", other=cast.OWL.callsign)
    mission = fox.url
    fox.add_init_script(SLEEPS)
    fox.route("**/events*", lambda route: route.abort())
    fox.goto("/my/")
    due = fox.locator(DUE).first
    expect(due).to_have_text(re.compile(r"^in (5 h|4 h 5\d)$"))
    badge = fox.locator("#live-badge")
    expect(badge).to_be_visible()
    sleep(fox)
    expect(due).to_have_text(re.compile(r"^in (2 h|1 h 5\d)$"))
    fox.unroute("**/events*")
    expect(badge).to_be_hidden(timeout=20_000)
    expect(due).to_have_text(re.compile(r"^in (5 h|4 h 5\d)$"), timeout=20_000)
    fox.goto(mission)
    fox.get_by_text("Nobody goes after all").click()
    fox.get_by_role("button", name="Take the plan back").click()
    expect(fox.get_by_text("Nobody goes after all")).to_be_hidden()


def test_a_word_from_before_the_sleep_turns_no_clock_back(screens: Screens) -> None:
    """What the stream brought lay in the device while it slept, and comes all at once."""
    page = screens.open("/log-in/", viewport=PHONE)
    page.evaluate(SLEEPS)
    awake, asleep = page.evaluate(OLD_WORDS, HOURS_MILLISECONDS)
    assert -1000 < awake < MINUTE_MILLISECONDS, "two words at once, as they lay"
    assert -1000 < asleep - HOURS_MILLISECONDS < MINUTE_MILLISECONDS, "and the one that comes next"


def test_a_tablet_that_slept_stamps_the_hour_that_it_is(screens: Screens) -> None:
    page = screens.open(viewport=DESK)
    page.add_init_script(SLEEPS)
    page.goto(link_of_a_kiosk(screens, "Sleepy tablet"))
    at_rest(page)
    expect(page.get_by_text("The station hears this tablet.")).to_be_visible()
    page.context.set_offline(True)
    expect(page.get_by_text("does not hear this tablet just now")).to_be_visible()
    clock = page.locator("#clock")
    hour = int(clock.inner_text()[:2])
    sleep(page)
    later = "|".join(f"{(hour + more) % 24:02d}:" for more in (3, 4))
    expect(clock).to_have_text(re.compile(f"^({later})"))
    offline(screens)
