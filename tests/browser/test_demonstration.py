"""The demonstration as a newcomer meets it: an alarm within two minutes, taken, ended; every page
seen by axe-core at 390 and 1280 px, by light, dark and night. Each test goes on where the one
before has stopped.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from homeby import clock
from tests.browser import looks
from tests.browser.care import faults_of_care
from tests.browser.doors import WALKED, faults_of_log_ins
from tests.browser.exercises import faults_of_a_drill, faults_of_a_pause
from tests.browser.partner import faults_of_partner_pages
from tests.browser.private import faults_of_private_pages
from tests.browser.resting import faults_of_rest
from tests.browser.screens import PHONE, Screens
from tests.browser.station import Station
from tests.browser.village import enter, links, phone_of

#: The walk of test_walk.py is on both databases. The longest of these judges sixty pages, five ways
#: each; a time that runs out while the browser is asked takes the browser from all that follow.
pytestmark = [pytest.mark.looks, pytest.mark.timeout(600)]
ANSWERS_WITHIN_SECONDS = 60
ALARM_WITHIN_SECONDS = 120
TOLD_WITHIN_SECONDS = 60
NOTE_THE_ALARM = """
() => { const timer = setInterval(() => {
  if (document.querySelector(".row-uncertainty, .row-alert")) {
    document.alarmSeenAt = Date.now(); clearInterval(timer);
  }
}, 100) }
"""
#: The kinds of pages that the head has seen.
seen: set[tuple[object, ...]] = {*WALKED}


@pytest.fixture(scope="module")
def board(chromium: Browser, village: Station) -> Iterator[Page]:
    """The head's board, open from the beginning and never loaded again; notes when it alarms."""
    opened = Screens(browser=chromium, station=village)
    page = enter(opened, "tsunade", "/board/")
    page.evaluate(NOTE_THE_ALARM)
    yield page
    opened.close()


def test_it_answers_on_its_port_and_says_who_may_log_in(village: Station, board: Page) -> None:
    took_seconds = (clock.real_now() - village.started_at).total_seconds()
    print(f"the demonstration answered and showed its board after {took_seconds:.1f} s")
    assert took_seconds < ANSWERS_WITHIN_SECONDS
    expect(board.get_by_role("heading", name="Who is out")).to_be_visible()
    expect(board.get_by_role("row").filter(has_text="Fox")).to_be_visible()
    assert set(links(village)) >= {"tsunade", "shizune", "izumo", "sakura"}


@pytest.mark.usefixtures("board")
def test_every_page_can_be_read_and_used_by_everybody(village_screens: Screens) -> None:
    head = enter(village_screens, "tsunade", viewport=PHONE)
    found = plan_for_two(head)
    for _address in looks.crawl(head, head.url, "/board/", "/gate/", seen=seen):
        found += looks.faults(head)
    assert not found, "\n".join(found)


def plan_for_two(page: Page) -> list[str]:
    """Plan a mission, first with everything wrong; gives the faults of both answers."""
    page.goto("/plan/")
    page.get_by_label("What optional", exact=True).fill("Watch the tower")
    page.get_by_label("Expected back").fill("yesterday")
    page.get_by_label("Check-ins every").fill("30")
    page.get_by_role("button", name="Plan it").click()
    expect(page.locator(".errorlist").first).to_be_visible()
    found = looks.faults(page)
    page.get_by_label("Where", exact=True).fill("Tower on the ridge")
    page.get_by_label("Leader").select_option(label="Mirage")
    page.get_by_label("Turtle", exact=True).check()
    page.get_by_label("Expected back").fill("+5h")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mirage")
    return found + looks.faults(page)


def test_an_alarm_is_on_the_board_within_two_minutes(village: Station, board: Page) -> None:
    fox = board.get_by_role("row").filter(has_text="Fox")
    expect(fox.get_by_text("Uncertainty").or_(fox.get_by_text("Alert")).first).to_be_visible(
        timeout=ALARM_WITHIN_SECONDS * 1000
    )
    seen_at = board.evaluate("document.alarmSeenAt") / 1000
    took_seconds = seen_at - village.started_at.timestamp()
    print(f"the alarm was on the board {took_seconds:.1f} s after the start")
    assert took_seconds < ALARM_WITHIN_SECONDS


