"""What Chromium does with the phrases: debriefs are sealed, and words at the door, many to each; a
file that is not sealed is refused before it leaves; what goes outside the seal is said in clear."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import FilePayload, Page, Request, expect

from tests.browser import came_home
from tests.phrases.places import CLEAR, Place, phrase

#: So many phrases go into one debrief, and into one word at the door.
AT_ONCE = 20


def noted(page: Page, place: Place) -> None:
    """Read everything that this page asks for and sends."""

    def note(request: Request) -> None:
        head = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
        place.read(request.url.encode(), head.encode(), request.post_data_buffer or b"")

    page.context.on("request", note)


def said_in_clear(page: Page, mission: str) -> None:
    """What the page asks for outside the seal is said in clear, and told to the duty officer; once
    it was, it is added to."""
    page.goto(f"/missions/{mission}/sealed/")
    button = page.get_by_role("button", name="Hand it in, and go on to seal")
    if not button.count():
        page.get_by_role("link", name="Add to the first report").click()
        button = page.get_by_role("button", name="Hand it in")
    page.get_by_label("No", exact=True).check()
    page.get_by_label("Any danger to others?").fill(phrase(1, CLEAR))
    page.get_by_label("Kit missing?").fill(phrase(2, CLEAR))
    button.click()
    expect(page.locator("main")).to_contain_text("Thank you")


def plain_file(page: Page, mission: str, path: Path, numbers: range) -> None:
    """Somebody takes the wrong file: it is not sealed, and does not leave."""
    path.write_text("\n".join(map(phrase, numbers)))
    page.goto(f"/missions/{mission}/sealed/")
    page.get_by_label(re.compile(came_home.READER.callsign)).check()
    page.get_by_text("It is sealed already").click()
    page.get_by_label("The sealed file").set_input_files(path)
    page.get_by_role("button", name="Seal it and give it in").click()
    expect(page.get_by_role("alert")).to_contain_text("This file is not sealed")


def debrief(page: Page, mission: str, numbers: range) -> None:
    """One debrief: phrases in its text, in each point, in the name of a photograph. Sent too soon
    first, without a reader."""
    *points, photo = [phrase(number) for number in numbers]
    page.goto(f"/missions/{mission}/sealed/")
    fields = page.locator("[data-item]")
    for at in range(fields.count()):
        fields.nth(at).fill(points.pop())
    page.get_by_label("Your debrief").fill("\n".join(points))
    picture = page.screenshot(type="jpeg", clip={"x": 0, "y": 0, "width": 40, "height": 30})
    file: FilePayload = {"name": f"{photo}.jpg", "mimeType": "image/jpeg", "buffer": picture}
    page.locator("[data-photos]").set_input_files([file])
    give = page.get_by_role("button", name="Seal it and give it in")
    give.click()
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one reader")
    page.get_by_label(re.compile(came_home.READER.callsign)).check()
    give.click()
    expect(page.locator("main")).to_contain_text("Sealed and given in")


def at_the_door(page: Page, numbers: range) -> None:
    """One word at the door."""
    page.goto("/help/")
    expect(page.get_by_role("status")).to_contain_text(came_home.READER.callsign)
    page.get_by_label("In your own words").fill("\n".join(map(phrase, numbers)))
    page.get_by_role("button", name="Seal it and say it").click()
    expect(page.locator("main")).to_contain_text("Sealed in your browser, and kept")
