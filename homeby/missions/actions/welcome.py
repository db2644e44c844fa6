"""What whoever signs in is answered."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby import instants
from homeby.missions.actions import twice
from homeby.missions.models import PartyMember
from homeby.missions.queries import home
from homeby.people.rules import Viewer


def unsaid(by: Viewer, again: dict[uuid.UUID, PartyMember]) -> dict[uuid.UUID, PartyMember]:
    """Of those who are in already the ones of whom she who signs them in may not know it: she went
    with them, and greets them as if they came with her."""
    others = {key: row for key, row in again.items() if key != by.person_id}
    parts = home.parts(by, {row.mission_id for row in others.values()})
    return {key: row for key, row in others.items() if row.mission_id in parts}


def answer(
    outings: list[PartyMember],
    again: dict[uuid.UUID, PartyMember],
    strangers: dict[uuid.UUID, str],
    *,
    happened_at: dt.datetime,
    now: dt.datetime,
) -> str:
    """Of those who were out, those who are in already, and those of whom nobody knew."""
    parts = []
    if outings:
        names = sorted({outing.person.shown_as for outing in outings})
        parts.append(_("Welcome back, %s.") % ", ".join(names))
    if outings and happened_at < now:
        at = instants.wall(happened_at, outings[0].mission.zone, now)
        parts.append(_("It is noted for %s.") % at)
    for outing in outings:
        if outing.out_at is not None and happened_at < outing.out_at:
            left = instants.wall(outing.out_at, outing.mission.zone, now)
            facts = {"who": outing.person.shown_as, "left": left}
            parts.append(_("%(who)s left only at %(left)s, so that time counts.") % facts)
    parts += twice.in_words(again.values(), now=now)
    if strangers:
        whys = _(" and ").join(sorted(why.rstrip(".") for why in strangers.values()))
        parts.append(_("Recorded, though %s; the duty officer sees it.") % whys)
    return " ".join(parts)
