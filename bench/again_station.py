"""`python -m bench.again_station MISSION COUNT`: at a station, one author seals so many debriefs
about a mission to a reader, who has a key, as has who follows her. Prints the letters of the
reader's paper."""

from __future__ import annotations

import os
import sys
import uuid
from typing import Any


def main() -> None:
    """The door of the script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")
    import django

    django.setup()
    print(_fill(uuid.UUID(sys.argv[1]), int(sys.argv[2])))


def _fill(mission_id: uuid.UUID, count: int) -> str:
    from homeby import clock
    from homeby.logbook.rules import new_tap
    from homeby.missions.actions import sealing
    from homeby.missions.queries import sealed as queries
    from homeby.people.rules import STATION
    from homeby.station import sealed_text
    from tests.browser import came_home

    author = _viewer(came_home.AUTHOR.login)
    key, paper = _key(came_home.READER.login)
    _key(came_home.FOLLOWER.login)
    archive = queries.archive_key(STATION)
    assert archive is not None, "homeby archive-key came before"
    for number in range(count):
        report = {"text": f"Report {number}. " + "All was quiet at the border. " * 60}
        made = sealing.Sealing(
            content=sealed_text.seal(report, to=[key, archive.public]),
            readers=[key],
            archive=archive.public,
        )
        sealing.give_sealed(
            mission_id=mission_id, sealing=made, by=author, now=clock.now(), tap=new_tap()
        )
    return paper


def _viewer(login: str) -> Any:
    from homeby import clock
    from homeby.people.queries import viewer_for
    from homeby.people.queries.who import account_called

    account = account_called(login)
    assert account is not None, "came_home came before"
    return viewer_for(account.person_id, now=clock.now())


def _key(login: str) -> tuple[str, str]:
    """A key of a reader, wrapped to a paper: its public half, the letters of the paper."""
    import pyrage

    from homeby import clock
    from homeby.logbook.rules import new_tap
    from homeby.missions.actions.reader_keys import Wrap, add_reader_key

    secret, paper = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    sealed = pyrage.encrypt(str(secret).encode(), [paper.to_public()], armored=True)
    public = str(secret.to_public())
    add_reader_key(
        public=public,
        wraps=[Wrap(wrapped=bytes(sealed).decode(), label="Paper")],
        by=_viewer(login),
        now=clock.now(),
        tap=new_tap(),
    )
    return public, str(paper)


if __name__ == "__main__":
    main()
