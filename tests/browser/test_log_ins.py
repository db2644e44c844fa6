"""Passkeys in Chromium, by its virtual authenticators: a device that says yes to its person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser import cast
from tests.browser.conftest import has_failed
from tests.browser.doors import link_on
from tests.browser.screens import Screens, screens_at
from tests.browser.station import Station

A_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Device:
    """The authenticator of one screen."""

    line: CDPSession
    id: str

    def keys(self) -> list[dict[str, Any]]:
        """The passkeys on it."""
        found = self.line.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        return list(found["credentials"])

    def put(self, keys: list[dict[str, Any]]) -> None:
        """Bring passkeys along, as a stick that is put into another machine."""
        for key in keys:
            params = {"authenticatorId": self.id, "credential": key}
            self.line.send("WebAuthn.addCredential", params)

    def lose(self) -> None:
        """Take it away from this screen."""
        self.line.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.id})


def device_of(page: Page, **options: Any) -> Device:
    """Give a screen an authenticator."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    made = line.send("WebAuthn.addVirtualAuthenticator", {"options": A_DEVICE | options})
    return Device(line=line, id=made["authenticatorId"])


@pytest.fixture
def screens(
    request: pytest.FixtureRequest, chromium: Browser, station: Station
) -> Iterator[Screens]:
    """Screens at the station under its host name, for passkeys need one."""
    named = replace(station, host="localhost", states={})
    with screens_at(named, chromium, failed=lambda: has_failed(request)) as opened:
        yield opened


def add_passkey(page: Page, name: str) -> None:
    """Make a passkey on the device of this screen."""
    page.goto("/me/log-in/passkey/")
    page.get_by_label("What I call it").fill(name)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.locator("main")).to_contain_text(f"The passkey {name} opens your log-in")


def log_out(page: Page) -> None:
    """Log out by the menu; what is said then, tests/rooms/test_web_login.py holds."""
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Log-in name")).to_be_visible(timeout=30_000)


def log_in_by_passkey(page: Page) -> None:
    """Log in by the passkey of this screen's device and nothing else."""
    page.goto("/log-in/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url(lambda url: "/log-in/" not in url)
    page.wait_for_load_state()


def test_from_an_invitation_to_a_lost_phone(screens: Screens) -> None:
    office = screens.open("/office/form/people/new/", login=cast.OFFICE.login)
    office.get_by_label("Name", exact=True).fill("Ranka Tsukino")
    office.get_by_label("Callsign").fill("Hare")
    office.get_by_role("button", name="Keep").click()
    office.get_by_role("link", name="Invite them").click()
    link = link_on(office, "Make a link")
    page = screens.open(link)
    phone = device_of(page)
    page.get_by_label("Log-in name").fill("ranka")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Hare")).to_be_visible()
    log_out(page)
    log_in_by_passkey(page)
    kept = phone.keys()
    assert len(kept) == 1
    page.goto("/me/log-in/")
    expect(page.locator("main")).to_contain_text("last used")
    phone.lose()
    device_of(page)  # a second device, put into the same machine
    add_passkey(page, "My stick")
    used = screens.open(link)
    expect(used.get_by_role("alert")).to_contain_text("This link has been used.")
    office.goto(office.url)
    fresh = screens.open(link_on(office, "Make a new link"))
    device_of(fresh)
    fresh.get_by_role("button", name="Make a passkey").click()
    expect(fresh.get_by_role("heading", name="Hare")).to_be_visible()
    page.goto("/me/")  # whoever has the old phone is out, and does not come in again
    expect(page).to_have_url(re.compile("/log-in/.next="))
    thief = screens.open("/log-in/")
    device_of(thief).put(kept)
    thief.get_by_role("button", name="Log in with a passkey").click()
    expect(thief.locator("main")).to_contain_text("does not open a log-in here")
