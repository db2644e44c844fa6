"""Concerns of the village, for tests: a welfare officer outside the team, and one inside."""

from __future__ import annotations

import uuid

from homeby.logbook import actions as logbook
from homeby.logbook.rules import new_tap
from homeby.people.actions import teams
from homeby.people.rules import STATION, Role
from homeby.welfare.actions.concerns import open_concern
from homeby.welfare.actions.door import Spoken, speak
from homeby.welfare.models import Concern
from homeby.welfare.rules.concerns import ConcernKind, Opening
from tests.promises.planning_duties import in_team
from tests.world import World


def with_officers(world: World) -> None:
    """`carer` is a welfare officer; so is `mate`, who is in the team of `agent`."""
    world.add("carer", Role.WELFARE_OFFICER, callsign="Kind")
    give(world, "mate", Role.WELFARE_OFFICER)
    in_team(world, "agent", "mate")


def give(world: World, who: str, role: Role, team_id: uuid.UUID | None = None) -> None:
    """A role from now on."""
    key, term = world.people[who], teams.Term(team_id=team_id)
    teams.give_role(person_id=key, role=role, term=term, by=STATION, now=world.now, tap=new_tap())


def concern_of(
    world: World,
    kind: ConcernKind = ConcernKind.SIGNAL,
    *,
    key: str = "",
    team: bool = True,
    words: str = "",
    by: str = "",
    not_to: tuple[str, ...] = (),
) -> Concern:
    """A concern about `agent`, opened now; under the same key it is the same."""
    opening = Opening(
        person_id=world.people["agent"],
        kind=kind,
        key=key or f"test:{uuid.uuid4()}",
        team_id=world.team_id if team else None,
        words={"words": words} if words else {},
        by_id=world.people[by] if by else None,
        not_to=[world.people[who] for who in not_to],
    )
    with logbook.writing(now=world.now, by=opening.by_id) as book:
        return Concern.objects.get(pk=open_concern(book, opening))


def left_out(world: World, words: str) -> None:
    """What `agent` says of herself through the door."""
    said = Spoken(kind=ConcernKind.OWN_WORD, person_id=world.people["agent"], words=words)
    speak(spoken=said, by=world.as_("agent"), now=world.now, tap=new_tap())
