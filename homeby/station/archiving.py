"""What `homeby archive` does: all that is kept of a person, packed for her."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from homeby import clock
from homeby.archive.packing import pack
from homeby.keys import KeyProblem
from homeby.people.queries.own_data import person_of_login
from homeby.people.rules import STATION

NOT_DONE = 2


def run(*, login: str, out: Path, say: Callable[[str], None]) -> int:
    """Write the archive; 0 when it is there, 2 with a sentence when it is not. A file that is there
    already is left alone, and nobody else on the machine can read a new one."""
    person_id = person_of_login(login)
    if person_id is None:
        say(f"Nobody logs in as {login}. Office, People shows the log-in names.")
        return NOT_DONE
    try:
        with open(out, "xb", opener=_private) as file:
            count = pack(person_id=person_id, by=STATION, now=clock.now(), to=file)
    except FileExistsError:
        say(f"{out} is there already; name another file.")
        return NOT_DONE
    except (OSError, KeyProblem) as trouble:
        out.unlink(missing_ok=True)  # half of an archive is none
        say(f"{out} was not written: {trouble}")
        return NOT_DONE
    say(f"{out} holds all that is kept of {login}: {count} entries, and the files beside them.")
    say("It is not encrypted. Give it to nobody else, and delete it here.")
    return 0


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
