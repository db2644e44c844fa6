"""The board is kept between two looks: what is kept is what would be read anew, for each viewer."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.utils import translation

from homeby.logbook import queries as logbook
from homeby.logbook.rules import new_tap
from homeby.missions import queries as missions
from homeby.missions.queries.touched import missions_touched
from homeby.people.actions import persons
from homeby.people.rules import STATION, Role
from homeby.watch.actions import alarms
from homeby.web.board import dressed, kept
from homeby.web.board.dressed import Looking
from tests.promises.repeating import ACTS
from tests.rooms.boards import ask
from tests.rooms.pages import Pages, text_of
from tests.world import ZONE, World

#: The acts that can change what a board shows, and some of those that cannot.
SHOWN = ("missions.", "watch.alarms", "watch.lists", "watch.bill", "people.persons")


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def facts(board: kept.Kept, world: World) -> tuple[Any, ...]:
    """Everything a board says, in its order."""
    board.look(now=world.now, zone=ZONE)
    return [(line.row, line.strip, line.day) for line in board.order], board.top


def same(board: kept.Kept, world: World) -> None:
    """The kept board says what one would say that knows nothing yet."""
    assert facts(board, world) == facts(kept.Kept(viewer=board.viewer), world)


@pytest.mark.parametrize("name", [name for name in sorted(ACTS) if name.startswith(SHOWN)])
def test_after_every_act_it_is_what_would_be_read_anew(world: World, name: str) -> None:
    board = kept.Kept(viewer=kept.ALL_WHO_WATCH)
    world.send_out("mate", due_minutes=200)
    facts(board, world)
    act = ACTS[name](world)
    same(board, world)
    act(new_tap())
    same(board, world)
    world.now += dt.timedelta(minutes=61)
    same(board, world)
    for who in ("guard", "deputy", "head"):
        own = facts(kept.Kept(viewer=world.as_(who)), world)
        shared = kept.Kept(viewer=kept.kept_for(world.as_(who), now=world.now).viewer)
        assert facts(shared, world) == own, f"{who} would see nothing else by herself"


def looked(viewer: str, world: World, zone: str = ZONE) -> str:
    with Looking(world.as_(viewer), zone=zone, now=world.now) as looking:
        return b"".join(looking.picture().rows).decode()


def test_nobody_is_shown_what_another_may_see(world: World) -> None:
    """The page is for whoever keeps watch; and were it not, the rows would still be each one's."""
    world.send_out("agent", due_minutes=30)
    world.send_out("outsider", due_minutes=60)
    assert "Fox" in looked("head", world)
    assert "Stranger" in looked("head", world)
    own = looked("agent", world)
    assert "Fox" in own
    assert "Stranger" not in own
    assert looked("mate", world) == ""
    assert "Stranger" in looked("guard", world)


def test_what_is_shared_is_asked_as_the_least_of_those_who_share_it() -> None:
    assert kept.ALL_WHO_WATCH.keeps_watch
    assert len(kept.ALL_WHO_WATCH.roles) == 1
    assert not kept.ALL_WHO_WATCH.is_station


def test_language_and_zone_have_markup_of_their_own(world: World) -> None:
    world.send_out("agent", due_minutes=30)
    with Looking(world.as_("head"), zone=ZONE, now=world.now) as looking:
        here = looking.etag
    with (
        translation.override("de"),
        Looking(world.as_("head"), zone=ZONE, now=world.now) as looking,
    ):
        german = looking.etag
    with Looking(world.as_("head"), zone="Asia/Tokyo", now=world.now) as looking:
        there = looking.etag
    assert len({here, german, there}) == 3


def test_what_is_kept_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        world.add(f"walker {number}")
        world.send_out(f"walker {number}", due_minutes=90)
    board = kept.Kept(viewer=kept.ALL_WHO_WATCH)
    board.look(now=world.now, zone=ZONE)
    dress = dressed.Dress(board=board, language="en", zone=ZONE)
    whole = dress.markup(board.order, now=world.now)
    assert dress.bytes_kept == sum(len(piece) for piece in whole)
    monkeypatch.setattr(dressed, "BYTES_MOST", 2 * len(whole[0]))
    dress = dressed.Dress(board=board, language="en", zone=ZONE)
    assert dress.markup(board.order, now=world.now) == whole
    assert dress.bytes_kept <= 2 * len(whole[0]) + 100
    wardrobe = dressed.Wardrobe()
    for zone in ("UTC", "Asia/Tokyo", "Asia/Kolkata", "America/Lima", "Africa/Cairo", "UTC",
                 "Asia/Dili", "Asia/Baku"):  # fmt: skip
        wardrobe.dress(board=board, language="en", zone=zone)
    assert len(wardrobe._dresses) == dressed.DRESSES_MOST


def test_an_unchanged_board_is_not_sent_again(pages: Pages, world: World) -> None:
    mission, head = world.send_out("agent", due_minutes=90), pages.as_("head")
    first = ask(head)
    etag = first.headers["ETag"]
    assert etag.startswith('W/"')
    world.now += dt.timedelta(minutes=2)  # countdowns go on in the page itself
    again = ask(head, etag)
    assert (again.status_code, again.content) == (304, b"")
    world.add("officer", Role.DUTY_OFFICER)
    assert ask(pages.as_("officer"), ask(head).headers["ETag"]).status_code == 304, "they see it"
    assert ask(pages.as_("guard"), etag).status_code == 200, "who reads no place has another one"
    world.check_in(mission)
    assert ask(head, etag).status_code == 200


