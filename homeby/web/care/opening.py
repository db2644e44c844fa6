"""Words of the door that were sealed in a browser, for an officer who opens them in hers."""

from __future__ import annotations

import json
from typing import Any

from homeby.missions.queries import sealed
from homeby.people import queries as people
from homeby.web.door import Door
from homeby.web.sealed.views import unlocking
from homeby.welfare.queries.sealed_to import keys_among


def opening(door: Door, row: Any, notes: list[dict[str, Any]]) -> dict[str, Any]:
    """For the concern's page: the sealed file and by what the viewer's key is opened, where it is
    sealed to a key of hers; else the names of those to whom it is."""
    closed = next((one["closed"] for one in notes if one["closed"]), None)
    if closed is None:
        return {}
    keys = keys_among(door.viewer, closed["keys"].split())
    names = people.names([one.person_id for one in keys], to=door.viewer)
    own = next((one for one in keys if one.person_id == door.viewer.person_id), None)
    found: dict[str, Any] = {"closed_to": [names.get(one.person_id, "?") for one in keys]}
    if own is None:
        return found
    signers = sealed.signer_of(door.viewer, [row.opened_by_id])
    return found | unlocking(door, own) | {"closed": closed["age"], "signers": json.dumps(signers)}
