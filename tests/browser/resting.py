"""Release, rest and injuries, for pages to show: somebody of the village has come home and waits to
be released. `python -m tests.browser.resting` does it in a station's environment."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

from tests.browser import looks
from tests.browser.screens import PHONE, Screens
from tests.browser.station import ROOT
from tests.browser.village import enter, prove


def kakashi_comes_home(screens: Screens) -> None:
    """Run this script: he was out for three hours, and is back."""
    subprocess.run(
        [sys.executable, "-m", "tests.browser.resting"],
        env=screens.station.environment,
        cwd=ROOT,
        check=True,
        timeout=60,
    )


def faults_of_rest(screens: Screens) -> list[str]:
    """What is wrong with the pages on which somebody is released, rests, is hurt, is looked at."""
    kakashi_comes_home(screens)
    head = enter(screens, "tsunade", "/release/", viewport=PHONE)
    found = looks.faults(head)
    head.locator("main").get_by_role("link", name="Release").first.click()
    found += looks.faults(head)
    head.get_by_role("button", name="Release", exact=True).click()
    head.get_by_text("Ask, and say the answer.").wait_for()
    head.get_by_label("yes").first.check()
    head.get_by_label("yes").last.check()
    head.get_by_role("button", name="Release", exact=True).click()
    head.wait_for_url("**/hurt/**")
    found += looks.faults(head)
    hurt = head.url.partition("person=")[2]
    for path in (f"/rest/{hurt}/", "/office/rest-rules/"):
        head.goto(path)
        found += looks.faults(head)
    medic = enter(screens, "shizune", "/injuries/", viewport=PHONE)
    prove(medic, "/injuries/")
    found += looks.faults(medic)
    medic.locator("main li").get_by_role("link").first.click()
    medic.get_by_role("button", name="Open it").click()
    medic.get_by_text("Only that they are hurt.").wait_for()
    found += looks.faults(medic)
    own = enter(screens, "sakura", "/rest/", viewport=PHONE)
    own.get_by_role("button", name="about 6 h").click()
    own.get_by_text("Kept. Only you see it.").wait_for()
    found += looks.faults(own)
    return found


def main() -> None:
    """The door of the script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")
    import django

    django.setup()
    from homeby import clock
    from homeby.logbook.rules import Tap, new_tap
    from homeby.missions.actions import gate, plan
    from homeby.missions.rules import PlanTimes
    from homeby.people.queries.who import log_ins

    now = clock.now()
    known = log_ins(now=now)
    who, head = known["kakashi"], known["tsunade"]
    assert who.person_id
    tap, left = new_tap(), now - dt.timedelta(hours=3)
    fields = plan.PlanFields(
        party=(who.person_id,), leader_id=who.person_id, what="Patrol", place="River",
        zone="Asia/Tokyo", device="radio",
        times=PlanTimes(due_at=now + dt.timedelta(hours=2)),
    )  # fmt: skip
    plan.plan(fields=fields, by=head, now=now, tap=tap)
    gate.sign_out(
        mission_id=tap.entry_id,
        person_ids=[who.person_id],
        at=gate.AtGate(gate_id=None, has_left=True),
        by=head,
        now=now,
        tap=Tap(entry_id=new_tap().entry_id, happened_at=left),
    )
    gate.sign_in(
        person_ids=[who.person_id],
        at=gate.AtGate(gate_id=None),
        heads=None,
        by=head,
        now=now,
        tap=new_tap(),
    )


if __name__ == "__main__":
    main()
