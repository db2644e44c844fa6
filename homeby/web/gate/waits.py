"""That somebody waits for whoever is back, and who is to be told (`STORY.md` 38).

Whoever stands here may read it from the other side of the desk. So it says the same whether those
who wait have asked something or not: what they ask is not shown to the member (`STORY.md` 39), and
who they are and what was agreed with them is known to whoever has the watch.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _

from homeby.missions import queries as missions
from homeby.missions.queries import homecomings
from homeby.missions.queries.sheets import Sheet
from homeby.missions.rules import MemberState
from homeby.people import queries as people
from homeby.people.queries.kin import waited_for
from homeby.watch import queries as watch
from homeby.watch.queries.kin import kin_sheet
from homeby.web.door import Door


def sentences(door: Door, sheet: Sheet, back: Sequence[tuple[uuid.UUID, str]]) -> list[str]:
    """What the gate keeper reads of those who wait for these people, by id and callsign. Nothing
    where they named nobody. At most seven queries."""
    waited = waited_for(door.viewer, [key for key, _name in back])
    names = [name for key, name in back if key in waited]
    if not names:
        return []
    said = [_told(door, names)]
    found = kin_sheet(door.viewer, sheet.mission.ref)
    if found.care.is_held:
        said.append(_("No message goes to those who wait: a person speaks with them."))
    elif found.told:
        said.append(
            _("Those who were told that they are late hear by a message that they are back.")
        )
    return said


def _told(door: Door, names: list[str]) -> str:
    officers = people.names(watch.officers_now(now=door.now), to=door.viewer)
    whom = ", ".join(sorted(officers.values())) or _("whoever keeps the watch")
    return _("Somebody waits for %(who)s: tell %(whom)s that they are back.") % {
        "who": missions.party_title(names),
        "whom": whom,
    }


def by_devices(door: Door) -> str:
    """The same of those who came home by phone or kiosk, past whoever keeps the gate: until their
    first report is given. Nothing where nobody waits for them. At most four queries."""
    names = _waited_for(door)
    return _told(door, names) if names else ""


def is_somebody(door: Door) -> bool:
    """Whether there is such a one, for the gate at rest, which names and counts nobody."""
    return bool(_waited_for(door))


def _waited_for(door: Door) -> list[str]:
    home = homecomings.home_by_device(door.viewer, now=door.now)
    waited = waited_for(door.viewer, [key for key, _name in home]) if home else set()
    return [name for key, name in home if key in waited]


def unconfirmed(door: Door, sheet: Sheet) -> str:
    """Who of those that have still to leave named somebody and has not confirmed it for this
    mission. Only they can, so it is said to them; it holds nobody up. Two queries at most."""
    rows = [
        row
        for row in sheet.party
        if row.state == MemberState.PLANNED
        and row.kin_confirmed_at is None
        and row.person_id != door.viewer.person_id
    ]
    waited = waited_for(door.viewer, [row.person_id for row in rows])
    names = sorted(row.person.shown_as for row in rows if row.person_id in waited)
    if not names:
        return ""
    said = _(
        "Not confirmed for this mission, whom to tell: %s. One tap under “My mission” does it."
    )
    return said % ", ".join(names)
