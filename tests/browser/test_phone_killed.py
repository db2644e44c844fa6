"""The phone's whole browser is killed while it keeps what nobody has heard yet."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page, expect

from tests.browser import cast
from tests.browser.pockets import KEPT, come_home, plan, said, tap, use
from tests.browser.screens import ARGUMENTS, PHONE, Screens, find_chromium, log_in
from tests.browser.station import until

WAITS = "not yet told"
#: A browser that wakes no worker: here all is up to the page. `test_phone_sends` has one that does.
WAKES_NOBODY = """
Object.defineProperty(ServiceWorkerRegistration.prototype, "sync", { get: () => undefined });
"""


@contextmanager
def a_phone(screens: Screens, profile: Path) -> Iterator[BrowserContext]:
    """A browser of its own, whose data lies in this folder and outlives it."""
    context = screens.browser.browser_type.launch_persistent_context(
        profile,
        executable_path=find_chromium(),
        args=list(ARGUMENTS),
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        base_url=screens.station.address,
    )
    context.set_default_timeout(15_000)
    context.add_init_script(WAKES_NOBODY)
    yield context
    with suppress(Error):  # it may have been killed meanwhile
        context.close()


def processes_of(profile: Path) -> list[int]:
    """The processes of the browser whose data lies in this folder, and of no other."""
    wanted = f"--user-data-dir={profile}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # it has ended meanwhile
        if wanted in words:
            found.append(int(folder.name))
    return found


def kill(profile: Path) -> None:
    """Kill the browser as a whole: it saves nothing any more."""
    killed = processes_of(profile)
    assert killed, "no process has this profile"
    for process in killed:
        os.kill(process, signal.SIGKILL)
    until(lambda: not processes_of(profile), seconds=10, what="the browser is gone")


def at_my_mission(context: BrowserContext) -> Page:
    """The page of the phone, ready."""
    page = context.new_page()
    page.goto("/my/")
    expect(page.locator("body[data-my=ready]")).to_be_attached()
    return page


def test_what_is_said_without_a_line_outlives_the_browser(screens: Screens, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with a_phone(screens, profile) as context:
        page = context.new_page()
        page.goto("/log-in/")
        log_in(page, cast.FOX.login)
        plan(page, "Behind the pass", other=cast.OWL.callsign)
        page.goto("/my/")
        use(page, "Killed")
        context.set_offline(True)
        tap(page, "Sign out")
        page.locator("#my-party-say").click()
        expect(said(page, "Sign out")).to_contain_text(WAITS)
        tap(page, "I am fine")
        expect(said(page, "I am fine")).to_contain_text(WAITS)
        before = page.evaluate(KEPT)["entries"]
        kill(profile)
    with a_phone(screens, profile) as context:
        context.set_offline(True)
        page = at_my_mission(context)
        for words in ("Sign out", "I am fine"):
            expect(said(page, words)).to_contain_text(WAITS)
        assert page.evaluate(KEPT)["entries"] == before
        context.set_offline(False)
        for words in ("Sign out", "I am fine"):
            expect(said(page, words)).to_have_attribute("data-state", "told")
        claim = before[0]["claim"]
        come_home(page)  # perhaps logged out by now: a killed browser may forget its log-in
        expect(said(page, "I am back")).to_have_attribute("data-state", "told")
        expect(page.locator("#my-cut")).to_be_hidden()
    seen = screens.open(f"/missions/{claim['mission']}/", login=cast.FOX.login)
    for words in ("Signed out", "Checked in"):
        expect(seen.locator(".timeline li").filter(has_text=words)).to_have_count(1)
