"""Promise 9, over the years: the archive is opened by two of its officers, told to the authors a
day before; and a paper or an envelope that is lost is noticed within a quarter."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyrage
import pytest

from homeby.logbook.models import Entry
from homeby.logbook.queries import visible_entries
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import archive_openings, key_trials
from homeby.missions.models.sealed import ReaderKey
from homeby.missions.queries import key_trials as trial_queries
from homeby.missions.queries import sealed_again as again_queries
from homeby.missions.rules import openings as rules
from homeby.missions.rules.openings import Stage, Why
from homeby.station import sealed_text
from tests.promises import sealing as sealed
from tests.world import World

PHRASE = "the heron stood in the wrong field"


def ask(world: World, by: str, key: ReaderKey, why: Why = Why.LOST) -> Any:
    archive_openings.ask_opening(
        key_id=key.pk, why=why, by=world.as_(by), now=world.now, tap=new_tap()
    )
    return again_queries.openings(world.as_(by), now=world.now)[-1]


def hurry(world: World, by: str, opening: Any) -> str:
    return archive_openings.hurry_opening(
        opening_id=opening.pk, by=world.as_(by), now=world.now, tap=new_tap()
    )


def test_two_officers_open_the_archive_a_day_after_it_was_asked_for(world: World) -> None:
    keys = sealed.with_keys(world, "carer", "head")
    mission = sealed.home(world)
    key = sealed.give(world, mission, sealed.sealing(keys, "carer", text=PHRASE))
    other = sealed.give(world, mission, sealed.sealing(keys, "head", text="Another"))
    carer = ReaderKey.objects.get(public=keys.public("carer"))
    for who in ("deputy", "agent", "outsider"):
        with pytest.raises(Refused, match="officer of the archive"):
            ask(world, who, carer)
    opening = ask(world, "carer", carer)
    with pytest.raises(Refused, match="already"):
        ask(world, "guard", carer)
    world.look()
    for who in ("agent", "guard", "admin"):
        said = [one for one in world.phone(who) if "to be opened" in one.outgoing.subject]
        assert len(said) == 1, who

    def handed(who: str) -> list[Any]:
        return archive_openings.hand_over(
            wanted=[key, other], opening_id=opening.pk, by=world.as_(who), now=world.now
        )

    world.now += rules.WAIT - dt.timedelta(seconds=1)
    with pytest.raises(Refused, match="not open to you"):
        handed("guard")
    world.now += dt.timedelta(seconds=1)
    for who in ("carer", "deputy", "agent"):
        with pytest.raises(Refused, match="not open to you"):
            handed(who)
    (text,) = handed("guard")
    two = [pyrage.x25519.Identity.from_str(one) for one in keys.archive.shares[1:]]
    (secret,) = sealed_text.open_archive(keys.archive.pairs, two)
    assert sealed_text.open_sealed(bytes(text.content), [secret]).report["text"] == PHRASE
    world.look()
    assert "opened by the archive" in world.phone("agent")[-1].outgoing.subject
    assert visible_entries(world.as_("agent")).filter(kind="DEBRIEF_BY_ARCHIVE").exists()
    sealed.follower(world, keys)
    at = {"old": "carer", "new": "heir", "by": "guard", "secret": secret}
    with pytest.raises(Refused):
        sealed.seal_again(world, keys, [key], **at)  # not without naming the opening
    sealed.seal_again(world, keys, [key], opening_id=opening.pk, **at)
    assert sealed.opened(key, keys.own["heir"]) == PHRASE
    world.now += rules.OPEN_FOR
    with pytest.raises(Refused, match="not open to you"):
        handed("guard")
    assert ask(world, "admin", carer).pk != opening.pk
    assert verify().difference is None


def test_nobody_waits_when_two_officers_say_that_a_life_is_at_risk(world: World) -> None:
    keys = sealed.with_keys(world, "carer")
    sealed.give(world, sealed.home(world), sealed.sealing(keys, "carer"))
    opening = ask(world, "guard", ReaderKey.objects.get(), Why.RISK)
    with pytest.raises(Refused, match="Only an officer"):
        hurry(world, "carer", opening)
    hurry(world, "guard", opening)
    with pytest.raises(Refused, match="takes a second officer"):
        hurry(world, "guard", opening)
    assert again_queries.ready_opening(world.as_("guard"), opening.pk, now=world.now) is None
    assert "can be opened now" in hurry(world, "admin", opening)
    found = again_queries.ready_opening(world.as_("head"), opening.pk, now=world.now)
    assert found is not None
    assert again_queries.stage_of(found, now=world.now) is Stage.READY
    archive_openings.end_opening(
        opening_id=opening.pk, by=world.as_("head"), now=world.now, tap=new_tap()
    )
    assert again_queries.ready_opening(world.as_("head"), opening.pk, now=world.now) is None
    assert Entry.objects.filter(kind="ARCHIVE_HURRIED").count() == 2


def test_a_paper_is_tried_every_quarter_and_one_that_is_not_is_seen(world: World) -> None:
    keys = sealed.with_keys(world, "carer")
    assert key_trials.ask_trials(now=world.now) == 0
    world.now += rules.TRIED_EVERY
    assert key_trials.ask_trials(now=world.now) == 4, "a reader, three officers"
    assert key_trials.ask_trials(now=world.now) == 0
    world.look()
    for who in ("carer", "guard", "admin", "head"):
        assert "Try your paper" in world.phone(who)[-1].outgoing.subject

    def tried(who: str, public: str) -> str:
        return key_trials.key_tried(public=public, by=world.as_(who), now=world.now, tap=new_tap())

    envelopes = keys.archive.envelopes
    for who, public in (("carer", envelopes[0]), ("guard", envelopes[1]), ("guard", "age1")):
        with pytest.raises(Refused, match="not a key or an envelope of yours"):
            tried(who, public)
    tried("carer", keys.public("carer"))
    tried("guard", envelopes[0])
    world.now += rules.OVERDUE_AFTER
    late = {
        one.person_id
        for one in trial_queries.trials(world.as_("admin"))
        if one.is_overdue(world.now)
    }
    assert late == {world.people["admin"], world.people["head"]}
    assert trial_queries.trials(world.as_("agent")) == []
    world.now += rules.TRIED_EVERY - rules.OVERDUE_AFTER
    assert key_trials.ask_trials(now=world.now) == 2, "who tried is asked a quarter later"
    assert verify().difference is None
