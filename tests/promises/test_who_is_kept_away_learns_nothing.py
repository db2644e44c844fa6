"""Stay-away (promise 8): two people see nothing of each other, are never put into one party, and an
alarm goes round whoever is kept away, but is never lost; nothing tells that there is such a record.
"""

from __future__ import annotations

import uuid

import pytest

from homeby.comms import queries as comms
from homeby.logbook import queries as logbook
from homeby.logbook.actions import note_looks
from homeby.logbook.reading import Look, ReaderHere, ReadKind
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions import queries as missions
from homeby.missions.queries.visible import visible_party
from homeby.missions.queries.who import viewer_for
from homeby.people import queries as people
from homeby.people.actions import apart, persons, teams
from homeby.people.models import ContactPoint, StayAway
from homeby.people.queries.apart import visible_stay_aways
from homeby.people.queries.minors import minors
from homeby.people.rules import STATION, Role, Viewer
from homeby.watch import queries as watch
from homeby.watch.actions import alarms
from homeby.watch.queries.kin import open_worries
from tests.promises.acts import pass_time
from tests.promises.apart import LOOKED_AT, keep_away
from tests.promises.kin_pages import worry
from tests.promises.test_a_minor_has_limits_and_a_guardian import is_minor
from tests.rooms.pages import Pages, text_of
from tests.world import World


def give_role(world: World, who: str, role: Role) -> None:
    teams.give_role(
        person_id=world.people[who], role=role, by=STATION, now=world.now, tap=new_tap()
    )


def eyes(world: World, who: str) -> Viewer:
    """The viewer that pages make of somebody."""
    return viewer_for(world.people[who], now=world.now)


def seen_of(viewer: Viewer, other: uuid.UUID, ref: str) -> dict[str, bool]:
    """What a viewer sees of somebody who is out and missed, room by room."""
    mission_id = uuid.UUID(ref.partition(":")[2])
    return {
        "person": people.person(viewer, other) is not None,
        "contact": people.visible_contacts(viewer).filter(person_id=other).exists(),
        "role": people.visible_roles(viewer).filter(person_id=other).exists(),
        "mission": missions.mission(viewer, mission_id) is not None,
        "party": visible_party(viewer).filter(person_id=other).exists(),
        "alarm": watch.visible_alarms(viewer).filter(subject__ref=ref).exists(),
        "deadline": watch.visible_deadlines(viewer).filter(subject__ref=ref).exists(),
        "message": comms.visible_messages(viewer).filter(person_id=other).exists(),
        "about": comms.visible_messages(viewer).filter(about__startswith=ref).exists(),
        "entry": logbook.visible_entries(viewer).filter(subject=ref).exists(),
        "by her": logbook.visible_entries(viewer).filter(person_id=other).exists(),
    }


def test_both_see_nothing_of_each_other_in_any_room(world: World) -> None:
    give_role(world, "agent", Role.GATE_KEEPER)
    mission = world.send_out("agent", due_minutes=30)
    theirs = world.send_out("head", due_minutes=30)
    pass_time(world, minutes=120)
    agent, head = world.people["agent"], world.people["head"]
    before = seen_of(eyes(world, "head"), agent, mission.ref)
    assert all(before.values()), before
    keep_away(world, "agent", "head")
    assert not any(seen_of(eyes(world, "head"), agent, mission.ref).values())
    assert not any(seen_of(eyes(world, "agent"), head, theirs.ref).values())
    assert missions.mission(eyes(world, "deputy"), mission.pk) is not None
    world.sign_in("agent")
    assert not any(seen_of(eyes(world, "head"), agent, mission.ref).values()), "nor afterwards"
    assert verify().difference is None


