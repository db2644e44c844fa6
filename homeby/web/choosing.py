"""Whom a form offers for choice, by what screens call them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from homeby.people import queries as people
from homeby.people.rules import WATCHERS as WATCHERS
from homeby.people.rules import Role, Viewer

#: Who sees to devices and badges: a stolen one is revoked by whoever is awake.
KEEPERS_OF_DEVICES = (*WATCHERS, Role.ADMINISTRATOR)


def watchers(
    *, but: Collection[uuid.UUID] = (), to: Viewer | None = None, now: dt.datetime
) -> list[tuple[str, str]]:
    """Whoever keeps watch, by callsign, as the choices of a form's field: (id, callsign); not those
    whom the one who chooses (`to`) is kept away from (`but`)."""
    keys = {key for role in WATCHERS for key in people.holders(role, now=now)} - set(but)
    names = people.names(keys, to=to)
    return sorted(((str(key), name) for key, name in names.items()), key=lambda one: one[1].lower())
