"""Brings a kept station up to this program, in a process of its own and without any test mode, and
prints as JSON what it then is: `python -m tests.rooms.upgraded [BACKUP SECRET]`."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings as django_settings

PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
PAGES = (
    *("/", "/board/", "/board/rows/", "/siren/", "/alarms/", "/gate/", "/missions/", "/my/"),
    *("/plan/", "/heard/", "/me/", "/me/programs/", "/office/", "/office/people/"),
    *("/office/plans/", "/office/watch-bill/", "/office/devices/", "/office/drill/"),
    *("/office/watch/", "/office/pause/", "/office/partners/", "/office/messages/"),
    *("/office/list/teams/", "/office/logbook/", "/office/logbook/?show=looks"),
    *("/office/break-glass/", "/office/retention/", "/office/minors/", "/me/looks/"),
    *("/me/stay-away/", "/me/blocks/", "/me/archive/", "/me/log-in/", "/me/pin/"),
)


def restored(backup: Path, secret: Path) -> int:
    """Bring it back from a backup."""
    from homeby.settings import current
    from homeby.station.backup import restoring

    return restoring.run(settings=current(), file=backup, identity=secret, say=_say)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def migrated() -> int:
    """Make the steps that are missing."""
    from homeby.database import versions
    from homeby.settings import current

    return len(versions.bring_up_to_date(home=current().home))


def tables() -> dict[str, Any]:
    """Every table as the database says it: its columns, constraints and indexes, but no names that
    the database gave, and no order of columns."""
    from django.db import connection

    with connection.cursor() as cursor:
        ask, said = connection.introspection, {}
        for table in sorted(ask.table_names(cursor)):
            columns = [
                [str(part) for part in (one.name, one.type_code, one.internal_size, one.null_ok)]
                for one in ask.get_table_description(cursor, table)
            ]
            kept = ask.get_constraints(cursor, table).items()
            limits = [[_ours(name), str(sorted(one.items(), key=str))] for name, one in kept]
            said[table] = {"columns": sorted(columns), "limits": sorted(limits)}
    return said


def _ours(name: str) -> str:
    """The name of a constraint, without what Django or the database has made of it by itself."""
    return re.sub(
        r"_[0-9a-f]{8}(?=_|$)|__unnamed_constraint_\d+__|sqlite_autoindex.*|fk_\d+", "", name
    )


def found() -> dict[str, Any]:
    """What the replay says, what the station counts, and what each of its pages answers to a duty
    officer: the act that makes one is the first after the upgrade."""
    from django.test import Client

    from homeby import clock
    from homeby.logbook import queries
    from homeby.logbook.rules import new_tap
    from homeby.logbook.verification import verify
    from homeby.missions import queries as missions
    from homeby.people import private
    from homeby.people.actions import teams
    from homeby.people.models import Account, ContactPoint
    from homeby.people.rules import STATION, Purpose, Role
    from homeby.watch import queries as watch

    roles = {"person__roles__role": Role.ADMINISTRATOR, "person__roles__to_at": None}
    client = Client(SERVER_NAME="localhost")
    account = Account.objects.filter(is_active=True, **roles).distinct()[0]
    teams.give_role(person_id=account.person_id, role=Role.DUTY_OFFICER, by=STATION,
                    now=clock.now(), tap=new_tap())  # fmt: skip
    client.force_login(account)
    verdict = verify()
    points = list(ContactPoint.objects.values_list("pk", flat=True))
    return {
        "difference": verdict.difference,
        "entries": verdict.entries,
        "is_live": not queries.is_quarantined(),
        **missions.status_figures(STATION),
        **watch.status_figures(STATION),
        "sealed": len(points),
        "tables": tables(),
        "opened": len(private.addresses(points, purpose=Purpose.DELIVER)),
        "pages": {path: client.get(path, follow=True).status_code for path in PAGES},
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")
    django.setup()
    django_settings.STORAGES["staticfiles"]["BACKEND"] = PLAIN_FILES  # no hashed names to collect
    code = restored(Path(sys.argv[1]), Path(sys.argv[2])) if sys.argv[1:] else migrated()
    sys.stdout.write(json.dumps({"code": code, **found()}) + "\n")
