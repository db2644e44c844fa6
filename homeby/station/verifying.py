"""What `homeby verify` says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

from homeby.logbook.verification import verify


def run(*, as_json: bool, say: Callable[[str], None]) -> int:
    """Replay the logbook; 0 when every row agrees, 1 with the first difference."""
    found = verify(progress=lambda done: say(f"{done} entries replayed"))
    if as_json:
        print(json.dumps(asdict(found), indent=2))
    elif found.difference:
        print(found.difference)
    else:
        print(
            f"{found.entries} entries rebuild all {found.rows} rows; {found.erased} bodies were "
            f"erased.\nCheckpoint: {found.checkpoint}"
        )
    return 1 if found.difference else 0
