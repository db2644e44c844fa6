"""Whoever is left behind, as people meet it: the organiser's mirror before any signal, the welfare
officer's desk, her own pages. The station holds the story told again, on the evening of the shift
that she missed; each test goes on where the one before has stopped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from homeby import clock
from tests.browser import looks
from tests.browser.conftest import has_failed
from tests.browser.screens import DESK, PHONE, Screens, screens_at
from tests.browser.station import Station, a_station
from tests.told_again.story import HER, LEADER, OFFICER

#: Each judges several pages, five ways each.
pytestmark = [pytest.mark.looks, pytest.mark.timeout(600)]
LEFT_OUT = "They train on my shifts, and go without me."


@pytest.fixture(scope="module")
def left_behind(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """A station that lives on in the evening of the story at which she is missed."""
    with a_station(tmp_path_factory, name="left_behind") as found:
        shown = found.run("-m", "tests.told_again", "fill").strip()
        real = clock.real_now().isoformat()
        found.environment[clock.VARIABLE] = f"{real}|{shown}|1"
        found.start()
        yield found


@pytest.fixture
def people(
    request: pytest.FixtureRequest, chromium: Browser, left_behind: Station
) -> Iterator[Screens]:
    """Screens at that station."""
    with screens_at(left_behind, chromium, failed=lambda: has_failed(request)) as opened:
        yield opened


def test_an_organiser_sees_it_first_and_of_nobodys_concern(people: Screens) -> None:
    page = people.open("/me/decisions/", login=LEADER, viewport=PHONE)
    again = page.get_by_role("listitem").filter(has_text="nobody with this role is needed")
    expect(again).to_contain_text("Fox")
    expect(page.get_by_text("Has anybody asked them?")).to_be_visible()
    found = looks.faults(page)
    page.get_by_role("link", name="Taking part").click()
    page.locator("main").get_by_role("link", name="Seven").click()
    expect(page.get_by_text("fewer than five people: not shown").first).to_be_visible()
    found += looks.faults(page)
    page.goto("/calendar/new/")
    page.get_by_label("What it is").select_option(label="training")
    page.get_by_label("Name").fill("Team training")
    page.get_by_label("For which team").select_option(label="Seven")
    page.get_by_label("From").fill("25.9. 17:00")
    page.get_by_label("To", exact=True).fill("+3h")
    page.get_by_role("button", name="What speaks against this time?").click()
    expect(page.get_by_text("Fox could not come: 3 times in a row.")).to_be_visible()
    found += looks.faults(page)
    page.goto("/help/")
    expect(page.get_by_text("Between you and a welfare officer")).to_have_count(0)
    page.goto("/welfare/")
    expect(page.get_by_text("Fox")).to_have_count(0)
    assert not found, "\n".join(found)


def test_an_officer_looks_for_her_reads_what_stands_behind_it_and_asks_again(
    people: Screens,
) -> None:
    page = people.open("/welfare/", login=OFFICER, viewport=PHONE)
    found = looks.faults(page)
    missed = page.locator("section").filter(has=page.get_by_role("heading", name="Missed duties"))
    missed.get_by_role("link", name="Fox").click()
    expect(page.get_by_text("Take the alarm to see how she is reached")).to_be_visible()
    found += looks.faults(page)
    page.get_by_role("link", name="The alarm").click()
    page.get_by_role("button", name="I have it").click()
    expect(page.get_by_role("button", name="I still have it")).to_be_visible()
    page.goto("/welfare/")
    missed.get_by_role("link", name="Fox").click()
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_text("At the old training ground, by the river.")).to_be_visible()
    found += looks.faults(page)
    page.get_by_label("What came of it").fill("She does not answer.")
    page.get_by_role("button", name="Called her").click()
    found += _found_her(page)
    found += _ends_it(page)
    assert not found, "\n".join(found)


def _found_her(page: Page) -> list[str]:
    page.get_by_label("not well; somebody is with her").check()
    page.get_by_label("Where", exact=False).last.fill("At the old training ground")
    page.get_by_label("What was agreed").fill("Her flatmate stays with her.")
    page.get_by_label("How it ended").select_option(label="talked, nothing to do")
    page.get_by_label("When somebody asks again").fill("2024-10-02")
    page.locator("form").filter(has_text="She was found").get_by_role("button", name="Keep").click()
    expect(page.get_by_text("it is known where she is")).to_be_visible()
    return looks.faults(page)


def _ends_it(page: Page) -> list[str]:
    """The signal: what stands behind it, a step, its end with a follow-up."""
    page.goto("/welfare/")
    expect(page.get_by_text("Nobody is missed.")).to_be_visible()
    row = page.get_by_role("listitem").filter(has_text="asked less than an even hand")
    row.get_by_role("link", name="Fox").click()
    page.get_by_role("link", name="What stands behind it").click()
    expect(page.get_by_text("This says what happened, not why.")).to_be_visible()
    found = looks.faults(page)
    page.get_by_role("link", name="Fox").first.click()
    page.get_by_label("What it is").select_option(label="The organiser was asked")
    page.get_by_label("In words").first.fill("Why on Wednesdays?")
    write = page.locator("form").filter(has_text="Write down")
    write.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("She is asked first: an organiser is asked once")).to_be_visible()
    page.get_by_label("What it is").select_option(label="What changes for the team")
    write.get_by_role("button", name="Keep").click()
    page.get_by_text("End it").first.click()
    end = page.locator("form").filter(has=page.get_by_label("How it ended"))
    end.get_by_label("How it ended").select_option(label="talked, and something changed")
    end.get_by_label("In words").fill("They train on other days.")
    end.get_by_label("When somebody asks again").fill("2024-10-09")
    end.get_by_role("button", name="End it").click()
    expect(page.get_by_text("talked, and something changed").first).to_be_visible()
    ask = page.locator("form").filter(has=page.get_by_role("heading", name="Ask again")).last
    ask.get_by_label("How it is").fill("Better.")
    found += looks.faults(page)
    ask.get_by_role("button", name="Asked").click()
    expect(page.get_by_text("Kept. Somebody asks again later.")).to_be_visible()
    return found


def test_she_speaks_is_answered_reads_her_chances_and_switches_it_off(people: Screens) -> None:
    own = people.open("/help/", login=HER, viewport=PHONE)
    own.get_by_label("I am being left out").check()
    own.get_by_label("In your own words").fill(LEFT_OUT)
    own.get_by_role("button", name="Say it").click()
    officer = people.open("/welfare/", login=OFFICER, viewport=DESK)
    row = officer.get_by_role("listitem").filter(has_text="she says that she is left out")
    row.get_by_role("link", name="Fox").click()
    expect(officer.get_by_text(LEFT_OUT)).to_be_visible()
    officer.get_by_label("What it is").select_option(label="Answer to whoever spoke")
    officer.get_by_label("In words").first.fill("I come and see you tomorrow.")
    write = officer.locator("form").filter(has_text="Write down")
    write.get_by_role("button", name="Keep").click()
    own.goto("/help/")
    own.get_by_role("link", name="What you said").click()
    expect(own.get_by_text("I come and see you tomorrow.")).to_be_visible()
    found = looks.faults(own)
    own.goto("/me/chances/")
    found += looks.faults(own)
    own.get_by_role("link", name="What stands behind it").first.click()
    expect(own.get_by_text("You decide whether anybody else is asked about it.")).to_be_visible()
    found += looks.faults(own)
    own.goto("/me/chances/")
    own.get_by_role("link", name="What may be said about me").click()
    own.get_by_label("That decisions of my team go against me").uncheck()
    own.get_by_role("button", name="Keep").click()
    expect(own.get_by_label("That decisions of my team go against me")).not_to_be_checked()
    found += looks.faults(own)
    assert not found, "\n".join(found)
