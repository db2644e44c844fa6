"""Words at the door that are sealed in one browser and opened in another."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import came_home, looks
from tests.browser.station import Station
from tests.phrases.kept import kept
from tests.phrases.places import CLEAR, SEALED, of


def faults_of_the_door(author: Page, reader: Page, phrase: str) -> list[str]:
    """She speaks at the door: sealed to the welfare officer, whom she reads of before she writes,
    and opened by her. Every body that leaves has the same length. Gives what is wrong."""
    lengths: set[int] = set()
    author.on("request", lambda one: lengths.add(len(one.post_data_buffer or b"")))
    author.goto("/help/")
    expect(author.get_by_role("status")).to_contain_text("Sealed in this browser")
    expect(author.get_by_role("status")).to_contain_text(came_home.READER.callsign)
    found = looks.faults(author)
    author.get_by_label("I am worried about somebody").check()
    expect(author.get_by_role("status")).to_contain_text("Choose whom you are worried about")
    author.get_by_label("I am being left out").check()
    expect(author.get_by_role("status")).to_contain_text(came_home.READER.callsign)
    said = author.get_by_label("In your own words")
    assert said.get_attribute("name") is None
    said.fill(f"Nobody asks me: {phrase}")
    author.get_by_role("button", name="Seal it and say it").click()
    expect(author.locator("main")).to_contain_text("Sealed in your browser, and kept")
    assert lengths - {0} == {64 * 1024}
    author.get_by_role("link", name="What you said").first.click()
    expect(author.locator("main")).to_contain_text("this page cannot open it")
    found += looks.faults(author)
    reader.goto("/welfare/")
    reader.locator("main").get_by_role("link", name=came_home.AUTHOR.callsign).first.click()
    found += looks.faults(reader)
    reader.get_by_role("button", name="By my passkey My phone").click()
    expect(reader.locator("[data-closed]")).to_contain_text(f"Nobody asks me: {phrase}")
    return found + looks.faults(reader)


def no_phrase_is_kept(station: Station, sent: list[bytes], phrase: str) -> None:
    """Nothing of what was sealed stands in any of these places, and what was said in clear beside
    it is found in each, but for the logs, where nobody says anything."""
    held = [one.read_bytes() for one in station.folder.rglob("*") if one.is_file()]
    assert not [one for one in (*held, *sent) if phrase.encode() in one]
    for place in (*kept(station), of("requests", sent)):
        assert not place.found[SEALED], place.line()
        assert place.found[CLEAR] or place.name == "logs", place.line()
