"""Gathers what a station keeps of one person, through the queries of the rooms."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from django.utils.translation import gettext as _

from homeby import instants
from homeby.comms.queries import own_data as comms
from homeby.logbook import looks
from homeby.logbook.reading import is_erased
from homeby.logbook.rules import Line, plain
from homeby.missions.queries import looked
from homeby.missions.queries import own_data as missions
from homeby.people import private
from homeby.people import queries as people
from homeby.people.opening import opened
from homeby.people.queries import kept, own_data
from homeby.people.queries.kin import kin_named
from homeby.people.queries.minors import own_born_sealed
from homeby.people.rules import KIN_PAGE, Purpose, Viewer
from homeby.people.rules_callsigns import ERASED_NAME
from homeby.readiness.queries import (
    decision_groups,
    duties,
    examinations,
    injuries,
    kit,
    own_skills,
    pairing,
    releases,
    special_units,
    team_changes,
)
from homeby.watch.queries import own_data as watch
from homeby.welfare.queries import own_data as welfare

#: An archive is bounded: the newest of each, and the file says where it left off.
ENTRIES_MAX = 50_000
MESSAGES_MAX = 20_000
MISSIONS_MAX = 5_000
LOOKS_MAX = 20_000
#: Looks are read so far at a time: a question that names all her outings at once is too long.
_LOOKED_AT_ONCE = dt.timedelta(days=30)
PORTION = 500
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def rows(viewer: Viewer, *, now: dt.datetime) -> dict[str, Any]:
    """All but the entries: whole lists by name, other people by their callsigns."""
    found = own_data.own_data(viewer)
    _open_contact_points(found)
    found["person"] |= _born(viewer)
    found |= {
        "kin": _kin(viewer),
        "for_a_bad_day": {
            one: opened(facts, purpose=Purpose.OWN_ARCHIVE)
            for one, facts in kept.own_kept(viewer).items()
        },
        "kit": kit.own_kit(viewer),
        "looks": list(itertools.islice(_looks(viewer, now=now), LOOKS_MAX)),
        **own_skills.own_skills(viewer),
        **examinations.own_data(viewer),
        "special_units": special_units.own_data(viewer),
        "team_changes": team_changes.own_data(viewer),
        **duties.own_data(viewer),
        "decision_groups": decision_groups.own_data(viewer),
        "pair_wishes": pairing.own_data(viewer),
        **releases.own_data(viewer),
        "injuries": _injuries(viewer),
        **welfare.own_data(viewer, now=now),
        **watch.own_data(viewer),
        **missions.own_data(viewer, now=now, limit=MISSIONS_MAX),
        **comms.own_data(viewer, limit=MESSAGES_MAX),
    }
    named: dict[str, Any] = with_callsigns(viewer, found)
    return named


def _open_contact_points(found: dict[str, Any]) -> None:
    points = found["contact_points"]
    keys = [uuid.UUID(one["id"]) for one in points]
    addresses = private.addresses(keys, purpose=Purpose.OWN_ARCHIVE)
    for one in points:
        one["address"] = addresses.get(uuid.UUID(one.pop("id")), "")


def _born(viewer: Viewer) -> dict[str, str]:
    sealed = own_born_sealed(viewer)
    if sealed is not None and viewer.person_id is not None:
        with suppress(private.Shredded):
            return private.unseal(viewer.person_id, sealed, purpose=Purpose.OWN_ARCHIVE)
    return {}


def _looks(viewer: Viewer, *, now: dt.datetime) -> Iterator[dict[str, Any]]:
    """Who looked at her, as the page of it says, the newest first."""
    first = looks.begin()
    if first is None or viewer.person_id is None:
        return
    place = instants.zone_info(people.zone())
    outings = looked.outings_of(viewer, viewer.person_id, since=first, until=now)
    hers, until = looked.hers_of(viewer, outings), now + dt.timedelta(seconds=1)
    while until > first:
        since = until - _LOOKED_AT_ONCE
        out = tuple(
            one for one in hers.out if one[0] <= until and (one[1] is None or one[1] > since)
        )
        for one in looks.at_me(
            viewer, replace(hers, out=out), since=since, until=until, zone=place
        ):
            found: dict[str, Any] = plain(asdict(one))
            yield found | ({"viewer_id": ERASED_NAME} if is_erased(one.viewer_id) else {})
        until = since


def _injuries(viewer: Viewer) -> list[dict[str, Any]]:
    """What was said of her injuries, opened."""
    found = []
    for one in injuries.own_injuries(viewer):
        for note in injuries.notes(viewer, one.row.pk):
            try:
                said = private.unseal(one.row.person_id, note.sealed, purpose=Purpose.OWN_ARCHIVE)
            except private.Shredded:
                said = {}
            found.append({"told_at": str(note.told_at), "kind": note.kind, **said})
    return found


def _kin(viewer: Viewer) -> list[dict[str, Any]]:
    assert viewer.person_id is not None, "an archive is of somebody"
    found = []
    for one in kin_named(viewer, viewer.person_id):
        try:
            said = private.unseal(one.person_id, one.sealed, purpose=Purpose.OWN_ARCHIVE)
        except private.Shredded:
            said = {}
        told = {"may_know": str(one.may_know), "looks_in": one.looks_in}
        found.append({**said, "channel": one.reach.channel, **told})
    return found


def entries(viewer: Viewer) -> Iterator[dict[str, Any]]:
    """The entries about or by her, newest first, portion by portion."""
    lines = looks.own_lines(viewer, limit=ENTRIES_MAX)
    while portion := list(itertools.islice(lines, PORTION)):
        yield from with_callsigns(viewer, [_entry(one) for one in portion])


def _entry(line: Line) -> dict[str, Any]:
    columns = ("number", "kind", "subject", "person_id", "actor_id", "device")
    found = {name: plain(getattr(line, name)) for name in columns}
    if line.device == KIN_PAGE:  # that her kin spoke is not shown to her (`STORY.md` 39)
        found["device"] = ""
    times = {"happened_at": plain(line.happened_at), "recorded_at": plain(line.recorded_at)}
    return found | times | {"label": line.label, "facts": plain(line.facts), "erased": line.erased}


def with_callsigns(viewer: Viewer, found: Any) -> Any:
    """The same with people's ids replaced by their callsigns; ids of other things stay. A person
    without a callsign is "somebody": no name is given. One query."""
    ids = {uuid.UUID(text) for text in _ids(found)}
    own = str(viewer.person_id)
    names = {
        str(key): callsign or _("somebody")
        for key, callsign in own_data.callsigns(viewer, ids).items()
        if str(key) != own
    }
    return _replaced(found, names)


def _ids(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        return _ID.findall(value)
    if isinstance(value, dict):
        return itertools.chain.from_iterable(_ids(one) for one in value.values())
    if isinstance(value, list):
        return itertools.chain.from_iterable(_ids(one) for one in value)
    return ()


def _replaced(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        return _ID.sub(lambda found: names.get(found.group(), found.group()), value)
    if isinstance(value, dict):
        return {key: _replaced(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, names) for one in value]
    return value
