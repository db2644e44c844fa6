"""The duty room: rows that change by themselves, a siren that is never silent, cards on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import cast
from tests.browser.looks import faults
from tests.browser.pockets import picture
from tests.browser.screens import DESK, PHONE, Screens, has_no_sideways_scroll
from tests.browser.station import until

SIZES = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
#: A mark on each row, so that a row that was made anew is known.
MARK = "() => { for (const row of document.querySelectorAll('[data-rows] > tr')) row.marked = 1; }"
UNMARKED = (
    "() => [...document.querySelectorAll('[data-rows] > tr')].filter(row => !row.marked).length"
)
#: What can be heard: how loud everything is that leads to the loudspeaker.
LISTEN = """
(() => { const real = AudioNode.prototype.connect; window.loud = [];
  AudioNode.prototype.connect = function (to, ...more) {
    if (to === this.context.destination) window.loud.push(this.gain);
    return real.call(this, to, ...more); }; })();
"""
LOUDEST = "() => Math.max(0, ...window.loud.map(gain => gain.value))"
#: A night with many parties out: every other one is larger.
MANY = """
() => { const cards = document.querySelector(".t-cards");
  for (let number = 0; number < 9; number++) {
    const card = cards.append(cards.firstElementChild.cloneNode(true)) ?? cards.lastElementChild;
    if (number % 2) card.querySelector("h2").textContent = "Marmot, ".repeat(20 * number); } }
"""
#: A link at the top and at the foot of each card: in the file that is printed they tell its page.
ENDS = """
() => document.querySelectorAll(".t-card").forEach((card, number) => {
  for (const [where, part] of [["top", "h2"], ["foot", ".home div:last-child"]]) {
    card.querySelector(part).insertAdjacentHTML("beforeend",
      ` <a href="https://${where}.example/${number}">.</a>`); } })
