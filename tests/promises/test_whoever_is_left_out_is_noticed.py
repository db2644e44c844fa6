"""Whoever is left out of what her team does is noticed: a welfare officer outside the team hears of
it, and so does she, and nobody else. What was said stays said (promise 11)."""

from __future__ import annotations

import pytest

from homeby.comms.models import Message
from homeby.logbook.models import Entry, EntryBody
from homeby.logbook.queries import visible_entries
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.people.actions.teams import give_role
from homeby.people.rules import STATION, Role
from homeby.welfare.actions import searching, switching
from homeby.welfare.actions.concerns import Ending, end, take
from homeby.welfare.models import Concern, LeftOutSignal, TakenIn, TeamState
from homeby.welfare.queries.concerns import visible_concerns
from homeby.welfare.queries.switch import not_about_me, search
from homeby.welfare.rules import switch as rules
from homeby.welfare.rules.activities import Choice
from homeby.welfare.rules.concerns import ConcernKind, Outcome
from homeby.welfare.rules.switch import Unasked
from tests.promises.lived import DAY, EVERY, Lived, held, signals
from tests.world import World


@pytest.fixture
def lived(world: World, monkeypatch: pytest.MonkeyPatch) -> Lived:
    return Lived(world, monkeypatch)


def told(world: World, about: str) -> set[str]:
    """Who was written to about something, by the names tests have for them."""
    names = {key: name for name, key in world.people.items()}
    rows = Message.objects.filter(about__startswith=about)
    return {names[one.person_id] for one in rows if one.person_id in names}


def test_an_officer_outside_the_team_hears_of_it_and_she_does(lived: Lived) -> None:
    world = lived.world
    lived.on()
    lived.without_her(0, 14)
    lived.until(14)
    assert lived.look().signals > 0
    concern = Concern.objects.get()
    her = world.people["agent"]
    assert (concern.kind, concern.person_id, concern.team_id) == (
        ConcernKind.SIGNAL, her, world.team_id
    )  # fmt: skip
    sees = {who for who in world.people if visible_concerns(world.as_(who)).exists()}
    assert sees == {"agent", "carer"}, "no leader, decider, officer of the team or administrator"
    assert told(world, "private:") | told(world, "concern:") == {"agent", "carer"}
    for one in Message.objects.filter(about__contains=str(concern.pk)):
        said = f"{one.subject} {one.text}"
        assert not any(name in said for name in ("Fox", "agent", "Team 7", "left out"))
    for who in ("admin", "head", "mate", "outsider", "deputy"):
        kinds = visible_entries(world.as_(who)).values_list("kind", flat=True)
        assert not {rules.SIGNAL_RAISED, "CONCERN_OPENED"} & set(kinds)
    assert verify().difference is None


def test_it_is_said_once_and_stays_said_whatever_becomes_of_the_records(lived: Lived) -> None:
    lived.on()
    lived.without_her(0, 16)
    lived.until(16)
    lived.look()
    first = signals()
    assert first
    lived.world.now += DAY
    reads, entries = lived.reads, Entry.objects.count()
    assert lived.look().signals == 0
    assert (signals(), Entry.objects.count()) == (first, entries)
    assert lived.look().decisions == 0
    assert lived.reads == reads + 1, "nothing is read again on the same day"
    everybody = ("agent", "mate", "outsider")
    lived.log = [lived.mission(number, *everybody) for number in range(16)]
    lived.world.now += DAY
    lived.look()
    assert [(who, at) for who, at, _found in signals()] == [(who, at) for who, at, _ in first]
    assert not any(found for _who, _at, found in signals())
    assert Concern.objects.count() == 1


def test_a_closed_case_begins_with_nothing_and_what_comes_after_is_another(lived: Lived) -> None:
    world = lived.world
    lived.on()
    lived.without_her(0, 44)
    lived.until(16)
    lived.look()
    concern = Concern.objects.get()
    ending = Ending(outcome=Outcome.RECORD_WRONG, words="Two were missing.", next_at=None)
    world.now += EVERY / 10
    end(concern_id=concern.pk, ending=ending, by=world.as_("carer"), now=world.now, tap=new_tap())
    lived.until(17)
    lived.look()
    assert Concern.objects.count() == 1
    lived.until(43)
    lived.look()
    assert Concern.objects.count() == 2
    live = held()
    assert lived.recompute().changed == 0
    assert held() == live
    assert Concern.objects.count() == 2


def test_off_until_somebody_switches_it_on_and_everybody_is_told(lived: Lived) -> None:
    world = lived.world
    lived.without_her(0, 16)
    lived.until(16)
    assert lived.go_round() == lived.look()
    assert (lived.reads, held(), search(world.as_("agent")).is_on) == (0, [], False)
    for who in ("head", "carer", "agent"):
        with pytest.raises(Refused):
            switching.set_search(is_on=True, one_in_years=100, by=world.as_(who), now=world.now,
                                 tap=new_tap())  # fmt: skip
    lived.on(500)
    lived.go_round()
    assert told(world, "search") == set(world.people)
    assert (signals(), search(world.as_("agent")).one_in_years) == ([], 500)
    assert held(), "what was before says what is usual, and speaks against nobody"
    sent = Message.objects.filter(about="search").count()
    world.add("late comer")
    lived.on(100)  # within the same instant: the one before was none
    lived.go_round()
    assert Message.objects.filter(about="search").count() == sent + 1
    lived.off()
    assert not TeamState.objects.exists()
    assert not TakenIn.objects.exists()
    assert verify().difference is None


