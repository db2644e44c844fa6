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
from homeby.missions.queries.sheets import Sheet
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
    officers = people.names(watch.officers_now(now=door.now), to=door.viewer)
    whom = ", ".join(sorted(officers.values())) or _("whoever keeps the watch")
    said = [
        _("Somebody waits for %(who)s: tell %(whom)s that they are back.")
        % {"who": missions.party_title(names), "whom": whom}
    ]
    found = kin_sheet(door.viewer, sheet.mission.ref)
    if found.care.is_held:
        said.append(_("No message goes to those who wait: a person speaks with them."))
    elif found.told:
        said.append(
            _("Those who were told that they are late hear by a message that they are back.")
        )
    return said