"""


def at_gate(screens: Screens, act: str, number: int) -> None:
    """Let a cart leave or come home."""
    gate = screens.open("/gate/", login=cast.KEEPER.login, viewport=PHONE)
    gate.get_by_role("link", name=cast.GATE).click()
    gate.get_by_role("link", name=act).click()
    gate.get_by_role("button", name=cast.cart(number)).click()
    gate.wait_for_url("**/done/**")
    gate.context.close()


def rows(page: Page) -> list[str]:
    return page.locator("[data-rows] > tr .who a").all_inner_texts()


def sound(page: Page) -> str:
    """What the page says it sounds; that it is heard, or not, is looked at too."""
    said = str(page.evaluate("document.body.dataset.sound"))
    if said in ("alarm", "contact"):
        until(lambda: page.evaluate(LOUDEST) > 0.3, seconds=5, what="it is heard")
    elif said == "quiet":
        until(lambda: page.evaluate(LOUDEST) < 0.05, seconds=5, what="it is quiet")
    return said


def line_is_cut(page: Page) -> None:
    page.context.set_offline(True)
    page.clock.run_for(30_000)


def line_is_back(page: Page) -> None:
    page.context.set_offline(False)
    page.clock.run_for(20_000)


def test_only_the_rows_that_changed_are_made_anew(screens: Screens) -> None:
    at_gate(screens, "Sign out", 11)
    boards = [
        screens.open("/board/", login=cast.OFFICE.login, viewport=size) for size in (PHONE, DESK)
    ]
    for board in boards:
        expect(board.get_by_role("row", name=cast.cart(11))).to_be_visible()
        board.evaluate(MARK)
    at_gate(screens, "Sign out", 12)
    for board in boards:
        expect(board.get_by_role("row", name=cast.cart(12))).to_be_visible(timeout=5000)
        assert board.evaluate(UNMARKED) == 1, "only the new row was made"
    at_gate(screens, "Sign in", 11)
    for board in boards:
        expect(board.get_by_role("row", name=cast.cart(11))).to_have_count(0, timeout=5000)
        assert board.evaluate(UNMARKED) == 1, "the others stayed"
        shown = rows(board)
        board.reload()
        assert rows(board) == shown, "they stand where a fresh board has them"


@SIZES
def test_a_board_without_a_line_says_since_when(screens: Screens, viewport: dict[str, int]) -> None:
    board = screens.open(login=cast.OFFICE.login, viewport=viewport)
    board.clock.install()
    board.goto("/board/")
    bar = board.locator(".bar[data-not-live]")
    expect(board.locator("[data-live-rows]")).to_be_visible()
    board.clock.run_for(2000)
    expect(bar).to_be_hidden()
    line_is_cut(board)
    expect(bar).to_contain_text(re.compile(r"Not live since \d\d:\d\d"))
    expect(board.locator("#live-badge")).to_contain_text(re.compile(r"since \d\d:\d\d"))
    assert has_no_sideways_scroll(board)
    if viewport == DESK:
        picture(board, "board-no-line-1280")
    line_is_back(board)
    expect(bar).to_be_hidden()


def a_siren(screens: Screens, viewport: dict[str, int]) -> Page:
    """A siren whose sound is on; nothing waits."""
    siren = screens.open(login=cast.OFFICE.login, viewport=viewport)
    siren.add_init_script(LISTEN)
    siren.clock.install()
    siren.goto("/siren/")
    expect(siren.get_by_text("The watch is awake")).to_be_visible()
    expect(siren.get_by_text("The sound is off.")).to_be_visible()
    assert sound(siren) == "off"
    assert has_no_sideways_scroll(siren)
    siren.get_by_role("button", name="Turn the sound on").click()
    expect(siren.get_by_text("The sound is on.")).to_be_visible()
    siren.clock.run_for(3000)
    assert sound(siren) == "quiet"
    return siren


def turns(siren: Page, state: str, said: str) -> None:
    """What is recorded reaches the screen, and the second after that its sound."""
    siren.clock.run_for(2000)
    expect(siren.locator(f"div[data-siren={state}]")).to_contain_text(said)
    siren.clock.run_for(2000)
    assert has_no_sideways_scroll(siren)


def test_the_siren(screens: Screens) -> None:
    sirens = [a_siren(screens, viewport) for viewport in (PHONE, DESK)]
    at_gate(screens, "Sign out", 15)
    watch = screens.open("/board/", login=cast.OFFICE.login)
    watch.get_by_role("link", name=cast.cart(15)).click()
    watch.get_by_text("HELP: somebody is in danger").click()
    watch.get_by_role("button", name="Ask for HELP now").click()
    for siren in sirens:
        turns(siren, "ALARM", cast.cart(15))
        assert sound(siren) == "alarm"
        line_is_cut(siren)
        no_contact = siren.get_by_role("heading", name="No contact with the station")
        expect(no_contact).to_be_visible()
        expect(siren.get_by_text("an alarm waited that nobody had taken")).to_be_visible()
        assert sound(siren) == "alarm", "it goes on"
        line_is_back(siren)
        expect(no_contact).to_be_hidden()
    watch.goto("/alarms/")
    watch.get_by_role("link", name=cast.cart(15)).first.click()
    watch.get_by_role("button", name="I have it").click()
    for siren in sirens:
        turns(siren, "TAKEN", "Office has it")
        assert sound(siren) == "quiet"
    at_gate(screens, "Sign in", 15)
    for siren in sirens:
        turns(siren, "CALM", "No alarm is open.")


@SIZES
def test_the_siren_is_not_silent_when_the_line_is_down(
    screens: Screens, viewport: dict[str, int]
) -> None:
    """A screen without contact knows nothing: it is amber, and it is heard."""
    siren = a_siren(screens, viewport)
    line_is_cut(siren)
    no_contact = siren.get_by_role("heading", name="No contact with the station")
    expect(no_contact).to_be_visible()
    expect(siren.get_by_text(re.compile(r"^since \d\d:\d\d$"))).to_be_visible()
    assert sound(siren) == "contact"
    if viewport is DESK:
        assert faults(siren) == []
        animation = "getComputedStyle(document.querySelector('.siren-state')).animationName"
        assert siren.evaluate(animation) == "none", "motion is reduced now"
    line_is_back(siren)
    expect(no_contact).to_be_hidden()
    siren.clock.run_for(2000)
    assert sound(siren) == "quiet"


def test_a_siren_whose_scripts_hear_nothing_says_so(screens: Screens) -> None:
    """Whatever breaks: without word of the line the screen is not calm."""
    siren = screens.open(login=cast.OFFICE.login, viewport=PHONE)
    siren.clock.install()
    siren.goto("/siren/")
    siren.evaluate(
        "addEventListener('homeby:line', event => event.stopImmediatePropagation(), true)"
    )
    siren.clock.run_for(30_000)
    expect(siren.get_by_role("heading", name="No contact with the station")).to_be_visible()
    expect(siren.locator("#siren-contact").get_by_role("button")).to_be_visible()


def cards_on_pages(printed: bytes) -> list[list[str]]:
    """For each page of the printed file the ends of cards that lie on it."""
    text = printed.decode("latin-1")
    objects = dict(re.findall(r"(?s)(?:^|\n)(\d+) 0 obj\n?(.*?)endobj", text))
    pages = []
    for body in objects.values():
        if "/Type /Page\n" in body:
            listed = re.search(r"/Annots \[(.*?)\]", body, re.S)
            notes = re.findall(r"(\d+) 0 R", listed.group(1) if listed else "")
            found = [re.search(r"//(top|foot)\.example/(\d+)", objects[note]) for note in notes]
            pages.append([f"{one[1]} {one[2]}" for one in found if one])
    return pages


def test_a_card_for_each_party_and_none_is_torn(screens: Screens) -> None:
    at_gate(screens, "Sign out", 17)
    page = screens.open("/board/", login=cast.OFFICE.login)
    page.get_by_role("link", name="T-cards to print").click()
    expect(page.get_by_text(re.compile(r"^Made \w+ \d+ \w+ \d\d:\d\d, by Office"))).to_be_visible()
    expect(page.get_by_text("This paper ages")).to_be_visible()
    card = page.locator(".t-card").filter(has_text=cast.cart(17))
    for words in ("Out since", "Expected back", "Call-out", "Check-ins", "Heads counted"):
        expect(card).to_contain_text(words)
    expect(card).to_contain_text(re.compile(r"Expected back\s*\w+ \d+ \w+ \d\d:\d\d"))
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    assert faults(page) == []
    page.evaluate(MANY)
    count = page.locator(".t-card").count()
    page.evaluate(ENDS)
    pages = cards_on_pages(page.pdf(prefer_css_page_size=True))
    assert len(pages) > 1
    ends = [end for one in pages for end in one]
    assert len(ends) == 2 * count
    for one in pages:
        tops = {end.split()[1] for end in one if end.startswith("top")}
        assert tops == {end.split()[1] for end in one if end.startswith("foot")}
