"""A printed badge: made on one's own page, read at a kiosk by a reader or the tablet's camera, and
the PIN asked for beside it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import cast
from tests.browser.looks import faults
from tests.browser.pockets import at_width
from tests.browser.screens import DESK, PHONE, Screens, has_no_sideways_scroll
from tests.browser.station import until
from tests.browser.test_kiosk import READ, at_rest, link_of_a_kiosk

CODE = "HB" + "A2" * 16
CAMERA = """
  globalThis.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect() { return globalThis.held ? [{ rawValue: "CODE" }] : []; }
  };
  navigator.mediaDevices.enumerateDevices = async () => [{ kind: "videoinput" }];
  globalThis.tracks = [];
  navigator.mediaDevices.getUserMedia = async () => {
    const stream = document.createElement("canvas").captureStream();
    globalThis.tracks.push(...stream.getTracks());
    return stream;
  };
""".replace("CODE", CODE)
BLIND = "delete globalThis.BarcodeDetector;"
LIVE = "globalThis.tracks.filter(({ readyState }) => readyState === 'live').length"


def _open(screens: Screens, name: str, before: str) -> Page:
    link = link_of_a_kiosk(screens, name)
    page = screens.open(viewport=PHONE)
    page.add_init_script(before)
    page.goto(link)
    at_rest(page)
    return page


def _asks_for_the_pin(page: Page) -> None:
    expect(page.get_by_text("Your badge was read.")).to_be_visible()
    expect(page.get_by_label("Callsign")).to_be_hidden()
    expect(page.get_by_label("PIN", exact=True)).to_be_focused()
    page.get_by_label("PIN", exact=True).fill("4711")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="I am back")).to_be_visible()
    page.get_by_role("button", name="I am back").click()
    expect(page.locator("#done")).to_contain_text("do not fit")
    at_rest(page)


def test_ones_own_badge_is_made_and_printed(screens: Screens) -> None:
    """One tap makes it, the next a new one; it is shown once."""
    page = screens.open("/me/badge/", login=cast.FOX.login)
    page.get_by_role("button", name="Make my badge").click()
    expect(page.get_by_role("img", name="QR code of your badge")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    for size in (DESK, PHONE):
        at_width(page, size)
        assert has_no_sideways_scroll(page)
        assert not faults(page)
    page.get_by_role("button", name=re.compile("^Make a new one")).click()
    expect(page.get_by_role("img", name="QR code of your badge")).to_be_visible()
    page.get_by_role("button", name="It is lost: end it").click()
    expect(page.get_by_role("button", name="Make my badge")).to_be_visible()


def test_a_reader_and_the_camera_read_it_and_the_pin_is_asked(screens: Screens) -> None:
    """The camera looks only while it is asked to, and a browser without the skill offers none."""
    page = _open(screens, "tablet with a camera", CAMERA)
    page.evaluate(READ, CODE)
    _asks_for_the_pin(page)
    page.get_by_role("button", name="Touch to sign in or out").click()
    page.get_by_role("button", name="Hold my badge to the camera").click()
    expect(page.get_by_text("No picture is shown or kept.")).to_be_visible()
    until(lambda: page.evaluate(LIVE) == 1, seconds=15, what="the camera looks")
    assert page.locator("video, canvas, img").count() == 0, "no face is on a screen of the kiosk"
    assert faults(page) == []
    page.get_by_role("button", name="Start again").click()
    at_rest(page)
    assert page.evaluate(LIVE) == 0, "the camera is off as soon as nobody stands there"
    page.get_by_role("button", name="Touch to sign in or out").click()
    page.get_by_role("button", name="Hold my badge to the camera").click()
    page.evaluate("globalThis.held = true")
    _asks_for_the_pin(page)
    assert page.evaluate(LIVE) == 0
    blind = _open(screens, "tablet without", BLIND)
    blind.get_by_role("button", name="Touch to sign in or out").click()
    expect(blind.get_by_label("Callsign")).to_be_visible()
    expect(blind.locator("#camera")).to_be_hidden()
