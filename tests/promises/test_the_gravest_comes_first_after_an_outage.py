"""P7: after an outage DISTRESS is told at once and named before what is past its call-out time."""

from __future__ import annotations

from homeby.logbook.rules import new_tap
from homeby.missions.actions import gate
from homeby.people.rules import STATION
from homeby.watch import queries as watch
from homeby.watch.rules import Phase
from tests.promises.outages import Station
from tests.promises.outages import station as station
from tests.promises.test_after_an_outage_everybody_is_named import alarms_to, out


def test_distress_is_named_before_the_longest_overdue(station: Station) -> None:
    world = station.world
    mission = world.send_out("agent", due_minutes=600)
    out(world, 60, 90, 120)
    station.passes(hours=7)
    gate.ask_for_help(mission_id=mission.pk, by=world.as_("agent"), now=world.now, tap=new_tap())
    station.passes(hours=1)
    station.look_until_gathered()
    phases = [Phase(one.phase) for one in watch.open_alarms(STATION)]
    assert sorted(phases) == [Phase.ALERT] * 3 + [Phase.DISTRESS]
    texts = "\n".join(alarms_to(world, "head"))
    assert texts.startswith("DISTRESS A-")
    assert texts.index("Fox") < texts.index("Bird 0") < texts.index("Bird 1")
