"""A walk of Fox as her kin see it, for pages to show: `python -m tests.browser.kin_states WORD` in
a station's environment, with WORD one of plan, out, late, held, back, home."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

from tests.browser import cast
from tests.browser.screens import Screens
from tests.browser.station import ROOT


def fox_is(screens: Screens, state: str) -> str:
    """Run this script; gives the address of her mission."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.kin_states", state],
        env=screens.station.environment,
        cwd=ROOT,
        timeout=60,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def main(state: str) -> None:
    """The door of the script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")
    import django

    django.setup()
    from homeby import clock
    from homeby.logbook.actions import writing
    from homeby.logbook.rules import new_tap
    from homeby.missions import rules
    from homeby.missions.actions import gate, plan
    from homeby.missions.models import Mission
    from homeby.people.queries.who import log_ins
    from homeby.watch.actions import kin_care
    from homeby.watch.models import Deadline, Subject

    now = clock.now()
    known = log_ins(now=now)
    fox, head = known[cast.FOX.login], known[cast.HEAD.login]
    assert fox.person_id
    if state in ("plan", "out"):
        tap, times = new_tap(), rules.PlanTimes(due_at=now + dt.timedelta(hours=2))
        fields = plan.PlanFields(
            party=(fox.person_id,), leader_id=fox.person_id, what="Patrol", place="Ridge",
            zone=cast.ZONE, device="radio", times=times,
        )  # fmt: skip
        plan.plan(fields=fields, by=head, now=now, tap=tap)
        mission = Mission.objects.get(pk=tap.entry_id)
    else:
        now_is = "PLANNED" if state == "home" else "OUT"
        outings = Mission.objects.filter(party__person_id=fox.person_id, party__state=now_is)
        mission = outings.order_by("-pk")[0]
    if state == "out":
        gate.sign_out(
            mission_id=mission.pk,
            person_ids=[fox.person_id],
            at=gate.AtGate(gate_id=None),
            anyway=True,
            by=head,
            now=now,
            tap=new_tap(),
        )
    elif state == "late":  # the hour that she promised is moved into the past
        due_at, call_out_at = now - dt.timedelta(minutes=20), now + dt.timedelta(minutes=40)
        with writing(now=now, by=head.person_id) as book:
            page = book.entry(rules.MISSION_CHANGED, subject=mission.ref)
            page.change(mission, due_at=due_at, call_out_at=call_out_at)
            page.change(Subject.objects.get(ref=mission.ref), due_at=due_at)
            row = Deadline.objects.get(subject__ref=mission.ref, kind="RETURN")
            page.change(row, due_at=due_at, act_at=now, call_out_at=call_out_at)
    elif state == "held":
        kin_care.hold(ref=mission.ref, speaker="Anna Keller", by=head, now=now, tap=new_tap())
    elif state == "home":
        plan.cancel(mission_id=mission.pk, by=head, now=now, tap=new_tap())
    elif state == "back":
        gate.sign_in(person_ids=[fox.person_id], at=gate.AtGate(gate_id=None), by=head, now=now,
                     tap=new_tap())  # fmt: skip
    sys.stdout.write(f"/missions/{mission.pk}/\n")


if __name__ == "__main__":
    main(sys.argv[1])
