"""The pages of log-ins, walked by somebody who begins anew after a lost phone."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page

from homeby import clock
from tests.browser import looks
from tests.browser.screens import PHONE, Screens, log_in
from tests.browser.village import enter, prove

PASSWORD = "a path of my own"
#: Kinds of pages that are walked here, and not while a demonstration's alarm waits to be taken.
WALKED = {("own-log-in",), ("code-app",), ("recovery-codes",), ("passkey-add",), ("office-log-in",)}


def link_on(office: Page, button: str) -> str:
    """Have the office make a link on the page of somebody's log-in; gives its path."""
    office.get_by_role("button", name=button).click()
    found = re.search(r"/invitation/[\w-]+/", office.locator("main").inner_text())
    assert found, office.locator("main").inner_text()
    return found.group()


def shown_by_app(page: Page) -> str:
    """What an app shows that has read the square of this page."""
    secret = page.locator("code").inner_text().replace(" ", "")
    return format_hotp_value(hotp_value(secret, int(clock.real_now().timestamp()) // 30))


def faults_of_log_ins(screens: Screens) -> list[str]:
    """What is wrong with the pages on which somebody chooses, proves and changes her log-in."""
    office = enter(screens, "tsunade", "/office/people/", viewport=PHONE)
    office.get_by_role("link", name="Needle").first.click()
    prove(office, str(office.get_by_role("link", name="Lost phone, log-ins").get_attribute("href")))
    link = link_on(office, "Make a new link")
    page = screens.open(link, viewport=PHONE)
    found = looks.faults(office) + looks.faults(page)
    person = urlsplit(office.url).path.removesuffix("log-in/")
    for address in (
        "/office/retention/",
        "/office/left-behind/",
        "/office/callsigns/",
        f"{person}erase/",
        f"{person}minor/",
    ):
        office.goto(address)
        found += looks.faults(office)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Take this password").click()
    page.goto("/me/log-in/app/")
    found += looks.faults(page)
    page.get_by_label("Code", exact=True).fill(shown_by_app(page))
    page.get_by_role("button", name="The app shows this code").click()
    page.get_by_role("button", name="Make recovery codes").click()
    found += looks.faults(page)
    for address in ("/log-in/again/", "/me/password/", "/me/log-in/", "/me/log-in/passkey/", link):
        page.goto(address)
        assert urlsplit(page.url).path == address, f"{address} led to {page.url}"
        found += looks.faults(page)
    fresh = screens.open("/log-in/", viewport=PHONE)
    log_in(fresh, "shizune", PASSWORD, to="/log-in/more/")
    return found + looks.faults(fresh)
