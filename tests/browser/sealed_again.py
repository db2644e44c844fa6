"""What becomes of sealed debriefs over the years, walked in Chromium: somebody follows a reader,
loses phone and paper, two officers open the archive for her new key, and she tries her paper."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pyrage
from playwright.sync_api import FilePayload, Page, Request, Route, expect

from tests.browser import came_home, cast, looks
from tests.browser.screens import Screens
from tests.browser.test_log_ins import add_passkey, device_of

PRF = {"ctap2Version": "ctap2_1", "hasPrf": True}
PHRASE = "the heron stood in the wrong field"


def make_key(page: Page) -> tuple[str, str]:
    """A reader makes her key; gives the words of its paper code, and its letters."""
    page.goto("/sealed/key/")
    page.get_by_role("button", name="Make my key").click()
    words = page.locator("[data-words] li")
    expect(words).to_have_count(24)
    said = " ".join(words.all_inner_texts())
    letters = page.locator("[data-letters]").inner_text()
    page.get_by_role("button", name="Keep this key").click()
    expect(page.get_by_role("alert")).to_contain_text("Write the paper code down first")
    page.get_by_label("I have the paper code on paper").check()
    page.get_by_label("My phone").check()
    page.get_by_role("button", name="Keep this key").click()
    expect(page.locator("main")).to_contain_text("Your key is kept")
    return said, letters


def open_by(page: Page, paper: str = "") -> None:
    """The reader opens the newest by her passkey, or by a paper code."""
    page.goto("/sealed/")
    page.get_by_role("link", name=came_home.AUTHOR.callsign).first.click()
    if paper:
        page.get_by_label(re.compile("by my paper code")).fill(paper)
        page.get_by_role("button", name="Open by my paper code").click()
    else:
        page.get_by_role("button", name="By my passkey My phone").click()


def letters_of(envelopes: str) -> list[str]:
    """What the three envelopes say, each in one line."""
    parts = re.split("--- Envelope", envelopes)[1:]
    return ["".join(re.findall(r"(?m)^    ([A-Z0-9-]+)$", part)) for part in parts]


def walk(screens: Screens, pages: tuple[Page, Page], words: str, envelopes: str) -> list[str]:
    """All of it; `words` are the paper of the reader. Gives what is wrong with the pages."""
    author, reader = pages
    follower = screens.open("/me/", login=came_home.FOLLOWER.login)
    phone = device_of(follower, **PRF)
    add_passkey(follower, "My phone")
    make_key(follower)
    found = followed(reader, words)
    reader.goto("/sealed/")
    expect(reader.locator("main")).to_contain_text("Nothing is sealed to you")
    open_by(follower)
    shown = follower.locator("article[data-shown=all]")
    expect(shown).to_contain_text(PHRASE)
    expect(follower.get_by_role("button", name="I have answered her")).to_be_visible()
    author.goto("/sealed/")
    expect(author.locator("main")).to_contain_text("Stork: opened")
    paper, faults = everything_lost(follower)
    phone.lose()
    found += faults + opened_by_two(screens, letters_of(envelopes))
    open_by(follower, paper)
    expect(shown).to_contain_text(PHRASE)
    return found + tried(follower, words, paper)


def followed(reader: Page, words: str) -> list[str]:
    """The reader seals all that she has again for another welfare officer; the line breaks."""
    reader.goto("/sealed/again/")
    found = looks.faults(reader)
    keep(reader, "again")
    card = reader.locator("form.card").filter(has=reader.get_by_role("heading", name="Heron"))
    card.get_by_label("Who follows").select_option(label="Stork (2)")
    card.get_by_role("button", name="Go on").click()
    found += looks.faults(reader)
    keep(reader, "again-run")
    reader.get_by_label(re.compile("by my paper code")).fill(words)
    reader.get_by_role("button", name="Open by my paper code").click()
    reader.route("**/sealed/again/give/", lambda route: route.abort())
    button = reader.get_by_role("button", name="Seal them again")
    button.click()
    expect(reader.get_by_role("alert")).to_contain_text("It was interrupted")
    reader.unroute("**/sealed/again/give/")
    button.click()
    expect(reader.get_by_role("status")).to_contain_text("Sealed again: 2.")
    return found


def everything_lost(follower: Page) -> tuple[str, list[str]]:
    """Her phone and her paper are gone: a new key, and two officers are asked. Gives her new
    paper, and what is wrong with the page."""
    follower.goto("/sealed/key/")
    follower.get_by_text("It is in wrong hands, or lost").click()
    follower.get_by_role("button", name="End this key").click()
    paper, _letters = make_key(follower)
    follower.goto("/sealed/lost/")
    expect(follower.locator("main")).to_contain_text("2 debriefs are still sealed to the old key")
    found = looks.faults(follower)
    keep(follower, "lost")
    follower.get_by_role("button", name="I can open nothing: ask two officers").click()
    expect(follower.locator("main")).to_contain_text("Two officers were asked")
    return paper, found


def wrong_envelopes(fox: Page, papers: list[str]) -> None:
    """None, a wrong letter, the same twice, that of another archive: each is said as what it is."""
    other = str(pyrage.x25519.Identity.generate())
    wrong = papers[1][:-3] + ("QQQ" if papers[1][-3:] != "QQQ" else "PPP")
    for second, sentence in (
        ("", "Two envelopes are needed"),
        (wrong, "Envelope 2: a letter is wrong"),
        (papers[0].lower(), "the same envelope twice"),
        (other, "Envelope 2 belongs to another archive key"),
    ):
        fox.get_by_label("Envelope 1: its letters").fill(papers[0])
        fox.get_by_label("Envelope 2: its letters").fill(second)
        fox.get_by_role("button", name="Open with both").click()
        expect(fox.get_by_role("alert").first).to_contain_text(sentence)


def opened_by_two(screens: Screens, papers: list[str]) -> list[str]:
    """Two officers hurry, open the archive in one browser, read, and seal again."""
    keeper, fox = (screens.open(login=one.login) for one in (cast.KEEPER, cast.FOX))
    for officer in (keeper, fox):
        officer.goto("/sealed/archive/")
        found = looks.faults(officer)
        keep(officer, "archive")
        officer.get_by_role("link", name="What is sealed to Stork").click()
        officer.get_by_role("button", name="A life is at risk: do not wait").click()
    expect(fox.locator("main")).to_contain_text("the archive can be opened now")
    fox.get_by_label("Who follows").select_option(label="Stork (2)")
    fox.get_by_role("button", name="Go on").click()
    sent: list[bytes] = []

    def note(request: Request) -> None:
        sent.append(request.url.encode() + (request.post_data_buffer or b""))

    fox.on("request", note)
    wrong_envelopes(fox, papers)
    found += looks.faults(fox)
    keep(fox, "opening")
    fox.get_by_label("Envelope 2: its letters").fill("")
    paper: FilePayload = {
        "name": "paper", "mimeType": "text/plain", "buffer": papers[2].encode()
    }  # fmt: skip
    fox.locator("[data-file='2']").set_input_files([paper])
    fox.get_by_role("button", name="Open with both").click()

    def flipped(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        one = body["items"][0]
        one["content"] = one["content"][:-8] + "AAAAAAA="
        route.fulfill(response=answer, json=body)

    fox.route("**/sealed/again/texts/", flipped)
    fox.get_by_role("button", name="Read it").first.click()
    expect(fox.get_by_role("alert").first).to_contain_text("could not be opened")
    fox.unroute("**/sealed/again/texts/")
    fox.get_by_role("button", name="Read it").first.click()
    expect(fox.locator("[data-opened]")).to_contain_text(PHRASE)
    found += looks.faults(fox)
    keep(fox, "opened")
    fox.get_by_role("button", name="Seal them again").click()
    expect(fox.get_by_role("status")).to_contain_text("Sealed again: 2.")
    whole = b"".join(sent)
    for one in papers:
        assert one[20:40].encode() not in whole
    assert PHRASE.encode() not in whole
    fox.get_by_role("button", name="We are done: close the archive").click()
    expect(fox.locator("main")).to_contain_text("This opening is over")
    return found


def tried(follower: Page, old: str, paper: str) -> list[str]:
    """She tries her paper; that of somebody else does not do."""
    follower.goto("/sealed/trial/")
    found = looks.faults(follower)
    keep(follower, "trial")
    for typed, sentence in (
        ("no paper at all", "not what is on your paper"),
        (old, "not what is on your paper"),
    ):
        follower.get_by_label("The words or the letters on the paper").fill(typed)
        follower.get_by_role("button", name="Open the test file").click()
        expect(follower.get_by_role("alert")).to_contain_text(sentence)
    follower.get_by_label("The words or the letters on the paper").fill(paper)
    follower.get_by_role("button", name="Open the test file").click()
    expect(follower.locator("main")).to_contain_text("It opens. Put the paper back")
    return found


def keep(page: Page, name: str) -> None:
    folder = os.environ.get("KEEP")
    if not folder:
        return
    for width in (390, 1280):
        for light in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate("l => { document.documentElement.dataset.theme = l }", light)
            page.screenshot(path=str(Path(folder) / f"{name}-{width}-{light}.png"), full_page=True)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
