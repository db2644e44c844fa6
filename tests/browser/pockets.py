"""Phones with "My mission" open: a key of their own, a line that is cut, what they keep."""

from __future__ import annotations

import os
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser import cast
from tests.browser.looks import set_light
from tests.browser.screens import PHONE, Screens
from tests.browser.station import ROOT

#: What the phone keeps, as its own scripts read it.
KEPT = """
() => new Promise((resolve, reject) => {
  const asked = indexedDB.open("homeby-queue", 1);
  asked.onerror = () => reject(asked.error);
  asked.onsuccess = () => {
    const found = {};
    const whole = asked.result.transaction(["owners", "entries"]);
    for (const name of ["owners", "entries"]) {
      whole.objectStore(name).getAll().onsuccess = ({ target }) => { found[name] = target.result; };
    }
    whole.oncomplete = () => { asked.result.close(); resolve(found); };
  };
})
"""
CACHED = "async () => (await (await caches.open('homeby-my')).keys()).map(one => one.url)"
#: Everything that the phone ever said, sent again and again.
AGAIN = """
async ({key, claims, times}) => {
  const taken = {};
  for (let round = 0; round < times; round += 1) {
    const answer = await fetch("/intake/v1/entries", {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${key}` },
      body: JSON.stringify({ sent_at: new Date().toISOString(), entries: claims }),
    });
    for (const one of (await answer.json()).answers) taken[one.taken] = (taken[one.taken] ?? 0) + 1;
  }
  return taken;
}
"""
#: A clock that is wrong by so many milliseconds.
WRONG_CLOCK = """
(() => { const real = Date, wrong = %d;
  window.Date = class extends real {
    constructor(...words) { if (words.length) super(...words); else super(real.now() + wrong); }
    static now() { return real.now() + wrong; } }; })()
"""


def plan(page: Page, where: str, *, other: str, back: str = "+5h") -> None:
    """A mission that waits to leave, led by whoever looks."""
    page.goto("/plan/")
    page.get_by_label(other, exact=True).check()
    page.get_by_label(re.compile("^Where")).fill(where)
    page.get_by_label("Expected back").fill(back)
    plan_it(page)


def plan_it(page: Page) -> None:
    """Send the form of a plan. Whoever was out in an earlier test, and is not released, rests: that
    is taken on by name."""
    page.get_by_role("button", name="Plan it").click()
    again = page.get_by_label("Why all the same")
    expect(page.get_by_role("heading", name="From the logbook").or_(again).first).to_be_visible()
    if again.is_visible():
        again.fill("They have slept in between")
        page.get_by_role("button", name="Plan it").click()
    page.wait_for_url("**/missions/**")


def pocket(screens: Screens, member: cast.Member, **options: Any) -> Page:
    """The phone of somebody, with the page open and no key yet."""
    page = screens.open("/my/", login=member.login, viewport=PHONE, **options)
    expect(page.locator("body[data-my=ready]")).to_be_attached()
    return page


def use(page: Page, name: str = "Pocket") -> None:
    """Give the phone a key, and wait until it keeps the page."""
    expect(page.locator("body[data-my=ready]")).to_be_attached()
    page.get_by_label("Name of the phone").fill(name)
    page.get_by_role("button", name="Use this phone").click()
    expect(page.locator("#my-use")).to_be_hidden()
    expect(page.locator("body[data-my-kept]")).to_be_attached()


def open_again(page: Page) -> Page:
    """Close the page and open it anew, on the same phone."""
    context = page.context
    page.close()
    fresh = context.new_page()
    fresh.goto("/my/")
    expect(fresh.locator("body[data-my=ready]")).to_be_attached()
    return fresh


def at_width(page: Page, size: dict[str, int]) -> None:
    """Show the page on a screen of this size."""
    page.set_viewport_size({"width": size["width"], "height": size["height"]})


def tap(page: Page, name: str) -> None:
    """Press one of the buttons of the page."""
    page.locator(".my-buttons").get_by_role("button", name=name).click()


def said(page: Page, words: str) -> Locator:
    """The newest line of this in what the phone has said."""
    return page.locator("#my-said li").filter(has_text=words).first


def come_home(page: Page, *, heads: int = 2) -> None:
    """The leader ticks both and counts heads; they may disagree."""
    tap(page, "I am back")
    for name in (cast.FOX.callsign, cast.OWL.callsign):
        page.get_by_label(name).check()
    page.get_by_label("How many heads").fill(str(heads))
    page.locator("#my-party-say").click()


def picture(page: Page, name: str) -> None:
    """Keep what the phone shows in the documentation; only with `HOMEBY_PICTURES=1`."""
    if os.environ.get("HOMEBY_PICTURES"):
        set_light(page, "light")
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        page.screenshot(path=ROOT / "docs" / "pictures" / f"{name}.png")
