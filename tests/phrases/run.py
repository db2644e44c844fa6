"""A station in which phrases are sealed by Chromium, and every place of it, read afterwards."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests import pgplugin
from tests.browser import came_home, cast
from tests.browser.screens import ARGUMENTS, Screens, find_chromium
from tests.browser.sealed_again import PRF, make_key
from tests.browser.station import Station, until
from tests.browser.test_log_ins import add_passkey, device_of
from tests.phrases import places, walk
from tests.phrases.kept import files, kept
from tests.phrases.places import CLEAR, SEALED, Place, Watched
from tests.rooms.test_channels_webpush import Browser
from tests.sinks import HOST, HttpSink, SmtpSink, http_sink, smtp_sink

#: In the order of `Sinks.places`; each in turn is the one by which the officers are reached.
CHANNELS = ("EMAIL", "SMS", "WEBPUSH")
ADDRESSES = (
    "/missions/", "/missions/{mission}/", "/board/", "/office/", "/office/logbook/",
    "/office/messages/", "/office/people/", "/office/retention/", "/office/watch/", "/sealed/",
)  # fmt: skip


@dataclass
class Sinks:
    """What the station sends to: mail, SMS, push."""

    mail: SmtpSink
    sms: HttpSink
    push: HttpSink
    browsers: list[Browser]

    def pushed(self) -> Iterator[bytes]:
        """Each push message as it came, and as the browser it is for opens it."""
        for request in self.push.requests:
            yield request.body
            at = int(request.path.rpartition("/")[2])
            yield self.browsers[at].opened(request.body)

    def has_come(self, number: int) -> bool:
        """Whether what was said in clear has come by the channel of this number."""
        return bool(self.places()[number].found[CLEAR])

    def places(self) -> list[Place]:
        """Mail, SMS and push, read whole."""
        both = zip(self.mail.raw, self.mail.messages, strict=True)
        mail = (part for raw, message in both for part in places.mail_parts(raw, message))
        return [
            places.of("mail", mail),
            places.of("SMS", (one.body for one in self.sms.requests)),
            places.of("push, opened", self.pushed()),
        ]


def searched(database: str, rounds: int) -> list[Place]:
    """Seal so many rounds of phrases at a station of its own, and read every place."""
    with _station(database) as (station, sinks, stack):
        return _searched(station, sinks, stack, rounds)


@contextmanager
def _station(database: str) -> Iterator[tuple[Station, Sinks, ExitStack]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="homeby-phrases-")))
        if database == "postgresql":
            url, stop = pgplugin.start_postgresql()
            stack.callback(stop)
            os.environ["HOMEBY_DATABASE_URL"], pgplugin.chosen.database = url, database
        station = Station(
            environment=pgplugin.own_station(folder=folder, name="phrases"), folder=folder
        )
        sinks = Sinks(
            mail=stack.enter_context(smtp_sink()),
            sms=stack.enter_context(http_sink()),
            push=stack.enter_context(http_sink()),
            browsers=[Browser(), Browser()],
        )
        station.set_mail(sinks.mail.port)
        station.environment |= {
            "TMPDIR": str(folder / "tmp"),
            "HOMEBY_SMS_URL": sinks.sms.url("/sms"),
            "HOMEBY_WEBHOOK_ALLOWED_HOSTS": HOST,
            "HOMEBY_WEBPUSH_CONTACT": "mailto:watch@example.org",
        }
        yield station, sinks, stack
        station.stop()


def _searched(station: Station, sinks: Sinks, stack: ExitStack, rounds: int) -> list[Place]:
    """Seal so many rounds of phrases, and read every place."""
    requests, pages = Place("requests of both browsers"), Place("pages of the office")
    with Watched(station.folder / "tmp", "temporary files") as watched:
        station.found()
        subscriptions = [
            browser.address(sinks.push.url(f"/push/{at}"))
            for at, browser in enumerate(sinks.browsers)
        ]
        said = station.run("-m", "tests.phrases.people", *subscriptions)
        mission = said.strip().splitlines()[-1]
        officers = [
            f"--officer={one}" for one in (cast.HEAD.login, cast.KEEPER.login, cast.FOX.login)
        ]
        station.homeby("archive-key", *officers)
        station.start()
        screens = _screens(station, stack)
        author, reader = _at_work(screens, requests)
        for number, channel in enumerate(CHANNELS):
            station.run("-m", "tests.phrases.people", "first", channel)
            walk.said_in_clear(author, mission)
            _sealed(author, station, mission, range(number, max(rounds, number + 1), len(CHANNELS)))
            arrived = partial(sinks.has_come, number)
            until(arrived, seconds=60, what=f"what is said in clear comes by {channel}")
        _opened(reader)
        office = screens.open(login=cast.OFFICE.login)
        for address in ADDRESSES:
            office.goto(address.format(mission=mission))
            pages.read(office.content().encode())
        by_hand = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"
        for path in (station.folder / "tmp/planted", station.folder / "planted.log"):
            station.run("-c", by_hand, str(path), places.phrase(3, CLEAR))
        found = kept(station)
    return [*found, files(station), watched.place, requests, pages, *sinks.places()]


def _screens(station: Station, stack: ExitStack) -> Screens:
    playwright = stack.enter_context(sync_playwright())
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
    stack.callback(browser.close)
    return Screens(browser=browser, station=replace(station, host="localhost", states={}))


def _at_work(screens: Screens, requests: Place) -> tuple[Page, Page]:
    """The author's page and the reader's, who has made her key; both are listened to."""
    reader = screens.open("/me/", login=came_home.READER.login)
    device_of(reader, **PRF)
    add_passkey(reader, "My phone")
    make_key(reader)
    author = screens.open(login=came_home.AUTHOR.login)
    for page in (author, reader):
        walk.noted(page, requests)
    return author, reader


def _sealed(author: Page, station: Station, mission: str, rounds: range) -> None:
    """These rounds of phrases; before them, a file that is not sealed."""
    wrong = station.folder.parent / f"{station.folder.name}-wrong.txt"
    walk.plain_file(author, mission, wrong, range(walk.AT_ONCE))
    wrong.unlink()
    for at in rounds:
        first = at * 2 * walk.AT_ONCE
        walk.debrief(author, mission, range(first, first + walk.AT_ONCE))
        walk.at_the_door(author, range(first + walk.AT_ONCE, first + 2 * walk.AT_ONCE))


def _opened(reader: Page) -> None:
    """A reader opens one of each, and answers the debrief."""
    for address in ("/sealed/", "/welfare/"):
        reader.goto(address)
        reader.locator("main").get_by_role("link", name=came_home.AUTHOR.callsign).first.click()
        reader.get_by_role("button", name="By my passkey My phone").click()
        reader.get_by_text(SEALED).first.wait_for()