def test_pages_say_nothing_either(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mission = world.send_out("agent", due_minutes=30)
    pass_time(world, minutes=45)
    alarm = world.alarm()
    keep_away(world, "agent", "head")
    pages = Pages(world, monkeypatch)
    lists = ("/board/", "/board/rows/", "/missions/", "/alarms/", "/office/messages/",
             "/office/people/", "/office/people/?q=Fox", "/missions/plan/", "/")  # fmt: skip
    for who, sees in (("deputy", True), ("head", False)):
        client = pages.as_(who)
        found = {one for one in lists if "Fox" in text_of(client.get(one, follow=True))}
        assert bool(found - {"/office/people/?q=Fox"}) is sees, (who, found)
        assert client.get(f"/missions/{mission.pk}/").status_code == (200 if sees else 404)
        assert client.get(f"/alarms/{alarm.pk}/").status_code == (200 if sees else 404)
        person = client.get(f"/office/people/{world.people['agent']}/")
        assert person.status_code == (200 if sees else 404)


def test_an_alarm_goes_round_whoever_is_kept_away(world: World) -> None:
    keep_away(world, "agent", "head")
    world.send_out("agent", due_minutes=30)
    pass_time(world, minutes=150)
    assert world.phone("deputy")
    assert not world.phone("head")
    (alarm,) = watch.open_alarms(STATION)
    assert not watch.may_stand_down(world.as_("agent"), alarm)
    with pytest.raises(Refused, match="is not available"):
        alarms.hand_over(
            alarm_id=alarm.pk,
            to=world.people["head"],
            by=Viewer(person_id=world.people["deputy"], roles=frozenset({Role.DUTY_OFFICER})),
            now=world.now,
            tap=new_tap(),
        )


def test_but_it_is_never_lost_where_nobody_else_is_left(world: World) -> None:
    world.send_out("agent", due_minutes=30)
    for who in ("head", "deputy", "admin"):
        keep_away(world, "agent", who)
    pass_time(world, minutes=180)
    assert world.phone("head"), "an alarm that is lost is worse"


def test_nor_where_those_who_are_left_have_no_telephone(world: World) -> None:
    for who in ("deputy", "admin"):
        ContactPoint.objects.filter(person_id=world.people[who]).update(verified_at=None)
    keep_away(world, "agent", "head")
    world.send_out("agent", "mate", due_minutes=30)
    pass_time(world, minutes=300)
    assert world.phone("head"), "nobody else could be rung"


def test_they_are_never_put_into_one_party_in_words_that_tell_nothing(world: World) -> None:
    keep_away(world, "agent", "mate")
    with pytest.raises(Refused) as apart_:
        world.plan("agent", "mate")
    persons.change_person(
        person_id=world.people["mate"],
        values={"is_active": False},
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    with pytest.raises(Refused) as gone:
        world.plan("agent", "mate")
    assert apart_.value.problems == gone.value.problems
    assert str(gone.value)


def test_only_whom_it_was_filed_for_and_welfare_officers_read_it(world: World) -> None:
    give_role(world, "outsider", Role.WELFARE_OFFICER)
    keep_away(world, "agent", "head")
    sees = {who for who in world.people if visible_stay_aways(world.as_(who)).exists()}
    assert sees == {"agent", "outsider"}
    for who in ("head", "deputy", "admin", "guard", "mate"):
        entries = logbook.visible_entries(eyes(world, who))
        assert not entries.filter(kind__startswith="STAY_AWAY").exists(), who
    with pytest.raises(Refused, match="welfare officer"):
        apart.file_stay_away(
            person_id=world.people["agent"],
            callsign="Owl",
            by=world.as_("head"),
            now=world.now,
            tap=new_tap(),
        )
    row = StayAway.objects.get()
    with pytest.raises(Refused, match="ended already"):
        apart.end_stay_away(stay_away_id=row.pk, by=world.as_("head"), now=world.now, tap=new_tap())
    apart.end_stay_away(stay_away_id=row.pk, by=world.as_("outsider"), now=world.now, tap=new_tap())
    assert people.person(eyes(world, "head"), world.people["agent"]) is not None


def test_an_administrator_reads_no_look_at_or_by_her(world: World) -> None:
    agent, ref = world.people["agent"], world.send_out("agent").ref
    at_her = Look(kind=ReadKind.KIN, what=f"person:{agent}", whose=agent)
    at_party = Look(kind=ReadKind.STATUS, what=ref)
    by_her = Look(kind=ReadKind.BOARD, what="board")
    for who, looks in (("head", [at_her, at_party]), ("agent", [by_her])):
        reader = ReaderHere(
            person_id=world.people[who], as_=Role.MEMBER, device="web", now=world.now
        )
        note_looks(looks, by=reader)
    assert logbook.visible_reads(eyes(world, "admin")).count() == 3
    keep_away(world, "agent", "admin")
    assert not logbook.visible_reads(eyes(world, "admin")).exists()


def test_no_worry_no_limit_and_no_name_of_hers_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = world.send_out("head", "agent")
    world.give_kin("agent", "flatmate")
    worry(world, None, said="She does not answer")
    give_role(world, "head", Role.SAFEGUARDING_LEAD)
    is_minor(world)
    client, who = Pages(world, monkeypatch).as_("head"), f"/who/{world.people['agent']}/"

    def read() -> tuple[bool, bool, int]:
        limits = minors(eyes(world, "head"), on=world.now.date())
        named = client.get(who, {"mission": str(mission.pk)}).status_code
        return bool(open_worries(eyes(world, "head"))), bool(limits), named

    assert read() == (True, True, 200)
    keep_away(world, "agent", "head")
    assert read() == (False, False, 404)


def test_the_responses_would_tell_without_the_record(world: World) -> None:
    """The positive control: Ghost is on the very pages that are compared."""
    world.add("ghost", callsign="Ghost")
    world.add("viewer", Role.DUTY_OFFICER, callsign="Viewer")
    patch = pytest.MonkeyPatch()
    try:
        pages = Pages(world, patch)
        world.send_out("ghost", due_minutes=20)
        pass_time(world, minutes=30)
        client = pages.as_("viewer")
        telling = {
            one
            for one in LOOKED_AT
            if "Ghost" in text_of(client.get(one.format(gate=world.gate_id)))
        }
    finally:
        patch.undo()
    assert {"/board/", "/missions/", "/alarms/", "/office/people/", "/office/messages/"} <= telling


def test_ten_she_files_herself_and_more_with_a_welfare_officer(world: World) -> None:
    for number in range(12):
        world.add(f"n{number}", callsign=f"Number {number}")
    give_role(world, "guard", Role.WELFARE_OFFICER)
    for number in range(10):
        keep_away(world, "agent", f"n{number}")
    with pytest.raises(Refused) as refused:
        keep_away(world, "agent", "n10")
    assert "speak with a welfare officer" in refused.value.problems["callsign"]
    apart.file_stay_away(
        person_id=world.people["agent"], callsign="Number 10", by=world.as_("guard"),
        now=world.now, tap=new_tap(),
    )  # fmt: skip
    keep_away(world, "mate", "n11")
    ended = StayAway.objects.filter(filed_by_id=world.people["agent"])[:2]
    for row in ended:
        apart.end_stay_away(
            stay_away_id=row.pk, by=world.as_("agent"), now=world.now, tap=new_tap()
        )
    keep_away(world, "agent", "n11")
    assert StayAway.objects.filter(person_id=world.people["agent"], ended_at=None).count() == 10
