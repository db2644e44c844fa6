"""What is private, for pages to show: somebody of the village wrote it down, has a medic, and calls
for help. `python -m tests.browser.private` does it in a station's environment."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

from tests.browser import looks
from tests.browser.screens import PHONE, Screens
from tests.browser.station import ROOT
from tests.browser.village import enter, prove


def toad_asks_for_help(screens: Screens) -> None:
    """Run this script: Toad has written something down, is out, and calls for help."""
    subprocess.run(
        [sys.executable, "-m", "tests.browser.private"],
        env=screens.station.environment,
        cwd=ROOT,
        check=True,
        timeout=60,
    )


def faults_of_private_pages(screens: Screens) -> list[str]:
    """What is wrong with the pages of one's own, of a medic, and of a search."""
    toad_asks_for_help(screens)
    own = enter(screens, "naruto", "/me/private/", viewport=PHONE)
    found = looks.faults(own)
    own.get_by_role("link", name="Change My health").click()
    found += looks.faults(own)
    for path in ("/me/archive/", "/me/blocks/", "/me/unasked/"):
        own.goto(path)
        found += looks.faults(own)
    medic = enter(screens, "shizune", "/health/", viewport=PHONE)
    prove(medic, "/health/")
    found += looks.faults(medic)
    medic.get_by_role("link", name="Toad").click()
    medic.get_by_role("button", name="Open what she keeps with us").click()
    medic.get_by_text("Peanuts").wait_for()
    found += looks.faults(medic)
    head = enter(screens, "tsunade", "/alarms/", viewport=PHONE)
    head.locator("main").get_by_role("link", name="Toad").first.click()
    head.get_by_role("link", name="What they keep with us for a search").click()
    head.get_by_role("button", name="Open what she keeps with us").click()
    head.get_by_text("ramen").wait_for()
    found += looks.faults(head)
    for path in ("/office/minors/", "/office/retention/"):
        head.goto(path)
        found += looks.faults(head)
    head.goto("/office/people/")
    head.get_by_role("row").get_by_role("link", name="Toad", exact=True).click()
    head.wait_for_url("**/office/people/*-*/")
    page = head.url
    for form in ("minor/", "erase/"):
        head.goto(page + form)
        found += looks.faults(head)
    return found


def main() -> None:
    """The door of the script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")
    import django

    django.setup()
    from homeby import clock
    from homeby.logbook.rules import new_tap
    from homeby.missions.actions import gate, plan
    from homeby.missions.rules import PlanTimes
    from homeby.people.actions import kept, minors, teams
    from homeby.people.queries.who import log_ins
    from homeby.people.rules import STATION, Role
    from homeby.people.rules_private import Kept

    now = clock.now()
    known = log_ins(now=now)
    toad, needle, head = known["naruto"], known["shizune"], known["tsunade"]
    keeper = known["izumo"].person_id
    assert keeper
    assert toad.person_id
    assert needle.person_id
    for what, values in (
        (Kept.HOME, {"address": "Leaf Street 4, second floor", "way_in": "The bell is broken."}),
        (Kept.HEALTH, {"allergies": "Peanuts", "blood_group": "B+"}),
        (Kept.WHERE, {"note": "At the ramen stall, or on the training ground by the river."}),
    ):
        kept.write_down(kept=what, values=values, by=toad, now=now, tap=new_tap())
    teams.give_role(person_id=needle.person_id, role=Role.MEDIC, by=STATION, now=now, tap=new_tap())
    teams.give_role(person_id=keeper, role=Role.WELFARE_OFFICER, by=STATION, now=now, tap=new_tap())
    minors.set_minor(
        person_id=toad.person_id,
        fields=minors.MinorFields(born=dt.date(2013, 10, 10), guardian_id=needle.person_id),
        by=head,
        now=now,
        tap=new_tap(),
    )
    tap = new_tap()
    fields = plan.PlanFields(
        party=(toad.person_id,), leader_id=toad.person_id, what="Patrol", place="River",
        zone="Asia/Tokyo", device="radio",
        times=PlanTimes(due_at=now + dt.timedelta(hours=2)),
    )  # fmt: skip
    plan.plan(fields=fields, by=head, now=now, tap=tap)
    gate.sign_out(
        mission_id=tap.entry_id,
        person_ids=[toad.person_id],
        at=gate.AtGate(gate_id=None, has_left=True),
        by=head,
        now=now,
        tap=new_tap(),
    )
    gate.ask_for_help(mission_id=tap.entry_id, by=toad, now=now, tap=new_tap())


if __name__ == "__main__":
    main()
