"""Who looked at whom is recorded once, for ever, and never in the way of somebody in danger."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from homeby.comms.models import Message
from homeby.logbook import actions as logbook
from homeby.logbook import queries
from homeby.logbook.models import Read
from homeby.logbook.reading import Look, ReaderHere, ReadKind, ledger, opened, read_by
from homeby.people import private
from homeby.people.models import ContactPoint
from homeby.people.rules import Purpose
from homeby.web import reads
from tests.rooms.api_client import Programs
from tests.rooms.pages import Pages, text_of
from tests.rooms.test_logbook_guards import run
from tests.world import World

PG = "postgresql"

#: Opened by the machine to compare it, and shown to nobody.
COMPARED = (Purpose.KEEP_AWAY,)


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    monkeypatch.setattr(reads, "WAITING", reads.Waiting())
    return Pages(world, monkeypatch)


def looks(world: World, who: str) -> list[tuple[str, str, str]]:
    """What somebody looked at: kind, thing, in which part; in order."""
    rows = Read.objects.filter(viewer_id=world.people[who]).order_by("number")
    return [(row.kind, row.what, row.viewed_as) for row in rows]


def test_a_look_at_a_party_is_one_row_in_ten_minutes_of_the_clock(
    pages: Pages, world: World
) -> None:
    mission = world.send_out("agent", "mate")
    head = pages.as_("head")
    for _ in range(3):
        assert head.get(f"/missions/{mission.pk}/").status_code == 200
        head.get(f"/missions/{mission.pk}/rows/")
    once = [("STATUS", f"mission:{mission.pk}", "DUTY_OFFICER")]
    assert looks(world, "head") == once
    world.now += dt.timedelta(minutes=10)
    head.get(f"/missions/{mission.pk}/")
    assert looks(world, "head") == once * 2
    row = Read.objects.latest("number")
    assert (row.at, row.device, row.whose, row.why) == (world.now, "web", None, "")


def test_whoever_reads_her_own_is_no_reader(pages: Pages, world: World) -> None:
    mission = world.send_out("agent", "mate")
    for who in ("agent", "mate"):
        for address in ("/me/", "/my/", "/missions/", f"/missions/{mission.pk}/"):
            assert pages.as_(who).get(address).status_code == 200, address
        assert looks(world, who) == []


def test_a_board_of_any_size_is_one_row(pages: Pages, world: World) -> None:
    for who in ("agent", "mate", "outsider"):
        world.send_out(who)
    guard = pages.as_("guard")
    etag = guard.get("/board/rows/").headers["ETag"]
    guard.get("/board/")
    assert looks(world, "guard") == [("BOARD", "board", "GATE_KEEPER")]
    world.now += dt.timedelta(minutes=10)
    again = guard.get("/board/rows/", headers={"If-None-Match": etag})
    assert again.status_code in (200, 304)


def test_a_persons_page_says_each_kind_and_whose(pages: Pages, world: World) -> None:
    world.give_kin("agent", "mother")
    agent = world.people["agent"]
    pages.as_("admin").get(f"/office/people/{agent}/")
    found = looks(world, "admin")
    assert {kind for kind, _, _ in found} == {"PERSON", "CONTACTS", "KIN"}
    assert {what for _, what, _ in found} == {f"person:{agent}"}
    assert set(Read.objects.values_list("whose", flat=True)) == {agent}


def test_what_is_refused_or_only_done_is_no_look(pages: Pages, world: World) -> None:
    mission = world.send_out("agent")
    assert pages.as_("outsider").get(f"/missions/{mission.pk}/").status_code == 404
    assert pages.nobody().get("/board/").status_code == 302
    pages.as_("head").post(f"/missions/{mission.pk}/act/", {"act": "check_in"})
    assert not Read.objects.exists()


def test_programs_and_links_are_readers_too(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = world.send_out("agent", due_minutes=5)
    world.fast_forward(minutes=11)
    program = Programs(world, monkeypatch).of("deputy")
    program.get(f"missions/{mission.pk}")
    assert looks(world, "deputy") == [("STATUS", f"mission:{mission.pk}", "LEADER")]
    assert Read.objects.latest("number").device == f"token:{program.token_id}"
    message = Message.objects.get(person_id=world.people["head"], kind="ALARM")
    pages.nobody().get(f"/m/{message.token}")
    assert looks(world, "head") == [("STATUS", f"mission:{mission.pk}", "LINK")]


@pytest.mark.parametrize("act", ["update", "delete", "replace"])
def test_the_database_refuses_to_change_or_to_take_away_a_look(
    pages: Pages, world: World, act: str
) -> None:
    pages.as_("head").get("/board/")
    before = Read.objects.values_list().get()
    replace = "REPLACE INTO logbook_read SELECT * FROM logbook_read"
    statement = {
        "update": "UPDATE logbook_read SET why = 'another'",
        "delete": "DELETE FROM logbook_read",
        "replace": "TRUNCATE logbook_read" if connection.vendor == PG else replace,
    }[act]
    if act == "replace" and connection.vendor != PG:
        run(statement)  # left out, and nothing is written over
    else:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            run(statement)
    assert Read.objects.values_list().get() == before


def full(*_args: Any, **_kwargs: Any) -> int:
    raise OperationalError("database or disk is full")


def test_a_database_that_cannot_record_holds_up_nobody_in_danger(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = world.send_out("agent")
    head = pages.as_("head")
    with monkeypatch.context() as broken:
        broken.setattr(logbook, "note_looks", full)
        assert "Fox" in text_of(head.get(f"/missions/{mission.pk}/"))
        assert "Fox" in text_of(head.get("/board/"))
        closed = head.get(f"/office/people/{world.people['agent']}/")
        name = head.post(f"/who/{world.people['agent']}/", {"reason": "Her boots are here."})
    assert name.status_code == 503, "nor is the name behind a callsign"
    assert "agent by name" not in text_of(name)
    assert closed.status_code == 503
    assert "recorded first" in text_of(closed)
    assert "Fox" not in text_of(closed)
    assert len(reads.WAITING.looks) == 2
    monkeypatch.setattr(reads.WAITING, "failed_at", None)
    page = text_of(head.get("/office/watch/"))
    assert "2 looks at people could not be recorded yet." in page
    assert not Read.objects.exists()
    head.get("/alarms/")
    kept = [kind for kind, _, _ in looks(world, "head")]
    assert sorted(kept) == ["BOARD", "BOARD", "STATUS"]
    assert "could not be recorded" not in text_of(head.get("/office/watch/"))


def test_what_waits_has_a_limit_and_the_lost_are_counted(world: World) -> None:
    waiting = reads.Waiting()
    by = ReaderHere(person_id=uuid.uuid4(), as_="MEMBER", device="web", now=world.now)
    look = Look(kind=ReadKind.BOARD, what="board")
    waiting.keep(by, [look] * (reads.WAITING_MOST + 3))
    assert (len(waiting.looks), waiting.lost) == (reads.WAITING_MOST, 3)


def test_no_sealed_value_is_opened_for_somebody_without_a_note(world: World) -> None:
    point = ContactPoint.objects.get(person_id=world.people["agent"])
    by = ReaderHere(person_id=world.people["admin"], as_="", device="", now=world.now)
    for purpose in Purpose:
        with ledger() as found:
            read_by(by)
            private.addresses([point.pk], purpose=purpose)
        noted = {look.kind for look in found.looks}
        machine = purpose in (
            *COMPARED,
            Purpose.DELIVER,
            Purpose.PARTNER,
            Purpose.OWN_PAGE,
            Purpose.CONCERN,
        )
        assert noted == (set() if machine else {ReadKind.CONTACTS}), purpose
    opened(ReadKind.BOARD, what="board")  # outside a request it is nothing


def test_who_may_read_the_looks(pages: Pages, world: World) -> None:
    pages.as_("head").get(f"/office/people/{world.people['agent']}/")
    pages.as_("guard").get("/board/")
    counts = {
        who: queries.visible_reads(world.as_(who)).count()
        for who in ("admin", "agent", "head", "guard", "mate")
    }
    assert counts == {"admin": 4, "agent": 3, "head": 3, "guard": 1, "mate": 0}
