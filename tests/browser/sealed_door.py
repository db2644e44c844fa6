"""Words at the door that are sealed in one browser and opened in another."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import came_home, looks


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
