"""What somebody chooses and types at the door, for its page and for what its script sends."""

from __future__ import annotations

import uuid
from typing import Any

from homeby.people import queries as people
from homeby.people.queries.led import teams_of
from homeby.people.rules import Role
from homeby.web.care.forms import UNLISTED, SpeakForm, at_noon
from homeby.web.door import Door
from homeby.web.office.forms import Choices
from homeby.web.office.timed import key_of
from homeby.welfare.actions.door import Closed, Spoken, may_note
from homeby.welfare.rules.concerns import ConcernKind


def me(at: Door) -> uuid.UUID:
    """Who she is that opens the door."""
    assert at.viewer.person_id is not None, "a page of a member"
    return at.viewer.person_id


def names(at: Door, keys: list[uuid.UUID]) -> Choices:
    """These people, as she knows them, by their names."""
    found = people.names(keys, to=at.viewer)
    return sorted(((str(key), name) for key, name in found.items()), key=lambda one: one[1])


def choices(at: Door) -> dict[str, Any]:
    """Whom she knows, the teams she is in, and who are welfare officers: the same whatever was said
    before."""
    own = me(at)
    seen = people.visible_people(at.viewer).filter(is_active=True).exclude(pk=own)
    mine = teams_of([own]).get(own, set()) | set(at.viewer.teams(*Role))
    teams = [(str(key), name) for key, name in people.team_choices(at.viewer) if key in mine]
    officers = [one for one in people.holders(Role.WELFARE_OFFICER, now=at.now) if one != own]
    return {
        "people": names(at, list(seen.values_list("pk", flat=True))),
        "teams": teams,
        "readers": names(at, officers),
        "notes": may_note(at.viewer),
    }


def spoken(at: Door, form: SpeakForm, closed: Closed | None = None) -> Spoken:
    """What a valid form says; in place of its words what was sealed."""
    said = form.cleaned_data
    kind = ConcernKind(said["kind"])
    about = key_of(said["person"]) if kind is not ConcernKind.OWN_WORD else None
    return Spoken(
        kind=kind,
        person_id=about or me(at),
        words=said["words"] if closed is None else "",
        closed=closed,
        team_id=key_of(said.get("team", "")),
        not_to=[key for one in said.get("not_to", ()) if (key := key_of(one)) is not None],
        is_unlisted=said["person"] == UNLISTED,
        ask_by=at_noon(said.get("ask_by"), at.zone) if kind is ConcernKind.LEADERS_NOTE else None,
    )
