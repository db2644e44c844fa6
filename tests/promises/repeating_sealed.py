"""One way to do each act about sealed debriefs, for the tests that do it twice."""

from __future__ import annotations

from collections.abc import Callable

import pyrage

from homeby.missions.actions import reader_keys, sealing
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
        public=made.public,
        pairs=made.pairs,
        officers=officers,
    )


SEALED: dict[str, Callable[[World], Act]] = {
    "missions.sealing.give_sealed": _given,
    "missions.sealing.come_to": _came,
    "missions.reader_keys.add_reader_key": _key,
    "missions.reader_keys.add_wraps": _wraps,
    "missions.reader_keys.end_reader_key": _ended,
    "missions.reader_keys.add_archive_key": _archive,
}
