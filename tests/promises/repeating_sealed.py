"""One way to do each act about sealed debriefs, for the tests that do it twice."""

from __future__ import annotations

from collections.abc import Callable

import pyrage

from homeby.logbook.rules import new_tap
from homeby.missions.actions import (
    archive_openings,
    key_trials,
    reader_keys,
    sealed_again,
    sealing,
)
from homeby.missions.models.openings import ArchiveOpening
from homeby.missions.models.sealed import ReaderKey, SealedDebrief
from homeby.missions.rules.openings import Why
from homeby.missions.rules.sealed import SealState
from homeby.station import sealed_text
from tests.promises import sealing as sealed
from tests.promises.repeating_people import Act, call
from tests.world import World


def _given(world: World) -> Act:
    keys = sealed.with_keys(world, "head")
    mission = sealed.home(world, "agent")
    made = sealed.sealing(keys, "head")
    return call(world, sealing.give_sealed, by="agent", mission_id=mission.pk, sealing=made)


def _came(world: World) -> Act:
    keys = sealed.with_keys(world, "head")
    key = sealed.give(world, sealed.home(world, "agent"), sealed.sealing(keys, "head"))
    return call(world, sealing.come_to, by="head", debrief_id=key, state=SealState.OPENED)


def _key(world: World) -> Act:
    secret = pyrage.x25519.Identity.generate()
    wraps = [sealed.wrap_on_paper(secret)[0]]
    public = str(secret.to_public())
    return call(world, reader_keys.add_reader_key, by="head", public=public, wraps=wraps)


def _wraps(world: World) -> Act:
    secret = sealed.make_key(world, "head")
    wraps = [sealed.wrap_on_paper(secret)[0]]
    return call(world, reader_keys.add_wraps, by="head", wraps=wraps)


def _ended(world: World) -> Act:
    sealed.make_key(world, "head")
    return call(world, reader_keys.end_reader_key, by="head")


def _archive(world: World) -> Act:
    made = sealed_text.make_archive()
    officers = [world.people[who] for who in ("guard", "admin", "head")]
    return call(
        world,
        reader_keys.add_archive_key,
        by="admin",
        made=reader_keys.NewArchive(public=made.public, pairs=made.pairs, shares=made.envelopes),
        officers=officers,
    )


def _again(world: World) -> Act:
    keys = sealed.with_keys(world, "head")
    key = sealed.give(world, sealed.home(world, "agent"), sealed.sealing(keys, "head"))
    old = ReaderKey.objects.get(public=keys.public("head"))
    keys.own["deputy"] = sealed.make_key(world, "deputy")
    new = ReaderKey.objects.get(public=keys.public("deputy"))
    made = sealed_again.Resealed(
        debrief_id=key,
        was=SealedDebrief.objects.get(pk=key).sha256,
        content=sealed.sealing(keys, "deputy").content,
    )
    change = sealed_again.Change(old_id=old.pk, new_id=new.pk, archive=keys.archive.public)
    return call(world, sealed_again.seal_again, by="head", items=[made], change=change)


def _asked(world: World) -> Act:
    keys = sealed.with_keys(world, "head")
    sealed.give(world, sealed.home(world, "agent"), sealed.sealing(keys, "head"))
    key = ReaderKey.objects.get().pk
    return call(world, archive_openings.ask_opening, by="guard", key_id=key, why=Why.LEFT)


def _opening(world: World) -> ArchiveOpening:
    _asked(world)(new_tap())
    return ArchiveOpening.objects.get()


def _hurried(world: World) -> Act:
    opening = _opening(world).pk
    return call(world, archive_openings.hurry_opening, by="guard", opening_id=opening)


def _over(world: World) -> Act:
    opening = _opening(world).pk
    return call(world, archive_openings.end_opening, by="guard", opening_id=opening)


def _tried(world: World) -> Act:
    public = str(sealed.make_key(world, "head").to_public())
    return call(world, key_trials.key_tried, by="head", public=public)


SEALED: dict[str, Callable[[World], Act]] = {
    "missions.sealing.give_sealed": _given,
    "missions.sealing.come_to": _came,
    "missions.sealed_again.seal_again": _again,
    "missions.archive_openings.ask_opening": _asked,
    "missions.archive_openings.hurry_opening": _hurried,
    "missions.archive_openings.end_opening": _over,
    "missions.key_trials.key_tried": _tried,
    "missions.reader_keys.add_reader_key": _key,
    "missions.reader_keys.add_wraps": _wraps,
    "missions.reader_keys.end_reader_key": _ended,
    "missions.reader_keys.add_archive_key": _archive,
}
