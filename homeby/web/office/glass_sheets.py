"""What a broken glass opens, and what its review shows."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from homeby.logbook import looks
from homeby.logbook.reading import ReadKind, because
from homeby.missions.queries import glass
from homeby.missions.queries.glass import GlassSheet, PartyToOpen
from homeby.missions.rules.glass import GlassState
from homeby.people import private
from homeby.people import queries as people
from homeby.people.queries import kept, kin
from homeby.people.rules import Purpose, Viewer
from homeby.web import words
from homeby.web.door import Door
from homeby.web.office import look_words, sheets
from homeby.web.office.private_forms import TITLES, lines

#: A broken glass, whose table is the missions' own.
Glass = Any


def widened(door: Door) -> Door:
    """The door of a viewer who may read, too, what she has opened by breaking the glass. One
    query."""
    opened = glass.opened_people(door.viewer, now=door.now)
    return replace(door, viewer=replace(door.viewer, opened=opened)) if opened else door


def to_review(door: Door) -> list[dict[str, Any]]:
    """What stands red in the office until somebody else has reviewed it."""
    rows = [one for one in glass.listed(door.viewer)[:20] if one.reviewed_at is None]
    names = people_in(door.viewer, rows) if rows else {}
    return [
        {
            "id": row.pk,
            "said": _red(row)
            % {
                "by": names.get(row.holder_id, "?"),
                "who": _party(row, names),
                "reason": row.reason,
            },
        }
        for row in rows
    ]


def _red(row: Glass) -> str:
    if row.is_without_passkey:
        return _("%(by)s broke the glass for %(who)s, without a passkey: %(reason)s")
    return _("%(by)s broke the glass for %(who)s: %(reason)s")


def opened(door: Door, row: Glass, found: PartyToOpen) -> list[dict[str, Any]]:
    """How each of the party is reached, whom she named, whole and with names, and what she wrote of
    home and health. Every one of these looks is for the reason that was typed."""
    because(row.reason)
    viewer = replace(door.viewer, opened=frozenset(uuid.UUID(key) for key in row.party))
    return [
        {
            "id": key,
            "callsign": callsign,
            "contact_points": _points(viewer, key),
            "kin": _kin(viewer, key),
            "kept": _kept(viewer, key),
        }
        for key, callsign in found.party.items()
        if key in viewer.opened
    ]


def _points(viewer: Viewer, person_id: uuid.UUID) -> list[dict[str, str]]:
    points = people.contact_points(viewer, person_id)
    addresses = private.addresses([one.id for one in points], purpose=Purpose.BREAK_GLASS)
    return [
        {
            "channel": words.word(words.CHANNELS, one.reach.channel),
            "address": addresses.get(one.id) or _("(cannot be opened any more)"),
            "hours": sheets.hours(one.reach),
        }
        for one in points
    ]


def _kin(viewer: Viewer, person_id: uuid.UUID) -> list[dict[str, str]]:
    found = []
    for one in kin.kin_named(viewer, person_id):
        if one.is_kept_from:  # whoever is kept away from her is not to be called about her
            continue
        try:
            values = private.unseal(
                person_id, one.sealed, purpose=Purpose.BREAK_GLASS, kind=ReadKind.KIN
            )
        except private.Shredded:
            values = {"name": _("(cannot be opened any more)")}
        named = {name: values.get(name, "") for name in ("name", "relation", "address")}
        said = words.word(words.MAY_KNOW, one.may_know)
        channel = words.word(words.CHANNELS, one.reach.channel)
        found.append(named | {"told": said, "channel": channel})
    return found


def _kept(viewer: Viewer, person_id: uuid.UUID) -> list[dict[str, Any]]:
    """Home and health, each with the lines that she filled in."""
    found = kept.kept_by_glass(viewer, person_id)
    return [
        {
            "title": words.word(TITLES, one),
            "lines": lines(found[one], Purpose.BREAK_GLASS) if one in found else [],
        }
        for one in kept.OPENED_BY_GLASS
    ]


def _party(row: Glass, names: Mapping[uuid.UUID, str]) -> str:
    """Whom it opens, by callsign: what they are out for does not stand on these pages."""
    return ", ".join(sorted(names.get(uuid.UUID(key), "?") for key in row.party))


def line(one: GlassSheet, names: Mapping[uuid.UUID, str]) -> dict[str, Any]:
    """A broken glass as the list and its own page show it: who, where, what, when, why."""
    row = one.row
    return {
        "id": row.pk,
        "state": str(one.state),
        "who": names.get(row.holder_id, "?"),
        "held_as": words.word(words.ROLES, row.held_as),
        "device": row.device,
        "proved": [words.word(words.PROOFS, one) for one in row.proved_with.split("+") if one],
        "without_passkey": row.is_without_passkey,
        "party": _party(row, names),
        "officers": ", ".join(sorted(names.get(uuid.UUID(key), "?") for key in row.officers)),
        "party_told_at": row.party_told_at,
        "opened_at": row.opened_at,
        "until_at": row.until_at,
        "reason": row.reason,
        "review": row.review,
        "reviewed_by": names.get(row.reviewed_by_id, "?") if row.reviewed_by_id else "",
        "reviewed_at": row.reviewed_at,
        "is_red": one.state is not GlassState.REVIEWED,
    }


def people_in(viewer: Viewer, rows: list[Glass]) -> dict[uuid.UUID, str]:
    """What the viewer calls everybody in these rows. One query."""
    keys = [key for row in rows for key in (row.holder_id, row.reviewed_by_id)]
    listed = [uuid.UUID(key) for row in rows for key in (*row.party, *row.officers)]
    return people.names([*keys, *listed], to=viewer)


def seen_under(row: Glass, names: Mapping[uuid.UUID, str]) -> list[dict[str, Any]]:
    """What the holder looked at of this party while it was open."""
    party = [uuid.UUID(key) for key in row.party]
    ref = row.mission.ref
    found = looks.under(
        row.holder_id, refs=[ref], people=party, since=row.opened_at, until=row.until_at
    )
    return [
        {
            "at": one.at,
            "what": look_words.what_of(one.kind, one.what, {}),
            "whose": names.get(one.whose, "") if one.whose else "",
        }
        for one in found
    ]
