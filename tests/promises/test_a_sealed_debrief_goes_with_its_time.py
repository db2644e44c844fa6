"""A rule of retention erases sealed debriefs by their own time: the sealed text goes, its author
reads so, and no office learns by it that there was one."""

from __future__ import annotations

import datetime as dt

from homeby.logbook.models import EntryBody
from homeby.logbook.queries import visible_entries
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import sealing
from homeby.missions.models import Mission
from homeby.missions.models.sealed import SealedText
from homeby.missions.queries import sealed as queries
from homeby.missions.rules import sealed as rules
from homeby.people.actions.retention import set_retention
from homeby.people.rules_private import Lasting
from homeby.retention.applying import preview, retain
from tests.promises import sealing as sealed
from tests.world import World

DAYS = 40


def keep(world: World, days: int | None) -> None:
    by = world.as_("admin")
    set_retention(lasting=Lasting.SEALED, days=days, by=by, now=world.now, tap=new_tap())


def erase(world: World) -> dict[Lasting, int]:
    return retain(by=world.people["admin"], now=world.now)


def read_by(world: World, who: str) -> set[str]:
    rows = visible_entries(world.as_(who)).filter(kind=rules.DEBRIEF_ERASED)
    return set(rows.values_list("subject", flat=True))


def test_the_text_goes_and_its_author_alone_reads_so(world: World) -> None:
    keys = sealed.with_keys(world, "head", "carer")
    mission = sealed.home(world)
    old = sealed.give(world, mission, sealed.sealing(keys, "head"))
    keep(world, DAYS)
    world.look()
    world.now += dt.timedelta(days=DAYS - 1)
    young = sealed.give(world, mission, sealed.sealing(keys, "carer"), by="mate")
    assert erase(world) == {Lasting.SEALED: 0}
    assert not SealedText.objects.filter(content=b"").exists(), "its time is not over"
    world.now += dt.timedelta(days=2)
    erase(world)
    assert not SealedText.objects.filter(content=b"").exists(), "its reader is still to be asked"
    sealing.ask_unopened(now=world.now)
    assert preview(days=dict.fromkeys(Lasting, DAYS), now=world.now)[Lasting.SEALED] == 0
    assert erase(world) == {Lasting.SEALED: 0}
    head, carer = world.as_("head"), world.as_("carer")
    assert not queries.has_text(head, old)
    assert queries.text_of(head, old) is None
    assert queries.has_text(carer, young)
    assert queries.to_read(head), "that there was one stays"
    readers = {who: read_by(world, who) for who in world.people}
    assert {who for who, found in readers.items() if found} == {"agent"}
    assert readers["agent"] == {rules.ref_of(old)}
    applied = EntryBody.objects.filter(entry__kind="RETENTION_APPLIED").values_list(
        "body", flat=True
    )
    assert applied
    assert not [body for body in applied if "SEALED" in (body or "")]
    assert verify().difference is None
    keep(world, None)
    world.now += dt.timedelta(days=400)
    sealing.ask_unopened(now=world.now)
    assert erase(world) == {}
    assert queries.has_text(carer, young), "kept for ever"


def test_one_about_a_mission_in_use_stays(world: World) -> None:
    keys = sealed.with_keys(world, "head")
    mission = sealed.home(world)
    key = sealed.give(world, mission, sealed.sealing(keys, "head"))
    Mission.objects.filter(pk=mission.pk).update(is_trouble=True)
    keep(world, DAYS)
    world.now += dt.timedelta(days=DAYS + 1)
    sealing.ask_unopened(now=world.now)
    erase(world)
    assert queries.has_text(world.as_("head"), key), "nobody has cleared its trouble"
    Mission.objects.filter(pk=mission.pk).update(is_trouble=False)
    erase(world)
    assert not queries.has_text(world.as_("head"), key)
