"""Whoever says no to everything, who did not before, is asked after by a welfare officer outside
the team: a concern of which she hears when she is asked, and which she may switch off."""

from __future__ import annotations

import random
from typing import Any

import pytest

from homeby.comms.models import Message
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.welfare.actions.switching import set_unasked
from homeby.welfare.models import Concern, LeftOutSignal
from homeby.welfare.queries.concerns import own_concerns, visible_concerns
from homeby.welfare.rules.activities import Candidate, ClosedActivity
from homeby.welfare.rules.switch import Unasked
from tests.promises.lived import DAY, EVERY, Lived
from tests.rooms.pages import Pages, text_of
from tests.world import World

CREW = ("agent", "mate", "outsider")


def asked(lived: Lived, number: int, *, no: bool, lot: random.Random) -> ClosedActivity:
    """A mission for two to which all three were asked."""
    able = CREW[1:] if no else CREW
    went = lot.sample(able, 2)
    begins = lived.started + (number + 1) * EVERY
    several = tuple(
        Candidate(who=str(lived.world.people[one]), available=one in able, left=one in went,
                  refused=one not in able, invited_at=begins - 2 * DAY, since=lived.started)
        for one in CREW
    )  # fmt: skip
    return lived.mission(number, candidates=several)


def not_said(lived: Lived, said: Unasked) -> None:
    by, now = lived.world.as_("agent"), lived.world.now
    set_unasked(said=said, wanted=False, by=by, now=now, tap=new_tap())


def becomes_quiet(lived: Lived) -> None:
    """That she was not with them for long is not to be said, so that it is not said first."""
    lot = random.Random(5)
    not_said(lived, Unasked.CONTACT)
    lived.on()
    lived.log = [asked(lived, one, no=one >= 150, lot=lot) for one in range(165)]
    lived.until(165)
    lived.go_round()


@pytest.fixture
def lived(world: World, monkeypatch: pytest.MonkeyPatch) -> Lived:
    return Lived(world, monkeypatch)


def test_an_officer_outside_the_team_asks_after_her_and_she_hears_nothing_before(
    lived: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    becomes_quiet(lived)
    world, row = lived.world, Concern.objects.get()
    assert (row.kind, row.person_id) == ("CONTACT", world.people["agent"])
    assert not LeftOutSignal.objects.exists(), "it is no signal, and evidence against nobody"
    assert own_concerns(world.as_("agent")) == []
    for who in ("mate", "head", "admin"):
        assert not visible_concerns(world.as_(who)).exists()
    about = {"about": f"concern:{row.pk}"}
    rung = set(Message.objects.filter(**about).values_list("person_id", flat=True))
    assert rung == {world.people["carer"]}
    pages: Any = Pages(world, monkeypatch)
    page = text_of(pages.as_("carer").get(f"/welfare/{row.pk}/"))
    assert "She says no to her team far more often than she used to." in page
    world.now += 3 * DAY
    lived.go_round()
    assert Concern.objects.count() == 1, "once"
    assert verify().difference is None


def test_who_switched_it_off_is_left_in_peace(lived: Lived) -> None:
    not_said(lived, Unasked.WITHDRAWN)
    becomes_quiet(lived)
    assert not Concern.objects.exists()
