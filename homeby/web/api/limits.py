"""How much a token may ask for in a minute.

A bucket for each token and each kind of request, in the memory of the web process: it begins full
when the station starts. What signs somebody in, checks in or asks for HELP is never limited; it is
only counted, so that a flood can be seen and its token revoked.
"""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass
from enum import StrEnum

MINUTE = 60.0
#: So many unlimited acts in a minute are a flood; no gate and no party comes near it.
FLOOD = 120
#: More buckets than tokens that anybody uses; the ones that are full again are thrown away first.
BUCKETS_MAX = 10_000


class Pace(StrEnum):
    """Which bucket a request is taken from."""

    READ = "READ"
    ACT = "ACT"
    NEVER_LIMITED = "NEVER_LIMITED"


@dataclass
class _Bucket:
    left: float
    at_seconds: float


class Buckets:
    """The buckets of this process. `size` requests at once, as many again in a minute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buckets: dict[tuple[uuid.UUID, Pace], _Bucket] = {}

    def wait_seconds(self, token_id: uuid.UUID, pace: Pace, *, size: int, seconds: float) -> float:
        """Take one: 0 where there was one, else the seconds until there will be. `seconds` is
        what the machine has counted since it was switched on."""
        with self._lock:
            bucket = self._buckets.get((token_id, pace))
            if bucket is None:
                self._make_room(size, seconds)
                bucket = _Bucket(left=float(size), at_seconds=seconds)
                self._buckets[token_id, pace] = bucket
            gained = max(0.0, seconds - bucket.at_seconds) * size / MINUTE
            bucket.left = min(float(size), bucket.left + gained)
            bucket.at_seconds = seconds
            if bucket.left >= 1.0:
                bucket.left -= 1.0
                return 0.0
            return (1.0 - bucket.left) * MINUTE / size

    def _make_room(self, size: int, seconds: float) -> None:
        if len(self._buckets) < BUCKETS_MAX:
            return
        kept = {k: b for k, b in self._buckets.items() if seconds - b.at_seconds < MINUTE}
        self._buckets = kept if len(kept) < BUCKETS_MAX else {}


buckets = Buckets()