def test_the_pages_of_an_alarm_can_be_read_and_used_by_everybody(village_screens: Screens) -> None:
    head = enter(village_screens, "tsunade", viewport=PHONE)
    found = []
    for path in ("/board/", "/missions/", "/alarms/"):
        head.goto(path)
        found += looks.faults(head)
    for _address in looks.crawl(head, first_link(head, "/alarms/"), seen=seen):
        found += looks.faults(head)
    fox = enter(village_screens, "sakura", viewport=PHONE)
    for address in looks.crawl(fox, "/missions/", seen=set()):
        found += looks.faults(fox)
        if address.count("/alarms/") == 1:  # nobody takes an alarm about herself
            expect(fox.get_by_role("button", name="I have it")).to_have_count(0)
    found += faults_of_strangers_pages(village_screens)
    head.goto("/office/messages/")
    link = phone_of(head, "Head").get_by_role("link", name="UNCERTAINTY").first
    expect(link).to_be_visible(timeout=TOLD_WITHIN_SECONDS * 1000)  # the page is live
    found += looks.faults(head)
    nobody = village_screens.open(str(link.get_attribute("href")), viewport=PHONE)
    expect(nobody.get_by_role("button", name="I have it")).to_be_visible()
    found += looks.faults(nobody)
    assert not found, "\n".join(found)


def faults_of_strangers_pages(screens: Screens) -> list[str]:
    """The pages of somebody who is not logged in."""
    page, found = screens.open(viewport=PHONE), []
    for path in (
        "/log-in/",
        "/log-in/not-a-secret/",
        "/m/not-a-token",
        "/k/nothing",
        "/nowhere/",
        "/k/nothing/hurt/",
    ):
        page.goto(path)
        found += looks.faults(page)
    return found


def first_link(page: Page, under: str) -> str:
    """The address of the first link on a page that leads below another one."""
    address = page.locator(f"main a[href^='{under}']").first.get_attribute("href")
    assert address, f"no link below {under}"
    return address


def test_it_is_taken_she_is_signed_in_and_everybody_reads_so(village_screens: Screens) -> None:
    head = enter(village_screens, "tsunade", "/office/messages/")
    newest = phone_of(head, "Head").get_by_role("link", name="Fox").first
    page = enter(village_screens, "tsunade", str(newest.get_attribute("href")), viewport=PHONE)
    page.get_by_role("button", name="I have it").click()
    expect(page.get_by_text("You have it, until")).to_be_visible()
    found = looks.faults(page)
    head.goto("/alarms/")
    head.locator("main").get_by_role("link", name="Fox").click()
    expect(head.get_by_role("button", name="I still have it")).to_be_visible()
    found += looks.faults(head)
    gate = enter(village_screens, "izumo", "/gate/", viewport=PHONE)
    gate.get_by_role("link", name="Big green gates").click()
    gate.get_by_role("link", name="Sign in").click()
    gate.get_by_role("button", name="Fox").click()
    expect(gate.get_by_text("Back, all informed")).to_be_visible()
    # The page on which it was taken says so by itself, and leads on.
    expect(page.get_by_text("Everybody is signed in").first).to_be_visible()
    expect(page.get_by_role("button", name="I still have it")).to_have_count(0)
    expect(page.get_by_role("link", name="To the mission")).to_be_visible()
    found += looks.faults(page)
    gate.get_by_role("link", name="First report").click()
    found += looks.faults(gate)
    gate.get_by_label("No", exact=True).check()
    gate.get_by_role("button", name="Hand it in").click()
    expect(gate.locator(".note.success")).to_be_visible()
    found += looks.faults(gate)
    head.goto("/office/messages/")
    for who in ("Head", "Fox"):
        expect(phone_of(head, who).get_by_text("BACK: Fox").first).to_be_visible()
    assert not found, "\n".join(found)


def test_the_pages_after_a_return_can_be_read_and_used_by_everybody(
    village_screens: Screens,
) -> None:
    gate = enter(village_screens, "izumo", viewport=PHONE)
    found = []
    for act in ("Sign out", "Check in", "Sign in"):
        gate.goto("/gate/")
        gate.get_by_role("link", name="Big green gates").click()
        gate.get_by_role("link", name=act).click()
        gate.locator("main .tile").filter(has_text="Mirage").first.click()
        if act == "Sign out":
            gate.get_by_role("button", name="Sign out those ticked").click()
        if act == "Sign in":
            gate.get_by_label("Mirage").check()
            gate.get_by_label("Turtle").check()
            gate.get_by_label("heads").fill("2")
            gate.get_by_role("button", name="Sign in those ticked").click()
        gate.wait_for_url("**/done/**")
        found += looks.faults(gate)
    head = enter(village_screens, "tsunade", "/missions/?show=back&q=mirage", viewport=PHONE)
    head.get_by_role("row").get_by_role("link", name="Mirage, Turtle").click()
    for _address in looks.crawl(head, head.url, seen=seen - {("mission",)}):
        found += looks.faults(head)
    found += faults_of_a_pause(village_screens)
    found += faults_of_a_drill(village_screens)
    found += faults_of_private_pages(village_screens)
    found += faults_of_care(village_screens)
    found += faults_of_rest(village_screens)
    found += faults_of_log_ins(village_screens)  # from then on one of them has a code to type
    found += faults_of_partner_pages(village_screens)  # its silence opens an alarm
    assert not found, "\n".join(found)
    assert looks.never_judged() == set()
