"""Of care that is over the words go, and what decisions saw goes after three years; that somebody
cared stays, no office learns of it, and what the search holds is still what is made again."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.logbook.models import Entry, EntryBody
from homeby.logbook.queries import visible_entries
from homeby.logbook.rules import CARE_ERASED, new_tap
from homeby.logbook.verification import verify
from homeby.people.rules import STATION
from homeby.readiness.models import DutyDecision, MissionDecision
from homeby.readiness.queries.decisions import CLOSES_AFTER
from homeby.readiness.rules.duty_planning import DutyType, NotPicked
from homeby.retention.left_out import fade
from homeby.welfare.actions import searching
from homeby.welfare.actions.concerns import Ending, end
from homeby.welfare.actions.follow_ups import do_follow_up
from homeby.welfare.actions.steps import Said, say
from homeby.welfare.models import (
    Concern,
    ConcernNote,
    FollowUp,
    TeamBase,
    TeamState,
    WelfareCheck,
)
from homeby.welfare.queries.closed import closed_activities
from homeby.welfare.queries.search import happened
from homeby.welfare.queries.switch import periods
from homeby.welfare.rules.concerns import NextStep, Outcome
from homeby.welfare.rules.kept import KEPT_MOST, base_at, erased_before
from homeby.welfare.rules.left_out import Team
from homeby.welfare.rules.replaying import play
from tests.promises.caring import left_out, with_officers
from tests.promises.lived import EVERY, Lived, held, no_rest, signals
from tests.promises.planning_duties import ask, in_team, pick, planned
from tests.promises.planning_duties import say as answer
from tests.promises.repeating_welfare import WELFARE
from tests.world import World

DAY, YEAR = dt.timedelta(days=1), dt.timedelta(days=365)


def entries_of(world: World, who: str) -> list[int]:
    return list(visible_entries(world.as_(who)).order_by("number").values_list("number", flat=True))


def test_words_go_and_the_fact_stays_and_no_office_reads_of_it(world: World) -> None:
    with_officers(world)
    left_out(world, "Nobody tells me anything.")
    row, carer = Concern.objects.get(), world.as_("carer")
    said = Said(words="I should like to talk to them.", step=NextStep.TALK)
    say(concern_id=row.pk, said=said, by=world.as_("agent"), now=world.now, tap=new_tap())
    ending = Ending(outcome=Outcome.CHANGED, words="They meet.", next_at=world.now + 30 * DAY)
    end(concern_id=row.pk, ending=ending, by=carer, now=world.now, tap=new_tap())
    sealed = [bytes(one.sealed or b"").hex() for one in ConcernNote.objects.all()]
    assert all(sealed)
    world.now += 3 * YEAR
    assert fade(now=world.now, rest=no_rest) == 0, "somebody still asks again"
    do_follow_up(
        follow_up_id=FollowUp.objects.get().pk, words="Well.", she_says_no=True, by=carer,
        now=world.now, tap=new_tap(),
    )  # fmt: skip
    before = {who: entries_of(world, who) for who in ("admin", "head", "carer", "agent")}
    assert fade(now=world.now, rest=no_rest) > 0
    notes = ConcernNote.objects.values_list("sealed", "step")
    assert len(notes) == len(sealed) + 1
    assert set(notes) == {(None, "")}
    row.refresh_from_db()
    assert (row.outcome, row.ended_by_id) == (Outcome.CHANGED, world.people["carer"])
    bodies = [str(one) for one in EntryBody.objects.values_list("body", flat=True)]
    assert not any(word in body for word in sealed for body in bodies)
    assert {who: entries_of(world, who) for who in before} == before, "nobody reads of it"
    assert Entry.objects.filter(kind=CARE_ERASED).exists()
    assert verify().difference is None
    count = Entry.objects.count()
    assert fade(now=world.now + DAY, rest=no_rest) == 0
    assert Entry.objects.count() == count, "where there is nothing, nothing is written"


def test_how_she_was_found_goes_and_that_somebody_looked_stays(world: World) -> None:
    WELFARE["welfare.checks.find"](world)(new_tap())
    check = WelfareCheck.objects.get()
    assert check.how == "WELL"
    world.now += 2 * YEAR - DAY
    fade(now=world.now, rest=no_rest)
    check.refresh_from_db()
    assert check.how == "WELL", "two years have not passed"
    world.now += 2 * DAY
    assert fade(now=world.now, rest=no_rest) > 0
    check.refresh_from_db()
    assert (check.how, check.found_by_id) == ("", world.people["carer"])
    said = "WELL"
    bodies = EntryBody.objects.filter(body__contains='"welfare.welfarecheck"')
    assert not any(f'"how":"{said}"' in str(one.body) for one in bodies)
    assert Concern.objects.get().outcome == Outcome.TALKED
    assert verify().difference is None
    assert fade(now=world.now + DAY, rest=no_rest) == 0


def test_what_decisions_saw_is_kept_three_years_and_no_longer(world: World) -> None:
    in_team(world, "agent", "mate")
    duty = planned(world, kind=DutyType.TRAINING, seats="1")
    ask(world, duty, "agent", "mate")
    for one in ("agent", "mate"):
        answer(world, duty, one)
    pick(world, duty, "mate", reason=NotPicked.SEATS_FULL)
    world.plan("agent", team_id=world.team_id)
    out = world.send_out("mate", team_id=world.team_id)
    world.look()  # what was written to them is on its way no more
    assert DutyDecision.objects.exclude(pool=[]).exists()
    assert MissionDecision.objects.exclude(pool=[]).exists()
    world.now = duty.ends_at + CLOSES_AFTER
    (before,) = closed_activities(STATION, now=world.now)[world.team_id]
    assert before.choice is not None
    while erased_before(world.now) <= duty.ends_at:
        assert fade(now=world.now, rest=no_rest) == 0
        assert world.now - duty.ends_at < KEPT_MOST
        world.now += 30 * DAY
    assert fade(now=world.now, rest=no_rest) > 0
    assert not DutyDecision.objects.exclude(facts={}, pool=[]).exists()
    kept = MissionDecision.objects.exclude(pool=[])
    assert out.pk in set(kept.values_list("mission_id", flat=True)), "they are not back yet"
    told = str(world.people["agent"])
    bodies = EntryBody.objects.filter(body__contains='"readiness.dutydecision"')
    kept_in = [one.pk for one in bodies if told in str(one.body) and '"pool":[{' in str(one.body)]
    assert kept_in == []
    closed_activities(STATION, now=world.now)
    assert verify().difference is None
    count = Entry.objects.count()
    fade(now=world.now + DAY, rest=no_rest)
    assert Entry.objects.count() == count


@pytest.mark.parametrize("late", [False, True])
def test_what_is_made_again_is_the_same_though_its_beginning_is_erased(
    world: World, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    lived = Lived(world, monkeypatch)
    lived.on()
    lived.log = lived.some_year(1)
    missing = lived.log.pop(70) if late else None
    lived.until(90)
    lived.look()
    found = signals()
    middle = lived.started + 50 * EVERY
    while base_at(world.now) < middle:
        world.now += 10 * DAY
    searching.lay_bases(now=world.now, rest=no_rest)
    base = TeamBase.objects.get()
    assert base.until_at < base_at(world.now) <= base.until_at + 2 * EVERY + 4 * DAY
    if missing is not None:
        lived.log.append(missing)
        lived.recompute()
    stood = bytes(TeamState.objects.get(month=0).body)
    if missing is None:
        assert signals() == found
    assert stood == _from_the_beginning(lived), "as it would be by all records"
    lived.log = [one for one in lived.log if (one.group_closes_at or one.closed_at) > base.until_at]
    before = held()
    assert lived.look().decisions == 0, "nothing else is there to be taken in"
    assert lived.recompute().changed == 0
    assert held() == before
    assert bytes(TeamState.objects.get(month=0).body) == stood
    lived.off()
    assert not TeamBase.objects.exists(), "nothing that it made up is kept"


def _from_the_beginning(lived: Lived) -> bytes:
    several = periods(STATION)
    (told,) = happened(several, now=lived.world.now, since=None).values()
    stands = play(Team(promise=several[0].promise), None, told, newest=lived.world.now).stands
    assert stands is not None
    return stands.body
