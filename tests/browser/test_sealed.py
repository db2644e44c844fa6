"""A debrief is written, sealed and opened in Chromium, and the same file by Python and by the
program age; the station holds nothing of what was said."""

from __future__ import annotations

import re
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from playwright.sync_api import Browser, FilePayload, Page, Request, Route, expect

from homeby.station import sealed_text
from tests.browser import came_home, cast, looks, sealed_again, sealed_door
from tests.browser.conftest import has_failed
from tests.browser.screens import Screens, screens_at
from tests.browser.sealed_again import PHRASE, PRF, make_key, open_by
from tests.browser.station import Station
from tests.browser.test_log_ins import add_passkey, device_of


@pytest.fixture
def screens(
    request: pytest.FixtureRequest, chromium: Browser, station: Station
) -> Iterator[Screens]:
    """Screens at the station under its host name, for passkeys need one."""
    named = replace(station, host="localhost", states={})
    with screens_at(named, chromium, failed=lambda: has_failed(request)) as opened:
        yield opened


def seal_it(page: Page, mission: str, text: str) -> None:
    """The author writes and seals it; before that she forgets to choose a reader."""
    page.goto(f"/missions/{mission}/")
    page.get_by_role("link", name="Write and seal it").click()
    page.get_by_label("No", exact=True).check()
    page.get_by_label("Kit missing?").fill("A rope")
    page.get_by_role("button", name="Hand it in, and go on to seal").click()
    page.get_by_label("Your debrief").fill(text)
    page.get_by_role("button", name="Seal it and give it in").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one reader")
    assert page.get_by_label("Your debrief").input_value() == text
    page.get_by_label(re.compile(came_home.READER.callsign)).check()
    page.get_by_label("What delayed you?").fill(f"Fog, and {PHRASE}")
    picture = page.screenshot(type="jpeg", clip={"x": 0, "y": 0, "width": 40, "height": 30})
    photo: FilePayload = {"name": f"{PHRASE}.jpg", "mimeType": "image/jpeg", "buffer": picture}
    page.locator("[data-photos]").set_input_files([photo])
    page.get_by_role("button", name="Seal it and give it in").click()
    expect(page.locator("main")).to_contain_text("Sealed and given in")


@pytest.mark.timeout(600)
def test_from_a_first_key_to_an_answer(screens: Screens, station: Station, tmp_path: Path) -> None:
    mission = station.run("-m", "tests.browser.came_home").strip().splitlines()[-1]
    officers = [f"--officer={one}" for one in (cast.HEAD.login, cast.KEEPER.login, cast.FOX.login)]
    envelopes = station.homeby("archive-key", *officers)
    archive = re.search(r"The public half: (age1\w+)", envelopes)
    assert archive, envelopes
    reader = screens.open("/me/", login=came_home.READER.login)
    phone = device_of(reader, **PRF)
    add_passkey(reader, "My phone")
    words, letters = make_key(reader)
    author = screens.open(login=came_home.AUTHOR.login)
    sent: list[bytes] = []

    def note(request: Request) -> None:
        sent.append(request.url.encode() + (request.post_data_buffer or b""))

    author.on("request", note)
    seal_it(author, mission, f"I saw it: {PHRASE}.")
    assert sum(one.find(b"age-encryption.org/v1") >= 0 for one in sent) == 1
    assert not [one for one in sent if PHRASE.encode() in one]

    open_by(reader, " ".join(reversed(words.split())))
    expect(reader.get_by_role("alert")).to_contain_text("not the code on your paper")
    for _ in range(4):
        reader.get_by_role("button", name="Open by my paper code").click()
    expect(reader.get_by_role("alert")).to_contain_text("Still not the code")
    found = looks.faults(reader)
    open_by(reader)
    shown = reader.locator("article[data-shown=all]")
    expect(shown).to_contain_text(f"I saw it: {PHRASE}.")
    found += looks.faults(reader)
    expect(shown).to_contain_text("Signed by a key of hers")
    expect(shown.get_by_role("img")).to_have_count(1)
    expect(reader.get_by_role("button", name="I have answered her")).to_be_visible()
    open_by(reader, words)
    expect(shown).to_contain_text(PHRASE)
    the_same_without_a_page(reader, letters, tmp_path, station)
    answered = reader.get_by_role("button", name="I have answered her")
    expect(answered).to_be_disabled()  # until each point was confirmed
    reader.get_by_label("Confirmed").check()
    answered.click()
    expect(reader.locator("main")).to_contain_text("you have answered it")
    author.goto("/sealed/")
    expect(author.locator("main")).to_contain_text("Heron: answered")

    by_hand(author, reader, station, mission, archive[1], tmp_path)
    a_lying_server(author, reader, screens.station, mission, words)
    found += sealed_door.faults_of_the_door(author, reader, PHRASE)
    assert not [one for one in sent if PHRASE.encode() in one]
    phone.lose()
    found += on_another_phone(reader, words)
    found += sealed_again.walk(screens, (author, reader), words, envelopes)
    assert not found, "\n".join(found)
    held = [one for one in station.folder.rglob("*") if one.is_file()]
    assert not [one for one in held if PHRASE.encode() in one.read_bytes()]


