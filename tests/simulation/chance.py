"""The one source of chance of a world. Ids, jitter and people all draw from the same seed, so that
the same seed is the same world, in any process. Import this before Django."""

from __future__ import annotations

import random
import uuid

_source = random.Random(0)


def _seeded_id() -> uuid.UUID:
    return uuid.UUID(int=_source.getrandbits(128), version=4)


def rule_ids() -> None:
    """From now on every new id of this process is drawn from the seed of the world."""
    uuid.uuid4 = _seeded_id


def begin(seed: int | str) -> random.Random:
    """A new world: what the product draws (ids, jitter) and what the world itself draws."""
    _source.seed(f"ids {seed}")
    random.seed(f"jitter {seed}")
    return random.Random(f"world {seed}")
