"""F4: the database is put back to an older copy, by hand or by a standby that takes over. The next
look of a watchkeeper, and every start, says which entries are missing. Real files and databases."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid

import pytest

from homeby.logbook.rules import Newest, Whereabouts, why_a_copy

GOES_ON = ("look", "keep", "work", "look", "put back", "look")


def ran(own: dict[str, str], *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", *words], env=own, capture_output=True, text=True, check=False
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def steps(own: dict[str, str], *words: str) -> tuple[list[int], str]:
    code, said = ran(own, "tests.rooms.older_copy", *words)
    assert code == 0, said
    found = json.loads(said.splitlines()[-1])
    return found["newest"], found["why"]


def missing(newest: list[int]) -> str:
    before, after = newest[1], newest[3]
    return f"Missing entries: {after - before}, from entry {before + 1} on."


def test_the_next_look_of_a_watchkeeper_says_what_is_missing(
    founded_environment: dict[str, str],
) -> None:
    newest, why = steps(founded_environment, *GOES_ON)
    assert newest[3] >= newest[1] + 5
    assert missing(newest) in why
    code, said = ran(founded_environment, "homeby", "doctor")
    assert code == 1
    assert missing(newest) in " ".join(said.split())


@pytest.mark.parametrize(("newest", "said"), [(4, "Missing entries: 3, from entry 5 on."), (9, "")])
def test_a_moved_logbook_says_what_is_missing_too(newest: int, said: str) -> None:
    """On PostgreSQL a number may be left out, so that what came after is no count."""
    seen = Newest(number=7, entry_id=uuid.uuid4())
    why = why_a_copy(Whereabouts(place="a", here="b", remembered=seen, newest=newest))
    assert why.startswith("It was live as a; this is b. Entry 7 was recorded here and is missing")
    assert ("Missing entries" in why) == bool(said)
    assert said in why
