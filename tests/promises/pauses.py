"""A pause of the watch in one line each, as tests call it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace

from homeby.logbook.rules import Tap, new_tap
from homeby.people import queries as people
from homeby.people.actions import contacts
from homeby.people.models import RoleHeld
from homeby.people.queries import OrganisationFacts
from homeby.people.rules import Role
from homeby.watch.actions import pausing, reaching
from tests.promises.repeating_people import Act, call
from tests.world import World

REASON = "Exercise in the north woods"


def ask(
    world: World,
    who: str,
    *,
    minutes: float,
    reason: str = REASON,
    with_notice: bool = False,
    tap: Tap | None = None,
) -> uuid.UUID:
    """Ask to pause the watch until so many minutes from now; gives the pause's id."""
    tap = tap or new_tap()
    wish = pausing.Wish(
        reason=reason,
        until_at=world.now + dt.timedelta(minutes=minutes),
        with_notice=with_notice,
    )
    pausing.ask_pause(wish=wish, by=world.as_(who), now=world.now, tap=tap)
    return tap.entry_id


def agree(world: World, who: str, pause_id: uuid.UUID) -> str:
    """The second person's yes."""
    return pausing.agree(pause_id=pause_id, by=world.as_(who), now=world.now, tap=new_tap())


def end(world: World, who: str, pause_id: uuid.UUID) -> str:
    """End it, or take it back."""
    return pausing.end_pause(pause_id=pause_id, by=world.as_(who), now=world.now, tap=new_tap())


def pause(world: World, who: str, second: str, *, minutes: float) -> uuid.UUID:
    """The watch is paused by these two for so many minutes."""
    asked = ask(world, who, minutes=minutes)
    agree(world, second, asked)
    return asked


def other_limits() -> OrganisationFacts:
    """The village's limits, but an alarm stays taken for two hours."""
    facts = people.organisation()
    assert facts is not None
    return replace(facts, acknowledge_minutes=120)


def _kin(world: World) -> uuid.UUID:
    return world.give_kin("agent", "mother")


PAUSES: dict[str, Callable[[World], Act]] = {
    "watch.reaching.remove_contact": lambda w: call(
        w, reaching.remove_contact, contact_id=w.give_phone("agent")
    ),
    "watch.reaching.order_contacts": lambda w: call(
        w,
        reaching.order_contacts,
        person_id=w.people["agent"],
        ranks={w.give_phone("agent"): contacts.Ranks(rank=2, rank_in_danger=2)},
    ),
    "watch.reaching.remove_kin": lambda w: call(w, reaching.remove_kin, kin_id=_kin(w)),
    "watch.reaching.end_role": lambda w: call(
        w, reaching.end_role, role_held_id=RoleHeld.objects.filter(role=Role.LEADER)[0].pk
    ),
    "watch.reaching.change_person": lambda w: call(
        w, reaching.change_person, person_id=w.people["agent"], values={"is_active": False}
    ),
    "watch.reaching.set_organisation": lambda w: call(
        w, reaching.set_organisation, values=other_limits()
    ),
    "watch.pausing.ask_pause": lambda w: call(
        w,
        pausing.ask_pause,
        by="head",
        wish=pausing.Wish(reason=REASON, until_at=w.now + dt.timedelta(hours=2)),
    ),
    "watch.pausing.agree": lambda w: call(
        w, pausing.agree, by="deputy", pause_id=ask(w, "head", minutes=60)
    ),
    "watch.pausing.end_pause": lambda w: call(
        w, pausing.end_pause, by="head", pause_id=pause(w, "head", "deputy", minutes=60)
    ),
}
