"""`python -m tests.phrases`: does a sealed phrase stand where it must not?

A station is started, phrases are sealed in Chromium (debriefs, and words at the door), a reader
opens some; then the database, its files, the logbook, logs, temporary files, a backup that was
opened, requests, mail, SMS, push and pages are searched. There is no search index of ours: what one
would be made of is in the tables, what it would show on the pages. One line a place: what was read,
how many bytes, what was found. In each place something was planted in clear that must be found: by
what the page asks outside the seal, in logs and temporary files by hand. 1 where a phrase is found,
or what was planted is not.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile

#: A round seals so many: as many in a debrief as at the door. At least one for each channel.
ROUND, FEWEST = 40, 3


def main(arguments: list[str]) -> int:
    """The door of the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.phrases", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="phrases, in rounds of 40")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    chosen = parser.parse_args(arguments)
    rounds = max(chosen.count // ROUND, FEWEST)
    os.environ |= {"HOMEBY_TESTS": "1", "DJANGO_SETTINGS_MODULE": "homeby.django_settings"}
    with tempfile.TemporaryDirectory(prefix="homeby-phrases-") as home:
        os.environ["HOMEBY_HOME"] = home
        import django

        django.setup()
        from tests.phrases.places import CLEAR, SEALED
        from tests.phrases.run import searched

        found = searched(chosen.database, rounds)
    for place in found:
        print(place.line())
    bad = [one.name for one in found if one.found[SEALED] or not one.found[CLEAR]]
    print(f"{rounds * ROUND} phrases sealed, {chosen.database}, {len(found)} places: ", end="")
    print(f"not as it must be: {', '.join(bad)}" if bad else "0 found, and each place was searched")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
