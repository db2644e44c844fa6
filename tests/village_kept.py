"""The village, built by the real acts once in a run and from then on put back row by row: two
thousand tests begin in it, and its acts cost each of them ten times what its rows cost."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.apps import apps
from django.db import models, transaction

from homeby import settings
from homeby.logbook import rows
from homeby.logbook.models import Entry, EntryBody
from tests.world import World


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the acts left behind: each entry with its body, and the other rows by table."""

    world: World
    written: list[tuple[Entry, EntryBody]]
    tables: list[list[models.Model]]


#: By the station's people key, for with another one no address of these rows opens.
_kept: dict[bytes, Kept] = {}


def village() -> World:
    """The village in a database that holds nothing else; the same people and ids in each test."""
    if Entry.objects.exists():
        return World().build()  # what a test wrote before may change what the acts write
    kept = _kept.get(settings.people_key())
    if kept is None:
        _kept[settings.people_key()] = _keep(world := World().build())
        return _fresh(world)
    with transaction.atomic():
        rows.insert_numbered([entry for entry, _ in kept.written])
        for entry, body in kept.written:
            body.entry_id = entry.number
        rows.insert([body for _, body in kept.written])
        for found in kept.tables:
            rows.insert(found)
    return _fresh(kept.world)


def _fresh(world: World) -> World:
    """A world of these ids that shares nothing a test may change."""
    return replace(world, received=[], people=dict(world.people), kin_ids={}, refusing={})


def _keep(world: World) -> Kept:
    bodies = {body.entry_id: body for body in EntryBody.objects.all()}
    own = [one for one in apps.get_models() if one.__module__.startswith("homeby.")]
    others = [list(one._base_manager.all()) for one in own if one not in (Entry, EntryBody)]
    return Kept(
        world=_fresh(world),
        written=[(entry, bodies[entry.number]) for entry in Entry.objects.order_by("number")],
        tables=[found for found in others if found],
    )
