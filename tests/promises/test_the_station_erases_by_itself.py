"""What the organisation no longer keeps is erased by the station itself, once a day; broken off, it
goes on the next time; and where it fails, whoever looks after the station sees so."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.comms.models import Message
from homeby.findings import Level
from homeby.logbook import actions as logbook
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.people.actions import retention
from homeby.people.rules_private import Lasting
from homeby.retention import daily
from homeby.settings import Settings
from homeby.station import doctor_backup
from tests.rooms.pages import Pages, sent, text_of
from tests.world import World

RULES = (Lasting.PLACES, Lasting.MESSAGES)


class Killed(BaseException):
    """The process is gone, in the middle of its work."""


def killed() -> None:
    raise Killed


def broken() -> None:
    raise OSError("the disk is full")


def no_rest() -> None:
    """Nobody else writes."""


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def old(world: World) -> World:
    """A station with two rules and an outing that is older than they allow."""
    world.send_out("agent", due_minutes=60, place="Zorbridge couloir")
    world.fast_forward(minutes=10)
    world.sign_in("agent")
    world.look()
    for lasting in RULES:
        retention.set_retention(
            lasting=lasting, days=30, by=world.as_("admin"), now=world.now, tap=new_tap()
        )
    world.now += dt.timedelta(days=31)
    return world


def texts() -> int:
    return Message.objects.exclude(text="").count()


def applied() -> int:
    return Entry.objects.filter(kind="RETENTION_APPLIED").count()


def level(world: World) -> Level | None:
    found = daily.finding(now=world.now)
    return found.level if found else None


def test_once_a_day_and_nobody_asks(old: World) -> None:
    assert level(old) is Level.AMBER, "for a month nobody applied the rules"
    assert texts() > 0, "positive control"
    assert daily.apply_if_due(now=old.now, rest=no_rest)
    assert (texts(), applied(), level(old)) == (0, 1, Level.GREEN)
    said = Entry.objects.get(kind="RETENTION_APPLIED")
    assert said.actor_id is None
    assert '"MESSAGES"' in str(said.content.body)
    for hours, times in ((22, 1), (2, 2), (1, 2)):
        old.now += dt.timedelta(hours=hours)
        assert daily.apply_if_due(now=old.now, rest=no_rest)
        assert applied() == times
    old.now += dt.timedelta(days=3)
    assert level(old) is Level.AMBER, "nobody did it for three days"
    assert verify().difference is None


def test_without_a_rule_nothing_is_done_nor_said(world: World) -> None:
    assert level(world) is None
    assert daily.apply_if_due(now=world.now, rest=no_rest)
    assert applied() == 0


def test_broken_off_it_goes_on_the_next_time(old: World) -> None:
    """Each batch is a commit; what was not reached is due again, and the logbook agrees."""
    before = texts()
    with pytest.raises(Killed):
        daily.apply_if_due(now=old.now, rest=killed)
    assert 0 < texts() <= before, "what came later is there still"
    assert Entry.objects.filter(kind="ENTRIES_ERASED").exists(), "what was erased is"
    assert applied() == 0
    assert verify().difference is None
    assert daily.apply_if_due(now=old.now + dt.timedelta(hours=1), rest=no_rest)
    assert (texts(), applied()) == (0, 1)
    assert verify().difference is None


def test_where_it_fails_it_is_seen(
    old: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = Pages(old, monkeypatch).as_("admin")
    assert not daily.apply_if_due(now=old.now, rest=broken)
    assert "could not be erased" in caplog.text
    page = text_of(browser.get("/office/watch/"))
    assert "What is no longer kept could not be erased" in page
    assert "Run: homeby retain" in page
    said = [str(one) for one in doctor_backup.problems(settings=Settings())]
    assert any("could not be erased" in one for one in said)
    assert daily.apply_if_due(now=old.now + dt.timedelta(minutes=1), rest=no_rest)
    old.now += dt.timedelta(minutes=2)
    assert level(old) is Level.GREEN
    assert "was last erased" in text_of(browser.get("/office/watch/"))
    assert "was last erased" in text_of(browser.get("/office/retention/"))


def test_a_copy_erases_nothing(old: World) -> None:
    before = texts()
    logbook.found_station(place="here", now=old.now)
    logbook.quarantine(why="it lies elsewhere", here="there", now=old.now)
    assert daily.apply_if_due(now=old.now, rest=no_rest)
    assert (texts(), applied()) == (before, 0)


def test_a_clock_that_was_set_back_is_no_reason_to_wait(old: World) -> None:
    assert daily.apply_if_due(now=old.now + dt.timedelta(days=300), rest=no_rest)
    assert daily.apply_if_due(now=old.now, rest=no_rest)
    assert applied() == 2


def test_the_page_of_the_rules_shows_what_each_would_erase(world: World, pages: Pages) -> None:
    assert pages.as_("head").get("/office/retention/").status_code == 404
    browser = pages.as_("admin")
    page = text_of(browser.get("/office/retention/"))
    assert page.count("kept for ever") == 8
    wrong = browser.post("/office/retention/", sent(messages="0"))
    assert wrong.status_code == 422
    assert "Zero days or fewer" in text_of(wrong)
    saved = browser.post("/office/retention/", sent(messages="40", places="90"), follow=True)
    assert text_of(saved).count("kept for ever") == 6
    assert Entry.objects.filter(kind="RETENTION_SET").count() == 2
    again = browser.post("/office/retention/", sent(messages="40", places="90", act="now"))
    assert again.status_code == 302
