"""Plan, sign out, overdue, a message, take it, sign in, "back, all informed", in a browser.

The station's clock runs sixty times as fast as life: a minute of the watch is a second here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser import cast
from tests.browser.mail import Mail, taken, wait_for
from tests.browser.screens import PHONE, Screens, has_no_sideways_scroll
from tests.browser.station import Station, until
from tests.sinks import SmtpSink, smtp_sink

SPEED = 60
PARTY = f"{cast.FOX.callsign}, {cast.OWL.callsign}"
TAKEN = "I have it"
SHOWN = (
    "Planned: Courier",
    "Signed out: Fox, Owl",
    "An alarm was opened",
    "A step of the escalation plan ran",
    "Somebody took the alarm",
    "Signed in: Fox, Owl",
    "Back, all informed",
    "First report given: Fox",
)
QUIET = ("missions_out", "people_out", "deadlines_open", "alarms_open", "messages_queued")


@dataclass(kw_only=True)
class Walk:
    """The station, its mail, and the screens of those who walk."""

    station: Station
    sink: SmtpSink
    screens: Screens
    link: str
    mission: str = ""


@pytest.fixture
def walk(bare_station: Station, bare_screens: Screens) -> Iterator[Walk]:
    with smtp_sink() as sink:
        bare_station.set_speed(SPEED)
        bare_station.set_mail(sink.port)
        link = bare_station.found()
        bare_station.start()
        yield Walk(station=bare_station, sink=sink, screens=bare_screens, link=link)


@pytest.mark.timeout(600)
def test_the_walk(walk: Walk) -> None:
    head = head_logs_in_by_link_and_proves_her_address(walk)
    fox_plans(walk)
    keeper = keeper_signs_the_party_out(walk)
    told = wait_for(walk.sink, to=cast.HEAD.email, about=PARTY)
    nothing_is_taken_by_looking(walk, told, head)
    head_takes_it_by_the_code(walk, told)
    worried = {one.to for one in taken(walk.sink) if one.code or "are you back" in one.subject}
    keeper_signs_the_party_in(walk, keeper)
    assert {cast.HEAD.email, cast.FOX.email, cast.OWL.email} <= worried
    for address in worried:
        wait_for(walk.sink, to=address, about="BACK")
    first_report(keeper)
    the_pages_show_it_all(walk, head)
    what_they_learned_goes_on(walk, head)
    walk.station.homeby("verify")
    the_figures_are_those_of_a_quiet_station(walk)


def head_logs_in_by_link_and_proves_her_address(walk: Walk) -> Page:
    page = walk.screens.open(walk.link)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Who is out")).to_be_visible()
    page.goto("/me/")
    expect(page.get_by_text("not verified; it does not count yet")).to_be_visible()
    page.get_by_role("button", name="Send a code").click()
    code = wait_for(walk.sink, to=cast.HEAD.email, about="").code
    page.get_by_label("Code").fill(code)
    page.locator("main form button").first.click()
    expect(page.get_by_text("Verified.")).to_be_visible()
    return page


def fox_plans(walk: Walk) -> None:
    page = walk.screens.open("/plan/", login=cast.FOX.login, viewport=PHONE)
    page.get_by_label(cast.OWL.callsign, exact=True).check()
    page.get_by_label(re.compile("^Where")).fill("Woods west of the river")
    page.get_by_label("What optional", exact=True).fill("Courier")
    page.get_by_label("Expected back").fill("+14 min")
    page.get_by_label("Call-out time").fill("+30 min")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PARTY)
    assert has_no_sideways_scroll(page)
    walk.mission = page.url


def keeper_signs_the_party_out(walk: Walk) -> Page:
    page = walk.screens.open("/gate/", login=cast.KEEPER.login, viewport=PHONE)
    page.get_by_role("link", name=cast.GATE).click()
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("link", name=PARTY).click()
    expect(page.get_by_text("At ").filter(has_text="help is called").first).to_be_visible()
    page.get_by_role("button", name="Sign out those ticked").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Signed out: {PARTY}")
    return page


def nothing_is_taken_by_looking(walk: Walk, told: Mail, head: Page) -> None:
    page = walk.screens.open(told.path, viewport=PHONE)
    expect(page.get_by_role("heading", name=PARTY)).to_be_visible()
    expect(page.get_by_role("button", name=TAKEN)).to_be_visible()
    assert walk.station.ask(told.path, method="HEAD").status == 200
    assert walk.station.ask(told.path, method="POST").status in (403, 422)
    mark = page.locator("#main input[name=csrfmiddlewaretoken]").input_value()
    sent = page.request.post(told.path, form={"csrfmiddlewaretoken": mark, "act": "take"})
    assert sent.status == 422
    page.get_by_label("Code").fill("12 34")
    page.get_by_role("button", name=TAKEN).click()
    expect(page.get_by_text("A code has six digits")).to_be_visible()
    page.get_by_label("Code").fill(f"{(int(told.code) + 1) % 1_000_000:06d}")
    page.get_by_role("button", name=TAKEN).click()
    expect(page.get_by_text("That is not the code of this message")).to_be_visible()
    head.goto("/alarms/")
    expect(head.get_by_text("Nobody has taken it yet")).to_be_visible()
    page.context.close()


def head_takes_it_by_the_code(walk: Walk, told: Mail) -> None:
    page = walk.screens.open(told.path, viewport=PHONE)
    page.get_by_label("Code").fill(f"{told.code[:3]} {told.code[3:]}")
    page.get_by_role("button", name=TAKEN).click()
    expect(page.get_by_text("You have it, until")).to_be_visible()
    assert has_no_sideways_scroll(page)


def keeper_signs_the_party_in(walk: Walk, page: Page) -> None:
    page.goto("/gate/")
    page.get_by_role("link", name=cast.GATE).click()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name=PARTY).click()
    page.get_by_label(cast.FOX.callsign).check()
    page.get_by_label(cast.OWL.callsign).check()
    page.get_by_label("heads").fill("3")
    page.get_by_role("button", name="Sign in those ticked").click()
    expect(page.locator(".errorlist").first).to_be_visible()  # three heads and two names
    page.get_by_label("heads").fill("2")
    page.get_by_role("button", name="Sign in those ticked").click()
    expect(page.get_by_text("Back, all informed")).to_be_visible()


def first_report(page: Page) -> None:
    page.get_by_role("link", name=f"First report of {cast.FOX.callsign}").click()
    page.get_by_label("No, ").or_(page.get_by_label("No", exact=True)).first.check()
    page.get_by_role("button", name="Hand it in").click()
    expect(page.locator(".note.success")).to_be_visible()


def the_pages_show_it_all(walk: Walk, head: Page) -> None:
    head.goto(walk.mission)
    line = head.locator(".timeline")
    for words in SHOWN:
        expect(line.get_by_text(words).first).to_be_visible()
    head.goto("/board/")
    expect(head.get_by_role("heading", name="Everybody is home.")).to_be_visible()
    head.goto("/alarms/")
    expect(head.get_by_text("No alarm is open.")).to_be_visible()
    head.get_by_role("link", name=PARTY).click()
    expect(head.get_by_text("Everybody is signed in, by Gate 1").first).to_be_visible()
    expect(head.get_by_role("heading", name="How it ended")).to_be_visible()


def what_they_learned_goes_on(walk: Walk, head: Page) -> None:
    fox = walk.screens.open(walk.mission, login=cast.FOX.login, viewport=PHONE)
    fox.get_by_text("What should whoever goes there next know?").click()
    fox.get_by_label("About the place").fill("The bridge is out. Fox fell in.")
    fox.get_by_role("button", name="Offer it").click()
    expect(fox.get_by_text("waits for a decision")).to_be_visible()
    assert has_no_sideways_scroll(fox)
    head.goto("/me/")
    head.get_by_role("link", name="Courier").click()
    head.get_by_label("In which words it is shared").fill("The bridge is out.")
    head.get_by_role("button", name="Share it", exact=True).click()
    expect(head.get_by_text("Shared: whoever plans to go there reads it.")).to_be_visible()
    fox.goto("/plan/")
    fox.get_by_label(re.compile("^Where")).fill("woods west of the River")
    fox.get_by_text("What would help to find you").click()
    fox.get_by_role("button", name="Describe everybody who is chosen").click()
    expect(fox.get_by_role("heading", name="From those who were there before")).to_be_visible()
    expect(fox.get_by_text("The bridge is out.", exact=True)).to_be_visible()
    assert has_no_sideways_scroll(fox)


def the_figures_are_those_of_a_quiet_station(walk: Walk) -> None:
    def quiet() -> bool:
        figures = json.loads(walk.station.homeby("status", "--json"))
        assert figures["watch_is_fresh"]
        return not any(figures[name] for name in QUIET)

    until(quiet, seconds=20, what="nothing is open and nothing waits")
    assert walk.station.ask("/healthz").status == 200
