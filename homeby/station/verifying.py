"""What `homeby verify` says."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from homeby import keys
from homeby.logbook.verification import Checkpoint, Verdict, checkpoint, verify
from homeby.settings import Settings

NOTHING_DONE = 2


def run(*, settings: Settings, against: str, as_json: bool, say: Callable[[str], None]) -> int:
    """Replay the logbook; 0 when every row agrees, 1 with the first difference, 2 when `against` is
    no checkpoint."""
    kept: Checkpoint | None = None
    if against:
        try:
            kept = checkpoint(against)
        except ValueError as trouble:
            say(str(trouble))
            return NOTHING_DONE
    found = verify(progress=lambda done: say(f"{done} entries replayed"), against=kept)
    signature = sign(found.checkpoint, settings=settings)
    if as_json:
        print(json.dumps(asdict(found) | {"signature": signature}, indent=2))
    else:
        print(found.difference or _agreement(found, signature, kept))
    return 1 if found.difference else 0


def _agreement(found: Verdict, signature: str, kept: Checkpoint | None) -> str:
    lines = [
        f"{found.entries} entries rebuild all {found.rows} rows; {found.erased} bodies are erased.",
        f"Checkpoint: {found.checkpoint}",
        f"Signature:  {signature}",
    ]
    if kept:
        lines.insert(1, f"The first {kept.entries} entries are those of the checkpoint you gave.")
    return "\n".join(lines)


def sign(text: str, *, settings: Settings) -> str:
    """The station's Ed25519 signature of a checkpoint: key fingerprint, colon, base64."""
    key = Ed25519PrivateKey.from_private_bytes(keys.log_key(home=settings.home))
    public = key.public_key().public_bytes_raw()
    fingerprint = hashlib.sha256(public).hexdigest()[:16]
    return f"{fingerprint}:{base64.b64encode(key.sign(text.encode())).decode()}"