def test_the_clock_alone_changes_the_board(pages: Pages, world: World) -> None:
    world.send_out("agent", due_minutes=90)
    head = pages.as_("head")
    etag = ask(head).headers["ETag"]
    world.now += dt.timedelta(minutes=29)
    assert ask(head, etag).status_code == 304
    world.now += dt.timedelta(minutes=1)
    soon = ask(head, etag)
    assert "Due soon" in text_of(soon)
    assert "due within 1 h 1" in text_of(soon)
    world.now += dt.timedelta(minutes=60)
    assert "overdue 1" in text_of(ask(head, soon.headers["ETag"]))
    world.now -= dt.timedelta(minutes=85)  # a clock that was wrong is set right
    early = text_of(ask(head, soon.headers["ETag"]))
    assert "Due soon" not in early
    assert "overdue 0" in early


def test_words_of_the_day_change_at_midnight(pages: Pages, world: World) -> None:
    world.now = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)  # 23:00 in the village
    world.send_out("agent", due_minutes=60 * 20)
    head = pages.as_("head")
    first = ask(head)
    assert "tomorrow 19:00" in text_of(first)
    world.now += dt.timedelta(minutes=59)
    assert ask(head, first.headers["ETag"]).status_code == 304
    world.now += dt.timedelta(minutes=1)
    assert "tomorrow 19:00" not in text_of(ask(head, first.headers["ETag"]))


def test_without_scripts_a_row_says_hours_and_not_how_long(pages: Pages, world: World) -> None:
    """A countdown that stands still is a lie a minute later; the hour of the clock is not."""
    world.send_out("agent", due_minutes=90)
    page = pages.as_("head").get("/board/")
    assert re.search(r"<time datetime=\S+ data-relative>10:30</time>", page.content.decode())
    assert "in 1 h 30" not in text_of(page)


def test_a_new_callsign_and_a_taker_are_on_the_kept_row(pages: Pages, world: World) -> None:
    world.send_out("agent", due_minutes=30)
    head = pages.as_("head")
    assert "Fox" in text_of(ask(head))
    world.fast_forward(minutes=40)
    assert "nobody yet" in text_of(ask(head))
    alarm = world.alarm().pk
    alarms.acknowledge(alarm_id=alarm, by=world.as_("head"), now=world.now, tap=new_tap())
    assert "nobody yet" not in text_of(ask(head))
    persons.change_person(
        person_id=world.people["agent"],
        values={"callsign": "Lynx"},
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    assert "Lynx" in text_of(ask(head))


def test_an_entry_that_appears_behind_higher_numbers_is_taken_in(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Transactions end in another order than they begin: PostgreSQL shows 8, then 7."""
    mission = world.send_out("agent", due_minutes=90)
    board = kept.Kept(viewer=kept.ALL_WHO_WATCH)
    facts(board, world)
    known = logbook.newest()
    assert known is not None
    real, hidden = logbook.recorded, set(range(known.number + 1, known.number + 2))
    world.check_in(mission)
    monkeypatch.setattr(
        logbook,
        "recorded",
        lambda **asked: [one for one in real(**asked) if one.number not in hidden],
    )
    read: list[Any] = []

    def touched(found: list[Any]) -> set[uuid.UUID] | None:
        read.extend(found)
        return missions_touched(found)

    monkeypatch.setattr(kept, "missions_touched", touched)
    world.send_out("mate", due_minutes=90)
    facts(board, world)
    assert known.number + 1 not in {one.number for one in read}
    hidden.clear()
    facts(board, world)
    assert known.number + 1 in {one.number for one in read}


def test_other_records_are_another_board(world: World) -> None:
    """A backup put back under a running station: the same numbers, other entries."""
    world.send_out("agent", due_minutes=90)
    board = kept.Kept(viewer=kept.ALL_WHO_WATCH)
    facts(board, world)
    assert board._newest is not None
    board._newest = type(board._newest)(number=board._newest.number, entry_id=new_tap().entry_id)
    board.lines.clear()
    name = board.name
    same(board, world)
    assert board.name != name


def test_a_look_that_fails_half_way_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database goes away after the entries were read: the next look must not trust them."""
    world.send_out("agent", due_minutes=90)
    board = kept.Kept(viewer=kept.ALL_WHO_WATCH)
    facts(board, world)
    world.sign_in("agent")
    with monkeypatch.context() as broken:
        broken.setattr(missions, "board", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            facts(board, world)
    same(board, world)
    assert not board.order


def test_a_look_that_hangs_holds_up_nobody_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dressed, "WAIT_SECONDS", 0.01)
    world.send_out("agent", due_minutes=90)
    with Looking(world.as_("head"), zone=ZONE, now=world.now):
        assert "Fox" in looked("guard", world)


def test_who_looks_a_moment_later_by_an_earlier_clock_reads_nothing_again(world: World) -> None:
    """Two read the clock at the door, and the later one is served first."""
    world.send_out("agent", due_minutes=90)
    board = kept.Kept(viewer=kept.ALL_WHO_WATCH)
    facts(board, world)
    name = board.name
    world.now -= dt.timedelta(seconds=3)
    facts(board, world)
    assert board.name == name
