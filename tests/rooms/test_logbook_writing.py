"""Both or neither: a row and the entry that explains it are one commit, one by one or in bulk."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError

from homeby.logbook import actions as logbook
from homeby.logbook import queries, rows
from homeby.logbook.models import Entry, EntryBody
from homeby.logbook.rules import Refused, Tap
from homeby.logbook.verification import verify
from homeby.missions.models import Mission, PartyMember
from homeby.people.models import Person, Team
from homeby.people.rules import NOBODY, TEAM_ADDED
from homeby.watch.models import Deadline
from tests.world import START, World

pytestmark = pytest.mark.django_db


class Broken(Exception):
    """Something that fails in the middle."""


def add_team(book: logbook.Book, name: str) -> Team:
    """An entry that adds a team."""
    team = Team(id=uuid.uuid4(), name=name)
    book.entry(TEAM_ADDED, subject=f"team:{team.pk}").add(team)
    return team


def write(*names: str, bulk: bool = False, then: type[Exception] | None = None) -> None:
    """Add teams of these names in one transaction; then, perhaps, something fails."""
    with logbook.writing(now=START, by=None, bulk=bulk) as book:
        for name in names:
            add_team(book, name)
        if then is not None:
            raise then


@pytest.mark.parametrize("bulk", [False, True])
def test_what_fails_in_the_middle_leaves_neither_row_nor_entry(bulk: bool) -> None:
    with pytest.raises(Broken):
        write("One", bulk=bulk, then=Broken)
    assert not Team.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("bulk", [False, True])
def test_an_entry_that_cannot_be_written_takes_its_row_along(
    bulk: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise Broken

    monkeypatch.setattr(rows, "insert_numbered", broken)
    with pytest.raises(Broken):
        write("One", bulk=bulk)
    monkeypatch.undo()
    assert not Team.objects.exists()
    assert not EntryBody.objects.exists()


@pytest.mark.parametrize("bulk", [False, True])
def test_a_row_that_cannot_be_written_takes_its_entry_along(bulk: bool) -> None:
    write("One")
    with pytest.raises(IntegrityError):
        write("Two", "One", bulk=bulk)
    assert Team.objects.count() == Entry.objects.count() == 1


@pytest.mark.parametrize("breaks_at", range(1, 9))
def test_a_sign_out_that_breaks_anywhere_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, breaks_at: int
) -> None:
    mission = world.plan("agent", "mate")
    before, calls = verify().checkpoint, []

    def counted(name: str) -> None:
        real = getattr(rows, name)

        def one(*args: object) -> object:
            calls.append(name)
            if len(calls) == breaks_at:
                raise Broken
            return real(*args)

        monkeypatch.setattr(rows, name, one)

    for name in ("insert", "insert_numbered", "update"):
        counted(name)
    try:
        world.sign_out(mission, "agent", "mate")
    except Broken:
        assert verify().checkpoint == before
        assert Mission.objects.get().state == "PLANNED"
        assert set(PartyMember.objects.values_list("state", flat=True)) == {"PLANNED"}
        assert not Deadline.objects.exists()
    else:
        assert len(calls) < breaks_at, "every write was tried"
    assert verify().difference is None


@pytest.mark.parametrize("bulk", [False, True])
def test_one_by_one_or_in_bulk_the_replay_agrees(bulk: bool) -> None:
    with logbook.writing(now=START, by=None, bulk=bulk) as book:
        teams = [add_team(book, f"Team {number}") for number in range(20)]
        page = book.entry(TEAM_ADDED, subject="teams")
        for team in teams[:5]:
            page.change(team, callsign="Fox")
        page.change(teams[0], name="First", callsign="Owl")
    assert verify().difference is None
    assert Team.objects.get(name="First").callsign == "Owl"
    assert Team.objects.filter(callsign="Fox").count() == 4
    with logbook.writing(now=START, by=None) as book:
        book.entry(TEAM_ADDED, subject="teams").remove(Team.objects.get(name="First"))
    assert verify().difference is None
    assert Team.objects.count() == 19


def test_a_bulk_book_forgets_what_came_after_its_mark() -> None:
    with logbook.writing(now=START, by=None, bulk=True) as book:
        kept = add_team(book, "Kept")
        mark = book.mark()
        add_team(book, "Forgotten")
        book.entry(TEAM_ADDED, subject="x").change(kept, callsign="Fox")
        book.back_to(mark)
    assert list(Team.objects.values_list("name", flat=True)) == ["Kept"]
    assert Entry.objects.count() == 1


def call_fox(teams: list[Team]) -> None:
    """Give teams a callsign, in bulk."""
    with logbook.writing(now=START, by=None, bulk=True) as book:
        page = book.entry(TEAM_ADDED, subject="teams")
        for team in teams:
            page.change(team, callsign="Fox")


@pytest.mark.parametrize("count", [1, 2])
def test_a_row_that_is_gone_cannot_be_changed(count: int) -> None:
    write(*[f"Team {number}" for number in range(count)])
    teams = list(Team.objects.order_by("name"))
    Team.objects.filter(name="Team 0").delete()
    with pytest.raises(AssertionError, match="not there to be changed"):
        call_fox(teams)
    assert not Team.objects.filter(callsign="Fox").exists()


def test_an_entry_keeps_when_it_was_so_and_when_we_learned_it() -> None:
    claimed = START - dt.timedelta(hours=3)
    tap = Tap(entry_id=uuid.uuid4(), device="phone 7", happened_at=claimed, device_sequence=12)
    with logbook.writing(now=START, by=None) as book:
        book.entry(TEAM_ADDED, subject="x", tap=tap, answer="Yes.")
    entry = Entry.objects.get()
    assert (entry.happened_at, entry.recorded_at) == (claimed, START)
    assert (entry.entry_id, entry.device, entry.device_sequence) == (tap.entry_id, "phone 7", 12)
    assert queries.answer_given(tap.entry_id) == "Yes."
    assert queries.answer_given(uuid.uuid4()) is None


def test_a_kind_that_nobody_declared_is_a_mistake_of_ours() -> None:
    with (
        pytest.raises(AssertionError, match="not declared"),
        logbook.writing(now=START, by=None) as book,
    ):
        book.entry("SOMETHING", subject="x")


def test_a_refusal_writes_nothing(world: World) -> None:
    mission, before = world.plan("agent"), verify().checkpoint
    with pytest.raises(Refused):
        world.sign_out(mission, "mate")
    assert verify().checkpoint == before


def test_without_a_viewer_nothing_is_read(world: World) -> None:
    world.send_out("agent")
    entry = Entry.objects.filter(kind="MISSION_SIGNED_OUT").get()
    for nobody in (None, NOBODY):
        assert not queries.visible_entries(nobody).exists()
        assert not queries.visible_bodies(nobody).exists()
        assert queries.line(nobody, entry.entry_id) is None
    assert queries.line(world.as_("head"), entry.entry_id)
    assert queries.line(world.as_("outsider"), entry.entry_id) is None
    assert queries.line(world.as_("agent"), entry.entry_id), "it is about her"


def test_private_values_stand_in_no_entry(world: World) -> None:
    """A positive control beside each: what may stand there does."""
    world.give_kin("agent", "mother-address")
    text = "".join(body or "" for body in EntryBody.objects.values_list("body", flat=True))
    assert "mother-address" not in text
    assert "address_sealed" in text
    person = Person.objects.get(pk=world.people["agent"])
    assert person.callsign in text
