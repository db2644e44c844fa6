"""Who has which thing since when; back is not restocked; nobody is kept from taking what she needs
(`STORY.md` 52 to 55)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from homeby.logbook import actions as logbook
from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused, new_tap
from homeby.missions.actions import plan
from homeby.people.rules import Role
from homeby.readiness.actions import kit, kit_reminding, kit_room
from homeby.readiness.actions.kit import CheckFields, ReturnFields
from homeby.readiness.models import KitItem
from homeby.readiness.queries import kit as queries
from homeby.readiness.rules.kit import KitState, Returned
from homeby.station import hourly
from tests.promises.carrying import FIRST_AID, add_kit
from tests.world import World


@pytest.fixture
def first_aid(world: World) -> uuid.UUID:
    return add_kit(world)


def take(
    world: World, who: str, item: uuid.UUID, mission: uuid.UUID | None = None, why: str = ""
) -> str:
    by = world.as_(who)
    return kit.take(item_id=item, mission_id=mission, why=why, by=by, now=world.now, tap=new_tap())


def bring(world: World, who: str, item: uuid.UUID, **said: object) -> str:
    fields = ReturnFields(**said)  # type: ignore[arg-type]
    return kit.give_back(
        item_id=item, fields=fields, by=world.as_(who), now=world.now, tap=new_tap()
    )


def look_through(world: World, who: str, item: uuid.UUID, **said: object) -> str:
    fields = CheckFields(**said)  # type: ignore[arg-type]
    return kit.check(item_id=item, fields=fields, by=world.as_(who), now=world.now, tap=new_tap())


def state(item: uuid.UUID) -> KitState:
    return KitState(KitItem.objects.get(pk=item).state)


def test_brought_back_by_another_it_is_checked_and_restocked_before_it_is_ready(
    world: World, first_aid: uuid.UUID
) -> None:
    take(world, "agent", first_aid)
    assert "checks FA-3" in bring(world, "mate", first_aid, used={"bandages": 3})
    entry = Entry.objects.get(kind="KIT_RETURNED")
    assert (entry.person_id, entry.actor_id) == (world.people["agent"], world.people["mate"])
    with pytest.raises(Refused, match="nobody has checked it since"):
        take(world, "agent", first_aid)
    row = queries.kit_item(world.as_("outsider"), first_aid, now=world.now)
    assert row is not None
    assert [(one.name, one.lacking) for one in row.lacks] == [("bandages", 3)]
    assert "not ready yet" in look_through(world, "guard", first_aid)
    assert look_through(world, "guard", first_aid, there={"bandages": 4}) == "FA-3 is ready."
    assert "You have FA-3" in take(world, "agent", first_aid)


def test_what_speaks_against_it_is_said_and_a_name_and_a_reason_go_past_it(
    world: World,
) -> None:
    day = world.now.date()
    old = add_kit(
        world, replace(FIRST_AID, expires_date=day - dt.timedelta(days=1), may_leave=False)
    )
    mission = world.send_out("agent").pk
    with pytest.raises(Refused, match="passed its date") as refused:
        take(world, "agent", old, mission)
    assert "It must stay here." in str(refused.value)
    take(world, "agent", old, mission, why="Somebody bleeds")
    (entry,) = Entry.objects.filter(kind="KIT_TAKEN").select_related("content")
    assert entry.actor_id == world.people["agent"]
    assert "Somebody bleeds" in str(entry.content.body)


def test_from_hand_to_hand_it_is_still_known_who_has_it(world: World, first_aid: uuid.UUID) -> None:
    take(world, "agent", first_aid)
    world.received.clear()
    take(world, "mate", first_aid)
    world.look()
    assert [one.subject for one in world.phone("agent")] == ["You no longer have FA-3"]
    assert "Owl" not in world.phone("agent")[0].outgoing.text
    (row,) = queries.held(world.as_("mate"), now=world.now)
    assert (row.label, row.is_mine) == ("FA-3", True)
    assert queries.held(world.as_("agent"), now=world.now) == []


def test_who_has_it_is_known_to_whoever_may_know_where_she_is(
    world: World, first_aid: uuid.UUID
) -> None:
    mission = world.send_out("deputy", "agent", "mate")
    take(world, "agent", first_aid, mission.pk)

    def holder(who: str) -> str:
        row = queries.kit_item(world.as_(who), first_aid, now=world.now)
        assert row is not None
        assert row.state is KitState.OUT
        return row.holder

    seen = {who: holder(who) for who in ("agent", "mate", "guard", "head", "outsider", "admin")}
    assert seen == {
        "agent": "Fox",
        "mate": "Fox",
        "guard": "Fox",
        "head": "Fox",
        "outsider": "",
        "admin": "",
    }
    (row,) = queries.carried(world.as_("head"), mission.pk, now=world.now)
    assert row.label == "FA-3"
    assert queries.carried(world.as_("outsider"), mission.pk, now=world.now) == []


def test_only_who_goes_takes_kit_along(world: World, first_aid: uuid.UUID) -> None:
    mission = world.send_out("agent", "mate")
    for who in ("guard", "head", "deputy"):
        with pytest.raises(Refused, match="You are not on this mission, or are back"):
            take(world, who, first_aid, mission.pk)
    world.fast_forward(minutes=10)
    world.sign_in("mate")
    with pytest.raises(Refused, match="or are back"):
        take(world, "mate", first_aid, mission.pk)
    assert queries.carried(world.as_("head"), mission.pk, now=world.now) == []
    take(world, "agent", first_aid, mission.pk)
    (row,) = queries.carried(world.as_("head"), mission.pk, now=world.now)
    assert row.label == "FA-3"
    assert "You have FA-3" in take(world, "mate", first_aid), "for a day it is anybody's"


def test_controlled_kit_is_asked_for_in_the_morning_and_not_while_she_is_out(
    world: World, first_aid: uuid.UUID
) -> None:
    mission = world.send_out("agent")
    take(world, "agent", first_aid, mission.pk)
    world.now += dt.timedelta(days=2)
    assert kit_reminding.remind(now=world.now) == 0
    world.sign_in("agent")
    world.received.clear()
    assert kit_reminding.remind(now=world.now) == 0
    world.now += dt.timedelta(days=1, hours=12)
    assert kit_reminding.remind(now=world.now) == 1
    assert kit_reminding.remind(now=world.now) == 0, "a repeated round asks nobody twice"
    world.look()
    assert [one.subject for one in world.phone("agent")] == ["Still with you: FA-3"]
    for _day in range(3):
        world.now += dt.timedelta(days=2)
        assert kit_reminding.remind(now=world.now) == 1
    world.look()
    assert [one.subject for one in world.phone("guard")] == ["Not back: FA-3"]
    bring(world, "guard", first_aid)
    world.now += dt.timedelta(days=2)
    assert kit_reminding.remind(now=world.now) == 0


def test_the_station_asks_by_itself_and_a_copy_asks_nobody(
    world: World, first_aid: uuid.UUID
) -> None:
    take(world, "agent", first_aid)
    world.now += dt.timedelta(hours=25)
    logbook.found_station(place="here", now=world.now)
    assert hourly.go_round(now=world.now)
    assert Entry.objects.filter(kind="KIT_REMINDED").count() == 1
    world.now += dt.timedelta(days=2)
    logbook.quarantine(why="it lies elsewhere", here="there", now=world.now)
    assert hourly.go_round(now=world.now)
    assert Entry.objects.filter(kind="KIT_REMINDED").count() == 1


def test_what_was_taken_for_an_outing_that_never_began_is_asked_for(
    world: World, first_aid: uuid.UUID
) -> None:
    mission = world.plan("agent")
    take(world, "agent", first_aid, mission.pk)
    plan.cancel(mission_id=mission.pk, by=world.as_("agent"), now=world.now, tap=new_tap())
    world.now += dt.timedelta(days=2)
    assert kit_reminding.remind(now=world.now) == 1


def test_what_was_handed_out_for_a_plan_that_nobody_left_on_is_asked_for_after_its_time(
    world: World, first_aid: uuid.UUID
) -> None:
    mission = world.plan("agent", due_minutes=3 * 24 * 60)
    take(world, "agent", first_aid, mission.pk)
    world.now += dt.timedelta(days=3, minutes=-1)
    assert kit_reminding.remind(now=world.now) == 0, "they may still leave"
    world.now += dt.timedelta(hours=27)
    assert kit_reminding.remind(now=world.now) == 1


def test_a_list_tells_by_no_thing_that_is_hers_whether_she_is_here(world: World) -> None:
    mask = add_kit(world, replace(FIRST_AID, label="M-7", issued_to_id=world.people["agent"]))
    listed = {who: bool(queries.kit(world.as_(who), now=world.now)) for who in world.people}
    assert {who for who, is_there in listed.items() if is_there} == {
        "agent",
        "guard",
        "head",
        "deputy",
    }
    assert queries.labelled(world.as_("mate"), "M-7") is None
    take(world, "agent", mask)
    assert "M-7" in bring(world, "mate", mask), "whoever has it in her hand brings it back"


def test_tomorrow_is_a_word_that_counts(world: World, first_aid: uuid.UUID) -> None:
    take(world, "agent", first_aid)
    world.now += dt.timedelta(hours=23)
    kit_reminding.put_off(item_id=first_aid, by=world.as_("agent"), now=world.now, tap=new_tap())
    world.now += dt.timedelta(hours=2)
    assert kit_reminding.remind(now=world.now) == 0
    with pytest.raises(Refused, match="You do not have this"):
        kit_reminding.put_off(item_id=first_aid, by=world.as_("mate"), now=world.now, tap=new_tap())


def test_lost_is_said_and_found_is_looked_through(world: World, first_aid: uuid.UUID) -> None:
    now, by = world.now, world.as_("mate")
    take(world, "agent", first_aid)
    kit.report_missing(item_id=first_aid, by=by, now=now, tap=new_tap())
    assert state(first_aid) is KitState.MISSING
    kit.find(item_id=first_aid, by=by, now=now, tap=new_tap())
    assert state(first_aid) is KitState.TO_CHECK
    bring_again = pytest.raises(Refused, match="in its place already")
    with bring_again:
        bring(world, "mate", first_aid)


def test_what_cannot_be_is_a_sentence_and_changes_nothing(
    world: World, first_aid: uuid.UUID
) -> None:
    take(world, "agent", first_aid)
    before = Entry.objects.count()
    with pytest.raises(Refused, match="at most 4 were in it"):
        bring(world, "agent", first_aid, used={"bandages": 5})
    with pytest.raises(Refused, match="does not belong"):
        bring(world, "agent", first_aid, used={"rope": 1})
    with pytest.raises(Refused, match="no such mission"):
        take(world, "mate", first_aid, uuid.uuid4())
    with pytest.raises(Refused, match="brought back first"):
        look_through(world, "guard", first_aid)
    with pytest.raises(Refused, match="keeps the kit room"):
        kit_room.set_kit(
            item_id=None, fields=FIRST_AID, by=world.as_("agent"), now=world.now, tap=new_tap()
        )
    with pytest.raises(Refused, match="still to come"):
        add_kit(world, replace(FIRST_AID, label="X-1", inspected_date=dt.date.max))
    with pytest.raises(Refused, match="label already"):
        add_kit(world, replace(FIRST_AID, label="fa-3"))
    with pytest.raises(Refused, match="first"):
        kit_room.end_kit(
            item_id=first_aid, ended=True, by=world.as_("guard"), now=world.now, tap=new_tap()
        )
    assert Entry.objects.count() == before


def test_a_changed_list_keeps_what_is_there(world: World, first_aid: uuid.UUID) -> None:
    take(world, "agent", first_aid)
    bring(world, "agent", first_aid, used={"gloves": 1}, how=Returned.TO_CLEAN)
    more = replace(FIRST_AID, contents="6 bandages\n2 gloves\n1 scissors")
    kit_room.set_kit(
        item_id=first_aid, fields=more, by=world.as_("guard"), now=world.now, tap=new_tap()
    )
    row = queries.kit_item(world.as_("guard"), first_aid, now=world.now)
    assert row is not None
    assert [(one.name, one.there, one.wanted) for one in row.parts] == [
        ("bandages", 4, 6),
        ("gloves", 1, 2),
        ("scissors", 1, 1),
    ]


def test_whom_she_is_kept_away_from_is_not_named(world: World, first_aid: uuid.UUID) -> None:
    take(world, "agent", first_aid)
    guard = replace(world.as_("guard"), apart=frozenset({world.people["agent"]}))
    row = queries.kit_item(guard, first_aid, now=world.now)
    assert row is not None
    assert (row.holder, row.held_at) == ("", None)
    assert Role.GATE_KEEPER in guard.roles
