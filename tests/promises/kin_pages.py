"""What kin do and what is done for them, in one line each, as tests call it."""

from __future__ import annotations

import datetime as dt
import re
import uuid
import zoneinfo
from collections.abc import Iterable

from homeby import clock
from homeby.logbook.rules import Tap, new_tap
from homeby.missions.models import Mission
from homeby.people import private
from homeby.people.models import Kin
from homeby.people.rules import MayKnow, Purpose
from homeby.watch.actions import kin_care, kin_worry
from homeby.watch.models import Watchkeeper
from homeby.watch.rules.kin import SearchStep
from homeby.web.kin import agreed
from tests.world import ZONE, World

AGAIN = re.compile(r"You hear from us again by (?:tomorrow |\w+ \d+ \w+ )?(\d\d:\d\d), even if")


def wait_at_home(world: World, may_know: MayKnow = MayKnow.OUT_AND_DUE) -> uuid.UUID:
    """A flatmate of Fox; her phone is called so."""
    return world.give_kin("agent", "flatmate", may_know)


def told(world: World, who: str = "flatmate") -> list[str]:
    """What was written to somebody's phone: no sentence that was not agreed, whatever the test."""
    found = [one.outgoing for one in world.phone(who)]
    lines = [line for one in found for line in (one.subject, *one.text.splitlines())]
    assert not not_agreed(lines, agreed.of_messages(MayKnow.UNIT))
    return [one.text for one in found]


def not_agreed(lines: Iterable[str], sentences: Iterable[str]) -> list[str]:
    """Of these lines, those that are not made of agreed sentences alone, one after the other."""
    hole = r"[^.!?\n]{1,60}"
    one = "|".join(re.escape(each).replace(re.escape(agreed.OPEN), hole) for each in sentences)
    whole = re.compile(f"(?:{one})(?: (?:{one}))*")
    return [line for line in lines if line and not whole.fullmatch(line)]


def watch_looks(*, seconds_ago: float = 0) -> None:
    """A watchkeeper finished a look so long ago, by the machine's own time."""
    at = clock.real_now() - dt.timedelta(seconds=seconds_ago)
    Watchkeeper.objects.update_or_create(name="one", defaults={"looked_at": at, "started_at": at})


def named_hour(text: str) -> str:
    """The hour of the next word that a message names."""
    found = AGAIN.search(text)
    assert found is not None, text
    return found.group(1)


def hour_of(text: str, now: dt.datetime) -> dt.datetime:
    """That hour as an instant after `now`."""
    hour, minute = map(int, named_hour(text).split(":"))
    here = now.astimezone(zoneinfo.ZoneInfo(ZONE))
    at = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return (at if at > here else at + dt.timedelta(days=1)).astimezone(dt.UTC)


def local(at: dt.datetime) -> str:
    """The local time of an instant, in the zone of the missions of the village."""
    return f"{at.astimezone(zoneinfo.ZoneInfo(ZONE)):%H:%M}"


def link_of(kin_id: uuid.UUID) -> str:
    """The address of a kin page; "" where there is no link."""
    found = private.kin_links([kin_id], purpose=Purpose.OWN_PAGE)
    return f"/k/{found[kin_id]}" if found else ""


def flatmate_id() -> uuid.UUID:
    """The one of the kin that there is."""
    return Kin.objects.get().pk


def say_step(world: World, mission: Mission, step: SearchStep, who: str = "head") -> str:
    """An officer says to kin what is done now."""
    return kin_care.say_step(
        ref=mission.ref, step=step, by=world.as_(who), now=world.now, tap=new_tap()
    )


def hold(world: World, mission: Mission, speaker: str = "Anna Keller", who: str = "head") -> str:
    """An officer names who speaks with the family."""
    return kin_care.hold(
        ref=mission.ref, speaker=speaker, by=world.as_(who), now=world.now, tap=new_tap()
    )


def end_hold(world: World, mission: Mission, who: str = "head") -> str:
    """The messages to kin go on."""
    return kin_care.end_hold(ref=mission.ref, by=world.as_(who), now=world.now, tap=new_tap())


def worry(world: World, mission: Mission | None, said: str = "", tap: Tap | None = None) -> str:
    """The flatmate says that she is worried."""
    word = kin_worry.Worry(
        kin_id=flatmate_id(),
        person_id=world.people["agent"],
        ref=mission.ref if mission else "",
        said=said,
    )
    return kin_worry.worried(worry=word, now=world.now, tap=tap or new_tap())