def the_same_without_a_page(reader: Page, letters: str, folder: Path, station: Station) -> None:
    """The file that the browser sealed, opened by `homeby open`, and by age where it is here."""
    wraps = reader.locator("[data-unlock]").get_attribute("data-unlock") or ""
    (wrapped,) = [one["wrapped"] for one in _json(wraps) if not one["credential"]]
    got = reader.evaluate(
        """async () => {
          const { text } = document.querySelector("[data-sealed]").dataset;
          const csrf = document.querySelector("[name=csrfmiddlewaretoken]").value;
          const headers = { "X-CSRFToken": csrf };
          const answer = await fetch(text, { method: "POST", headers });
          return [...new Uint8Array(await answer.arrayBuffer())];
        }"""
    )
    files = {"report.age": bytes(got), "key.age": wrapped.encode(), "paper": letters.encode()}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    at = {name: str(folder / name) for name in files}
    said = station.homeby(
        "open", at["report.age"], "--identity", at["paper"], "--wrapped", at["key.age"]
    )
    assert PHRASE in said
    assert "Signed by the key" in said
    secret = sealed_text.unwrap(wrapped.encode(), sealed_text.identities_in(letters))
    opened = sealed_text.open_sealed(bytes(got), secret)
    assert opened.report["items"][0]["answer"] == f"Fog, and {PHRASE}"
    if shutil.which("age") is None:
        warnings.warn("skipped in part: the program age is not here", stacklevel=2)
        return
    (folder / "letters").write_text(letters.replace(" ", "") + "\n")
    key = _age("--decrypt", "-i", str(folder / "letters"), at["key.age"])
    (folder / "key").write_bytes(key + b"\n")
    assert PHRASE.encode() in _age("--decrypt", "-i", str(folder / "key"), at["report.age"])


def by_hand(
    author: Page, reader: Page, station: Station, mission: str, archive: str, folder: Path
) -> None:
    """A debrief that `homeby seal` sealed is given in by the page, and opened by the other."""
    author.goto(f"/missions/{mission}/sealed/")
    box = author.get_by_label(re.compile(came_home.READER.callsign))
    key = box.get_attribute("data-key") or ""
    text, sealed = folder / "text", folder / "by-hand.age"
    text.write_text(f"By hand: {PHRASE}")
    station.homeby("seal", str(text), "--to", key, "--to", archive, "--out", str(sealed))
    box.check()
    author.get_by_text("It is sealed already").click()
    author.get_by_label("The sealed file").set_input_files(sealed)
    author.get_by_role("button", name="Seal it and give it in").click()
    expect(author.locator("main")).to_contain_text("Sealed and given in")
    open_by(reader)
    expect(reader.locator("article[data-shown=all]")).to_contain_text(f"By hand: {PHRASE}")
    expect(reader.locator("article[data-shown=all]")).to_contain_text("Not signed")


def a_lying_server(author: Page, reader: Page, station: Station, mission: str, words: str) -> None:
    """It hands out another key, another script, another file: each is noticed, nothing opens."""
    author.goto(f"/missions/{mission}/sealed/")
    box = author.get_by_label(re.compile(came_home.READER.callsign))
    other = str(pyrage.x25519.Identity.generate().to_public())
    box.evaluate("(box, key) => { box.dataset.key = key; }", other)
    box.check()
    author.get_by_label("Your debrief").fill("Nobody else")
    author.get_by_role("button", name="Seal it and give it in").click()
    expect(author.get_by_role("alert")).to_contain_text("A key is another one")
    author.get_by_label("Your debrief").fill("")
    assert reader.context.browser is not None
    state = reader.context.storage_state()
    context = reader.context.browser.new_context(base_url=station.address, storage_state=state)
    page, asked = context.new_page(), []

    def changed(route: Route) -> None:
        asked.append(route.request.url)
        answer = route.fetch()
        body = answer.body()
        route.fulfill(response=answer, body=body[:-1] + bytes([body[-1] ^ 1]))

    context.route("**/text/", changed)
    open_by(page, words)
    expect(page.get_by_role("alert")).to_contain_text("not what was given in")
    assert len(asked) == 1
    context.unroute("**/text/")
    context.route(re.compile(r"/js/sealed(\.\w+)?\.js$"), changed)
    open_by(page, words)
    expect(page.locator("[data-paper]")).to_have_value(words)
    expect(page.locator("article[data-shown=all]")).to_be_hidden()
    assert [one for one in asked if "/js/sealed" in one]
    assert not [one for one in asked[1:] if "/text/" in one]
    context.close()


def on_another_phone(reader: Page, words: str) -> list[str]:
    """Her phone is lost. A stick that lacks PRF opens no key, and says so; a new phone does, once
    the paper code has let it in. Gives what is wrong with the page."""
    stick = device_of(reader)
    add_passkey(reader, "Old stick")
    unlock(reader, words)
    reader.get_by_label("Old stick").check()
    reader.get_by_role("button", name="Keep it so").click()
    expect(reader.get_by_role("alert")).to_contain_text("lacks what it takes")
    found = looks.faults(reader)
    stick.lose()
    device_of(reader, **PRF)
    add_passkey(reader, "New phone")
    unlock(reader, words)
    reader.get_by_label("New phone").check()
    reader.get_by_role("button", name="Keep it so").click()
    expect(reader.locator("main")).to_contain_text("It opens your key from now on")
    reader.goto("/sealed/")
    reader.get_by_role("link", name=came_home.AUTHOR.callsign).first.click()
    reader.get_by_role("button", name="By my passkey New phone").click()
    expect(reader.locator("article[data-shown=all]")).to_contain_text(PHRASE)
    return found


def unlock(page: Page, words: str) -> None:
    """Open one's own key by the paper code, to have it opened by more."""
    page.goto("/sealed/key/")
    page.get_by_label(re.compile("by my paper code")).fill(words)
    page.get_by_role("button", name="Open by my paper code").click()


def _age(*words: str) -> bytes:
    return subprocess.run(["age", *words], capture_output=True, check=True, timeout=60).stdout


def _json(text: str) -> list[dict[str, str]]:
    import json

    found: list[dict[str, str]] = json.loads(text)
    return found
