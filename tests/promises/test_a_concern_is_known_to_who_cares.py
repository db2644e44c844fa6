"""A concern is opened once, and known to welfare officers outside the team, to whoever spoke, and
to her whom it is about once she knows; a person ends it, and nobody else can."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.logbook.models import Entry
from homeby.logbook.queries import visible_entries
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.people.rules import Role
from homeby.welfare.actions import concerns
from homeby.welfare.actions.concerns import Ending
from homeby.welfare.actions.steps import Writing, write
from homeby.welfare.models import Concern, ConcernNote, FollowUp
from homeby.welfare.queries.concerns import (
    officers_outside,
    visible_concerns,
    visible_follow_ups,
    visible_notes,
)
from homeby.welfare.rules.concerns import ConcernKind, NoteKind, Outcome
from tests.promises.caring import concern_of, give, with_officers
from tests.world import World

NOBODYS = ("guard", "head", "deputy", "admin", "outsider", "mate")


@pytest.fixture
def cared(world: World) -> World:
    with_officers(world)
    return world


def seers(world: World) -> set[str]:
    """Who sees some concern."""
    return {who for who in world.people if visible_concerns(world.as_(who)).exists()}


def test_a_signal_played_again_opens_no_second_one(cared: World) -> None:
    first = concern_of(cared, key="signal:1")
    entries = Entry.objects.count()
    assert concern_of(cared, key="signal:1").pk == first.pk
    assert (Concern.objects.count(), Entry.objects.count()) == (1, entries)
    assert verify().difference is None


@pytest.mark.parametrize("team", [True, False])
def test_a_welfare_officer_of_the_team_sees_none_of_it(cared: World, team: bool) -> None:
    concern = concern_of(cared, ConcernKind.CONTACT, team=team, words="Quiet for weeks")
    assert seers(cared) == {"carer"}
    told = officers_outside(concern.person_id, concern.team_id, now=cared.now)
    assert told == [cared.people["carer"]]
    for who in NOBODYS:
        viewer = cared.as_(who)
        assert not visible_notes(viewer).exists()
        assert not visible_entries(viewer).filter(kind="CONCERN_OPENED").exists(), who


def test_whoever_leads_the_team_or_decided_sees_none_of_it(cared: World) -> None:
    give(cared, "deputy", Role.WELFARE_OFFICER)  # leads everybody
    give(cared, "guard", Role.WELFARE_OFFICER, cared.team_id)  # of that team, outside it
    give(cared, "outsider", Role.WELFARE_OFFICER)
    concern = concern_of(cared, ConcernKind.CONTACT, not_to=("outsider",))
    assert seers(cared) == {"carer", "guard"}
    told = officers_outside(
        concern.person_id, concern.team_id, now=cared.now, not_to=[cared.people["outsider"]]
    )
    assert set(told) == {cared.people["carer"], cared.people["guard"]}


def test_she_knows_of_a_signal_and_of_her_own_word_and_of_no_worry(cared: World) -> None:
    for kind, knows in (
        (ConcernKind.SIGNAL, True),
        (ConcernKind.OWN_WORD, True),
        (ConcernKind.WORRY_ABOUT, False),
        (ConcernKind.LEADERS_NOTE, False),
    ):
        concern = concern_of(cared, kind, by="outsider", words="Look after her")
        assert visible_concerns(cared.as_("agent")).filter(pk=concern.pk).exists() is knows, kind
    spoke = visible_concerns(cared.as_("outsider"))
    assert {one.kind for one in spoke} == {"OWN_WORD", "WORRY_ABOUT", "LEADERS_NOTE"}
    assert {one.kind for one in visible_notes(cared.as_("outsider"))} == {"SAID"}


def test_it_is_taken_handed_on_and_ended_with_an_outcome(cared: World) -> None:
    give(cared, "guard", Role.WELFARE_OFFICER)
    concern = concern_of(cared)
    carer, now = cared.as_("carer"), cared.now
    concerns.take(concern_id=concern.pk, by=carer, now=now, tap=new_tap())
    for wrong in ("mate", "agent"):
        with pytest.raises(Refused):
            concerns.hand_on(concern_id=concern.pk, to_id=cared.people[wrong], by=carer, now=now,
                             tap=new_tap())  # fmt: skip
    guard = cared.people["guard"]
    concerns.hand_on(concern_id=concern.pk, to_id=guard, by=carer, now=now, tap=new_tap())
    concern.refresh_from_db()
    assert concern.owner_id == guard
    asks = Writing(kind=NoteKind.ASKED, words="How are you?")
    write(concern_id=concern.pk, writing=asks, by=carer, now=now, tap=new_tap())
    ending = Ending(outcome=Outcome.TALKED, words="Talked", next_at=now + dt.timedelta(weeks=3))
    for who in ("mate", "head", "admin", "agent"):
        with pytest.raises(Refused):
            concerns.end(concern_id=concern.pk, ending=ending, by=cared.as_(who), now=now,
                         tap=new_tap())  # fmt: skip
    concerns.end(concern_id=concern.pk, ending=ending, by=carer, now=now, tap=new_tap())
    concern.refresh_from_db()
    assert (concern.state, concern.outcome) == ("ENDED", "TALKED")
    assert [one.owner_id for one in visible_follow_ups(carer)] == [guard]
    assert FollowUp.objects.count() == 1
    assert not any(b"Talked" in bytes(one.sealed or b"") for one in ConcernNote.objects.all())
    assert verify().difference is None
