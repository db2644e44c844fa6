"""Who learns, teaches and decides in the walk of the path; the world in which it begins.

`python -m tests.browser.learners` founds it, in the environment of a station that `found` filled:
two teams with a leader each, a catalogue, and who holds what. The rest is done through pages.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import uuid
from typing import Any

from tests.browser import cast
from tests.browser.cast import Member
from tests.browser.station import ROOT, Station

LEARNER, STRANGER, FIRST_ASKED = cast.FOX, cast.KEEPER, cast.OFFICE
EXAMINER = cast.OWL
MENTOR = Member(login="kurenai", name="Kurenai Yuhi", callsign="Mirage")
LEADER = Member(login="kakashi", name="Kakashi Hatake", callsign="Hound")
OTHER_LEADER = Member(login="chiyo", name="Chiyo Akasuna", callsign="Needle")
SECOND_ASKED = Member(login="gai", name="Might Gai", callsign="Turtle", roles=("LEADER",))
TEAM, OTHER_TEAM = "Night squad", "Hospital"
POSITION, RANK = "Field party member", "Member"
#: Who has which paper at the start, and since how many days.
PAPERS = (
    (MENTOR, "FLDM", 900),
    (MENTOR, "RANK-MEMBER", 900),
    (EXAMINER, "FLDM", 700),
    (EXAMINER, "RANK-MEMBER", 700),
    (LEARNER, "RANK-PROBATIONER", 10),
    *((LEARNER, key, 20) for key in ("NAVIGATION", "FIRST-AID", "WEATHER", "RADIO")),
)


def found(station: Station) -> None:
    """Run this script in the environment of the station."""
    station.found()
    subprocess.run(
        [sys.executable, "-m", "tests.browser.learners"],
        env=station.environment,
        cwd=ROOT,
        check=True,
        timeout=60,
    )


def _people(now: dt.datetime) -> dict[str, uuid.UUID]:
    from homeby.logbook.rules import new_tap
    from homeby.people.actions import accounts, persons, teams
    from homeby.people.models import Team
    from homeby.people.queries.who import log_ins
    from homeby.people.rules import STATION, Role

    own, other = Team.objects.get(name=TEAM).pk, new_tap()
    teams.add_team(name=OTHER_TEAM, by=STATION, now=now, tap=other)
    leads = {LEADER: own, OTHER_LEADER: other.entry_id}
    for member in (MENTOR, LEADER, OTHER_LEADER, SECOND_ASKED):
        tap = new_tap()
        persons.add_person(name=member.name, callsign=member.callsign, by=STATION, now=now, tap=tap)
        who: dict[str, Any] = {"person_id": tap.entry_id, "by": STATION, "now": now}
        accounts.open_account(login=member.login, password=cast.PASSWORD, **who, tap=new_tap())
        for role in member.roles:
            teams.give_role(role=Role(role), **who, tap=new_tap())
        if member is MENTOR:
            teams.join_team(team_id=own, **who, tap=new_tap())
        if member in leads:
            term = teams.Term(team_id=leads[member])
            teams.give_role(role=Role.LEADER, term=term, **who, tap=new_tap())
    known = log_ins(now=now)
    return {login: one.person_id for login, one in known.items() if one.person_id is not None}


def _papers(people: dict[str, uuid.UUID], now: dt.datetime) -> None:
    from homeby.logbook.rules import new_tap
    from homeby.people.actions import ranks
    from homeby.people.rules import STATION
    from homeby.readiness.actions import catalogue, holdings
    from homeby.readiness.queries.qualifications import rows_by_key
    from homeby.readiness.shipped import shipped_files

    rank = ranks.RankFields(name=RANK, short="Mbr.", place=1)
    ranks.set_rank(rank_id=None, fields=rank, by=STATION, now=now, tap=new_tap())
    catalogue.load(files=shipped_files(), by=STATION, now=now, tap=new_tap())
    keys = {key: row.pk for key, row in rows_by_key().items()}
    for member, key, since in PAPERS:
        fields = holdings.PaperFields(
            qualification_id=keys[key], from_date=now.date() - dt.timedelta(days=since)
        )
        holdings.record_paper(
            person_id=people[member.login], fields=fields, by=STATION, now=now, tap=new_tap()
        )


def main() -> None:
    """The door of the script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")
    import django

    django.setup()
    from django.db import transaction

    from homeby import clock

    with transaction.atomic():
        now = clock.now()
        _papers(_people(now), now)


if __name__ == "__main__":
    main()
