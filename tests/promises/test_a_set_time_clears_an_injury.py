"""Whoever treats herself is cleared by nothing of it: another medic clears, or the time that she
set, if nothing is told until then (`STORY.md` 47)."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused
from homeby.logbook.verification import verify
from homeby.people.rules import Role
from homeby.readiness.actions import injury_times
from homeby.readiness.models import Injury
from homeby.readiness.queries import rest as queries
from homeby.station import hourly
from homeby.watch import queries as watch
from tests.promises.acts import pass_time
from tests.promises.rested import hurt, injury_of, look_again
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World

DAY = dt.timedelta(days=1)


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def timed(world: World, days: float = 2, *, by: str = "medic", who: str = "agent") -> dt.datetime:
    at = world.now + days * DAY
    look_again(world, by, who=who, clears=False, clears_at=at)
    return at


def free(world: World, who: str = "agent") -> bool:
    key = world.people[who]
    return queries.for_planners(world.as_("head"), [key], now=world.now)[key].is_free


def test_the_time_that_a_medic_set_clears_it(world: World) -> None:
    world.add("medic", Role.MEDIC, callsign="Doc")
    hurt(world)
    at = timed(world)
    assert not free(world)
    pass_time(world, minutes=26 * 60)
    assert injury_times.clear_due(now=world.now) == 0
    heard = [one.subject.ref for one in watch.open_alarms(world.as_("medic"))]
    assert not [one for one in heard if one.startswith("recheck:")], "nobody has to look again"
    world.now = at
    assert hourly.go_round(now=world.now)
    row = Injury.objects.get()
    assert (row.state, row.ended_by_id) == ("CLEARED", world.people["medic"])
    assert free(world)
    assert Entry.objects.filter(kind="INJURY_TIME_CLEARED").count() == 1
    world.look()
    assert "You may go on duty again" in [one.outgoing.subject for one in world.phone("agent")]
    assert injury_times.clear_due(now=world.now) == 0
    assert verify().difference is None


def test_what_is_told_meanwhile_ends_the_time(world: World) -> None:
    world.add("medic", Role.MEDIC, callsign="Doc")
    hurt(world)
    at = timed(world)
    world.now += DAY
    hurt(world, fever="YES")
    row = Injury.objects.get()
    assert row.clears_at is None
    assert row.check_at is not None
    assert row.check_at < at, "somebody looks again"
    world.now = at + DAY
    assert injury_times.clear_due(now=world.now) == 0
    assert Injury.objects.get().state == "OPEN"


def test_nobody_sets_herself_a_time_nor_one_too_far_ahead(world: World, pages: Pages) -> None:
    world.add("medic", Role.MEDIC, callsign="Doc")
    hurt(world, "medic", by="medic")
    with pytest.raises(Refused, match="another medic"):
        timed(world, who="medic")
    hurt(world)
    at, medic = f"/injuries/{injury_of(world)}/", pages.as_("medic")
    for days, said in ((40, "At most 28 days ahead"), (-1, "lies behind us")):
        day = (world.now + days * DAY).date().isoformat()
        assert said in text_of(medic.post(at, sent(act="time", clears_on=day)))
    assert medic.post(at, sent(act="time", clears_on="")).status_code == 422
    day = (world.now + 3 * DAY).date().isoformat()
    answer = followed(medic, medic.post(at, sent(act="time", clears_on=day)))
    assert "That time clears it" in answer
    assert "cleared by itself" in text_of(pages.as_("agent").get(at))
