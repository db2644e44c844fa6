"""Keys and sealed debriefs of the village, made as browsers make them, but with pyrage."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

import pyrage

from homeby.logbook.rules import Tap, new_tap
from homeby.missions.actions import sealed_again
from homeby.missions.actions.reader_keys import (
    NewArchive,
    Wrap,
    add_archive_key,
    add_reader_key,
)
from homeby.missions.actions.sealing import Sealing, give_sealed
from homeby.missions.models import Mission
from homeby.missions.models.sealed import ReaderKey, SealedDebrief, SealedFor, SealedText
from homeby.missions.rules import sealed as rules
from homeby.people.rules import Role
from homeby.station import sealed_text
from tests.world import World


@dataclass
class Keys:
    """The archive's envelopes, and the secret halves of readers by who they are."""

    archive: sealed_text.Archive
    own: dict[str, Any]

    def public(self, who: str) -> str:
        return str(self.own[who].to_public())


def armoured(text: str, to: Any) -> str:
    return bytes(pyrage.encrypt(text.encode(), [to.to_public()], armored=True)).decode()


def wrap_on_paper(secret: Any) -> tuple[Wrap, Any]:
    """A wrap to a paper code, and that code."""
    paper = pyrage.x25519.Identity.generate()
    return Wrap(wrapped=armoured(str(secret), paper), label="Paper"), paper


def make_key(world: World, who: str) -> Any:
    """`who` makes a key as a reader; gives its secret half."""
    secret = pyrage.x25519.Identity.generate()
    add_reader_key(
        public=str(secret.to_public()),
        wraps=[wrap_on_paper(secret)[0]],
        by=world.as_(who),
        now=world.now,
        tap=new_tap(),
    )
    return secret


def make_archive(world: World) -> sealed_text.Archive:
    made = sealed_text.make_archive()
    add_archive_key(
        made=NewArchive(public=made.public, pairs=made.pairs, shares=made.envelopes),
        officers=[world.people[who] for who in ("guard", "admin", "head")],
        by=world.as_("admin"),
        now=world.now,
        tap=new_tap(),
    )
    return made


def with_keys(world: World, *readers: str) -> Keys:
    """`carer` is a welfare officer; these readers and the archive have keys."""
    world.add("carer", Role.WELFARE_OFFICER, callsign="Kind")
    archive = make_archive(world)
    return Keys(archive=archive, own={who: make_key(world, who) for who in readers})


def home(world: World, *party: str) -> Mission:
    """A party that went out and came home."""
    went = party or ("agent", "mate")
    mission = world.send_out(*went)
    world.fast_forward(minutes=5)
    world.sign_in(*went, heads=len(went))
    mission.refresh_from_db()
    return mission


def sealing(keys: Keys, *readers: str, text: str = "All went well.") -> Sealing:
    to = [keys.public(who) for who in readers]
    content = sealed_text.seal({"text": text}, to=[*to, keys.archive.public])
    return Sealing(content=content, readers=to, archive=keys.archive.public)


def give(world: World, mission: Mission, made: Sealing, *, by: str = "agent") -> uuid.UUID:
    """Give a sealed debrief in; gives its id."""
    tap = new_tap()
    give_sealed(mission_id=mission.pk, sealing=made, by=world.as_(by), now=world.now, tap=tap)
    return tap.entry_id


#: By this the one is known that `one_to` gives in.
ITS_ID = uuid.UUID("5ea1ed00-0000-4000-8000-000000000001")


def one_to(world: World, mission: Mission, reader: str) -> None:
    """`agent` seals a debrief to a reader, who makes a key for it."""
    keys = Keys(archive=make_archive(world), own={reader: make_key(world, reader)})
    tap = Tap(entry_id=ITS_ID, device="test", happened_at=None)
    made = sealing(keys, reader)
    give_sealed(mission_id=mission.pk, sealing=made, by=world.as_("agent"), now=world.now, tap=tap)


def sealed_by_hand(clear: bytes, to: list[str]) -> bytes:
    """age over anything, filled up or not."""
    return bytes(pyrage.encrypt(clear, [pyrage.x25519.Recipient.from_str(one) for one in to]))


def padded(text: str) -> bytes:
    return rules.padded(json.dumps({"text": text}).encode())


def seal_again(
    world: World,
    keys: Keys,
    debriefs: list[uuid.UUID],
    *,
    old: str,
    new: str,
    by: str,
    **more: Any,
) -> str:
    """Seal these again as a browser does, by the secret half of `by`, from `old` to `new`."""
    items = []
    for key in debriefs:
        row = SealedDebrief.objects.get(pk=key)
        content = bytes(SealedText.objects.get(debrief_id=key).content)
        secret = more.get("secret") or keys.own[by]
        clear = pyrage.decrypt(content, [secret])
        held = SealedFor.objects.filter(debrief_id=key).order_by("rank").select_related("key")
        old_key = more.get("old_public") or keys.public(old)
        to = [keys.public(new) if one.key.public == old_key else one.key.public for one in held]
        made = sealed_by_hand(clear, [*dict.fromkeys(to), keys.archive.public])
        items.append(
            sealed_again.Resealed(
                debrief_id=key, was=more.get("was") or row.sha256, content=more.get("content", made)
            )
        )
    change = sealed_again.Change(
        old_id=ReaderKey.objects.get(public=more.get("old_public") or keys.public(old)).pk,
        new_id=ReaderKey.objects.get(public=keys.public(new)).pk,
        archive=keys.archive.public,
        opening_id=more.get("opening_id"),
    )
    return sealed_again.seal_again(
        items=items, change=change, by=world.as_(by), now=world.now, tap=new_tap()
    )


def follower(world: World, keys: Keys, who: str = "heir") -> None:
    """A second welfare officer, with a key."""
    world.add(who, Role.WELFARE_OFFICER, callsign="Heir")
    keys.own[who] = make_key(world, who)


def opened(key: uuid.UUID, secret: Any) -> str:
    content = bytes(SealedText.objects.get(debrief_id=key).content)
    found: str = sealed_text.open_sealed(content, [secret]).report["text"]
    return found