def test_it_is_not_switched_on_where_nobody_could_hear_of_it(world: World) -> None:
    with pytest.raises(Refused, match="welfare officer"):
        switching.set_search(is_on=True, one_in_years=100, by=world.as_("admin"), now=world.now,
                             tap=new_tap())  # fmt: skip


def test_of_whom_nothing_is_to_be_said_nothing_is(lived: Lived) -> None:
    world = lived.world
    lived.on()

    def wants(wanted: bool) -> None:
        switching.set_unasked(said=Unasked.SIGNAL, wanted=wanted, by=world.as_("agent"),
                              now=world.now, tap=new_tap())  # fmt: skip

    wants(False)
    assert not_about_me(world.as_("agent")) == {Unasked.SIGNAL}
    assert not_about_me(world.as_("carer")) == frozenset()
    lived.without_her(0, 16)
    lived.until(16)
    lived.look()
    wants(True)
    world.now += DAY
    lived.look()
    lived.recompute()
    assert (signals(), Concern.objects.count()) == ([], 0)
    lived.without_her(16, 44)
    lived.until(44)
    lived.look()
    assert signals(), "from then on it may be said"


def test_whoever_gives_roles_hears_that_an_officer_is_missing_and_of_nobody(lived: Lived) -> None:
    world = lived.world
    lived.on()
    lived.go_round()
    missing = Entry.objects.filter(kind=rules.OFFICER_MISSING)
    assert missing.count() == 0
    give_role(person_id=world.people["carer"], role=Role.LEADER, by=STATION, now=world.now,
              tap=new_tap())  # fmt: skip
    lived.go_round()
    lived.go_round()
    assert missing.get().subject == f"team:{world.team_id}"


def test_whoever_does_nothing_with_them_any_more_is_asked_after(lived: Lived) -> None:
    world = lived.world
    lived.on()
    everybody = ("agent", "mate", "outsider")
    lived.log = [lived.mission(n, *everybody, choice=None) for n in range(12)]
    lived.log += [lived.mission(n, "mate", "outsider", choice=None) for n in range(12, 20)]
    lived.until(15)
    lived.go_round()
    assert Concern.objects.count() == 0
    lived.until(19)
    lived.go_round()
    lived.go_round()
    concern = Concern.objects.get()
    assert (concern.kind, concern.person_id) == (ConcernKind.CONTACT, world.people["agent"])
    assert not LeftOutSignal.objects.exists()


def test_broken_off_it_goes_on_where_it_was(lived: Lived) -> None:
    class Killed(BaseException):
        pass

    def killed() -> None:
        raise Killed

    lived.on()
    lived.without_her(0, 16)
    lived.until(16)
    with pytest.raises(Killed):
        searching.look(now=lived.world.now, rest=killed)
    found = signals()
    assert found
    assert lived.look().signals == 0
    assert signals() == found


def test_a_year_after_it_ended_it_is_not_known_any_more_by_which_decision(lived: Lived) -> None:
    world = lived.world
    lived.on()
    lived.without_her(0, 16)
    lived.until(16)
    lived.go_round()
    world.look()
    ending = Ending(outcome=Outcome.RECORD_WRONG, words="Two were missing.", next_at=None)
    carer, concern = world.as_("carer"), Concern.objects.get()
    end(concern_id=concern.pk, ending=ending, by=carer, now=world.now, tap=new_tap())
    keys = set(LeftOutSignal.objects.values_list("key", flat=True))
    world.now += 360 * DAY
    lived.go_round()
    assert set(LeftOutSignal.objects.values_list("key", flat=True)) == keys != {""}
    world.now += 6 * DAY
    lived.go_round()
    assert set(LeftOutSignal.objects.values_list("key", flat=True)) == {""}
    bodies = EntryBody.objects.filter(entry__kind=rules.SIGNAL_RAISED)
    assert not any(key in str(one.body) for one in bodies for key in keys)
    assert verify().difference is None
    lived.recompute()
    assert Concern.objects.filter(kind=ConcernKind.SIGNAL).count() == 1


def test_whoever_decides_in_the_team_since_reads_nothing_more_of_it(lived: Lived) -> None:
    """A later signal belongs to the concern that is open; what its owner decided meanwhile takes it
    from her, and the other officers hear so."""
    world = lived.world
    lived.on()
    lived.without_her(0, 16)
    lived.until(16)
    assert lived.look().signals
    concern, carer = Concern.objects.get(), world.as_("carer")
    take(concern_id=concern.pk, by=carer, now=world.now, tap=new_tap())
    world.add("fresh", Role.WELFARE_OFFICER)
    chose = Choice(not_drawn=frozenset({str(world.people[who]) for who in ("head", "carer")}))
    lived.log += [lived.mission(one, "mate", "outsider", choice=chose) for one in range(16, 50)]
    lived.until(50)
    assert lived.look().signals
    assert Concern.objects.get() == concern, "it is the same"
    concern.refresh_from_db()
    assert concern.owner_id is None
    assert not visible_concerns(carer).exists()
    assert visible_concerns(world.as_("fresh")).exists()
    assert "fresh" in told(world, "concern:")
    assert verify().difference is None
