"""Passkeys in Chromium, by its virtual authenticators: a device that says yes to its person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.conftest import has_failed
from tests.browser.screens import Screens, screens_at
from tests.browser.station import Station, a_station

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


@pytest.fixture(scope="module")
def named(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """A station that is reached by a host name, for passkeys need one."""
    with a_station(tmp_path_factory, name="named") as found:
        found.host = "localhost"
        found.states["link"] = found.found()
        found.start()
        yield found


@pytest.fixture
def screens(request: pytest.FixtureRequest, chromium: Browser, named: Station) -> Iterator[Screens]:
    """Screens at it."""
    with screens_at(named, chromium, failed=lambda: has_failed(request)) as opened:
        yield opened


def add_passkey(page: Page, name: str) -> None:
    """Make a passkey on the device of this screen."""
    page.goto("/me/log-in/passkey/")
    page.get_by_label("What I call it").fill(name)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.locator("main")).to_contain_text(f"The passkey {name} opens your log-in")


def log_out(page: Page) -> None:
    """Log out by the menu."""
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("You are logged out.")).to_be_visible()


def log_in_by_passkey(page: Page) -> None:
    """Log in by the passkey of this screen's device and nothing else."""
    page.goto("/log-in/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url(lambda url: "/log-in/" not in url)
    page.wait_for_load_state()


def test_a_passkey_alone_opens_the_log_in(screens: Screens) -> None:
    link = screens.station.states["link"]
    page = screens.open(f"/log-in/{link.rstrip('/').rpartition('/')[2]}/")
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(lambda url: "/log-in/" not in url)
    phone = device_of(page)
    add_passkey(page, "My phone")
    assert len(phone.keys()) == 1
    log_out(page)
    log_in_by_passkey(page)
    page.goto("/me/log-in/")
    expect(page.locator("main")).to_contain_text("My phone")
    expect(page.locator("main")).to_contain_text("last used")
