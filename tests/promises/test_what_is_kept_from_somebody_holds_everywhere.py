"""Promise 8: who holds the watch, who comes back, who is erased, who is kept away from somebody
with a long past: what is kept from them is kept on every page, and no page fails for it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from homeby.comms.queries import visible_messages
from homeby.database.references import Away
from homeby.logbook.queries import visible_entries
from homeby.logbook.rules import new_tap
from homeby.missions.models import Mission, MissionUnit, PartyMember
from homeby.missions.queries.who import viewer_for
from homeby.people.actions import apart, persons
from homeby.people.rules import STATION
from homeby.readiness.models import Duty, SpecialUnitPlace
from homeby.readiness.queries import who as everywhere
from homeby.web.board.kept import is_shared, kept_for
from tests.promises.acts import plan_watch
from tests.promises.special import found_unit, joined
from tests.promises.test_a_mission_of_a_secret_unit_is_found_by_nobody import (
    WORDS,
    out,
    planned,
)
from tests.promises.test_a_mission_of_a_secret_unit_is_found_by_nobody import pages as pages
from tests.promises.test_somebody_who_asks_is_erased import erase
from tests.rooms.pages import Pages, text_of
from tests.world import World


def test_who_holds_the_watch_finds_no_secret_unit_on_the_board(world: World, pages: Pages) -> None:
    out(world, pages)
    plan_watch(world, "guard", "second")
    board = text_of(pages.as_("guard").get("/board/"))
    assert not any(word in board for word in WORDS), "she holds the watch, and is no duty officer"
    assert WORDS[2] in text_of(pages.as_("officer").get("/board/"))


def test_duty_officers_share_their_board_while_a_secret_unit_is_out(
    world: World, pages: Pages
) -> None:
    out(world, pages)
    viewer = viewer_for(world.people["officer"], now=world.now)
    assert is_shared(kept_for(viewer, now=world.now))
    other = viewer_for(world.people["deputy"], now=world.now)
    assert not is_shared(kept_for(other, now=world.now)), "she keeps the unit, and sees it"


def test_a_long_past_of_whom_she_is_kept_away_from_fails_no_page(world: World) -> None:
    viewer = viewer_for(world.people["head"], now=world.now)
    many = frozenset(f"duty:{uuid.uuid4()}" for _ in range(2500))
    kept = replace(viewer, apart=frozenset({uuid.uuid4()}), apart_refs=Away(find=lambda: many))
    for seen in (visible_entries, visible_messages):  # of none of these does anything stand there
        assert seen(kept).count() == seen(viewer).count()
    assert visible_entries(kept).exists()


def asked(world: World, who: str) -> tuple[int, int]:
    """How many questions tell who she is and what she reads first, and how long they are."""
    with CaptureQueriesContext(
        connection,
    ) as found:
        viewer = everywhere.viewer_for(world.people[who], now=world.now)
        list(visible_entries(viewer).order_by("-number")[:5])
    return len(found), sum(len(one["sql"]) for one in found)


def test_what_is_kept_from_her_costs_no_more_with_each_year(world: World, pages: Pages) -> None:
    """Of a secret unit, and of somebody she is kept away from: what is long over is not fetched
    with each of her requests."""
    mission = out(world, pages)
    duty = Duty(kind="SHIFT", what="Night", zone="UTC", starts_at=world.now, group_id=uuid.uuid4(),
                ends_at=world.now + dt.timedelta(hours=8), unit_id=mission.unit_id,
                planned_by_id=mission.leader_id)  # fmt: skip
    apart.file_stay_away(person_id=world.people["second"], callsign="Fox", by=world.as_("second"),
                         now=world.now, tap=new_tap())  # fmt: skip
    duty.save()
    readers = ("guard", "admin", "second")
    before = [asked(world, who) for who in readers]
    for _ in range(10):
        for row in (mission, duty):
            row.pk, row._state.adding = uuid.uuid4(), True
            row.save()
        PartyMember.objects.create(mission_id=mission.pk, person_id=world.people["agent"],
                                   state="PLANNED")  # fmt: skip
    assert Mission.objects.filter(unit__is_secret=True).count() == 11
    assert [asked(world, who) for who in readers] == before


def stands(world: World, who: str) -> bool:
    rows = SpecialUnitPlace.objects.filter(person_id=world.people[who], to_at__isnull=True)
    return rows.exists()


@pytest.mark.parametrize("way", ["comes back", "is erased"])
def test_who_left_stands_in_no_secret_unit(world: World, pages: Pages, way: str) -> None:
    unit = found_unit(world, WORDS[0], callsign=WORDS[1], is_secret=True)
    joined(world, unit, "agent")
    joined(world, unit, "mate")
    planned(pages.as_("deputy"), unit, world.people["agent"])
    mate = world.people["mate"]
    assert str(mate) in MissionUnit.objects.get().members
    if way == "is erased":
        erase(world, "mate")
    else:
        for value in (False, True):
            persons.change_person(
                person_id=mate, values={"is_active": value}, by=STATION, now=world.now,
                tap=new_tap(),
            )  # fmt: skip
    assert not stands(world, "mate")
    assert stands(world, "agent")
    assert str(mate) not in MissionUnit.objects.get().members
