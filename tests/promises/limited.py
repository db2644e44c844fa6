"""Minors and kinds of mission in tests: somebody is one, an organisation chooses its limits."""

from __future__ import annotations

import datetime as dt
import uuid

from homeby.logbook.rules import new_tap
from homeby.missions.actions.kinds import add_kind
from homeby.missions.models import MissionKind
from homeby.people.actions import minors
from homeby.people.rules import STATION
from homeby.readiness.actions import duty_minors, rule_packs
from homeby.readiness.models import Duty
from homeby.readiness.rules.kinds_of_rest import PackUse
from tests.world import World

FIFTEEN = dt.date(2011, 5, 3)
SEVENTEEN = dt.date(2009, 5, 3)


def is_minor(world: World, who: str, *, born: dt.date = SEVENTEEN, until: int = 23) -> None:
    """She is a minor whose own hours last from early until late."""
    fields = minors.MinorFields(
        born=born, guardian_id=world.people["guard"], not_before=dt.time(0, 1),
        not_after=dt.time(until, 59),
    )  # fmt: skip
    minors.set_minor(
        person_id=world.people[who], fields=fields, by=world.as_("admin"), now=world.now,
        tap=new_tap(),
    )  # fmt: skip


def choose_limits(world: World, rules: str = "") -> None:
    """The limits of minors that come with Homeby, or a pack of these rules."""
    text = f'[pack]\nkey = "own"\nname = "Ours"\nsource = "us"\ndated = 2026-03-01\n{rules}'
    rule_packs.choose_pack(
        use=PackUse.MINORS, key="minors", text=text if rules else "", by=world.as_("admin"),
        now=world.now, tap=new_tap(),
    )  # fmt: skip


def kind(world: World, code: str, *, is_exercise: bool = False) -> uuid.UUID:
    """A kind of mission of this code; made where there is none."""
    found = MissionKind.objects.filter(code=code).first()
    if found is not None:
        return found.pk
    tap = new_tap()
    add_kind(
        code=code, name=code.capitalize(), is_exercise=is_exercise, by=STATION, now=world.now,
        tap=tap,
    )  # fmt: skip
    return tap.entry_id


def approve(world: World, duty: Duty, who: str, *, by: str = "deputy", why: str = "Agreed.") -> str:
    return duty_minors.approve_minor(
        duty_id=duty.pk, person_id=world.people[who], reason=why, by=world.as_(by), now=world.now,
        tap=new_tap(),
    )  # fmt: skip
